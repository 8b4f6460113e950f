#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Standard output and standard error in one log: no line of one is broken by
# a line of the other, however much there is.
# shellcheck source=tests/tap.sh
. "${top_srcdir:?}/tests/tap.sh"
CRAMFSCK_XIP=${CRAMFSCK_XIP:-$top_builddir/cramfsck-xip/cramfsck-xip}
DUMPCRAMFS_XIP=${DUMPCRAMFS_XIP:-$top_builddir/dumpcramfs-xip/dumpcramfs-xip}
XIPSTAT=${XIPSTAT:-$top_builddir/tools/xipstat/xipstat}
# shellcheck source=tests/cli/setup.sh
. "$top_srcdir/tests/cli/setup.sh"

# one_log WHAT COMMAND...: the lines of one log are those of two separate ones.
# Messages must come between lines of a standard output larger than a buffer.
one_log() {
	one_log_what=$1
	shift
	rm -rf made && "$@" >log.out 2>log.err
	rm -rf made && "$@" >log 2>&1
	check "$one_log_what: in one file" same_lines log
	rm -rf made && "$@" 2>&1 | cat >log
	check "$one_log_what: in one pipe" same_lines log
	check "$one_log_what: there is a message amid more than a buffer of output" amid
}
same_lines() {
	sort log.out log.err >log.wanted
	sort "$1" | diff log.wanted -
}
amid() {
	wc -c log.out log.err
	[ "$(size_of log.out)" -gt 16384 ] && awk '
		FILENAME == "log.err" { message[$0]; next }
		!($0 in message) { if (after) found = 1; before = 1; next }
		before { after = 1 }
		END { exit !found }' log.err log
}

# --- entries, some of which cannot be read ---
long=long-name-$(printf '%0100d' 0)
mkdir many
i=100
while [ $i -lt 300 ]; do
	echo "file $i" >"many/$i-$long"
	i=$((i + 1))
done
ln -s "target-of-the-link-in-the-middle" "many/200-link"
x --quiet -c store many good.img
sed 's/target-of-the/Target-of-the/' good.img >many.img
sed 's/file/File/g' good.img >bad.img

fsck() {
	"$CRAMFSCK_XIP" "$@"
}
dump() {
	"$DUMPCRAMFS_XIP" "$@"
}
one_log "cramfsck-xip -v -x" fsck -v -x made many.img
one_log "cramfsck-xip --json -" fsck -v --json - bad.img
one_log "dumpcramfs-xip list" dump list many.img

# --- rules, some of which are wrong ---
mkdir policies
i=100
while [ $i -lt 300 ]; do
	echo '/bin/* compress' >"policies/$i-$long"
	i=$((i + 1))
done
echo 'no such rule' >"policies/200-$long"
echo 'no such rule' >"policies/250-$long"
check_policies() {
	for f in policies/*-*; do
		set -- "$@" --policy-check "$f"
	done
	x "$@"
}
one_log "mkcramfs-xip --policy-check" check_policies

# --- processes, some of which are not there ---
if [ -x "$XIPSTAT" ]; then
	mkdir -p proc/self proc/7
	printf '20 1 31:1 / /flash ro - cramfs mtd1 ro\n' >proc/self/mountinfo
	printf '40000000-4fffffff : System RAM\n' >proc/iomem
	echo prog >proc/7/comm
	dd if=/dev/zero of=proc/7/pagemap bs=4096 count=32 2>/dev/null
	i=100
	while [ $i -lt 300 ]; do
		echo "0${i}0000-0${i}1000 r-xp 00000000 1f:01 $i /flash/$long"
		i=$((i + 1))
	done >proc/7/smaps
	processes() {
		"$XIPSTAT" --proc proc maps "$@" 7 8 7
	}
	one_log "xipstat maps" processes
	one_log "xipstat maps --json" processes --json
else
	skip 'xipstat is not built (--disable-xipstat)'
fi

done_testing
