#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The rooms of doc/architecture.md: who includes whom, which headers are public,
# what names begin with, no circles. See rooms.py.
# shellcheck source=tests/tap.sh
. "${top_srcdir:?}/tests/tap.sh"

if ! command -v python3 >/dev/null; then
	lacks python3
	done_testing
fi

rooms() {
	python3 -B "$top_srcdir/tests/lint/rooms.py" "$1"
}
check "every room keeps to the rules of doc/architecture.md" rooms "$top_srcdir"

# Can it fail? planted FILE TEXT: leaves a copy of the tree with TEXT added to FILE,
# and the report in $scratch/out.
planted() {
	rm -rf "$scratch/tree"
	mkdir -p "$scratch/tree/${1%/*}"
	(cd "$top_srcdir" && find lib mkcramfs-xip cramfsck-xip dumpcramfs-xip cramfs-xip-fuse tools -name '*.[ch]' -print |
		tar cf - -T - doc/architecture.md) | tar xf - -C "$scratch/tree"
	chmod -R u+w "$scratch/tree"
	mkdir -p "$scratch/tree/${1%/*}"
	printf '%s\n' "$2" >>"$scratch/tree/$1"
	rooms "$scratch/tree" >"$scratch/out" 2>"$scratch/err"
}
# seed FILE TEXT PATTERN WHAT
seed() {
	planted "$1" "$2"
	check "self-test: $4 is found" grep -q -e "$3" "$scratch/out"
}
seed lib/read/x.c '#include "tree/tree.h"' 'x.c.*read may not' 'read that knows tree'
seed lib/read/x.c '#include "format/rules.h"' 'x.c.*read may not' "read that uses the builder's rules"
seed lib/base/x.h '#include "tree/tree.h"' 'x.h.*comes after' 'base that knows another room'
seed lib/tree/x.c '  #  include "scan/scan.h"' 'x.c.*comes after' 'an include against the order'
seed lib/scan/x.c '#include "exec/elf.h"' 'private to exec' 'a private header in another room'
seed lib/place/plan/x.c '#include <zlib.h>' 'belongs to comp' 'zlib outside comp'
seed lib/place/budget/x.c '#include <json-c/json.h>' 'belongs to profile' 'json-c outside profile'
seed lib/cli/x.c '#include "build/build.h"' 'comes after' 'a room low in the list that knows the whole'
seed mkcramfs-xip/x.c '#include "place/plan/plan.h"' 'mkcramfs-xip may not' 'a program that knows plan'
seed cramfsck-xip/x.c '#include <fuse_lowlevel.h>' 'belongs to cramfs-xip-fuse' 'FUSE in another program'
seed mkcramfs-xip/x.c '#include "check.h"' 'not in its folder' 'a header of another program'
seed tools/xipstat/x.c '#include "base/mem.h"' 'not in its folder' 'xipstat that needs lib'
seed tools/xipstat/x.c '#include <zlib.h>' 'not part of the C library' 'xipstat that needs a library'
seed lib/other/x.c '#include "tree/tree.h"' 'lib/other: not a room' 'a room that the table lacks'
seed lib/tree/x.c '#include "base/common.h"' 'no common.h' 'a common.h'
seed lib/tree/x.h 'void crx_branch_grow(int n);' 'crx_branch_grow() begins with no noun' 'a name with no noun of its room'
planted lib/write/x.c 'int crx_write_x(void)
{
	return crx_write_y();
}'
printf 'int crx_write_y(void)\n{\n\treturn crx_write_x();\n}\n' >"$scratch/tree/lib/write/y.c"
rooms "$scratch/tree" >"$scratch/out"
check 'self-test: two files that call each other are found' grep -q 'circle: x.c y.c' "$scratch/out"
sed -i '/^    input --> read$/d' "$scratch/tree/doc/architecture.md"
rooms "$scratch/tree" >"$scratch/out"
check 'self-test: an arrow that the diagram lacks is found' grep -q 'lacks input --> read' "$scratch/out"

done_testing
