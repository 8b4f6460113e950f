#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The kernel model compared with a real ARM kernel under QEMU: see README.md.
# shellcheck source=tests/tap.sh
. "${top_srcdir:?}/tests/tap.sh"
machine=arm
# shellcheck source=tests/kernel/model.sh
. "$top_srcdir/tests/kernel/model.sh"
