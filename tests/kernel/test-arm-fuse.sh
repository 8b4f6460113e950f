#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# cramfs-xip-fuse on a real ARM kernel under QEMU, compared with the kernel's own mount: see
# README.md. Where this machine lets images be mounted, tests/cli/fuse.sh does that, and this test
# is left to ./quickstart check-kernels.
# shellcheck source=tests/tap.sh
. "${top_srcdir:?}/tests/tap.sh"
mkdir "$scratch/mnt"
if python3 -B "$top_srcdir/tests/cli/fuse_compare.py" can-mount "$scratch/mnt" 2>"$scratch/why"; then
	ok 'this machine permits mounting: tests/cli/fuse.sh mounts images'
	done_testing
fi
diag "mounting is not permitted here: $(tail -n 1 "$scratch/why")"
machine=arm
# shellcheck source=tests/kernel/fuse.sh
. "$top_srcdir/tests/kernel/fuse.sh"
