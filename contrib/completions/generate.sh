#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Prints the completion of a program for a shell, made from the program's tables
# in C: rows.awk reads them, fill.awk fills a template.
#
#	generate.sh SRCDIR .../bash/PROGRAM | .../zsh/_PROGRAM
#
# bash.in is the template of bash, and PROGRAM.bash the functions of its own that a
# program has; PROGRAM.zsh is the template of zsh. This runs wherever configure
# does: nothing is compiled for it.
set -eu
: "${AWK:=awk}"
top=$1
here=$top/contrib/completions
program=${2##*/}
program=${program#_}
folder=$program
[ "$program" != xipstat ] || folder=tools/xipstat
case $2 in
*/bash/*) shell=bash template=$here/bash.in ;;
*/zsh/*) shell=zsh template=$here/$program.zsh ;;
esac

set -- "$top/$folder/options.c"
[ ! -f "$top/$folder/command.c" ] || set -- "$@" "$top/$folder/command.c"
"$AWK" -f "$here/rows.awk" "$@" |
	"$AWK" -v shell="$shell" -v program="$program" -v own="$here/$program.bash" \
		-f "$here/fill.awk" - "$template"
