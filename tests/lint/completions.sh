#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The completions of bash and zsh, made from the tables of options, have exactly the
# options of each program's --help, and know which of them take an argument.
# shellcheck source=tests/tap.sh
. "${top_srcdir:?}/tests/tap.sh"
made=$top_builddir/contrib/completions

# Both print lines of the form "-b --block-size SIZE": alone without an
# argument's name, with SIZE for one, with [=] if it may be left out.

# from_help FILE: what --help printed
from_help() {
	sed -n 's/^  \(-.*\)/\1/p; s/^ *\(--.*\)/\1/p' "$1" | sed 's/   *.*//; s/, / /; s/\[=.*/ [=]/; s/ [A-Z].*/ SIZE/' | sort
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

# What is offered after a "-"; and whether that is so after each of the options in
# FILE, as it is after those that take no argument.
options_of() {
	tr ' ' '\n' <"$1" | grep '^-' | sort
}
offered() {
	offer "$1" - | sort
}
takes() { # COMPLETION FILE
	while read -r line; do
		for o in $line; do
			case $o in
			-*)
				want=options
				case $line in *SIZE) want=argument ;; esac
				got=argument
				[ -z "$(offer "$1" "$o" -)" ] || got=options
				[ "$want" = "$got" ] || echo "$o: bash expects $got after it"
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
for program in cramfs-xip-fuse cramfsck-xip dumpcramfs-xip mkcramfs-xip tools/xipstat; do
	name=${program##*/}
	if [ ! -x "$top_builddir/$program/$name" ]; then
		skip "$name is not built"
		continue
	fi
	"$top_builddir/$program/$name" --help >help.txt
	from_help help.txt >help
	check "$name: --help has options" test "$(wc -l <help)" -gt 5
	from_zsh "$made/zsh/_$name" >zsh
	check "$name: zsh's completion has the options of --help" same help zsh
	check "$name: and the program's name" test "$(sed -n 1p "$made/zsh/_$name")" = "#compdef $name"
	if [ "$have_zsh" ]; then
		check "$name: zsh can read it" zsh -n "$made/zsh/_$name"
	else
		lacks zsh
	fi
	if [ "$have_bash" ]; then
		options_of help >wanted
		offered "$made/bash/$name" >bash
		check "$name: bash's completion has the options of --help" same wanted bash
		check "$name: and knows which take an argument" takes "$made/bash/$name" help
	else
		lacks bash
	fi
	if command -v shellcheck >/dev/null 2>&1; then
		check "$name: shellcheck has no complaint" shellcheck "$made/bash/$name"
	else
		skip "shellcheck is not installed"
	fi
done

# Words of -c are those of the back ends that may be built in.
sed -n 's/^	\.name = "\(.*\)",$/\1/p' "$top_srcdir"/lib/comp/*.c | sort >wanted
awk -F '\t' '$3 == "compressor" { print $6 }' <<END | tr ' ' '\n' | sort >words
$(awk -f "$top_srcdir/contrib/completions/rows.awk" "$top_srcdir/mkcramfs-xip/options.c")
END
check "mkcramfs-xip: -c has the back ends of lib/comp" same wanted words

# An edited table makes another completion. generated EDIT: of mkcramfs-xip, into edited/
mkdir -p tree/contrib tree/mkcramfs-xip edited/bash edited/zsh
cp -R "$top_srcdir/contrib/completions" tree/contrib
generated() {
	sed "$1" "$top_srcdir/mkcramfs-xip/options.c" >tree/mkcramfs-xip/options.c
	for to in bash/mkcramfs-xip zsh/_mkcramfs-xip; do
		# shellcheck disable=SC2094 # it reads no more than the name
		sh tree/contrib/completions/generate.sh tree "edited/$to" >"edited/$to" || return 1
	done
}
"$top_builddir/mkcramfs-xip/mkcramfs-xip" --help >help.txt
from_help help.txt >help
check "the table as it is" generated ''
check "gives what is built" cmp edited/bash/mkcramfs-xip "$made/bash/mkcramfs-xip"
for edit in '/"ram-goal"/,/},$/d' '/"block-size"/s/CRX_CLI_WORD.*"), "4096"/CRX_CLI_ALONE, "4096"/' '/"sync"/s/CRX_CLI_ALONE/CRX_CLI_TEXT("N")/' 's/"\[=MODE\]"/"MODE"/'; do
	check "self-test: $edit: made" generated "$edit"
	check "self-test: it is another table" differ tree/mkcramfs-xip/options.c "$top_srcdir/mkcramfs-xip/options.c"
	from_zsh edited/zsh/_mkcramfs-xip >zsh.names
	check "self-test: it is found in zsh's" differ help zsh.names
	[ "$have_bash" ] || continue
	options_of help >wanted
	offered edited/bash/mkcramfs-xip >bash.names
	if cmp -s wanted bash.names; then
		check_exit 1 "self-test: and in what bash takes for arguments" takes edited/bash/mkcramfs-xip help
	else
		ok "self-test: and in bash's options"
	fi
done
check_exit 1 "a table that cannot be read is an error" generated 's/^static const struct crx_cli_option/static struct crx_cli_option/'

done_testing
