#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Write start-qemu.sh next to the images. The flash is pflash unit 1, the second
# bank, because QEMU would boot from the first one.
set -e

cat >"${BINARIES_DIR}/start-qemu.sh" <<EOF
#!/bin/sh
cd "\$(dirname "\$0")" || exit 1
PATH="${HOST_DIR}/bin:\${PATH}"
exec qemu-system-arm -M virt -cpu cortex-a15 -m 64 -nic none -nographic \\
	-kernel zImage \\
	-drive if=pflash,format=raw,index=1,file=rootfs.cramfs-xip,readonly=on \\
	-append "console=ttyAMA0 root=mtd0 rootfstype=cramfs ro" "\$@"
EOF
chmod 755 "${BINARIES_DIR}/start-qemu.sh"
