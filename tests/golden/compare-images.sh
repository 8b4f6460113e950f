#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Do two commits make the same images? Builds images of the edge trees and other roots
# under 20 sets of options (images.py) with both, and compares the bytes.
#
#   tests/golden/compare-images.sh BUILDER REV [ROOT...]
#
# BUILDER is the current mkcramfs-xip. REV is the commit to compare with, which is
# built in a work tree of its own. Without ROOT, both sample roots are used.
# Exit status: 0 the same, 1 different, 2 failure.
set -u
here=$(cd "$(dirname "$0")" && pwd) || exit 2

die() {
	printf 'compare-images: %s\n' "$*" >&2
	exit 2
}

[ $# -ge 2 ] || die 'usage: compare-images.sh BUILDER REV [ROOT...]'
builder=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
[ -x "$builder" ] || die "$1: not a program"
rev=$2
shift 2
work=$(mktemp -d "${TMPDIR:-/tmp}/compare-images.XXXXXX") || exit 2
trap 'git -C "$here" worktree remove --force "$work/tree" 2>/dev/null; rm -rf "$work"' EXIT
trap 'exit 2' HUP INT TERM

if [ $# -eq 0 ]; then
	for size in small large; do
		"$here/../sample-root.sh" "$work/$size" "$size" >&2 || die "no $size sample root"
		set -- "$@" "$work/$size"
	done
fi
git -C "$here" worktree add --quiet --detach "$work/tree" "$rev" || exit 2
(cd "$work/tree" && autoreconf -i && mkdir old && cd old && ../configure --quiet && make -j2) >"$work/log" 2>&1 || {
	tail -n 20 "$work/log" >&2
	die "$rev could not be built"
}
# sums BUILDER FILE
sums() {
	MKCRAMFS_XIP=$1
	export MKCRAMFS_XIP
	sums_to=$2
	shift 2
	fakeroot python3 -B "$here/images.py" --print "$@" >"$sums_to" || die "no images by $MKCRAMFS_XIP"
}
sums "$work/tree/old/mkcramfs-xip/mkcramfs-xip" "$work/then" "$@"
sums "$builder" "$work/now" "$@"
if diff "$work/then" "$work/now"; then
	echo "$(wc -l <"$work/now") images, none differs from $rev"
else
	exit 1
fi
