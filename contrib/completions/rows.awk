# SPDX-License-Identifier: GPL-2.0-or-later
# Prints the tables of options and commands in C files, one row on a line, with
# tabs between the fields:
#
#	option SHORT LONG KIND NAME WORDS DEFAULT REPEATED HELP
#	command NAME OPERANDS HELP
#
# A row of a table of options (struct crx_cli_option in lib/cli/option.h, struct
# option_row in tools/xipstat/options.c) is
#
#	{ 'b', "block-size", CRX_CLI_WORD("SIZE", "4K 8K"), "4K", set_size, 0, "help" },
#
# and a row of a table of commands (struct command, struct command_row) begins
#
#	{ "list", "IMAGE [PATH...]", "help"
#
# KIND is the macro without CRX_CLI_, NAME and WORDS its arguments. REPEATED is
# "yes" if the setter's name contains "add", "append" or "count".

/^static const struct (crx_cli_option|option_row|command|command_row) [A-Z]+\[\] = \{$/ {
	inside = 1
	next
}
/^\};$/ {
	if (inside)
		parse()
	inside = 0
	text = ""
}
inside {
	text = text $0 "\n"
}

# Text up to the closing quote of the string that begins at at.
function read_string(	c, s) {
	for (at++; (c = substr(text, at, 1)) != "\""; at++) {
		if (c == "\\")
			c = substr(text, ++at, 1)
		s = s c
	}
	return s
}

# A row's fields: words[] without strings, string[] and second[] what stands in
# quotes, before and after a comma in parentheses.
function parse(	c, braces, parens, comma) {
	for (at = 1; at <= length(text); at++) {
		c = substr(text, at, 1)
		if (c == "/" && substr(text, at + 1, 1) == "*") {
			at += index(substr(text, at), "*/")
		} else if (c == "'") {
			words[n] = words[n] substr(text, at + 1, 1)
			at += 2
		} else if (c == "\"") {
			c = read_string()
			if (comma)
				second[n] = second[n] c
			else
				string[n] = string[n] c
			quoted[n] = 1
		} else if (c == "{") {
			if (++braces == 1)
				begin_field(n = 1)
		} else if (c == "}") {
			if (--braces == 0)
				put_row()
		} else if (c == "(") {
			comma = 0
			parens++
		} else if (c == ")") {
			comma = 0
			parens--
		} else if (c == "," && parens) {
			comma = 1
		} else if (c == "," && braces) {
			begin_field(++n)
		} else if (c !~ /[ \t\n]/) {
			words[n] = words[n] c
		}
	}
}
function begin_field(i) {
	words[i] = string[i] = second[i] = ""
	quoted[i] = 0
}

function put_row(	kind) {
	if (quoted[1]) {
		print "command\t" string[1] "\t" string[2] "\t" string[3]
		return
	}
	while (n > 1 && !quoted[n])
		n--
	kind = words[3]
	sub(/^CRX_CLI_/, "", kind)
	print "option\t" (words[1] == "0" ? "" : words[1]) "\t" string[2] "\t" kind "\t" \
		string[3] "\t" second[3] "\t" string[4] "\t" \
		(words[5] ~ /add|append|count/ ? "yes" : "") "\t" string[n]
}
