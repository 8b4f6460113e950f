#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# xipstat, as far as possible without a target: usage, messages, formats. Files that
# --proc points to contain what a kernel would show; tests/kernel has a real kernel.
# shellcheck source=tests/tap.sh
. "${top_srcdir:?}/tests/tap.sh"
# shellcheck source=tests/cli/setup.sh
. "$top_srcdir/tests/cli/setup.sh"
XIPSTAT=${XIPSTAT:-${top_builddir:?}/tools/xipstat/xipstat}
if [ ! -x "$XIPSTAT" ]; then
	skip 'xipstat is not built (--disable-xipstat)'
	done_testing
fi
if [ "$(getconf PAGESIZE)" != 4096 ] || [ "$(printf '\001\000' | od -An -tu2 | tr -d ' ')" != 1 ]; then
	skip 'the files that stand for a kernel are those of a little-endian one with pages of 4K'
	done_testing
fi

xs() {
	"$XIPSTAT" "$@"
}
same() {
	diff "$1" "$2"
}

# ---- usage ----

for o in -h --help; do
	check_exit 0 "$o succeeds" xs $o
	says_out '^Usage: xipstat \[options\] profile DIR$' "$o prints the usage"
done
for o in -V --version; do
	check_exit 0 "$o succeeds" xs $o
	says_out '^xipstat [0-9]+\.[0-9]+' "$o prints the version"
done
check_exit 0 "-h is enough, whatever comes after it" xs maps -h --nonsense
wrong() { # REGEX ARG...
	wrong_regex=$1
	shift
	check_exit 16 "exit 16: $*" xs "$@"
	says "$wrong_regex" "and says why"
	check "and nothing on standard output" empty "$scratch/out"
}
wrong '^Usage: xipstat'
wrong "unknown command 'map'" map
wrong "unknown command 'a.x1b\[2J'" "$(printf 'a\033[2J')"
wrong "unknown option '-D'" -D maps
wrong "unknown option '--nonsense'" --nonsense maps
wrong "unknown option '--json=yes', or one that takes no argument" --json=yes maps
wrong "option --output needs an argument" profile . --output
wrong "option -o needs an argument" profile . -o
wrong "--json is an option of maps only" profile --json .
wrong "--output is an option of profile only" maps -o file
wrong "--force is an option of profile only" maps --force
wrong "DIR is missing" profile
wrong "expected one DIR, but got 2 operands" profile a b
wrong "--output needs a name" profile . -o ''
wrong "--proc needs a name" maps --proc=
mkdir root
wrong "'init' is not a process number" maps --proc proc 1 init
wrong "'0' is not a process number" maps 0
wrong "'-1' is not a process number" maps -- -1
wrong "'99999999999' is not a process number" maps 99999999999
if [ "$full" ]; then
	help_to_full() { xs --help >"$full"; }
	check_exit 8 "--help on a full device fails" help_to_full
fi

# ---- maps ----

# le64 HEX16: eight bytes, the lowest first
le64() {
	le64_rest=$1
	while [ "$le64_rest" ]; do
		le64_tail=${le64_rest#"${le64_rest%??}"}
		le64_rest=${le64_rest%??}
		# shellcheck disable=SC2059 # an escape sequence that is made here
		printf "\\$(printf '%03o' "0x$le64_tail")"
	done
}
# page PID PAGE HEX16...: entries of pagemap from that page of the address space on
page() {
	page_file=proc/$1/pagemap
	page_at=$2
	shift 2
	for page_entry; do
		le64 "$page_entry"
	done | dd of="$page_file" bs=8 seek="$((page_at))" conv=notrunc 2>/dev/null
}
mkdir -p proc/self proc/7 proc/12 proc/30 proc/44 proc/tty
cat >proc/self/mountinfo <<-'END'
	20 1 0:2 / / rw - rootfs none rw
	21 20 31:1 / /flash\040one ro,relatime shared:1 - cramfs mtd1 ro
	22 20 31:2 /usr /mnt ro,relatime - cramfs /dev/mtdblock2 ro
	23 20 8:1 / /disk rw - ext4 /dev/sda1 rw
END
cat >proc/iomem <<-'END'
	04000000-07ffffff : 4000000.flash flash@4000000
	  05100000-052fffff : System RAM
	40000000-4fffffff : System RAM
	  40008000-40276fff : Kernel code
	880000000-8ffffffff : System RAM
END
echo prog >proc/7/comm
printf 'a\tb"\n' >proc/12/comm
# of 7: a direct mapping; a mixed one (flash, flash, RAM, none); data: a copy, swapped, a page of the file, the zero page of
# none; a gap; what is of another file system, anonymous, the stack
cat >proc/7/smaps <<-'END'
	00010000-00014000 r-xp 04012000 1f:01 100                                /flash one/bin/prog
	Size:                 16 kB
	VmFlags: rd ex mr mw me pf io de dd
	00014000-00018000 r--p 00004000 1f:01 100                                /flash one/bin/prog
	Size:                 16 kB
	VmFlags: rd mr mw me mm
	0000f000-00010000 r-xp 00000000 08:01 100                                /disk/bin/other
	VmFlags: rd ex mr mw me pf
	00018000-0001b000 rw-p 00008000 1f:01 100                                /flash one/bin/prog
	VmFlags: rd wr mr mw me pff xpf
	0001b000-0001c000 ---p 0000b000 1f:01 100                                /flash one/bin/prog
	VmFlags: mr mw me mm
	00020000-00021000 rw-p 00000000 00:00 0
	VmFlags: rd wr mr mw me
	7f0000000000-7f0000002000 r--s 00001000 1f:02 7                          /mnt/odd\012na"me
	VmFlags: rd mr me
END
page 7 0x14 8000000000005200 8000000000005201 a000000000042000 0000000000000000
page 7 0x18 8000000000042001 4000000000000123 a000000000880001
page 7 0x1b 8000000000005202
page 7 0x7f0000000 a000000000042002 0000000000000000
# of 12, the same program: the direct mapping cut by a page; its page in RAM, and a copy of its own
cat >proc/12/smaps <<-'END'
	00011000-00014000 r-xp 04013000 1f:01 100                                /flash one/bin/prog
	VmFlags: rd ex mr mw me pf
	00014000-00018000 r--p 00004000 1f:01 100                                /flash one/bin/prog
	VmFlags: rd mr mw me mm
	00018000-0001b000 rw-p 00008000 1f:01 100                                /flash one/bin/prog
	VmFlags: rd wr mr mw me
	00030000-00032000 r--s 00002000 1f:01 100                                /flash one/bin/prog
	VmFlags: rd mr me pf
END
page 12 0x14 8000000000005200 8000000000005201 a000000000042000 0000000000000000
page 12 0x18 8000000000042009 0000000000000000 0000000000000000
# a kernel thread, and one that only has another file system's mappings
: >proc/30/smaps
: >proc/30/pagemap
echo '00010000-00014000 r-xp 04012000 08:01 100 /disk/bin/other' >proc/44/smaps
: >proc/44/pagemap

cat >want <<-'END'
	7 prog: 14 pages of cramfs, 6 in flash, 4 in RAM (1 copied)
	    pages  in flash    in RAM    copies  flash at    mapping
	        4         4         0         0  0x04012000  00010000-00014000 r-xp /flash one/bin/prog
	        4         2         1         0  0x05200000  00014000-00018000 r--p /flash one/bin/prog
	        3         0         2         1  -           00018000-0001b000 rw-p /flash one/bin/prog  # and 1 swapped out
	        1         0         0         0  -           0001b000-0001c000 ---p /flash one/bin/prog
	        2         0         1         0  -           7f0000000000-7f0000002000 r--s /mnt/odd\x0ana"me

	12 a\x09b": 12 pages of cramfs, 7 in flash, 2 in RAM (1 copied)
	    pages  in flash    in RAM    copies  flash at    mapping
	        3         3         0         0  0x04013000  00011000-00014000 r-xp /flash one/bin/prog
	        4         2         1         0  0x05200000  00014000-00018000 r--p /flash one/bin/prog
	        3         0         1         1  -           00018000-0001b000 rw-p /flash one/bin/prog
	        2         2         0         0  -           00030000-00032000 r--s /flash one/bin/prog

	2 processes, each page counted once:
	        8 pages in flash (32 KiB)
	        3 pages in RAM, unchanged (12 KiB)
	        2 pages in RAM, copied because a process wrote to them (8 KiB)
END
check_exit 0 "maps of all processes" xs --proc proc maps
cp "$scratch/out" got
check "maps: the text" same want got
cat >want.json <<-'END'
	{
		"page_size": 4096,
		"processes": [
			{"pid": 12, "name": "a\u0009b\"", "pages": 12, "flash": 7, "ram": 2, "copies": 1, "swapped": 0, "mappings": [
				{"path": "/bin/prog", "seen_as": "/flash one/bin/prog", "device": "31:1", "inode": 100, "start": 69632, "end": 81920, "perms": "r-xp", "direct": true, "file_page": null, "address": 67186688, "pages": 3, "flash": 3, "ram": 0, "copies": 0, "swapped": 0},
				{"path": "/bin/prog", "seen_as": "/flash one/bin/prog", "device": "31:1", "inode": 100, "start": 81920, "end": 98304, "perms": "r--p", "direct": false, "file_page": 4, "address": 85983232, "pages": 4, "flash": 2, "ram": 1, "copies": 0, "swapped": 0},
				{"path": "/bin/prog", "seen_as": "/flash one/bin/prog", "device": "31:1", "inode": 100, "start": 98304, "end": 110592, "perms": "rw-p", "direct": false, "file_page": 8, "pages": 3, "flash": 0, "ram": 1, "copies": 1, "swapped": 0},
				{"path": "/bin/prog", "seen_as": "/flash one/bin/prog", "device": "31:1", "inode": 100, "start": 196608, "end": 204800, "perms": "r--s", "direct": true, "file_page": 2, "pages": 2, "flash": 2, "ram": 0, "copies": 0, "swapped": 0}]}],
		"totals": {"processes": 1, "flash": 7, "ram": 2, "copies": 1}
	}
END
check_exit 0 "maps --json of one" xs maps 12 --proc proc --json
tr -d '\t' <"$scratch/out" >got.json
check "maps: the JSON" same want.json got.json
json_of_all() { xs --proc proc maps --json >all.json; }
check "maps --json of all" json_of_all
check "a bind mount: the path in the image" grep -q '"path": "/usr/odd\\u000ana\\"me", "seen_as": "/mnt/odd' all.json
if command -v python3 >/dev/null; then
	check "it is JSON" python3 -m json.tool all.json
else
	skip "python3 is missing"
fi
none_json() { xs --proc proc maps --json 44 >none.json; }
check "a process without such mappings" none_json
check "is there, with none" grep -q '{"pid": 44, .*"mappings": \[\]}' none.json

# more pages than are read at once; direct mappings of which no address is known, the same in two processes
mkdir -p long/self long/1 long/2
cp proc/iomem long/iomem
cp proc/self/mountinfo long/self/mountinfo
cat >long/1/smaps <<-'END'
	00100000-00500000 r-xp 00000000 1f:01 100 /flash one/lib
	VmFlags: rd ex mm
	00600000-00602000 r--s 00001000 1f:01 200 /flash one/a
	VmFlags: rd pf
	00700000-00702000 r--s 00001000 1f:01 201 /flash one/b
	VmFlags: rd pf
	00800000-00802000 r--s 00001000 1f:02 200 /mnt/a
	VmFlags: rd pf
END
sed 1,2d long/1/smaps >long/2/smaps
: >long/2/pagemap
{ le64 a000000000042000 | dd of=long/1/pagemap bs=8 seek=$((0x100)) && le64 8000000000005200 | dd of=long/1/pagemap bs=8 seek=$((0x100 + 700)) &&
	le64 a000000000042001 | dd of=long/1/pagemap bs=8 seek=$((0x100 + 1023)); } 2>/dev/null
check_exit 0 "long mappings" xs --proc long maps
says_out '^     1024 +1 +2 +0  0x05200000' "all of their pages are counted"
says_out '^ +7 pages in flash' "and each page without an address once"

# Linux 6.17 to 6.17.2 map the wrong memory
mkdir -p proc/sys/kernel
for release in 6.16.12 6.17.3 6.17.10-arm64 6.18.0 5.17.1 7.17.1 6.1.7 odd ''; do
	echo "$release" >proc/sys/kernel/osrelease
	check_exit 0 "maps on Linux '$release'" xs --proc proc maps
	check "no warning" empty "$scratch/err"
done
for release in 6.17 6.17.0-rc7 6.17.0 6.17.1-v8+ 6.17.2; do
	echo "$release" >proc/sys/kernel/osrelease
	check_exit 0 "maps on Linux '$release'" xs --proc proc maps
	says "^xipstat: warning: Linux $(echo "$release" | sed 's/+/./') maps the wrong memory .*use Linux 6.17.3 or later" "a warning"
	check "the same output" same want "$scratch/out"
done

check_exit 8 "a process that is not there" xs --proc proc maps 12 99
says 'process 99: does not exist' "and says so"
says_out '^12 ' "the others are shown"
cp -r proc hidden
page_of_12=hidden/12/pagemap
le64 8000000000000000 | dd of=$page_of_12 bs=8 seek=$((0x14)) conv=notrunc 2>/dev/null
check_exit 8 "frame numbers are hidden" xs --proc hidden maps
says 'hidden/12/pagemap: has no frame numbers \(run this as root\)' "and says so"
check "12 is not shown" sh -c '! grep -q "^12 " "$1"' sh "$scratch/out"
dd if=/dev/null of=$page_of_12 bs=8 seek=$((0x17)) 2>/dev/null
page_of_12=
check_exit 0 "a process that has ended meanwhile is not an error" xs --proc hidden maps
check_exit 8 "unless it was asked for" xs --proc hidden maps 12
cp proc/12/pagemap hidden/12/pagemap
if user_works && as_user "$XIPSTAT" -V >/dev/null 2>&1; then
	chmod 0 hidden/12/smaps
	chmod -R go+rX . && chmod 0 hidden/12/smaps
	check_exit 8 "what may not be looked at" as_user "$XIPSTAT" --proc hidden maps
	says '1 process cannot be read \(run this as root\)' "is counted"
	says_out '^7 ' "the others are shown"
	chmod 644 hidden/12/smaps
else
	skip "no ordinary user here"
fi
sed 's/^[0-9a-f]*-[0-9a-f]*/00000000-00000000/' proc/iomem >hidden/iomem
check_exit 8 "addresses of RAM are hidden" xs --proc hidden maps
says 'hidden/iomem: has no addresses \(run this as root\)' "and says so"
grep flash proc/iomem >hidden/iomem
check_exit 8 "no RAM at all" xs --proc hidden maps
says 'hidden/iomem: lists no System RAM' "and says so"
rm hidden/iomem
check_exit 8 "no iomem" xs --proc hidden maps
says 'hidden/iomem: cannot open: No such file' "and says so"
cp proc/iomem hidden/iomem
sed '/cramfs/d' proc/self/mountinfo >hidden/self/mountinfo
check_exit 8 "no cramfs" xs --proc hidden maps
says 'no cramfs is mounted' "and says so"
check_exit 8 "no proc" xs --proc nowhere maps
says 'nowhere/self/mountinfo: cannot open: No such file .* \(is the proc file system mounted there\?\)' "and says so"
if [ "$full" ]; then
	maps_to_full() { xs --proc proc maps >"$full"; }
	check_exit 8 "maps on a full device fails" maps_to_full
fi

# ---- without an MMU ----

mkdir -p nommu/self nommu/5 nommu/6 nommu/7
cp proc/self/mountinfo nommu/self/mountinfo
cp proc/iomem nommu/iomem
echo prog >nommu/5/comm
echo prog >nommu/6/comm
# text in flash; text that is copied, which both share; data of their own; anonymous memory
cat >nommu/5/maps <<-'END'
	04012000-04016000 r-xs 00000000 1f:01 100              /flash one/bin/prog
	40800000-40803000 r-xs 00000000 1f:01 200              /flash one/bin/other
	40810000-40812000 rw-p 00004000 1f:01 100              /flash one/bin/prog
	40820000-40840000 rw-p 00000000 00:00 0                [stack]
END
sed 's/^40810000-40812000/40814000-40816000/; s/^40820000-40840000/40860000-40880000/' nommu/5/maps >nommu/6/maps
: >nommu/7/maps
sort -u nommu/5/maps nommu/6/maps >nommu/maps
cat >want <<-'END'
	5 prog: 9 pages of cramfs, 4 in flash, 5 in RAM (2 copied)
	    pages  in flash    in RAM    copies  flash at    mapping
	        4         4         0         0  0x04012000  04012000-04016000 r-xs /flash one/bin/prog
	        3         0         3         0  -           40800000-40803000 r-xs /flash one/bin/other
	        2         0         2         2  -           40810000-40812000 rw-p /flash one/bin/prog

	6 prog: 9 pages of cramfs, 4 in flash, 5 in RAM (2 copied)
	    pages  in flash    in RAM    copies  flash at    mapping
	        4         4         0         0  0x04012000  04012000-04016000 r-xs /flash one/bin/prog
	        3         0         3         0  -           40800000-40803000 r-xs /flash one/bin/other
	        2         0         2         2  -           40814000-40816000 rw-p /flash one/bin/prog

	2 processes, each page counted once:
	        4 pages in flash (16 KiB)
	        3 pages in RAM, unchanged (12 KiB)
	        4 pages in RAM, copied because they are writable (16 KiB)
	All processes have 71 pages of RAM in 5 pieces, the largest of 32 pages.
END
check_exit 0 "maps without an MMU" xs --proc nommu maps
cp "$scratch/out" got
check "the text" same want got
xs --proc nommu maps --json 5 >nommu.json
check "the JSON" grep -q '"totals": {"processes": 1, "flash": 4, "ram": 5, "copies": 2, "regions": 5, "region_pages": 71, "largest_region": 32}' nommu.json
check "a mapping" grep -q '"start": 67182592, "end": 67198976, "perms": "r-xs", "direct": true, "file_page": 0, "address": 67182592, "pages": 4, "flash": 4, "ram": 0, "copies": 0' nommu.json
mkdir -p plain
check_exit 8 "profile without an MMU" xs --proc nommu profile plain
says 'without an MMU, the kernel does not say which pages were used' "and says so"

# ---- profile ----

mkdir -p root/dir proc/1
# what is written is in RAM, and a hole is not
holed() {
	dd if=/dev/null of="$1" bs=4096 seek=9 && printf x | dd of="$1" bs=1 seek=$((2 * 4096 + 7)) conv=notrunc && printf x | dd of="$1" bs=1 seek=$((8 * 4096)) conv=notrunc
} 2>/dev/null
holed root/dir/holed
holed 'root/dir/a,"b"'
holed "root/dir/line
feed"
holed 'root/#plain name'
: >root/empty
ln -s dir/holed root/link
mkfifo root/fifo
# mounts LINE: what is mounted at the root's place
mounts() {
	printf '20 1 0:2 / / rw - rootfs none rw\n%s\n' "$1" >proc/self/mountinfo
}
here=$(cd root && pwd -P)
printf 'CapEff:\t0000003fffffffff\n' >proc/self/status
printf 'pgsteal_kswapd 0\npgsteal_direct 0\ndrop_pagecache 0\n' >proc/vmstat
refused() { # REGEX WHAT
	check_exit 8 "$2" xs --proc proc profile root
	says "$1" "refused, and says why"
	says 'force writes a profile anyway' "and what helps"
	check "and no profile" empty "$scratch/out"
}
mounts "21 20 8:1 / $here rw - ext4 /dev/sda1 rw"
refused "root: not a cramfs file system" "another file system"
mounts "21 20 7:0 / $here ro - cramfs /dev/loop0 ro"
refused "root: mounted from a block device, which reads ahead" "a loop device"
mounts "21 20 31:99999 / $here ro - cramfs /dev/root ro"
refused "root: may be read through a block device.*/dev/mtdblockN is needed" "an MTD's block device that is not there"
mounts "21 20 31:1 / $here ro - cramfs mtd1 ro"
refused "root: on another device than /proc/self/mountinfo says" "another device"
check_exit 8 "no such directory" xs --proc proc profile nowhere
says 'nowhere: No such file' "and says so"
check_exit 8 "no directory" xs --proc proc profile want
says 'want: Not a directory' "and says so"

cat >want.csv <<-'END'
	path,offset,count
	"/usr/dir/a,""b""",8192,1
	"/usr/dir/a,""b""",32768,1
	"/usr/dir/line
	feed",8192,1
	"/usr/dir/line
	feed",32768,1
	/usr/#plain name,8192,1
	/usr/#plain name,32768,1
	/usr/dir/holed,8192,1
	/usr/dir/holed,32768,1
END
mounts "21 20 31:1 /usr $here ro - cramfs mtd1 ro"
# a directory lists its names in any order
sorted() {
	{
		sed 1q "$1"
		sed 1d "$1" | tr '\n' '~' | sed 's/1~/1\n/g' | LC_ALL=C sort
	} | tr '~' '\n'
}
sorted want.csv >want.sorted
check_exit 0 "forced" xs --proc proc profile --force root
cp "$scratch/out" got.csv
says 'warning: .*root: on another device' "warns"
says 'warning: Linux 6.17.2 maps the wrong memory' "warns of the kernel"
rm proc/sys/kernel/osrelease
check "says nothing of reclaimed pages where there are none" sh -c '! grep -q reclaimed "$1"' sh "$scratch/err"
if awk -F, 'END { exit NR < 2 || $2 % 4096 }' got.csv && [ "$(wc -l <got.csv)" -ge 3 ]; then
	sorted got.csv >got.sorted
	check "profile: the CSV" same want.sorted got.sorted
else
	skip "holes look like pages here"
fi
check_exit 0 "-o writes a file" xs --proc proc profile --force root -o new.csv
check "nothing on standard output" empty "$scratch/out"
check "the same profile" same got.csv new.csv
check "with the mode that others have" test "$(find new.csv -perm 644)" = new.csv
check "no temporary file" sh -c '! ls new.csv.* 2>/dev/null'
check_exit 0 "- is standard output" xs --proc proc profile --force root -o -
cp "$scratch/out" new.csv
check "the same profile" same got.csv new.csv
check_exit 8 "-o into a directory that is not there" xs --proc proc profile --force root -o nowhere/file
says 'nowhere/file: cannot create: ' "and says so"
reader pipe piped
check_exit 0 "-o to a pipe" xs --proc proc profile --force root -o pipe
reader_ends pipe
check "the same profile" same got.csv piped
if [ "$full" ]; then
	check_exit 8 "a full device" xs --proc proc profile --force root -o "$full"
	says 'cannot write: ' "and says so"
fi

printf 'CapEff:\t00000000000000f7\n' >proc/self/status
check_exit 0 "without the capability" xs --proc proc profile --force root
says 'resident pages are visible only to root' "warns"
printf 'pgsteal_kswapd 2\npgsteal_direct 40\nallocstall_normal 7\ndrop_pagecache 0\n' >proc/vmstat
check_exit 0 "pages were reclaimed" xs --proc proc profile --force root
says 'warning: since the system started, 42 pages were reclaimed' "says how many"
rm proc/vmstat
check_exit 0 "the kernel does not count them" xs --proc proc profile --force root
says 'warning: used pages that were reclaimed because memory was short are not in the profile' "says that there may be some"
if [ "$is_root" = no ] || user_works; then
	chmod -R go+rX . && chmod 0 root/dir
	check_exit 8 "a directory that cannot be read" as_user "$XIPSTAT" --proc proc profile --force root
	says 'root/dir: Permission denied' "and says so"
	says_out '^/usr/#plain name,8192,1' "the others are there"
	chmod 755 root/dir
fi

done_testing
