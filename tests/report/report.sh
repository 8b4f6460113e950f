#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The report in a real browser. See report.py.
export MKCRAMFS_XIP="${MKCRAMFS_XIP:-${top_builddir:?}/mkcramfs-xip/mkcramfs-xip}"
export DUMPCRAMFS_XIP="${DUMPCRAMFS_XIP:-${top_builddir:?}/dumpcramfs-xip/dumpcramfs-xip}"
export PYTHONDONTWRITEBYTECODE=1
if ! command -v python3 >/dev/null; then
	echo "1..0 # SKIP python3 is not there"
	exit 0
fi
exec python3 "${top_srcdir:?}/tests/report/report.py" "$@"
