#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# One comparison on one kernel, for ./quickstart check-kernels: see README.md.
#
#   test-machine.sh COMPARISON MACHINE [VERSION]
#
# COMPARISON is images, model, xipstat, boot, update, memory or fuse. MACHINE.sh is next to this script.
# VERSION is that of build-kernel.sh.
# shellcheck source=tests/tap.sh
. "${top_srcdir:?}/tests/tap.sh"
# shellcheck disable=SC2034 # for setup.sh
machine=$2 version=${3-}
[ $# -gt 2 ] || unset version
case $1 in
images)
	# shellcheck source=tests/kernel/bench.sh
	. "$top_srcdir/tests/kernel/bench.sh"
	;;
model)
	# shellcheck source=tests/kernel/model.sh
	. "$top_srcdir/tests/kernel/model.sh"
	;;
boot)
	# shellcheck source=tests/kernel/boot.sh
	. "$top_srcdir/tests/kernel/boot.sh"
	;;
fuse)
	# shellcheck source=tests/kernel/fuse.sh
	. "$top_srcdir/tests/kernel/fuse.sh"
	;;
update)
	# shellcheck source=tests/kernel/update.sh
	. "$top_srcdir/tests/kernel/update.sh"
	;;
memory)
	# shellcheck source=tests/kernel/memory.sh
	. "$top_srcdir/tests/kernel/memory.sh"
	;;
xipstat)
	# shellcheck source=tests/kernel/stat.sh
	. "$top_srcdir/tests/kernel/stat.sh"
	;;
esac
