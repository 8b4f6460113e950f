# SPDX-License-Identifier: GPL-2.0-or-later
SUMMARY = "Makes and checks cramfs images whose programs execute in place"
DESCRIPTION = "mkcramfs-xip makes cramfs images of a root file system, with programs and libraries \
laid out so that Linux executes them directly from memory-mapped flash. cramfsck-xip and \
dumpcramfs-xip check and show such images, and xipstat shows on the target what is used of them."
SECTION = "devel"
LICENSE = "GPL-2.0-or-later"
LIC_FILES_CHKSUM = "file://COPYING;md5=b234ee4d69f5fce4486a80fdaf4a4263"

DEPENDS = "zlib elfutils xxhash"

# By default the source is copied from MKCRAMFS_XIP_TREE, which conf/layer.conf sets.
MKCRAMFS_XIP_SRC_URI ?= " \
    file://COPYING;subdir=${BP} \
    file://Makefile.am;subdir=${BP} \
    file://configure.ac;subdir=${BP} \
    file://contrib;subdir=${BP} \
    file://cramfsck-xip;subdir=${BP} \
    file://doc;subdir=${BP} \
    file://dumpcramfs-xip;subdir=${BP} \
    file://lib;subdir=${BP} \
    file://m4;subdir=${BP} \
    file://man;subdir=${BP} \
    file://mkcramfs-xip;subdir=${BP} \
    file://tests;subdir=${BP} \
    file://tools;subdir=${BP} \
"
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

# Remove objects that were built in the tree: make searches there too and would use them.
# Only from a copy, because with externalsrc S is the tree itself.
mkcramfs_xip_leave_built() {
    case ${S} in
    ${WORKDIR}/*)
        find ${S} \( -name '*.[ao]' -o -name .dirstamp -o -name .deps \) -prune -exec rm -rf {} +
        ;;
    esac
}
do_unpack[postfuncs] += "mkcramfs_xip_leave_built"

inherit autotools pkgconfig

EXTRA_OECONF:append:class-native = " --disable-xipstat"
EXTRA_OECONF:append:class-nativesdk = " --disable-xipstat"

# libarchive is for archives as source or overlay, json-c for profiles in JSON lines.
PACKAGECONFIG ??= "libarchive json-c"
PACKAGECONFIG[libarchive] = "--with-libarchive,--without-libarchive,libarchive"
PACKAGECONFIG[json-c] = "--with-json-c,--without-json-c,json-c"
# OE-core does not have a recipe for libdeflate.
PACKAGECONFIG[libdeflate] = "--with-libdeflate,--without-libdeflate,libdeflate"

PACKAGE_BEFORE_PN += "xipstat"
SUMMARY:xipstat = "Shows which pages of programs are in RAM or in flash"
DESCRIPTION:xipstat = "xipstat runs on the target. It shows what executes in place, how much RAM that saves, \
and writes profiles for mkcramfs-xip."
FILES:xipstat = "${bindir}/xipstat ${datadir}/bash-completion/completions/xipstat ${datadir}/zsh/site-functions/_xipstat"
FILES:${PN} += "${datadir}/bash-completion ${datadir}/zsh"

BBCLASSEXTEND = "native nativesdk"
