# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# What programs take without an MMU: `dumpcramfs-xip maps --no-mmu` compared with a kernel, which
# shows its mappings, the orders of its allocations, and what does not start when RAM is divided.
# Sourced by test-machine.sh. README.md says how it works.

# shellcheck source=tests/kernel/setup.sh
. "${top_srcdir:?}/tests/kernel/setup.sh"
dump=${DUMPCRAMFS_XIP:-${top_builddir:?}/dumpcramfs-xip/dumpcramfs-xip}
work=$work/memory
rm -rf "$work"
mkdir -p "$work/tree" || exit 99

check 'the probe compiles' machine_probe "$work/probe" "$here/memory_probe.c" "$here/board.c"
check 'the program compiles' machine_program "$work/prog.elf" "$here/memory_prog.c"
[ -z "$has_fdpic" ] || {
	check 'an FDPIC program compiles' machine_fdpic "$work/fdpic.elf" "$here/fdpic_prog.c"
	check 'and one with its data near' machine_fdpic "$work/near.elf" -Wl,-z,max-page-size=4096 "$here/fdpic_prog.c"
	mkdir "$work/tree/whole"
	check 'a program compiles that is not FDPIC' machine_pie "$work/tree/whole/pie" "$here/memory_prog.c"
}
[ -z "$has_xipstat" ] || check 'xipstat compiles' machine_probe "$work/xipstat" "$top_srcdir"/tools/xipstat/*.c
check 'the device tree can be made' machine_dtb "$work/board.dtb"
[ "$tap_failed" -eq 0 ] || done_testing
check 'programs of all sizes' python3 -B "$here/memory_tree.py" "$work/tree" "$work/prog.elf"
[ -z "$has_fdpic" ] || check 'FDPIC programs' python3 -B "$here/fdpic_tree.py" "$work/tree" "$work/fdpic.elf" "$work/near.elf"
printf '%s\n' '/copied/* compress' >"$work/policy"
# shellcheck disable=SC2086 # options
check 'an image can be made' "$tool" --quiet $target_options -X -P "$work/policy" "$work/tree" "$work/image"
# shellcheck disable=SC2086
maps() {
	"$dump" maps -b "$page_size" --no-mmu --machine "$flat_machine" --base "$bank_base" --json "$@"
}
expected() {
	maps "$work/image" >"$work/maps.json"
}
check 'dumpcramfs-xip maps shows it' expected
[ "$tap_failed" -eq 0 ] || done_testing

cp "$work/image" "$work/bank" && dd if=/dev/null of="$work/bank" bs=1 seek="$((bank_size))" 2>/dev/null

# boot NAME: with the jobs of this name
boot() {
	{
		[ -z "$has_tracing" ] || echo trace
		echo "bank $bank_base $bank_size"
		echo "image 0 $(wc -c <"$work/image" | tr -d ' ')"
		python3 -B "$here/memory_compare.py" jobs "$1" "$work/maps.json" "$start_order" ${has_xipstat:+xipstat}
	} >"$work/$1.jobs"
	{
		printf 'dir /dev 0755 0 0\nnod /dev/console 0600 0 0 c 5 1\n'
		printf 'file /init %s 0755 0 0\nfile /jobs %s 0644 0 0\n' "$work/probe" "$work/$1.jobs"
		[ "$1" = free ] || [ -z "$has_xipstat" ] || printf 'file /xipstat %s 0755 0 0\n' "$work/xipstat"
	} >"$work/initramfs.list"
	"$kernel/gen_init_cpio" "$work/initramfs.list" >"$work/initramfs.cpio" || return
	machine_args "$kernel_image" "$work/initramfs.cpio" "$work/board.dtb" "$work/bank" \
		"console=$console quiet rdinit=/init panic=-1 $append ${CRX_KERNEL_APPEND-}" >"$work/qemu.args"
	tr '\n' '\000' <"$work/qemu.args" | xargs -0 python3 -B "$here/run-qemu.py" "$work/$1.log" 300
}
# compare NAME: what was seen
compare() {
	verdicts "" python3 -B "$here/memory_compare.py" compare "$1" "$work/$1.log" "$work/maps.json" "$start_order" "$work/tree" \
		"$dump" maps -b "$page_size" --no-mmu --machine "$flat_machine" --json "$work/image"
}

check 'programs that start: the boot comes to its end' boot start
compare start
# In less than 16 MiB the kernel does not group pages by mobility: then what is divided stays
# so, and the largest free block is not taken for something small.
small_ram=yes
check 'programs that may not: the boot comes to its end' boot free
compare free
done_testing
