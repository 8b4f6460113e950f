#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# How an image gets its name or reaches its device, and what is left if it does not.
# shellcheck source=tests/tap.sh
. "${top_srcdir:?}/tests/tap.sh"
# shellcheck source=tests/cli/setup.sh
. "$top_srcdir/tests/cli/setup.sh"
tree root
x --quiet -X root want.img || not_ok "the image to compare with is made"
mkdir dir

# by rename
echo old >dir/a.img
ln dir/a.img dir/hard
chmod 640 dir/a.img
check_exit 0 "an image replaces a file" x -X root dir/a.img
check "it is the image" cmp dir/a.img want.img
check "by rename: another name of the old file keeps the old contents" test "$(cat dir/hard)" = old
check "with the mode of the old one" test "$(find dir/a.img -perm 640)" = dir/a.img
ln -s a.img dir/link
check_exit 0 "a symbolic link is followed" x --quiet root dir/link
check "the link stays one" test -L dir/link
check "what it points at is replaced" image_ok dir/a.img
check "and differs now" test "$(cmp dir/a.img want.img 2>&1)" != ""
ln -s nowhere dir/dangling
check_exit 0 "a link that dangles" x --quiet -X root dir/dangling
check "its target is made" cmp dir/nowhere want.img
check_exit 0 "a name without a directory" x -X root here.img
check "is made here" cmp here.img want.img
check "nothing is left beside them" no_leftovers dir
check "nothing is left here" no_leftovers .

# copied through
reader fifo got
check_exit 0 "a FIFO" x -X root fifo
reader_ends fifo
check "is served" cmp got want.img
check "and stays one" test -p fifo
x -X root - >got 2>err
check "-: standard output is served" cmp got want.img
x -X root - 2>log | cat >got
check "-: a pipe" cmp got want.img
check "-: the summary goes to standard error" grep -q 'in place' log
check "-: no file of that name" test ! -e ./-
if [ "$null" ]; then
	check_exit 0 "a character device" x root "$null"
	check "stays one" test -c "$null"
else
	skip "no null device"
fi
# a file system on ./device: it must not be overwritten
mounted_device() {
	mkdir mnt
	if mke2fs -qF device >/dev/null 2>&1 && mount -o ro device mnt 2>/dev/null; then
		cp device before
		check_exit 8 "a block device that is mounted" x -X root device
		says "device: is mounted on .*/mnt .*--force" "is refused"
		check_exit 8 "--dry-run says so too" x -X --dry-run root device
		check "it is as it was" cmp device before
		if x --quiet -X --force root device 2>err; then
			check "--force writes to it" cmp -n "$(size_of want.img)" device want.img
		elif grep -q 'cannot open for writing' err; then
			skip "this kernel lets nobody write to a mounted device"
		else
			not_ok "--force writes to it"
			diagnose err
		fi
		umount mnt
	else
		skip "cannot make and mount a file system"
	fi
	mkfifo ready release
	if unshare -m true 2>/dev/null && mke2fs -qF device >/dev/null 2>&1; then
		unshare -m sh -c '{ mount -o ro device mnt && echo yes || echo no; } >ready; cat release' &
		if [ "$(cat ready)" = yes ]; then
			cp device before
			check_exit 8 "one that is mounted in another namespace" x -X root device
			says "device: is in use: .*--force" "is refused"
			check "it is as it was" cmp device before
		else
			skip "cannot mount a file system in a namespace of its own"
		fi
		: >release
		wait $!
	else
		skip "no mount namespace of our own"
	fi
}
if [ "$is_root" = yes ] && loop=$(dd if=/dev/zero of=disk bs=4096 count=4096 2>/dev/null; losetup -f --show disk 2>/dev/null) &&
	mknod device b 7 "${loop#/dev/loop}"; then
	check_exit 0 "a block device" x -X -lnonblock root device
	check "is served" cmp -n "$(size_of want.img)" device want.img
	check_exit 8 "one that is too small" x -X --pad-to 32M root device
	if command -v flock >/dev/null 2>&1; then
		check_exit 8 "-lnonblock: locked by another" flock device "$MKCRAMFS_XIP" --lock=nonblock -X root device
		says 'lock' "and that is said"
		export LOCK_BLOCK_DEVICE=nonblock
		check_exit 8 "LOCK_BLOCK_DEVICE: the same" flock device "$MKCRAMFS_XIP" -X root device
		check_exit 0 "-l=no overrides it" flock device "$MKCRAMFS_XIP" -l=no -X root device
		unset LOCK_BLOCK_DEVICE
	fi
	cp device before
	check_exit 8 "--json to a block device" x -X --json device root x.img
	says 'device: a block device .--json needs a file.' "is refused"
	check "it is as it was" cmp device before
	mounted_device
	losetup -d "$loop"
else
	[ -z "${loop:-}" ] || losetup -d "$loop"
	skip "no loop device to write to"
fi
if [ "$is_root" = yes ] && mknod mtdblock b 31 250 2>/dev/null && unshare -m true 2>/dev/null; then
	echo '29 1 31:250 / /flash ro - cramfs mtd250 ro' >mountinfo
	# shellcheck disable=SC2016 # the inner shell becomes the program that reads the file
	mtd_mounted() { unshare -m sh -c 'mount --bind mountinfo "/proc/$$/mountinfo" && exec "$@"' sh "$MKCRAMFS_XIP" "$@"; }
	check_exit 8 "an MTD block device that is mounted" mtd_mounted root mtdblock
	says 'mtdblock: is mounted on /flash' "is refused, though nobody holds the block device"
	rm mtdblock
else
	skip "no device node, or no mount namespace of our own"
fi
if [ -c /dev/mtd0 ]; then
	skip "there is a real /dev/mtd0: not touched"
elif [ "$is_root" = yes ] && mknod mtd0 c 90 0 2>/dev/null; then
	check_exit 8 "an MTD device is refused" x root mtd0
	says 'flashcp' "and flashcp is named"
	rm mtd0
else
	skip "cannot make a device node"
fi

# what fails leaves all as it was
echo old >keep.img
fails() { # WHAT REGEX COMMAND...
	what=$1
	regex=$2
	shift 2
	check_exit 8 "$what" "$@"
	says "$regex" "$what: the message"
	check "$what: the old file is as it was" test "$(cat keep.img)" = old
	check "$what: nothing is left" no_leftovers .
}
limited() { (ulimit -f 8 && exec "$MKCRAMFS_XIP" "$@"); }
fails "a limit on file sizes" 'keep.img.*: File too large' limited -X root keep.img
if user_works; then
	mkdir locked
	echo old >locked/keep.img
	[ "$is_root" = no ] || chown -R 1234 locked
	chmod 555 locked
	check_exit 8 "a directory that cannot be written to" as_user "$MKCRAMFS_XIP" root locked/keep.img
	says 'locked/keep.img: .*Permission denied' "is named"
	check "the old file is as it was" test "$(cat locked/keep.img)" = old
	chmod 755 locked
	mkdir secret
	cp -r root secret/root
	chmod 000 secret/root/etc/equal
	[ "$is_root" = no ] || chown -R 1234 secret
	check_exit 8 "a file that cannot be read" as_user "$MKCRAMFS_XIP" secret/root secret/x.img
	says '/etc/equal: .*Permission denied' "is named"
	check "and there is no image" test ! -e secret/x.img
	check "nothing is left" no_leftovers secret
	chmod -R u+rwx secret
else
	skip "an ordinary user cannot run the program here"
fi
if mkdir small && [ "$is_root" = yes ] && mount -t tmpfs -o size=64k none small 2>/dev/null; then
	echo old >small/keep.img
	check_exit 8 "a full file system" x -X root small/keep.img
	says 'small/keep.img.*: No space left on device' "is named"
	check "the old file is as it was" test "$(cat small/keep.img)" = old
	check "nothing is left" no_leftovers full
	umount small
else
	skip "cannot mount a small file system"
fi
if [ "$full" ]; then
	check_exit 8 "a device that is full" x root "$full"
	says '/full: .*No space left' "is named"
	to_full() { x "$@" - >"$full"; }
	check_exit 8 "-: standard output on one" to_full root
	says 'standard output: .*No space left' "is named"
else
	skip "no full device"
fi
# A reader that goes away in the middle.
mkfifo gone
ln gone gone.same
head -c 1000 gone >log &
reader_pid=$!
check_exit 8 "a pipe whose reader goes away" x -c store -x root gone
says 'gone: .*Broken pipe' "is an error, not a signal"
reader_ends gone

# a forgotten operand shall not destroy what is read
echo '# nothing' >input
ln input input.link
for option in -i -P --profile --exclude-from; do
	for name in input input.link ./input; do
		check_exit 16 "IMAGE is what $option reads, as $name" x -X $option input root $name
		says "the image would replace what $option reads" "is refused"
		check "and what is read stays" test "$(cat input)" = '# nothing'
	done
done

check_exit 8 "IMAGE in a directory that is not there" x root nodir/a.img
says 'nodir/.*: .*No such file' "is named"

# An image for standard output is made in a temporary file first: messages name the right one.
if mkdir no-space && [ "$is_root" = yes ] && mount -t tmpfs -o size=4k none no-space 2>/dev/null; then
	check_exit 8 "no space in TMPDIR" env TMPDIR=no-space "$MKCRAMFS_XIP" -c store --quiet root -
	says 'temporary file in no-space \(TMPDIR\): cannot write: No space' "is blamed on it"
	umount no-space
else
	skip "cannot mount a tmpfs"
fi

# terminal ARG...: run the builder with a terminal as standard output; its messages are in err
terminal() {
	python3 -c '
import os, pty, subprocess, sys, threading
master, slave = pty.openpty()
threading.Thread(target=lambda: [0 for _ in iter(lambda: os.read(master, 4096), b"")], daemon=True).start()
done = subprocess.run(sys.argv[1:], stdout=slave, stderr=subprocess.PIPE)
sys.stderr.buffer.write(done.stderr)
sys.stderr.flush()
os._exit(done.returncode)' "$MKCRAMFS_XIP" "$@"
}
check_exit 8 "a terminal" terminal --quiet root -
says 'standard output: is a terminal .redirect it' "is refused"
check_exit 0 "--force writes to it" terminal --quiet --force root -
check_exit 0 "--dry-run writes nothing to it" terminal --quiet --dry-run root -

done_testing
