# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced. arm64 with pages of 16K.
# shellcheck shell=sh disable=SC2034
page_size=16384
config_lines=CONFIG_ARM64_16K_PAGES=y
# QEMU has no named processor with pages of 16K
cpu=max,pauth-impdef=on
# shellcheck source=tests/kernel/arm64.sh
. "${here:?}/arm64.sh"
