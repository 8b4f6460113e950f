#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What configure --enable-compat-names installs, with various directories and names
# given to configure. make distcheck installs all of it with the Makefile.
# shellcheck source=tests/tap.sh
. "${top_srcdir:?}/tests/tap.sh"
CRAMFSCK_XIP=${CRAMFSCK_XIP:-$top_builddir/cramfsck-xip/cramfsck-xip}
# shellcheck source=tests/cli/setup.sh
. "$top_srcdir/tests/cli/setup.sh"
names=$top_srcdir/contrib/compat/names.sh
unset DESTDIR LN_S transform bindir sbindir man8dir bashcompletiondir

# into PREFIX VARIABLE=VALUE...: as make install does
# shellcheck disable=SC2317 # called by check
into() {
	into_prefix=$1
	shift
	into_env="bindir=$into_prefix/bin sbindir=$into_prefix/sbin man8dir=$into_prefix/man8 bashcompletiondir=$into_prefix/comp"
	into_transform=s,x,x,
	for word; do
		case $word in transform=*) into_transform=${word#*=} ;; esac
	done
	mkdir -p "$into_prefix/bin" "$into_prefix/comp"
	cp "$MKCRAMFS_XIP" "$into_prefix/bin/$(echo mkcramfs-xip | sed "$into_transform")"
	cp "$CRAMFSCK_XIP" "$into_prefix/bin/$(echo cramfsck-xip | sed "$into_transform")"
	for what in programs pages completions; do
		# shellcheck disable=SC2086 # words
		env $into_env "$@" sh "$names" $what || return 1
	done
}
# shellcheck disable=SC2317 # called by check
runs() { # PATH
	[ "$("$1" --version | sed -n '1s/ from .*//p')" = "${1##*/}" ]
}
check "a usual prefix" into "$scratch/usr"
for name in bin/mkcramfs sbin/mkfs.cramfs bin/cramfsck sbin/fsck.cramfs; do
	check "$name runs, by that name" runs "usr/$name"
	case $(readlink "usr/$name") in
	/*) not_ok "$name may move with the programs" ;;
	*) ok "$name may move with the programs" ;;
	esac
	check "and has a page" grep -q '^[.]so man[18]/.*-xip[.][18]$' "usr/man8/${name#*/}.8"
	check "and a completion" test -L "usr/comp/${name#*/}"
done
check "what is there is replaced" into "$scratch/usr"
# shellcheck disable=SC2086 # words
check "make uninstall" env $into_env sh "$names" uninstall
check "removes all of it" test "$(find usr/bin usr/sbin usr/man8 usr/comp -type f -o -type l | wc -l)" -eq 2

check "programs with a prefix to their names" into "$scratch/prefixed" "transform=s,^,x-,"
check "are found" runs prefixed/sbin/fsck.cramfs
check "and so are their pages" grep -qx '.so man1/x-mkcramfs-xip.1' prefixed/man8/mkfs.cramfs.8

check "programs whose names lose what distinguishes them" into "$scratch/bare" "transform=s,-xip,,"
check "mkcramfs is the program still" cmp "$MKCRAMFS_XIP" bare/bin/mkcramfs
check "and mkfs.cramfs runs it" runs bare/sbin/mkfs.cramfs
check "cramfsck's own page is not written over" test ! -e bare/man8/cramfsck.8

check "one directory for all" into "$scratch/one" "sbindir=$scratch/one/bin"
check "is a link in it" test "$(readlink one/bin/mkfs.cramfs)" = mkcramfs-xip
check "a blank in the path" env "bindir=$scratch/a b/bin" "sbindir=$scratch/a b/x/y/sbin" sh "$names" programs
check "and three levels up and down" test "$(readlink "a b/x/y/sbin/fsck.cramfs")" = ../../../bin/cramfsck-xip
check "/sbin and /usr/bin" env "DESTDIR=$scratch/dest" bindir=/usr/bin sbindir=/sbin sh "$names" programs
check "get a link that holds if /sbin is one" test "$(readlink dest/sbin/mkfs.cramfs)" = /usr/bin/mkcramfs-xip
check_exit 2 "a word that it does not know" env bindir=/x sbindir=/x sh "$names" nonsense

done_testing
