# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# The kernel test for one machine: images of a real root and of edge trees on a real
# kernel. Sourced by test-MACHINE.sh, which sets `machine`. README.md says how it works.
#
# CRX_KERNEL_EDGES   names of edge trees: only these, and no real root

# shellcheck source=tests/kernel/setup.sh
. "${top_srcdir:?}/tests/kernel/setup.sh"

check 'the probe compiles' machine_probe "$work/probe" "$here/probe.c" "$here/board.c" "$place" "$here/walk.c"
# shellcheck disable=SC2086
check 'the host side compiles' $cc $flags -o "$work/facts" "$here/facts.c" "$here/walk.c"
[ -z "$no_mmu" ] || check 'the program compiles' machine_program "$work/flat.elf" "$here/flat_prog.c"
[ "$tap_failed" -eq 0 ] || done_testing

# One fakeroot session: who owns what is known in it only. (fakeroot comes
# before the sanitizers' runtime, where the builder has that.)
rm -rf "$work/edges" "$work/out" "$work"/boot-*.log
mkdir "$work/edges" || exit 99
cat >"$work/build.sh" <<-'END'
	here=$1 work=$2 cross=$3
	shift 3
	python3 -B "$here/edges.py" "$work/edges" "$cross" >"$work/names" || exit
	if [ -e "$work/flat.elf" ]; then
		python3 -B "$here/flat_tree.py" "$work/edges/flat" "$work/flat.elf" && echo flat >>"$work/names" || exit
	fi
	python3 -B "$here/images.py" "$work/out" --edges "$work/edges" --facts "$work/facts" "$@" <"$work/names" >"$work/banks"
END
set -- --tool "$tool" --bank-base "$bank_base" --bank-size "$bank_size"
[ -z "$root" ] || [ -n "${CRX_KERNEL_EDGES-}" ] || set -- "$@" --root "$root"
[ -z "$no_mmu" ] || set -- "$@" --dump "${DUMPCRAMFS_XIP:-${top_builddir:?}/dumpcramfs-xip/dumpcramfs-xip}"
[ -z "${CRX_KERNEL_TOOL-}" ] || set -- "$@" --foreign
[ -z "${CRX_KERNEL_DEBUG-}" ] || set -- "$@" --keep
ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}verify_asan_link_order=0 \
	fakeroot sh "$work/build.sh" "$here" "$work" "$cross" "$@" 2>"$scratch/build.err" || {
	not_ok 'trees and images can be made'
	diagnose "$scratch/build.err"
	done_testing
}
ok 'trees and images can be made'
diagnose "$scratch/build.err"

check 'the device tree can be made' machine_dtb "$work/board.dtb"
append="console=$console quiet rdinit=/init panic=-1 $append ${CRX_KERNEL_APPEND-}"
n=0
while [ "$n" -lt "$(cat "$work/banks")" ]; do
	cat >"$work/initramfs-$n.list" <<-END
		dir /dev 0755 0 0
		nod /dev/console 0600 0 0 c 5 1
		file /init $work/probe 0755 0 0
		file /jobs $work/out/jobs-$n 0644 0 0
	END
	"$kernel/gen_init_cpio" "$work/initramfs-$n.list" >"$work/initramfs-$n.cpio" || exit 99
	machine_args "$kernel_image" "$work/initramfs-$n.cpio" "$work/board.dtb" \
		"$work/out/bank-$n.bin" "$append" >"$work/qemu-$n.args"
	# shellcheck disable=SC2016 # expands in the inner shell
	check "boot $n comes to its end" sh -c '
		log=$1 run=$2; shift 2
		tr "\n" "\000" <"$1" | xargs -0 python3 -B "$run" "$log" 900' \
		sh "$work/boot-$n.log" "$here/run-qemu.py" "$work/qemu-$n.args"
	n=$((n + 1))
done

verdicts "" python3 -B "$here/compare.py" "$work/out" "$work"/boot-*.log
done_testing
