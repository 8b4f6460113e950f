#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Rules of style that hold for every file.
# shellcheck source=tests/tap.sh
. "${top_srcdir:?}/tests/tap.sh"

FUNCTION_MAX=60
TEST_FUNCTION_MAX=120 # tables of cases
FILE_MAX=350
TEST_FILE_MAX=700

# files TREE WHAT...: names below TREE, of the kinds asked for
files() {
	files_tree=$1
	shift
	(cd "$files_tree" && for d in "$@"; do
		[ ! -d "$d" ] || find "$d" -name .deps -prune -o -type f -name '*.[ch]' -print
	done) | sort
}
CODE="lib mkcramfs-xip cramfsck-xip dumpcramfs-xip cramfs-xip-fuse tools"

# Each of these prints what is wrong.
long_functions() {
	files "$1" $CODE tests/unit tests/kernel | while IFS= read -r f; do
		max=$FUNCTION_MAX
		case $f in tests/*) max=$TEST_FUNCTION_MAX ;; esac
		awk -v f="$f" -v max="$max" '
		/^\{$/ { begin = NR; next }
		/^\}/ { if (begin && NR - begin - 1 > max) print f ":" begin ": function of " NR - begin - 1 " lines"; begin = 0 }' "$1/$f"
	done
}
long_files() {
	files "$1" $CODE tests/unit | while IFS= read -r f; do
		max=$FILE_MAX
		case $f in tests/*) max=$TEST_FILE_MAX ;; esac
		n=$(wc -l <"$1/$f")
		[ "$n" -le "$max" ] || echo "$f: $n lines"
	done
}
indented_by_blanks() {
	files "$1" $CODE tests/unit tests/kernel | while IFS= read -r f; do
		awk -v f="$f" '/^ +[^ *]/ || /^ \*[^ \/]/ || /^\t* +\t/ { print f ":" NR ": indented by blanks" }' "$1/$f"
	done
}
all_text() {
	(cd "$1" && {
		find lib mkcramfs-xip cramfsck-xip dumpcramfs-xip cramfs-xip-fuse tools man doc tests contrib m4 -name .deps -prune -o -type f \( -name '*.[ch]' -o -name '*.sh' -o -name '*.py' -o -name '*.am' -o -name '*.1' -o -name '*.md' \) -print 2>/dev/null
		for f in configure.ac Makefile.am quickstart .ci/run README.md CONTRIBUTING.md CHANGELOG.md SECURITY.md; do
			[ ! -f "$f" ] || echo "$f"
		done
	}) | sort
}
blanks_at_the_end() {
	all_text "$1" | while IFS= read -r f; do
		awk -v f="$f" '/[ \t\r]$/ { print f ":" NR ": blank at the end of the line" } { last = $0 } END { if (NR && last == "") print f ": empty line at the end" }' "$1/$f"
	done
}
without_licence() {
	all_text "$1" | grep -v '\.md$' | while IFS= read -r f; do
		sed 3q "$1/$f" | grep -q 'SPDX-License-Identifier: GPL-2.0-or-later' || echo "$f: no SPDX line"
	done
}
config_not_first() {
	files "$1" $CODE tests/unit | grep '\.c$' | while IFS= read -r f; do
		first=$(grep -m1 '^#' "$1/$f")
		want='#include "config.h"'
		# xipstat does without configure
		case $f in tools/xipstat/*) want='#include "xipstat.h"' ;; esac
		[ "$first" = "$want" ] || echo "$f: the first directive is $first"
	done
}
# Calls that a library does not make. Comments are taken out first, roughly.
without_comments() {
	sed -e 's|/\*.*\*/||' -e '/^[[:space:]]*\/\*/,/\*\//d' "$1"
}
CALLS='printf|fprintf|vfprintf|dprintf|puts|fputs|putchar|perror|exit|_exit|_Exit|abort|assert|signal|sigaction|setlocale'
forbidden_calls() {
	files "$1" lib | grep -v '^lib/cli/' | while IFS= read -r f; do
		without_comments "$1/$f" | grep -nE "(^|[^A-Za-z0-9_.>])($CALLS)[[:space:]]*\(" | sed "s|^|$f:|"
	done
	# lib/cli/process.c holds the programs' signal handlers, which end the process
	files "$1" lib/cli | grep -v '^lib/cli/process\.c$' | while IFS= read -r f; do
		without_comments "$1/$f" | grep -nE "(^|[^A-Za-z0-9_.>])(printf|puts|exit|_exit|abort|assert|setlocale)[[:space:]]*\(" | sed "s|^|$f:|"
	done
	files "$1" mkcramfs-xip cramfsck-xip dumpcramfs-xip cramfs-xip-fuse | while IFS= read -r f; do
		without_comments "$1/$f" | grep -nE "(^|[^A-Za-z0-9_.>])(abort|assert|setlocale)[[:space:]]*\(" | sed "s|^|$f:|"
	done
}

# Calls that retry EINTR in lib/base/io.c, and nowhere else.
RETRIED='open|openat|read|pread|pwrite|fsync|fdatasync|ftruncate|fallocate'
unretried_calls() {
	files "$1" lib mkcramfs-xip cramfsck-xip dumpcramfs-xip cramfs-xip-fuse | grep -v '^lib/base/io\.c$' | while IFS= read -r f; do
		without_comments "$1/$f" | grep -nE "(^|[^A-Za-z0-9_.>])($RETRIED)\([^)]" | sed "s|^|$f:|"
	done
}

nothing() {
	"$@" >"$scratch/verdict"
	cat "$scratch/verdict"
	[ ! -s "$scratch/verdict" ]
}
something() {
	! nothing "$@"
}

check "there are files to look at" test "$(files "$top_srcdir" $CODE | wc -l)" -gt 20
check "no function is longer than $FUNCTION_MAX lines" nothing long_functions "$top_srcdir"
check "no file is longer than $FILE_MAX lines, no unit test than $TEST_FILE_MAX" nothing long_files "$top_srcdir"
check "code is indented with tabs" nothing indented_by_blanks "$top_srcdir"
check "no blanks at the ends of lines, no empty line at the end of a file" nothing blanks_at_the_end "$top_srcdir"
check "every source names its licence" nothing without_licence "$top_srcdir"
check "every C file includes config.h first" nothing config_not_first "$top_srcdir"
check "the library does not print, exit, assert, or catch signals" nothing forbidden_calls "$top_srcdir"
check "only lib/base/io.c makes the calls that EINTR interrupts" nothing unretried_calls "$top_srcdir"

# Can they fail? Each with one file that breaks one rule.
seed=$scratch/seed
mkdir -p "$seed/lib/tree" "$seed/lib/cli" "$seed/tests/unit"
head='/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
'
sown() { # FILE TEXT CHECK WHAT
	printf '%s' "$2" >"$seed/$1"
	check "self-test: $4 is found" something "$3" "$seed"
	rm "$seed/$1"
}
many() { awk -v n="$1" 'BEGIN { for (i = 0; i < n; i++) print "\ti++;" }'; }
sown lib/tree/x.c "$head
int f(void)
{
$(many 61)
}
" long_functions "a function of 61 lines"
sown lib/tree/x.c "$(many 351)
" long_files "a file of 351 lines"
sown tests/unit/x.c "$(many 701)
" long_files "a unit test of 701 lines"
sown lib/tree/x.c "$head    int i;
" indented_by_blanks "an indentation by blanks"
sown lib/tree/x.c "$(printf '%sint i;%s\n.' "$head" ' ')" blanks_at_the_end "a blank at the end"
sown lib/tree/x.c "$head

" blanks_at_the_end "an empty line at the end"
sown lib/tree/x.c '#include "config.h"
' without_licence "a file without a licence"
sown lib/tree/x.c '/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include "config.h"
' config_not_first "config.h in second place"
for call in printf exit abort assert setlocale; do
	sown lib/tree/x.c "$head
	$call(1);
" forbidden_calls "$call() in the library"
done
sown lib/cli/x.c "$head
	exit(1);
" forbidden_calls "exit() in lib/cli"
sown lib/cli/x.c "$head
	fd = open(path, 0);
" unretried_calls "open() in lib/cli"

# and a file that keeps to all of them
printf '%s' "$head
/* exit() and printf() in a comment are none; snprintf() is allowed. */
int f(void)
{
$(many 60)
	snprintf(b, 1, \"\");
}
" | sed '10d' >"$seed/lib/tree/x.c"
{ printf '%s' "$head"; many 698; } >"$seed/tests/unit/x.c"
check "self-test: a good file is not complained of" nothing eval '
	long_functions "$seed"; long_files "$seed"; indented_by_blanks "$seed"; blanks_at_the_end "$seed"
	without_licence "$seed"; config_not_first "$seed"; forbidden_calls "$seed"; unretried_calls "$seed"'

done_testing
