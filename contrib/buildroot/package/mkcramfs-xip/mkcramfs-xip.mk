################################################################################
#
# mkcramfs-xip
#
################################################################################

# SPDX-License-Identifier: GPL-2.0-or-later

MKCRAMFS_XIP_TARBALL = $(call qstrip,$(BR2_PACKAGE_HOST_MKCRAMFS_XIP_TARBALL))

ifeq ($(MKCRAMFS_XIP_TARBALL),)
MKCRAMFS_XIP_VERSION = local
MKCRAMFS_XIP_SITE = $(abspath $(BR2_EXTERNAL_MKCRAMFS_XIP_PATH)/../..)
MKCRAMFS_XIP_SITE_METHOD = local
else
MKCRAMFS_XIP_SOURCE = $(notdir $(MKCRAMFS_XIP_TARBALL))
MKCRAMFS_XIP_VERSION = $(patsubst mkcramfs-xip-%.tar.xz,%,$(MKCRAMFS_XIP_SOURCE))
MKCRAMFS_XIP_SITE = $(patsubst %/,%,$(dir $(MKCRAMFS_XIP_TARBALL)))
endif

# The tree to copy, if there is no tarball to extract.
MKCRAMFS_XIP_TREE = $(firstword \
	$(HOST_MKCRAMFS_XIP_OVERRIDE_SRCDIR) $(MKCRAMFS_XIP_OVERRIDE_SRCDIR) \
	$(if $(MKCRAMFS_XIP_TARBALL),,$(MKCRAMFS_XIP_SITE)))

# Of that tree, only the source is wanted. Objects may be for another host or
# have other options, and Buildroot or its output may be somewhere inside.
HOST_MKCRAMFS_XIP_OVERRIDE_SRCDIR_RSYNC_EXCLUSIONS = \
	--exclude=/config.status --exclude=/config.h --exclude=/Makefile \
	--exclude=.deps --exclude=*.a --exclude=*.o \
	$(patsubst $(realpath $(MKCRAMFS_XIP_TREE))/%,--exclude=/%,\
		$(filter $(realpath $(MKCRAMFS_XIP_TREE))/%,\
			$(realpath $(TOPDIR) $(BASE_DIR) $(DL_DIR)))) \
	$(addprefix --include=/,$(MKCRAMFS_XIP_TREE_DIRS)) --exclude=/*/

MKCRAMFS_XIP_TREE_DIRS = contrib cramfs-xip-fuse cramfsck-xip doc \
	dumpcramfs-xip lib m4 man mkcramfs-xip tests tools

# A release contains configure and what belongs to it. In a checkout, which has
# a .gitignore, these files are missing, or another autoconf made them from
# another version of the source.
ifneq ($(MKCRAMFS_XIP_TREE),)
ifeq ($(if $(wildcard $(MKCRAMFS_XIP_TREE)/.gitignore),,$(wildcard $(MKCRAMFS_XIP_TREE)/configure)),)
MKCRAMFS_XIP_AUTORECONF = YES
HOST_MKCRAMFS_XIP_OVERRIDE_SRCDIR_RSYNC_EXCLUSIONS += \
	--exclude=/configure --exclude=/aclocal.m4 \
	--exclude=/config.h.in --exclude=/Makefile.in
else
MKCRAMFS_XIP_TREE_DIRS += build-aux
endif
endif

MKCRAMFS_XIP_LICENSE = GPL-2.0+
MKCRAMFS_XIP_LICENSE_FILES = COPYING

HOST_MKCRAMFS_XIP_DEPENDENCIES = \
	host-elfutils host-pkgconf host-xxhash host-zlib

# xipstat is for the target, zopfli changes the licence, and no build mounts an
# image.
HOST_MKCRAMFS_XIP_CONF_OPTS = --disable-xipstat --without-libfuse --without-zopfli

ifeq ($(BR2_PACKAGE_HOST_MKCRAMFS_XIP_LIBDEFLATE),y)
HOST_MKCRAMFS_XIP_DEPENDENCIES += host-mkcramfs-xip-libdeflate
HOST_MKCRAMFS_XIP_CONF_OPTS += --with-libdeflate
# With these two, configure does not look for it elsewhere.
HOST_MKCRAMFS_XIP_CONF_ENV += \
	LIBDEFLATE_CFLAGS="-I$(MKCRAMFS_XIP_LIBDEFLATE_PREFIX)/include" \
	LIBDEFLATE_LIBS="$(MKCRAMFS_XIP_LIBDEFLATE_PREFIX)/lib/libdeflate.a"
else
HOST_MKCRAMFS_XIP_CONF_OPTS += --without-libdeflate
endif

ifeq ($(BR2_PACKAGE_HOST_MKCRAMFS_XIP_LIBARCHIVE),y)
HOST_MKCRAMFS_XIP_DEPENDENCIES += host-libarchive
HOST_MKCRAMFS_XIP_CONF_OPTS += --with-libarchive
else
HOST_MKCRAMFS_XIP_CONF_OPTS += --without-libarchive
endif

ifeq ($(BR2_PACKAGE_HOST_MKCRAMFS_XIP_JSON_C),y)
HOST_MKCRAMFS_XIP_DEPENDENCIES += host-json-c
HOST_MKCRAMFS_XIP_CONF_OPTS += --with-json-c
else
HOST_MKCRAMFS_XIP_CONF_OPTS += --without-json-c
endif

# The kernel must be able to mount the image, and to execute from it, before it
# can load modules. KCONFIG_ENABLE_OPT would leave =m unchanged, and CRAMFS=y
# with MTD=m does not have CRAMFS_MTD. The driver for the flash depends on the
# board.
ifeq ($(BR2_TARGET_ROOTFS_MKCRAMFS_XIP),y)
define HOST_MKCRAMFS_XIP_LINUX_CONFIG_FIXUPS
	$(call KCONFIG_SET_OPT,CONFIG_MTD,y)
	$(call KCONFIG_SET_OPT,CONFIG_MISC_FILESYSTEMS,y)
	$(call KCONFIG_SET_OPT,CONFIG_CRAMFS,y)
	$(call KCONFIG_SET_OPT,CONFIG_CRAMFS_MTD,y)
endef
endif

# What the build would stop at much later, or not at all: without a hash file,
# Buildroot only warns. `make source` does not set BR_BUILDING, hence the hook.
MKCRAMFS_XIP_ERROR = $(strip \
	$(if $(MKCRAMFS_XIP_TREE),\
		$(if $(wildcard $(MKCRAMFS_XIP_TREE)/mkcramfs-xip/main.c),,\
			$(MKCRAMFS_XIP_TREE) is not the source of mkcramfs-xip:\
			leave contrib/buildroot in it$(comma) or set BR2_PACKAGE_HOST_MKCRAMFS_XIP_TARBALL),\
	$(if $(and $(findstring ://,$(MKCRAMFS_XIP_SITE)),\
			$(filter mkcramfs-xip-$(or $(MKCRAMFS_XIP_VERSION),?).tar.xz,$(MKCRAMFS_XIP_SOURCE))),\
		$(if $(wildcard $(HOST_MKCRAMFS_XIP_HASH_FILES)),,\
			There is no hash of $(MKCRAMFS_XIP_SOURCE): write 'sha256 HASH $(MKCRAMFS_XIP_SOURCE)' to\
			mkcramfs-xip/mkcramfs-xip.hash in a directory that BR2_GLOBAL_PATCH_DIR names),\
		BR2_PACKAGE_HOST_MKCRAMFS_XIP_TARBALL='$(MKCRAMFS_XIP_TARBALL)' is not the URL of a release$(comma)\
		which begins with https:// or file:// and ends in /mkcramfs-xip-VERSION.tar.xz)))

define MKCRAMFS_XIP_STOP
	$(if $(MKCRAMFS_XIP_ERROR),@echo "$(MKCRAMFS_XIP_ERROR)" >&2; exit 1)
endef
HOST_MKCRAMFS_XIP_PRE_DOWNLOAD_HOOKS += MKCRAMFS_XIP_STOP

$(eval $(host-autotools-package))

# Buildroot copies the source for legal-info, too.
host-mkcramfs-xip-legal-info: private RSYNC_VCS_EXCLUSIONS += \
	$(HOST_MKCRAMFS_XIP_OVERRIDE_SRCDIR_RSYNC_EXCLUSIONS)

ifeq ($(BR_BUILDING)$(BR2_PACKAGE_HOST_MKCRAMFS_XIP),yy)
$(if $(MKCRAMFS_XIP_ERROR),$(error $(MKCRAMFS_XIP_ERROR)))
endif
