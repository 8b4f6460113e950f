#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A cramfs image as SOURCE or overlay.
# shellcheck source=tests/tap.sh
. "${top_srcdir:?}/tests/tap.sh"
# shellcheck source=tests/cli/setup.sh
. "$top_srcdir/tests/cli/setup.sh"
d="$top_builddir/dumpcramfs-xip/dumpcramfs-xip"
fsck="$top_builddir/cramfsck-xip/cramfsck-xip"
tree root
mkdir root/dev
echo '/dev/console c 600 0 5 5 1 - - -
/etc/numbers f 4750 1000 100 - - - - -' >table
x --quiet -q -B -b 16K -p -n old -e 7 -D table root old.img
x --quiet -X -q -D table root want.img

# entries IMAGE: type, mode, size, owner and path of all entries
entries() {
	"$fsck" -v --max-findings 0 "$1" | grep '^[bcdflps] [0-7]\{4\} '
}
# same_tree A B
same_tree() {
	entries "$1" >tree.a
	entries "$2" >tree.b
	[ -s tree.a ] && diff tree.a tree.b
}

check_exit 0 "an image as source" x -X old.img new.img
says '^mkcramfs-xip: note: old.img: is big-endian; the new image is little-endian' "a note: the byte order"
says '^mkcramfs-xip: note: old.img: has pages of 16 KiB; the new image has pages of 4 KiB' "a note: the page size"
says_out "identity +'Compressed', edition 0" "name and edition are not those of the old image"
check "the new image is that of the directory" cmp want.img new.img
x --quiet -q -b 4K root plain.img
check_exit 0 "an image of the same format" x plain.img new.img
check "no note" empty "$scratch/err"
check "an image of an image is the same" cmp plain.img new.img
check_exit 0 "standard input" x --quiet -X - new.img <old.img
check "gives the same image" cmp want.img new.img
check_exit 0 "a pipe" sh -c 'cat old.img | "$1" --quiet -X - new.img' sh "$MKCRAMFS_XIP"
check "gives the same image" cmp want.img new.img
check_exit 0 "a flash dump" sh -c 'head -c 30000 /dev/zero | cat old.img - >dump && "$1" --quiet -X dump new.img' sh "$MKCRAMFS_XIP"
check "gives the same image" cmp want.img new.img

# changes to the tree
check_exit 0 "--exclude, --owner and --chmod" x --quiet --exclude /bin --owner 3:4 --chmod f:u=r old.img new.img
entries new.img >tree.b
check "no /bin" sh -c '! grep -q " /bin" tree.b'
check "owner and mode" grep -Eq '^f 0450 +[0-9]+ +3:4 +/etc/numbers' tree.b
mkdir empty
check_exit 0 "an image as overlay" x --quiet -X --overlay old.img empty new.img
check "gives the same image" cmp want.img new.img
mkdir -p over/etc
echo new >over/etc/numbers
check_exit 0 "an overlay over an image" x --quiet --overlay over old.img new.img
"$d" cat new.img /etc/numbers >have
check "replaces its file" cmp have over/etc/numbers
if user_works; then
	mkdir user
	cp old.img user
	[ "$is_root" = no ] || chown 1234 user
	check_exit 0 "an ordinary user" as_user "$MKCRAMFS_XIP" --quiet -X user/old.img user/new.img
	check "keeps owners and devices" cmp want.img user/new.img
else
	skip "an ordinary user cannot run the program here"
fi
check_exit 0 "--policy-check" sh -c 'echo /bin/program xip >policy; "$1" --policy-check policy old.img' sh "$MKCRAMFS_XIP"

# what it is
if command -v python3 >/dev/null 2>&1; then
	x --quiet --dry-run --json j old.img none
	check "JSON says that it is an image" test "$(json j "j['image']['source_kind']")" = image
	x --quiet --dry-run --json j root none
	check "or a directory" test "$(json j "j['image']['source_kind']")" = directory
	echo './a type=dir' >manifest
	x --quiet --dry-run --json j manifest none
	check "or a manifest" test "$(json j "j['image']['source_kind']")" = manifest
else
	skip "python3 is not installed"
fi

# nothing is lost
cp old.img keep.img
check_exit 8 "IMAGE is SOURCE" x keep.img keep.img
says 'keep.img: is a source' "and says so"
check_exit 8 "IMAGE is an overlay" x --overlay keep.img root keep.img
check_exit 16 "--json is SOURCE" x --json keep.img keep.img new.img
check "it is as it was" cmp old.img keep.img
check_exit 0 "--force" x --quiet --force -X keep.img keep.img
check "replaces it" cmp want.img keep.img

# a damaged image
cp old.img bad.img
printf 'XXXXXXXX' | dd of=bad.img bs=1 seek=3000 conv=notrunc 2>/dev/null
cp plain.img new.img
check_exit 8 "a damaged image" x bad.img new.img
says '^mkcramfs-xip: bad.img: the CRC is 0x[0-9a-f]+, but 0x[0-9a-f]+ in the superblock \[crc\]$' "what is wrong"
says '^mkcramfs-xip: bad.img: the image has [0-9]+ errors?, so .*"cramfsck-xip -x TREE.tar IMAGE"' "and what to do"
check "the image at the new name is as it was" cmp plain.img new.img
check_exit 8 "a damaged overlay" x --overlay bad.img root new.img
check_exit 8 "--dry-run" x --dry-run bad.img new.img
head -c 20000 old.img >cut.img
check_exit 8 "an image that is cut short" x cut.img new.img
says '^mkcramfs-xip: cut.img: .*\[truncated\]$' "says so"
head -c 60 plain.img >cut.img
check_exit 8 "shorter than a superblock" x cut.img new.img
says '^mkcramfs-xip: cut.img: too short for a cramfs image' "says so"
check "the image at the new name is as it was" cmp plain.img new.img
check "nothing is left here" no_leftovers .

# The file shrinks after it was checked, while users are waited for. All workers read it then, and
# one of them reports it: two that did so at once would now and then mix their lines.
shrink() {
	cp many.img shrinks.img
	rm -f users
	mkfifo users
	x --quiet -j 8 --passwd users --owner somebody:1 shrinks.img new.img 2>shrunk &
	pid=$!
	exec 3>users
	: >shrinks.img
	echo 'somebody:x:5:5::/:' >&3
	exec 3>&-
	wait $pid
	status=$?
	[ $status -eq 8 ] || return
	echo "mkcramfs-xip: an input image became shorter or unreadable while it" \
		"was being read" | cmp - shrunk
}
shrink_often() {
	turn=0
	while [ $turn -lt 20 ]; do
		shrink || return
		turn=$((turn + 1))
	done
}
mkdir many
for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
	seq "$i" 60000 >many/$i
done
x --quiet many many.img
check "a file that shrinks ends the program with status 8 and one message" shrink_often
check "the image at the new name is as it was" cmp plain.img new.img
check "nothing is left here" no_leftovers .

# Another builder's images: equal files have one inode, whatever their owners.
mkfs=$(PATH=$PATH:/sbin:/usr/sbin command -v mkfs.cramfs)
if [ "$mkfs" ]; then
	cp root/etc/numbers root/etc/secret
	chmod 600 root/etc/secret
	for order in little big; do
		check_exit 0 "mkfs.cramfs -N $order" "$mkfs" -N $order root theirs.img
		check_exit 0 "its image as source" x -X theirs.img new.img
		says 'theirs.img: [0-9]+ findings? of cramfsck-xip do(es)? not apply to the new image' "a note"
		check "the same tree" same_tree theirs.img new.img
		check "a good image" "$fsck" new.img
	done
else
	lacks mkfs.cramfs
fi

done_testing
