#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The real genimage, which calls our builder, and binwalk, which extracts with our
# cramfsck.
# shellcheck source=tests/tap.sh
. "${top_srcdir:?}/tests/tap.sh"
CRAMFSCK_XIP=${CRAMFSCK_XIP:-$top_builddir/cramfsck-xip/cramfsck-xip}
# shellcheck source=tests/cli/setup.sh
. "$top_srcdir/tests/cli/setup.sh"

mkdir bin
ln -s "$MKCRAMFS_XIP" bin/mkcramfs-xip
ln -s "$MKCRAMFS_XIP" bin/mkcramfs
ln -s "$MKCRAMFS_XIP" bin/mkfs.cramfs
ln -s "$CRAMFSCK_XIP" bin/cramfsck
PATH=$scratch/bin:$PATH
unset GENIMAGE_MKCRAMFS
tree root
tree_is() { # IMAGE
	rm -rf got
	"$CRAMFSCK_XIP" --quiet -x got "$1" && diff -r --no-dereference root got
}
config() { # EXTRAARGS [NAME]
	cat <<-END
		config { ${2:-mkcramfs = "$scratch/bin/mkcramfs-xip"} }
		image test.cramfs {
			name = "volname"
			cramfs { extraargs = "$1" }
		}
	END
}
generate() { # ARG...: by test.cfg, into images
	rm -rf images tmp
	genimage --config test.cfg --rootpath root --inputpath . --outputpath images --tmppath tmp "$@"
}

if ! command -v genimage >/dev/null 2>&1; then
	lacks genimage
else
	config "-X -N little -b 4096" >test.cfg
	check_exit 0 "mkcramfs in the configuration" generate
	x --quiet -n volname -X root want.img
	check "makes an XIP image" cmp images/test.cramfs want.img
	config "-X" 'mkcramfs = "/nothing"' >test.cfg
	check_exit 0 "--mkcramfs on the command line" generate --mkcramfs mkcramfs-xip
	check "the same" cmp images/test.cramfs want.img
	config "-X" ' ' >test.cfg
	GENIMAGE_MKCRAMFS=mkcramfs-xip
	export GENIMAGE_MKCRAMFS
	check_exit 0 "GENIMAGE_MKCRAMFS in the environment" generate
	check "the same" cmp images/test.cramfs want.img
	unset GENIMAGE_MKCRAMFS
	config "-X -N little" 'mkcramfs = "mkfs.cramfs"' >test.cfg
	check_exit 0 "mkfs.cramfs, genimage's choice of late" generate
	check "the same" cmp images/test.cramfs want.img
	config "-b 4096" ' ' >test.cfg
	check_exit 0 "mkcramfs or mkfs.cramfs from the PATH" generate
	x --quiet -N host -b 4096 -n volname root host.img
	check "makes a classic image" cmp images/test.cramfs host.img
	config "-L -X -X" ' ' >test.cfg
	check_exit 0 "the options of cramfs-tools" generate
	check "make an XIP image" cmp images/test.cramfs want.img
	check "which is the tree" tree_is images/test.cramfs

	# genimage's own test
	mkdir small
	echo hello >small/file
	mv root large
	mv small root
	config "-b 4096" >test.cfg
	check_exit 0 "a small tree" generate
	check "makes an image of 4096 bytes" test "$(size_of images/test.cramfs)" -eq 4096
	rm -rf root
	mv large root

	config "-X --max-size 4K" >test.cfg
	check_exit 1 "what we refuse fails" generate
	check "and leaves no image" test ! -e images/test.cramfs

	config "-X" | sed 's/volname/volume-of-19-bytes_/' >test.cfg
	check_exit 1 "a name that does not fit fails, too" generate

	mkdir boot
	echo boot >boot/boot.bin
	rm -rf images tmp
	check_exit 0 "contrib/genimage/genimage.cfg" genimage --config "$top_srcdir/contrib/genimage/genimage.cfg" --rootpath root --inputpath boot --outputpath images --tmppath tmp
	check "makes a flash of 17 MiB" test "$(size_of images/flash.bin)" -eq 17825792
	check "with the image at 1 MiB" "$CRAMFSCK_XIP" --quiet --offset 1M images/flash.bin
	check "which executes in place" has_flag images/rootfs.cramfs 0x800
	check "and has the name of its section" test "$(bytes images/rootfs.cramfs 48 6)" = 726f6f746673
fi

if ! command -v binwalk >/dev/null 2>&1; then
	lacks binwalk
elif ! id -un >/dev/null 2>&1; then
	skip "binwalk wants a user with a name"
elif ! binwalk --help 2>&1 | grep -q -- --run-as; then
	skip "this binwalk does not call cramfsck"
else
	x --quiet -X -n rootfs root xip.img
	rm -rf extracted
	as=
	[ "$is_root" = no ] || as=--run-as=root
	check_exit 0 "binwalk -e" binwalk -e $as -C extracted xip.img
	found=$(find extracted -type d -name 'cramfs-root*' | sed -n 1p)
	check "has called cramfsck" test -d "$found"
	check "and it is the tree" diff -r --no-dereference root "$found"
fi

done_testing
