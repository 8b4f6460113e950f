#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The corpus for other readers: it is made, it is the same each time, and what it says is right.
# shellcheck source=tests/tap.sh
. "${top_srcdir:?}/tests/tap.sh"
here=$top_srcdir/tests/corpus
make_sh=$here/make.sh
export MKCRAMFS_XIP

sums() {
	(cd "$1" && cksum -- *)
}
same() {
	sums "$1" >"$scratch/sums.1" && sums "$2" >"$scratch/sums.2" && cmp "$scratch/sums.1" "$scratch/sums.2"
}

check_exit 0 "it is made" sh "$make_sh" "$scratch/one"
check "README.md is among it" test -s "$scratch/one/README.md"
check "a second time" sh "$make_sh" "$scratch/two"
check "with the same bytes" same "$scratch/one" "$scratch/two"
rm -rf "$scratch/two"
check_exit 1 "not into a directory that holds something" sh "$make_sh" "$scratch/one"
check "which is named" grep -q "one is not empty" "$scratch/err"

if command -v python3 >/dev/null; then
	verdicts "" python3 -B "$here/check.py" "$scratch/one"

	# Can it fail?
	mkdir "$scratch/spoilt"
	cp "$scratch/one/built-extended-4k-le.img" "$scratch/spoilt/"
	sed '0,/"crc32": "[0-9a-f]*"},/s//"crc32": "00000000"},/' "$scratch/one/built-extended-4k-le.json" >"$scratch/spoilt/built-extended-4k-le.json"
	python3 -B "$here/check.py" "$scratch/spoilt" >"$scratch/verdicts"
	check "self-test: wrong contents are found" grep -q "note .*built-extended-4k-le.img: .*: contents" "$scratch/verdicts"
else
	skip "python3 is not installed"
fi
done_testing
