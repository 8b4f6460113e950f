#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The checks that CI runs, each with a name. They build the project in several
# ways and run its tests. The last line is "N passed, M failed".
#
#   tests/ci/checks.sh             all checks that CI runs, in this order
#   tests/ci/checks.sh NAME...     only these
#   tests/ci/checks.sh --list      their names
#
# Missing packages are installed first. Builds are in build/NAME, logs in build/logs.
# shellcheck disable=SC2317 # a check is called by its name

set -u
LC_ALL=C
PATH=$PATH:/usr/sbin:/sbin
export LC_ALL PATH
top=$(cd "$(dirname "$0")/../.." && pwd) || exit 1
cd "$top" || exit 1
# shellcheck source=tests/ci/build.sh
. tests/ci/build.sh
# shellcheck source=tests/ci/packages.sh
. tests/ci/packages.sh

list() {
	cat <<-'END'
		main        gcc, warnings are errors; all tests, with the kernel's
		sanitizers  gcc with AddressSanitizer and UndefinedBehaviorSanitizer
		clang       clang, warnings are errors
		minimal     without libdeflate, libarchive and json-c
		release     a release tarball, built and tested (make distcheck)
	END
}
# Not in CI: they need more time or more tools.
list_others() {
	cat <<-'END'
		lint        the lints of main alone
		valgrind    the unit tests under valgrind
		coverage    all tests but the kernel's, with lines and branches counted
	END
}

passed=0
failed=0
skipped=0

# count NAME: add up automake's totals in the log of a `make check`
count() {
	count_log=build/logs/$1.log
	# shellcheck disable=SC2046 # three numbers
	set -- $(awk '
		/^SKIP:.*CRX_SKIP_KERNEL/ { unasked++ }
		/^# (PASS|XFAIL): / { p += $3 }
		/^# (FAIL|XPASS|ERROR): / { f += $3 }
		/^# SKIP: / { s += $3 }
		END { print p + 0, f + 0, s - unasked }' "$count_log")
	passed=$((passed + $1))
	failed=$((failed + $2))
	skipped=$((skipped + $3))
	say "  $1 passed, $2 failed, $3 skipped"
	grep -E '^(SKIP|FAIL|XPASS|ERROR):' "$count_log" | grep -v CRX_SKIP_KERNEL | sed 's/^/  /'
	[ "$2" -eq 0 ]
}

# suite NAME WHAT BUILD TARGET: run make TARGET in build/BUILD, add up what its
# tests say
suite() {
	suite_name=$1
	say "$2"
	suite_failed=$failed
	rm -f "build/$3/test-suite.log"
	make -C "build/$3" -j"$jobs" "$4" </dev/null >"build/logs/$suite_name.log" 2>&1
	suite_exit=$?
	count "$suite_name"
	[ "$suite_exit" -eq 0 ] && return
	if [ "$failed" -gt "$suite_failed" ] && [ -s "build/$3/test-suite.log" ]; then
		show_file "build/$3/test-suite.log"
	else
		show_log "$suite_name"
	fi
	# What failed before any test could say so counts as well.
	[ "$failed" -gt "$suite_failed" ] || failed=$((failed + 1))
	return 1
}

# variant NAME WHAT CONFIGURE-ARG...: another build and its tests, but for the
# kernel's: it boots what the first build made
variant() {
	variant_name=$1
	variant_what=$2
	if build "$@"; then
		CRX_SKIP_KERNEL=1 suite "$variant_name-check" "testing $variant_what" "$variant_name" check
	else
		failed=$((failed + 1))
	fi
}

in_ci() {
	case ${CI-} in
	'' | 0 | false) return 1 ;;
	esac
}

check_main() {
	build main mkcramfs-xip --enable-werror || {
		failed=$((failed + 1))
		return
	}
	suite main-check 'testing it; the first time a kernel is built, for some minutes' main check
	if in_ci && grep -q '^SKIP: tests/kernel/' build/logs/main-check.log; then
		say '  the kernel test may not be skipped in CI'
		failed=$((failed + 1))
	fi
}

check_sanitizers() {
	variant sanitized 'with sanitizers' --enable-werror --enable-sanitizers
}

check_clang() {
	variant clang 'with clang' --enable-werror CC=clang
}

check_minimal() {
	variant minimal 'without libdeflate, libarchive and json-c' --enable-werror \
		--without-libdeflate --without-libarchive --without-json-c
}

# in_main WHAT TARGET: make TARGET in build/main
in_main() {
	if build main mkcramfs-xip --enable-werror; then
		CRX_SKIP_KERNEL=1 suite "$2" "$1" main "$2"
	else
		failed=$((failed + 1))
	fi
}

check_release() {
	in_main 'making a release tarball, building and testing it' distcheck
}

check_lint() {
	in_main 'running the lints' lint
}

check_valgrind() {
	in_main 'running the unit tests under valgrind' check-valgrind
}

check_coverage() {
	in_main 'counting the lines and branches that the tests reach' coverage
	sed -n '/^ *\(lines\|branches\)\./p' build/logs/coverage.log
}

finish() {
	if [ "$skipped" -gt 0 ]; then
		say "$passed passed, $failed failed, $skipped skipped"
	else
		say "$passed passed, $failed failed"
	fi
	[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
	exit
}

# known NAME
known() {
	{ list && list_others; } | grep -q "^$1 "
}

case ${1-} in
--list)
	list
	say 'Not run by default:'
	list_others
	exit
	;;
'') # shellcheck disable=SC2046 # a list of words
	set -- $(list | sed 's/ .*//') ;;
esac
for name; do
	known "$name" || die "no check is called $name; known checks: $({ list && list_others; } | sed 's/ .*//' | paste -s -d ' ' -)"
done
ensure $autotools build check
for name; do
	case $name in
	main) ensure kernel ;;
	valgrind | coverage) ensure "$name" ;;
	esac
	started=$(date +%s)
	"check_$name"
	say "  $name took $(($(date +%s) - started)) s"
done
finish
