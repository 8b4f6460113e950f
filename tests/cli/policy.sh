#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Policy files: -P, --policy-check, --no-mmu.
# shellcheck source=tests/tap.sh
. "${top_srcdir:?}/tests/tap.sh"
# shellcheck source=tests/cli/setup.sh
. "$top_srcdir/tests/cli/setup.sh"
if ! command -v python3 >/dev/null; then
	lacks python3
	done_testing
fi
tree root
cp "$top_builddir/cramfsck-xip/cramfsck-xip" root/bin/checker || not_ok "cramfsck-xip is there to be put in place"
chmod 755 root/bin/checker

# member JSON PATH NAME: a member of a file of the JSON
member() {
	json "$1" "file('$2')['$3']"
}
in_place() { # JSON PATH: blocks in place
	json "$1" "in_place('$2')"
}
# shellcheck disable=SC2317 # called by check
some() { [ "$(in_place "$1" "$2")" -gt 0 ]; }
# shellcheck disable=SC2317 # called by check
none() { [ "$(in_place "$1" "$2")" -eq 0 ]; }

# --policy-check alone
printf '# programs\n/bin/program  xip\n\n/etc/** store\n' >two.policy
echo '/bin/checker xip' >one.policy
: >empty.policy
check_exit 0 "--policy-check: good rules" x --policy-check two.policy
says_out '^two\.policy: 2 rules$' "their number"
x --policy-check two.policy >table 2>errors
check "nothing on standard error" empty errors
check_exit 0 "--policy-check=FILE, one rule" x --policy-check=one.policy
says_out '^one\.policy: 1 rule$' "their number"
check_exit 0 "--policy-check: no rule" x --policy-check empty.policy
says_out '^empty\.policy: 0 rules$' "their number"
check_exit 0 "--policy-check twice, and -P" x --policy-check two.policy -P empty.policy --policy-check one.policy
x --policy-check two.policy -P empty.policy --policy-check one.policy >table
check "each is read, in the order given" test "$(tr '\n' '|' <table)" = "two.policy: 2 rules|empty.policy: 0 rules|one.policy: 1 rule|"
x --quiet --policy-check two.policy >table 2>&1
check "--quiet says nothing" empty table
for p in "$top_srcdir"/contrib/policies/*.policy; do
	check_exit 0 "--policy-check: ${p##*/}" x --policy-check "$p"
done

printf '/a xip nonsense\n/b store\n/c\n"/d xip\n' >bad.policy
check_exit 8 "--policy-check: mistakes" x --policy-check bad.policy
says '^mkcramfs-xip: bad\.policy:1:[0-9]+: ' "the first is reported"
says '^mkcramfs-xip: bad\.policy:3:[0-9]+: ' "and the second"
says '^mkcramfs-xip: bad\.policy:4:[0-9]+: ' "and the third, with line and column"
x --policy-check bad.policy >table 2>errors
check "and none of line 2" test "$(grep -c 'policy:2' errors)" -eq 0
check "nothing on standard output" empty table
echo '/x nonsense' >bad2.policy
check_exit 8 "mistakes in two files" x --policy-check bad.policy --policy-check one.policy --policy-check bad2.policy
says 'bad\.policy:3:' "those of the first are reported"
says 'bad2\.policy:1:' "and those of the second"
says_out 'one\.policy: 1 rule' "and that the third is good"
check_exit 8 "--policy-check: no such file" x --policy-check nothing.policy
says 'nothing\.policy: .*No such file' "is named"
# shellcheck disable=SC2317 # called by check_exit
to_full() { x "$@" >"$full"; }
if [ "$full" ]; then
	check_exit 8 "--policy-check on a full device" to_full --policy-check one.policy
else
	skip "no full device"
fi

usage "--policy-check takes SOURCE only, and writes no image: remove 'usage.img'" --policy-check one.policy root usage.img
usage "SOURCE is an empty string" --policy-check one.policy ""
usage "--policy-check with --json needs SOURCE" --policy-check one.policy --json usage.img
usage "--policy-check with --budget-curve needs SOURCE" --policy-check one.policy --budget-curve usage
usage "--policy-check needs a file name" --policy-check "" root

# -P
x --quiet -x root ext.img
x --quiet -X --json all.json root all.img
check_exit 0 "-P" x -P two.policy --json p.json root p.img
says_out 'rules +2 rules decide about [0-9] files; no others are in place' "the summary mentions the rules"
says_out 'RAM +up to [0-9.]+ [KM]iB saved' "and of the RAM saved"
check "-P implies extended block pointers" has_flag p.img 0x800
check "which the JSON says" test "$(json p.json 'j["image"]["extended"]')" = true
check "what a rule names is in place" some p.json /bin/program
check "as with -X" test "$(in_place p.json /bin/program)" -eq "$(in_place all.json /bin/program)"
check "what none names is not" none p.json /bin/checker
check "with its action" test "$(member p.json /bin/program action)" = xip
check "and its rule" test "$(member p.json /bin/program rule)" = two.policy:2
check "no rule, no name" test "$(member p.json /bin/checker rule)" = null
check "store: no block is compressed" test "$(member p.json /etc/equal action) $(json p.json 'file("/etc/equal")["blocks"]["compressed"]')" = "store 0"
check "store: nothing is in place" none p.json /etc/equal
check "the cost is not counted" test "$(member p.json /bin/program cost)" = null
check "xip: -X was not given" test "$(json p.json 'j["image"]["xip"]')" = false
check "the rules are listed" test "$(json p.json '[r[k] for r in j["rules"] for k in ("place", "matches", "decides") if r["text"] == "/bin/program  xip"]')" = "two.policy:2 1 1"
x --quiet --policy two.policy root other.img
check "--policy is -P" cmp other.img p.img
x --quiet -xP two.policy -j3 root other.img
check "on any number of threads" cmp other.img p.img
x --quiet -P empty.policy root other.img
check "no rule: nothing is in place" cmp other.img ext.img

x --quiet -X -P two.policy --json p.json root p.img
check "with -X the rest is as without rules" test "$(in_place p.json /bin/checker)" -eq "$(in_place all.json /bin/checker)"
x -X -P two.policy root p.img >out
says_out '-X alone decides about others' "which the summary says"
printf '/bin/ compress\n' >none.policy
x --quiet -X -P none.policy --json p.json root p.img
check "compress with -X: nothing is in place" none p.json /bin/program
check "with the reason" test "$(member p.json /bin/program skip)" != null
x -X -P none.policy root p.img >out
says_out 'in place +no pages: the rules select none' "the summary says so"
x --quiet -P one.policy -P none.policy --json p.json root p.img
check "of two files the second decides" none p.json /bin/checker
x --quiet -P none.policy -P one.policy --json p.json root p.img
check "in the order of the command line" some p.json /bin/checker
echo '*.txt xip file' >data.policy
{ cat root/etc/numbers; echo end; } >root/etc/data.txt
x --quiet -P data.policy --json p.json root p.img
check "xip file: all pages of data" test "$(in_place p.json /etc/data.txt)" -eq "$(($(size_of root/etc/data.txt) / 4096 + 1))"

check_exit 0 "-v" x -v -P two.policy root p.img
says_out '/bin/program .*  \[xip, two\.policy:2\]$' "-v names the rule"
says_out '/etc/equal .*  \[store, two\.policy:4\]$' "and the action"
x -v -P two.policy root p.img >table
check "of what a rule decided only" test "$(grep -c 'checker.*\[' table)" -eq 0

# what a policy warns of
printf '/bin/program xip\n/bin/nobody xip\n' >stray.policy
check_exit 0 "a rule that matches nothing" x -P stray.policy root p.img
says '^mkcramfs-xip: warning: .*stray\.policy:2' "gives a warning"
rm -f no.img
check_exit 8 "-E: it is an error" x -E -P stray.policy root no.img
check "there is no image" test ! -e no.img
check_exit 8 "mistakes" x -P bad.policy root no.img
says '^mkcramfs-xip: bad\.policy:1:[0-9]+: ' "are reported"
check "there is no image" test ! -e no.img
check_exit 8 "-P: no such file" x -P nothing.policy root no.img
says 'nothing\.policy: ' "is named"

# What is read is not written over.
cp one.policy keep.policy
check_exit 16 "the image in place of the policy" x -P keep.policy root keep.policy
says 'keep\.policy: the image would replace what -P reads' "is refused"
ln -s keep.policy link.policy
check_exit 16 "under another name" x -P link.policy --json ./keep.policy root no.img
says 'would replace what -P reads' "the JSON too"
check "it is as it was" cmp keep.policy one.policy

# --policy-check with a source
listing() { find . -type f ! -name out ! -name err ! -name before ! -name after -exec ls -l {} + | sort -k 9; }
listing >before
x --policy-check two.policy root >/dev/null 2>&1
listing >after
check "--policy-check FILE SOURCE: nothing is written" cmp before after
check_exit 0 "--policy-check FILE SOURCE" x --policy-check two.policy root
says_out '^  rule +action +in place +cost +file$' "a heading"
says_out '^  two\.policy:2  xip +[1-9][0-9]*/[1-9][0-9]* +[1-9][0-9,]*  /bin/program$' "a file, its rule, pages and cost"
says_out '^  two\.policy:4  store +- +-  /etc/equal' "one that is stored"
says_out '^  two\.policy:2 +1 +1 +[1-9][0-9,]* +[1-9][0-9,]*  /bin/program  xip$' "a rule, what it matches and decides, pages and cost"
says_out '^An image of [1-9][0-9,]* bytes, ([1-9][0-9,]*) of \1 candidate pages in place, at a cost of [1-9][0-9,]* bytes more' "what the image would be"
cp out table
check "no line for what no rule decided" test "$(grep -c /bin/checker table)" -eq 0
check_exit 0 "-v" x -v --policy-check two.policy root
says_out '^  - +compress .*/bin/checker' "-v: a line for it"
x -v --policy-check two.policy root >table
check "-v: a line for each file" test "$(grep -cE '^  [^ ]+ +(xip|store|compress) ' table)" -eq 7
check_exit 0 "with -X" x -X --policy-check none.policy root
says_out '^  none\.policy:1  compress +(-|0/[0-9]+) +-  /bin/program  \(.+\)$' "a program that stays compressed, and why"
check_exit 0 "-P beside it" x -P two.policy --policy-check none.policy root
says_out '^  two\.policy:4 +store' "the rules of both count"
says_out '^  none\.policy:1  compress +(-|0/[0-9]+) +-  /bin/program' "in the order of the command line"
x -X --quiet --json p.json -P two.policy root p.img
x -X --json c.json --policy-check two.policy root >table
check "the JSON has a cost" test "$(member c.json /bin/program cost)" -gt 0
tr -d , <table >plain
check "the same is in the table" grep -q " $(member c.json /bin/program cost)  /bin/program\$" plain
check "no path of an image" test "$(json c.json 'j["image"]["path"]')" = null
check "and the same pages as a build" test "$(in_place c.json /bin/program) $(in_place c.json /bin/checker)" = "$(in_place p.json /bin/program) $(in_place p.json /bin/checker)"
# the cost is what the image grows by, but for the padding of runs and pages
x --quiet -P two.policy root p.img
printf '/etc/** store\n' >store.policy
x --quiet -P store.policy root without.img
cost=$(member c.json /bin/program cost)
grown=$(($(size_of p.img) - $(size_of without.img)))
check "the cost is what the image grows by ($cost, $grown)" test $((grown - cost)) -ge -8192 -a $((grown - cost)) -le 8192
x --quiet --policy-check two.policy root >table 2>&1
check "--quiet says nothing" empty table
check_exit 0 "a rule that matches nothing" x --policy-check stray.policy root
says 'warning: .*stray\.policy:2' "gives a warning"
check_exit 8 "-E: it is an error" x -E --policy-check stray.policy root
says '1 warning, and warnings are errors' "which is said"
says_out '^  stray\.policy:2 +0 +0 +0' "after the whole table"
check_exit 8 "--policy-check: SOURCE is not there" x --policy-check one.policy nowhere
says 'nowhere: ' "is named"
mkdir "$(printf 'odd\033dir')"
printf '/bin/program xip # \377\n' >"$(printf 'odd\033dir')/p.policy"
check_exit 0 "an odd name of a policy" x --policy-check "$(printf 'odd\033dir')/p.policy" root
says_out 'odd.x1bdir/p\.policy:1  xip' "is shown escaped"

# --no-mmu: programs of this machine are none that such a kernel maps
check_exit 0 "--no-mmu" x -X --no-mmu --json n.json root n.img
says_out 'format .*, no MMU$' "the summary says so"
check "the JSON too" test "$(json n.json 'j["image"]["no_mmu"]')" = true
check "ELF programs that are not FDPIC stay compressed" none n.json /bin/program
check "without it there is none" test "$(json p.json 'j["image"]["no_mmu"]')" = false
check_exit 0 "--no-mmu: a whole file" x -P data.policy --no-mmu --json n.json root n.img
check "is in place as ever" test "$(in_place n.json /etc/data.txt)" -eq "$(($(size_of root/etc/data.txt) / 4096 + 1))"
# An FDPIC library of ARM whose segment has 256 bytes in the file and three
# pages in memory: such a kernel maps all three.
mkdir -p fdpic
{
	printf '\177ELF\001\001\001\101\000\000\000\000\000\000\000\000\003\000\050\000\001\000\000\000'
	printf '\000\000\000\000\064\000\000\000\000\000\000\000\000\000\000\000\064\000\040\000\001\000\000\000\000\000\000\000'
	printf '\001\000\000\000\000\000\000\000\000\000\001\000\000\000\001\000\000\001\000\000\000\060\000\000\005\000\000\000\000\020\000\000'
	dd if=/dev/zero bs=4096 count=4 2>/dev/null
} >fdpic/lib.so
check_exit 0 "--no-mmu: p_memsz exceeds p_filesz" x -X --no-mmu -N little --json n.json fdpic n.img
check "the pages counted are those that are mapped" grep -q '"file_page": 0, "pages": 3, "in_place": 3, "reason": null}' n.json
check_exit 0 "with an MMU" x -X -N little --json n.json fdpic n.img
check "it is one page" grep -q '"file_page": 0, "pages": 1, "in_place": 1, "reason": null}' n.json

check "nothing is left" no_leftovers .
# Equal files are one inode of the image, and have one decision: the last rule
# that matches either of them.
mkdir -p twins
cp root/bin/checker twins/a
cp root/bin/checker twins/b
printf '/a xip\n/b compress\n' >twins.policy
x --quiet -P twins.policy --json twins.json twins twins.img
check "equal files: one rule decides" test "$(member twins.json /a rule)/$(member twins.json /b rule)" = "twins.policy:2/twins.policy:2"
check "... about both" none twins.json /a
x --quiet --no-dedupe -P twins.policy --json twins.json twins twins.img
check "--no-dedupe: each has its own" test "$(member twins.json /a rule)" = "twins.policy:1"
check "... that puts one in place" some twins.json /a
check "... and not the other" none twins.json /b

done_testing
