#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# check-files.sh NAME [FILE...]: fail if a FILE, which the symbol NAME lists, is not one.

symbol=BR2_TARGET_ROOTFS_MKCRAMFS_XIP_$1
shift
for f; do
	if [ -d "$f" ]; then
		why='is a directory'
	elif [ ! -e "$f" ]; then
		why='does not exist'
	else
		continue
	fi
	echo "$symbol: '$f' $why (files are separated by spaces; put a path that contains spaces in single quotes)" >&2
	exit 1
done
