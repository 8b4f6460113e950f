#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The table of options, --help and the man page of each program agree: every option
# with its argument and its default. And tests/cli uses every option.
# shellcheck source=tests/tap.sh
. "${top_srcdir:?}/tests/tap.sh"

# All three print lines of the form "-b, --block-size SIZE | 4096".

# from_table FILE: rows look like
#	{ 'b', "block-size", CRX_CLI_WITH_ARG, "SIZE", "4096", set_page_size, 0,
from_table() {
	awk '
	function word(s) { gsub(/^[ \t"'\'']+|[ \t"'\'']+$/, "", s); return s == "NULL" || s == "0" ? "" : s }
	function text(s) { gsub(/^[ \t"]+|[ \t"]+$/, "", s); return s == "NULL" ? "" : s }
	/^\t\{ ('\''.'\''|0), / {
		line = $0
		sub(/^\t\{ /, "", line)
		split(line, f, /, /)
		short = word(f[1]); long = word(f[2]); arg = word(f[4])
		if (arg != "")
			arg = (f[3] == "CRX_CLI_MAY_HAVE_ARG") ? "[=" arg "]" : " " arg
		print (short != "" ? "-" short (long != "" ? ", " : "") : "") (long != "" ? "--" long : "") arg " | " text(f[5])
	}' "$1" | sort
}

# from_help FILE: what --help printed
from_help() {
	awk '
	function flush() {
		if (name != "") {
			d = ""
			if (match(text, /\(default: .*\)$/))
				d = substr(text, RSTART + 10, RLENGTH - 11)
			print name " | " d
		}
		name = ""; text = ""
	}
	/^  -|^      --/ {
		flush()
		line = $0
		sub(/^ +/, "", line)
		name = line; rest = ""
		if (match(line, /  +/)) {
			name = substr(line, 1, RSTART - 1)
			rest = substr(line, RSTART + RLENGTH)
		}
		text = rest
		next
	}
	/^ +[^ ]/ && name != "" { line = $0; sub(/^ +/, "", line); text = text (text != "" ? " " : "") line; next }
	{ flush() }
	END { flush() }' "$1" | sort
}

# from_page FILE: the OPTIONS section of a man page
from_page() {
	awk '
	function plain(s) { gsub(/\\f[BIR]/, "", s); gsub(/\\-/, "-", s); return s }
	function flush() { if (name != "") print name " | " d; name = ""; d = "" }
	/^\.SH/ { flush(); inside = ($2 == "OPTIONS") }
	!inside { next }
	/^\.(TP|SS)/ { flush(); wanted = ($1 == ".TP"); next }
	wanted { name = plain($0); wanted = 0; next }
	/^The default is .*\.$/ { d = plain(substr($0, 16)); sub(/\.$/, "", d) }
	END { flush() }' "$1" | sort
}

same() {
	if diff "$1" "$2" >"$scratch/diff"; then
		return 0
	fi
	cat "$scratch/diff"
	return 1
}
differ() {
	! same "$1" "$2" >/dev/null
}

narrow() {
	awk 'length($0) > 79 || / $/ { print FILENAME ": " $0; bad = 1 } END { exit bad }' "$1"
}

# used VARIABLE NAMES DIR: a test gives each option of the table to the program
used() {
	python3 -B "$top_srcdir/tests/lint/used.py" "$@"
}

# program NAME PAGE ROWS VARIABLE: leaves its table, help and page
program() {
	table=$top_srcdir/$1/options.c
	page=$top_srcdir/man/$2
	"$top_builddir/$1/${1##*/}" --help >"$scratch/help.txt" || not_ok "$1 --help works"
	from_table "$table" >"$scratch/table"
	from_help "$scratch/help.txt" >"$scratch/help"
	from_page "$page" >"$scratch/page"

	check "$1: the table has rows that this test can read" test "$(wc -l <"$scratch/table")" -gt "$3"
	check "$1: every row of the table was read" test "$(wc -l <"$scratch/table")" -eq "$(grep -c '^	  "' "$table")"
	check "$1: --help says what the table says" same "$scratch/table" "$scratch/help"
	check "$1: the man page says what the table says" same "$scratch/table" "$scratch/page"
	check "$1: --help fits into 79 columns and has no blanks at line ends" narrow "$scratch/help.txt"
	check "$1: every option is used in tests/cli" used "$4" "$scratch/table" "$top_srcdir/tests/cli"

	if command -v mandoc >/dev/null 2>&1; then
		check "$1: mandoc has no complaint" mandoc -T lint -W warning "$page"
	else
		skip "mandoc is not installed"
	fi
	if command -v groff >/dev/null 2>&1; then
		groff -man -ww -z -Tutf8 "$page" >"$scratch/groff" 2>&1
		check "$1: groff has no complaint" test ! -s "$scratch/groff"
	else
		skip "groff is not installed"
	fi
}

program cramfsck-xip cramfsck-xip.8 10 CRAMFSCK_XIP
program dumpcramfs-xip dumpcramfs-xip.1 7 DUMPCRAMFS_XIP
if [ -x "$top_builddir/tools/xipstat/xipstat" ]; then
	program tools/xipstat xipstat.1 5 XIPSTAT
else
	skip 'tools/xipstat is not built (--disable-xipstat)'
fi
program mkcramfs-xip mkcramfs-xip.1 30 MKCRAMFS_XIP

# Can they fail?
sed 's/"block-size"/"page-size"/' "$table" >"$scratch/options.c"
from_table "$scratch/options.c" >"$scratch/other"
check "self-test: another name in the table is found" differ "$scratch/other" "$scratch/help"
sed '/\\-\\-sync/d' "$page" >"$scratch/page.1"
from_page "$scratch/page.1" >"$scratch/other"
check "self-test: an option missing in the man page is found" differ "$scratch/table" "$scratch/other"
sed 's/^The default is 4096/The default is 8192/' "$page" >"$scratch/page.1"
from_page "$scratch/page.1" >"$scratch/other"
check "self-test: another default in the man page is found" differ "$scratch/table" "$scratch/other"
sed 's/default: little/default: host/' "$scratch/help.txt" >"$scratch/help2.txt"
from_help "$scratch/help2.txt" >"$scratch/other"
check "self-test: another default in --help is found" differ "$scratch/table" "$scratch/other"
printf '%080d\n' 0 >"$scratch/wide"
check_exit 1 "self-test: a wide line is found" narrow "$scratch/wide"
{ cat "$scratch/table"; echo "--never-tested | "; } >"$scratch/more"
check_exit 1 "self-test: an untested option is found" used MKCRAMFS_XIP "$scratch/more" "$top_srcdir/tests/cli"
mkdir "$scratch/tests"
printf 'x() {\n\t"$MKCRAMFS_XIP" "$@"\n}\n' >"$scratch/tests/setup.sh"
printf 'x -x root image\n[ -s image ] && test -s x\n' >"$scratch/tests/a.sh"
echo "-s, --sort | " >"$scratch/more"
check_exit 1 "self-test: [ -s x ] is not a use of -s" used MKCRAMFS_XIP "$scratch/more" "$scratch/tests"
echo "-x, --extended | " >"$scratch/more"
check "self-test: x -x is a use of -x" used MKCRAMFS_XIP "$scratch/more" "$scratch/tests"

done_testing
