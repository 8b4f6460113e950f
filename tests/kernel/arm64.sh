# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by arm64-4k.sh, arm64-16k.sh and arm64-64k.sh, which set page_size, config_lines
# and cpu. README.md, "Another machine", says what is in such a file.
# shellcheck shell=sh disable=SC2034

arch=arm64
cross=aarch64-linux-gnu-
cross_libc=libc6-dev-arm64-cross
debian_arch=arm64
qemu='qemu-system-aarch64'
qemu_package='qemu-system-arm'
kernel_version=6.12
kernel_target=Image
kernel_file=arch/arm64/boot/Image
configs='common.config arm64.config'
byte_order=little
elf='64 183'
signed_char=
bank_base=0x60000000
bank_size=0x10000000 # the kernel takes the largest power of two that fits
console=ttyAMA0
append='mem=512M' # the bank is in the rest
can_power_off=yes

# machine_dtb FILE: the board's device tree, with ROM instead of flash, which would hold less
machine_dtb() {
	"$qemu" -M "virt,dumpdtb=$1" -cpu "${cpu:?}" -m 1024 -display none -nic none >"$1.log" 2>&1 || {
		cat "$1.log" >&2
		return 1
	}
	fdtput -r "$1" /flash@0 &&
		fdtput -c "$1" /rom@60000000 &&
		fdtput -t s "$1" /rom@60000000 compatible mtd-rom &&
		fdtput -t x "$1" /rom@60000000 bank-width 4 &&
		fdtput -t x "$1" /rom@60000000 reg 0 60000000 0 10000000
}

# machine_args KERNEL INITRD DTB ROM APPEND
machine_args() {
	printf '%s\n' "$qemu" -M virt -cpu "${cpu:?}" -m 1024 -nic none -display none \
		-monitor none -serial stdio -no-reboot -kernel "$1" -initrd "$2" -dtb "$3" \
		-device "loader,file=$4,addr=$bank_base,force-raw=on" -append "$5"
}
