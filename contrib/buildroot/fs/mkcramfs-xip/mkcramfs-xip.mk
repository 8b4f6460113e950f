################################################################################
#
# Build the cramfs root filesystem image that executes in place
#
################################################################################

# SPDX-License-Identifier: GPL-2.0-or-later

# Not rootfs.cramfs, which is the image of Buildroot's own cramfs. The directory
# is not called cramfs-xip, because BR2_TARGET_ROOTFS_CRAMFS_XIP is an option of
# Buildroot's own cramfs.
ROOTFS_MKCRAMFS_XIP_IMAGE_NAME = rootfs.cramfs-xip

ROOTFS_MKCRAMFS_XIP_REPORT = $(BINARIES_DIR)/$(ROOTFS_MKCRAMFS_XIP_IMAGE_NAME)

# The page size of the kernel: as set by the user, as configured for the
# architecture, or the only one that the architecture has.
ROOTFS_MKCRAMFS_XIP_PAGE_SIZE = $(firstword \
	$(call qstrip,$(BR2_TARGET_ROOTFS_MKCRAMFS_XIP_PAGE_SIZE)) \
	$(call qstrip,$(BR2_ARM64_PAGE_SIZE)) \
	$(call qstrip,$(BR2_ARC_PAGE_SIZE)) \
	$(if $(BR2_or1k)$(BR2_sparc64)$(BR2_m68k_cf),8K) \
	$(if $(BR2_loongarch64),16K) \
	4K)

ifeq ($(BR2_LINUX_KERNEL),y)
define ROOTFS_MKCRAMFS_XIP_CHECK_PAGE_SIZE
	$(BR2_EXTERNAL_MKCRAMFS_XIP_PATH)/fs/mkcramfs-xip/check-page-size.sh \
		$(LINUX_DIR)/.config $(ROOTFS_MKCRAMFS_XIP_PAGE_SIZE)
endef
ROOTFS_MKCRAMFS_XIP_PRE_GEN_HOOKS += ROOTFS_MKCRAMFS_XIP_CHECK_PAGE_SIZE
endif

ROOTFS_MKCRAMFS_XIP_OPTS = \
	$(if $(filter BIG,$(call qstrip,$(BR2_ENDIAN))),-B,-L) \
	-b $(ROOTFS_MKCRAMFS_XIP_PAGE_SIZE) \
	$(if $(BR2_USE_MMU),,--no-mmu) \
	$(if $(BR2_TARGET_ROOTFS_MKCRAMFS_XIP_ONLY_POLICY),,-X)

# $(1): option, $(2): part of a symbol; gives the option for each word of the symbol
ROOTFS_MKCRAMFS_XIP_EACH = $(foreach w,\
	$(call qstrip,$(BR2_TARGET_ROOTFS_MKCRAMFS_XIP_$(strip $(2)))),$(1) $(w))

ROOTFS_MKCRAMFS_XIP_OPTS += \
	$(call ROOTFS_MKCRAMFS_XIP_EACH,-P,POLICY) \
	$(call ROOTFS_MKCRAMFS_XIP_EACH,--profile,PROFILE) \
	$(call ROOTFS_MKCRAMFS_XIP_EACH,--flash-budget,FLASH_BUDGET) \
	$(call ROOTFS_MKCRAMFS_XIP_EACH,--ram-goal,RAM_GOAL) \
	$(call ROOTFS_MKCRAMFS_XIP_EACH,--max-size,MAX_SIZE) \
	$(call ROOTFS_MKCRAMFS_XIP_EACH,--pad-to,PAD_TO)

ifeq ($(BR2_TARGET_ROOTFS_MKCRAMFS_XIP_JSON),y)
ROOTFS_MKCRAMFS_XIP_OPTS += --json $(ROOTFS_MKCRAMFS_XIP_REPORT).json
endif

ifeq ($(BR2_TARGET_ROOTFS_MKCRAMFS_XIP_CURVE),y)
ROOTFS_MKCRAMFS_XIP_OPTS += --budget-curve $(ROOTFS_MKCRAMFS_XIP_REPORT)-curve
endif

ifeq ($(BR2_TARGET_ROOTFS_MKCRAMFS_XIP_HTML),y)
define ROOTFS_MKCRAMFS_XIP_WRITE_HTML
	$(HOST_DIR)/bin/dumpcramfs-xip report \
		--html $(ROOTFS_MKCRAMFS_XIP_REPORT).html $@
endef
ROOTFS_MKCRAMFS_XIP_POST_GEN_HOOKS += ROOTFS_MKCRAMFS_XIP_WRITE_HTML
endif

ROOTFS_MKCRAMFS_XIP_OPTS += \
	$(call qstrip,$(BR2_TARGET_ROOTFS_MKCRAMFS_XIP_OPTS))

ROOTFS_MKCRAMFS_XIP_DEPENDENCIES = host-mkcramfs-xip

# Owners, modes and device nodes come from Buildroot's fakeroot.
define ROOTFS_MKCRAMFS_XIP_CMD
	$(HOST_DIR)/bin/mkcramfs-xip $(ROOTFS_MKCRAMFS_XIP_OPTS) $(TARGET_DIR) $@
endef

$(eval $(rootfs))
