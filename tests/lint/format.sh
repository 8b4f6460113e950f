#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The layout of files: .editorconfig, six parameters at most, .clang-format.
# shellcheck source=tests/tap.sh
. "${top_srcdir:?}/tests/tap.sh"

if ! command -v python3 >/dev/null; then
	lacks python3
	done_testing
fi
layout() {
	python3 -B "$top_srcdir/tests/lint/format.py" "$1"
}
check "files are laid out as .editorconfig says, functions have six parameters at most" layout "$top_srcdir"

# Each version of clang-format has its own opinion; .clang-format is for this one.
VERSION=14
c_files() {
	(cd "$1" && find lib mkcramfs-xip cramfsck-xip dumpcramfs-xip cramfs-xip-fuse tools tests -name '*.[ch]' \
		! -name report_page.c -print0)
}
formatted() {
	c_files "$1" | (cd "$1" && xargs -0 "$clang_format" -n -Werror)
}
clang_format=
for tool in clang-format-$VERSION clang-format; do
	if "$tool" --version 2>/dev/null | grep -q "version $VERSION\\."; then
		clang_format=$tool
		break
	fi
done
if [ -n "$clang_format" ]; then
	check "C files are laid out as .clang-format says (make format)" formatted "$top_srcdir"
elif command -v clang-format >/dev/null; then
	skip "clang-format $VERSION is not installed, only another version"
else
	lacks "clang-format $VERSION"
fi

# Can it fail? seed FILE TEXT WHAT
mkdir -p "$scratch/tree/lib" "$scratch/tree/tests"
cp "$top_srcdir/.editorconfig" "$top_srcdir/.clang-format" "$scratch/tree"
seed() {
	printf "%b" "$2" >"$scratch/tree/$1"
	check_exit 1 "self-test: $3 is found" layout "$scratch/tree"
	rm "$scratch/tree/$1"
}
seed lib/x.c "int i; /* $(printf '%0100d' 0) */\n" "a line of more than 100 columns"
seed lib/x.c "        int i;\n" "an indentation with spaces"
seed lib/x.c "int i; \n" "white space at the end of a line"
seed lib/x.c "int i;" "a file without a newline at its end"
seed lib/x.c "int i;\r\n" "a carriage return"
seed lib/x.py "def f():\n\treturn\n" "a tab in Python"
seed lib/x.h "int f(int a, int b, int c, int d,\n\tint e, int f, int g);\n" "a function with seven parameters"
check "self-test: nothing else is found" layout "$scratch/tree"
done_testing
