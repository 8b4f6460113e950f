#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The summary, -v, -vv, --quiet and --json.
# shellcheck source=tests/tap.sh
. "${top_srcdir:?}/tests/tap.sh"
# shellcheck source=tests/cli/setup.sh
. "$top_srcdir/tests/cli/setup.sh"
tree root

check_exit 0 "-X" x -X root a.img
says_out '^a\.img: [0-9,]+ bytes \([0-9.]+ [KM]iB\)$' "the summary has the image's size"
says_out 'entries +5 files, 5 directories, 1 symbolic link$' "the entries"
says_out 'in place +[1-9][0-9,]* of [1-9][0-9,]* candidate pages .* in 1 file for ' "the pages in place"
says_out 'in flash, which costs (about )?[0-9.]+ [KM]?i?B?(bytes)? ?more than compressed' "what they cost"
says_out 'saved +1 equal file \([0-9.]+ KiB of contents\) stored once' "what sharing saved"
says_out 'padding' "the padding"
says_out "identity +'Compressed', edition 0, crc 0x[0-9a-f]{8}$" "the identity"
says_out 'verified +yes, everything was read back' "and that it was verified"
check_exit 0 "the same once more" x -X -q root a.img
check "nothing on standard error, no progress" empty err
crc=$(printf '%08x' $(($(little a.img 32))))
check_exit 0 "and once more" x -X root a.img
says_out "crc 0x$crc" "the crc is the one in the superblock"

check_exit 0 "--quiet" x --quiet -X root a.img
check "--quiet: nothing on standard output" empty out
check_exit 0 "--quiet" x --quiet -X root a.img
check "--quiet: nothing on standard error" empty err

for o in -v --verbose; do
	check_exit 0 "$o" x $o -X root a.img
	says_out '^- 0755 .* /bin/program .*[1-9][0-9]*/[1-9][0-9]* in place' "$o: a line for a program"
	says_out '^l 0777 .* 11 .* /link' "$o: a line for a link"
	says_out '/etc/numbers  same as /etc/equal$' "$o: what is stored with another"
	says_out '/etc/holes .*[1-9] hole' "$o: holes"
done
lines=$(grep -cE '^[-l] [0-7]{4} ' out)
check "-v: a line for each file" test "$lines" -eq 6
x --quiet -x root ext.img
check_exit 0 "-vv" x -vv -X root a.img
says_out 'segment [0-9]+  r-x  file pages [0-9]+ to [0-9]+: [1-9][0-9]* of [1-9][0-9]* in place' "-vv: segments"
says_out 'segment [0-9]+  rw-  .*: 0 of [0-9]+ in place  \(writable: copied to RAM\)$' "-vv: why a segment is not in place"
echo '/bin/program compress' >program.policy
for o in "-X -P program.policy|left out by the rules" "-X --flash-budget $(size_of ext.img)|the budget was spent" \
	"-X --ram-goal 4096|the RAM goal is met without it"; do
	# shellcheck disable=SC2086
	check_exit 0 "-vv ${o%|*}" x -vv ${o%|*} root b.img
	says_out "segment [0-9]+  r-x  .*: [0-9]+ of [0-9]+ in place  \(${o#*|}\)\$" "-vv: why ${o%|*}"
done
check_exit 0 "-vv" x -vv -X root a.img
says_out 'block +0  in place +offset 0x[0-9a-f]{8} +4096 bytes' "-vv: blocks in place"
says_out 'block +1  hole' "-vv: holes"
says_out 'block +0  compressed +offset 0x[0-9a-f]{8} +[0-9]+ bytes' "-vv: compressed ones"

# JSON
check_exit 0 "--json FILE" x -X --json a.json root a.img
says_out 'in place' "the summary is printed all the same"
check_exit 0 "--json -" x -X --json - root a.img
says 'in place' "--json -: the summary goes to standard error"
says_out '^\{$' "--json -: JSON on standard output"
x -X --quiet --json=- root a.img >b.json 2>err
check "--json - is the same" cmp a.json b.json
check "--json - --quiet: nothing on standard error" empty err
x -X --quiet --json /dev/stdout root a.img 2>err | cat >b.json
check "--json to a pipe by name" cmp a.json b.json
reader fifo b.json
check_exit 0 "--json to a FIFO" x -X --json fifo root a.img
reader_ends fifo
check "--json to a FIFO: the same" cmp a.json b.json
if [ "$null" ]; then
	check_exit 0 "--json to a device" x --json "$null" root a.img
	check "which stays one" test -c "$null"
else
	skip "no null device"
fi

if command -v python3 >/dev/null 2>&1; then
	cat >look.py <<'END'
import json, os, sys
j = json.load(open(sys.argv[1]))
image = os.path.getsize("a.img")
assert j["version"] == 1
assert j["image"]["size"] == j["image"]["file_size"] == image, j["image"]
assert sum(j["bytes"].values()) == image, j["bytes"]
assert j["entries"]["files"] == 5 and j["entries"]["directories"] == 5 and j["entries"]["symlinks"] == 1
p = j["in_place"]
assert p["files"] == 1 and 0 < p["pages"] <= p["candidates"] and len(p["machines"]) == 1
f = {x["path"]: x for x in j["files"]}
assert len(f) == 6 and list(f) == sorted(f)
assert f["/etc/numbers"]["same_as"] == "/etc/equal" and f["/etc/equal"]["same_as"] is None
assert f["/link"]["type"] == "symlink" and f["/link"]["size"] == 11
prog = f["/bin/program"]
assert prog["mode"] == 0o755 and prog["size"] == os.path.getsize("root/bin/program")
assert prog["blocks"]["in_place"] == p["pages"] and prog["candidates"] == p["candidates"]
assert sum(s["in_place"] for s in prog["segments"] if "x" in s["flags"]) > 0
assert all((s["reason"] is None) == (s["in_place"] == s["pages"]) for s in prog["segments"])
assert f["/etc/holes"]["blocks"]["hole"] >= 4
listed = "block_list" in prog
assert listed == (len(sys.argv) > 2)
if listed:
    for x in f.values():
        b = [y["kind"] for y in x["block_list"]]
        n = x["blocks"]
        assert len(b) == -(-x["size"] // 4096)
        assert b.count("hole") == n["hole"] and b.count("in place") == n["in_place"]
        assert b.count("compressed") == n["compressed"] and b.count("stored") == n["stored"]
END
	x -X --quiet --json a.json root a.img
	check "the JSON is consistent" python3 look.py a.json
	x -X --json b.json -vv root a.img >/dev/null
	check "with -vv its blocks too" python3 look.py b.json blocks
	mkdir odd
	: >"odd/$(printf 'a\377\n\303\244"\\')"
	x --quiet --json odd.json odd odd.img
	check "a name that is not UTF-8 survives" python3 -c '
import json, os
p = json.load(open("odd.json"))["files"][0]["path"]
assert os.fsencode(p[1:]) == b"a\xff\n\xc3\xa4\"\\", p
assert os.fsencode(p[1:]) in os.listdir(b"odd")'
else
	skip "python3 is not installed: JSON is not looked at"
fi

echo old >keep.json
check_exit 8 "a build that fails" x --json keep.json --max-size 1 root no.img
check "--json: the old file is as it was" test "$(cat keep.json)" = old
check "nothing is left" no_leftovers .
check_exit 8 "--json in a directory that is not there" x --json nodir/a.json root no.img
says 'nodir/' "is named"
check "before any work: no image" test ! -e no.img
mkdir adir
check_exit 8 "--json is a directory" x --json adir root no.img
if [ "$full" ]; then
	check_exit 8 "--json on a full device" x --json "$full" root there.img
	says '/full: cannot write the JSON: No space left' "is named"
	check "the image is there" image_ok there.img
else
	skip "no full device"
fi

done_testing
