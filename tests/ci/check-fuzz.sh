#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# ./quickstart check-fuzz [NAME...]: run each fuzz target of tests/fuzz, or those named, for
# CRX_FUZZ_SECONDS (default 60). A target counts as one test. The last line is
# "N passed, M failed".
#
# The build is in build/fuzz, and corpora stay there between runs.

cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/ci/suite.sh
. tests/ci/suite.sh

seconds=${CRX_FUZZ_SECONDS:-60}

list() {
	cat <<-'END'
		archive       archives, alone and as overlays
		devtable      device tables
		differential  a tree and options: build, read back, compare
		executables   ELF and flat binaries
		gate          conditions of --fail-if, and JSON for --against
		image         images, which are checked, read, explained, extracted
		inflate       zlib streams: zlib itself must agree
		mtree         mtree manifests
		options       command lines of mkcramfs-xip
		packages      databases and lists of packages
		policy        policy files
		profile       profiles
	END
}

run_target() {
	say "fuzzing $1 for $seconds s"
	fuzz_log=build/logs/fuzz-$1.log
	if make -C build/fuzz fuzz TARGET="$1" SECONDS="$seconds" </dev/null >"$fuzz_log" 2>&1; then
		passed=$((passed + 1))
		sed -n 's/^stat::number_of_executed_units: *\([0-9]*\)$/  \1 inputs/p' "$fuzz_log"
	else
		failed=$((failed + 1))
		show_log "fuzz-$1"
	fi
}

choose "$@"
ensure $autotools build fuzz
build fuzz 'the fuzz targets' --enable-fuzzing --enable-werror CC=clang || die 'the build failed'
make -C build/fuzz -j"$jobs" fuzz-programs </dev/null >build/logs/fuzz-programs.log 2>&1 || {
	show_log fuzz-programs
	die 'the build of the targets failed'
}
for target in $names; do
	run_target "$target"
done
finish
