#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# check-page-size.sh KERNEL-CONFIG SIZE: fail if SIZE is not the kernel's page size.
#
# Images do not record their page size. A kernel with another one mounts the
# image, lists every name, and fails to read files or returns wrong contents. If
# the configuration does not say, the script prints nothing and succeeds.

config=$1
[ -f "$config" ] || exit 0
# Sizes as mkcramfs-xip takes them. Invalid ones are left for it to report.
size=$2
unit=1024
case $size in
*[Kk]) size=${size%?} unit=1 ;;
*[Kk]iB) size=${size%???} unit=1 ;;
esac
case $size in
0[Xx] | 0[Xx]*[!0-9A-Fa-f]*) exit 0 ;;
0[Xx]*) ;;
'' | 0* | *[!0-9]*) exit 0 ;;
esac
kib=$((size / unit))

# newer kernels; older ARM64 and PowerPC; MIPS, LoongArch, SPARC, ...; ARC
shift=$(sed -n -e 's/^CONFIG_PAGE_SHIFT=//p' -e 's/^CONFIG_ARM64_PAGE_SHIFT=//p' \
	-e 's/^CONFIG_PPC_PAGE_SHIFT=//p' "$config" | head -n 1)
if [ "$shift" ]; then
	kernel=$((1 << (shift - 10)))
else
	kernel=$(sed -n -e 's/^CONFIG_PAGE_SIZE_\([0-9][0-9]*\)KB=y$/\1/p' \
		-e 's/^CONFIG_ARC_PAGE_SIZE_\([0-9][0-9]*\)K=y$/\1/p' "$config" | head -n 1)
fi

if [ "$kernel" ] && [ "$kernel" -ne "$kib" ]; then
	echo "rootfs.cramfs-xip: the kernel has pages of ${kernel}K, but the image would be for ${kib}K." >&2
	echo "Set BR2_TARGET_ROOTFS_MKCRAMFS_XIP_PAGE_SIZE=\"${kernel}K\", or change the kernel ($config)." >&2
	exit 1
fi
