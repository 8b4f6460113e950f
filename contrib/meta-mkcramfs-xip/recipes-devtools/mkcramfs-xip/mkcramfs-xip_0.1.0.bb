# SPDX-License-Identifier: GPL-2.0-or-later
SUMMARY = "Makes and checks cramfs images whose programs execute in place"
DESCRIPTION = "mkcramfs-xip makes cramfs images of a root file system, with programs and libraries \
laid out so that Linux executes them directly from memory-mapped flash. cramfsck-xip and \
dumpcramfs-xip check and show such images, and xipstat shows on the target what is used of them."
SECTION = "devel"
LICENSE = "GPL-2.0-or-later"
LIC_FILES_CHKSUM = "file://COPYING;md5=b234ee4d69f5fce4486a80fdaf4a4263"

DEPENDS = "zlib elfutils xxhash"

# By default the source is copied from MKCRAMFS_XIP_TREE, which conf/layer.conf sets: only what is
# built, since a change to anything else would build it again, and after the native one every image.
MKCRAMFS_XIP_SRC_URI ?= " \
    file://COPYING;subdir=${BP} \
    file://Makefile.am;subdir=${BP} \
    file://configure.ac;subdir=${BP} \
    file://cramfsck-xip;subdir=${BP} \
    file://dumpcramfs-xip;subdir=${BP} \
    file://lib;subdir=${BP} \
    file://m4;subdir=${BP} \
    file://mkcramfs-xip;subdir=${BP} \
    ${MKCRAMFS_XIP_NOT_NATIVE} \
"
MKCRAMFS_XIP_NOT_NATIVE = " \
    file://contrib/Makemodule.am;subdir=${BP} \
    file://contrib/completions;subdir=${BP} \
    file://contrib/policies;subdir=${BP} \
    file://cramfs-xip-fuse;subdir=${BP} \
    file://man;subdir=${BP} \
    file://tools;subdir=${BP} \
"
MKCRAMFS_XIP_NOT_NATIVE:class-native = ""
MKCRAMFS_XIP_SRCREV ?= "INVALID"
FILESEXTRAPATHS:prepend := "${@os.path.realpath(d.getVar('MKCRAMFS_XIP_TREE'))}:"
# externalsrc would still copy file:// entries, and needs nothing else.
SRC_URI = "${@'' if d.getVar('EXTERNALSRC') else d.getVar('MKCRAMFS_XIP_SRC_URI')}"
SRCREV = "${MKCRAMFS_XIP_SRCREV}"

python () {
    tree = d.getVar("MKCRAMFS_XIP_TREE")
    if "file://configure.ac" in d.getVar("SRC_URI") and not os.path.exists(os.path.join(tree, "configure.ac")):
        raise bb.parse.SkipRecipe("the source of mkcramfs-xip is not in %s: set MKCRAMFS_XIP_TREE or MKCRAMFS_XIP_SRC_URI" % tree)
}

# Only in a copy, because with externalsrc S is the tree itself: remove objects that were built in the
# tree, since make searches there too and would use them, and write an empty Makemodule.am for each
# folder that was not copied.
mkcramfs_xip_prepare() {
    case ${S} in
    ${WORKDIR}/*)
        find ${S} \( -name '*.[ao]' -o -name .dirstamp -o -name .deps \) -prune -exec rm -rf {} +
        sed -n 's/^include //p' ${S}/Makefile.am | while read -r part; do
            mkdir -p ${S}/${part%/*}
            [ -e ${S}/$part ] || : >${S}/$part
        done
        ;;
    esac
}
do_unpack[postfuncs] += "mkcramfs_xip_prepare"

inherit autotools pkgconfig

EXTRA_OECONF:append:class-native = " --disable-xipstat"
EXTRA_OECONF:append:class-nativesdk = " --disable-xipstat"

# libarchive is for archives as source or overlay, json-c for profiles in JSON lines.
PACKAGECONFIG ??= "libarchive json-c"
PACKAGECONFIG[libarchive] = "--with-libarchive,--without-libarchive,libarchive"
PACKAGECONFIG[json-c] = "--with-json-c,--without-json-c,json-c"
# OE-core does not have a recipe for libdeflate.
PACKAGECONFIG[libdeflate] = "--with-libdeflate,--without-libdeflate,libdeflate"
# For cramfs-xip-fuse, on the target only. OE-core does not have a recipe for it; meta-filesystems has.
PACKAGECONFIG[libfuse] = "--with-libfuse,--without-libfuse,fuse3"

PACKAGE_BEFORE_PN += "xipstat"
SUMMARY:xipstat = "Shows which pages of programs are in RAM or in flash"
DESCRIPTION:xipstat = "xipstat runs on the target. It shows what executes in place, how much RAM that saves, \
and writes profiles for mkcramfs-xip."
FILES:xipstat = "${bindir}/xipstat ${datadir}/bash-completion/completions/xipstat ${datadir}/zsh/site-functions/_xipstat"
FILES:${PN} += "${datadir}/bash-completion ${datadir}/zsh"

BBCLASSEXTEND = "native nativesdk"
