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
# directory of BBPATH, in quotes if they contain a space. A change to one of them makes
# the image again.
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

# Nothing here may fail while parsing: that would keep every recipe from being built. The task
# calls cramfs_xip_options, and what is wrong with the configuration fails that task alone.

# For each file of a variable: its path, the places that were tried, and what is wrong with it.
def cramfs_xip_files(d, value):
    import shlex

    try:
        names = shlex.split(value or "")
    except ValueError as why:
        return [(value, [], "%s: %s" % (value, why))]
    files = []
    for name in names:
        # An absolute name is one in the directory /.
        where = "/" if os.path.isabs(name) else d.getVar("BBPATH")
        path, tried = bb.utils.which(where, name, history=True)
        wrong = ""
        if ":" in name or "*" in name:
            wrong = "the name contains : or *, so bitbake cannot notice changes (rename it)"
            tried = []
        elif not path:
            wrong = "there is no such file" if where == "/" else "not in any directory of BBPATH"
        elif os.path.isdir(path):
            wrong = "this is a directory"
            tried.pop()
        if wrong and len(names) > 1:
            wrong += " (put quotes around a name that contains a space)"
        files.append((path or name, tried, "%s: %s" % (name, wrong) if wrong else ""))
    return files

# What signatures contain of a path: its end, just long enough that no two files have the same. So
# checkouts and build directories at other places share the results.
def cramfs_xip_end(d, path):
    def parts(path):
        return os.path.normpath(path).strip("/").split("/")

    files = cramfs_xip_files(d, d.getVar("CRAMFS_XIP_POLICY"))
    files += cramfs_xip_files(d, d.getVar("CRAMFS_XIP_PROFILE"))
    others = [parts(other) for other, tried, wrong in files if parts(other) != parts(path)]
    n = 1
    while parts(path)[-n:] in [other[-n:] for other in others]:
        n += 1
    return "/".join(parts(path)[-n:])

def cramfs_xip_signature(d, value):
    return " ".join(cramfs_xip_end(d, path) for path, tried, wrong in cramfs_xip_files(d, value))

# Each file, and each place where one would be found earlier. Signatures contain the checksum, and of
# the path what follows /./.
def cramfs_xip_checksums(d):
    checksums = []
    for value in (d.getVar("CRAMFS_XIP_POLICY"), d.getVar("CRAMFS_XIP_PROFILE")):
        for path, tried, wrong in cramfs_xip_files(d, value):
            # Files in TMPDIR are made by tasks, which have signatures.
            if path.startswith(d.getVar("TMPDIR") + "/"):
                continue
            for place in tried:
                if place == path:
                    end = cramfs_xip_end(d, path)
                    place = os.path.normpath(path)[:-len(end)] + "./" + end
                checksums.append("%s:%s" % (place, os.path.exists(place)))
    return " ".join(checksums)

def cramfs_xip_order(d):
    known = siteinfo_data(d)
    for order in ("little", "big"):
        if "endian-" + order in known:
            return order
    bb.fatal("cramfs-xip: siteinfo does not know the byte order of " + d.getVar("HOST_ARCH"))

def cramfs_xip_options(d):
    import shlex

    in_place = d.getVar("CRAMFS_XIP_IN_PLACE")
    modes = {"all": ["-X"], "rules": [], "none": ["-x"]}
    if in_place not in modes:
        bb.fatal("CRAMFS_XIP_IN_PLACE is '%s', but must be all, rules or none" % in_place)
    options = ["-N", cramfs_xip_order(d)] + modes[in_place]

    for variable, option, value in (
            ("CRAMFS_XIP_POLICY", "-P", d.getVar("CRAMFS_XIP_POLICY")),
            ("CRAMFS_XIP_PROFILE", "--profile", d.getVar("CRAMFS_XIP_PROFILE"))):
        for path, tried, wrong in cramfs_xip_files(d, value):
            if wrong:
                bb.fatal("%s: %s" % (variable, wrong))
            options += [option, path]
    if in_place == "rules" and "-P" not in options:
        bb.fatal("CRAMFS_XIP_IN_PLACE is rules: CRAMFS_XIP_POLICY must name a file")
    if in_place == "none" and "-P" in options:
        bb.fatal("CRAMFS_XIP_IN_PLACE is none: CRAMFS_XIP_POLICY must be empty")

    for variable, option, value in (
            ("CRAMFS_XIP_PAGE_SIZE", "-b", d.getVar("CRAMFS_XIP_PAGE_SIZE")),
            ("CRAMFS_XIP_FLASH_BUDGET", "--flash-budget", d.getVar("CRAMFS_XIP_FLASH_BUDGET")),
            ("CRAMFS_XIP_RAM_GOAL", "--ram-goal", d.getVar("CRAMFS_XIP_RAM_GOAL")),
            ("CRAMFS_XIP_MAX_SIZE", "--max-size", d.getVar("CRAMFS_XIP_MAX_SIZE"))):
        sizes = (value or "").split()
        if len(sizes) > 1:
            bb.fatal("%s is '%s', but must be one size" % (variable, value))
        if sizes:
            options += [option, sizes[0]]

    no_mmu = d.getVar("CRAMFS_XIP_NO_MMU")
    try:
        options += ["--no-mmu"] if bb.utils.to_boolean(no_mmu) else []
    except ValueError:
        bb.fatal("CRAMFS_XIP_NO_MMU is '%s', but must be 1 or 0" % no_mmu)
    return " ".join(shlex.quote(option) for option in options)

python cramfs_xip_configure() {
    d.setVar("CRAMFS_XIP_OPTIONS", cramfs_xip_options(d))
}

cramfs_xip_make() {
	image=${IMGDEPLOYDIR}/${IMAGE_NAME}.cramfs-xip
	mkcramfs-xip "$@" ${IMAGE_ROOTFS} $image
	if [ "${CRAMFS_XIP_IN_PLACE}" = rules ] && ! dumpcramfs-xip layout $image | grep -q ' in place$'; then
		rm $image
		bbfatal "CRAMFS_XIP_IN_PLACE is rules, but no rule of CRAMFS_XIP_POLICY puts anything in place"
	fi
}

EXTRA_IMAGECMD:cramfs-xip ?= ""
IMAGE_CMD:cramfs-xip = "cramfs_xip_make ${CRAMFS_XIP_OPTIONS} ${CRAMFS_XIP_EXTRA} ${EXTRA_IMAGECMD}"
IMAGE_TYPES += "cramfs-xip"

CRAMFS_XIP_POLICY[vardepvalue] = "${@cramfs_xip_signature(d, d.getVar('CRAMFS_XIP_POLICY'))}"
CRAMFS_XIP_PROFILE[vardepvalue] = "${@cramfs_xip_signature(d, d.getVar('CRAMFS_XIP_PROFILE'))}"

do_image_cramfs_xip[depends] += "mkcramfs-xip-native:do_populate_sysroot"
do_image_cramfs_xip[file-checksums] += "${@cramfs_xip_checksums(d)}"
do_image_cramfs_xip[prefuncs] += "cramfs_xip_configure"

do_image_debugfs_cramfs_xip[depends] += "mkcramfs-xip-native:do_populate_sysroot"
do_image_debugfs_cramfs_xip[file-checksums] += "${@cramfs_xip_checksums(d)}"
do_image_debugfs_cramfs_xip[prefuncs] += "cramfs_xip_configure"
