#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# lib/ and xipstat compile with musl's headers: nothing in them needs glibc. Files that
# use a third-party library are not compiled, because its headers need glibc here.
# shellcheck source=tests/tap.sh
. "${top_srcdir:?}/tests/tap.sh"

if ! command -v musl-gcc >/dev/null; then
	skip 'musl-gcc is missing (Debian: musl-tools)'
	done_testing
fi

# musl brings no kernel headers; the system's do not depend on the C library.
mkdir "$scratch/kernel"
multiarch=$(gcc -print-multiarch 2>/dev/null)
for dir in linux asm-generic mtd "$multiarch/asm" asm; do
	if [ -d "/usr/include/$dir" ]; then
		ln -s "/usr/include/$dir" "$scratch/kernel/"
	fi
done

# shellcheck disable=SC2317 # called by check
compile() {
	musl-gcc -std=c11 -Wall -Wextra -Wmissing-prototypes -Wvla -Wundef -Werror -isystem "$scratch/kernel" \
		-I"$top_builddir" -I"$top_srcdir/lib" -fsyntax-only "$1"
}

check 'the compiler works' compile "$top_srcdir/lib/base/mem.c"
for file in "$top_srcdir"/lib/*/*.c "$top_srcdir"/lib/*/*/*.c "$top_srcdir"/tools/xipstat/*.c; do
	[ -e "$file" ] || continue
	grep -qE '^#[[:space:]]*include <(zlib|libelf|gelf|xxhash|libdeflate|zopfli/.*|archive|json-c/.*)\.h>' "$file" ||
		check "${file#"$top_srcdir"/} compiles with musl" compile "$file"
done
done_testing
