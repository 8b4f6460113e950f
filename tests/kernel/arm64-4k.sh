# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced. arm64 with pages of 4K.
# shellcheck shell=sh disable=SC2034
page_size=4096
config_lines=CONFIG_ARM64_4K_PAGES=y
cpu=cortex-a57
# shellcheck source=tests/kernel/arm64.sh
. "${here:?}/arm64.sh"
