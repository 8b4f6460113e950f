# SPDX-License-Identifier: GPL-2.0-or-later
# For PACKAGECONFIG = "libdeflate" of mkcramfs-xip-native and nativesdk-mkcramfs-xip.
BBCLASSEXTEND = "native nativesdk"
