# SPDX-License-Identifier: GPL-2.0-or-later
#
# The image type cramfs-xip, whose programs execute in place. Enable it with
#
#     IMAGE_CLASSES += "image_types_cramfs-xip"
#     IMAGE_FSTYPES += "cramfs-xip"
#
# SIZE is in bytes, or has a suffix K, M or G. Empty means that it is not used.

inherit siteinfo

# What goes in place: all, everything that can; rules, what they say; or none (for
# recording a profile).
CRAMFS_XIP_IN_PLACE ?= "all"
# Files with rules, and with counts of used pages: absolute paths, or relative to a
# directory of BBPATH. A change to one of them makes the image again.
CRAMFS_XIP_POLICY ?= ""
CRAMFS_XIP_PROFILE ?= ""
# Save as much RAM as an image of this SIZE can, or this SIZE of RAM with the least
# flash.
CRAMFS_XIP_FLASH_BUDGET ?= ""
CRAMFS_XIP_RAM_GOAL ?= ""
# Fail if the image is larger: the SIZE of the flash partition.
CRAMFS_XIP_MAX_SIZE ?= ""
# The page size of the target's kernel: 4K, 8K, 16K, 32K or 64K. Images do not
# record it.
CRAMFS_XIP_PAGE_SIZE ?= "4K"
# 1 if the target has no MMU.
CRAMFS_XIP_NO_MMU ?= "0"
# Any other options.
CRAMFS_XIP_EXTRA ?= ""

# SITEINFO_ENDIANNESS is set too late: the image class expands IMAGE_CMD before that.
def cramfs_xip_order(d):
    known = siteinfo_data(d)
    for order in ("little", "big"):
        if "endian-" + order in known:
            return order
    bb.fatal("cramfs-xip: siteinfo does not know the byte order of " + d.getVar("HOST_ARCH"))

def cramfs_xip_files(d, variable, value):
    files = []
    for name in (value or "").split():
        # A variable that the image class leaves unexpanded, such as TMPDIR, begins an absolute path.
        if name.startswith(("/", "${")):
            path = name
        else:
            path = bb.utils.which(d.getVar("BBPATH"), name)
            if not path:
                bb.fatal("%s: %s is not in any directory of BBPATH" % (variable, name))
        files.append(path)
    return files

def cramfs_xip_policies(d):
    return cramfs_xip_files(d, "CRAMFS_XIP_POLICY", d.getVar("CRAMFS_XIP_POLICY"))

def cramfs_xip_profiles(d):
    return cramfs_xip_files(d, "CRAMFS_XIP_PROFILE", d.getVar("CRAMFS_XIP_PROFILE"))

def cramfs_xip_in_place(d):
    in_place = d.getVar("CRAMFS_XIP_IN_PLACE")
    if in_place == "rules" and not cramfs_xip_policies(d):
        bb.fatal("CRAMFS_XIP_IN_PLACE is rules: CRAMFS_XIP_POLICY must name a file")
    if in_place == "none" and cramfs_xip_policies(d):
        bb.fatal("CRAMFS_XIP_IN_PLACE is none: CRAMFS_XIP_POLICY must be empty")
    options = {"all": ["-X"], "rules": [], "none": ["-x"]}
    if in_place not in options:
        bb.fatal("CRAMFS_XIP_IN_PLACE is '%s', but must be all, rules or none" % in_place)
    return options[in_place]

def cramfs_xip_no_mmu(d):
    no_mmu = d.getVar("CRAMFS_XIP_NO_MMU")
    try:
        return ["--no-mmu"] if bb.utils.to_boolean(no_mmu) else []
    except ValueError:
        bb.fatal("CRAMFS_XIP_NO_MMU is '%s', but must be 1 or 0" % no_mmu)

def cramfs_xip_options(d):
    import shlex

    options = ["-N", cramfs_xip_order(d)] + cramfs_xip_in_place(d)
    for path in cramfs_xip_policies(d):
        options += ["-P", path]
    for path in cramfs_xip_profiles(d):
        options += ["--profile", path]
    for option, value in (
            ("-b", d.getVar("CRAMFS_XIP_PAGE_SIZE")),
            ("--flash-budget", d.getVar("CRAMFS_XIP_FLASH_BUDGET")),
            ("--ram-goal", d.getVar("CRAMFS_XIP_RAM_GOAL")),
            ("--max-size", d.getVar("CRAMFS_XIP_MAX_SIZE"))):
        if value:
            options += [option, value]
    options += cramfs_xip_no_mmu(d)
    return " ".join(shlex.quote(option) for option in options)

def cramfs_xip_checksums(d):
    return " ".join(path + ":True" for path in cramfs_xip_policies(d) + cramfs_xip_profiles(d))

EXTRA_IMAGECMD:cramfs-xip ?= "${CRAMFS_XIP_EXTRA}"
IMAGE_CMD:cramfs-xip = "mkcramfs-xip ${@cramfs_xip_options(d)} ${EXTRA_IMAGECMD} ${IMAGE_ROOTFS} ${IMGDEPLOYDIR}/${IMAGE_NAME}.cramfs-xip"
IMAGE_TYPES += "cramfs-xip"

do_image_cramfs_xip[depends] += "mkcramfs-xip-native:do_populate_sysroot"
do_image_cramfs_xip[file-checksums] += "${@cramfs_xip_checksums(d)}"
