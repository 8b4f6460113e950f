#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Everything in the source that cannot be read is reported in one run.
# shellcheck source=tests/tap.sh
. "${top_srcdir:?}/tests/tap.sh"
# shellcheck source=tests/cli/setup.sh
. "$top_srcdir/tests/cli/setup.sh"

if ! user_works; then
	skip "an ordinary user cannot run the program here"
	done_testing
	exit
fi

mkdir work
tree work/root
mkdir work/root/closed work/root/names
echo 1 >work/root/closed/file
echo 1 >work/root/names/one
echo 1 >work/root/names/two
chmod 000 work/root/closed work/root/etc/numbers work/root/bin/program
chmod 600 work/root/names
[ "$is_root" = no ] || chown -R 1234:234 work

# In the order of the tree: directory by directory.
cat >want <<-'EOF'
	/closed
	/bin/program
	/etc/numbers
	/names/one
	/names/two
EOF
for jobs in 1 2 7; do
	check_exit 8 "what cannot be read, -j $jobs" as_user "$MKCRAMFS_XIP" -j $jobs -X work/root work/a.img
	sed -n 's/^mkcramfs-xip: \(.*\): cannot be read: Permission denied$/\1/p' err >have
	check "all of it is reported, in order" diff want have
	says '^mkcramfs-xip: 5 paths of the source cannot be read; nothing was written .*--exclude or --lossy\)$' "and counted"
	check "nothing is written" test ! -e work/a.img
done

check_exit 8 "with all but one excluded" as_user "$MKCRAMFS_XIP" --exclude closed --exclude 'names/*' --exclude program work/root work/a.img
says '^mkcramfs-xip: 1 path of the source cannot be read; .*can read it, or exclude it' "in the singular"
check_exit 0 "with all of them excluded" as_user "$MKCRAMFS_XIP" --quiet --exclude closed --exclude 'names/*' --exclude program --exclude numbers work/root work/a.img
check "nothing is reported" empty "$scratch/err"
check_exit 0 "with --lossy" as_user "$MKCRAMFS_XIP" --quiet --lossy work/root work/a.img
check "each is a warning" test "$(grep -c 'not in the image (--lossy)$' "$scratch/err")" -eq 5
check_exit 8 "an overlay that cannot be read" as_user "$MKCRAMFS_XIP" --overlay work/root --exclude 'names/*' work/root/usr work/b.img
says '^mkcramfs-xip: 3 paths of the source ' "is reported too"

mkdir work/many
for i in 0 1 2 3 4; do
	for k in 0 1 2 3 4; do
		echo 1 >work/many/$i$k
		chmod 000 work/many/$i$k
	done
done
[ "$is_root" = no ] || chown -R 1234:234 work/many
check_exit 8 "more than fit on a screen" as_user "$MKCRAMFS_XIP" work/many work/c.img
says ': /34: cannot be read' "the first 20 are named"
check "and no more" test "$(grep -c 'cannot be read: ' "$scratch/err")" -eq 20
says '^mkcramfs-xip: and 5 more$' "the others are counted"
says '^mkcramfs-xip: 25 paths ' "and all of them"

chmod 000 work/many
check_exit 8 "SOURCE itself" as_user "$MKCRAMFS_XIP" --lossy work/many work/c.img
says 'many: cannot open the source directory: Permission denied' "is always an error"
chmod 700 work/many work/root/names work/root/closed

done_testing
