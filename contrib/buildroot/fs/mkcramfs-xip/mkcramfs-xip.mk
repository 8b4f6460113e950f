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

# $(1): part of a symbol
ROOTFS_MKCRAMFS_XIP_SYMBOL = $(call qstrip,$(BR2_TARGET_ROOTFS_MKCRAMFS_XIP_$(1)))

# $(1): option, $(2): symbol with a size
ROOTFS_MKCRAMFS_XIP_SIZE = $(addprefix $(1) ,$(call ROOTFS_MKCRAMFS_XIP_SYMBOL,$(2)))

# $(1): option, $(2): symbol with files; gives the option for each of them. The
# shell splits the list, since paths may contain spaces between single quotes.
ROOTFS_MKCRAMFS_XIP_FILES = $(shell set -f; \
	for f in $(call ROOTFS_MKCRAMFS_XIP_SYMBOL,$(2)); do printf "%s '%s' " "$(1)" "$$f"; done)

ROOTFS_MKCRAMFS_XIP_OPTS += \
	$(call ROOTFS_MKCRAMFS_XIP_FILES,-P,POLICY) \
	$(call ROOTFS_MKCRAMFS_XIP_FILES,--profile,PROFILE) \
	$(call ROOTFS_MKCRAMFS_XIP_SIZE,--flash-budget,FLASH_BUDGET) \
	$(call ROOTFS_MKCRAMFS_XIP_SIZE,--ram-goal,RAM_GOAL) \
	$(call ROOTFS_MKCRAMFS_XIP_SIZE,--max-size,MAX_SIZE) \
	$(call ROOTFS_MKCRAMFS_XIP_SIZE,--pad-to,PAD_TO)

ifeq ($(BR_BUILDING)$(BR2_TARGET_ROOTFS_MKCRAMFS_XIP),yy)
$(foreach s,PAGE_SIZE FLASH_BUDGET RAM_GOAL MAX_SIZE PAD_TO,\
	$(if $(word 2,$(call ROOTFS_MKCRAMFS_XIP_SYMBOL,$(s))),\
		$(error BR2_TARGET_ROOTFS_MKCRAMFS_XIP_$(s)="$(call ROOTFS_MKCRAMFS_XIP_SYMBOL,$(s))" must be one size, such as 16K or 12M)))
$(foreach s,POLICY PROFILE,\
	$(if $(call ROOTFS_MKCRAMFS_XIP_SYMBOL,$(s)),$(if $(call ROOTFS_MKCRAMFS_XIP_FILES,,$(s)),,\
		$(error BR2_TARGET_ROOTFS_MKCRAMFS_XIP_$(s)="$(call ROOTFS_MKCRAMFS_XIP_SYMBOL,$(s))" is not a list of files: a quote is missing))))
endif

# Files may be made during the build, so they are looked at just before the image
# is made.
define ROOTFS_MKCRAMFS_XIP_CHECK_FILES
	$(BR2_EXTERNAL_MKCRAMFS_XIP_PATH)/fs/mkcramfs-xip/check-files.sh \
		POLICY $(call ROOTFS_MKCRAMFS_XIP_FILES,,POLICY)
	$(BR2_EXTERNAL_MKCRAMFS_XIP_PATH)/fs/mkcramfs-xip/check-files.sh \
		PROFILE $(call ROOTFS_MKCRAMFS_XIP_FILES,,PROFILE)
endef
ROOTFS_MKCRAMFS_XIP_PRE_GEN_HOOKS += ROOTFS_MKCRAMFS_XIP_CHECK_FILES

# Only the policy can put something in place, and did not.
ifeq ($(BR2_TARGET_ROOTFS_MKCRAMFS_XIP_ONLY_POLICY),y)
define ROOTFS_MKCRAMFS_XIP_CHECK_IN_PLACE
	$(Q)$(HOST_DIR)/bin/dumpcramfs-xip layout $@ | grep -q ' in place$$' || { \
		rm -f $@; \
		echo "rootfs.cramfs-xip: nothing is in place: no rule of BR2_TARGET_ROOTFS_MKCRAMFS_XIP_POLICY puts a file in place" >&2; \
		exit 1; }
endef
ROOTFS_MKCRAMFS_XIP_POST_GEN_HOOKS += ROOTFS_MKCRAMFS_XIP_CHECK_IN_PLACE
endif

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
