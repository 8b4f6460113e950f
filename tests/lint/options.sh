#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The table of options, --help and the man page of each program agree: every option
# with its argument, its words and its default; and so do the table of commands and
# the man page. And tests/cli uses every option.
# shellcheck source=tests/tap.sh
. "${top_srcdir:?}/tests/tap.sh"

# from_table, from_help and from_page print lines of the form "-b, --block-size SIZE | 4096".

# rows FILE...: what contrib/completions makes completions of
rows() {
	awk -f "$top_srcdir/contrib/completions/rows.awk" "$@"
}
from_table() {
	rows "$1" | awk -F '\t' '
	$1 == "option" {
		print ($2 != "" ? "-" $2 : "") ($2 != "" && $3 != "" ? ", " : "") ($3 != "" ? "--" $3 : "") \
			($5 ~ /^\[/ || $5 == "" ? "" : " ") $5 " | " $7
	}' | sort
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

# words_of ROWS PAGE: the page names each word that an argument may be, after its option
words_of() {
	awk -F '\t' '
	FNR == 1 { file++ }
	file == 1 {
		if ($6 != "")
			words[$2 != "" ? "-" $2 : "--" $3] = $6
		next
	}
	/^\.(TP|SH|SS)/ { option = "" }
	{ gsub(/\\f[BIR]/, ""); gsub(/\\-/, "-") }
	/^-/ { option = $0; sub(/[], =[].*/, "", option) }
	option in words { text[option] = text[option] " " $0 }
	END {
		for (o in words) {
			n = split(words[o], word, " ")
			for (i = 1; i <= n; i++)
				if (text[o] !~ "(^|[^a-zA-Z0-9])" word[i] "([^a-zA-Z0-9]|$)") {
					print o ": " word[i] " is not in the man page"
					bad = 1
				}
		}
		exit bad
	}' "$1" "$2"
}

# commands_of ROWS, commands_on PAGE: lines "list IMAGE [PATH...]"
commands_of() {
	awk -F '\t' '$1 == "command" { print $2 " " $3 }' "$1" | sort
}
commands_on() {
	awk '
	/^\.S[HS]/ { inside = ($2 == "Commands") }
	inside && wanted { gsub(/\\f[BIR]/, ""); print; wanted = 0 }
	/^\.TP/ { wanted = 1 }' "$1" | sort
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
	check "$1: every row of the table was read" test "$(wc -l <"$scratch/table")" -eq "$(grep -cE "^	\{ ('.'|0)," "$table")"
	check "$1: --help says what the table says" same "$scratch/table" "$scratch/help"
	check "$1: the man page says what the table says" same "$scratch/table" "$scratch/page"
	rows "$table" >"$scratch/rows"
	[ ! -f "$top_srcdir/$1/command.c" ] || rows "$top_srcdir/$1/command.c" >>"$scratch/rows"
	check "$1: the man page names the words that an argument may be" words_of "$scratch/rows" "$page"
	commands_of "$scratch/rows" >"$scratch/commands"
	commands_on "$page" >"$scratch/page.commands"
	check "$1: the man page has the table's commands" same "$scratch/commands" "$scratch/page.commands"
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
if [ -x "$top_builddir/cramfs-xip-fuse/cramfs-xip-fuse" ]; then
	program cramfs-xip-fuse cramfs-xip-fuse.1 5 CRAMFS_XIP_FUSE
else
	skip 'cramfs-xip-fuse is not built (libfuse 3)'
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
sed 's/nonblock/never/g' "$page" >"$scratch/page.1"
check_exit 1 "self-test: a word that is missing in the man page is found" words_of "$scratch/rows" "$scratch/page.1"
rows "$top_srcdir/dumpcramfs-xip/command.c" >"$scratch/rows"
commands_of "$scratch/rows" >"$scratch/commands"
check "self-test: there are commands" test "$(wc -l <"$scratch/commands")" -gt 5
sed 's/^\\fBlayout\\fR/\\fBplan\\fR/' "$top_srcdir/man/dumpcramfs-xip.1" >"$scratch/page.1"
commands_on "$scratch/page.1" >"$scratch/page.commands"
check "self-test: another command in the man page is found" differ "$scratch/commands" "$scratch/page.commands"
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
