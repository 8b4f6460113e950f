#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# xipstat on a real ARM kernel under QEMU: see README.md.
# shellcheck source=tests/tap.sh
. "${top_srcdir:?}/tests/tap.sh"
machine=arm
# shellcheck source=tests/kernel/stat.sh
. "$top_srcdir/tests/kernel/stat.sh"
