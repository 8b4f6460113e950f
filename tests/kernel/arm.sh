# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced. Everything about the bench that is specific to ARM. Each machine has such a
# file; README.md, "Another machine", says what is in it.
# shellcheck shell=sh disable=SC2034

arch=arm                                 # the kernel's ARCH
cross=arm-linux-gnueabihf-               # compiler for kernel and probe
cross_libc=libc6-dev-armhf-cross         # Debian's package with headers and static library
debian_arch=armhf                        # of the real root; empty: programs of the test's own
qemu='qemu-system-arm'
qemu_package='qemu-system-arm'
kernel_version=                          # of linux-source; empty: whichever is in /usr/src
kernel_target=zImage                     # make target, and its file
kernel_file=arch/arm/boot/zImage
configs='common.config arm.config'       # fragments, next to this file
config_lines=                            # and more lines of such
page_size=4096
byte_order=little
elf='32 40'                              # class and machine number of programs
signed_char=                             # not empty: char is signed, as compilers have it
bank_base=0x4000000                      # physical address of the flash bank
bank_size=0x4000000
console=ttyAMA0
append=                                  # more for the kernel's command line
can_power_off=                           # not empty: the kernel switches the board off (kernel.md says what prevents it here)

# machine_dtb FILE KERNEL: the board's device tree, with the second flash bank only.
# QEMU describes both banks in one node; the kernel would concatenate them, and
# a concatenated device cannot be pointed at.
machine_dtb() {
	"$qemu" -M "virt,dumpdtb=$1" -cpu cortex-a15 -m 256 -display none -nic none >"$1.log" 2>&1 || {
		cat "$1.log" >&2
		return 1
	}
	fdtput -r "$1" /flash@0 &&
		fdtput -c "$1" /flash@4000000 &&
		fdtput -t s "$1" /flash@4000000 compatible cfi-flash &&
		fdtput -t x "$1" /flash@4000000 bank-width 4 &&
		fdtput -t x "$1" /flash@4000000 reg 0 4000000 0 4000000
}

# machine_args KERNEL INITRD DTB FLASH APPEND: QEMU's arguments, a line each.
# The flash is unit 1: QEMU would boot from unit 0.
machine_args() {
	printf '%s\n' "$qemu" -M virt -cpu cortex-a15 -m 256 -nic none -display none \
		-monitor none -serial stdio -no-reboot -kernel "$1" -initrd "$2" -dtb "$3" \
		-drive "if=pflash,format=raw,index=1,file=$4,readonly=on" -append "$5"
}
