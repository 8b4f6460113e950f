#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# build-kernel.sh keeps what it has built, and builds again what is damaged. The "kernel" here is a
# Makefile that writes a few lines; its compiler does nothing.
# shellcheck disable=SC2317 # check calls by name
# shellcheck source=tests/tap.sh
. "${top_srcdir:?}/tests/tap.sh"

for tool in make xz sha256sum; do
	command -v "$tool" >/dev/null && continue
	lacks "$tool"
	done_testing
done
here=$top_srcdir/tests/kernel
mkdir -p "$scratch/bin" "$scratch/linux/fs/cramfs" || exit 99
for tool in arm-linux-gnueabihf-gcc flex bison bc perl gcc; do
	printf '#!/bin/sh\necho version 1\n' >"$scratch/bin/$tool"
	chmod +x "$scratch/bin/$tool"
done
# a source file among the objects comes first, as kbuild's VPATH has it
cat >"$scratch/linux/Makefile" <<-'END'
	.RECIPEPREFIX = >
	allnoconfig:
	> mkdir -p $(O)/arch/arm/boot $(O)/usr $(O)/include/config $(O)/fs/cramfs
	> cat $(KCONFIG_ALLCONFIG) >$(O)/.config
	> echo 6.1.2 >$(O)/include/config/kernel.release
	zImage:
	> echo built >>$(BUILDS)
	> cat $$(ls $(O)/fs/cramfs/inode.c fs/cramfs/inode.c 2>/dev/null | head -n 1) >$(O)/arch/arm/boot/zImage
	> echo cpio >$(O)/usr/gen_init_cpio
	> chmod +x $(O)/usr/gen_init_cpio
END
echo 'f(PHYS_PFN(address + off))' >"$scratch/linux/fs/cramfs/inode.c"
tar -C "$scratch" -cJf "$scratch/linux-source-6.1.tar.xz" linux || exit 99

BUILDS=$scratch/builds
export BUILDS
: >"$BUILDS"

# build: as setup.sh does; the directory is in $dir
build() {
	dir=$(PATH=$scratch/bin:$PATH CRX_CACHE=$scratch/cache CRX_KERNEL_SOURCE=$scratch/linux-source-6.1.tar.xz \
		"$here/build-kernel.sh" arm)
}

# built N: so many kernels were made
built() {
	[ "$(wc -l <"$BUILDS")" -eq "$1" ]
}

check 'a kernel is built' build
check '... and one with the bug' built 2
check '... of a source with the bug' grep -qx 'f(address + off)' "$dir/zImage.pfn"
check '... which is not in the other' grep -qx 'f(PHYS_PFN(address + off))' "$dir/zImage"
check '... whose release is known' grep -qx 6.1.2 "$dir/release"
first=$dir
check 'it is kept' build
check '... under the same name' [ "$dir" = "$first" ]
check '... and not built again' built 2
echo damaged >>"$dir/zImage.pfn"
check 'after damage it is there' build
check '... since it was built again' built 4
check '... and sound' grep -qx 'f(address + off)' "$dir/zImage.pfn"
rm "$dir/sums"
check 'after half of it was written it is there' build
check '... since it was built again' built 6
rm "$dir/gen_init_cpio"
check 'after a file was lost it is there' build
check '... since it was built again' built 8
check 'nothing else is left in the cache' [ "$(find "$scratch/cache" -mindepth 1 -maxdepth 1)" = "$dir" ]
done_testing
