#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# ./quickstart boot, with what a user may give it: see README.md.
# shellcheck source=tests/tap.sh
. "${top_srcdir:?}/tests/tap.sh"
# shellcheck disable=SC2034 # for setup.sh
machine=arm
# shellcheck source=tests/kernel/setup.sh
. "$top_srcdir/tests/kernel/setup.sh"
DUMPCRAMFS_XIP=${DUMPCRAMFS_XIP:-${top_builddir:?}/dumpcramfs-xip/dumpcramfs-xip}
export MKCRAMFS_XIP DUMPCRAMFS_XIP

# shellcheck disable=SC2317 # check_exit calls it
boot() {
	"$top_srcdir/quickstart" boot "$@" </dev/null
}

check_exit 2 'two roots' boot one two
check_exit 1 'a command is missing' boot --run
says 'needs a command' 'and says so'
check_exit 1 'nothing of that name' boot "$scratch/nothing"
says 'nothing: there is no such directory or image' 'and says so'
check_exit 1 'a file that is not an image' boot "$top_srcdir/COPYING"
says 'COPYING is not a directory, and not a cramfs image' 'and says so'
mkdir -p "$scratch/other/bin" || exit 99
check_exit 1 'a directory without busybox' boot "$scratch/other"
says 'has no program /bin/busybox' 'and says so'
cp "$MKCRAMFS_XIP" "$scratch/other/bin/busybox"
check_exit 1 'a root for another machine' boot "$scratch/other"
says 'is not a root for 32-bit ARM' 'and says so'

[ -n "$root" ] || done_testing
# /tmp and others are missing; the name has a space
dir="$scratch/a root"
mkdir "$dir" && cp -a "$root/bin" "$root/lib" "$dir" || exit 99
mkdir "$dir/data"
for n in 1 2 3 4; do
	head -c 16000000 /dev/urandom >"$dir/data/$n"
done
check_exit 1 'a root that is too large' boot "$dir"
says 'does not fit into the flash of the board' 'and says so'
rm -r "$dir/data"

# shellcheck disable=SC2016 # expands on the board
command='printf "%s\n" "two  spaces" $((6 * 7)); cat /proc/mounts | head -n 1; tty; wc -c; exit 3'
check_exit 3 'a command: its exit status' boot --run "$command" "$dir"
printf '%s\n' 'two  spaces' 42 'mtd0 / cramfs ro,relatime 0 0' 'not a tty' 0 >"$scratch/want"
check 'its output, and nothing else' diff "$scratch/want" "$scratch/out"

echo '/bin/busybox xip' >"$scratch/policy"
check 'an image of which a part is in place' "$MKCRAMFS_XIP" --quiet -P "$scratch/policy" "$dir" "$scratch/image"
check_exit 0 'it boots, without a command or a terminal' boot "$scratch/image"
check 'busybox is in flash' grep -q '^ *\([1-9][0-9]*\)  *\1 .* r-xp /bin/busybox$' "$scratch/out"
check 'as before, the C library is not' grep -q '^ *[1-9][0-9]*  *0 .* r-xp .*/libc.so.6$' "$scratch/out"

check 'a shell on a terminal' python3 -B "$here/boot_typed.py" "$top_srcdir/quickstart" boot "$dir"
done_testing
