#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# --like and the options that belong to it. tests/roundtrip/update.py has chains of random changes.
# shellcheck source=tests/tap.sh
. "${top_srcdir:?}/tests/tap.sh"
# shellcheck source=tests/cli/setup.sh
. "$top_srcdir/tests/cli/setup.sh"
if ! command -v python3 >/dev/null; then
	lacks python3
	done_testing
fi
d="$top_builddir/dumpcramfs-xip/dumpcramfs-xip"
fsck="$top_builddir/cramfsck-xip/cramfsck-xip"

tree root
cp "$d" root/bin/dump
cp "$fsck" root/bin/check
awk 'BEGIN { for (i = 0; i < 90000; i++) print i * i % 9973, i }' >root/etc/table
awk 'BEGIN { for (i = 0; i < 900; i++) print "a line of text", i % 7 }' >root/usr/share/doc/text

# differ OLD NEW [SIZE]: how many erase blocks of NEW are not in OLD
differ() {
	python3 - "$1" "$2" "${3:-65536}" <<-'END'
		import sys
		old, new = (open(name, 'rb').read() for name in sys.argv[1:3])
		size = int(sys.argv[3])
		print(sum(new[at:at + size] != old[at:min(at + size, len(new))] for at in range(0, len(new), size)))
	END
}
# table IMAGE PATH, block IMAGE PATH: where its table is, and its first block
table() {
	"$d" stat "$1" "$2" | sed -n 's/.*table at \([0-9]*\),.*/\1/p'
}
block() {
	"$d" stat "$1" "$2" | awk '$1 == "0" { print $4 }'
}
# update OPTION... ROOT OLD NEW: NEW is right, and has what was reported
update() {
	for update_new; do :; done
	x --json update.json "$@" >summary 2>messages || return 1
	"$fsck" --quiet "$update_new"
}
reported() {
	json update.json "j['update']['$1']"
}

x --quiet -X root old.img
check_exit 0 "--like" x -X --like old.img root new.img
says_out '^  update +0 of [0-9]+ erase blocks \(64\.0 KiB\) differ, 0 bytes to write; .* free inside$' "the summary: nothing differs"
check "the image is the same" cmp old.img new.img
x --quiet -X -c zlib:1 root zlib.img
check_exit 0 "of another compressor" x --quiet -X --like zlib.img root new.img
check "its streams are reused" cmp zlib.img new.img
check_exit 0 "--recompress" x --quiet -X --like zlib.img --recompress --max-waste 1000 root new.img
check "they are not" sh -c '! cmp -s zlib.img new.img'
check "pages in place keep their places" sh -c 'for i in zlib new; do "$1" maps --json $i.img | grep -o "\"offset\": [0-9]*" >$i.places; done; [ -s new.places ] && cmp zlib.places new.places' sh "$d"

cp -a root next
echo 'one more line' >>next/etc/holes
check "one line: an update" update -X --like old.img next new.img
check "few blocks differ" test "$(differ old.img new.img)" -le 3
check "as many as reported" test "$(differ old.img new.img)" -eq "$(reported changed_blocks)"
check "bytes to write" test "$(reported bytes_to_write)" -le $((65536 * $(reported changed_blocks)))
check "blocks" test "$(reported blocks)" -eq $((($(size_of new.img) + 65535) / 65536))
check "the old image is named" test "$(reported like)" = old.img
x --quiet -X next fresh.img
check "the size of a first image" test "$(reported fresh_size)" -eq "$(size_of fresh.img)"
check "the image is hardly larger" test "$(size_of new.img)" -le $(($(size_of fresh.img) * 102 / 100 + 4096))
check "without --like, most blocks differ" test "$(differ old.img fresh.img)" -gt $((2 * $(differ old.img new.img)))
x --quiet -X -j1 --like old.img next one.img
check "on one thread the same" cmp new.img one.img
check "--erase-size" update -X --erase-size 4K --like old.img next small.img
check "is what is counted in" test "$(differ old.img small.img 4096)" -eq "$(reported changed_blocks)"
cp old.img self.img
check_exit 0 "IMAGE is OLD" x --quiet -X --like self.img next self.img
check "gives the same image" cmp new.img self.img
check_exit 0 "--dry-run" x -X --dry-run --json update.json --like old.img next none.img
says_out '^  update +.* free inside$' "does not know what differs"
check "nor does the JSON" test "$(reported changed_blocks)" = null
x --quiet -X --json update.json root new.img
check "without --like, the member is null" test "$(json update.json 'j["update"]')" = null

# what deleted files leave
at=$(block old.img /etc/table)
left=$(bytes old.img "$at" 3000)
rm next/etc/table
check "a file removed: an update" update -X --max-waste 1000 --like old.img next left.img
check "few blocks differ" test "$(differ old.img left.img)" -le 3
check "the rest of its bytes remain" test "$(bytes left.img "$(($(block old.img /etc/table) + 150000))" 500)" = "$(bytes old.img "$((at + 150000))" 500)"
check "--wipe" update -X --max-waste 1000 --wipe --like old.img next wiped.img
check "there are none of its bytes" test "$(bytes wiped.img "$((at + 150000))" 500)" = "$(printf '%01000d' 0 | tr 0 f)"
check "--max-waste" update -X --max-waste 0 --like old.img next full.img
x --quiet -X next fresh.img
check "is kept to" test "$(size_of full.img)" -le "$(size_of fresh.img)"

# A file that fits in no space: two of its neighbours go where others were.
mkdir -p many/dir/empty # a directory after the root can fill what the root leaves
python3 - <<'END'
import random
rng = random.Random(1)
for i in range(40):
    open("many/file-%02d" % i, "wb").write(rng.randbytes(100000))
open("large", "wb").write(rng.randbytes(290000))
END
x --quiet -X many many.img
rm many/file-10 many/file-20 many/file-30
cp large many/file-large
check "a file that fits nowhere: an update" update -X --erase-size 4K --max-waste 1% --like many.img many new.img
x --quiet -X many fresh.img
check "the image is hardly larger" test "$(size_of new.img)" -le $(($(size_of fresh.img) * 101 / 100 + 4096))
check "only two files move" test "$(differ many.img new.img 4096)" -le $(((290000 + 200000) / 4096 + 8))
check "the next update moves nothing" update -X --erase-size 4K --max-waste 1 --like new.img many again.img
check "it is the same image" cmp new.img again.img

# Blocks that are stored directly after a run.
mkdir -p part/etc
echo text >part/etc/text
cp "$d" part/program
python3 -c '
import random
with open("part/program", "r+b") as f:
    f.seek(20 * 4096)
    f.write(random.Random(2).randbytes(8 * 4096))'
echo '/program xip pages=..20' >part.policy
x --quiet -x -P part.policy part part.img
"$d" stat part.img /program | grep -qE '^ +2[0-9] +stored ' || skip "no block after a run"
echo more >>part/etc/text
check "a file only partly in place: an update" update -x -P part.policy --erase-size 4K --like part.img part new.img
check "it stays where it is" test "$(differ part.img new.img 4096)" -le 3
mkdir limit
python3 - <<'END'
import random
rng = random.Random(4)
for name, size in ("a", 3), ("b", 500000), ("m", 2000000), ("z", 1000000):
    open("limit/" + name, "wb").write(rng.randbytes(size))
END
x --quiet limit limit.img
rm limit/m
python3 -c 'import random; open("limit/z", "wb").write(random.Random(5).randbytes(1000100))'
check "a file changes that ends after the limit: an update" update --like limit.img limit new.img
check "what is before it stays" test "$(table limit.img /b)" = "$(table new.img /b)"
mkdir flat
for name in a b c a-name-that-makes-a-gap-when-it-is-gone; do
	head -c 3000 "$d" | cat - root/etc/numbers >"flat/$name"
	echo $name >>"flat/$name"
done
x --quiet flat flat.img
rm flat/a-name-*
check "only the root, which has become smaller: an update" update --like flat.img flat new.img
check "the directories alone: an update" sh -c 'mkdir -p bare/a/b && "$1" --quiet bare bare.img && "$1" --quiet --like bare.img bare new.img && cmp bare.img new.img' sh "$MKCRAMFS_XIP"
check "nothing at all: an update" sh -c 'mkdir none && "$1" --quiet none none.img && "$1" --quiet --like none.img none new.img && cmp none.img new.img' sh "$MKCRAMFS_XIP"

# decisions stay
cp -a root moved
chmod 600 moved/etc/equal
check "a file that shared a table gets another mode: an update" update -X --like old.img moved new.img
check "the other one keeps the table" test "$(table old.img /etc/numbers)" = "$(table new.img /etc/numbers)"
check "the changed file gets its own table" test "$(table new.img /etc/equal)" != "$(table new.img /etc/numbers)"
chmod 644 moved/etc/equal
mv moved/etc/equal moved/etc/other
check "a file renamed: an update" update -X --like old.img moved new.img
check "it keeps its place" test "$(table old.img /etc/equal)" = "$(table new.img /etc/other)"
"$d" maps --json old.img >maps.json
cat >half.csv <<-'END'
	path,offset,count
	bin/dump,4096,1
END
x --quiet -X --profile half.csv root half.img
check_exit 0 "pages in place, and a profile without them" x --quiet -X --profile half.csv --like old.img root new.img
check "they stay in place" cmp old.img new.img
budget=$((($(size_of half.img) + $(size_of old.img)) / 2 + 8192))
x --quiet -X --flash-budget $budget root budget.img
check_exit 0 "a budget, and the image of it" x --quiet -X --flash-budget $budget --like budget.img root new.img
check "the same pages are in place" cmp budget.img new.img
echo 'one more line' >>root/usr/share/doc/text
check "one line more: an update" update -X --flash-budget $budget --like budget.img root new.img
check "few blocks differ" test "$(differ budget.img new.img)" -le 3
check "the budget is kept to" test "$(size_of new.img)" -le $budget

# the reserve
check_exit 0 "--reserve" x -X --reserve 64K --json r.json root r.img
says_out '^  free +6[0-9]\.[0-9] KiB for updates$' "the summary shows it"
check "so does the JSON" test "$(json r.json 'j["bytes"]["free"]')" -gt 60000
check_exit 0 "in percent" x --quiet -X --reserve 10% --json r.json root percent.img
check "of the image" test "$(json r.json 'j["bytes"]["free"] * 12 // j["image"]["size"]')" -eq 1
"$fsck" r.img >out || not_ok "an image with a reserve has no findings"
cp -a root more
i=0
while [ $i -lt 3 ]; do
	echo $i >more/etc/new-$i
	i=$((i + 1))
done
check "three new files: an update" update -X --reserve 64K --like r.img more new.img
check "directories grow into it" sh -c '"$1" stat r.img / /etc >a; "$1" stat new.img / /etc >b; grep "entries at" a >c; grep "entries at" b | cmp - c' sh "$d"
check "two blocks differ at most" test "$(differ r.img new.img)" -le 2
check "the image does not grow" test "$(size_of r.img)" -eq "$(size_of new.img)"

# wrong usage
check_exit 16 "--erase-size 3000" x --like old.img --erase-size 3000 root new.img
says 'erase-size' "is an error"
check_exit 16 "--erase-size 96K" x --like old.img --erase-size 96K root new.img
says '96K: no flash has such erase blocks' "is an error"
check_exit 16 "--reserve x%" x --reserve x% root new.img
check_exit 16 "--max-waste 2.5" x --max-waste 2.5 root new.img
check_exit 16 "--max-waste %" x --max-waste % root new.img
check_exit 16 "a percentage of many digits" x --max-waste 0000000000000000000000000000000000000002% root new.img
check_exit 16 "--like ''" x --like '' root new.img
check_exit 16 "--json OLD" x --like old.img --json old.img root new.img
says 'would replace what --like reads' "is an error"
done_testing
