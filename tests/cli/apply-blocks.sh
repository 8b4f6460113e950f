#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# contrib/update/apply-blocks.sh on regular files: it refuses what does not fit, continues after a
# power cut at any point, and leaves the new image. tests/kernel/update.sh has a real MTD.
# shellcheck disable=SC2317 # a check is called by its name
# shellcheck source=tests/tap.sh
. "${top_srcdir:?}/tests/tap.sh"
# shellcheck source=tests/cli/setup.sh
. "$top_srcdir/tests/cli/setup.sh"
command -v python3 >/dev/null || {
	lacks python3
	done_testing
}
script=$top_srcdir/contrib/update/apply-blocks.sh
E=4096
shell='sh'
path=$PATH
torn_at='0 36 52 600' # bytes

apply() {
	# shellcheck disable=SC2086 # a command and its argument
	PATH=$path $shell "$script" "$@"
}

# update OLD NEW UPDATE
update() {
	python3 -B "$top_srcdir/tests/update_file.py" "$E" "$@"
}

# lines UPDATE: OFFSET INDEX CKSUM of its blocks
lines() {
	sed -n '/^blocks /,/^end$/p; /^end$/q' "$1" | sed '1d;$d'
}

# poke FILE OFFSET: what standard input has, there
poke() {
	dd of="$1" bs=1 seek="$2" conv=notrunc 2>/dev/null
}
ff() {
	dd if=/dev/zero bs="$1" count=1 2>/dev/null | tr '\000' '\377'
}

# is_new DEVICE NEW: the image is there, and what comes after it in the device is not read
is_new() {
	dd if="$1" bs=1024 count=$(($(size_of "$2") / 1024)) 2>/dev/null | cmp - "$2"
}

# becomes DEVICE WHAT: the update takes it to the new image
becomes() {
	check_exit 0 "$2" apply u "$1"
	check "$2: the new image is there" is_new "$1" new.img
}

# images OPTION...: old.img, new.img and u; some blocks differ, not all of them adjacent
images() {
	rm -rf root
	mkdir -p root/d
	for name in a b c d/e; do
		awk -v n="$name" 'BEGIN { for (i = 0; i < 4000; i++) print n, i * i % 977, i }' >root/$name
	done
	x "$@" -q -c store root old.img || exit 99
	sed -i 's/^b \(.*\) 300$/B \1 300/; s/^b \(.*\) 2000$/B \1 2000/' root/b
	sed -i 's/^d.e \(.*\) 77$/D.e \1 77/' root/d/e
	x "$@" -q -c store root new.img || exit 99
	update old.img new.img u
	lines u >list
	count=$(wc -l <list)
}

# Every state in which a power cut can leave the flash: blocks before the Nth are written, the Nth
# is old, erased, partly erased or partly written.
all_cuts() {
	cp old.img before
	while read -r offset _; do
		dd if=new.img bs=$E skip=$((offset / E)) count=1 2>/dev/null >block
		cp before flash
		becomes flash "$1: continues before the block at $offset"
		ff $E >erased
		for at in $torn_at; do
			cp before flash
			[ "$at" -eq 0 ] || head -c "$at" block >torn
			[ "$at" -ne 0 ] || : >torn
			tail -c +$((at + 1)) erased >>torn
			poke flash "$offset" <torn
			becomes flash "$1: continues after $at bytes of the block at $offset"
		done
		cp before flash
		ff 2000 | poke flash "$offset"
		becomes flash "$1: continues after a part of the block at $offset was erased"
		poke before "$offset" <block
	done <list
	check_exit 0 "$1: the new image is updated" apply u before
	check "$1: nothing is written" grep -q '^0 blocks of 4096 bytes were written' out
}

images -X
check 'the images differ in some blocks, and not in most' test "$count" -ge 3 -a "$count" -lt 8
check 'the one with the superblock is last' sh -c 'tail -n 1 list | grep -q "^0 "'

cp old.img flash
check_exit 0 '--dry-run' apply --dry-run u flash
check 'changes nothing' cmp old.img flash
check 'names every block' test "$(grep -c 'would be written$' out)" -eq $((count + 1))
check_exit 0 'the old image is updated' apply u flash
check 'it is the new image' is_new flash new.img
check 'every block was written' grep -q "^$count blocks of $E bytes were written" out
check 'without a message on standard error' test ! -s err
cp flash done.img

# one block is equal already
cp old.img flash
offset=$(sed -n '2s/ .*//p' list)
dd if=new.img bs=$E skip=$((offset / E)) count=1 2>/dev/null | poke flash "$offset"
check_exit 0 'an equal block' apply u flash
check 'is skipped' grep -q "at $offset: is up to date" out
check 'only that one' test "$(grep -c 'is up to date' out)" -eq 1
check 'the new image is there' is_new flash new.img

# refuses ERR WHAT UPDATE FLASH: exit 8, a message, and nothing is written
refuses() {
	cp "$4" refused
	check_exit 8 "$2" apply "$3" "$4"
	says "^apply-blocks.sh: .*$1.* \(.*\)$" "$2: says so"
	check "$2: writes nothing" cmp "$4" refused
}

# what is not the old image
cp old.img flash
kept=$((E * 5))
while grep -q "^$kept " list; do kept=$((kept + E)); done
printf 'x' | poke flash $((kept + 17))
refuses 'is damaged: blocks that the update does not replace differ' 'a changed byte elsewhere' u flash
mkdir other
echo text >other/file
x -q -X --pad-to 256K other other.img || exit 99
refuses 'has another image: its size, crc, .* are [0-9]* 0x[0-9a-f]* ' 'another image' u other.img
dd if=/dev/zero bs=$E count=100 2>/dev/null >zeros
refuses 'has no superblock' 'no image' u zeros
cp done.img flash
printf 'x' | poke flash $((offset + 17))
refuses 'has the superblock of the new image, but not its other blocks' 'a new image with a wrong block' u flash
head -c 5000 old.img >short
refuses 'is damaged' 'a short device' u short
: >empty
refuses 'has no superblock' 'an empty device' u empty

# damaged updates
size=$(size_of u)
header=$(sed -n '2s/header //p' u)
for cut in 10 25 100 $((header - 1)) $header $((header + E)) $((size - 1)); do
	head -c "$cut" u >u2
	refuses '(update is damaged|not an update|version)' "the first $cut bytes of an update" u2 old.img
done
n=0
while [ $n -lt "$count" ]; do
	cp u u2
	printf 'x' | poke u2 $((header + n * E + 1000))
	refuses 'update is damaged: the block for [0-9]* is' "a wrong byte in block $n of an update" u2 old.img
	n=$((n + 1))
done
# edited SED: an update with another header of the same length
edited() {
	{
		head -c "$header" u | sed "$1"
		yes '' 2>/dev/null | head -n 512
	} | head -c "$header" >u2
	tail -c +$((header + 1)) u >>u2
}
# shellcheck disable=SC2016 # must not expand
for edit in 's/^erase-size .*/erase-size 4097/' 's/^erase-size .*/erase-size 00/' 's/^erase-size .*/erase-size $(touch x)/' \
	's/^blocks .*/blocks 99/' 's/^end$/END/' '/^kept-cksum/d' 's/^new [0-9]*/new -5/' 's/^[0-9]* 0 /99999999 0 /' 's/^[0-9]* 0 /17 0 /' \
	's/^\([0-9]*\) 0 /\1 a /' 's/^0 /4096 /' 's/^header .*/header 7/'; do
	edited "$edit"
	refuses 'update is damaged' "an update after $edit" u2 old.img
done
check 'nothing in an update is executed' test ! -e x
edited 's/ 1$/ 2/'
refuses "version '2'" 'a later version' u2 old.img
edited 's/^new-cksum [0-9]*/new-cksum 12345/'
cp old.img flash
check_exit 8 'a wrong new-cksum' apply u2 flash
says 'is not the new image after all blocks' 'is noticed at the end'
refuses 'not an update' 'another file' old.img old.img

# wrong usage
wrong() {
	check_exit 16 "wrong usage: apply-blocks.sh $*" apply "$@"
	says '^apply-blocks.sh: .*\(.*\)$' 'says so'
}
wrong
wrong u
wrong u old.img x
wrong --force u old.img
wrong none old.img
wrong u none
wrong u /dev/null
mkdir -p tmp
TMPDIR=$scratch/tmp
export TMPDIR
check_exit 0 'with a TMPDIR' apply --dry-run u old.img
check 'nothing is left there' rmdir tmp
mkdir tmp

all_cuts 'sh, -X'
for variant in '-p -N big' '-i list -X'; do
	# shellcheck disable=SC2086 # options
	images $variant
	cp old.img flash
	becomes flash "with $variant"
	cp old.img flash
	offset=$(sed -n '1s/ .*//p' list)
	ff 600 | poke flash "$offset"
	becomes flash "with $variant, interrupted"
	ff 1000 | poke flash 0
	becomes flash "with $variant, interrupted in the superblock's block"
done

# the new image is larger, or smaller, or the same
images
cp old.img small.img
awk 'BEGIN { for (i = 0; i < 9000; i++) print i }' >root/z
x -q -c store root new.img
for pair in 'small.img new.img' 'new.img small.img' 'new.img new.img'; do
	# shellcheck disable=SC2086 # two names
	update $pair u
	cp "${pair% *}" flash
	check_exit 0 "$pair" apply u flash
	check "$pair: is there" is_new flash "${pair#* }"
done
check 'equal images: nothing is written' grep -q '^0 blocks' out

# the shells and commands of targets
images -X
torn_at=52
if command -v busybox >/dev/null; then
	mkdir bb
	for name in dd cmp cksum od hexdump mktemp readlink cat rm sync; do
		if busybox --list | grep -qx "$name"; then
			ln -s "$(command -v busybox)" "bb/$name"
		else
			diag "busybox has no $name"
			ln -s "$(command -v "$name")" "bb/$name"
		fi
	done
	shell="$(command -v busybox) sh"
	path=$scratch/bb
	all_cuts 'busybox'
	rm bb/od
	printf '#!%s sh\nexit 1\n' "$(command -v busybox)" >bb/od
	chmod +x bb/od
	cp old.img flash
	becomes flash 'with hexdump instead of od'
	rm bb/cksum
	check_exit 8 'without cksum' apply u old.img
	says 'cksum is not installed' 'says so'
else
	lacks busybox
fi
if command -v bash >/dev/null; then
	shell='bash --posix' path=$PATH
	all_cuts 'bash'
fi
done_testing
