#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# dumpcramfs-xip report on the command line. tests/report tests the page itself.
# shellcheck source=tests/tap.sh
. "${top_srcdir:?}/tests/tap.sh"
# shellcheck source=tests/cli/setup.sh
. "$top_srcdir/tests/cli/setup.sh"
DUMPCRAMFS_XIP=${DUMPCRAMFS_XIP:-$top_builddir/dumpcramfs-xip/dumpcramfs-xip}

tree root
x -X --quiet root image || not_ok 'an image to look at'
cp image before

r() {
	"$DUMPCRAMFS_XIP" report "$@"
}
is_page() {
	head -c 15 "$1" | grep -q '^<!DOCTYPE html>' && tail -n 1 "$1" | grep -q '^</html>$'
}

check_exit 0 'report --html FILE' r --html page.html image
check 'FILE is a page, from beginning to end' is_page page.html
check 'and nothing was printed' empty out
r --html=- image >other.html
check '--html - is standard output, with the same page' cmp page.html other.html
mkdir elsewhere
cp -p image elsewhere/
r image --html elsewhere/page.html >/dev/null
check 'the same image gives the same page, wherever it lies' cmp page.html elsewhere/page.html

check_exit 16 'without --html it is wrong usage' r image
says '--html FILE' 'and the message says what is wanted'
check_exit 16 'with a path after the image too' r --html page.html image /etc
check_exit 16 'FILE may not be the image' r --html image image
ln -s image link
check_exit 16 'nor a link to it' r --html link image
check 'which is as it was' cmp before image
check_exit 8 'FILE in a directory that is not there' r --html none/page.html image
says 'none' 'and the message names it'

printf 'old' >page.html
check_exit 8 'no image: an error' r --html page.html /nonexistent
check 'FILE stays what it was' test "$(cat page.html)" = old
echo 'no image' >text
check_exit 8 'a file that is not an image: an error' r --html page.html text
check 'FILE stays what it was' test "$(cat page.html)" = old
if [ -n "$full" ]; then
	check_exit 8 'a full device: an error' r --html "$full" image
	says 'cannot write the report' 'and the message says so'
else
	skip 'no full device'
fi
reader fifo through
check_exit 0 'FILE may be a FIFO' r --html fifo image
reader_ends fifo
check 'through which the whole page comes' cmp through other.html
check 'no temporary files are left' no_leftovers .
head -c 100 image >cut
check_exit 8 'a damaged directory: the exit status says so' r --html cut.html cut
check 'but the page is complete HTML' is_page cut.html
check 'and says that it is incomplete' grep -q '"incomplete": true' cut.html
done_testing
