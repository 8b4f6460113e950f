# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced. The machine without an MMU: RISC-V in M mode. See arm.sh.
# shellcheck shell=sh disable=SC2034

arch=riscv
cross=riscv64-linux-gnu-
cross_libc=libc6-dev-riscv64-cross
debian_arch=
no_mmu=yes
qemu=qemu-system-riscv64
qemu_package=qemu-system-misc
kernel_version=6.1
kernel_target=Image
kernel_file=arch/riscv/boot/Image
configs=riscv-nommu.config
config_lines=
page_size=4096
byte_order=little
elf='64 243'
signed_char=
bank_base=0x22000000
bank_size=0x2000000
console=ttyS0
append=
flat_machine=riscv64                      # what dumpcramfs-xip calls it
has_fdpic=                                # not empty: the kernel loads FDPIC programs; machine_fdpic makes them
has_tracing=yes                           # not empty: it has tracepoints
has_xipstat=yes                           # not empty: machine_probe can compile xipstat
start_order=10                            # RAM is enough for two programs with blocks of this order

# machine_dtb FILE: the board's device tree, with the second flash bank only, as in arm.sh
machine_dtb() {
	"$qemu" -M "virt,dumpdtb=$1" -bios none -m 256 -display none -nic none >"$1.log" 2>&1 || {
		cat "$1.log" >&2
		return 1
	}
	fdtput -r "$1" /flash@20000000 &&
		fdtput -c "$1" /flash@22000000 &&
		fdtput -t s "$1" /flash@22000000 compatible cfi-flash &&
		fdtput -t x "$1" /flash@22000000 bank-width 4 &&
		fdtput -t x "$1" /flash@22000000 reg 0 22000000 0 2000000
}

# machine_args KERNEL INITRD DTB FLASH APPEND. With a flash bank of unit 1, QEMU keeps what -kernel
# and -initrd name for a firmware to load; so they are put into memory, and FLASH.dtb says where.
# With small_ram, the board has 18 MiB, which leaves less than 16 to manage (QEMU puts the device
# tree on a boundary of 16 MiB).
machine_args() {
	riscv_ram=256 riscv_initrd=84000000
	[ -z "${small_ram-}" ] || riscv_ram=18 riscv_initrd=80a00000
	riscv_end=$((0x$riscv_initrd + $(wc -c <"$2")))
	cp "$3" "$4.dtb" && {
		fdtput -t s "$4.dtb" /chosen bootargs "$5" &&
			fdtput -t x "$4.dtb" /chosen linux,initrd-start "$riscv_initrd" &&
			fdtput -t x "$4.dtb" /chosen linux,initrd-end "$(printf %x "$riscv_end")" &&
			fdtput -t x "$4.dtb" /memory@80000000 reg 0 80000000 0 "$(printf %x $((riscv_ram << 20)))"
	} || return
	printf '%s\n' "$qemu" -M virt -bios none -m "$riscv_ram" -nic none -display none \
		-monitor none -serial stdio -no-reboot -dtb "$4.dtb" \
		-device "loader,file=$1,addr=0x80000000,force-raw=on" \
		-device "loader,file=$2,addr=0x$riscv_initrd,force-raw=on" \
		-drive "if=pflash,format=raw,index=1,file=$4,readonly=on"
}

# machine_probe OUT SOURCE...: /init as a flat binary. Debian has no C library for kernels without an
# MMU, but with flat_start.S the static one of riscv64 works.
machine_probe() {
	riscv_out=$1
	riscv_lib=$(dirname "$("${cross}gcc" -print-file-name=Scrt1.o)")
	shift
	# shellcheck disable=SC2086,SC2154 # setup.sh sets both
	"${cross}gcc" $flags -Wno-clobbered -Dfork=vfork -fPIE -static -nostartfiles \
		-Wl,-pie,--no-dynamic-linker,-e,flat_start,-z,norelro,-z,noseparate-code,--build-id=none \
		-o "$riscv_out.elf" "$riscv_lib/Scrt1.o" "$riscv_lib/crti.o" "$@" "$here/flat_start.S" "$riscv_lib/crtn.o" &&
		python3 -B "$here/flat.py" --ram --stack 1048576 "$riscv_out.elf" "$riscv_out"
}

# machine_program OUT SOURCE: a program whose text may be in place, linked at 0
machine_program() {
	"${cross}gcc" -std=gnu11 -O2 -Wall -Wextra -Werror -ffreestanding -nostdlib -fno-pic -no-pie -mcmodel=medany -static \
		-Wl,-Ttext-segment=0,-z,noseparate-code,--build-id=none -o "$1" "$2"
}
