#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# run.sh TARGET SECONDS: fuzz one target in a build with --enable-fuzzing. The corpus stays in
# tests/fuzz/corpus/TARGET of the build; an input that fails is put into tests/fuzz/found/TARGET,
# and the exit status is not 0.

set -u
: "${top_srcdir:?}" "${top_builddir:?}"
target=$1
seconds=$2
fuzz=$top_builddir/tests/fuzz
mkdir -p "$fuzz/corpus/$target" "$fuzz/found/$target" || exit 1
base=${TMPDIR:-/tmp}
[ ! -d /dev/shm ] || [ ! -w /dev/shm ] || base=/dev/shm
scratch=$(mktemp -d "$base/crxfuzz.XXXXXX") || exit 1
trap 'chmod -R u+rwx "$scratch" 2>/dev/null; rm -rf "$scratch"' EXIT
trap 'exit 99' HUP INT TERM
mkdir "$scratch/made"
"$fuzz/mkseeds" "$scratch/made" || exit 1

set -- "$fuzz/corpus/$target"
for dir in "$scratch/made/$target" "$top_srcdir/tests/fuzz/seeds/$target" "$top_srcdir/tests/fuzz/kept/$target"; do
	[ ! -d "$dir" ] || set -- "$@" "$dir"
done
dict=$top_srcdir/tests/fuzz/dict/$target
[ ! -f "$dict" ] || set -- "-dict=$dict" "$@"
case $target in
image | archive | executables | packages) longest=65536 ;;
*) longest=2000 ;;
esac
# An input that takes a minute or 4 GiB is a failure. (Alone on a processor, none takes a second.)
TMPDIR=$scratch "$fuzz/fuzz_$target" -max_total_time="$seconds" -timeout=60 -rss_limit_mb=4096 \
	-max_len=$longest -print_final_stats=1 -artifact_prefix="$fuzz/found/$target/" "$@" </dev/null
