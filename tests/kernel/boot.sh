# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# A complete boot from an XIP image of a real root, on one machine: busybox, openssl and a C++ program
# with exceptions, a plugin and threads run from flash; of these the C++ program alone where the root
# is the test's own. Sourced by test-machine.sh. README.md
# says how it works; boot_image.sh makes the image and QEMU's command line.

# shellcheck source=tests/kernel/setup.sh
. "${top_srcdir:?}/tests/kernel/setup.sh"
# shellcheck source=tests/kernel/boot_image.sh
. "$here/boot_image.sh"
dump=${DUMPCRAMFS_XIP:-${top_builddir:?}/dumpcramfs-xip/dumpcramfs-xip}
work=$work/boot
rm -rf "$work"
mkdir -p "$work/overlay" || exit 99
[ -n "$root" ] || done_testing
need "${cross}g++" "g++-${cross%-}"

check 'the program and its plugin compile' boot_program "$work/overlay"
check 'xipstat compiles for the target' boot_xipstat "$work/overlay"
own_overlay() {
	mkdir -p "$work/overlay/sbin" "$work/overlay/sys" &&
		"${cross}gcc" -O2 -Wall -Wextra -Werror -o "$work/overlay/sbin/init" "$here/own_init.c"
}
if [ -n "$debian_arch" ]; then
	check 'what a boot needs can be added' boot_overlay "$work/overlay" "$here/boot_run.sh"
else
	check 'what a boot needs can be added' own_overlay
fi
# shellcheck disable=SC2086 # options
check 'an image can be made' boot_image "$work/image" "$work/overlay" "$MKCRAMFS_XIP" $target_options --quiet -X "$root"
# shellcheck disable=SC2016 # expands in the inner shell
check 'dumpcramfs-xip maps shows it' sh -c '"$1" maps -b "$4" --base "$2" --json "$3/image" >"$3/maps.json"' \
	sh "$dump" "$bank_base" "$work" "$page_size"
[ "$tap_failed" -eq 0 ] || done_testing
boot_args "$work" "$work/image" "${CRX_KERNEL_APPEND-}" >"$work/qemu.args" 2>"$scratch/err" || {
	not_ok 'the board can be made'
	diagnose "$scratch/err"
	done_testing
}

boot() {
	tr '\n' '\000' <"$work/qemu.args" | xargs -0 python3 -B "$here/run-qemu.py" "$@" "$work/boot.log" 300
}
if [ -n "${can_power_off-}" ]; then
	check 'the board boots, works, and switches itself off' boot --power-off
else
	check 'the board boots and works' boot
fi
verdicts "" python3 -B "$here/boot_compare.py" "$work/boot.log" "$work/maps.json" "${debian_arch:-own}"
done_testing
