#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# --like OLD where OLD is not what a new image can be built around: damaged, of another format, by
# another program, or not an image. The new image is right in any case, or is not made at all.
# shellcheck source=tests/tap.sh
. "${top_srcdir:?}/tests/tap.sh"
# shellcheck source=tests/cli/setup.sh
. "$top_srcdir/tests/cli/setup.sh"
d="$top_builddir/dumpcramfs-xip/dumpcramfs-xip"
fsck="$top_builddir/cramfsck-xip/cramfsck-xip"
tree root
# changed: what is built; root: what OLD was made of
cp -R root changed
echo "one more line" >>changed/etc/numbers
cp changed/etc/numbers changed/usr/share/doc/numbers
rm changed/etc/holes
x --quiet -X -q root good.img
x --quiet -X -q changed fresh.img
"$d" tar fresh.img >fresh.tar

# right IMAGE: it has the tree, and no finding
right() {
	"$d" tar "$1" | cmp - fresh.tar && "$fsck" -b "${page:-4K}" "$1" >/dev/null
}

# built WHAT OLD [OPTION...]: the image is made with a warning, and right
built() {
	built_what=$1
	built_old=$2
	shift 2
	rm -f new.img
	check_exit 0 "$built_what: the image is made" x -X -q --like "$built_old" "$@" changed new.img
	check "$built_what: it is right" right new.img
}
# warned WHAT OLD REASON
warned() {
	built "$1" "$2"
	says "^mkcramfs-xip: warning: $2: $3: of [0-9]+ .*, [0-9]+ can be taken from it$" "$1: a warning"
}
refused() {
	cp fresh.img new.img
	check_exit 8 "$1: refused" x -X -q --like "$2" changed new.img
	says "$2" "$1: a message names it"
	check "$1: the image at that name is as it was" cmp fresh.img new.img
}

built "a good image" good.img
check "no warning" sh -c '! grep -q warning err'
cp new.img like.img
check_exit 0 "OLD is IMAGE" x -X -q --like good.img changed good.img
check "gives the same image" cmp like.img good.img
x --quiet -X -q root good.img
built "OLD is SOURCE, too: an image of the same tree" fresh.img
check_exit 0 "OLD is SOURCE" x --quiet -X -q --like good.img good.img new.img
check "gives the same image" cmp good.img new.img
cp good.img same.img
check_exit 8 "OLD, SOURCE and IMAGE are one file" x --quiet -X -q --like same.img same.img same.img
check "which is as it was" cmp good.img same.img

# other formats
x --quiet -q root classic.img
warned "a classic image" classic.img "has no extended block pointers"
x --quiet -x -q root extended.img
built "an image with nothing in place" extended.img
x --quiet -X -q -b 16K root pages.img
warned "another page size" pages.img "has another page size"
x --quiet -X -q -B root order.img 2>/dev/null
warned "another byte order" order.img "has the other byte order"
x --quiet -X -q -p root pad.img
built "an image with a boot pad" pad.img
mkfs=$(PATH=$PATH:/sbin:/usr/sbin command -v mkfs.cramfs)
if [ "$mkfs" ]; then
	"$mkfs" root theirs.img >mkfs.out 2>&1
	warned "an image by mkfs.cramfs" theirs.img "has no extended block pointers"
	rm -f new.img
	check_exit 0 "the same, and a classic one is built: made" x -q --like theirs.img changed new.img
	check "it is right" right new.img
else
	lacks mkfs.cramfs
fi

# not an image
refused "a file that does not exist" none.img
: >empty.img
refused "an empty file" empty.img
refused "not an image" fresh.tar
mkdir dir.img
refused "a directory" dir.img
head -c 60 good.img >short.img
refused "shorter than a superblock" short.img
if user_works; then
	cp good.img secret.img
	chmod 000 secret.img
	mkdir user
	cp fresh.img user/new.img
	cp -R changed user
	[ "$is_root" = no ] || chown -R 1234 user
	check_exit 8 "an unreadable file: refused" as_user "$MKCRAMFS_XIP" -X -q --like secret.img user/changed user/new.img
	says secret.img "a message names it"
	check "the image at that name is as it was" cmp fresh.img user/new.img
else
	skip "an ordinary user cannot run the program here"
fi

# A damaged image is used as far as its contents are proved.
cp good.img bad.img
printf XXXX | dd of=bad.img bs=1 seek=1000 conv=notrunc 2>/dev/null
warned "a damaged image" bad.img "is damaged"

# a size that is less than the superblock's
for n in 0 35 75; do
	cp good.img bad.img
	printf "\\$(printf %03o $n)\\000\\000\\000" | dd of=bad.img bs=1 seek=4 conv=notrunc 2>/dev/null
	warned "a size of $n bytes" bad.img "is damaged"
done

# damage: bytes at places that a linear congruence gives, the same in each run
size=$(size_of good.img)
spoil() { # N: spoil N bytes of bad.img
	spoil_n=$1
	while [ "$spoil_n" -gt 0 ]; do
		seed=$(((seed * 1103515245 + 12345) % 2147483648))
		printf "\\$(printf %o $((seed / 65536 % 256)))" |
			dd of=bad.img bs=1 seek=$((seed % 1000003 * 997 % size)) conv=notrunc 2>/dev/null
		spoil_n=$((spoil_n - 1))
	done
}
# right_or_refused OLD: no wrong image in any case
right_or_refused() {
	cp fresh.img new.img
	x -X -q --like "$1" changed new.img 2>err >out
	case $? in
	0) right new.img && { cmp -s "$1" good.img || grep -q "warning: .*$1" err; } ;;
	8) grep -q "$1" err && cmp new.img fresh.img ;;
	*) false ;;
	esac || {
		sed 5q err
		return 1
	}
}
seed=13
damaged_often() { # COUNT BYTES
	turn=0
	while [ $turn -lt "$1" ]; do
		cp good.img bad.img
		spoil "$2"
		right_or_refused bad.img || {
			cp bad.img kept.img
			return 1
		}
		turn=$((turn + 1))
	done
}
check "one byte is damaged" damaged_often 10 1
check "ten bytes are damaged" damaged_often 6 10
check "two hundred bytes are damaged" damaged_often 3 200
# four bytes at a time, in the superblock and the first entries
damaged_everywhere() {
	at=0
	while [ $at -lt 100 ]; do
		cp good.img bad.img
		printf '\377\377\377\377' | dd of=bad.img bs=1 seek=$at conv=notrunc 2>/dev/null
		right_or_refused bad.img || {
			echo "at $at"
			return 1
		}
		at=$((at + 4))
	done
}
check "the superblock or an entry is damaged" damaged_everywhere
for part in 100 5000 20000 50000; do
	[ "$part" -lt "$size" ] || continue
	head -c "$part" good.img >bad.img
	check "cut to $part bytes" right_or_refused bad.img
done
{
	cat good.img
	head -c 70000 /dev/zero | tr '\0' '\377'
} >dump.img
built "a dump of a flash, with what follows the image" dump.img
check "the same image" cmp new.img like.img
check "nothing is left here" no_leftovers .

done_testing
