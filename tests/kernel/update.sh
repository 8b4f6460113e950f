# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# A field update on one machine with a flash that can be written: contrib/update/apply-blocks.sh, with
# Debian's busybox and mtd-utils. Power is cut at each block, and in the end the new image is compared
# with its source. Sourced by test-machine.sh. README.md says how it works.

# shellcheck source=tests/kernel/setup.sh
. "${top_srcdir:?}/tests/kernel/setup.sh"
work=$work/update
rm -rf "$work"
mkdir -p "$work/edges/update/data" || exit 99
[ -n "$root" ] || done_testing

# flash_erase of the target, which the sample root does not have
fetch_flash_erase() (
	# shellcheck source=tests/apt-state.sh
	. "$top_srcdir/tests/apt-state.sh"
	apt_open "$cache/apt$([ "$debian_arch" = armhf ] || echo "-$debian_arch")" "$debian_arch" &&
		cd "$apt_state/archives" &&
		apt_try apt_run download mtd-utils &&
		dpkg-deb --fsys-tarfile "$(find . -name 'mtd-utils_*.deb' | sort -V | tail -n 1)" |
		tar -x -C "$work" --strip-components=3 ./usr/sbin/flash_erase
)
fetch_flash_erase 2>"$scratch/err" || cannot "mtd-utils cannot be fetched: $(tail -n 1 "$scratch/err")"

check 'the probe compiles' machine_probe "$work/probe" "$here/probe.c" "$here/board.c" "$place" "$here/walk.c"
# shellcheck disable=SC2086
check 'the host side compiles' $cc $flags -o "$work/facts" "$here/facts.c" "$here/walk.c"
check 'the device tree can be made' machine_dtb "$work/board.dtb"
append="console=$console quiet rdinit=/init panic=-1 $append ${CRX_KERNEL_APPEND-}"
[ "$tap_failed" -eq 0 ] || done_testing

# boot NAME INIT BANK OPTION...: boot with this /init and the files in $work/NAME.list; OPTION is of
# run-qemu.py
boot() {
	boot_name=$1
	printf 'dir /%s 0755 0 0\n' bin dev lib mnt proc sys tmp >"$work/initramfs.list"
	cat - "$work/$1.list" >>"$work/initramfs.list" <<-END
		nod /dev/console 0600 0 0 c 5 1
		file /init $2 0755 0 0
	END
	"$kernel/gen_init_cpio" "$work/initramfs.list" >"$work/initramfs.cpio" || return
	machine_args "$kernel_image" "$work/initramfs.cpio" "$work/board.dtb" "$3" "$append" |
		sed 's/,readonly=on//' >"$work/qemu.args"
	shift 3
	tr '\n' '\000' <"$work/qemu.args" | xargs -0 python3 -B "$here/run-qemu.py" "$@" "$work/$boot_name.log" 300
}

# board TASK BANK OPTION...: boot the board that is updated
board() {
	echo "$1" >"$work/task"
	{
		for f in bin/busybox usr/bin/cksum lib/ld-linux-armhf.so.3 lib/arm-linux-gnueabihf/libc.so.6 lib/arm-linux-gnueabihf/libresolv.so.2; do
			echo "file /${f%%/*}/${f##*/} $(readlink -f "$root/$f") 0755 0 0"
		done | sed 's|^file /usr/|file /bin/|'
		for f in cat cmp dd mktemp od readlink rm sync; do
			echo "slink /bin/$f busybox 0777 0 0"
		done
		echo "file /bin/flash_erase $work/flash_erase 0755 0 0"
		echo "file /apply-blocks.sh $top_srcdir/contrib/update/apply-blocks.sh 0644 0 0"
		echo "file /task $work/task 0644 0 0"
		for f in update update-half; do
			[ ! -f "$work/$f" ] || echo "file /$f $work/$f 0644 0 0"
		done
	} >"$work/$1.list"
	board_task=$1
	shift
	boot "$board_task" "$here/update_run.sh" "$@"
}

# bank IMAGE BANK: the flash with the image, otherwise erased
bank() {
	{
		cat "$1"
		dd if=/dev/zero bs=1024 count="$((bank_size / 1024))" 2>/dev/null | tr '\000' '\377'
	} | head -c "$((bank_size))" >"$2"
}

# The old image. The new one is built around it for the erase size that the board says.
tree=$work/edges/update
cp -a "$root/bin" "$root/sbin" "$root/lib" "$root/etc" "$tree" || exit 99
awk 'BEGIN { for (i = 0; i < 60000; i++) print i, i * i % 977 }' >"$tree/data/numbers"
# shellcheck disable=SC2031,SC2086 # options
check 'the old image is made' "$tool" $target_options -X --reserve 128K --quiet "$tree" "$work/old.img"
bank "$work/old.img" "$work/old.bank"
check 'the board says its erase size' board ask "$work/old.bank"
erase_size=$(sed -n 's/^E \([0-9]*\).*/\1/p' "$work/ask.log")
[ "$tap_failed" -eq 0 ] || done_testing
diag "the flash has erase blocks of $erase_size bytes"

change() {
	for f in bin/busybox bin/bash lib/arm-linux-gnueabihf/libc.so.6; do
		printf 'updated' | dd of="$tree/$f" bs=1 seek=300000 conv=notrunc 2>/dev/null || return
	done
	echo '# a line more' >>"$tree/etc/bash.bashrc" &&
		awk 'BEGIN { for (i = 0; i < 3000; i++) print i * i % 7919 }' >"$tree/data/new" &&
		rm "$tree/etc/issue" &&
		chmod 600 "$tree/etc/issue.net"
}
check 'something changes' change
# shellcheck disable=SC2031
printf '#!/bin/sh\nexec "%s" --like "%s" --erase-size %s "$@"\n' "$tool" "$work/old.img" "$erase_size" >"$work/tool"
chmod +x "$work/tool"
# shellcheck disable=SC2016 # expands in the inner shell
check 'the new image is made' sh -c 'echo update | python3 -B "$@" >"$0"' "$work/banks" "$here/images.py" "$work/out" \
	--edges "$work/edges" --facts "$work/facts" --tool "$work/tool" --bank-base "$bank_base" --bank-size "$bank_size" --keep --variant xip
new=$work/out/img/update.xip
[ "$tap_failed" -eq 0 ] || done_testing
update() {
	"$top_builddir/dumpcramfs-xip/dumpcramfs-xip" diff --erase-size "$1" --ranges --blocks "$2" "$work/old.img" "$new" >"$2.ranges"
	[ $? -eq 1 ]
}
update "$erase_size" "$work/update" && update $((erase_size / 2)) "$work/update-half" || exit 99
blocks=$(sed -n 's/^blocks //p;/^end$/q' "$work/update")
diag "$blocks blocks differ"
check 'some blocks differ, and not most' test "$blocks" -gt 2 -a "$blocks" -lt 10
check 'as many as mkcramfs-xip said' test "$blocks" -eq "$(json "$new.json" 'j["update"]["changed_blocks"]')"

cp "$work/old.bank" "$work/bank"
check 'the board refuses' board refuse "$work/bank"
check 'the flash is unchanged' cmp "$work/old.bank" "$work/bank"

check 'the board is updated' board apply "$work/bank"
cp "$work/apply.log" "$work/whole.log"
cp "$work/bank" "$work/whole.bank"

# state OFFSET: what is there
state() {
	for f in old.bank whole.bank bank; do
		dd if="$work/$f" bs="$erase_size" skip=$(($1 / erase_size)) count=1 2>/dev/null >"$work/block.$f"
	done
	if cmp -s "$work/block.bank" "$work/block.old.bank"; then
		echo 'was not touched yet'
	elif cmp -s "$work/block.bank" "$work/block.whole.bank"; then
		echo 'was complete'
	else
		echo 'was incomplete'
	fi
}

# cut N WHERE CHANGES: the power is cut when the board has come to the Nth block and the bytes WHERE
# in it have changed so many times (they are erased, then written). How much more has happened by
# then depends on the host's speed; the outcome must not.
cut() {
	offset=$(sed -n '/^blocks /,/^end$/p;/^end$/q' "$work/update" | sed -n "$(($1 + 1))s/ .*//p")
	check "power is cut at block $1 of $blocks" board apply "$work/bank" --cut "block $1 of " "$work/bank" $((offset + $2)) "$3"
	diag "it $(state "$offset")"
}

cp "$work/old.bank" "$work/bank"
n=0
while [ "$n" -lt "$blocks" ]; do
	n=$((n + 1))
	cut "$n" $((erase_size / 8)) $((n % 2 + 1))
done
# of the superblock, there may be any part
dd if="$work/whole.bank" bs=1 count=40 2>/dev/null >"$work/torn"
dd if=/dev/zero bs=1024 count=5 2>/dev/null | tr '\000' '\377' >>"$work/torn"
dd if="$work/torn" of="$work/bank" conv=notrunc 2>/dev/null
cut "$blocks" 0 1
check 'the update comes to its end after that' board apply "$work/bank"
check 'the flash is the same as without a cut' cmp "$work/whole.bank" "$work/bank"

# the probe, on the flash that was written
echo "file /jobs $work/out/jobs-0 0644 0 0" >"$work/probe.list"
check 'the new image is read' boot probe "$work/probe" "$work/bank"
verdicts '' python3 -B "$here/update_compare.py" "$work" "$erase_size"
verdicts '' python3 -B "$here/compare.py" "$work/out" "$work/probe.log"
done_testing
