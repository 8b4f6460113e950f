#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# cppcheck has nothing to report on the product but what is accepted; `make cppcheck`.
# shellcheck source=tests/tap.sh
. "${top_srcdir:?}/tests/tap.sh"
# shellcheck source=tests/lint/accepted.sh
. "$top_srcdir/tests/lint/accepted.sh"

if ! command -v cppcheck >/dev/null; then
	lacks cppcheck
	done_testing
fi
cd "$top_srcdir" || exit 99
check 'cppcheck runs' cppcheck -j 2 --quiet --std=c11 --enable=warning,portability,performance \
	-Ilib -I. -I"$top_builddir" --template='{file}: {message} [{id}]' --output-file="$scratch/cppcheck" \
	lib mkcramfs-xip cramfsck-xip dumpcramfs-xip cramfs-xip-fuse tools
compare_reports cppcheck "$scratch/cppcheck"
done_testing
