#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Flash and RAM as a gate: dumpcramfs-xip diff --fail-if, and mkcramfs-xip --against.
# shellcheck source=tests/tap.sh
. "${top_srcdir:?}/tests/tap.sh"
# shellcheck source=tests/cli/setup.sh
. "$top_srcdir/tests/cli/setup.sh"
DUMPCRAMFS_XIP=${DUMPCRAMFS_XIP:-$top_builddir/dumpcramfs-xip/dumpcramfs-xip}
d() {
	"$DUMPCRAMFS_XIP" "$@"
}
# json_is FILE EXPRESSION VALUE WHAT
json_is() {
	if command -v python3 >/dev/null; then
		check "$4" test "$(json "$1" "$2")" = "$3"
	else
		lacks python3
	fi
}

tree root
x --quiet -X -q root old.img
cp -R root changed
awk 'BEGIN { for (i = 0; i < 3000; i++) print i * i % 977, i }' >changed/etc/more
echo "one more line" >>changed/etc/numbers
rm changed/etc/equal
x --quiet -X -q --exclude /bin/program changed new.img
# 1234, and as it is shown; a program built for debugging is large
plain=$(d maps old.img | sed -n '$s/.* \([0-9,]*\) of .*/\1/p' | tr -d ,)
pages=$(echo "$plain" | sed 's/\([0-9]\)\([0-9][0-9][0-9]\)$/\1,\2/')

# dumpcramfs-xip diff
check_exit 1 "images differ" d diff old.img new.img
says_out '^size +[0-9,]+ -> [0-9,]+ bytes \(-' "what the image lost"
says_out "^in place +$pages -> 0 pages \(-$pages, -100\.00 %\)\$" "pages in place"
says_out "^RAM saved +[0-9,]+ -> 0 bytes" "RAM saved"
says_out '^files +1 added, 2 removed, 1 larger, 0 smaller$' "files"
says_out '^ +\+[0-9,]+ bytes, added: /etc/more$' "the file that grew most"
says_out '^ +\+14 bytes: /etc/numbers$' "and the next"

check_exit 0 "no condition holds, though they differ" d diff --fail-if 'size>+64K,size>1G,file>1G' old.img new.img
check "says nothing" empty err
check_exit 1 "a condition on pages" d diff --fail-if 'size>+64K, pages<-10' old.img new.img
says "^dumpcramfs-xip: new.img: pages<-10 holds: $pages -> 0 pages \(-$pages, -100\.00 %\)\$" "which, and why"
check "no other" test "$(wc -l <err)" -eq 1
check_exit 1 "a condition on files" d diff --fail-if size\>1G --fail-if file\>+13 old.img new.img
says '^dumpcramfs-xip: /etc/more: file>\+13 holds: 0 -> [0-9,]+ bytes \(\+[0-9,]+, added\)$' "a file that was added"
says '^dumpcramfs-xip: /etc/numbers: file>\+13 holds: .* \(\+14, \+0\.0[0-9] %\)$' "a file that grew"
check "no other" test "$(wc -l <err)" -eq 2
check_exit 0 "a limit that is reached only" d diff --fail-if 'file>+14%' old.img new.img
check_exit 1 "files that lost pages" d diff --fail-if 'file-pages<-1%,file-pages<-1' old.img new.img
says '^dumpcramfs-xip: /bin/program: file-pages<-1 holds: ' "named"
check_exit 1 "RAM that is no longer saved" d diff --fail-if 'ram-saved<-100K' old.img new.img
check_exit 1 "a limit, and nothing differs" d diff --fail-if 'size>1' old.img old.img
says_out '^size +[0-9,]+ bytes, as before$' "the comparison is shown"
check_exit 0 "nothing differs" d diff --fail-if 'size>+0,pages<-0,file>+0' old.img old.img
check_exit 1 "--json" d diff --json --fail-if 'size>1G,file>+13' old.img new.img
cp out diff.json
json_is diff.json "j['comparison']['failed']" true "JSON: failed"
json_is diff.json "[[c['condition'], c['holds'], len(c['cases'])] for c in j['comparison']['conditions']]" \
	"size>1G false 0 file>+13 true 2" "JSON: the conditions"
json_is diff.json "j['comparison']['pages']" "{'old': $plain, 'new': 0}" "JSON: pages"
d diff --json old.img new.img >diff.json 2>err
json_is diff.json "[len(j['comparison']['conditions']), j['comparison']['failed']]" "0 false" "JSON without conditions"

# Usage: found before a file is opened
for bad in '' size 'size>' 'sise>1' 'size>1,,pages<1' 'pages<-4K' 'size>2%' 'file>+1.5'; do
	check_exit 16 "usage: $bad" d diff --fail-if "$bad" missing.img missing.img
	says '^dumpcramfs-xip: --fail-if: ' "says what is wrong"
done
check_exit 16 "another command" d list --fail-if 'size>1' old.img
says 'has no effect on list \(it is for: diff\)' "says so"
check_exit 16 "with --erase-size" d diff --fail-if 'size>1' --erase-size 4K old.img new.img

# A damaged image does not pass
head -c 3000 new.img >cut.img
check_exit 8 "a damaged image" d diff --fail-if 'size>1G' old.img cut.img
says '^dumpcramfs-xip: warning: cut\.img: is damaged: not all pages in place can be counted$' "says so"
x --quiet -q root classic.img
head -c 3000 classic.img >cut2.img
check_exit 8 "a damaged image of the classic format" d diff --fail-if 'size>1G' cut2.img old.img
says '^dumpcramfs-xip: warning: cut2\.img: is damaged: ' "says so"

# mkcramfs-xip --against
x --quiet -X -q --json old.json root old2.img
x --quiet -X -q root old.img
for old in old.img old.json; do
	check_exit 0 "--against $old" x -X -q --exclude /bin/program --json new.json --against $old changed new2.img
	says_out "^  against       $old\$" "the summary: what it is compared with"
	says_out "^ +in place   $pages -> 0 pages \(-$pages, -100\.00 %\)\$" "pages in place"
	says_out '^ +files      1 added, 2 removed, 1 larger, 0 smaller$' "files"
	says_out '^ +\+[0-9,]+ bytes, added: /etc/more$' "the file that grew most"
	check "the image is the same as without" cmp new.img new2.img
	json_is new.json "[j['comparison']['against'], j['comparison']['failed'], j['image']['written']]" "$old false true" "JSON"
	d diff --json --fail-if 'pages<-10,file>+13' old.img new.img >diff.json 2>err
	x --quiet -X -q --exclude /bin/program --json new.json --against $old --fail-if 'pages<-10,file>+13' changed new2.img 2>err
	json_is new.json "(lambda c: c.pop('against') and 0 or c == json.load(open('diff.json'))['comparison'])(j['comparison'])" true \
		"the comparison is that of dumpcramfs-xip diff"
done
json_is old.json "j['comparison']" null "without --against: null"

# the gate: OLD is IMAGE
cp old.img image.img
rm -f new.json
check_exit 1 "--fail-if" x -X -q --against image.img --json new.json --fail-if 'size>1G,file>+13' changed image.img
says '^mkcramfs-xip: /etc/more: file>\+13 holds: 0 -> ' "which, and why"
says '^mkcramfs-xip: image\.img: not written: 1 condition of --fail-if holds$' "not written"
says_out '^image\.img: .* \(not written\)$' "the summary says so"
says_out '^ +\+14 bytes: /etc/numbers$' "and shows the comparison"
check "the image is as it was" cmp old.img image.img
check "no temporary file is left" no_leftovers .
json_is new.json "[j['comparison']['failed'], j['image']['written']]" "true false" "the JSON is written"
check_exit 1 "it fails again" x --quiet -X -q --against image.img --fail-if 'file>+13' changed image.img
check_exit 1 "--dry-run" x --quiet -X -q --dry-run --against image.img --fail-if 'file>+13' changed image.img
check_exit 1 "standard output" x --quiet -X -q --against image.img --fail-if 'file>+13' changed -
check "is empty" empty out
check_exit 0 "no condition holds" x --quiet -X -q --against image.img --fail-if 'size>+64K' --fail-if 'pages<-1' changed image.img
check "the image is new" sh -c '! cmp -s old.img image.img'
check_exit 0 "--like the same OLD" x --quiet -X -q --like image.img --against image.img --fail-if 'size>+0' changed image.img
check_exit 0 "of a pipe" sh -c '"$1" --quiet -X -q --against /dev/stdin --fail-if "pages<+0" root a.img <old.json' sh "$MKCRAMFS_XIP"

# names that are not UTF-8, and another page size and byte order
odd=$(printf 'a\nb\033\377')
echo odd >"root/$odd"
x --quiet -X -q -b 16K -N big --json odd.json root odd.img 2>err
for old in odd.img odd.json; do
	check_exit 0 "$old" x --quiet -X -q -b 16K -N big --against $old --fail-if 'size>+0,size<+0,pages>+0,pages<+0,ram-saved>+0,file>+0,file-pages<+0,file-pages>+0,file<+0' root b.img
done
rm "root/$odd"

# an OLD that cannot be read
check_exit 8 "OLD is missing" x --quiet -X -q --against missing root x.img
says '^mkcramfs-xip: missing: cannot open what to compare with: ' "says so"
check_exit 8 "OLD is damaged" x --quiet -X -q --against cut.img root x.img
says '^mkcramfs-xip: cut\.img: is a damaged image' "says so"
echo '{"page_size": 4096, "entries": []}' >list.json
check_exit 8 "OLD is other JSON" x --quiet -X -q --against list.json root x.img
says '^mkcramfs-xip: list\.json: is JSON, but not what mkcramfs-xip --json writes$' "says so"
{ printf ' \t\r\n'; cat old.json; } >blanks.json
check_exit 0 "blanks before JSON" x --quiet -X -q --against blanks.json --fail-if 'size>1G' root b.img
printf ' \n' >blanks.json
check_exit 8 "blanks alone are not JSON" x --quiet -X -q --against blanks.json root x.img
head -c 300 old.json >cut.json
check_exit 8 "OLD is half of the JSON" x --quiet -X -q --against cut.json root x.img
says '^mkcramfs-xip: cut\.json: line [0-9]+: ' "says where"
check "no image is made" test ! -e x.img
cp old.json keep.json
check_exit 16 "IMAGE would replace OLD's JSON" x --quiet -X -q --against keep.json root ./keep.json
check_exit 16 "--json, too" x --quiet -X -q --against keep.json --json keep.json root x.img
check "it is as it was" cmp old.json keep.json

# usage
usage '--fail-if needs --against' --fail-if 'size>1' root usage.img
usage '^mkcramfs-xip: --fail-if: unknown measure in .sise>1. \(did you mean size\?\)' --against missing --fail-if 'sise>1' root usage.img
usage '--policy-check and --against cannot be used together' --policy-check old.json --against old.img root

done_testing
