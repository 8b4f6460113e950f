#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# contrib/meta-mkcramfs-xip with bitbake itself: what parses, and when signatures change.
# CRX_OE is a folder with openembedded-core and bitbake, of the same series. Nothing is
# fetched or built.
# shellcheck disable=SC2016 # ${VARIABLES} of bitbake, not the shell's
# shellcheck source=tests/tap.sh
. "${top_srcdir:?}/tests/tap.sh"
# shellcheck source=tests/cli/setup.sh
. "$top_srcdir/tests/cli/setup.sh"
if [ ! "${CRX_OE-}" ]; then
	skip "CRX_OE is not set, see doc/testing.md"
	done_testing
fi
if [ "$is_root" = yes ] && ! user_works; then
	skip "bitbake does not run as root, and there is no ordinary user"
	done_testing
fi

series=$(sed -n 's/^LAYERSERIES_COMPAT_.* = "\(.*\)"/\1/p' "$top_srcdir/contrib/meta-mkcramfs-xip/conf/layer.conf")
# checkout DIR: a copy of the source tree in it, a board's layer and a build directory
checkout() {
	mkdir -p "$1/src" "$1/home" "$1/build/conf" "$1/board/conf" "$1/board/files" "$1/board/recipes/xip-image"
	for part in COPYING Makefile.am configure.ac contrib cramfsck-xip doc dumpcramfs-xip lib m4 man \
		mkcramfs-xip tests tools; do
		cp -R "$top_srcdir/$part" "$1/src/"
	done
	echo '/bin/program xip' >"$1/board/files/board.policy"
	echo '/ compress' >"$1/board/files/other.policy"
	echo '/bin/program,0,1' >"$1/board/files/run.csv"
	cat >"$1/board/conf/layer.conf" <<-EOF
		BBPATH .= ":\${LAYERDIR}"
		BBFILES += "\${LAYERDIR}/recipes/*/*.bb"
		BBFILE_COLLECTIONS += "board"
		BBFILE_PATTERN_board = "^\${LAYERDIR}/"
		LAYERSERIES_COMPAT_board = "$series"
		BOARD = "\${LAYERDIR}"
	EOF
	# An empty fakeroot, and an image of an empty root. OE-core adds TOPDIR to signatures by [dirs].
	cat >"$1/board/recipes/xip-image/fakeroot.bb" <<-EOF
		LICENSE = "MIT"
		INHIBIT_DEFAULT_DEPS = "1"
		PROVIDES:append:class-native = " virtual/fakeroot-native"
		BBCLASSEXTEND = "native"
	EOF
	cat >"$1/board/recipes/xip-image/xip-image.bb" <<-EOF
		LICENSE = "MIT"
		inherit image
		PACKAGE_INSTALL = ""
		IMAGE_LINGUAS = ""
		python do_rootfs() {
		}
		do_rootfs[vardeps] = ""
		do_rootfs[dirs] = ""
		do_image[dirs] = ""
		python () {
		    for task in list(d.getVar("__BBTASKS", False)):
		        if not task.startswith(("do_rootfs", "do_image", "do_build")) or task == "do_image_qa":
		            bb.build.deltask(task, d)
		            continue
		        for flag in ("depends", "rdepends", "recrdeptask", "recideptask"):
		            if not task.startswith("do_image_cramfs"):
		                d.delVarFlag(task, flag)
		}
	EOF
	cat >"$1/build/conf/bblayers.conf" <<-EOF
		LCONF_VERSION = "7"
		BBPATH = "\${TOPDIR}"
		BBFILES = ""
		BBLAYERS = "$CRX_OE/openembedded-core/meta $1/src/contrib/meta-mkcramfs-xip $1/board"
	EOF
	cat >"$1/local.conf" <<-EOF
		MACHINE = "qemuarm"
		DISTRO = "nodistro"
		BB_NO_NETWORK = "1"
		BB_SERVER_TIMEOUT = "0"
		CONNECTIVITY_CHECK_URIS = ""
		IMAGE_CLASSES = "image_types_cramfs-xip"
		IMAGE_FSTYPES:forcevariable = "cramfs-xip"
		INHERIT:remove = "create-spdx uninative sanity"
		PREFERRED_PROVIDER_virtual/kernel = "linux-dummy"
		BBMASK = "/meta/recipes-(?!kernel/linux/linux-dummy)"
		ASSUME_PROVIDED += "autoconf-native automake-native cross-localedef-native depmodwrapper-cross"
		ASSUME_PROVIDED += "elfutils-native gettext-minimal-native gnu-config-native json-c-native"
		ASSUME_PROVIDED += "libarchive-native libtool-native pigz-native pkgconf-native pkgconfig-native"
		ASSUME_PROVIDED += "quilt-native qemuwrapper-cross texinfo-dummy-native xxhash-native zlib-native"
	EOF
	[ "$is_root" = no ] || chown -R 1234:1234 "$1"
}
# bb DIR 'CONFIGURATION' COMMAND...: as an ordinary user, with these lines in local.conf
bb() {
	bb_dir=$1
	{
		cat "$bb_dir/local.conf"
		printf '%s\n' "$2"
	} >"$bb_dir/build/conf/local.conf"
	shift 2
	(cd "$bb_dir/build" && as_user env -i HOME="$bb_dir/home" LC_ALL=C.UTF-8 BBPATH="$bb_dir/build" BUILDDIR="$bb_dir/build" \
		PATH="$CRX_OE/bitbake/bin:$CRX_OE/openembedded-core/scripts:$PATH" "$@")
}
# (scarthgap calls its directory tmp-glibc.)
# signatures DIR 'CONFIGURATION': prints those of the image's task and of the tool's native recipe
signatures() {
	rm -rf "$1"/build/tmp*/stamps
	bb "$1" "$2" bitbake -S none xip-image >"$scratch/bb.out" 2>&1
	find "$1"/build/tmp*/stamps -name '*do_image_cramfs_xip.sigdata.*' -o -name '*do_populate_sysroot.sigdata.*' |
		grep -E 'xip-image|mkcramfs-xip-native' | sed 's/.*\.\(do_[a-z_]*\)\.sigdata/\1/' | sort
}
# now DIR [CONFIGURATION]: sets image and native to them, and the same_... to whether they are as before
now() {
	image_before=${image-}
	native_before=${native-}
	signatures "$1" "${2-}" >now
	image=$(sed -n 's/^do_image_cramfs_xip\.//p' now)
	native=$(sed -n 's/^do_populate_sysroot\.//p' now)
	if [ ! "$image" ] || [ ! "$native" ]; then
		not_ok "bitbake -S none"
		tail -n 20 bb.out >bb.end
		diagnose bb.end
		done_testing
	fi
}
# images same|other WHAT, natives same|other WHAT: as the time before
images() {
	check "$2: the image's signature is $1" test "$([ "$image" = "$image_before" ] && echo same || echo other)" = "$1"
}
natives() {
	check "$2: the tool's signature is $1" test "$([ "$native" = "$native_before" ] && echo same || echo other)" = "$1"
}

a=$scratch/a
b=$scratch/another/place
checkout "$a"
checkout "$b"
paths='CRAMFS_XIP_POLICY = "${BOARD}/files/board.policy files/other.policy"
CRAMFS_XIP_PROFILE = "${BOARD}/files/run.csv"'
now "$a" "$paths"
now "$b" "$paths"
images same "a checkout at another path"
natives same "a checkout at another path"
echo '# a comment' >>"$b/board/files/board.policy"
now "$b" "$paths"
images other "a changed policy"
natives same "a changed policy"
echo '/bin/program,0,2' >>"$b/board/files/run.csv"
now "$b" "$paths"
images other "a changed profile"
for file in contrib/policies/data.policy contrib/buildroot/configs/qemu_arm_xip_defconfig contrib/Makemodule.am \
	doc/format.md tests/cli/yocto.sh man/mkcramfs-xip.1; do
	echo '# a comment' >>"$b/src/$file"
done
now "$b" "$paths"
images same "a change to what the tool is not built from"
natives same "a change to what the tool is not built from"
echo '/* a comment */' >>"$b/src/lib/build/build.h"
now "$b" "$paths"
natives other "a change to what it is built from"
images other "a change to what it is built from"
now "$b" 'CRAMFS_XIP_POLICY = "files/other.policy ${BOARD}/files/board.policy"
CRAMFS_XIP_PROFILE = "${BOARD}/files/run.csv"'
images other "another order"

mkdir "$a/board/files/one" "$a/board/files/two" "$a/board/files/with space"
echo '/bin/program xip' >"$a/board/files/one/x.policy"
echo '/ compress' >"$a/board/files/two/x.policy"
now "$a" 'CRAMFS_XIP_POLICY = "${BOARD}/files/one/x.policy ${BOARD}/files/two/x.policy"'
now "$a" 'CRAMFS_XIP_POLICY = "${BOARD}/files/two/x.policy ${BOARD}/files/one/x.policy"'
images other "another order of equal names"
echo '/bin/program store' >"$a/board/files/with space/x.policy"
now "$a" "CRAMFS_XIP_POLICY = \"'files/with space/x.policy'\""
echo '# a comment' >>"$a/board/files/with space/x.policy"
now "$a" "CRAMFS_XIP_POLICY = \"'files/with space/x.policy'\""
images other "a change to a policy in quotes"

# A policy that is nowhere, then appears, then appears earlier in BBPATH
now "$a" 'CRAMFS_XIP_POLICY = "files/new.policy"'
mkdir "$a/build/files"
echo '/bin/program xip' >"$a/board/files/new.policy"
now "$a" 'CRAMFS_XIP_POLICY = "files/new.policy"'
images other "a policy that was missing"
echo '/bin/program store' >"$a/build/files/new.policy"
now "$a" 'CRAMFS_XIP_POLICY = "files/new.policy"'
images other "a policy that is found earlier"
rm "$a/build/files/new.policy"
now "$a" 'CRAMFS_XIP_POLICY = "files/new.policy"'
images other "and is removed"

for wrong in 'CRAMFS_XIP_POLICY = "files/none.policy"' 'CRAMFS_XIP_POLICY = "/nowhere/none.policy"' \
	"CRAMFS_XIP_POLICY = \"'files/board.policy\"" 'CRAMFS_XIP_POLICY = "files/a:b.policy"' \
	'CRAMFS_XIP_IN_PLACE = "some"' 'CRAMFS_XIP_NO_MMU = "maybe"' 'CRAMFS_XIP_FLASH_BUDGET = "1 2"'; do
	check_exit 0 "parsed: $wrong" bb "$a" "$wrong" bitbake -p
	check "without a word" test -z "$(grep -hE '^(ERROR|WARNING)' out err)"
done

done_testing
