#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# dumpcramfs-xip diff --erase-size, --ranges and --blocks; report --old.
# shellcheck source=tests/tap.sh
. "${top_srcdir:?}/tests/tap.sh"
# shellcheck source=tests/cli/setup.sh
. "$top_srcdir/tests/cli/setup.sh"
if ! command -v python3 >/dev/null; then
	lacks python3
	done_testing
fi
DUMPCRAMFS_XIP=${DUMPCRAMFS_XIP:-$top_builddir/dumpcramfs-xip/dumpcramfs-xip}
d() {
	"$DUMPCRAMFS_XIP" "$@"
}
tree root
cp -a root next
echo more >>next/etc/holes
echo new >next/etc/new
x --quiet -X --reserve 64K root old.img
x --quiet -X --reserve 64K --erase-size 4K --like old.img next new.img

check_exit 1 "diff --erase-size" d diff --erase-size 4K old.img new.img
says_out '^[0-9,]+ of [0-9,]+ erase blocks \(4\.0 KiB\) differ, [0-9.]+ KiB to write$' "how many differ"
says_out '^0x00000000 +4096  superblock, /, /etc$' "the superblock, and a directory"
says_out '/etc/holes' "a file that changed"
says_out '/etc/new' "a new file"
check "no file that is the same" sh -c '! grep -e numbers -e program "$1"' sh "$scratch/out"
d diff --erase-size 4K --ranges old.img new.img >ranges
python3 - 4096 >want <<'END'
import sys
size = int(sys.argv[1])
old, new = open("old.img", "rb").read(), open("new.img", "rb").read()
at = 0
while at < len(new):
    end = at
    while end < len(new) and new[end:end + size] != old[end:min(end + size, len(new))]:
        end = min(end + size, len(new))
    if end > at:
        print(at, end - at)
    at = end + size
END
check "--ranges: those that differ" cmp want ranges
d diff --erase-size 4K --json old.img new.img >diff.json
check "--json: as many" test "$(json diff.json 'j["changed_blocks"] * 4096')" -eq "$(awk '{ n += $2 } END { print n }' ranges)"
check "the ranges" test "$(json diff.json 'len(j["ranges"])')" -eq "$(wc -l <ranges)"
check "the superblock is in the first" test "$(json diff.json '[r["superblock"] for r in j["ranges"]].index(True)')" -eq 0
check "paths" test "$(json diff.json '"/etc/new" in sum([r["paths"] for r in j["ranges"]], [])')" = true
check_exit 0 "an image and itself" d diff --erase-size 4K old.img old.img
says_out '^0 of ' "do not differ"
check_exit 1 "one file is longer" d diff --erase-size 64K new.img old.img

# the update file, read by what shares no code
for size in 4096 65536; do
	for pair in 'old.img new.img' 'new.img old.img' 'old.img old.img'; do
		set -- $pair
		d diff --erase-size "$size" --blocks "$size.update" "$1" "$2" >/dev/null
		python3 -B "$top_srcdir/tests/update_file.py" "$size" "$1" "$2" want.update
		check "$pair: the update in blocks of $size" cmp want.update "$size.update"
	done
done

# hostile images
cp new.img bad.img
i=100
while [ $i -lt 3000 ]; do
	printf '\377\377\377' | dd of=bad.img bs=1 seek=$i conv=notrunc 2>/dev/null
	i=$((i + 97))
done
d diff --erase-size 4K old.img bad.img >out 2>err
check "a damaged image: no crash" test $? -le 8
head -c 5000 new.img >cut.img
d diff --erase-size 4K old.img cut.img >out 2>err
check "one that is cut off: no crash" test $? -le 8

# usage
check_exit 16 "--ranges alone" d diff --ranges old.img new.img
says 'ranges needs --erase-size' "needs --erase-size"
check_exit 16 "--blocks alone" d diff --blocks x old.img new.img
check_exit 16 "--blocks OLD" d diff --erase-size 4K --blocks old.img old.img new.img
says 'old.img: --blocks would replace an image' "would replace it"
check_exit 16 "--blocks NEW" d diff --erase-size 4K --blocks new.img old.img new.img
check_exit 16 "--ranges --json" d diff --erase-size 4K --ranges --json old.img new.img
check_exit 16 "layout --erase-size" d layout --erase-size 4K old.img
check_exit 16 "--erase-size 5000" d diff --erase-size 5000 old.img new.img
check_exit 16 "report --erase-size without --old" d report --html x.html --erase-size 4K new.img
check_exit 16 "report --old without --erase-size" d report --html x.html --old old.img new.img
check_exit 16 "--html OLD" d report --html old.img --erase-size 4K --old old.img new.img

# free space
d layout --json new.img >layout.json
check "layout: free space" test "$(json layout.json 'j["bytes"]["free"]')" -gt 50000
check "is a region" test "$(json layout.json '"free" in [r["region"] for r in j["regions"]]')" = true
d layout --json old.img >layout.json
check "directories are one region" test "$(json layout.json '[r["region"] for r in j["regions"]].count("directories")')" -eq 1
check_exit 0 "report --old" d report --html r.html --erase-size 4K --old old.img new.img
check "has the ranges" test "$(tr -d '\n' <r.html | sed 's/.*"changed": \[\([^]]*\)\].*/\1/' | tr -d ,)" = "$(paste -s -d ' ' ranges)"
done_testing
