#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# dumpcramfs-xip maps --no-mmu: the RAM that starting a program takes, and whether it is free.
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

# flat binaries: text of 3 pages, data of 5000 bytes, bss of 3000, stack of 64 KiB; one is flagged to
# be loaded to RAM, and one asks for a stack of 600 KiB
mkdir -p tree/bin elf/lib
python3 - tree/bin "$top_srcdir/tests/roundtrip" <<'END'
import struct, sys
def flat(name, stack, flags=0, relocs=0):
    text, data = 3 * 4096 - 100, 5000
    words = [4, 64, text, text + data, text + data + 3000, stack, text + data, relocs, flags]
    body = b"bFLT" + struct.pack(">9I", *words)
    body += bytes((7 * i + i // 251) & 255 for i in range(text + data + 4 * relocs - len(body)))
    open(sys.argv[1] + "/" + name, "wb").write(body)
flat("plain", 65536)
flat("ram", 65536, 1)
flat("large", 600 << 10)
flat("relocs", 4096, 0, 9000)
sys.path.insert(0, sys.argv[2])
import elf_file
def fdpic(name, kind, interp):
    elf = bytearray(elf_file.make(32, "<", 40, kind, [(0, 0, 4096, 4096, 5)], bytearray(4096), interp))
    elf[7] = 65
    open("elf/" + name, "wb").write(elf)
fdpic("loose", elf_file.ET_EXEC, b"/lib/none.so")
fdpic("lib/lib.so", elf_file.ET_DYN, None)
END
x --quiet -X --no-mmu -N little tree a.img
x --quiet -X --no-mmu -N little elf b.img

check_exit 0 "maps --no-mmu" d maps --no-mmu a.img
says_out '^  text +0 +0 +0 +0 +0  in place$' "text in place takes no RAM"
# 5000 + 3000 + 65536 + 48 of arguments + a word
says_out '^  data +73588 +18 +5 +14 +18  data 5000, bss 3000, stack 65536, arguments 48, unused 140$' "the data, with bss and stack"
says_out '^  in all 18 pages \(72\.0 KiB\), another instance 18 \(72\.0 KiB\)$' "the sum"
says_out '^  text and data +85776 +21 +5 +11 +21  text 12188, data 5000, bss 3000, stack 65536, arguments 48, unused 240$' "all in one piece, if it is flagged so"
says_out '^  data +41004 +11 +4 +5 +11  .* relocations 36000, unused 4052$' "relocations that are longer than bss and stack"
check_exit 0 "--machine" d maps --no-mmu --machine riscv64 a.img /bin/relocs
says_out '^  data +77000 +19 +5 +13 +19 .* relocations 72000' "words of 8 bytes"
check_exit 16 "--machine of another name" d maps --no-mmu --machine x86_64 a.img
says "'x86_64' is not one of: arm, .*xtensaeb" "and which there are"
x --quiet -x -N little tree c.img
check_exit 0 "nothing in place" d maps --no-mmu c.img /bin/plain
says_out '^  text +12188 +3 +2 +1 +0  text 12188, unused 100; shared$' "a copy of the text, which instances share"
says_out '^  in all 21 pages \(84\.0 KiB\), another instance 18 ' "another instance"
check "an MMU needs no such table" sh -c '! "$1" maps "$2" | grep -q RAM,' sh "$DUMPCRAMFS_XIP" a.img

check_exit 1 "--ram" d maps --no-mmu --ram 1M a.img
says_out '^  fits: 8 instances at most; the next one.s data needs a block of order 5 \(128\.0 KiB\): no free block is large enough, the largest has order 3$' "how many fit, and what the next one lacks"
says_out '^  does not fit: data needs a block of order 8 \(1\.0 MiB\): what is free is kept for the kernel$' "one does not fit"
says_out '^1\.0 MiB of RAM are free in blocks of order 8 at most, the kernel keeps 128\.0 KiB: 3 of 4 programs fit, each by itself$' "in all"
check_exit 16 "--ram for a library" d maps --no-mmu --ram 1M b.img /lib/lib.so
says 'no PATH is a program that a kernel starts \(--ram judges only programs\)$' "and says so"
x --quiet -X --no-mmu -N little elf/lib c.img
check_exit 16 "--ram for an image without programs" d maps --no-mmu --ram 1M c.img
says 'nothing in the image is a program that a kernel starts' "and says so"
check_exit 0 "a program without its interpreter" d maps --no-mmu --ram 1M b.img /loose
says_out '^  not counted: the interpreter /lib/none\.so is not in the image$' "is shown so"
d maps --no-mmu --ram 1M --json b.img /loose >maps.json
check "JSON: the interpreter" test "$(json maps.json '[f["ram"]["missing_interpreter"] for f in j["files"]]')" = /lib/none.so
check_exit 0 "--min-free" d maps --no-mmu --ram 1M --min-free 0 a.img /bin/large
says_out '^  fits: 1 instance at most' "now it fits"
check_exit 0 "--instances that fit" d maps --no-mmu --ram 1M --instances 7 a.img /bin/plain
check_exit 1 "--instances that do not" d maps --no-mmu --ram 1M --instances 9 a.img /bin/plain
says_out '^  does not fit: 8 instances at most' "and how many do"
check_exit 0 "more than anyone needs" d maps --no-mmu --ram 1024G a.img /bin/plain
says_out '^  fits: 1000 instances or more$' "is not counted"
check_exit 0 "programs at the same time" d maps --no-mmu --ram 512K a.img /bin/plain /bin/ram
says_out 'all together fit$' "that fit"
check_exit 1 "programs that fit only one by one" d maps --no-mmu --ram 1M --min-free 64K --instances 5 a.img /bin/plain /bin/ram
says_out '2 of 2 programs fit, each by itself$' "each"
says_out '^all together do not fit: the first one that does not is /bin/ram$' "not together"

echo 'Node 0, zone   Normal     99     50     20     10      1      0      0 ' >free
check_exit 1 "--buddyinfo" d maps --no-mmu --buddyinfo free a.img /bin/plain
says_out '^  does not fit: data needs a block of order 5 \(128\.0 KiB\): no free block is large enough, the largest has order 4$' "enough memory in small blocks"
check_exit 0 "smaller programs" d maps --no-mmu --buddyinfo free a.img /bin/relocs
says_out '^  fits: 1 instance at most' "fit"
d maps --no-mmu --json --buddyinfo free a.img /bin/plain /bin/relocs >maps.json
check "JSON: the free blocks" test "$(json maps.json 'j["ram"]["free_blocks"]')" = '99 50 20 10 1 0 0'
check "JSON: the sum" test "$(json maps.json 'sum(n << i for i, n in enumerate(j["ram"]["free_blocks"])) == j["ram"]["free_pages"]')" = true
check "JSON: which fits" test "$(json maps.json '[f["ram"]["fits"] for f in j["files"]]')" = 'false true'
check "JSON: why not" test "$(json maps.json '[f["ram"]["next_fails"] for f in j["files"]][0]')" = 'no free block is large enough'
check "JSON: the block" test "$(json maps.json '[f["ram"]["blocks"][f["ram"]["next_fails_at"]]["order"] for f in j["files"]]')" = '5 4'
check "JSON: together" test "$(json maps.json 'j["ram"]["together"]')" = false
echo 'Node 0, zone Normal many' >free
check_exit 8 "not a buddyinfo" d maps --no-mmu --buddyinfo free a.img
says 'free: line 1 is not one of /proc/buddyinfo' "and says so"
check_exit 8 "no such file" d maps --no-mmu --buddyinfo none a.img
for option in '--ram 1M' '--buddyinfo free' '--instances 2' '--min-free 0' '--machine arm'; do
	# shellcheck disable=SC2086 # an option and its argument
	check_exit 16 "$option with an MMU" d maps $option a.img
	says 'needs --no-mmu' "and says so"
	# shellcheck disable=SC2086
	check_exit 16 "$option on another command" d list $option a.img
done
check_exit 16 "--instances alone" d maps --no-mmu --instances 2 a.img
says 'needs --ram or --buddyinfo' "and says so"
check_exit 16 "--ram and --buddyinfo" d maps --no-mmu --ram 1M --buddyinfo free a.img
check_exit 16 "--instances 0" d maps --no-mmu --ram 1M --instances 0 a.img
done_testing
