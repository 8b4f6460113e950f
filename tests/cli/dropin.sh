#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The names of the programs that ours replace: mkcramfs and cramfsck of cramfs-tools,
# mkfs.cramfs and fsck.cramfs of util-linux. The command lines of their callers, and
# the cases of util-linux's own tests.
# shellcheck source=tests/tap.sh
. "${top_srcdir:?}/tests/tap.sh"
CRAMFSCK_XIP=${CRAMFSCK_XIP:-$top_builddir/cramfsck-xip/cramfsck-xip}
# shellcheck source=tests/cli/setup.sh
. "$top_srcdir/tests/cli/setup.sh"

mkdir bin
for name in mkcramfs mkfs.cramfs lt-mkfs.cramfs mymkcramfs mkcramfs-xip; do
	ln -s "$MKCRAMFS_XIP" "bin/$name"
done
for name in cramfsck fsck.cramfs lt-fsck.cramfs; do
	ln -s "$CRAMFSCK_XIP" "bin/$name"
done
tree root
page=$(getconf PAGESIZE)
order() { # IMAGE: little or big
	case $(bytes "$1" 0 4) in
	453dcd28) echo little ;;
	28cd3d45) echo big ;;
	esac
}
bin/mkcramfs-xip -N host root host.img >log 2>&1 || not_ok "an image to compare with is made"
host=$(order host.img)

# names
# shellcheck disable=SC2317 # called by way of $way
from_path() {
	PATH="$scratch/bin:$PATH" "$@"
}
for name in mkcramfs mkfs.cramfs cramfsck fsck.cramfs; do
	case $name in mk*) own=mkcramfs-xip ;; *) own=cramfsck-xip ;; esac
	for way in "from_path $name" "bin/$name" "$scratch/bin/$name"; do
		# shellcheck disable=SC2086 # words
		check_exit 0 "$way --help succeeds" $way --help
		says_out "^Usage: $name \[options\]" "and shows the name"
		says_out "As $name, the program " "and what differs under it"
		check "in 79 columns" sh -c '! grep -E "^.{80}" out'
		# shellcheck disable=SC2086 # words
		check_exit 0 "$way --version succeeds" $way --version
		says_out "^$name from $own [0-9]" "and shows both names"
	done
	check_exit 16 "$name without operands is wrong usage" bin/$name
	says "^$name: .*missing" "in that name"
	says "^Try '$name --help'" "twice"
done
check_exit 0 "libtool's name" bin/lt-mkfs.cramfs --version
says_out '^mkfs\.cramfs from' "is the same without lt-"
check_exit 0 "any other name" bin/mymkcramfs --version
says_out '^mkcramfs-xip [0-9]' "is our own"

# silence
for name in mkcramfs mkfs.cramfs; do
	rm -f a.img
	check_exit 0 "$name makes an image" bin/$name root a.img
	check "$name prints nothing" empty out
	check "nor complains" sh -c '! grep -v ": note: " err'
	check "$name: it is there" test -s a.img
	check_exit 0 "$name -v" bin/$name -v root a.img
	says_out ' /bin/program' "lists the files"
	check "$name takes the byte order of this machine" test "$(order a.img)" = "$host"
	check_exit 0 "$name: an image that exists and is empty" sh -c ": >a.img && bin/$name root a.img"
	check "is replaced" cmp a.img host.img
	POSIXLY_CORRECT=1 bin/$name root a.img -n name >log 2>&1
	check "$name: options at the end, with POSIXLY_CORRECT" test "$(bytes a.img 48 4)" = 6e616d65
done
bin/mkfs.cramfs -b "$page" root want.img
check "mkfs.cramfs takes the page size of this machine" sh -c 'bin/mkfs.cramfs root a.img && cmp a.img want.img'
bin/mkcramfs -b 4096 root want.img
check "mkcramfs has pages of 4096" sh -c 'bin/mkcramfs root a.img && cmp a.img want.img'

# what is wrong usage to whom
status() { # STATUS-OF-mkcramfs STATUS-OF-mkfs.cramfs ARG...
	first=$1
	second=$2
	shift 2
	check_exit "$first" "mkcramfs $*: $first" bin/mkcramfs "$@"
	check_exit "$second" "mkfs.cramfs $*: $second" bin/mkfs.cramfs "$@"
}
status 8 16 nothing a.img
status 8 16 root nodir/a.img
status 8 16 root root
status 8 16 -i nothing root a.img
echo text >text
status 8 8 text a.img
status 16 16 root
status 16 16 root a.img b.img
status 16 16 -b root a.img
status 16 16 -e -1 root a.img
status 16 16 -N middle root a.img
status 16 16 -Q root a.img
status 16 16 -n 12345678901234567 root a.img
status 0 0 -h nonsense a b c
status 8 8 --max-size 4K root a.img

# -X counts for mkcramfs
x --quiet -X -N host root mmu.img
x --quiet -X --no-mmu -N host root nommu.img
check "the two images differ" sh -c '! cmp -s mmu.img nommu.img'
for how in "mkcramfs -X:nommu" "mkcramfs -X -X:mmu" "mkcramfs -XX:mmu" "mkcramfs --xip:mmu" "mkcramfs -X -X -X:mmu" "mkfs.cramfs -X:mmu" "mkcramfs-xip -N host -X:mmu"; do
	# shellcheck disable=SC2086 # words
	check_exit 0 "${how%:*}" bin/${how%:*} root a.img
	check "is -X for ${how#*:}" cmp a.img "${how#*:}.img"
done
bin/mkcramfs -X root a.img 2>err
says 'without an MMU; use -X -X' "mkcramfs says what -X alone is for"
check "and does not make it a warning" bin/mkcramfs -E -X root a.img

# callers' lines, by the words that they have
made() { # WHAT COMMAND...
	made_what=$1
	shift
	rm -rf out.img got
	if "$@" >log 2>&1 && "$CRAMFSCK_XIP" -x got out.img >>log 2>&1 && diff -r --no-dereference root got >>log 2>&1; then
		ok "$made_what"
	else
		not_ok "$made_what"
		diagnose log
	fi
}
made "Buildroot" bin/mkcramfs -L root out.img
made "Buildroot, XIP" bin/mkcramfs -B -X -X root out.img
check "big-endian" test "$(order out.img)" = big
made "Buildroot, XIP without an MMU" bin/mkcramfs -L -X root out.img
made "OE-core" bin/mkfs.cramfs root out.img
made "OE-core with options at the end" bin/mkfs.cramfs root out.img -N big -n name
made "genimage" bin/mkfs.cramfs -n volname -X -X -L root out.img
made "genimage's own test" bin/mkfs.cramfs -b 4096 -n test root out.img
made "OFRAK" sh -c ': >out.img && exec bin/mkfs.cramfs -N big root out.img'
made "an old rule" bin/mkcramfs root -n name -E -s out.img
made "a vendor's script" bin/mkcramfs -q -e 0 -n Compressed -v -z -p root out.img
mkdir hello
echo hello >hello/file
bin/mkfs.cramfs -b 4096 hello small.img
check "a small image is padded to the page size" test "$(size_of small.img)" -eq 4096
bin/mkfs.cramfs -p -b 65536 hello small.img
check "and with a boot pad, to larger ones" test "$(size_of small.img)" -eq 65536
check "which the superblock has too" test "$(bytes small.img 516 4)" = 00000100 -o "$(bytes small.img 516 4)" = 00010000

# extraction by those who analyse images
x --quiet -X -N host root xip.img
extracts() { # WHAT COMMAND...: makes the directory got
	extracts_what=$1
	shift
	rm -rf got
	check_exit 0 "$extracts_what" "$@"
	check "and prints nothing" empty out
	check "and it is the tree" diff -r --no-dereference root got
}
extracts "binwalk's line" bin/cramfsck -x got xip.img
extracts "OFRAK's line" bin/fsck.cramfs --extract=got xip.img
extracts "unpacking with -b" bin/fsck.cramfs -b 4096 --extract=got xip.img
for line in "cramfsck -x got.tar" "fsck.cramfs --extract=got.tar" "fsck.cramfs --extract=got.cpio"; do
	rm -rf got got.tar got.cpio
	# shellcheck disable=SC2086 # words
	check_exit 0 "$line" bin/$line xip.img
	check "makes a directory, whatever its name ends in" diff -r --no-dereference root "${line##*[ =]}"
done
mkdir nonempty
touch nonempty/file
check_exit 8 "cramfsck -x into what is there already" bin/cramfsck -x nonempty xip.img
check_exit 0 "fsck.cramfs --extract alone tests" bin/fsck.cramfs --extract xip.img
check_exit 0 "fsck's options" bin/fsck.cramfs -a -y xip.img
check "and it prints nothing" empty out
check_exit 0 "fsck.cramfs -v" bin/fsck.cramfs -v xip.img
check "the byte order first" test "$(sed -n 1p out)" = "cramfs endianness is $host"
check "and last that it is good" sh -c "tail -n 1 out | grep -qx 'xip.img: OK'"
check_exit 0 "cramfsck -v -c" bin/cramfsck -v -c xip.img
says_out '^f 0[0-7]{3} .* /bin/program$' "lists the entries"
check "and says so as well" sh -c "tail -n 1 out | grep -qx 'xip.img: OK'"
"$CRAMFSCK_XIP" -v xip.img >log
check "cramfsck-xip -v has no such line" sh -c '! grep -q OK$ log'
for name in cramfsck fsck.cramfs; do
	check_exit 8 "$name: a file that is not there" bin/$name nothing
	check_exit 8 "$name: a directory" bin/$name root
	check_exit 4 "$name: no image" bin/$name "$MKCRAMFS_XIP"
	says "^$name: error: .*/mkcramfs-xip: .*\[no-image\]" "is said on standard error, in its name"
	says 'an ELF file \[no-image\]' "with what it is instead"
	check "not on standard output" empty out
	check_exit 4 "$name -v of no image" bin/$name -v "$MKCRAMFS_XIP"

	check "is not OK" sh -c "! grep -q OK out"
	check_exit 16 "$name: two images" bin/$name xip.img xip.img
done
bin/mkfs.cramfs -N little root unknown.img
printf '\020' | dd of=unknown.img bs=1 seek=9 conv=notrunc 2>/dev/null
for name in cramfsck fsck.cramfs; do
	check_exit 8 "$name: features of which no kernel knows" bin/$name unknown.img
	says 'unsupported filesystem features' "are named"
done
check_exit 4 "cramfsck-xip counts that among the errors" "$CRAMFSCK_XIP" unknown.img
check_exit 16 "fsck.cramfs -b nonsense" bin/fsck.cramfs -b nonsense xip.img

# util-linux, tests/ts/cramfs/fsck-bad-header: sizes in the superblock
word() { # VALUE big|little
	# shellcheck disable=SC2046 # four words
	set -- "$2" $(($1 >> 24 & 255)) $(($1 >> 16 & 255)) $(($1 >> 8 & 255)) $(($1 & 255))
	[ "$1" = big ] || set -- "$1" "$5" "$4" "$3" "$2"
	# shellcheck disable=SC2059 # escapes are meant
	printf "$(printf '\\%03o\\%03o\\%03o\\%03o' "$2" "$3" "$4" "$5")"
}
sizes() { # ORDER OFFSET GOOD-SIZE "OPTIONS" SIZE...
	sizes_order=$1
	sizes_off=$2
	sizes_good=$3
	# shellcheck disable=SC2086 # words
	bin/mkfs.cramfs -N "$1" $4 empty header.img
	sizes_what="-N $1 $4"
	shift 4
	for size; do
		cp header.img bad.img
		word "$size" "$sizes_order" | dd of=bad.img bs=1 seek="$sizes_off" conv=notrunc 2>/dev/null
		want=4
		[ "$size" -ne "$sizes_good" ] || want=0
		check_exit $want "$sizes_what: a size of $size is answered by $want" bin/fsck.cramfs bad.img
	done
}
mkdir -p empty/subdir
for o in big little; do
	sizes $o 4 4096 "-b 4096" 0 75 76 4095 4096 4097 4294967295
	sizes $o 516 4096 "-p -b 4096" 76 587 588 4095 4096 4097 4294967295
	sizes $o 516 65536 "-p -b 65536" 76 587 588 65535 65536 65537 4294967295
done

# fsck-endianness: from one order to the other and back
for o in little:big big:little; do
	from=${o%:*}
	to=${o#*:}
	bin/mkfs.cramfs -N "$from" -b 4096 root from.img
	bin/mkfs.cramfs -N "$to" -b 4096 root want.img
	rm -rf data
	bin/fsck.cramfs --verbose --blocksize 4096 --extract=data from.img >log 2>err
	check "fsck.cramfs --verbose reports $from" test "$(sed -n 1p log | cut -d' ' -f4)" = "$from"
	# what is extracted has the modes that the image has
	bin/mkfs.cramfs -N "$to" -b 4096 data to.img
	check "what is extracted from $from makes the $to image" cmp to.img want.img
done

# mkfs-endianness: all that is not compressed, byte by byte, in either order
mkdir -m 755 endian endian/dirA endian/dirA/dirB
awk 'BEGIN { for (i = 0; i < 16; i++) printf "%031d\n", i }' >endian/dirA/dirB/a
awk 'BEGIN { for (i = 0; i < 480; i++) printf "%031d\n", i }' >endian/dirA/dirB/b
chmod 644 endian/dirA/dirB/?
[ "$is_root" = no ] || chown -R 0:0 endian
# superblock: magic, size, flags, signature; edition, blocks, files, name
sig=436f6d7072657373656420524f4d4653
label=436f6d70726573736564000000000000
# entries: mode and uid, size and gid, name's length and place; name. Where b
# begins depends on how well a was compressed.
in_order() { # ORDER FIRST SECOND ENTRIES
	bin/mkfs.cramfs -N "$1" -b 4096 endian "$1.img"
	check "$1-endian: the superblock" test "$(bytes "$1.img" 0 32) $(bytes "$1.img" 36 28)" = "$2$sig $3$label"
	check "$1-endian: the entries" test "$(bytes "$1.img" 64 68) $(bytes "$1.img" 136 4)" = "$4 62000000"
}
in_order little 453dcd28001000000300000000000000 000000000500000005000000 \
	ed41000010000000c0040000ed41000010000000c105000064697241ed41000020000000c106000064697242a481000000020000c108000061000000a4810000003c0000
in_order big 28cd3d45000010000000000300000000 000000000000000500000005 \
	41ed0000000010000000001341ed000000001000040000176469724141ed0000000020000400001b6469724281a4000000020000040000236100000081a40000003c0000
for o in little big; do
	rm -rf got
	check_exit 0 "$o-endian: extracted" bin/fsck.cramfs --extract=got $o.img
	check "as it was" diff -r endian got
done

# mkfs: many small files, a label
mkdir many
awk 'BEGIN { for (d = 0; d <= 110; d++) for (f = 0; f <= 10; f++) printf "dir-%03d data.%03d %03d-%03d\n", d, f, d, f }' |
	while read -r d f text; do
		[ -d "many/$d" ] || mkdir "many/$d"
		printf 'data in %s' "$text" >"many/$d/$f"
	done
check_exit 0 "1221 files and a label" bin/mkfs.cramfs -n testCramfs many many.img
rm -rf got
check_exit 0 "are extracted" bin/fsck.cramfs --extract=got many.img
check "as they were" diff -r many got
if command -v blkid >/dev/null 2>&1; then
	check "blkid knows the type" test "$(blkid -p -o value -s TYPE many.img)" = cramfs
	check "and the label" test "$(blkid -p -o value -s LABEL many.img)" = testCramfs
else
	skip "blkid is not installed"
fi

# doubles
mkdir doubles
echo hello >doubles/a
echo hello >doubles/b
bin/mkfs.cramfs -N little doubles doubles.img
check "equal files are stored once: one offset for both" test "$(bytes doubles.img 84 4)" = "$(bytes doubles.img 100 4)"

# what configure --enable-compat-names installs: tests/cli/compat.sh

done_testing
