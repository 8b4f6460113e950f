#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Every finding of lib/read/findings.c is in cramfsck-xip(8).
# shellcheck source=tests/tap.sh
. "${top_srcdir:?}/tests/tap.sh"

# identifiers TABLE: of rows such as [CRX_F_CRC] = { "crc", ERROR, ...
identifiers() {
	sed -n 's/^	\[CRX_F_[A-Z0-9_]*\] = { "\([a-z0-9-]*\)", .*$/\1/p' "$1"
}
# missing TABLE PAGE: identifiers that no line of names in the section has
missing() {
	sed -n '/^\.SH FINDINGS$/,/^\.SH JSON$/{
		/^\.BR\{0,1\} /{
			s/^\.BR\{0,1\} //
			s/ ", " / /g
			s/\\-/-/g
			p
		}
	}' "$2" | tr ' ' '\n' >"$scratch/documented"
	identifiers "$1" | grep -vxF -f "$scratch/documented"
}
none_missing() {
	! missing "$@"
}

table=$top_srcdir/lib/read/findings.c
page=$top_srcdir/man/cramfsck-xip.8
check "every row of the table was read" test "$(identifiers "$table" | wc -l)" -eq \
	"$(grep -c '^	\[CRX_F_' "$table")"
check "every finding is in the man page" none_missing "$table" "$page"

# Can it fail?
sed 's/exact\\-tail/exact\\-head/' "$page" >"$scratch/page.8"
check "self-test: one that is not is found" missing "$table" "$scratch/page.8"
done_testing
