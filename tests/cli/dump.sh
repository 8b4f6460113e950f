#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# dumpcramfs-xip shows what is in the image.
# shellcheck source=tests/tap.sh
. "${top_srcdir:?}/tests/tap.sh"
# shellcheck source=tests/cli/setup.sh
. "$top_srcdir/tests/cli/setup.sh"
export MKCRAMFS_XIP
DUMPCRAMFS_XIP=${DUMPCRAMFS_XIP:-$top_builddir/dumpcramfs-xip/dumpcramfs-xip}
d() {
	"$DUMPCRAMFS_XIP" "$@"
}
# shellcheck disable=SC2317 # called by check
json() { # PROGRAM-TEXT ARG...: python that sees the arguments
	python3 -c "import json, sys
$1" "$2" ${3:+"$3"}
}
# check_json WHAT TEXT ARG...
check_json() {
	json_what=$1
	shift
	if command -v python3 >/dev/null 2>&1; then
		check "$json_what" json "$@"
	else
		skip "python3 is not installed: $json_what"
	fi
}

tree root
ln -s /bin/program root/absolute
ln -s nowhere root/dangling
odd=$(printf 'a\nb\033\377')
echo odd >"root/$odd"
chmod 4755 root/bin/program
x --quiet -X -q root a.img
x --quiet -q root classic.img

# Usage
for bad in "" "list" "nonsense a.img" "cat a.img" "super a.img too" "diff a.img" "maps -b 5000 a.img" "list --base x a.img" "list --offset -1 a.img" "maps --kernel 6 a.img" "list --kernel 6.1 a.img"; do
	# shellcheck disable=SC2086 # several words
	check_exit 16 "usage: '$bad'" d $bad
done
says 'Try .*--help' "and a hint"
check_exit 8 "an image that is not there" d list nothing.img
says 'nothing.img: cannot open' "is named"
echo text >text
check_exit 8 "a file that is not an image" d list text
check_exit 16 "a path that is not there" d stat a.img /no/such
mkdir links
ln -s loop links/loop
ln -s program links/bad
echo one >links/one
echo two >links/two
x --quiet links links.img
for cmd in cat stat list maps; do
	check_exit 16 "$cmd: paths that are wrong" d $cmd links.img /loop/ /one/ /none /one /two
	says '^dumpcramfs-xip: /loop/: .*too many symbolic links' "$cmd: a loop"
	says '^dumpcramfs-xip: /one/: .*not a directory' "$cmd: a file as a directory"
	says '^dumpcramfs-xip: /none: no such path' "$cmd: what is not there"
done
check_exit 16 "cat: paths that are wrong" d cat links.img /one /loop /two
check "does not ignore the others" test "$(cat out)" = "one
two"
check_exit 16 "stat --json" d --json stat links.img /one /none /two
check "is valid for the others" json 'assert len(json.load(open("out"))["entries"]) == 2'
for o in -h --help; do
	check_exit 0 "$o" d $o
	says_out '^Usage: ' "$o: usage"
done
for o in -V --version; do
	check_exit 0 "$o" d $o
	says_out 'Licence: GPL-2.0-or-later' "$o: licence"
done

# list
check_exit 0 "list" d list a.img
says_out '^-rwsr-xr-x     0   0 .* /bin/program$' "a setuid program"
says_out '^lrwxrwxrwx .* /link -> etc/numbers$' "a link"
says_out '^drwxr-xr-x .* /usr/share/doc$' "a directory"
says_out '/a\\nb\\x1b\\xff$' "a name that is escaped"
check "a line for each entry" test "$(wc -l <"$scratch/out")" -eq $(($(find root -print0 | tr -cd '\0' | wc -c) + 1))
d list -1 a.img | sort >have
(cd root && find . ! -name "$odd" | sed 's|^\.||; s|^$|/|'; printf '%s\n' '/a\nb\x1b\xff') | sort >want
check "list -1: the paths" cmp have want
d list -1 a.img /usr >have
printf '%s\n' /usr /usr/share /usr/share/doc /usr/share/doc/README >want
check "list PATH: what is below, depth first" cmp have want
d list --json a.img >list.json
check_json "list --json" '
e = {x["path"]: x for x in json.load(open(sys.argv[1]))["entries"]}
assert e["/link"]["target"] == "etc/numbers" and e["/bin/program"]["mode"] == 0o4755
assert e["/etc/holes"]["blocks"]["hole"] == 4, e["/etc/holes"]
b = e["/bin/program"]["blocks"]
assert b["in_place"] > 0 and sum(b.values()) == -(-e["/bin/program"]["size"] // 4096)' list.json

# cat
for f in /etc/numbers etc/holes /link /bin/program /absolute; do
	d cat a.img $f >have
	want=root/${f#/}
	[ $f != /absolute ] || want=root/bin/program
	check "cat $f" cmp have "$want"
done
d cat a.img /etc/numbers /etc/holes >have
cat root/etc/numbers root/etc/holes >want
check "cat of two" cmp have want
check_exit 16 "cat of a directory" d cat a.img /etc
check_exit 16 "cat of a link to nowhere" d cat a.img /dangling

# stat
check_exit 0 "stat" d stat a.img /etc/holes
says_out 'uid 0, gid 0, size .*inode number' "stat: the inode"
says_out '^ +[0-9]+  hole  ' "stat: a hole"
says_out '^ +[0-9]+  compressed  ' "stat: a compressed block"
check_exit 0 "stat of a program" d stat a.img /bin/program
says_out '^ +0  in place +yes +[0-9]*  ' "stat: a block in place"
check_exit 0 "stat does not follow" d stat a.img /dangling
says_out '^/dangling -> nowhere' "stat: target"
d stat --json a.img /bin/program >stat.json
check_json "stat --json: pages in place are in the image, as in the file" '
s = json.load(open(sys.argv[1])); e = s["entries"][0]
image = open("a.img", "rb").read(); file = open("root/bin/program", "rb").read()
n = 0
for i, b in enumerate(e["blocks"]):
    if b["kind"] == "in place":
        n += 1
        assert image[b["offset"]:b["offset"] + b["length"]] == file[i * 4096:i * 4096 + 4096], i
assert n > 0' stat.json

# super
check_exit 0 "super" d super a.img
says_out 'flags .*EXT_BLOCK_POINTERS' "super: flags"
says_out 'crc .* \(correct\)$' "super: the CRC is right"
says_out 'kernel +mounts the image$' "super: a kernel mounts it"
check_json "super --json" 'j = json.loads(sys.argv[1]); assert j["crc_right"] and j["page_size"] == 4096 and j["refused"] is None' "$(d super --json a.img)"
cp a.img wrong.img
printf 'x' | dd of=wrong.img bs=1 seek=3000 conv=notrunc 2>/dev/null
d super wrong.img >shown 2>"$scratch/err"
check "super: a wrong CRC is said" grep -q '(wrong: ' shown

# layout
check_exit 0 "layout" d layout a.img
says_out '^0x00000000 +76  head' "layout: the superblock first"
check_json "layout: every byte is somewhere, as the builder says" '
import subprocess, os
for args in ([], ["-x"], ["-X"], ["-X", "-b", "64K"], ["-X", "-p"]):
    subprocess.run([os.environ["MKCRAMFS_XIP"], "--quiet", "--json", "b.json", *args, "root", "b.img"], check=True)
    ours = json.loads(subprocess.run([sys.argv[1], "layout", "--json", "b.img"], check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout)
    b, o = json.load(open("b.json"))["bytes"], ours["bytes"]
    assert sum(o.values()) == os.path.getsize("b.img") == sum(r["length"] for r in ours["regions"])
    at = 0
    for r in ours["regions"]:
        assert r["offset"] == at, r
        at += r["length"]
    for k in ("head", "directories", "tables", "in_place", "tails"):
        assert o[k] == b[k], (args, k, o, b)
    # the builder calls zlib streams that did not shrink stored, and alignment before a header a part of it
    assert o["compressed"] + o["stored"] == b["compressed"] + b["stored"], (args, o, b)
    assert o["headers"] + o["padding"] == b["headers"] + b["padding"], (args, o, b)
    assert o["unknown"] == o["free"] == 0' "$DUMPCRAMFS_XIP"

# maps: the builder's promises, at three page sizes
for size in 4K 16K 64K; do
	x --quiet -X -b $size --json build.json root m.img
	d maps -b $size --json m.img >maps.json 2>"$scratch/err"
	check_json "maps at $size: segments in place are those that the builder promised" '
built = {f["path"]: f for f in json.load(open(sys.argv[1]))["files"] if f["segments"]}
maps = json.load(open(sys.argv[2]))
shown = {f["path"]: f for f in maps["files"]}
assert set(shown) == {p for p, f in built.items() if not f["same_as"]} and shown
for p, f in shown.items():
    have = {s["index"]: s for s in f["segments"]}
    for s in built[p]["segments"]:
        assert all(have[s["index"]][k] == s[k] for k in s if k != "reason"), (s, have[s["index"]])
    for s in f["segments"]:
        assert sum(g["pages"] for g in s["groups"]) == s["pages"]
        assert sum(g["pages"] for g in s["groups"] if g["in_place"]) == s["in_place"]
        assert (s["reason"] is None) == (s["in_place"] == s["pages"])
        if "w" in s["flags"] and f["loadable"]:
            assert s["reason"] == "vma is writable" and s["groups"][0]["kernels_words"]
assert maps["totals"]["in_place"] == sum(f["in_place"] for f in maps["files"]) == json.load(open(sys.argv[1]))["in_place"]["pages"]' build.json maps.json
done
check_exit 0 "maps" d maps a.img
says_out '^/bin/program: .* program, [0-9]+ of [0-9]+ pages in place' "maps: the program"
says_out ': writable: copied to RAM$' "maps: a reason"
says_out '^1 file, .*: up to .* of RAM saved$' "maps: totals"
check_exit 0 "maps of a classic image" d maps classic.img
says_out '^1 file, 0 of ' "maps: nothing in place"
says_out 'the image is in the classic format' "maps: because the image is in the classic format"
says_out '^.the image is in the classic format: -X or a policy ' "maps: and what helps"
check_exit 0 "maps of a link to a program" d maps a.img /absolute
says_out '^/bin/program: ' "maps: is the program"
check_exit 16 "maps of a file that is not a program" d maps a.img /etc/numbers
check_exit 0 "maps of a directory without programs" d maps a.img /etc
says_out '^0 files' "maps: none"
check_exit 0 "maps --base" d maps --base 0x60000000 a.img
says_out '^  [0-9a-f]{8,}-[0-9a-f]{8,} r-xp [0-9a-f]{8} 1f:\?\? [0-9]+ /bin/program' "maps --base: a line as in /proc"
d maps --json --base 0x60000000 a.img >maps.json
check_json "maps --base: addresses are base + offset" '
m = json.load(open(sys.argv[1])); f = m["files"][0]
s = [s for s in f["segments"] if s["in_place"]]
assert s and all(x["address"] == 0x60000000 + x["offset"] for x in s) and f["maps"]
assert not any(l["mixed"] and l["offset_is_physical"] for l in f["maps"])' maps.json
check_exit 0 "maps --base 0" d maps --base 0 a.img
says 'warning: --base is 0' "maps --base 0: a warning"
says_out '^1 file, 0 of ' "maps --base 0: nothing in place"
check_exit 0 "maps --base that is not page-aligned" d maps --base 0x60000200 a.img
says 'not page-aligned' "maps: a warning"
says_out 'not page-aligned in flash' "maps: a reason"
check_exit 0 "maps --no-mmu" d maps --no-mmu a.img
says_out '^1 file, 0 of ' "maps --no-mmu: an ordinary program is copied"

# Kernels differ
for bad in 6 6.1x 4.14; do
	check_exit 16 "maps --kernel $bad" d maps --kernel $bad a.img
done
says 'kernels before 4.15 are not supported' "one that is too old"
check_exit 16 "maps --kernel latest" d maps --kernel latest a.img
says "'latest' is not a kernel version .expected two or three numbers, such as 6.1 or 6.1.38.$" "says what is expected"
check_exit 16 "super --kernel" d super --kernel 6.1 a.img
says '^dumpcramfs-xip: --kernel has no effect on super .it is for: maps.$' "says what it is for"
d maps a.img >maps.txt
for version in 6.16.12 6.17.3 6.1; do
	check_exit 0 "maps --kernel $version" d maps --kernel $version a.img
	check "is as for current kernels" cmp maps.txt "$scratch/out"
done
# the first mapping of a program that is not linked statically
mkdir mixed
cp "$(command -v od)" mixed/
x --quiet -X mixed mixed.img
check_exit 0 "maps --kernel 6.17" d maps --kernel 6.17 mixed.img
says_out '\(this kernel maps the wrong memory\)$' "a mapping is marked"
says_out '^Linux 6.17 maps the wrong memory in [0-9]+ mappings? of 1 file, .*use Linux 6.17.3 or later$' "and what to do"
check_exit 0 "maps --kernel 6.17 --base" d maps --kernel 6.17 --base 0x60000000 mixed.img
says_out '# mixed: .*, but the wrong memory is mapped$' "a line of /proc is marked"
check_exit 0 "maps --kernel 6.17 --no-mmu" d maps --kernel 6.17 --no-mmu mixed.img
check "without an MMU there are no such mappings" sh -c '! grep -q wrong "$1"' sh "$scratch/out"
d maps --json --kernel 6.17.2 mixed.img >maps.json
check_json "maps --kernel 6.17.2: JSON" '
m = json.load(open(sys.argv[1]))
assert m["kernel"] == "6.17.2"
s = [s for f in m["files"] for s in f["segments"]]
assert all(x["wrong_memory"] == (x["mixed"] and x["in_place"] > 0) for x in s)
assert m["totals"]["wrong_memory"] == sum(x["wrong_memory"] for x in s) > 0' maps.json
d maps --json mixed.img >maps.json
check_json "maps: JSON for current kernels" '
m = json.load(open(sys.argv[1]))
assert m["kernel"] is None and m["totals"]["wrong_memory"] == 0
assert any(s["mixed"] for f in m["files"] for s in f["segments"])' maps.json

# Two segments of one tree, by hand: a flat binary
mkdir flat
awk 'BEGIN { for (i = 0; i < 4000; i++) printf "code %d;", i }' >body
{ printf 'bFLT\000\000\000\004\000\000\000\100\000\000\040\010\000\000\060\000\000\000\060\020\000\000\020\000\000\000\060\000\000\000\000\000\000\000\000\000'; dd if=/dev/zero bs=24 count=1 2>/dev/null; cat body; } >flat/prog
x --quiet -X flat flat.img
check_exit 0 "maps --no-mmu of a flat binary" d maps --no-mmu flat.img
says_out '^/prog: flat program, 3 of 3 pages in place' "a flat binary: its text is in place"
check_exit 0 "maps of a flat binary" d maps flat.img
says_out 'copies it to RAM' "... but not with an MMU"
x --quiet -x flat flat.img
check_exit 0 "maps --no-mmu of a compressed flat binary" d maps --no-mmu flat.img
says_out '^/prog: flat program, 0 of 3 pages in place' "a flat binary, not in place"
says_out '3: compressed$' "and why"
says_out '^.compressed: .*--flash-budget' "and what helps"
check "once" test "$(grep -c '^(' "$scratch/out")" -eq 1
d maps --json --no-mmu flat.img >maps.json
check_json "as JSON, in the kernel's words too" '
g = json.load(open(sys.argv[1]))["files"][0]["segments"][0]["groups"][0]
assert g["reason"] == "unsuitable block layout" and g["kernels_words"] and g["meaning"] == "compressed" and "--flash-budget" in g["advice"]' maps.json

# Page size, offset, byte order
x --quiet -X -B -b 16K -q root big.img
d cat big.img /etc/numbers >have 2>"$scratch/err"
check "a big-endian image of 16K pages is understood without -b" cmp have root/etc/numbers
d super --block-size=16K big.img >shown
check "-b is used" grep -q '16384 (given with -b)' shown
{ dd if=/dev/zero bs=1000 count=1; cat a.img; echo behind; } >flash 2>/dev/null
d --offset 1000 cat flash /etc/numbers >have
check "--offset" cmp have root/etc/numbers
d --offset auto cat flash /etc/numbers >have
check "--offset auto" cmp have root/etc/numbers
cat flash flash >two
check_exit 8 "--offset auto: two images" d --offset auto list two
says 'two: a cramfs image at byte 1000 ' "are named"
says 'two: contains 2 cramfs images \(choose one with --offset N\)$' "with what to do"
{
	head -c 512 /dev/zero
	cat flash
} >later
check_exit 0 "--offset auto finds each image of diff" d --offset auto diff flash later
check_exit 8 "without --offset" d list flash
printf '\047\005\031\126' >uimage
head -c 5000 /dev/zero >>uimage
check_exit 8 "another format" d list uimage
says '^dumpcramfs-xip: uimage: not a cramfs image, but a U-Boot legacy image$' "is named"
check_exit 8 "an --offset after the end" d --offset 1G list flash
d layout --offset 1000 flash >shown
check "--offset: what is after the image" grep -q ' 7 .*after the image' shown
d layout --json --offset 1000 flash >shown
check "layout: its region keeps its name in JSON" grep -q '"region": "behind the image"' shown
x --quiet -X -p -i root/etc/numbers root pad.img
d cat pad.img /etc/numbers >have
check "after a boot pad and an inserted file" cmp have root/etc/numbers

# diff
check_exit 0 "diff with itself" d diff a.img a.img
check "says nothing" empty "$scratch/out"
check_exit 1 "diff with the classic one" d diff a.img classic.img
says_out '^    pages 0 to [0-9]+: in place -> compressed$' "diff: what left its place"
says_out '^[0-9]+ pages? no longer in place, 0 now in place$' "diff: in sum"
cp -R root other
rm other/etc/equal
echo new >other/new
echo changed >>other/etc/holes
chmod 600 other/etc/numbers
rm other/link
ln -s etc/holes other/link
x --quiet -X -q other other.img
check_exit 1 "diff of two trees" d diff a.img other.img
says_out '^- /etc/equal$' "diff: removed"
says_out '^\+ /new$' "diff: added"
says_out '^    mode -rw-r--r-- -> -rw-------$' "diff: mode"
says_out '^    target etc/numbers -> etc/holes$' "diff: target"
says_out "^    contents differ from byte $(size_of root/etc/holes)\$" "diff: contents"
d diff --json a.img other.img >diff.json
check_json "diff --json" '
j = json.load(open(sys.argv[1])); c = {x["path"]: x for x in j["changes"]}
assert c["/etc/equal"]["change"] == "removed" and c["/new"]["change"] == "added" and c["/link"]["target"]
assert c["/etc/holes"]["contents"] and not c["/etc/holes"]["mode"] and c["/etc/numbers"]["mode"]
assert j["totals"]["added"] == j["totals"]["removed"] == 1' diff.json
x --quiet -X -q -b 16K root p16.img
d diff a.img p16.img >shown 2>"$scratch/err"
check "diff across page sizes: contents are equal" test "$(grep -c '^[-+~]' shown)" -eq 0

# tar: more in extract.sh
if d tar a.img >a.tar 2>"$scratch/err"; then
	mkdir t
	(cd t && tar xf ../a.tar --no-same-owner) 2>/dev/null
	check "tar holds the files" cmp t/etc/numbers root/etc/numbers
else
	skip "built without libarchive"
fi

# Damage
dd if=a.img of=cut.img bs=4096 count=2 2>/dev/null
check_exit 8 "cat out of a cut image" d -b 4K cat cut.img /bin/program
says '/bin/program: ' "names the file"
d -b 4K list cut.img >shown 2>"$scratch/err"
check "list of a cut image lists" grep -q '/bin/program' shown
d -b 4K layout cut.img >shown 2>"$scratch/err"
check "layout of a cut image ends with what is there" grep -q '^ *8192 .*total$' shown
if [ "$full" ]; then
	# shellcheck disable=SC2016 # sh expands them
	check_exit 8 "a full device" sh -c '"$1" list a.img >"$2"' sh "$DUMPCRAMFS_XIP" "$full"
	says 'standard output: cannot write' "is said"
else
	skip "no full device"
fi


# A pager that is left: no message.
# shellcheck disable=SC2016 # sh expands them
sh -c '{ "$1" list -1 a.img 2>left; echo $? >status; } | :' sh "$DUMPCRAMFS_XIP"
check "a closed pipe: no message" empty left

done_testing
