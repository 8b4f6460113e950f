# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced. Big-endian MIPS, whose char is signed before Linux 6.2. Debian has no such
# architecture any more, but a compiler for it.
# shellcheck shell=sh disable=SC2034

arch=mips
cross=mips-linux-gnu-
cross_libc=libc6-dev-mips-cross
debian_arch=
qemu='qemu-system-mips'
qemu_package='qemu-system-mips'
kernel_version=6.1
kernel_target=vmlinux
kernel_file=vmlinux
configs='common.config malta.config'
config_lines=
page_size=4096
byte_order=big
elf='32 8'
signed_char=yes                          # matters before 6.2
bank_base=0x90000000
bank_size=0x10000000
console=ttyS0
append='mem=256M' # the bank is in the rest
can_power_off=

# machine_dtb FILE: none. The board's is in the kernel, and the bank in its configuration
# (MTD_PHYSMAP_COMPAT).
machine_dtb() {
	: >"$1"
}

# machine_args KERNEL INITRD DTB ROM APPEND
machine_args() {
	printf '%s\n' "$qemu" -M malta -cpu 24Kf -m 512 -nic none -vga none -display none \
		-monitor none -serial stdio -no-reboot -kernel "$1" -initrd "$2" \
		-device "loader,file=$4,addr=$bank_base,force-raw=on" -append "$5"
}
