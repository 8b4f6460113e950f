#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Each option does what it says.
# shellcheck source=tests/tap.sh
. "${top_srcdir:?}/tests/tap.sh"
# shellcheck source=tests/cli/setup.sh
. "$top_srcdir/tests/cli/setup.sh"
if ! command -v python3 >/dev/null; then
	lacks python3
	done_testing
fi
tree root

check_exit 0 "no option: an image" x root plain.img
check "which is one" image_ok plain.img
check "little-endian" test "$(bytes plain.img 0 4)" = 453dcd28
check "classic: no flag that an old kernel does not know" lacks_flag plain.img 0xffffff00
check "named Compressed" test "$(bytes plain.img 48 16)" = 436f6d70726573736564000000000000
check "edition 0" test "$(little plain.img 36)" = 0x00000000
check "a multiple of 4096 bytes" test $(($(size_of plain.img) % 4096)) -eq 0
check "the file has the size that the superblock says" test "$(size_of plain.img)" -eq $(($(little plain.img 4)))
if command -v fsck.cramfs >/dev/null 2>&1; then
	check "util-linux's fsck.cramfs accepts it" fsck.cramfs plain.img
else
	skip "fsck.cramfs is not installed"
fi

# Target
check_exit 0 "-B" x -B root big.img
check "-B: big-endian" test "$(bytes big.img 0 4)" = 28cd3d45
for o in "--big-endian" "-N big" "--endian=big" "-L -B"; do
	# shellcheck disable=SC2086 # several words
	x --quiet $o root other.img
	check "$o is the same as -B" cmp other.img big.img
done
for o in -L --little-endian "-N little" "-B -L"; do
	# shellcheck disable=SC2086 # several words
	x --quiet $o root other.img
	check "$o is what holds without it" cmp other.img plain.img
done
x --quiet -N host root host.img
check "-N host: the order of this machine" test "$(od -An -tx4 -N4 host.img | tr -d ' ')" = 28cd3d45

for size in 4K:4096 8K:8192 0x4000:16384 32KiB:32768 65536:65536; do
	check_exit 0 "-b ${size%:*}" x -x -b "${size%:*}" root b.img
	check "-b ${size%:*}: a multiple of the page size" test $(($(size_of b.img) % ${size#*:})) -eq 0
done
x --quiet --block-size=4096 root other.img
check "--block-size 4096 is what holds without it" cmp other.img plain.img

# Format
check_exit 0 "-X" x -X root xip.img
check "-X: extended block pointers and holes" has_flag xip.img 0x800
check "-X: holes" has_flag xip.img 0x100
for o in --xip "-X -X" "-XX" "-x -X" "-X -z"; do
	# shellcheck disable=SC2086 # several words
	x --quiet $o root other.img
	check "$o is the same as -X" cmp other.img xip.img
done
x --quiet -x root ext.img
check "-x: extended block pointers" has_flag ext.img 0x800
check "-x is not -X" test "$(cmp ext.img xip.img 2>&1)" != ""
x --quiet --extended root other.img
check "--extended is -x" cmp other.img ext.img
x --quiet -z root holes.img
check "-z: holes" has_flag holes.img 0x100
check "-z: no extended pointers" lacks_flag holes.img 0x800
check "-z: smaller or as large" test "$(size_of holes.img)" -le "$(size_of plain.img)"
x --quiet --holes root other.img
check "--holes is -z" cmp other.img holes.img

x --quiet -n 0123456789abcdef root other.img
check "-n: a name of 16 bytes" test "$(bytes other.img 48 16)" = 30313233343536373839616263646566
x --quiet --name= root other.img
check "--name: an empty one" test "$(bytes other.img 48 16)" = 00000000000000000000000000000000
x --quiet -e 4294967295 root other.img
check "-e: the largest edition" test "$(little other.img 36)" = 0xffffffff
x --quiet --edition 0x12345678 root other.img
check "--edition" test "$(little other.img 36)" = 0x12345678

printf 'insert me' >insert
x --quiet -i insert root other.img
check "-i: the file follows the superblock" test "$(bytes other.img 76 12)" = 696e73657274206d65000000
check "-i: the root begins elsewhere, and a flag says so" has_flag other.img 0x400
x --quiet --insert=insert root other2.img
check "--insert is -i" cmp other.img other2.img
check_exit 8 "-i: a file that is not there" x -i nothing root no.img
says 'nothing: ' "is named"
check "and there is no image" test ! -e no.img

x --quiet -p root other.img
check "-p: zeros in front" test "$(bytes other.img 0 512 | tr -d 0)" = ""
check "-p: the superblock follows them" test "$(bytes other.img 512 4)" = 453dcd28
x --quiet --boot-pad root other2.img
check "--boot-pad is -p" cmp other.img other2.img

# Contents. JSON has the owners.
owners() {
	json "$1" 'sorted({"%d:%d" % (f["uid"], f["gid"]) for f in j["files"]})'
}
if [ "$is_root" = yes ]; then
	cp -r root owned
	chown 12:34 owned/etc/numbers
	x --quiet --json j owned other.img
	check "owners are stored" test "$(owners j)" = "0:0 12:34"
	for o in -q --all-root; do
		x --quiet --json j $o owned other.img
		check "$o: all is owned by 0:0" test "$(owners j)" = "0:0"
	done
else
	x --quiet --json j -q root other.img
	check "-q: all is owned by 0:0" test "$(owners j)" = "0:0"
fi
if user_works; then
	mkdir user
	cp -r root user/root
	[ "$is_root" = no ] || chown -R 1234:1234 user
	as_user "$MKCRAMFS_XIP" --json user/j user/root user/a.img >out 2>err
	says 'stored as 0:0 .*--keep-owner' "a user's own tree: a line says that owners are not kept"
	check "all is stored as 0:0" test "$(owners user/j)" = "0:0"
	if [ "$is_root" = yes ]; then
		check_exit 8 "--keep-owner: what does not fit is an error" as_user "$MKCRAMFS_XIP" --keep-owner user/root user/b.img
		says '/etc/numbers: .*1234' "that names it"
		chown -R 1234:99 user/root
		as_user "$MKCRAMFS_XIP" --keep-owner --json user/j user/root user/b.img >out 2>err
		check "--keep-owner: what fits is kept" test "$(owners user/j)" = "1234:99"
		chown 5:6 user/root/etc/equal
		as_user "$MKCRAMFS_XIP" --json user/j user/root user/a.img >out 2>err
		says 'user/root: /etc/equal belongs to 5:6, not to you, .*-q .*--owner' "a tree that is not all that user's: a line says why owners are kept"
		check "they are" test "$(owners user/j)" = "1234:99 5:6"
		chown -R 5:6 user/root
		for o in "" "-q" "--owner=1:2" "--keep-owner"; do
			# shellcheck disable=SC2086
			as_user "$MKCRAMFS_XIP" $o user/root user/a.img >out 2>err
			check "no such line if nothing is that user's, $o" sh -c '! grep "not to you" err'
			[ "$o" ] || chown 1234 user/root/etc/equal
		done
	fi
else
	skip "an ordinary user cannot run the program here"
fi

paths() {
	json "$1" 'sorted(f["path"] for f in j["files"])'
}
all="/bin/program /etc/equal /etc/holes /etc/numbers /link /usr/share/doc/README"
x --quiet --json j root other.img
check "without --exclude all is there" test "$(paths j)" = "$all"
x --quiet --json j --exclude doc --exclude '/etc/*s' root other.img
check "--exclude: a name and a path" test "$(paths j)" = "/bin/program /etc/equal /link"
printf '# comment\n\nusr/\nequal  \n' >list
x --quiet --json j --exclude-from list --exclude link root other.img
check "--exclude-from, with --exclude" test "$(paths j)" = "/bin/program /etc/holes /etc/numbers"
check_exit 8 "--exclude-from: a file that is not there" x --exclude-from nothing root no.img
says 'nothing: ' "is named"

# Compression
x --quiet -c store -x root store.img
check "-c store is larger" test "$(size_of store.img)" -gt "$(size_of ext.img)"
x --quiet --compressor=zlib:1 root one.img
x --quiet --compressor=zlib:9 root nine.img
check "-c zlib:1 and zlib:9 differ" test "$(cmp one.img nine.img 2>&1)" != ""
x --quiet -c zlib --best root best.img
check "--best with zlib is zlib:9" cmp best.img nine.img
check_exit 0 "--best alone" x --best root best.img
check "--best is not larger" test "$(size_of best.img)" -le "$(size_of plain.img)"

x --quiet --json j --no-dedupe root other.img
check "--no-dedupe: nothing is shared" test "$(json j 'sum(f["same_as"] is not None for f in j["files"])')" -eq 0
x --quiet --json j root other.img
check "otherwise equal files are" test "$(json j 'sum((f["same_as"] or "").startswith("/etc/") for f in j["files"])')" -eq 1

for j in 1 2 7 0; do
	x --quiet -X -j $j root other.img
	check "-j $j: the same image" cmp other.img xip.img
done
x --quiet -X --jobs=3 root other.img
check "--jobs 3: the same image" cmp other.img xip.img

# Output
size=$(size_of xip.img)
check_exit 0 "--max-size: an image that fits exactly" x -X --max-size "$size" root other.img
check_exit 8 "--max-size: one that is a byte too large" x -X --max-size $((size - 1)) root no.img
says "$size" "the message has its size"
says "$((size - 1))" "and the limit"
says '/bin/program' "and the largest contributor"
check "and there is no image" test ! -e no.img
mkdir few
for i in 1 2 3 4 5 6 7 8 9; do
	echo $i >few/$i
done
seq 60000 >few/large
seq 3000 >few/medium
check_exit 8 "--max-size: an image that is much too large" x -c store --max-size 4K few no.img
check "contributors of less than 1 % are not listed" test "$(grep -c ' bytes of the image$' err)" -eq 2
x --quiet -c store few few.img
check_exit 8 "--max-size: one that is a little too large" x -c store --max-size $(($(size_of few.img) - 300)) few no.img
check "ten of them are listed at most" test "$(grep -c ' bytes of the image$' err)" -eq 10

check_exit 0 "--pad-to" x -X --pad-to 64M root other.img
check "--pad-to: the file has that size" test "$(size_of other.img)" -eq 67108864
check "--pad-to: size in the superblock is the image's" test $(($(little other.img 4))) -eq "$size"
check "--pad-to: the image is the same" cmp -n "$size" other.img xip.img
check "--pad-to: filled with 0xFF" test "$(bytes other.img "$size" 64 | tr -d f)" = ""
check "--pad-to: to the end" test "$(bytes other.img 67108800 64 | tr -d f)" = ""
x --quiet --pad-to 64M --fill 0x5a -X root other.img
check "--fill" test "$(bytes other.img 67108800 2)" = 5a5a
check_exit 8 "--pad-to: less than the image" x --pad-to 4K root no.img
says '4096' "is an error with the sizes"
check "and there is no image" test ! -e no.img

check_exit 0 "--sync" x --sync root other.img
check "--sync: the same image" cmp other.img plain.img
for o in -l -lyes -l=no --lock --lock=nonblock -l1 -l0; do
	x --quiet $o root other.img
	check "$o: a file is written as ever" cmp other.img plain.img
done
LOCK_BLOCK_DEVICE=1 "$MKCRAMFS_XIP" --quiet root other.img
check "LOCK_BLOCK_DEVICE: a file is written as ever" cmp other.img plain.img
x --quiet --no-verify -X root other.img
check "--no-verify: the same image" cmp other.img xip.img
x --no-verify root other.img >out
says_out 'verified +no' "--no-verify: the summary says so"
echo old >dry.img
check_exit 0 "--dry-run" x --dry-run -X root dry.img
says_out 'not written' "--dry-run: the summary says so"
check "--dry-run: the file is as it was" test "$(cat dry.img)" = old
check_exit 0 "--dry-run: a new name" x --dry-run root new.img
check "is not made" test ! -e new.img
check_exit 8 "--dry-run: fails where the image would not do" x --dry-run --max-size 4K root new.img

# Messages
check_exit 0 "-s is accepted" x -s root other.img
check "-s: the same image" cmp other.img plain.img
check_exit 0 "--sort is accepted" x --sort root other.img
# a damaged program gives a warning
cp -r root damaged
{
	printf '\177ELF\001\001\001'
	awk 'BEGIN { for (i = 0; i < 5000; i++) printf "Z" }'
} >damaged/bin/bad
check_exit 0 "a damaged program is data" x -X damaged other.img
says '^mkcramfs-xip: warning: /bin/bad: ' "with a warning"
check_exit 0 "--quiet: the same" x --quiet -X damaged other.img
says '^mkcramfs-xip: warning: /bin/bad: ' "warnings are shown"
for o in -E --error-on-warning; do
	check_exit 8 "$o: a warning is an error" x -X $o damaged no.img
	says '^mkcramfs-xip: warning: /bin/bad: ' "$o: the warning is shown"
	check "$o: there is no image" test ! -e no.img
done

done_testing
