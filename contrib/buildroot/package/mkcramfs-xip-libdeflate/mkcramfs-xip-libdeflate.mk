################################################################################
#
# mkcramfs-xip-libdeflate
#
################################################################################

# SPDX-License-Identifier: GPL-2.0-or-later

# Buildroot has libdeflate for the target only. This package has a name and a
# directory of its own, so that it causes no conflict if that changes.
MKCRAMFS_XIP_LIBDEFLATE_VERSION = 1.25
MKCRAMFS_XIP_LIBDEFLATE_SOURCE = libdeflate-$(MKCRAMFS_XIP_LIBDEFLATE_VERSION).tar.gz
MKCRAMFS_XIP_LIBDEFLATE_SITE = https://github.com/ebiggers/libdeflate/releases/download/v$(MKCRAMFS_XIP_LIBDEFLATE_VERSION)
MKCRAMFS_XIP_LIBDEFLATE_DL_SUBDIR = libdeflate
MKCRAMFS_XIP_LIBDEFLATE_LICENSE = MIT
MKCRAMFS_XIP_LIBDEFLATE_LICENSE_FILES = COPYING

MKCRAMFS_XIP_LIBDEFLATE_PREFIX = $(HOST_DIR)/lib/mkcramfs-xip

HOST_MKCRAMFS_XIP_LIBDEFLATE_CONF_OPTS = \
	-DCMAKE_INSTALL_PREFIX=$(MKCRAMFS_XIP_LIBDEFLATE_PREFIX) \
	-DCMAKE_INSTALL_LIBDIR=lib \
	-DLIBDEFLATE_BUILD_GZIP=OFF \
	-DLIBDEFLATE_BUILD_SHARED_LIB=OFF \
	-DLIBDEFLATE_BUILD_STATIC_LIB=ON

$(eval $(host-cmake-package))
