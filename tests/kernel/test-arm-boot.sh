#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A complete boot from an XIP image on an ARM kernel under QEMU: see README.md.
# shellcheck source=tests/tap.sh
. "${top_srcdir:?}/tests/tap.sh"
machine=arm
# shellcheck source=tests/kernel/boot.sh
. "$top_srcdir/tests/kernel/boot.sh"
