#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# --exclude and --exclude-from: patterns as users write them, and those that match nothing.
# shellcheck source=tests/tap.sh
. "${top_srcdir:?}/tests/tap.sh"
# shellcheck source=tests/cli/setup.sh
. "$top_srcdir/tests/cli/setup.sh"
DUMP=${DUMPCRAMFS_XIP:-$top_builddir/dumpcramfs-xip/dumpcramfs-xip}

listed() { "$DUMP" list a.img | grep -q "$1"; }
unlisted() { ! listed "$1"; }

mkdir -p root/lib/modules root/usr/share/doc
echo text >root/lib/modules/x
echo text >root/usr/share/doc/y
echo text >root/keep
(cd root && tar cf ../root.tar .)

sources="root ./root ../${PWD##*/}/root/"
if has_archives; then
	sources="$sources root.tar"
fi

# without PATTERN...: exit 0 without a message, and the image has nothing of /lib
without() {
	for pattern; do
		for source in $sources; do
			case $source,$pattern in
			root.tar,*root/*) continue ;;
			esac
			check_exit 0 "--exclude $pattern, of $source" x --exclude "$pattern" "$source" a.img
			check "no warning" test ! -s err
			check "no /lib" unlisted /lib
		done
	done
}
without lib /lib ./lib lib/ lib/. ./lib/ //lib '/li?' root/lib root/lib/ "$PWD/root/lib"

# a path of the source's own name is taken as it is if the tree has such a path
mkdir -p root/root/lib
check_exit 0 "root/lib, where /root/lib exists" x --exclude root/lib root a.img
check "/lib is there" listed /lib/modules
check "/root/lib is not" unlisted /root/lib
rm -r root/root

# an overlay's name is understood too, and a match there counts
mkdir -p over/etc
echo text >over/etc/x
check_exit 0 "--exclude over/etc" x --overlay over --exclude over/etc -E root a.img

# patterns that match nothing
check_exit 0 "a pattern that matches nothing" x --exclude libs root a.img
says "^mkcramfs-xip: warning: the pattern 'libs' of --exclude matches nothing$" "is a warning"
check_exit 8 "with -E" x -E --exclude libs root no.img
check "is an error" test ! -e no.img
check_exit 0 "one of several" x --exclude /lib --exclude /lib/modules root a.img
says "'/lib/modules' of --exclude matches nothing that the others leave" "what others exclude is not read"
if has_archives; then
	check_exit 0 "in an archive" x --exclude libs root.tar a.img
	says "'libs' of --exclude matches nothing" "is a warning too"
else
	skip "built without libarchive"
fi

# what is not supported, and what to write instead
check_exit 16 "!PATTERN" x --exclude '*' --exclude '!keep' root no.img
says "'!keep' begins with '!'.*narrow those" "says what to do"
check_exit 16 "{A,B}" x --exclude '/{lib,usr}' root no.img
says "'/\\{lib,usr\\}' has alternatives in braces .write a pattern for each" "says what to do"
check_exit 0 'a name in braces' x --exclude '\{lib,usr\}' root a.img

# lists
printf '%s\n' '# what we do not need' '' /lib >list
check_exit 0 "--exclude-from" x -E --exclude-from list root a.img
check_exit 0 "--exclude-from -" x -E --exclude-from - root b.img <list
check "reads standard input" cmp a.img b.img
printf '%s\n' /lib '!x' >list
check_exit 16 "!PATTERN in a list" x --exclude-from list root no.img
says "^mkcramfs-xip: list:2: pattern '!x'" "is reported with the line"
check_exit 16 "standard input for two things" x --exclude-from - - no.img </dev/null
says "standard input .* once only" "is refused"
check "there is no image" test ! -e no.img
done_testing
