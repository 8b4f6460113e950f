#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Programs whose output is no longer read, as in "PROGRAM --help | head": they end
# without a message, by SIGPIPE, as filters do. An image that is lost is an error.
# shellcheck source=tests/tap.sh
. "${top_srcdir:?}/tests/tap.sh"
# shellcheck source=tests/cli/setup.sh
. "$top_srcdir/tests/cli/setup.sh"
DUMP=${DUMPCRAMFS_XIP:-$top_builddir/dumpcramfs-xip/dumpcramfs-xip}
FSCK=${CRAMFSCK_XIP:-$top_builddir/cramfsck-xip/cramfsck-xip}

tree root
x --quiet root a.img

# unread COMMAND...: run it when its standard output is closed; its messages are in left,
# its exit status in status
unread() {
	mkfifo fifo
	(
		exec 3>fifo
		until [ -e closed ]; do :; done
		"$@" >&3 2>left
		echo $? >status
	) &
	: <fifo
	: >closed
	wait $!
	rm fifo closed
}

# quiet NAME COMMAND...: status 128 + SIGPIPE, no message
quiet() {
	quiet_name=$1
	shift
	unread "$@"
	check "$quiet_name: ends by SIGPIPE" test "$(cat status)" -eq 141
	check "$quiet_name: no message" empty left
}
quiet "mkcramfs-xip --help" "$MKCRAMFS_XIP" --help
quiet "mkcramfs-xip --version" "$MKCRAMFS_XIP" --version
quiet "mkcramfs-xip -vv" "$MKCRAMFS_XIP" -vv root b.img
check "its image is complete" cmp a.img b.img
quiet "mkcramfs-xip --json -" "$MKCRAMFS_XIP" --quiet --json - root b.img
quiet "mkcramfs-xip --policy-check" "$MKCRAMFS_XIP" -v --policy-check /dev/null root
quiet "cramfsck-xip --help" "$FSCK" --help
quiet "cramfsck-xip -v" "$FSCK" -v a.img
quiet "dumpcramfs-xip --help" "$DUMP" --help
quiet "dumpcramfs-xip list" "$DUMP" list a.img
if has_archives; then
	quiet "dumpcramfs-xip tar" "$DUMP" tar a.img
else
	skip "built without libarchive"
fi

unread sh -c 'trap "" PIPE; exec "$1" --help' sh "$MKCRAMFS_XIP"
check "with SIGPIPE ignored: status 8" test "$(cat status)" -eq 8
check "with SIGPIPE ignored: no message" empty left
unread "$MKCRAMFS_XIP" --quiet root -
check "an image: status 8" test "$(cat status)" -eq 8
check "an image: a message" grep -q 'standard output: .*Broken pipe' left
done_testing
