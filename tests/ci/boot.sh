#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# ./quickstart boot: boot a root from an XIP image in the flash of an emulated ARM board. The board, its
# kernel and what a root needs to come up are those of the kernel tests (tests/kernel/README.md).
#
#   boot.sh [--run COMMAND | --compare] [DIR | IMAGE]
#
# Missing packages are installed and the programs are built first, unless MKCRAMFS_XIP and DUMPCRAMFS_XIP name
# them. Standard output has only what the board prints. Exit status: that of the command or the shell; 125 if
# the board does not come up; 1 or 2 if it is not started. --compare: 0, or 1.

set -u
LC_ALL=C
PATH=$PATH:/usr/sbin:/sbin
export LC_ALL PATH
caller=$PWD
cd "$(dirname "$0")/../.." || exit 1
top=$PWD
# shellcheck source=tests/ci/build.sh
. tests/ci/build.sh
# shellcheck source=tests/ci/packages.sh
. tests/ci/packages.sh
here=$top/tests/kernel
exec 3>&1 1>&2

usage() {
	echo 'usage: ./quickstart boot [--run COMMAND | --compare] [DIR | IMAGE]' >&2
	exit 2
}

# options ARG...: sets command (and has_command), compare, source
options() {
	has_command=
	compare=
	source=
	while [ $# -gt 0 ]; do
		case $1 in
		--run)
			[ $# -gt 1 ] || die '--run needs a command'
			command=$2 has_command=yes
			shift
			;;
		--compare) compare=yes ;;
		-*) usage ;;
		*)
			[ -z "$source" ] || usage
			source=$1
			;;
		esac
		shift
	done
	[ -z "$has_command" ] || [ -z "$compare" ] || usage
	case $source in
	'' | /*) ;;
	*) source=$caller/$source ;;
	esac
}

need() {
	command -v "$1" >/dev/null || die "$1 is not installed (Debian: $2)"
}

# find_kernel: builds it the first time
find_kernel() {
	need "$qemu" "$qemu_package"
	need fdtput device-tree-compiler
	need python3 python3
	need "${cross}gcc" "gcc-${cross%-}"
	[ -z "$compare" ] || need "${cross}g++" "g++-${cross%-}"
	kernel=$("$here/build-kernel.sh" "$machine") || die 'there is no kernel to boot'
	kernel_image=$kernel/${kernel_file##*/}
}

# find_root: the sample, unless another is given
find_root() {
	[ -z "$source" ] || return 0
	source=$top/build/demo/sample
	say "fetching armhf packages into $source"
	tests/sample-root.sh "$source" demo </dev/null || exit 1
}

# first_bytes: of the root's busybox, in hexadecimal
first_bytes() {
	if [ -d "$source" ]; then
		head -c 20 "$source/bin/busybox"
	else
		"$dump" cat "$source" /bin/busybox | head -c 20
	fi 2>/dev/null | od -A n -t x1 | tr -d ' \n'
}

# check_root: is it one that this board can boot?
check_root() {
	if [ -f "$source" ]; then
		"$dump" super "$source" >/dev/null || die "$source is not a directory, and not a cramfs image"
	elif [ ! -d "$source" ]; then
		die "$source: there is no such directory or image"
	fi
	case $(first_bytes) in
	7f454c460101????????????????????????2800) ;;
	7f454c46*) die "$source is not a root for 32-bit ARM: its /bin/busybox is a program for another machine" ;;
	*) die "$source has no program /bin/busybox, which would be init on the board" ;;
	esac
}

# image_options: of mkcramfs-xip. An image keeps what it has in place, and its layout.
image_options() {
	if [ -d "$source" ]; then
		echo -X
		return
	fi
	"$dump" maps --json "$source" >"$work/maps.json" &&
		python3 -B "$here/boot_pages.py" "$work/maps.json" >"$work/pages.csv" || exit 1
	[ -s "$work/pages.csv" ] || return 0
	grep -q '"page_size": 4096,' "$work/maps.json" || die "$source is for a kernel with larger pages than the board's, which has 4 KiB"
	printf '%s\n' -X --profile "$work/pages.csv" --like "$source"
}

# make_board DIR MKCRAMFS-OPTION...: DIR gets the board, with the image in its flash
make_board() {
	board=$1
	shift
	mkdir -p "$board" || exit 1
	boot_image "$board/image" "$work/overlay" "$tool" --quiet "$@" "$source" </dev/null ||
		die "no image can be made of $source"
	boot_args "$board" "$board/image" ${compare:+norandmaps} >"$board/qemu.args" ||
		die "$source does not fit into the flash of the board: give a smaller root"
}

# ask NAME VALUE: boot_shell.sh reads it
ask() {
	fdtput -t s -- "$board/board.dtb" /chosen "crx,$1" "$2" || exit 1
}

# console [--terminal]
console() {
	python3 -B "$here/boot_console.py" "$@" "$board/qemu.args" >&3
}

boot() {
	boot_overlay "$work/overlay" "$here/boot_shell.sh" && boot_xipstat "$work/overlay" || exit 1
	echo '::shutdown:/bin/busybox sh /etc/boot/run leave' >>"$work/overlay/etc/inittab"
	# each option is a word, and paths may hold spaces
	image_options >"$work/options"
	set --
	while IFS= read -r option; do
		set -- "$@" "$option"
	done <"$work/options"
	make_board "$work/board" "$@"
	if [ -n "$has_command" ]; then
		ask command "$command"
		console
	elif [ -t 0 ] && [ -t 3 ]; then
		ask term "${TERM:-vt100}"
		size=$(stty size | sed -n 's/^\([1-9][0-9]*\) \([1-9][0-9]*\)$/rows \1 cols \2/p')
		[ -z "$size" ] || ask size "$size"
		say "booting $source; it ends with \"exit\", \"poweroff\" or Ctrl-A x"
		console --terminal
	else
		ask command 'xipstat maps'
		console
	fi
}

# measure DIR: work on the board, while QEMU counts instructions: there, time is their number
measure() {
	say "working on a board with the root $(basename "$1")"
	printf '%s\n' -icount shift=0,sleep=off >>"$1/qemu.args"
	tr '\n' '\000' <"$1/qemu.args" | xargs -0 python3 -B "$here/run-qemu.py" "$1/boot.log" 600 && return
	tail -n 20 "$1/boot.log"
	exit 1
}

compare() {
	boot_overlay "$work/overlay" "$here/boot_measure.sh" && boot_xipstat "$work/overlay" &&
		boot_program "$work/overlay" && boot_cost "$work/overlay" || exit 1
	make_board "$work/compressed"
	measure "$work/compressed"
	make_board "$work/in place" -X
	measure "$work/in place"
	python3 -B "$here/boot_table.py" "$work/compressed" "$work/in place" >&3
}

options "$@"
if [ -z "${MKCRAMFS_XIP-}" ]; then
	ensure $autotools build kernel
	build main mkcramfs-xip || exit 1
fi
tool=${MKCRAMFS_XIP:-$top/build/main/mkcramfs-xip/mkcramfs-xip}
dump=${DUMPCRAMFS_XIP:-$top/build/main/dumpcramfs-xip/dumpcramfs-xip}
machine=arm
# shellcheck source=tests/kernel/arm.sh
. "$here/$machine.sh"
# shellcheck source=tests/kernel/boot_image.sh
. "$here/boot_image.sh"
find_root
check_root
find_kernel
work=$(mktemp -d "${TMPDIR:-/tmp}/crx-boot.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
if [ -n "$compare" ]; then
	compare
else
	boot
fi
