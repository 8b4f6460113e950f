#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The same command line for util-linux's mkfs.cramfs and for ours: compares the exit
# status, the superblock and the tree. To compare with another builder and checker,
# set CRX_MKFS and CRX_FSCK to them, and CRX_AS to mkcramfs if they are those of
# cramfs-tools.

# An ordinary user's tree is owned by 0:0 in our images alone: be root, or seem so.
if [ "$(id -u)" -ne 0 ] && fakeroot "${MKCRAMFS_XIP:-$top_builddir/mkcramfs-xip/mkcramfs-xip}" -V >/dev/null 2>&1; then
	exec fakeroot sh "$0"
fi
# shellcheck source=tests/tap.sh
. "${top_srcdir:?}/tests/tap.sh"
CRAMFSCK_XIP=${CRAMFSCK_XIP:-$top_builddir/cramfsck-xip/cramfsck-xip}
# shellcheck source=tests/cli/setup.sh
. "$top_srcdir/tests/cli/setup.sh"
PATH=$PATH:/usr/sbin:/sbin
as=${CRX_AS:-mkfs.cramfs}
theirs=${CRX_MKFS:-$(command -v mkfs.cramfs)} || theirs=
their_fsck=${CRX_FSCK:-$(command -v fsck.cramfs)} || their_fsck=
if [ ! "$theirs" ] || [ ! "$their_fsck" ]; then
	lacks "mkfs.cramfs with fsck.cramfs"
	done_testing
fi
case $("$theirs" --version 2>/dev/null) in
*mkcramfs-xip*)
	skip "the mkfs.cramfs that is installed is ours"
	done_testing
	;;
esac

if [ "$is_root" = no ]; then
	skip "neither root nor a fakeroot that works with this build"
	done_testing
fi
case $as in mkcramfs) fsck_as=cramfsck ;; *) fsck_as=fsck.cramfs ;; esac
mkdir bin
ln -s "$MKCRAMFS_XIP" "bin/$as"
ln -s "$CRAMFSCK_XIP" "bin/$fsck_as"
ours=$scratch/bin/$as
our_fsck=$scratch/bin/$fsck_as
their_version=$("$theirs" -V 2>/dev/null)

tree root
mkfifo root/etc/fifo
: >root/etc/none
mkdir root/empty
chown 65535:255 root/etc/holes
mknod root/etc/char c 4 64
mknod root/etc/block b 255 255
chmod 6711 root/bin/program
printf 'inserted' >insert

# facts IMAGE: all that a kernel reports of it, and what the superblock says
facts() {
	rm -rf "$1.dir"
	"$CRAMFSCK_XIP" -v -x "$1.dir" "$1" 2>&1 | grep -E '^[dflcbps] |^error'
	(cd "$1.dir" && find . -type f -exec cksum {} + | sort)
	at=0
	[ "$(bytes "$1" 0 4)" != 00000000 ] || at=512
	bytes "$1" "$at" 4
	bytes "$1" $((at + 8)) 24
	bytes "$1" $((at + 36)) 40
}

# both STATUS ARG...: by both, with OUT for the image
both() {
	want=$1
	shift
	rm -f theirs.img ours.img
	line=$*
	for who in theirs ours; do
		# shellcheck disable=SC2046 # IMAGE has no blanks
		set -- $(printf '%s\n' "$line" | sed "s/OUT/$who.img/")
		if [ $who = theirs ]; then
			"$theirs" "$@" >theirs.log 2>&1
			got_theirs=$?
		else
			"$ours" "$@" >ours.log 2>&1
			got_ours=$?
		fi
	done
	if [ "$got_theirs" -ne "$want" ] || [ "$got_ours" -ne "$want" ]; then
		not_ok "$as $line: $want"
		diag "theirs $got_theirs, ours $got_ours"
		diagnose theirs.log
		diagnose ours.log
		return
	fi
	ok "$as $line: $want"
	[ "$want" -eq 0 ] && [ -e theirs.img ] || return
	facts theirs.img >theirs.facts
	facts ours.img >ours.facts
	check "$as $line: the same tree and superblock" diff theirs.facts ours.facts
	"$their_fsck" theirs.img >fsck.log 2>&1
	of_theirs=$?
	check_exit $of_theirs "$as $line: their checker says the same of both" "$their_fsck" ours.img
}

both 0 root OUT
both 0 root OUT -n behind
both 0 root -e 7 OUT
both 0 -E root OUT
both 0 -e 4294967295 -n name root OUT
both 0 -n 1234567890123456 root OUT
both 0 -s -v root OUT
both 0 -p root OUT
both 0 -i insert root OUT
both 0 -p -i insert root OUT
both 16
both 16 root
both 16 root OUT more
both 16 -e nonsense root OUT
case $as in
mkfs.cramfs)
	for o in big little host; do
		both 0 -N $o root OUT
	done
	both 0 -b 65536 -N big root OUT
	both 16 -Q root OUT
	both 16 -N middle root OUT
	both 16 -b nonsense root OUT
	both 16 nothing OUT
	both 16 root nodir/OUT
	both 16 root root
	both 16 -i nothing root OUT
	both 8 insert OUT
	;;
*)
	both 0 -B root OUT
	both 0 -L root OUT
	both 0 -q root OUT
	# a parent in the root is all that theirs finds
	printf '/empty d 750 1 2 - - - - -\n/empty/x c 600 1 2 4 64 3 2 1\n/empty/y b 640 0 6 3 0 0 1 4\n/empty/p p 600 3 4 0 0 1 1 3\n' >table
	printf '/empty/z c\n /etc/none f 4755 65535\n/empty/dir d - 7 7\n# c\n/empty/w c 622 0 0 5 - 0 1 2 \r\n' >>table
	both 0 -q -D table root OUT
	both 8 nothing OUT
	both 8 root nodir/OUT
	both 8 root root
	both 8 -i nothing root OUT
	both 8 insert OUT
	;;
esac

# byte for byte, where the compressor is the same and the order of files too
mkdir -p levels/one levels/two levels/three
for f in levels/one/a levels/one/b levels/two/c levels/three/d; do
	awk -v f="$f" 'BEGIN { for (i = 0; i < 3000; i++) print f, i * i % 977 }' >$f
done
cp levels/one/b levels/two/b
ln -s ../one/a levels/two/link
: >levels/one/none
for o in "" "-p" "-e 3 -n name"; do
	level=6
	[ "$as" = mkfs.cramfs ] || level=9
	# shellcheck disable=SC2086 # words
	"$theirs" $o levels theirs.img && "$ours" -c zlib:$level $o levels ours.img
	check "the same bytes as theirs, with zlib:$level${o:+ }$o" cmp theirs.img ours.img
done

# what does not fit: cut by theirs, refused by ours, cut by --lossy
lossy() { # WHAT TREE ARG...
	lossy_what=$1
	lossy_tree=$2
	shift 2
	"$theirs" "$@" "$lossy_tree" theirs.img >theirs.log 2>&1
	check "$lossy_what: theirs succeeds" test $? -eq 0
	check "$lossy_what: ours does not" sh -c '! "$@"' sh "$ours" "$@" "$lossy_tree" refused.img
	check "$lossy_what: and leaves no image" test ! -e refused.img
	check_exit 0 "$lossy_what: --lossy does" "$ours" --lossy "$@" "$lossy_tree" ours.img
	says 'lossy' "$lossy_what: with a warning"
	facts theirs.img >theirs.facts
	facts ours.img >ours.facts
	check "$lossy_what: as theirs" diff theirs.facts ours.facts
}
lossy "a name of 20 bytes" root -n 12345678901234567890
mkdir big
truncate -s 16777316 big/file
lossy "a file of 16 MiB and 100 bytes" big
mkdir owned devices
echo 1 >owned/file
chown 70000:1000 owned/file
lossy "owners" owned
mknod devices/a c 259 3
mknod devices/b b 8 256
mknod devices/c b 8 1048575
# the others write more bits than a kernel takes, and our checker says so
facts() {
	"$CRAMFSCK_XIP" -v "$1" 2>&1 | grep -E '^[dflcbps] '
}
lossy "device numbers" devices

# their checker and ours
"$theirs" root theirs.img
head -c 4096 theirs.img >short.img
checked() { # STATUS ARG...
	want=$1
	shift
	"$their_fsck" "$@" >theirs.log 2>&1
	got=$?
	check "their $fsck_as $*: $want" test $got -eq "$want"
	check_exit "$want" "ours as well" "$our_fsck" "$@"
}
cp theirs.img unknown.img
printf '\377' | dd of=unknown.img bs=1 seek=9 conv=notrunc 2>/dev/null
checked 0 theirs.img
checked 4 short.img
checked 8 unknown.img
checked 4 "$scratch/insert"
checked 8 nothing
checked 8 root
checked 16
checked 16 theirs.img theirs.img
checked 0 -v theirs.img
case $fsck_as in
fsck.cramfs)
	checked 0 -a -y theirs.img
	checked 16 -b nonsense theirs.img
	"$their_fsck" --extract=by-theirs theirs.img
	"$our_fsck" --extract=by-ours theirs.img
	;;
*)
	"$their_fsck" -x by-theirs theirs.img
	"$our_fsck" -x by-ours theirs.img
	;;
esac
# times of directories and links are ours alone
list() {
	(cd "$1" && find . -printf '%y %m %U:%G %s %T@ %l %p\n' | sed -e '/^d/s/ [0-9]* [0-9.]* / /' -e '/^l/s/ [0-9]*[.][0-9]* / /' | sort)
}
list by-theirs >theirs.list
list by-ours >ours.list
check "both extract the same${their_version:+ ($their_version)}" diff theirs.list ours.list
check "there is something in it" test "$(wc -l <ours.list)" -gt 15
contents() {
	(cd "$1" && find . -type f -exec cksum {} + | sort)
}
contents by-theirs >theirs.list
contents by-ours >ours.list
check "in contents too" diff theirs.list ours.list

done_testing
