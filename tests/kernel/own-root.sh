#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Fill DIR, which is made, with a root file system for a machine that Debian does not have: the
# libraries that come with the compiler, and programs of the test's own that use them.
#
#   own-root.sh DIR CROSS      CROSS: prefix of the compiler

set -eu
here=$(cd "$(dirname "$0")" && pwd)
dir=$1
cross=$2
libc=$("${cross}gcc" -print-file-name=libc.so.6)
mkdir -p "$dir/bin" "$dir/lib" "$dir/dev" "$dir/proc" "$dir/tmp"
cp -L "$(dirname "$libc")"/*.so.* "$dir/lib"
"${cross}gcc" -O2 -Wall -Werror -o "$dir/bin/cat" "$here/own_cat.c"
"${cross}gcc" -O2 -Wall -Werror -pthread -DWITH_LIBRARIES -o "$dir/bin/cat-more" "$here/own_cat.c" -Wl,--no-as-needed -lm -ldl
"${cross}gcc" -O2 -Wall -Werror -static -o "$dir/bin/cat-static" "$here/own_cat.c"
