# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# Sourced, after MACHINE.sh: an image that a board boots from, and how to boot it. Judges nothing.

# boot_overlay DIR SCRIPT: what a root needs besides to come up with busybox as init, which
# runs SCRIPT with busybox's sh on the console. SCRIPT may source /etc/boot/work (boot_work.sh).
boot_overlay() {
	mkdir -p "$1/sbin" "$1/etc/boot" "$1/proc" "$1/sys" "$1/dev" "$1/tmp" &&
		ln -sf /bin/busybox "$1/sbin/init" &&
		cp "$2" "$1/etc/boot/run" &&
		cp "${here:?}/boot_work.sh" "$1/etc/boot/work" || return
	cat >"$1/etc/boot/setup" <<-'END' || return
		PATH=/sbin:/usr/sbin:/bin:/usr/bin
		export PATH
		/bin/busybox mount -t proc proc /proc
		/bin/busybox mount -t sysfs sysfs /sys
		/bin/busybox mount -t tmpfs tmpfs /tmp
	END
	# with a terminal of its own, which /dev/console is not, a shell controls its jobs
	cat >"$1/etc/inittab" <<-END
		::sysinit:/bin/busybox sh /etc/boot/setup
		${console:?}::once:/bin/busybox sh /etc/boot/run
	END
}

# boot_xipstat DIR: add xipstat, as /opt/boot/xipstat
boot_xipstat() {
	mkdir -p "$1/opt/boot" &&
		make -s -C "$here/../../tools/xipstat" CC="${cross:?}gcc" OUT="$1/opt/boot/xipstat"
}

# boot_program DIR: add the C++ program and its plugin, as /opt/boot/program and plugin.so. They are linked
# dynamically: the root's C and C++ library are what they run with.
boot_program() {
	mkdir -p "$1/opt/boot" &&
		boot_cxx -pthread -o "$1/opt/boot/program" "$here/boot_program.cc" -ldl &&
		boot_cxx -shared -fPIC -o "$1/opt/boot/plugin.so" "$here/boot_plugin.cc"
}

# boot_cost DIR: add what counts instructions, as /opt/boot/cost
boot_cost() {
	mkdir -p "$1/opt/boot" &&
		"${cross:?}gcc" -std=c11 -O2 -Wall -Wextra -Werror -static -o "$1/opt/boot/cost" "$here/boot_cost.c"
}

boot_cxx() {
	"${cross:?}g++" -std=c++17 -O2 -Wall -Wextra -Werror "$@"
}

# boot_image IMAGE OVERLAY COMMAND...: COMMAND is mkcramfs-xip with its options and, last, the root
boot_image() {
	boot_image=$1
	boot_over=$2
	shift 2
	"$@" -q --overlay "$boot_over" "$boot_image"
}

# boot_args DIR IMAGE [APPEND]: QEMU's arguments, a line each. Uses DIR for the rest: device tree, an
# empty initramfs (the kernel goes on to root=), the flash bank. setup.sh has found $kernel_image.
boot_args() {
	boot_size=$(wc -c <"$2")
	if [ "$boot_size" -gt "$((bank_size))" ]; then
		echo "the image has $boot_size bytes, the flash $((bank_size))" >&2
		return 1
	fi
	cp "$2" "$1/bank" && dd if=/dev/null of="$1/bank" bs=1 seek="$((bank_size))" 2>/dev/null &&
		machine_dtb "$1/board.dtb" &&
		printf 'dir /dev 0755 0 0\nnod /dev/console 0600 0 0 c 5 1\n' >"$1/initramfs.list" &&
		"${kernel:?}/gen_init_cpio" "$1/initramfs.list" >"$1/initramfs.cpio" || return
	machine_args "$kernel_image" "$1/initramfs.cpio" "$1/board.dtb" "$1/bank" \
		"console=$console quiet root=mtd0 rootfstype=cramfs ro init=/sbin/init devtmpfs.mount=1 panic=-1 $append ${3-}"
}
