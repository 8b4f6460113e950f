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

# Objects that were built in that tree may be for another host or have other
# options.
HOST_MKCRAMFS_XIP_OVERRIDE_SRCDIR_RSYNC_EXCLUSIONS = \
	--exclude=/build --exclude=/config.status --exclude=/config.h \
	--exclude=/Makefile --exclude=.deps --exclude=*.a --exclude=*.o

# A checkout does not contain configure, a release does.
ifeq ($(wildcard $(MKCRAMFS_XIP_SITE)/configure),)
MKCRAMFS_XIP_AUTORECONF = YES
endif

ifeq ($(BR_BUILDING)$(BR2_PACKAGE_HOST_MKCRAMFS_XIP),yy)
ifeq ($(wildcard $(MKCRAMFS_XIP_SITE)/mkcramfs-xip/main.c),)
$(error $(MKCRAMFS_XIP_SITE) is not the source of mkcramfs-xip: leave contrib/buildroot in it, or set BR2_PACKAGE_HOST_MKCRAMFS_XIP_TARBALL)
endif
endif
else
MKCRAMFS_XIP_SOURCE = $(notdir $(MKCRAMFS_XIP_TARBALL))
MKCRAMFS_XIP_VERSION = $(patsubst mkcramfs-xip-%.tar.xz,%,$(MKCRAMFS_XIP_SOURCE))
MKCRAMFS_XIP_SITE = $(patsubst %/,%,$(dir $(MKCRAMFS_XIP_TARBALL)))
endif

MKCRAMFS_XIP_LICENSE = GPL-2.0+
MKCRAMFS_XIP_LICENSE_FILES = COPYING

HOST_MKCRAMFS_XIP_DEPENDENCIES = \
	host-elfutils host-pkgconf host-xxhash host-zlib

# xipstat is for the target, zopfli changes the licence.
HOST_MKCRAMFS_XIP_CONF_OPTS = --disable-xipstat --without-zopfli

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

$(eval $(host-autotools-package))
