#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The bytes of images change only on purpose. See images.py.
#   tests/golden/images.sh --update    writes images.sums again (set top_srcdir, top_builddir)
export MKCRAMFS_XIP="${MKCRAMFS_XIP:-${top_builddir:?}/mkcramfs-xip/mkcramfs-xip}"
export PYTHONDONTWRITEBYTECODE=1
# fakeroot's library comes before that of a sanitized build.
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}verify_asan_link_order=0:detect_leaks=0"
for tool in python3 fakeroot; do
	if ! command -v $tool >/dev/null; then
		echo "1..0 # SKIP $tool is not installed"
		exit 0
	fi
done
exec fakeroot python3 "${top_srcdir:?}/tests/golden/images.py" "$@"
