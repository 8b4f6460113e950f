#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# make.sh DIR: about 300 images, and for each a JSON file that says what a kernel answers.
# README.md, which is copied to DIR, describes them. Needs top_srcdir and top_builddir; the same
# build always writes the same bytes.
set -eu
LC_ALL=C
export LC_ALL
dir=${1:?usage: make.sh DIR}
mk=${MKCRAMFS_XIP:-${top_builddir:?}/mkcramfs-xip/mkcramfs-xip}
mkcorpus=$top_builddir/tests/corpus/mkcorpus

[ ! -e "$dir" ] || [ -z "$(ls -A "$dir")" ] || {
	echo "make.sh: $dir is not empty" >&2
	exit 1
}
mkdir -p "$dir"
work=$(mktemp -d "${TMPDIR:-/tmp}/corpus.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

"$mkcorpus" --tree "$work/tree"
printf 'boot code, or a kernel' >"$work/inserted"
mkdir "$work/nothing"

# build NAME OPTION...: an image of the tree, in each page size and byte order
build() {
	what=$1
	shift
	for size in 4 8 16 32 64; do
		for order in little big; do
			name=built-$what-${size}k-$(echo $order | cut -c1)e
			"$mk" --quiet -q -c zlib -D "$work/tree.devices" -b ${size}K -N $order "$@" "$work/tree" "$dir/$name.img"
			"$mkcorpus" --describe $((size * 1024)) $order "$dir" "$name"
		done
	done
}
build classic -n classic -e 7
build holes -z -p --no-dedupe
build extended -x -n extended
build inserted -x -i "$work/inserted"
build in-place -P "$work/tree.policy" -p
build stored -P "$work/tree.policy" -c store
for order in little big; do
	name=built-nothing-4k-$(echo $order | cut -c1)e
	"$mk" --quiet -q -N $order "$work/nothing" "$dir/$name.img"
	"$mkcorpus" --describe 4096 $order "$dir" "$name"
done
"$mkcorpus" "$dir"
cp "${top_srcdir:?}/tests/corpus/README.md" "$dir/README.md"
