#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# clang-tidy has nothing to report on the product but what is accepted. It takes minutes,
# so `make tidy` runs it, not `make check`.
# shellcheck source=tests/tap.sh
. "${top_srcdir:?}/tests/tap.sh"
# shellcheck source=tests/lint/accepted.sh
. "$top_srcdir/tests/lint/accepted.sh"

if ! command -v clang-tidy >/dev/null; then
	lacks clang-tidy
	done_testing
fi
cd "$top_srcdir" || exit 99
# shellcheck disable=SC2016 # the inner shell expands it
find lib mkcramfs-xip cramfsck-xip dumpcramfs-xip cramfs-xip-fuse tools -name '*.c' | sort |
	xargs -P 2 -n 8 sh -c 'clang-tidy --quiet "$@" -- -std=c11 -Ilib -I. -I"$top_builddir" $(pkg-config --cflags fuse3)' tidy \
		>"$scratch/raw" 2>"$scratch/err"
check 'clang-tidy can compile everything' test "$(grep -c ' error: ' "$scratch/raw")" -eq 0
sed -n "s,^$PWD/,,; s/^\([^ :]*\):[0-9]*:[0-9]*: warning: /\1: /p" "$scratch/raw" >"$scratch/tidy"
compare_reports tidy "$scratch/tidy"
done_testing
