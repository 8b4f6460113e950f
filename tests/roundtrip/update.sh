#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Makes chains of images, each like the one before. See update.py.
export MKCRAMFS_XIP="${MKCRAMFS_XIP:-${top_builddir:?}/mkcramfs-xip/mkcramfs-xip}"
export CRAMFSCK_XIP="${CRAMFSCK_XIP:-${top_builddir:?}/cramfsck-xip/cramfsck-xip}"
export PYTHONDONTWRITEBYTECODE=1
if ! command -v python3 >/dev/null; then
	echo "1..0 # SKIP python3 is not installed"
	exit 0
fi
exec python3 "${top_srcdir:?}/tests/roundtrip/update.py" "$@"
