# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# Compares the kernel model (lib/read/kmodel.h) with the kernel of one machine: hundreds of
# random and hostile images in one boot; the real root, with dumpcramfs-xip maps, in another.
# Sourced by test-MACHINE-model.sh. README.md says how it works.
#
# CRX_FIRST_SEED     first seed of the random images (default 1)
# CRX_SEEDS          number of seeds, one boot each (default 1)
# CRX_KERNEL_IMAGES  number of random images for each seed (default 400)

# shellcheck source=tests/kernel/setup.sh
. "${top_srcdir:?}/tests/kernel/setup.sh"
differ=${top_builddir:?}/tests/kernel/differ
dump=${DUMPCRAMFS_XIP:-$top_builddir/dumpcramfs-xip/dumpcramfs-xip}
work=$work/model
rm -rf "$work"
mkdir -p "$work" || exit 99

check 'the probe compiles' machine_probe "$work/probe" "$here/differ_probe.c" "$here/board.c" "$place" "$here/walk.c"
check 'the device tree can be made' machine_dtb "$work/board.dtb"
[ "$tap_failed" -eq 0 ] || done_testing

# make_boot DIR: what differ left there, for QEMU
make_boot() {
	size=$(wc -c <"$1/bank")
	[ "$size" -le "$((bank_size))" ] || {
		echo "the images have $size bytes, the flash bank $((bank_size))" >&2
		return 1
	}
	# what follows them is never looked at
	dd if=/dev/null of="$1/bank" bs=1 seek="$((bank_size))" 2>/dev/null
	{ echo "bank $bank_base $bank_size" && cat "$1/jobs"; } >"$1/initramfs-jobs" || return
	{
		printf 'dir /dev 0755 0 0\nnod /dev/console 0600 0 0 c 5 1\n'
		printf 'file /init %s 0755 0 0\nfile /jobs %s 0644 0 0\n' "$work/probe" "$1/initramfs-jobs"
	} >"$1/initramfs.list"
	"$kernel/gen_init_cpio" "$1/initramfs.list" >"$1/initramfs.cpio" || return
	# the kernel's own reasons are among what is compared
	machine_args "$kernel_image" "$1/initramfs.cpio" "$work/board.dtb" "$1/bank" \
		"console=$console quiet rdinit=/init panic=-1 $append dyndbg=\"file fs/cramfs/* +p\" ${CRX_KERNEL_APPEND-}" >"$1/qemu.args"
}

differ_options="-b $page_size"
[ "$byte_order" = little ] || differ_options="$differ_options -B"
[ -z "$no_mmu" ] || differ_options="$differ_options -M"

# shellcheck disable=SC2086 # options
random_images() {
	"$differ" $differ_options "$1" "$2" "${CRX_KERNEL_IMAGES:-400}" && make_boot "$1"
}

# shellcheck disable=SC2086
real_root() {
	"$differ" $differ_options "$1" "$work/root.img" && python3 -B "$here/differ_root.py" "$1/jobs" "$work/maps.json" "$root" && make_boot "$1"
}

boot() {
	tr '\n' '\000' <"$1/qemu.args" | xargs -0 python3 -B "$here/run-qemu.py" "$1/boot.log" 900
}

# try WHAT DIR [OPTION...]: boot it, and compare
try() {
	what=$1
	dir=$2
	shift 2
	check "$what: the boot comes to its end" boot "$dir"
	verdicts "$what: " python3 -B "$here/differ_compare.py" "$dir" "$dir/boot.log" "$@"
	[ -n "${CRX_KERNEL_DEBUG-}" ] || rm -rf "$dir"
}

seed=${CRX_FIRST_SEED:-1}
last=$((seed + ${CRX_SEEDS:-1} - 1))
while [ "$seed" -le "$last" ]; do
	mkdir "$work/$seed" || exit 99
	check "seed $seed: images can be made" random_images "$work/$seed" "$seed"
	try "seed $seed" "$work/$seed" ${no_mmu:+--no-mmu}
	seed=$((seed + 1))
done

if [ -n "$root" ]; then
	mkdir "$work/root" || exit 99
	# ours is a path, which may hold spaces; another tool may be given with arguments,
	# and the old one's single -X leaves read-only segments alone
	if [ -z "${CRX_KERNEL_TOOL-}" ]; then
		# shellcheck disable=SC2086 # options
		set -- "$tool" $target_options -X
	else
		# shellcheck disable=SC2086
		set -- $tool $target_options -X -X
	fi
	check 'real root: an image can be made' "$@" "$root" "$work/root.img"
	# shellcheck disable=SC2016 # expands in the inner shell
	check 'real root: dumpcramfs-xip maps shows it' sh -c '
		dump=$1 to=$2
		shift 2
		"$dump" maps "$@" "$to/root.img" >"$to/maps.txt" && "$dump" maps "$@" --json "$to/root.img" >"$to/maps.json"
		' sh "$dump" "$work" -b "$page_size" --base "$bank_base" --kernel "$CRX_KERNEL_VERSION"
	check 'real root: the bank can be made' real_root "$work/root"
	try 'real root' "$work/root" --maps "$work/maps.json" "$work/maps.txt"
fi
done_testing
