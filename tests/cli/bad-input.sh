#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Input that cramfs cannot hold, and invalid names: exit status 8, a message with the
# path and the value, no image.
# shellcheck source=tests/tap.sh
. "${top_srcdir:?}/tests/tap.sh"
# shellcheck source=tests/cli/setup.sh
. "$top_srcdir/tests/cli/setup.sh"

# refuses WHAT REGEX... -- ARG...: exit 8, each REGEX in the messages, no image
refuses() {
	what=$1
	shift
	rm -f no.img
	: >regexes
	while [ "$1" != -- ]; do
		printf '%s\n' "$1" >>regexes
		shift
	done
	shift
	check_exit 8 "$what: exit 8" x "$@" no.img
	while IFS= read -r regex; do
		says "$regex" "$what: says $regex"
	done <regexes
	check "$what: no image" test ! -e no.img
	check "$what: nothing is left" no_leftovers .
}

echo file >file
mkdir good
echo text >good/file
refuses "SOURCE is a file" '^mkcramfs-xip: file: is not an archive' -- file
refuses "SOURCE is not there" '^mkcramfs-xip: nothing: .*No such file' -- nothing
check_exit 8 "IMAGE is a directory" x good good2.d/.
check_exit 8 "IMAGE is SOURCE itself" x good good
says 'good: ' "is named"
check_exit 8 "IMAGE in SOURCE" x good good/no.img
says 'good/no.img: .*inside' "is named"
check "nothing is left in SOURCE" test "$(find good | grep -c .)" -eq 2
ln -s good sym
check_exit 8 "IMAGE in SOURCE, by way of a link" x sym good/no.img
check_exit 0 "SOURCE may be a link to a directory" x sym sym.img
x --quiet good good.img
check "the image is that of the directory" cmp sym.img good.img

mkdir big
dd if=/dev/null of=big/just bs=1 seek=16777215 2>/dev/null
check_exit 0 "a file of 16 MiB less a byte" x -x big ok.img
dd if=/dev/null of=big/one bs=1 seek=16777216 2>/dev/null
dd if=/dev/null of=big/two bs=1 seek=20000000 2>/dev/null
refuses "files of 16 MiB and more" '/one: .*16777216' '/two: .*20000000' '--exclude' '^mkcramfs-xip: 2 ' -- big
check_exit 0 "without them" x -x --exclude one --exclude two big ok.img
i=0
while [ $i -lt 25 ]; do
	dd if=/dev/null of=big/many$i bs=1 seek=16777216 2>/dev/null
	i=$((i + 1))
done
refuses "27 of them" 'and 7 more' '^mkcramfs-xip: 27 ' -- big
check "the first 20 are listed" test "$(x big no.img 2>&1 | grep -c '16777216')" -ge 18
check "with --quiet too" test "$(x --quiet big no.img 2>&1 | grep -c '16777216')" -ge 18

mkdir names
name252=$(printf '%0252d' 0)
: >"names/$name252"
check_exit 0 "a name of 252 bytes" x names ok.img
: >"names/${name252}1"
refuses "a name of 253 bytes" "${name252}1: .*253" -- names

# The target of a link in a file system of Linux is at most this long.
mkdir links
ln -s "$(printf '%04095d' 0)" links/long
check_exit 0 "a link target of a page less a byte" x links ok.img

if [ "$is_root" = yes ]; then
	mkdir owners
	: >owners/uid
	: >owners/gid
	chown 65535:255 owners/uid
	check_exit 0 "uid 65535, gid 255" x owners ok.img
	chown 65536:0 owners/uid
	chown 0:256 owners/gid
	refuses "uid 65536 and gid 256" '/uid: .*65536' '/gid: .*256' '--all-root' -- owners
	check_exit 0 "with --all-root" x --all-root owners ok.img
	mkdir devices
	if mknod devices/just b 255 255 2>/dev/null; then
		check_exit 0 "device 255, 255" x devices ok.img
		mknod devices/major c 256 0
		mknod devices/minor c 0 256
		refuses "devices 256, 0 and 0, 256" '/major: .*256' '/minor: .*256' -- devices
	else
		skip "cannot make device nodes"
	fi
else
	skip "owners and devices need root"
fi

# odd names
mkdir odd
: >"odd/$(printf 'new\nline')"
printf x >"odd/$(printf 'latin\344')"
check_exit 0 "names with a newline and not UTF-8" x -v odd ok.img
says_out 'new.nline' "are shown escaped"
says_out 'latin.xe4' "byte by byte"
dd if=/dev/null of="odd/$(printf 'big\033[31m')" bs=1 seek=16777216 2>/dev/null
refuses "a name that would colour the terminal" '/big.x1b\[31m: ' -- odd

done_testing
