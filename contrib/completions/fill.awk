# SPDX-License-Identifier: GPL-2.0-or-later
# Fills a template with what rows.awk printed:
#
#	awk -v shell=bash -v program=NAME -v own=FILE -f fill.awk ROWS TEMPLATE
#
# @PROGRAM@ is its name, @F@ what the names of functions begin with. A line
# @OWN@ stands for the file own, if there is one, and its functions replace those
# of the template. The other lines in @...@ are made below.

BEGIN {
	FS = "\t"
	function_name = "_" program
	gsub(/[^A-Za-z0-9]/, "_", function_name)
	while ((getline line < own) > 0) {
		own_text = own_text line "\n"
		if (line ~ /\(\) \{$/)
			replaced[line] = 1
	}
	sub(/\n$/, "", own_text)
}

FNR == 1 { file++ }
file == 1 && $1 == "option" {
	n++
	short[n] = $2 == "" ? "" : "-" $2
	long[n] = $3 == "" ? "" : "--" $3
	kind[n] = $4
	name[n] = $5
	words[n] = $6
	repeated[n] = $8
	help[n] = $9
	optional[n] = name[n] ~ /^\[/
}
file == 1 && $1 == "command" {
	commands = commands (commands == "" ? "" : " ") (shell == "bash" ? $2 : $2 "\\:\"" brief($4) "\"")
}

file == 2 && $0 == "@OWN@" {
	if (own_text != "")
		put(own_text)
	next
}
file == 2 && ($0 in replaced) { skipping = 1 }
skipping {
	if ($0 == "}")
		skipping = 0
	next
}
file == 2 && $0 == "@OPTIONS@" {
	if (shell == "bash")
		put_names()
	for (i = 1; shell == "zsh" && i <= n; i++)
		put_spec(i)
	next
}
file == 2 && $0 == "@ARGUMENTS@" { put_cases(0); next }
file == 2 && $0 == "@ATTACHED@" { put_cases(1); next }
file == 2 && /^@TAKE@/ {
	put(wrap(patterns("TEXT WORD INPUT SOURCE OUTPUT DIR", 0), "\t\t") substr($0, 7))
	next
}
file == 2 { put($0) }
END {
	if (!n) {
		print "fill.awk: there are no options" >"/dev/stderr"
		exit 1
	}
}

function put(line) {
	gsub(/@COMMANDS@/, commands, line)
	gsub(/@PROGRAM@/, program, line)
	gsub(/@F@/, function_name, line)
	print line
}

# names of option i, with between in the middle
function both(i, between) {
	return short[i] (short[i] != "" && long[i] != "" ? between : "") long[i]
}

# --- bash ---

# " | " becomes " | \" and a new line where a line would be too long
function wrap(text, indent,	part, count, i, line, out) {
	count = split(text, part, / \| /)
	line = indent part[1]
	for (i = 2; i <= count; i++) {
		if (length(line) + length(part[i]) > 90) {
			out = out line " | \\\n"
			line = indent "\t" part[i]
		} else {
			line = line " | " part[i]
		}
	}
	return out line
}

function put_names(	i, line) {
	for (i = 1; i <= n; i++) {
		if (length(line) + length(both(i, " ")) > 90) {
			print line
			line = ""
		}
		line = line (line == "" ? "" : " ") both(i, " ")
	}
	print line
}

# names of the options of these kinds whose argument must, or may, be there
function patterns(kinds, may,	i, out) {
	for (i = 1; i <= n; i++)
		if (optional[i] == may && index(" " kinds " ", " " kind[i] " "))
			out = out (out == "" ? "" : " | ") both(i, " | ")
	return out
}

function put_case(list, action) {
	if (list != "")
		put(wrap(list, "\t") ")" (action == "" ? "" : " ") action " ;;")
}
function put_cases(may,	i) {
	for (i = 1; i <= n; i++)
		if (kind[i] == "WORD" && optional[i] == may)
			put_case(both(i, " | "), "@F@_words '" words[i] "'")
	put_case(patterns("INPUT SOURCE OUTPUT", may), "@F@_files -f")
	put_case(patterns("DIR", may), "@F@_dir \"$1\"")
	put_case(patterns("TEXT", may), "")
}

# --- zsh ---

# What a line has room for, without what ends a description or a specification.
function brief(s) {
	sub(/(; | \().*/, "", s)
	gsub(/: /, " - ", s)
	gsub(/[][]/, "\\\\&", s)
	gsub(/'/, "'\\''", s)
	return s
}

function argument(i,	label, action) {
	if (kind[i] == "ALONE")
		return ""
	label = tolower(name[i])
	gsub(/^\[=|\]$/, "", label)
	if (!optional[i])
		label = tolower(name[i])
	gsub(/:/, "\\:", label)
	action = kind[i] == "WORD" ? "(" words[i] ")" : kind[i] == "DIR" ? "_files $dir" : \
		kind[i] == "TEXT" ? "" : "_files"
	return (optional[i] ? "::" : ":") label ":" action
}

# '(-b --block-size)'{-b+,--block-size=}'[...]:size:(4K 8K)' \
function put_spec(i,	after_short, after_long, names) {
	if (kind[i] != "ALONE") {
		after_short = optional[i] ? "-" : "+"
		after_long = optional[i] ? "=-" : "="
	}
	if (short[i] != "" && long[i] != "")
		names = (repeated[i] ? "'*'" : "'(" both(i, " ") ")'") \
			"{" short[i] after_short "," long[i] after_long "}'"
	else if (short[i] != "")
		names = "'" (repeated[i] ? "*" : "") short[i] after_short
	else
		names = "'" (repeated[i] ? "*" : "") long[i] after_long
	print "\t" names "[" brief(help[i]) "]" argument(i) "' \\"
}
