# SPDX-License-Identifier: GPL-2.0-or-later
# A test for Buildroot's support/testing: the board of this external tree, with a
# toolchain that is downloaded. README.md says how to run it.
import os

import infra
import infra.basetest

EXTERNAL = os.path.normpath(os.path.join(
    os.path.dirname(os.path.realpath(__file__)), "../../../.."))


class TestMkcramfsXip(infra.basetest.BRTest):
    br2_external = [EXTERNAL]
    config = f"""
        BR2_arm=y
        BR2_cortex_a15=y
        BR2_TOOLCHAIN_EXTERNAL=y
        BR2_TOOLCHAIN_EXTERNAL_BOOTLIN=y
        BR2_TOOLCHAIN_EXTERNAL_BOOTLIN_ARMV7_EABIHF_GLIBC_STABLE=y
        BR2_TARGET_GENERIC_GETTY_PORT="ttyAMA0"
        # BR2_TARGET_GENERIC_REMOUNT_ROOTFS_RW is not set
        BR2_LINUX_KERNEL=y
        BR2_LINUX_KERNEL_CUSTOM_VERSION=y
        BR2_LINUX_KERNEL_CUSTOM_VERSION_VALUE="6.18.21"
        BR2_LINUX_KERNEL_USE_CUSTOM_CONFIG=y
        BR2_LINUX_KERNEL_CUSTOM_CONFIG_FILE="{EXTERNAL}/board/qemu-arm-xip/linux.config"
        BR2_TARGET_ROOTFS_MKCRAMFS_XIP=y
        BR2_TARGET_ROOTFS_MKCRAMFS_XIP_PAD_TO="64M"
        # BR2_TARGET_ROOTFS_TAR is not set
        """

    def test_run(self):
        img = os.path.join(self.builddir, "images", "rootfs.cramfs-xip")
        infra.run_cmd_on_host(self.builddir, ["host/bin/cramfsck-xip", img])

        # The second bank of flash: QEMU would boot from the first.
        self.emulator.boot(arch="armv7",
                           kernel=os.path.join(self.builddir, "images", "zImage"),
                           kernel_cmdline=["console=ttyAMA0", "root=mtd0",
                                           "rootfstype=cramfs", "ro"],
                           options=["-M", "virt", "-cpu", "cortex-a15",
                                    "-drive", "if=pflash,index=1,format=raw,"
                                    f"readonly=on,file={img}"])
        self.emulator.login()

        self.assertRunOk("grep '^mtd0 / cramfs ro' /proc/mounts")
        # The code of init takes no RAM.
        self.assertRunOk("grep -A 4 ' r-xp .*/busybox$' /proc/1/smaps | grep '^Rss: *0 kB'")
