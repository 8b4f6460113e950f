#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# --flash-budget, --ram-goal and --budget-curve.
# shellcheck source=tests/tap.sh
. "${top_srcdir:?}/tests/tap.sh"
# shellcheck source=tests/cli/setup.sh
. "$top_srcdir/tests/cli/setup.sh"
if ! command -v python3 >/dev/null; then
	lacks python3
	done_testing
fi
tree root
for p in cramfsck-xip dumpcramfs-xip; do
	cp "$top_builddir/$p/$p" "root/bin/$p" || not_ok "$p is there to be put in place"
done
x --quiet -x root ext.img
x --quiet -X --json all.json root all.img || not_ok "the image to compare with is made"
least=$(size_of ext.img)
most=$(size_of all.img)
if [ $((most - least)) -lt 40960 ]; then
	not_ok "there is something to choose from ($least to $most bytes)"
	done_testing
fi
between=$(((least + most) / 2))

all_ram=$(json all.json 'j["in_place"]["ram_bytes"]')
check "the JSON counts the RAM of all pages in place" test "$all_ram" -eq $(($(json all.json 'j["in_place"]["pages"]') * 4096))
check "no budget" test "$(json all.json 'j["budget"]')" = null

# a budget
check_exit 0 "--flash-budget" x -X --flash-budget $between --json b.json root b.img
says_out 'flash budget +[0-9.]+ [KM]iB, of which .* left; (the best possible|within [0-9]+\.[0-9][0-9] % of the best possible)$' "the summary says how good the choice is"
says_out 'range +from .* at least to .* with everything in place' "the range to choose from"
says_out '(just missed +|^ +)/bin/.*: [0-9,]+ more pages?, .* of RAM for .* of flash' "what just missed"
says_out '64\.0 KiB more of flash would save ' "what more flash would buy"
check "the image fits" test "$(size_of b.img)" -le $between
check "and has something in place" test "$(json b.json 'j["in_place"]["pages"]')" -gt 0
check "but not all" test "$(json b.json 'j["in_place"]["ram_bytes"]')" -lt "$all_ram"
check "most of the budget is used" test "$(size_of b.img)" -gt $((between - 32768))
check "the JSON has the budget" test "$(json b.json 'j["budget"]["flash_bytes"]')" -eq $between
check "and no goal" test "$(json b.json 'j["budget"]["ram_bytes"]')" = null
check "the range in sizes" test "$(json b.json 'j["budget"]["least_size"]') $(json b.json 'j["budget"]["most_size"]')" = "$least $most"
check "and in RAM" test "$(json b.json 'j["budget"]["most_ram_bytes"]')" -eq "$all_ram"
check "the gap is 1 % at most" test "$(json b.json 'j["budget"]["gap_ppm"]')" -le 10000
check "costs are exact" test "$(json b.json 'j["in_place"]["cost_estimated"]')" = false
check "what just missed" test "$(json b.json 'j["budget"]["missed"][0]["pages"]')" -gt 0
x --quiet -X --flash-budget $between -j3 root other.img
check "on any number of threads the same" cmp b.img other.img
x --quiet -X --flash-budget="$most" root other.img
check "room for everything: the same as without" cmp all.img other.img
x --quiet -X --flash-budget 1G root other.img
check "more than that: the same" cmp all.img other.img
check_exit 0 "room for nothing" x --quiet -X --flash-budget "$least" --json n.json root other.img
check "is kept to" test "$(size_of other.img)" -le "$least"
rm -f no.img
check_exit 8 "less than the least" x -X --flash-budget $((least - 4096)) root no.img
says "$((least - 4096))" "is an error with the budget"
says "$least" "and what it would take"
check "there is no image" test ! -e no.img

echo '/bin/dumpcramfs-xip xip must' >must.policy

# what a budget would save, where the image is larger than --max-size
for o in '' --budget-curve=curve; do
	check_exit 8 "--max-size, too small $o" x -X $o --max-size $((between - 8192)) root no.img
	sed -n 's/.*; with --flash-budget \([0-9]*\), \([0-9]*\) of [0-9]* pages would stay in place and save \([0-9]*\) bytes of RAM; .*/\1 \2 \3/p' err >said
	x --quiet -X --flash-budget $((between - 8192)) --json small.json root other.img
	check "says what a budget would save" test "$(cat said)" = \
		"$((between - 8192)) $(json small.json 'j["in_place"]["pages"]') $(json small.json 'j["in_place"]["ram_bytes"]')"
done
check_exit 8 "--max-size, too small for anything in place" x -X --max-size $((least - 4096)) root no.img
says "; even with nothing in place it would have $least bytes; " "is said"
check_exit 8 "--max-size, too small for what must be in place" x -X -P must.policy --max-size $((least + 4096)) root no.img
says "; even with nothing but what must be in place it would have [0-9]+ bytes; " "is said"
check_exit 8 "--max-size, too small for a goal" x -X --ram-goal $all_ram --max-size $between root no.img
check "no budget is suggested" sh -c '! grep -e --flash-budget err'
check_exit 8 "--max-size, too small without -X" x -x --max-size $((least - 4096)) root no.img
check "no budget is suggested" sh -c '! grep -e --flash-budget -e "in place" err'
usage "--flash-budget needs -X or -P" --flash-budget 1M root usage.img
x --quiet -P must.policy root must.img
must=$(size_of must.img)
x --quiet -X -P must.policy --flash-budget "$must" --json m.json root m.img
check "a must comes first" test "$(size_of m.img) $(json m.json 'j["budget"]["least_size"]')" = "$must $must"
check_exit 8 "a must that does not fit" x -X -P must.policy --flash-budget $((must - 4096)) root no.img
check_exit 0 "with -P alone" x -P must.policy --flash-budget "$must" root other.img
check "nothing else is chosen" cmp other.img must.img

# a goal
goal=$((all_ram / 3))
check_exit 0 "--ram-goal" x -X --ram-goal $goal --json g.json root g.img
says_out 'RAM goal +[0-9.]+ [KM]iB, exceeded by .*; ' "the summary says how it was met"
check "is reached" test "$(json g.json 'j["in_place"]["ram_bytes"]')" -ge $goal
check "in a smaller image than that with all" test "$(size_of g.img)" -lt "$most"
check "the JSON has the goal" test "$(json g.json 'j["budget"]["ram_bytes"]')" -eq $goal
got=$(json g.json 'j["in_place"]["ram_bytes"]')
x --quiet -X --flash-budget "$(size_of g.img)" --json h.json root h.img
check "as much flash as a budget saves no less, but for 1 %" test "$(json h.json 'j["in_place"]["ram_bytes"]')" -ge $((got - got / 100))
check_exit 8 "more than there is" x -X --ram-goal $((all_ram + 1)) root no.img
says "$all_ram" "is an error that says what is possible"
check "there is no image" test ! -e no.img
x --quiet -X --ram-goal $goal --flash-budget "$most" root other.img
check "a goal within a budget" cmp other.img g.img
check_exit 8 "a goal beyond the budget" x -X --ram-goal $goal --flash-budget "$least" root no.img
check "there is no image" test ! -e no.img
usage "--ram-goal needs -X or -P" -x --ram-goal 1M root usage.img

# the curve
check_exit 0 "--budget-curve alone" x -X --budget-curve c root c.img
check "the image is as without it" cmp c.img all.img
check "CSV: a heading" test "$(sed 1q c.csv)" = image_bytes,ram_saved_bytes,pages_in_place
check "CSV: from the least image" test "$(sed -n 2p c.csv)" = "$least,0,0"
check "CSV: to that with everything" test "$(sed -n '$p' c.csv)" = "$most,$all_ram,$((all_ram / 4096))"
# shellcheck disable=SC2016 # awk's
check "CSV: numbers, ever larger, never less RAM" awk -F, '
	NR > 1 { if (!/^[0-9]+,[0-9]+,[0-9]+$/ || (NR > 2 && ($1 <= size || $2 < ram))) exit 1; size = $1; ram = $2 }
	END { exit NR < 5 }' c.csv
# shellcheck disable=SC2317 # called by check
well_formed() {
	python3 -c '
import sys, xml.dom.minidom
d = xml.dom.minidom.parse(sys.argv[1]).documentElement
assert d.tagName == "svg" and d.namespaceURI == "http://www.w3.org/2000/svg"
text = "".join(open(sys.argv[1], encoding="utf-8"))
for bad in ("<script", "href", "url(", "@import", "<image", "onload", "foreignObject", "http:", "https:"):
    assert text.replace("http://www.w3.org/2000/svg", "").count(bad) == 0, bad
points = open(sys.argv[2]).read().split("\n")[1:-1]
path = [p.getAttribute("d") for p in d.getElementsByTagName("path") if p.getAttribute("class") == "curve"][0]
assert path.count("L") >= min(len(points) - 1, 3), path
for t in sys.argv[3:]:
    assert t in text, t
# both axes have room for the whole curve
points = [[int(n) for n in p.split(",")] for p in points]
name = [t.firstChild.data for t in d.getElementsByTagName("text") if t.getAttribute("class") == "name"]
for n, anchor, label in ((0, "middle", "Flash"), (1, "end", "RAM saved")):
    unit = 1 << (10 if "(KiB)" in [t for t in name if t.startswith(label)][0] else 20)
    tick = [float(t.firstChild.data) * unit for t in d.getElementsByTagName("text")
            if t.getAttribute("class") == "tick" and t.getAttribute("text-anchor") == anchor]
    assert 3 <= len(tick) <= 11 and tick == sorted(tick), tick
    assert tick[0] <= points[0][n] and tick[-1] >= points[-1][n], (tick, points[-1])
# the text under the pointer: from nothing to all, or nearly
labels = [t.firstChild.data for t in d.getElementsByTagName("title") if "of flash: " in t.firstChild.data]
pages = [int(t.split(" with ")[1].split()[0].replace(",", "")) if " with " in t else 0 for t in labels]
assert len(labels) > 50 and pages == sorted(pages) and points[-1][2] * 3 // 4 <= pages[-1] <= points[-1][2], pages
assert len(set(pages)) >= min(len(points), 4), pages
' "$@"
}
if command -v python3 >/dev/null 2>&1; then
	python=yes
	check "SVG: well-formed, nothing from elsewhere, axes with units" well_formed c.svg c.csv "Flash: size of the image (" "RAM saved (" "<title id=" "iB)" "'root'"
else
	python=no
	skip "python3 is not installed: the plot is not looked at"
fi
check_exit 0 "with a budget and a goal" x -X --flash-budget $between --max-size "$most" --ram-goal 4096 --budget-curve=d -j3 --json d.json root d.img
check "the same numbers" cmp c.csv d.csv
check "the limits are on the plot" grep -q '>flash budget [0-9.]* [KM]iB<' d.svg
check "the other too" grep -q '>--max-size [0-9.]* [KM]iB<' d.svg
check "and the goal" grep -q '>RAM goal 4.0 KiB<' d.svg
check "and this image" grep -q ">this image: $(json d.json 'j["in_place"]["pages"]') pages* in place<" d.svg
x --quiet -X --flash-budget $between --budget-curve d2 root other.img
x --quiet -X --flash-budget $between --budget-curve d3 root other.img
check "the plot is the same each time" cmp d2.svg d3.svg
check "the budget's image does not depend on it" cmp other.img b.img
hostile=$(printf 'a<b>&amp;"\047\001\033[2J\377\357\277\276')
cp -r root "$hostile"
x --quiet -X --budget-curve odd --dry-run "$hostile" no.img
if [ $python = yes ]; then
	check "a hostile name of the source" well_formed odd.svg odd.csv "a&#60;b&#62;&#38;amp;&#34;"
fi
check "--dry-run: no image" test ! -e no.img
check "--dry-run: the same curve" cmp odd.csv c.csv
printf '/bin/cramfsck-xip,0,5\n' >one.csv
check_exit 0 "with a profile" x -X --profile one.csv --budget-curve p root p.img
x --quiet -X --profile one.csv root other.img
check "the image is as without the curve" cmp p.img other.img
check "only what was in use counts" test "$(sed -n '$p' p.csv | cut -d, -f2)" -eq 4096
check "which the plot says" grep -q 'the profile lists as used' p.svg
mkdir nothing
check_exit 0 "a tree without programs" x -X --budget-curve n nothing n.img
check "has one point" test "$(wc -l <n.csv)" -eq 2
[ $python = no ] || check "and a plot" python3 -c 'import xml.dom.minidom; xml.dom.minidom.parse("n.svg")'
check_exit 0 "--policy-check with a curve" x --policy-check must.policy -X --budget-curve k root
check "begins with what must be" test "$(sed -n 2p k.csv | cut -d, -f1)" -eq "$must"

# where it goes
echo old >keep.csv
echo old >keep.svg
check_exit 8 "a build that fails" x -X --budget-curve keep --max-size 4096 root no.img
check "the old files are as they were" test "$(cat keep.csv keep.svg)" = "old
old"
ln keep.csv hard
check_exit 0 "a build that does not" x -X --budget-curve keep root other.img
check "replaces them" cmp keep.csv c.csv
check "by rename" test "$(cat hard)" = old
if [ "$full" ]; then
	ln -s "$full" f.csv
	echo old >f.svg
	check_exit 8 "one of them on a full device" x -X --budget-curve f root other.img
	says 'cannot write the budget curve: No space left' "is said"
	check "the other stays as it was, too" test "$(cat f.svg)" = old
	check "the image is there" cmp other.img all.img
else
	skip "no full device"
fi
check_exit 8 "in a directory that is not there" x -X --budget-curve nodir/c root no.img
says 'nodir/' "is named"
usage "would write into SOURCE" -X --budget-curve root/etc/c root usage.img
check "nothing is left there" test ! -e root/etc/c.csv
usage "--budget-curve needs -X or -P" --budget-curve c root usage.img
for p in "" - dir/; do
	usage "needs a prefix for two file names" -X --budget-curve "$p" root usage.img
done
mv c.csv use.csv
usage "use.csv: --budget-curve would replace what --profile reads" -X --profile ./use.csv --budget-curve use root usage.img
usage "the image and --budget-curve cannot be the same file" -X --budget-curve usage root usage.svg
usage "the image and --budget-curve cannot be the same file" -X --budget-curve usage root ./usage.csv
usage "--json and --budget-curve cannot be the same file" -X --budget-curve usage --json "$scratch/usage.csv" root usage.img

check "nothing is left" no_leftovers .
done_testing
