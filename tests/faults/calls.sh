#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Each system call and each allocation of the programs fails in turn. See calls.py.
# shellcheck source=tests/tap.sh
. "${top_srcdir:?}/tests/tap.sh"

if ! command -v python3 >/dev/null; then
	lacks python3
	done_testing
fi
export MKCRAMFS_XIP
export CRAMFSCK_XIP="${CRAMFSCK_XIP:-$top_builddir/cramfsck-xip/cramfsck-xip}"
export DUMPCRAMFS_XIP="${DUMPCRAMFS_XIP:-$top_builddir/dumpcramfs-xip/dumpcramfs-xip}"
# a sanitizer has an allocator of its own, and wants to come first
asan=
if grep -q __asan_init "$MKCRAMFS_XIP"; then
	asan=-DNO_MALLOC
	export CRX_FAULTS="${CRX_FAULTS:-5}"
	export ASAN_OPTIONS="verify_asan_link_order=0${ASAN_OPTIONS:+:$ASAN_OPTIONS}"
fi
# shellcheck disable=SC2086
if ! ${CC:-cc} -O1 -shared -fPIC $asan -o "$scratch/shim.so" "$top_srcdir/tests/faults/shim.c" -ldl 2>"$scratch/err"; then
	skip "no C compiler makes the shim, or it is not for this C library"
	done_testing
fi
FAULT_COUNT=$scratch/count LD_PRELOAD=$scratch/shim.so "$MKCRAMFS_XIP" --dry-run -q "$top_srcdir/man" - >"$scratch/out" 2>&1
if ! grep -q open "$scratch/count" 2>/dev/null; then
	skip "the shim has no effect on this program (static?)"
	done_testing
fi
mkdir "$scratch/work"
PYTHONDONTWRITEBYTECODE=1 python3 "$top_srcdir/tests/faults/calls.py" "$scratch/shim.so" "$scratch/work" "$@"
exit
