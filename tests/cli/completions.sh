#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What bash completes. tests/lint/completions.sh checks the lists of options.
# shellcheck source=tests/tap.sh
. "${top_srcdir:?}/tests/tap.sh"
DUMPCRAMFS_XIP=${DUMPCRAMFS_XIP:-$top_builddir/dumpcramfs-xip/dumpcramfs-xip}
# shellcheck source=tests/cli/setup.sh
. "$top_srcdir/tests/cli/setup.sh"
if ! command -v bash >/dev/null 2>&1; then
	lacks bash
	done_testing
fi
mkdir lib
cp "$top_builddir"/contrib/completions/bash/* lib
for name in mkcramfs mkfs.cramfs; do ln -s mkcramfs-xip lib/$name; done
for name in cramfsck fsck.cramfs; do ln -s cramfsck-xip lib/$name; done
mkdir 'a dir' adir
touch afile 'a file' b.img

# completes "WANTED WORDS..." PROGRAM WORD...: the last word, which bash cuts at =
completes() {
	completes_want=$1
	shift
	# shellcheck disable=SC2016 # bash expands it
	completes_got=$(bash --norc -c '
		. "lib/$1" || exit
		COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
		[[ $(complete -p "${1##*/}") =~ -F\ ([a-z_]+) ]] || exit
		[[ $1 != dumpcramfs-xip ]] || set -- "$DUMPCRAMFS_XIP"
		"${BASH_REMATCH[1]}" "$1"
		((${#COMPREPLY[@]} == 0)) || printf "%s\n" "${COMPREPLY[@]}"' bash "$@" 2>&1 | sort | paste -s -d ' ' -)
	if [ "$completes_got" = "$completes_want" ]; then
		ok "$*"
	else
		not_ok "$*"
		diag "wanted: $completes_want"
		diag "got: $completes_got"
	fi
}
export DUMPCRAMFS_XIP

for name in mkcramfs-xip mkcramfs mkfs.cramfs; do
	completes "--lock --lossy" $name --lo
done
completes "--extract" fsck.cramfs --ex
completes "--extract" cramfsck --ex
completes "-P" mkcramfs-xip -P
completes "16K" mkcramfs-xip -b 1
completes "64K" mkcramfs-xip --block-size = 6
completes "big host little" mkcramfs-xip --endian = ""
completes "big host little" mkcramfs-xip root --endian ""
completes "libdeflate" mkcramfs-xip -c lib
completes "no nonblock" mkcramfs-xip --lock = n
completes "" mkcramfs-xip --lock non
completes "a dir a file adir afile" mkcramfs-xip a
completes "a dir a file adir afile" mkcramfs-xip -P a
completes "a dir a file adir afile" mkcramfs-xip --json = a
completes "" mkcramfs-xip -n a
completes "" mkcramfs-xip --pad-to = a
completes "afile" mkcramfs-xip -X root af
completes "" mkcramfs-xip -- --lo
completes "a dir a file adir afile" cramfsck-xip -x a
completes "a dir adir" fsck.cramfs --extract = a
completes "a dir adir" cramfsck -x a
completes "a dir a file adir afile" cramfsck-xip --extract = a
completes "b.img" cramfsck-xip b
completes "layout list" dumpcramfs-xip l
completes "layout list" dumpcramfs-xip --offset 4K --no-mmu l
completes "layout list" dumpcramfs-xip --offset = 4K l
completes "b.img" dumpcramfs-xip list b
completes "b.img" dumpcramfs-xip diff x.img b
completes "--offset" cramfs-xip-fuse --of
completes "b.img" cramfs-xip-fuse -f b
completes "a dir adir" cramfs-xip-fuse -o ro b.img a
completes "profile" xipstat p
completes "a dir adir" xipstat profile a
completes "a dir a file adir afile" xipstat profile / -o a

tree root
mkdir 'root/with blank'
x --quiet root b.img
completes "/etc /etc/equal /etc/holes /etc/numbers" dumpcramfs-xip stat b.img /etc
completes "/with blank" dumpcramfs-xip -b 4K stat b.img /w
completes "" dumpcramfs-xip stat nothing.img /

done_testing
