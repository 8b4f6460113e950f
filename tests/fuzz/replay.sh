#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Every fuzz target on its seeds and on the cases that were kept.
# shellcheck source=tests/tap.sh
. "${top_srcdir:?}/tests/tap.sh"

fuzz=$top_srcdir/tests/fuzz
mkdir "$scratch/made"
check "seeds are made" "$top_builddir/tests/fuzz/mkseeds" "$scratch/made"

# replay TARGET: "TARGET: N inputs"
replay() {
	set -- "$1" "$scratch/made/$1" "$fuzz/seeds/$1" "$fuzz/kept/$1"
	target=$1
	shift
	for dir; do
		shift
		[ ! -d "$dir" ] || set -- "$@" "$dir"
	done
	if FUZZ_VERBOSE=1 TMPDIR=$scratch "$top_builddir/tests/fuzz/fuzz_$target" "$@" \
		>"$scratch/out" 2>"$scratch/err" </dev/null; then
		ok "$target: $(cat "$scratch/out") inputs"
	else
		not_ok "$target"
		tail -n 30 "$scratch/err" | sed 's/^/# /'
	fi
}
for source in "$fuzz"/*.c; do
	grep -q '^int LLVMFuzzerTestOneInput' "$source" || continue
	target=${source##*/}
	replay "${target%.c}"
done
done_testing
