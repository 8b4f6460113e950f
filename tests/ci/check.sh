#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The checks that CI runs, each with a name. They build the project in several
# ways and run its tests. The last line is "N passed, M failed".
#
#   tests/ci/check.sh             all checks that CI runs, in this order
#   tests/ci/check.sh NAME...     only these
#   tests/ci/check.sh --list      their names
#
# Missing packages are installed first. Builds are in build/NAME, logs in build/logs.
# shellcheck disable=SC2317 # a check is called by its name

cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/ci/suite.sh
. tests/ci/suite.sh

list() {
	cat <<-'END'
		main        gcc, warnings are errors; all tests, with the kernel's
		sanitizers  gcc with AddressSanitizer and UndefinedBehaviorSanitizer
		clang       clang, warnings are errors; the tests that depend on the compiler
		minimal     without libdeflate, libarchive, json-c and libfuse; the tests that depend on libraries
		release     a release tarball, built and tested (make distcheck)
	END
}
# Not in CI: they need more time or more tools.
list_others() {
	cat <<-'END'
		lint        the lints of main alone
		tidy        clang-tidy on the product, and its reports compared with those accepted
		cppcheck    the same with cppcheck
		valgrind    the unit tests under valgrind
		coverage    the lines and branches of lib/ that the tests reach
	END
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
	CRX_FAULTS=3 suite main-check 'testing it; the first time a kernel is built, for some minutes' main check
	if in_ci && grep -q '^SKIP: tests/kernel/' build/logs/main-check.log; then
		say '  the kernel test may not be skipped in CI'
		failed=$((failed + 1))
	fi
}

check_sanitizers() {
	variant sanitized 'with sanitizers' check-build --enable-werror --enable-sanitizers
}

check_clang() {
	if build clang 'with clang' --enable-werror CC=clang; then
		suite clang-check 'testing what depends on the compiler' clang check-host
	else
		failed=$((failed + 1))
	fi
}

check_minimal() {
	variant minimal 'without libdeflate, libarchive, json-c and libfuse' check-libraries --enable-werror \
		--without-libdeflate --without-libarchive --without-json-c --without-libfuse
}

check_release() {
	CRX_FAULTS=7 in_main 'making a release tarball, building and testing it' distcheck
}

check_lint() {
	in_main 'running the lints' lint
}

check_tidy() {
	in_main 'running clang-tidy' tidy
}

check_cppcheck() {
	in_main 'running cppcheck' cppcheck
}

check_valgrind() {
	in_main 'running the unit tests under valgrind' check-valgrind
}

check_coverage() {
	in_main 'counting the lines and branches that the tests reach' coverage
	sed -n 's/^\(lines\|branches\) of lib/  &/p' build/logs/coverage.log
}

choose "$@"
ensure $autotools build check
for name in $names; do
	case $name in
	main) ensure kernel ;;
	tidy | cppcheck | valgrind) ensure "$name" ;;
	esac
done
run_checks
