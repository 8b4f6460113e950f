#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The layout of images changes only on purpose. See golden.py.
#   tests/golden/golden.sh --update    writes the texts again (set top_srcdir, top_builddir)
export MKCRAMFS_XIP="${MKCRAMFS_XIP:-${top_builddir:?}/mkcramfs-xip/mkcramfs-xip}"
export PYTHONDONTWRITEBYTECODE=1
if ! command -v python3 >/dev/null; then
	echo "1..0 # SKIP python3 is not there"
	exit 0
fi
exec python3 "${top_srcdir:?}/tests/golden/golden.py" "$@"
