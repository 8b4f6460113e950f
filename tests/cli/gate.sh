#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Flash and RAM as a gate: dumpcramfs-xip diff --fail-if.
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
cp -R changed lost
cp root/bin/program lost/bin/other
x --quiet -X -q --exclude /bin/program changed new.img
pages=$(d maps old.img | sed -n '$s/.* \([0-9,]*\) of .*/\1/p' | tr -d ,)

# dumpcramfs-xip diff
check_exit 1 "images differ" d diff old.img new.img
says_out '^size +[0-9,]+ -> [0-9,]+ bytes \(-' "what the image lost"
says_out "^in place +$pages -> 0 pages \(-$pages, -100\.00 %\)\$" "pages in place"
says_out "^RAM saved +[0-9,]+ -> 0 bytes" "RAM saved"
says_out '^files +1 added, 2 removed, 1 larger, 0 smaller$' "files"
says_out '^ +\+[0-9,]+ bytes, added: /etc/more$' "the file that grew most"
says_out '^ +\+14 bytes: /etc/numbers$' "and the next"

check_exit 0 "no condition holds, though they differ" d diff --fail-if 'size>+64K,size>64M,file>1G' old.img new.img
check "says nothing" empty err
check_exit 1 "a condition on pages" d diff --fail-if 'size>+64K, pages<-10' old.img new.img
says "^dumpcramfs-xip: new.img: pages<-10 holds: $pages -> 0 pages \(-$pages, -100\.00 %\)\$" "which, and why"
check "no other" test "$(wc -l <err)" -eq 1
check_exit 1 "a condition on files" d diff --fail-if size\>64M --fail-if file\>+13 old.img new.img
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
check_exit 1 "--json" d diff --json --fail-if 'size>64M,file>+13' old.img new.img
cp out diff.json
json_is diff.json "j['comparison']['failed']" true "JSON: failed"
json_is diff.json "[[c['condition'], c['holds'], len(c['cases'])] for c in j['comparison']['conditions']]" \
	"size>64M false 0 file>+13 true 2" "JSON: the conditions"
json_is diff.json "j['comparison']['pages']" "{'old': $pages, 'new': 0}" "JSON: pages"
d diff --json old.img new.img >diff.json
json_is diff.json "[len(j['comparison']['conditions']), j['comparison']['failed']]" "0 false" "JSON without conditions"

# Usage: found before a file is opened
for bad in '' size 'size>' 'sise>1' 'size>1,,pages<1' 'pages<-4K' 'size>2%' 'file>+1.5'; do
	check_exit 16 "usage: $bad" d diff --fail-if "$bad" missing.img missing.img
	says '^dumpcramfs-xip: --fail-if: ' "says what is wrong"
done
check_exit 16 "another command" d list --fail-if 'size>1' old.img
says 'has no effect on list \(it is for: diff\)' "says so"
check_exit 16 "with --erase-size" d diff --fail-if 'size>1' --erase-size 4K old.img new.img

# A damaged image is no reason to pass
head -c 3000 new.img >cut.img
check_exit 8 "a damaged image" d diff --fail-if 'size>64M' old.img cut.img

done_testing
