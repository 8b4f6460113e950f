#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Install and uninstall the names of the programs that ours replace, for make
# install and make uninstall after configure --enable-compat-names:
#
#	names.sh programs | pages | completions | uninstall
#
# They go where the originals are: mkcramfs and cramfsck to bindir, mkfs.cramfs
# and fsck.cramfs to sbindir, where mkfs(8) and fsck(8) expect them. The
# environment has bindir, sbindir, man8dir, bashcompletiondir, DESTDIR, LN_S, and
# in transform the sed script for program names (--program-prefix and the like).
set -eu
: "${DESTDIR=}" "${LN_S:=ln -s}" "${transform:=s,x,x,}"

# name, program, section of the program's page
names() {
	echo mkcramfs mkcramfs-xip 1
	echo mkfs.cramfs mkcramfs-xip 1
	echo cramfsck cramfsck-xip 8
	echo fsck.cramfs cramfsck-xip 8
}
transformed() {
	echo "$1" | sed "$transform"
}
dir_of() {
	case $1 in
	mkfs.* | fsck.*) echo "${sbindir:?}" ;;
	*) echo "${bindir:?}" ;;
	esac
}

# way FROM TO: print the path from FROM to the directory TO, with a / at its end, or
# nothing if they are the same
way() {
	way_from=$1
	way_up=
	while :; do
		case $2/ in "$way_from"/*) break ;; esac
		way_from=${way_from%/*}
		way_up=../$way_up
	done
	# /sbin may be a link to usr/sbin, where ../usr/bin would be a wrong path
	if [ -z "$way_from" ] && [ "$LN_S" = 'ln -s' ]; then
		echo "$2/"
		return
	fi
	way_down=${2#"$way_from"}
	way_down=${way_down#/}
	echo "$way_up${way_down:+$way_down/}"
}

# link DIR NAME TO-DIR TO-NAME: does nothing if the program already has that name
link() {
	[ "$1/$2" != "$3/$4" ] || return 0
	link_to=$(way "$1" "$3")$4
	mkdir -p "$DESTDIR$1"
	(cd "$DESTDIR$1" && rm -f "$2" && $LN_S "$link_to" "$2")
}

programs() {
	names | while read -r name program section; do
		link "$(dir_of "$name")" "$name" "$bindir" "$(transformed "$program")"
	done
}
# not links, because pages may be compressed later
pages() {
	mkdir -p "$DESTDIR${man8dir:?}"
	names | while read -r name program section; do
		page=$(transformed "$program").$section
		[ "$page" = "$name.8" ] || echo ".so man$section/$page" >"$DESTDIR$man8dir/$name.8"
	done
}
completions() {
	names | while read -r name program section; do
		link "${bashcompletiondir:?}" "$name" "$bashcompletiondir" "$program"
	done
}
uninstall() {
	names | while read -r name program section; do
		rm -f "$DESTDIR$(dir_of "$name")/$name" "$DESTDIR${man8dir:?}/$name.8" "$DESTDIR${bashcompletiondir:?}/$name"
	done
}

case ${1-} in
programs | pages | completions | uninstall) "$1" ;;
*)
	echo "names.sh: the argument must be programs, pages, completions or uninstall" >&2
	exit 2
	;;
esac
