#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The completions of bash and zsh have exactly the options of each program's table,
# and know which of them take an argument.
# shellcheck source=tests/tap.sh
. "${top_srcdir:?}/tests/tap.sh"
contrib=$top_srcdir/contrib/completions

# All three print lines of the form "-b --block-size SIZE": alone without an
# argument's name, with SIZE for one, with [=] if it may be left out.

# from_table FILE: rows look like
#	{ 'b', "block-size", CRX_CLI_WITH_ARG, "SIZE", "4096", set_page_size, 0,
from_table() {
	awk '
	function word(s) { gsub(/^[ \t"'\'']+|[ \t"'\'']+$/, "", s); return s == "NULL" || s == "0" ? "" : s }
	/^\t\{ ('\''.'\''|0), / {
		line = $0
		sub(/^\t\{ /, "", line)
		split(line, f, /, /)
		short = word(f[1]); long = word(f[2])
		arg = f[3] ~ /MAY_HAVE_ARG/ ? " [=]" : f[3] ~ /WITH_/ ? " SIZE" : ""
		print (short != "" ? "-" short : "") (short != "" && long != "" ? " " : "") (long != "" ? "--" long : "") arg
	}' "$1" | sort
}

# from_zsh FILE: lines look like
#	'(-b --block-size)'{-b+,--block-size=}'[...]:size:(4K 8K 16K 32K 64K)' \
#	'*--exclude=[...]:pattern:' \
from_zsh() {
	sed -n "s/^	'[*]*\(([^)]*)\)*'*{*\(--*[^[]*\)\[.*/\2/p" "$1" | tr -d "{}'" | awk '
	{
		n = split($0, name, /,/)
		out = ""; arg = ""
		for (i = 1; i <= n; i++) {
			s = name[i]
			kind = s ~ /(=-|-)$/ && s !~ /^-.$/ ? " [=]" : s ~ /[+=]$/ ? " SIZE" : ""
			if (i > 1 && kind != arg)
				out = out " DIFFERS"
			arg = kind
			sub(/(=-|[-+=])$/, "", s)
			out = out (i > 1 ? " " : "") s
		}
		print out arg
	}' | sort
}

# offer FILE WORD...: what bash would offer for the last word
offer() {
	# shellcheck disable=SC2016 # bash expands it
	bash --norc -c '
		. "$1" || exit
		program=${1##*/}
		shift
		COMP_WORDS=("$program" "$@")
		COMP_CWORD=$#
		[[ $(complete -p "$program") =~ -F\ ([a-z_]+) ]] || exit
		"${BASH_REMATCH[1]}" "$program" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
		((${#COMPREPLY[@]} == 0)) || printf "%s\n" "${COMPREPLY[@]}"' bash "$@"
}

# What is offered behind a "-"; and whether that is so behind each of the options
# of TABLE, as it is behind those that take no argument.
options_of() {
	tr ' ' '\n' <"$1" | grep '^-' | sort
}
offered() {
	offer "$1" - | sort
}
takes() { # FILE TABLE
	while read -r line; do
		for o in $line; do
			case $o in
			-*)
				want=options
				case $line in *SIZE) want=argument ;; esac
				got=argument
				[ -z "$(offer "$1" "$o" -)" ] || got=options
				[ "$want" = "$got" ] || echo "$o: bash expects $got behind it"
				;;
			esac
		done
	done <"$2" >"$scratch/takes"
	cat "$scratch/takes"
	[ ! -s "$scratch/takes" ]
}
same() {
	diff "$1" "$2"
}
differ() {
	! diff "$1" "$2" >/dev/null
}

cd "$scratch" || exit 99
have_bash=$(command -v bash) || have_bash=
have_zsh=$(command -v zsh) || have_zsh=
for program in cramfsck-xip dumpcramfs-xip mkcramfs-xip tools/xipstat; do
	name=${program##*/}
	from_table "$top_srcdir/$program/options.c" >table
	check "$name: there is a table" test "$(wc -l <table)" -gt 5
	from_zsh "$contrib/zsh/_$name" >zsh
	check "$name: zsh's completion has the table's options" same table zsh
	check "$name: and the program's name" test "$(sed -n 1p "$contrib/zsh/_$name")" = "#compdef $name"
	if [ "$have_zsh" ]; then
		check "$name: zsh can read it" zsh -n "$contrib/zsh/_$name"
	else
		lacks zsh
	fi
	if [ "$have_bash" ]; then
		options_of table >wanted
		offered "$contrib/bash/$name" >bash
		check "$name: bash's completion has the table's options" same wanted bash
		check "$name: and knows which take an argument" takes "$contrib/bash/$name" table
	else
		lacks bash
	fi
	if command -v shellcheck >/dev/null 2>&1; then
		check "$name: shellcheck has no complaint" shellcheck "$contrib/bash/$name"
	else
		skip "shellcheck is not installed"
	fi
done
sed -n 's/^	{ "\([a-z]*\)", "[^"]*", ".*, command_.*/\1/p' "$top_srcdir/dumpcramfs-xip/command.c" | sort >commands
check "there are commands" test "$(wc -l <commands)" -gt 5
if [ "$have_bash" ]; then
	offer "$contrib/bash/dumpcramfs-xip" "" | sort >bash
	check "dumpcramfs-xip: bash's completion has its commands" same commands bash
fi
grep -o '[a-z]*\\:"' "$contrib/zsh/_dumpcramfs-xip" | tr -d '\\:"' | sort >zsh
check "dumpcramfs-xip: zsh's as well" same commands zsh

# Can they fail?
name=mkcramfs-xip
from_table "$top_srcdir/$name/options.c" >table
for edit in '/--ram-goal/d' 's/--block-size=/--block-size/' 's/-b+/-b/' 's/-l-,--lock=-/-l+,--lock=/'; do
	sed "$edit" "$contrib/zsh/_$name" >_edited
	from_zsh _edited >zsh
	check "self-test: $edit in zsh's is found" differ table zsh
done
if [ "$have_bash" ]; then
	mkdir edited
	options_of table >wanted
	sed 's/ --ram-goal$//' "$contrib/bash/$name" >"edited/$name"
	offered "edited/$name" >bash
	check "self-test: an option missing in bash's is found" differ wanted bash
	sed 's/--ram-goal | -n/-n/' "$contrib/bash/$name" >"edited/$name"
	check_exit 1 "self-test: an argument that bash does not expect is found" takes "edited/$name" table
	sed 's/--flash-budget | --ram-goal/& | --sync/' "$contrib/bash/$name" >"edited/$name"
	check_exit 1 "self-test: one that it expects for nothing is found" takes "edited/$name" table
fi

done_testing
