#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Each allocation of the programs' own code fails in turn. See memory.py.
# shellcheck source=tests/tap.sh
. "${top_srcdir:?}/tests/tap.sh"

if ! command -v python3 >/dev/null; then
	lacks python3
	done_testing
fi
export MKCRAMFS_XIP
export CRAMFSCK_XIP="${CRAMFSCK_XIP:-$top_builddir/cramfsck-xip/cramfsck-xip}"
export DUMPCRAMFS_XIP="${DUMPCRAMFS_XIP:-$top_builddir/dumpcramfs-xip/dumpcramfs-xip}"
PYTHONDONTWRITEBYTECODE=1 python3 "$top_srcdir/tests/faults/memory.py" \
	"$(cd "$top_builddir" && pwd)/tests/faults/nomem-" "$scratch" "$@"
exit
