#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Turn the page of `report` into C: embed.sh DIR >report_page.c. It replaces the marks in
# DIR/page.html by the style sheet and the scripts, and splits the page where the data belongs.
set -e
dir=$1

page() {
	while IFS= read -r line; do
		case $line in
		'@STYLE@') cat "$dir/page.css" ;;
		'@SCRIPT@') cat "$dir/model.js" "$dir/strip.js" "$dir/table.js" "$dir/details.js" "$dir/packages.js" "$dir/main.js" ;;
		*) printf '%s\n' "$line" ;;
		esac
	done <"$dir/page.html"
}

# bytes NAME: standard input as an array
bytes() {
	echo "const unsigned char $1[] = {"
	od -An -v -tu1 | awk '
		{ gsub(/ +/, ","); sub(/^,/, ""); sub(/,$/, ""); printf "%s,", $0 }
		NR % 32 == 0 { print "" }
		END { print "" }'
	echo "};"
	echo "const size_t $1_len = sizeof($1);"
}

echo '/* SPDX-License-Identifier: GPL-2.0-or-later */'
echo '#include "config.h"'
echo
echo '#include <stddef.h>'
echo
echo 'extern const unsigned char report_head[], report_tail[]; /* as in report.h, which an out-of-tree build does not find from here */'
echo 'extern const size_t report_head_len, report_tail_len;'
echo
page | sed '/^@DATA@$/,$d' | bytes report_head
page | sed '1,/^@DATA@$/d' | bytes report_tail
