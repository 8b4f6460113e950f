#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Write an update made by `dumpcramfs-xip diff --blocks` to the flash that holds the old image.
#
#   apply-blocks.sh [--dry-run] UPDATE DEVICE
#
# DEVICE is a character device of MTD (/dev/mtd3), not mounted, or a regular file with an image.
# Only blocks that differ are erased and written, the one with the superblock last, and everything
# is verified. After a power cut, run it again: it continues where it was interrupted. doc/updating.md
# describes it, and man dumpcramfs-xip(1) the format of UPDATE.
#
# --dry-run           check everything and print what would be written
#
# Exit status: 0 the device holds the new image (--dry-run: it could be written), 8 it does not, 16
# wrong usage. Needs a POSIX shell, dd, cmp, cksum, od or hexdump, mktemp and readlink (busybox has
# all), and flash_erase (mtd-utils) for an MTD. It takes the RAM of two erase blocks in ${TMPDIR:-/tmp}.

LC_ALL=C
export LC_ALL
scratch=
synopsis='usage: apply-blocks.sh [--dry-run] UPDATE DEVICE'
newline='
'

die() {
	printf 'apply-blocks.sh: %s\n' "$*" >&2
	exit 8
}

usage() {
	printf 'apply-blocks.sh: %s\n' "$*" >&2
	exit 16
}

# are_numbers WORD...: decimal, without a leading zero, and small enough for any shell
are_numbers() {
	for word; do
		case $word in
		'' | *[!0-9]* | 0?* | ??????????*) return 1 ;;
		esac
	done
}

damaged() {
	die "$update: the update is damaged: $* (fetch it again)"
}

# copy FILE OFFSET LENGTH: these bytes on standard output. The offset is a multiple of the erase
# size, or the length is at most one erase block and the offset a multiple of 512.
copy() {
	if [ $(($2 % erase_size)) -eq 0 ]; then
		copied=$(($3 / erase_size * erase_size))
		[ "$copied" -eq 0 ] || dd if="$1" bs="$erase_size" skip=$(($2 / erase_size)) count=$(($3 / erase_size)) 2>/dev/null
	else
		copied=$(($3 / 512 * 512))
		[ "$copied" -eq 0 ] || dd if="$1" bs=512 skip=$(($2 / 512)) count=$(($3 / 512)) 2>/dev/null
	fi
	[ "$copied" -eq "$3" ] || dd if="$1" bs=1 skip=$(($2 + copied)) count=$(($3 - copied)) 2>/dev/null
}

# checksum: of standard input, as "SUM SIZE"
checksum() {
	cksum | {
		read -r sum size _
		echo "$sum $size"
	}
}

# read_header: sets what the header of the update says; its lines of blocks are in $scratch/blocks
read_header() {
	exec 3<"$update" || exit 8
	read -r word version <&3 || version=
	[ "$word" = cramfs-xip-update ] ||
		die "$update: is not an update (make one with dumpcramfs-xip diff --erase-size SIZE --blocks UPDATE OLD NEW)"
	[ "$version" = 1 ] || die "$update: is an update of version '$version' (this script knows version 1)"
	read -r word header_len _ <&3
	exec 3<&-
	if [ "$word" != header ] || ! are_numbers "$header_len" || [ "$header_len" -eq 0 ] || [ $((header_len % 512)) -ne 0 ]; then
		damaged 'it does not say how long its header is'
	fi
	dd if="$update" bs=512 count=$((header_len / 512)) 2>/dev/null >"$scratch/header"
	old='' new='' new_sum='' kept_sum='' blocks='' erase_size=''
	while read -r word rest; do
		# shellcheck disable=SC2086 # words
		set -- $rest
		case $word in
		erase-size) erase_size=$1 ;;
		old) old=$rest ;;
		new) new=$rest ;;
		new-cksum) new_sum="$1 $2" ;;
		kept-cksum) kept_sum="$1 $2" ;;
		blocks) blocks=$1 ;;
		end) break ;;
		esac
		[ -z "$blocks" ] || [ "$word" = blocks ] || echo "$word $rest"
	done <"$scratch/header" >"$scratch/blocks"
	if [ "$word" != end ] || [ -z "$old" ] || ! are_numbers "$erase_size" "$blocks" "${new%% *}" "${new_sum#* }" "${kept_sum#* }"; then
		damaged 'its header is not complete'
	fi
	if [ "$erase_size" -eq 0 ] || [ $((erase_size % 512)) -ne 0 ]; then
		damaged "its erase size is $erase_size"
	fi
	new_size=${new%% *}
}

# check_update: every block of it is what its header says
check_update() {
	count=0 last=0
	while read -r offset index sum; do
		if ! are_numbers "$offset" "$index" || [ $((offset % erase_size)) -ne 0 ] || [ "$offset" -ge "$new_size" ]; then
			damaged 'a line of its header is wrong'
		fi
		[ "$(fetch_block "$index" | checksum)" = "$sum $erase_size" ] ||
			damaged "the block for $offset is not complete or is wrong"
		count=$((count + 1)) last=$offset
	done <"$scratch/blocks"
	[ "$count" -eq "$blocks" ] || damaged "it has $count blocks instead of $blocks"
	[ "$last" -eq 0 ] || damaged 'the block of the superblock is not the last one'
}

# fetch_block INDEX: a block of the update
fetch_block() {
	copy "$update" $((header_len + $1 * erase_size)) "$erase_size"
}

# differs OFFSET INDEX: the device has other bytes there. Leaves the update's in $scratch/block
differs() {
	fetch_block "$2" >"$scratch/block"
	! copy "$device" "$1" "$erase_size" | cmp -s - "$scratch/block"
}

# check_device: it is of the right kind and nobody uses it
check_device() {
	mtd='' step=$erase_size
	[ -e "$device" ] || usage "$device: does not exist (give an MTD such as /dev/mtd0, or a file with an image)"
	if [ -f "$device" ]; then
		[ "$dry_run" ] || [ -w "$device" ] || die "$device: is not writable (check its permissions)"
		return
	fi
	device=$(readlink -f "$device")
	mtd=${device##*/}
	[ ! -b "$device" ] || usage "$device: is a block device (give the character device, such as /dev/mtd0)"
	case $mtd in
	mtd*[!0-9]*ro) usage "$device: is read-only (give /dev/${mtd%ro})" ;;
	esac
	if [ ! -c "$device" ] || [ ! -r "/sys/class/mtd/$mtd/erasesize" ]; then
		usage "$device: is not an MTD (give one such as /dev/mtd0, or a file with an image)"
	fi
	[ "$dry_run" ] || command -v flash_erase >/dev/null || die 'flash_erase is not installed (it is part of mtd-utils)'
	step=$(cat "/sys/class/mtd/$mtd/erasesize")
	[ $((erase_size % step)) -eq 0 ] ||
		die "$device: its erase blocks have $step bytes, those of the update $erase_size (make the update with --erase-size $step)"
	device_size=$(cat "/sys/class/mtd/$mtd/size")
	[ $(((new_size + erase_size - 1) / erase_size * erase_size)) -le "$device_size" ] ||
		die "$device: has $device_size bytes, too small for the new image of $new_size bytes"
	# also the partitions of a device that holds some
	for part in "/sys/class/mtd/$mtd" "/sys/class/mtd/$mtd"/mtd*[0-9]; do
		[ ! -e "$part" ] || refuse_mounted "${part##*/mtd}"
	done
}

# refuse_mounted N: MTD N, by whatever name it was mounted. Mounts of an MTD have the device numbers
# of mtdblock, whose major number is 31.
refuse_mounted() {
	where=$(
		while read -r _ _ numbers _ where _; do
			[ "$numbers" != "31:$1" ] || echo "$where"
		done </proc/self/mountinfo
		while read -r name where _; do
			case $name in "mtd$1" | "/dev/mtd$1" | "/dev/mtdblock$1") echo "$where" ;; esac
		done </proc/mounts
	)
	[ -z "$where" ] || die "$device: is mounted on ${where%%"$newline"*}, and programs may execute from the blocks that would be erased (unmount it, or work from another root)"
}

# fsid_at OFFSET: "SIZE CRC EDITION BLOCKS FILES" of the superblock there; nothing if there is none
fsid_at() {
	dd if="$device" bs=4 skip=$(($1 / 4)) count=19 2>/dev/null >"$scratch/super"
	# shellcheck disable=SC2046 # words
	if od -A n -v -t x1 "$scratch/super" >/dev/null 2>&1; then
		set -- $(od -A n -v -t x1 "$scratch/super")
	else
		set -- $(hexdump -v -e '1/1 "%02x "' "$scratch/super")
	fi
	[ $# -eq 76 ] || return 0
	case $1$2$3$4 in
	453dcd28) echo "$((0x$8$7$6$5)) 0x${36}${35}${34}${33} $((0x${40}${39}${38}${37})) $((0x${44}${43}${42}${41})) $((0x${48}${47}${46}${45}))" ;;
	28cd3d45) echo "$((0x$5$6$7$8)) 0x${33}${34}${35}${36} $((0x${37}${38}${39}${40})) $((0x${41}${42}${43}${44})) $((0x${45}${46}${47}${48}))" ;;
	esac
}

# kept: the bytes of the new image that are not in the update, from the device
kept() {
	from=0
	# ascending, except that the superblock's block is last
	{
		[ "$blocks" -eq 0 ] || echo 0
		while read -r offset _; do
			[ "$offset" -eq 0 ] || echo "$offset"
		done <"$scratch/blocks"
		echo "$new_size"
	} | while read -r to; do
		[ "$to" -lt "$from" ] || copy "$device" "$from" $((to - from))
		from=$((to + erase_size))
	done
}

# others_are_new: every block of the update but the superblock's is on the device
others_are_new() {
	while read -r offset index _; do
		[ "$offset" -eq 0 ] || ! differs "$offset" "$index" || return
	done <"$scratch/blocks"
}

# check_old: the device has the old image, or a part of the update: what both images have in common,
# and either the old superblock or, since the superblock is written last, all else of the update.
# Of a superblock that was being written, any bytes may be there.
check_old() {
	found=$(fsid_at 0)
	[ -n "$found" ] || found=$(fsid_at 512)
	same=yes
	[ "$(kept | checksum)" = "$kept_sum" ] || same=
	if [ "$same" ] && { [ "$found" = "$old" ] || others_are_new; }; then
		return
	fi
	case $found in
	"$old" | "$new")
		[ "$same" ] || die "$device: is damaged: blocks that the update does not replace differ from those of the old image (write all of the new image)"
		die "$device: has the superblock of the new image, but not its other blocks (write all of the new image)"
		;;
	'') die "$device: has no superblock (write all of the new image)" ;;
	*) die "$device: has another image: its size, crc, edition, blocks and files are $found, those of the old image $old (make an update from the image that is there)" ;;
	esac
}

# write_block OFFSET: $scratch/block
write_block() {
	if [ -n "$mtd" ]; then
		flash_erase -q "$device" "$1" $((erase_size / step)) >&2 ||
			die "$device: the block at $1 cannot be erased (is it locked? see flash_unlock)"
		dd if="$scratch/block" of="$device" bs="$erase_size" seek=$(($1 / erase_size)) 2>"$scratch/dd" ||
			die "$device: the block at $1 cannot be written: $(cat "$scratch/dd")"
	else
		dd if="$scratch/block" of="$device" bs="$erase_size" seek=$(($1 / erase_size)) conv=notrunc 2>"$scratch/dd" ||
			die "$device: the block at $1 cannot be written: $(cat "$scratch/dd")"
	fi
	copy "$device" "$1" "$erase_size" | cmp -s - "$scratch/block" ||
		die "$device: the block at $1 differs from what was written there (the flash is locked or worn out)"
}

apply() {
	n=0 written=0
	while read -r offset index _; do
		n=$((n + 1))
		if ! differs "$offset" "$index"; then
			echo "block $n of $blocks at $offset: is up to date"
			continue
		fi
		written=$((written + 1))
		if [ "$dry_run" ]; then
			echo "block $n of $blocks at $offset: would be written"
		else
			echo "block $n of $blocks at $offset: erasing and writing"
			write_block "$offset" </dev/null
		fi
	done <"$scratch/blocks"
	if [ "$dry_run" ]; then
		echo "$written blocks of $erase_size bytes would be written"
		return
	fi
	sync
	[ "$(copy "$device" 0 "$new_size" | checksum)" = "$new_sum" ] ||
		die "$device: is not the new image after all blocks were written (run this again)"
	echo "$written blocks of $erase_size bytes were written; the new image is complete"
}

dry_run=
while :; do
	case ${1-} in
	--dry-run) dry_run=yes ;;
	--)
		shift
		break
		;;
	-*) usage "unknown option '$1' ($synopsis)" ;;
	*) break ;;
	esac
	shift
done
[ $# -eq 2 ] || usage "there must be two arguments ($synopsis)"
case $1 in /*) update=$1 ;; *) update=./$1 ;; esac
case $2 in /*) device=$2 ;; *) device=./$2 ;; esac
if [ ! -f "$update" ] || [ ! -r "$update" ]; then
	usage "$1: is not a file that can be read (give the file that dumpcramfs-xip diff --blocks wrote)"
fi
cksum </dev/null >/dev/null 2>&1 || die 'cksum is not installed (CONFIG_CKSUM of busybox, or coreutils)'
scratch=$(mktemp -d "${TMPDIR:-/tmp}/apply-blocks.XXXXXX") || die "${TMPDIR:-/tmp}: no directory can be made there"
trap 'rm -rf "$scratch"' EXIT
trap 'exit 8' HUP INT TERM

read_header
check_device
check_update
check_old
apply
