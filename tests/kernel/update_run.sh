#!/bin/busybox sh
# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-or-later
# /init of the board that is updated. /task says what to do:
#
#   ask       the erase size of the MTD
#   refuse    apply updates that must be refused: while the image is mounted, and with an erase
#             size that is not this flash's
#   apply     apply the update
#
# Lines of what apply-blocks.sh prints, "X STATUS" after each run of it, and END.

b() {
	/bin/busybox "$@"
}

apply() {
	b sh /apply-blocks.sh "$@" 2>&1
	echo "X $?"
}

b mount -t proc proc /proc
b mount -t sysfs sysfs /sys
b mount -t devtmpfs devtmpfs /dev
b mount -t tmpfs tmpfs /tmp
case $(b cat /task) in
ask)
	echo "E $(b cat /sys/class/mtd/mtd0/erasesize)"
	;;
refuse)
	echo 'T mtd0'
	b mount -t cramfs -o ro mtd0 /mnt && apply /update /dev/mtd0 && b umount /mnt
	echo 'T mtdblock0'
	b mount -t cramfs -o ro /dev/mtdblock0 /mnt && apply /update /dev/mtd0 && b umount /mnt
	echo 'T block-device'
	apply /update /dev/mtdblock0
	echo 'T half'
	apply /update-half /dev/mtd0
	echo 'T dry-run'
	apply --dry-run /update /dev/mtd0
	;;
apply)
	apply /update /dev/mtd0
	;;
esac
echo END
# the kernel panics when init ends: wait to be switched off
while :; do
	b sleep 1000
done
