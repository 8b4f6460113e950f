# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# Compares cramfs-xip-fuse with the kernel of one machine: it mounts random and hostile images, a
# tree, and the tree with damage, and so does cramfs-xip-fuse on the same board. Sourced by
# test-arm-fuse.sh and test-machine.sh. README.md says how it works.
#
# CRX_FIRST_SEED     seed of the random images (default 1)
# CRX_KERNEL_IMAGES  number of random images (default 200)

# shellcheck source=tests/kernel/setup.sh
. "${top_srcdir:?}/tests/kernel/setup.sh"
differ=${top_builddir:?}/tests/kernel/differ
work=$work/fuse
rm -rf "$work"
mkdir -p "$work/include" "$work/o" "$work/tree/dir" || exit 99

# Debian's static libraries for the machine, and the compiler's C library
libraries=$cache/fuse-$debian_arch
"$top_srcdir/tests/sample-root.sh" "$libraries" fuse "$debian_arch" >"$scratch/out" 2>"$scratch/err" || {
	cannot "no libfuse for $debian_arch: $(tail -n 1 "$scratch/err")"
}
multiarch=${cross%-}
ln -s "$libraries/usr/include/fuse3" "$work/include/fuse3"
for file in zlib.h zconf.h; do
	for dir in "$libraries/usr/include/$multiarch" "$libraries/usr/include"; do
		[ ! -e "$dir/$file" ] || ln -sf "$dir/$file" "$work/include/$file"
	done
done
cat >"$work/include/config.h" <<END
#define _GNU_SOURCE 1
#define _FILE_OFFSET_BITS 64
#define HAVE_LIBDEFLATE 0
#define HAVE_ZOPFLI 0
#define PACKAGE_VERSION "test"
END

# The program is built without configure: the rooms that it needs.
compile_program() (
	cd "$top_srcdir" || exit
	for file in lib/base/*.c lib/cli/*.c lib/format/*.c lib/comp/*.c lib/read/*.c cramfs-xip-fuse/*.c; do
		printf '%s\n' "$file"
	done | xargs -P "$(nproc 2>/dev/null || echo 2)" -I '{}' sh -c '
		to=$2/o/$(echo "$3" | tr / _).o
		exec "$1gcc" -std=c11 -O1 -I "$2/include" -I "$2/include/fuse3" -I lib -I . -c -o "$to" "$3"' \
		sh "$cross" "$work" '{}' &&
		"${cross}gcc" -static -o "$work/cramfs-xip-fuse" "$work"/o/*.o \
			"$libraries/usr/lib/$multiarch/libfuse3.a" "$libraries/usr/lib/$multiarch/libz.a" -lpthread
)
check 'cramfs-xip-fuse compiles for the machine' compile_program
check 'the probe compiles' machine_probe "$work/probe" "$here/differ_probe.c" "$here/board.c" "$place" "$here/walk.c"
check 'the device tree can be made' machine_dtb "$work/board.dtb"

# A tree, and the same with damage
cat >"$work/table" <<'END'
/dev d 755 0 0 - - - - -
/dev/null c 666 0 0 1 3 - - -
/dev/hda b 660 0 6 3 1 - - -
/dev/pipe p 622 33 34 - - - - -
/dir/equal f 4711 1000 100 - - - - -
END
awk 'BEGIN { for (i = 0; i < 9000; i++) print i, i * i % 977 }' >"$work/tree/dir/numbers"
cp "$work/tree/dir/numbers" "$work/tree/dir/equal"
{ echo begin && dd if=/dev/zero bs=4096 count=5 && echo end; } >"$work/tree/holes" 2>/dev/null
ln -s dir/numbers "$work/tree/link"
cp "$work/probe" "$work/tree/program"
chmod 755 "$work/tree/program"
# shellcheck disable=SC2086 # options
make_trees() {
	for option in -q -x -X; do
		"$tool" $target_options --quiet -q -D "$work/table" $option "$work/tree" "$work/tree$option" &&
			python3 -B "$top_srcdir/tests/cli/fuse_compare.py" damage "$work/tree$option" "$page_size" "$work/damaged$option" || return
	done
}
check 'trees can be made, and damaged' make_trees
make_boot() {
	size=$(wc -c <"$work/bank")
	[ "$size" -le "$((bank_size))" ] || return
	dd if=/dev/null of="$work/bank" bs=1 seek="$((bank_size))" 2>/dev/null
	{ echo "bank $bank_base $bank_size" && cat "$work/jobs"; } >"$work/initramfs-jobs" || return
	{
		printf 'dir /dev 0755 0 0\nnod /dev/console 0600 0 0 c 5 1\n'
		printf 'file /init %s 0755 0 0\nfile /jobs %s 0644 0 0\n' "$work/probe" "$work/initramfs-jobs"
		printf 'file /cramfs-xip-fuse %s 0755 0 0\n' "$work/cramfs-xip-fuse"
	} >"$work/initramfs.list"
	"$kernel/gen_init_cpio" "$work/initramfs.list" >"$work/initramfs.cpio" || return
	machine_args "$kernel_image" "$work/initramfs.cpio" "$work/board.dtb" "$work/bank" \
		"console=$console quiet rdinit=/init panic=-1 $append ${CRX_KERNEL_APPEND-}" >"$work/qemu.args"
}
# shellcheck disable=SC2086 # options
random_images() {
	"$differ" -b "$page_size" "$work" "${CRX_FIRST_SEED:-1}" "${CRX_KERNEL_IMAGES:-200}" &&
		python3 -B "$here/fuse_mounts.py" jobs "$work" "$work"/tree-? "$work"/damaged-?
}
boot() {
	tr '\n' '\000' <"$work/qemu.args" | xargs -0 python3 -B "$here/run-qemu.py" "$work/boot.log" 900
}
check 'random images can be made' random_images
check 'the board can be made' make_boot
[ "$tap_failed" -eq 0 ] || done_testing
check 'the boot comes to its end' boot
verdicts '' python3 -B "$here/fuse_mounts.py" judge "$work" "$work/boot.log"
done_testing
