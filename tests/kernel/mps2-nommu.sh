# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced. A Cortex-M3, which has no MMU, and a kernel that loads FDPIC programs. See arm.sh.
# shellcheck shell=sh disable=SC2034

arch=arm
cross=arm-linux-gnueabihf-
cross_libc=libc6-dev-armhf-cross
debian_arch=
no_mmu=yes
qemu=qemu-system-arm
qemu_package=qemu-system-arm
kernel_version=6.1
kernel_target=Image
kernel_file=arch/arm/boot/Image
configs=mps2-nommu.config
config_lines=
page_size=4096
byte_order=little
elf='32 40'
signed_char=
bank_base=0x20000000
bank_size=0x400000
console=ttyMPS0
append=
flat_machine=arm
has_fdpic=yes
has_tracing=
has_xipstat=
start_order=9

# machine_dtb FILE: and FILE.boot, which the processor begins with. It and the initramfs are in the
# first 4 MiB of RAM, as the kernel is.
mps2_dtb=0x21300000
mps2_initrd=0x21310000
machine_dtb() {
	dtc -q -I dts -O dtb -o "$1" "$here/mps2-nommu.dts" &&
		mps2_cc -DDTB="$mps2_dtb" -DKERNEL=0x21008000 -Wl,-Ttext=0,-e,start -o "$1.elf" "$here/mps2_boot.S" &&
		"${cross}objcopy" -O binary -j .text "$1.elf" "$1.boot"
}

# machine_args KERNEL INITRD DTB ROM APPEND
machine_args() {
	mps2_end=$((mps2_initrd + $(wc -c <"$2")))
	cp "$3" "$4.dtb" && {
		fdtput -t s "$4.dtb" /chosen bootargs "$5" &&
			fdtput -t x "$4.dtb" /chosen linux,initrd-start "${mps2_initrd#0x}" &&
			fdtput -t x "$4.dtb" /chosen linux,initrd-end "$(printf %x "$mps2_end")"
	} || return
	printf '%s\n' "$qemu" -M mps2-an385 -nic none -display none -monitor none -serial stdio -no-reboot \
		-kernel "$3.boot" \
		-device "loader,file=$1,addr=0x21008000,force-raw=on" \
		-device "loader,file=$2,addr=$mps2_initrd,force-raw=on" \
		-device "loader,file=$4.dtb,addr=$mps2_dtb,force-raw=on" \
		-device "loader,file=$4,addr=$bank_base,force-raw=on"
}

mps2_cc() {
	# shellcheck disable=SC2086,SC2154 # setup.sh sets it
	"${cross}gcc" $flags -mcpu=cortex-m3 -mthumb -mfloat-abi=soft -ffreestanding -nostdlib -static -Wl,--build-id=none "$@"
}

# machine_fdpic OUT SOURCE...: Debian's compiler is not made for FDPIC, but it and its assembler and linker know it.
# The data is at an address far from the text, so that fdpic_tree.py can enlarge that.
machine_fdpic() {
	mps2_out=$1
	shift
	mps2_cc -mfdpic -Wa,--fdpic -Wl,-b,elf32-littlearm-fdpic,--oformat,elf32-littlearm-fdpic,-T,"$here/fdpic.lds" \
		-Wl,-z,norelro,-z,max-page-size=0x1000000,-z,common-page-size=4096,-Ttext-segment=0x1000000,-z,stack-size=131072 \
		-o "$mps2_out" "$here/fdpic_start.c" "$@"
}

# machine_probe OUT SOURCE...: Debian's C library is not made for this processor; only its headers are used.
# (__ARM_PCS_VFP chooses one of them, which has no other effect.)
machine_probe() {
	mps2_out=$1
	shift
	machine_fdpic "$mps2_out" -U_FILE_OFFSET_BITS -D__ARM_PCS_VFP "$here/nommu_calls.S" "$here/nommu_libc.c" "$@"
}

# machine_program OUT SOURCE: a program whose text may be in place, linked at 0
machine_program() {
	mps2_cc -fno-pic -no-pie -Wl,-Ttext-segment=0,-z,noseparate-code -o "$1" "$2"
}

# machine_pie OUT SOURCE: one that the loader of FDPIC programs puts into one block
machine_pie() {
	mps2_cc -fpie -Wl,-pie,--no-dynamic-linker,-z,norelro -o "$1" "$2"
}
