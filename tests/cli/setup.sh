# SPDX-License-Identifier: GPL-2.0-or-later
# What the tests of the command line share. Source it after tests/tap.sh.
# shellcheck shell=sh

cd "$scratch" || exit 99
chmod 711 .
unset LOCK_BLOCK_DEVICE POSIXLY_CORRECT
is_root=$([ "$(id -u)" -eq 0 ] && echo yes || echo no)

# Devices of our own, for what a faulty program might put in their place. An
# ordinary user can do no harm to those in /dev. Empty: there is none.
device() { # NAME MINOR
	if [ "$is_root" = no ] && [ -c "/dev/$1" ]; then
		echo "/dev/$1"
	elif mknod "$1" c 1 "$2" 2>/dev/null && : >>"$1" 2>/dev/null; then
		echo "$scratch/$1"
	fi
}
null=$(device null 3)
full=$(device full 7)

# reader FIFO FILE: make the FIFO and copy what comes through it to FILE;
# reader_ends FIFO: wait for the end of it, also if nobody ever wrote
reader() {
	mkfifo "$1"
	ln "$1" "$1.same"
	cat "$1" >"$2" &
	reader_pid=$!
}
reader_ends() {
	: <>"$1.same"
	wait $reader_pid
}

x() {
	"$MKCRAMFS_XIP" "$@"
}

# Was this build configured with libarchive?
has_archives() {
	grep -q '^#define HAVE_LIBARCHIVE 1' "$top_builddir/config.h"
}

# Can a preloaded library change what the program does? Not if it is linked statically.
can_preload() {
	! command -v readelf >/dev/null || readelf -lW "$1" 2>/dev/null | grep -q INTERP
}

# tree DIR: a small root: text, a hole, a link, two equal files, a program
tree() {
	mkdir -p "$1/bin" "$1/etc" "$1/usr/share/doc"
	awk 'BEGIN { for (i = 0; i < 3000; i++) print i, i * i % 977 }' >"$1/etc/numbers"
	cp "$1/etc/numbers" "$1/etc/equal"
	{
		echo begin
		dd if=/dev/zero bs=4096 count=5
		echo end
	} >"$1/etc/holes" 2>/dev/null
	echo "read me" >"$1/usr/share/doc/README"
	ln -s etc/numbers "$1/link"
	cp "$MKCRAMFS_XIP" "$1/bin/program"
	chmod 755 "$1/bin/program"
}

# bytes FILE OFFSET COUNT: in hexadecimal, without blanks
bytes() {
	od -An -v -tx1 -j "$2" -N "$3" "$1" | tr -d ' \n'
}
size_of() {
	wc -c <"$1" | tr -d ' '
}
# little FILE OFFSET: a 32-bit word, as 0x...
little() {
	echo "0x$(bytes "$1" "$2" 4 | sed 's/\(..\)\(..\)\(..\)\(..\)/\4\3\2\1/')"
}
flags() {
	little "$1" 8
}
has_flag() {
	[ $(($(flags "$1") & $2)) -ne 0 ]
}
lacks_flag() {
	! has_flag "$@"
}

# image_ok FILE: the superblock at its beginning, and no smaller than it says
image_ok() {
	[ "$(bytes "$1" 0 4)" = 453dcd28 ] && [ "$(size_of "$1")" -ge "$(($(little "$1" 4)))" ]
}

# says_out REGEX WHAT: the last command's standard output matches
says_out() {
	if grep -qE -- "$1" "$scratch/out"; then
		ok "$2"
	else
		not_ok "$2"
		diag "standard output does not match: $1"
		diagnose "$scratch/out"
	fi
}
empty() {
	[ ! -s "$1" ] || { sed 5q "$1"; return 1; }
}

# usage REGEX ARG...: wrong usage, with a message that matches, and nothing made
usage() {
	usage_regex=$1
	shift
	rm -f usage.img
	"$MKCRAMFS_XIP" "$@" >out 2>err
	usage_got=$?
	if [ $usage_got -ne 16 ]; then
		not_ok "exit 16: $*"
		diag "exit $usage_got"
		diagnose err
	elif ! grep -qE -- "$usage_regex" err || [ -s out ] || [ -e usage.img ]; then
		not_ok "message for: $*"
		diag "wanted: $usage_regex"
		diagnose err
		diagnose out
	else
		ok "exit 16 and a message: $*"
	fi
}

# leftovers DIR: temporary files in it; fails if there are any
no_leftovers() {
	left=$(find "$1" -maxdepth 1 -name '.*.??????' -print)
	[ -z "$left" ] || { echo "$left"; return 1; }
}

# as_user COMMAND: run it as an ordinary user; user_works is true where that works
as_user() {
	if [ "$is_root" = yes ]; then
		setpriv --reuid=1234 --regid=1234 --clear-groups "$@"
	else
		"$@"
	fi
}
# (by a shell, since setpriv itself still reaches what root does)
user_works() {
	as_user sh -c '"$1" -V' sh "$MKCRAMFS_XIP" >/dev/null 2>&1
}
