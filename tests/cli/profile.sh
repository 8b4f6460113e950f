#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# --profile: pages that were used go in place.
# shellcheck source=tests/tap.sh
. "${top_srcdir:?}/tests/tap.sh"
# shellcheck source=tests/cli/setup.sh
. "$top_srcdir/tests/cli/setup.sh"
if ! command -v python3 >/dev/null; then
	lacks python3
	done_testing
fi
tree root
ln root/bin/program root/bin/other
x --quiet -X --json all.json root all.img || not_ok "the image to compare with is made"

# The code segment of the program: a member of it
segment() { # JSON MEMBER
	json "$1" "[s['$2'] for s in file('/bin/program')['segments'] if s['flags'] == 'r-x']"
}
first=$(segment all.json file_page)
pages=$(segment all.json pages)
if [ "${pages:-0}" -lt 10 ]; then
	not_ok "the program has a code segment of 10 pages"
	done_testing
fi
# others JSON: pages in place of its other segments
others() {
	json "$1" "sum(s['in_place'] for s in file('/bin/program')['segments'] if s['flags'] != 'r-x')"
}
member() { # JSON NAME
	json "$1" "j['in_place']['$2']"
}
off() { # PAGE of the segment: its offset in the file
	echo $(((first + $1) * 4096))
}

printf '/bin/program,%s,7\n' "$(off 3)" >a.csv
check_exit 0 "--profile" x -X --profile a.csv --json a.json root a.img
says_out 'RAM +4\.0 KiB saved: 1 of 1 used page in place' "the summary counts what was in use"
check "the shortest beginning of the segment that has the page" test "$(segment a.json in_place)" -eq 4
check "nothing of segments without one" test "$(others a.json)" -eq 0
check "the JSON does so too" test "$(member a.json profiled) $(member a.json ram_bytes) $(member a.json hot_pages) $(member a.json hot_in_place)" = "true 4096 1 1"
check "and for the file" test "$(json a.json 'file("/bin/program")["hot"]')" = 1
check "under its other name as well" test "$(json a.json 'file("/bin/other")["hot"]')" = 1
check "and none for others" test "$(json a.json 'file("/etc/equal")["hot"]')" = 0
check "without a profile it is not known" test "$(json all.json 'file("/bin/program")["hot"]')" = null
check "nor are the sums" test "$(member all.json profiled) $(member all.json hot_pages)" = "false null"
check_exit 0 "-v" x -v -X --profile a.csv root a.img
says_out '/bin/(program|other)  4/[0-9]+ in place, 1 used, ' "-v counts it"

same() { # WHAT PROFILE...
	same_what=$1
	shift
	check_exit 0 "$same_what" x --quiet -X "$@" root b.img
	check "is the same" cmp a.img b.img
}
printf 'path,offset,count\r\nbin/program,%s,1\r\n' "$(off 3)" >b.csv
same "a heading, no slash in front, CR LF" --profile b.csv
printf '"./bin/program",0x%x,1' "$(($(off 3) + 17))" >b.csv
same "quotes, hexadecimal, an offset inside the page, no line end" --profile b.csv
printf '/bin/program,%s,1\n/bin/program,%s,0\n' "$(off 3)" "$(off 9)" >b.csv
same "a count of 0 is none" --profile b.csv
printf '/bin/other,%s,1\n' "$(off 1)" >b.csv
same "two profiles, one by another name" --profile a.csv --profile b.csv
same "on three threads" -j3 --profile=a.csv
printf '/bin/program,%s,1\n' "$(off 8)" >c.csv
x --quiet -X --profile a.csv --profile c.csv --json c.json root c.img
check "two profiles are both covered" test "$(segment c.json in_place) $(member c.json hot_in_place)" = "9 2"
printf '{"path": "/bin/program", "offset": %s, "count": 2}\n{"path": "bin/program", "offset": %s, "more": [1]}\n' "$(off 3)" "$(off 2)" >a.json
if x --quiet -X --profile a.json root b.img 2>err; then
	check "JSON lines: the same" cmp a.img b.img
elif grep -q 'json-c' err; then
	skip "built without json-c"
else
	not_ok "JSON lines are read"
	diagnose err
fi

# what is not there
{ cat a.csv; printf '/bin/gone,0,1\n/bin/program,999999999999,1\n'; } >b.csv
check_exit 0 "what is not in the tree is ignored" x -X --profile b.csv root b.img
says 'warning: .*/bin/gone: ' "with a warning"
says 'warning: .*bin/program: .*after its end' "a page after the end too"
check "the image is the same" cmp a.img b.img
rm -f no.img
check_exit 8 "-E: an error" x -E -X --profile b.csv root no.img
check "there is no image" test ! -e no.img
printf '/bin/program,4096,1\nnonsense\n' >bad.csv
check_exit 8 "a bad line" x -X --profile bad.csv root no.img
says 'bad\.csv:2: ' "is named"
check "there is no image" test ! -e no.img
check_exit 8 "no such profile" x -X --profile nothing.csv root no.img
says 'nothing\.csv: .*No such file' "is named"
usage "--profile needs -X or -P" --profile a.csv root usage.img
usage "--profile needs -X or -P" -x --profile a.csv root usage.img
cp a.csv keep.csv
check_exit 16 "the image in place of the profile" x -X --profile keep.csv root keep.csv
says 'the image would replace what --profile reads' "is refused"
check "it is as it was" cmp a.csv keep.csv

# with rules
echo '/bin/program xip' >xip.policy
same "-P instead of -X" -P xip.policy --profile a.csv
echo '/bin/program xip must' >must.policy
x --quiet -P must.policy --profile a.csv --json m.json root m.img
check "must: all of it, whatever was in use" test "$(segment m.json in_place)" -eq "$pages"
check "RAM is that of the page in use all the same" test "$(member m.json ram_bytes)" -eq 4096
echo '/bin/program xip pages=..2' >few.policy
x --quiet -P few.policy --profile a.csv --json m.json root m.img
check "a rule's limit holds" test "$(segment m.json in_place)" -le 2
echo '/etc/equal store' >other.policy
x --quiet -P other.policy --profile a.csv --json m.json root m.img
check "what may not be in place is not" test "$(segment m.json in_place)" -eq 0

check "nothing is left" no_leftovers .
done_testing
