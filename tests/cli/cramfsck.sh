#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# cramfsck-xip: what it prints, and where; its options and exit statuses.
# tests/unit/test_check.c tests what it finds, extract.sh the extraction.
# shellcheck source=tests/tap.sh
. "${top_srcdir:?}/tests/tap.sh"
CRAMFSCK_XIP=${CRAMFSCK_XIP:-$top_builddir/cramfsck-xip/cramfsck-xip}
# shellcheck source=tests/cli/setup.sh
. "$top_srcdir/tests/cli/setup.sh"

fsck() {
	"$CRAMFSCK_XIP" "$@"
}
# poke FILE OFFSET BYTE: one byte, octal
poke() {
	# shellcheck disable=SC2059 # an escape is meant
	printf "\\$3" | dd of="$1" bs=1 seek="$2" conv=notrunc 2>/dev/null
}
# wrong REGEX ARG...: exit 16 and a message, and nothing else
wrong() {
	wrong_regex=$1
	shift
	check_exit 16 "exit 16: $*" fsck "$@"
	says "$wrong_regex" "and a message: $wrong_regex"
	check "and no output" empty out
}

tree root
x --quiet root classic.img
x --quiet -X -n hello -e 7 root xip.img
x --quiet -x -p -B root pad.img

# --- help and usage ---
for o in -h --help; do
	check_exit 0 "$o succeeds" fsck $o
	says_out '^Usage: cramfsck-xip \[options\] IMAGE$' "$o prints the usage"
done
for o in -V --version; do
	check_exit 0 "$o succeeds" fsck $o
	says_out '^cramfsck-xip [0-9]+\.[0-9]+' "$o prints the version"
	says_out 'NO WARRANTY' "$o prints that there is no warranty"
done
check_exit 16 "no operand" fsck
says '^Usage: cramfsck-xip' "the usage is on standard error"
wrong 'expected one IMAGE, but got 2 operands' classic.img xip.img
wrong 'name of IMAGE is empty' ''
wrong 'cannot be standard input' -
wrong "4K, 8K, 16K, 32K or 64K, not '5000'" -b 5000 classic.img
wrong '32K or 64K' --blocksize=128K classic.img
wrong "'6' is not a kernel version .expected .*such as 6.1 or 6.1.38" --kernel 6 classic.img
wrong 'kernels before 4.15 are not supported' --kernel 3.10.5 classic.img
wrong 'number of jobs' -j many classic.img
wrong 'offset' --offset -1 classic.img
wrong 'number of findings' --max-findings=x classic.img
wrong 'used together' --quiet -v classic.img
wrong 'needs -x DIR' --owners classic.img
wrong 'empty string' --extract= classic.img
wrong 'empty string' --json '' classic.img
wrong 'same file' --json classic.img classic.img
wrong 'unknown|no option' --repair classic.img
check "the image is still there" image_ok classic.img

# --- sound images ---
for image in classic.img xip.img pad.img; do
	check_exit 0 "$image is sound" fsck $image
	says_out 'result +no findings' "and nothing is found"
	check "and nothing is on standard error" empty err
	check_exit 0 "$image: --quiet" fsck --quiet $image
	check "says nothing" empty out
	check_exit 0 "$image: -a -y -c -v --jobs 3 are accepted" fsck -a -y -c -v --jobs 3 $image
	says_out '^f 0755 +[0-9]+ +[0-9]+:[0-9]+ +/bin/program$' "-v lists entries"
done
fsck xip.img >out
says_out 'cramfs version 2 with extended block pointers, little-endian$' "the format"
says_out "'hello', edition 7, crc 0x" "the identity"
says_out '4 KiB, detected: no other size fits' "the page size"
fsck pad.img >out
says_out 'big-endian, after a boot pad' "byte order and boot pad"
fsck -b 4K xip.img >out
says_out '4 KiB, given with -b' "-b"
check_exit 4 "the wrong -b is an error" fsck -b 8192 xip.img

for size in 8K 16K 32K 64K; do
	x --quiet -X -b $size root size.img
	check_exit 0 "$size pages" fsck size.img
	says_out "page size +${size%K} KiB, detected" "are detected"
done
mkdir -p one many empty
echo small >one/file
x --quiet one one.img
fsck one.img >out
says_out 'assumed: no file has more than one block, so every size fits' "one small file does not show the page size"
x --quiet empty empty.img
check_exit 0 "an empty file system" fsck empty.img
dd if=/dev/zero bs=5000 count=1 2>/dev/null | tr '\0' x >many/file
x --quiet -b 16K many many.img
fsck many.img >out
says_out '8 KiB, assumed .*; also possible: 16, 32, 64 KiB$' "one file of one block that is larger"

# --- kernels differ ---
for version in 6.1 6.17.3 7.3.4; do
	check_exit 0 "--kernel $version" fsck --kernel $version xip.img
	says_out 'result +no findings' "nothing is found"
done
check_exit 0 "--kernel 6.17.1: a warning is not an error" fsck --kernel 6.17.1 --json kernel.json xip.img
says_out '^cramfsck-xip: warning: xip.img: Linux 6.17.1 maps the wrong memory .*\[mixed-mapping\]$' "mappings in part"
says_out 'what to do: use Linux 6.17.3 or later' "and what to do"
says_out 'result +0 errors, 1 warning, 0 notes' "once"
check "JSON has the version" grep -q '^	"kernel": "6.17.1",$' kernel.json
check_exit 0 "--kernel 6.17.1: nothing is in place" fsck --kernel 6.17.1 --json kernel.json classic.img
says_out 'result +no findings' "nothing is found"
fsck --json kernel.json xip.img >out
check "JSON without --kernel" grep -q '^	"kernel": null,$' kernel.json

# --- inside a larger file ---
{
	dd if=/dev/zero bs=1000 count=1
	cat xip.img
	echo behind
} >flash.bin 2>/dev/null
check_exit 4 "an image inside a file is not found" fsck flash.bin
says_out '^cramfsck-xip: error: flash.bin: .*\[no-image\]$' "which is an error finding"
says_out '^flash.bin: not a cramfs image$' "and there is no image"
check_exit 0 "--offset finds it" fsck --offset 1000 flash.bin
says_out '^cramfsck-xip: note: flash.bin: 7 bytes follow after the image.*\[file-longer\]$' "what is after it is noted"
says_out '^flash.bin at byte 1000: ' "the summary says where"
check_exit 4 "--offset after the end" fsck --offset 1G flash.bin
check_exit 0 "--offset 0" fsck --offset 0 xip.img
check_exit 0 "--offset auto finds it" fsck --offset auto --json auto.json flash.bin
says_out '^flash.bin at byte 1000: ' "at the same place"
check "and JSON has the offset" grep -q '"offset": 1000' auto.json
check "without a message" empty err
cat flash.bin pad.img >two.bin
check_exit 8 "--offset auto: two images" fsck --offset auto two.bin
says '^cramfsck-xip: two.bin: a cramfs image at byte 1000 \(0x3e8\)$' "the first is named"
says "^cramfsck-xip: two.bin: a cramfs image at byte $(size_of flash.bin) \(0x" "and the second"
says 'contains 2 cramfs images \(choose one with --offset N\)$' "and what to do"
check_exit 0 "--offset chooses the second" fsck --offset "$(size_of flash.bin)" two.bin
{
	head -c 5000 /dev/zero
	printf hsqs
	head -c 5000 /dev/zero
} >other.bin
check_exit 4 "--offset auto: no image" fsck --offset auto other.bin
says '^cramfsck-xip: other.bin: the magic number of a squashfs image at byte 5000 ' "what is there instead"
says_out '^cramfsck-xip: error: other.bin: no cramfs image at any offset .*\[no-image\]$' "is an error finding"
printf hsqs >squashfs.img
head -c 5000 /dev/zero >>squashfs.img
check_exit 4 "a squashfs image" fsck squashfs.img
says_out 'not a cramfs image, but a squashfs image \[no-image\]$' "is identified"
gzip -c xip.img >xip.img.gz
fsck xip.img.gz >out
says_out 'not a cramfs image, but gzip data \(decompress it first\) \[no-image\]$' "and a compressed one"

# --- damage ---
size=$(size_of xip.img)
cp xip.img crc.img
poke crc.img 36 001
check_exit 4 "a changed byte" fsck crc.img
says_out '^cramfsck-xip: error: crc.img: the CRC is 0x[0-9a-f]{8}, but 0x[0-9a-f]{8} in the superblock \[crc\]$' "is found"
says_out '^  at 0x20$' "with its place"
says_out '^  effect: kernels do not check it$' "and what kernels do"
says_out '^  what to do: copy the image again, or make it again$' "and, apart from that, what to do"
says_out 'result +1 error, 0 warnings, 0 notes' "and counted"
head -c $((size - 4096)) xip.img >cut.img
check_exit 4 "a truncated image" fsck cut.img
says_out '\[truncated\]' "is found"
check "what is missing is one finding" test "$(grep -c '\[block-outside\]$' out)" -eq 1
check "and nothing else is" test "$(grep -c '\]$' out)" -eq 2
head -c 2000 xip.img >cut.img
fsck --quiet cut.img >out
check "cut in the tables, one finding of each kind" test -z "$(grep -o '\[[a-z-]*\]$' out | sort | uniq -d)"
fsck --quiet -b 16K xip.img >out
says_out '^cramfsck-xip: error: xip.img: the image fits pages of 4 KiB, not of 16 KiB, .*\[page-size\]$' "a wrong -b is one finding"
check "and nothing else is" test "$(grep -c '\]$' out)" -eq 1
fsck -v -b 16K xip.img >out
says_out '\[block-[a-z]*\]$' "-v lists what follows from it"
: >zero.img
check_exit 4 "an empty file" fsck zero.img
says_out '\[no-image\]' "is not an image"
awk 'BEGIN { for (i = 0; i < 30000; i++) print i }' >text.img
check_exit 4 "some other file" fsck text.img
cp classic.img data.img
at=$((size_of_half = $(size_of classic.img) / 2))
while [ $at -lt $((size_of_half + 20000)) ]; do
	poke data.img $at 252
	at=$((at + 500))
done
check_exit 4 "damaged blocks" fsck data.img
says_out '^cramfsck-xip: error: data.img: /bin/program: [0-9]+ blocks; the first: block [0-9]+ of [0-9]+: .*\[block-stream\]$' "are found"
says_out '^  at 0x[0-9a-f]+, kernel function: cramfs_uncompress_block$' "with place and kernel function"
check "those of a file are one finding" test "$(grep -c '/bin/program: .*\[block-stream\]$' out)" -eq 1
check_exit 4 "--quiet" fsck --quiet data.img
check "names program and image in each" sh -c '! grep "\]$" out | grep -v "^cramfsck-xip: [a-z]*: data.img: "'
check_exit 4 "-v" fsck -v data.img
says_out '^cramfsck-xip: error: data.img: /bin/program: block [0-9]+ of [0-9]+: .*\[block-stream\]$' "lists each"
errors=$(sed -n 's/.*result *\([0-9,]*\) error.*/\1/p' out)
check "there are several" test "$errors" -gt 5
check_exit 4 "--max-findings" fsck -v --max-findings 2 data.img
says_out "result +$errors errors" "counts all"
says_out '^ +2 of [0-9]+ findings listed' "and says so"
check "lists no more than two" test "$(grep -c '\]$' out)" -eq 2
check_exit 4 "--max-findings 0" fsck --max-findings 0 --quiet data.img
check "lists nothing" empty out
fsck -j 1 data.img >one.txt
fsck -j 8 data.img >eight.txt
check "the number of jobs changes nothing" cmp one.txt eight.txt
check "the image was not changed" test "$(size_of data.img)" -eq "$(size_of classic.img)"

# --- images by other tools ---
mkdir twins
awk 'BEGIN { for (i = 0; i < 3000; i++) print i, i * 7 % 11 }' >twins/a
cp twins/a twins/b
if command -v mkfs.cramfs >/dev/null 2>&1; then
	for options in '' '-N big' '-p' '-n old'; do
		# shellcheck disable=SC2086 # options are words
		mkfs.cramfs $options root other.img >log 2>&1
		check_exit 0 "mkfs.cramfs $options: sound" fsck other.img
	done
	chmod 4755 twins/a
	chmod 600 twins/b
	mkfs.cramfs twins twins.img >log 2>&1
	check_exit 4 "mkfs.cramfs makes one inode of equal files with different modes" fsck twins.img
	says_out '^cramfsck-xip: error: twins.img: /b: is one inode with /a, but its mode differs .*\[shared-inode\]$' "which is found"
	x --quiet twins twins.img
	check_exit 0 "mkcramfs-xip does not" fsck twins.img
else
	skip "mkfs.cramfs is not installed"
fi

# --- JSON ---
check_exit 4 "--json FILE" fsck -v --json out.json data.img
has() { # EXPRESSION: it is true of the JSON
	check "JSON: $1" test "$(json out.json "$1")" = true
}
if command -v python3 >/dev/null; then
	has 'j["version"] == 1'
	has 'j["image"]["found"] and j["image"]["page_size"] == 4096 and j["image"]["page_size_detected"]'
	has '["error", "block-stream", "/bin/program"] in [[f[k] for k in ("severity", "id", "path")] for f in j["findings"]]'
	has 'not j["clean"] and j["counts"]["errors"] == '"$errors"
	has 'j["extracted"] is None'
	fsck --json out.json data.img >out
	has '[f["count"] > 5 for f in j["findings"] if f["path"] == "/bin/program"] == [True]'
	has '[f["effect"] for f in j["findings"] if f["id"] == "block-stream"][0] == "reading the page fails with EIO"'
	has '[f["todo"] for f in j["findings"] if f["id"] == "block-stream"][0] == "copy the image again, or make it again"'
else
	lacks python3
fi
if command -v python3 >/dev/null 2>&1; then
	check "is JSON" python3 -c 'import json, sys
d = json.load(open("out.json"))
assert d["counts"]["listed"] == len(d["findings"])
assert d["blocks"]["all"] == sum(v for k, v in d["blocks"].items() if k != "all")
assert d["image"]["page_sizes_that_fit"] in ([4096], [])'
	fsck --json out.json zero.img >out
	check "also for a file that is not an image" python3 -c 'import json
d = json.load(open("out.json"))
assert d["findings"][0]["id"] == "no-image" and not d["image"]["found"] and not d["clean"]'
else
	skip "python3 is not installed"
fi
fsck --json - data.img >out 2>err
says_out '"id": "block-stream"' "--json -: JSON on standard output"
says '\[block-stream\]$' "and text on standard error"
check "nothing is left here" no_leftovers .

# --- what fails ---
check_exit 8 "an image that is not there" fsck none.img
says '^cramfsck-xip: none.img: cannot open: ' "is named"
mkfifo pipe
check_exit 8 "a FIFO" fsck pipe
check_exit 8 "a directory" fsck root
says '^cramfsck-xip: root: neither a regular file nor a block device$' "is named"
check_exit 8 "--json into a directory that is not there" fsck --json none/out.json xip.img
says 'none' "is named"
to_full() { fsck "$@" >"$full"; }
if [ "$full" ]; then
	check_exit 8 "a summary that cannot be written" to_full xip.img
	says 'standard output: cannot write the findings: ' "is a failure"
	check_exit 8 "JSON that cannot be written" fsck --json "$full" xip.img
else
	skip "no full device"
fi

# The file shrinks while it is looked at: its reader holds back until then, at
# more findings than a pipe takes. -v reads the image again after them.
"$top_builddir/tests/nasty/mknasty" . huge_entries_backwards.le >log
mkfifo findings
fsck -j1 -v --max-findings 5000 huge_entries_backwards.le.img >findings 2>shrunk &
pid=$!
exec 3<findings
dd bs=1 count=1 <&3 >first 2>/dev/null
: >huge_entries_backwards.le.img
cat <&3 >rest
exec 3<&-
wait $pid
status=$?
check "a file that shrinks ends the check with status 8" test $status -eq 8
check "and a message" grep -q '^cramfsck-xip: the image became shorter' shrunk
rm -f huge_*

# --- extraction: without a name, nothing ---
mkdir here
cd here || exit 99
check_exit 0 "--extract alone" fsck --extract ../xip.img
check "extracts nothing" test -z "$(ls -A)"
cd ..
check_exit 0 "-x DIR" fsck -x tree xip.img
says_out 'extracted +[0-9]+ entries$' "and says how much"
check "has the file" cmp tree/etc/numbers root/etc/numbers
check_exit 4 "-x of an image with errors" fsck --extract=half data.img
says 'half: incomplete: ' "says that it is incomplete"
check "gets what can be read" cmp half/usr/share/doc/README root/usr/share/doc/README
check_exit 8 "-x into a place that cannot be made" fsck -x none/dir xip.img

# an archive that would replace its own image
mkdir "$scratch/own"
echo text >"$scratch/own/file"
"$MKCRAMFS_XIP" --quiet "$scratch/own" "$scratch/own.img"
cp "$scratch/own.img" "$scratch/self.tar"
check_exit 16 'the archive may not be the image itself' "$CRAMFSCK_XIP" -x "$scratch/self.tar" "$scratch/self.tar"
check 'and the image is untouched' cmp "$scratch/own.img" "$scratch/self.tar"

done_testing
