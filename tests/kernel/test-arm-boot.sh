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
check_exit 2 'a command and a comparison' boot --compare --run true
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

# ---- the table of --compare ----

# log NAME LINE...: a directory as boot_table.py takes it
log() {
	log=$scratch/$1
	mkdir "$log" && echo >"$log/image" || exit 99
	shift
	printf '%s\n' "$@" 'T memory' 'MemFree: 1024 kB' 'Cached: 10 kB' 'X 0' \
		'T maps' '{"totals": {"flash": 1, "ram": 2}}' 'X 0' END >"$log/boot.log"
}

log a 'T applets' one 'X 0' 'I 35000000' 'T applets again' one 'X 0' 'I 10000000' 'T program' 'X 1' 'I 5'
log b 'T applets' one 'X 0' 'I 21000000' 'T applets again' one 'X 0' 'I 11000000' 'T program' 'X 1' 'I 5'
log c 'T applets' two 'X 0' 'I 21000000' 'T applets again' one 'X 0' 'I 11000000' 'T program' 'X 1' 'I 5'
check_exit 0 'a table' python3 -B "$here/boot_table.py" "$scratch/a" "$scratch/b"
says 'not in this root, .*: C\+\+' 'it says what failed in both boots'
says 'not in this root, .*: openssl' '... and what was not run'
check 'instructions of the first time' grep -q '^| instructions: busybox.* | *35.0 million | *21.0 million | *-14.0 million |$' "$scratch/out"
check '... and of inflating' grep -q '^| the first time more .* | *25.0 million | *10.0 million | *-15.0 million |$' "$scratch/out"
check_exit 1 'not the same output' python3 -B "$here/boot_table.py" "$scratch/a" "$scratch/c"
says 'not the same output in both boots: applets$' 'and says which'

# ---- on the board ----

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

mkdir -p "$scratch/bare/bin" && cp "$root/bin/busybox" "$scratch/bare/bin" || exit 99
check_exit 125 'a root that cannot come up' boot --run true "$scratch/bare"
says 'Kernel panic' 'what the kernel says is shown'
says "the board did not come up" 'and what it may mean'

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

libs=usr/lib/arm-linux-gnueabihf
mkdir -p "$dir/usr/bin" "$dir/$libs" && cp -a "$root/usr/bin/openssl" "$dir/usr/bin" || exit 99
cp -a "$root/$libs"/libssl.* "$root/$libs"/libcrypto.* "$root/$libs"/libstdc++.* "$dir/$libs" || exit 99
check_exit 0 'both ways are compared' boot --compare "$dir"
says 'with the root in place' 'and it says what it does'
# shellcheck disable=SC2016 # expands in the inner shell
check 'all programs ran' sh -c '! grep "not in this root" "$1"' sh "$scratch/err"
check 'only in place, programs have pages in flash' grep -q '^| pages .* in flash *| *0 | *[1-9]' "$scratch/out"

# shellcheck disable=SC2317 # check calls them
# column ROW N: a figure of the table
column() {
	grep "^| $1" "$scratch/out" | tr -d , | awk -F'|' "{ print \$($2 + 2) + 0 }"
}
# less ROW [FACTOR]: so much less in place
less() {
	echo "$(column "$1" 1)" "$(column "$1" 2)" "${2-1}" | awk '{ exit !($1 > $2 * $3) }'
}
check 'in place, the cache takes less RAM' less 'RAM: Cached' 3
check '... and programs fewer instructions when they are new' less '[.]* all of it  '
check '... since next to nothing is inflated' less 'the first time more' 4
done_testing
