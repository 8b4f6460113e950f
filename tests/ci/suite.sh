# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# Runs suites of tests in builds of the project, and adds up what they say. Sourced
# by the scripts that ./quickstart check and its sisters run, in the top directory of
# the project. They define list(), and list_others() for what runs only on request: a
# line each, a name and what it does; then check_NAME() for each name; and end with
#
#	choose "$@"		sets $names, or lists them, or refuses a name
#	ensure SET...
#	run_checks

set -u
LC_ALL=C
PATH=$PATH:/usr/sbin:/sbin
export LC_ALL PATH
top=$PWD
# shellcheck source=tests/ci/build.sh
. tests/ci/build.sh
# shellcheck source=tests/ci/packages.sh
. tests/ci/packages.sh

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
	say "  $1 passed, $2 failed, $3 skipped in $(($(date +%s) - suite_started)) s"
	grep -E '^(SKIP|FAIL|XPASS|ERROR):' "$count_log" | grep -v CRX_SKIP_KERNEL | sed 's/^/  /'
	[ "$2" -eq 0 ]
}

# suite NAME WHAT BUILD TARGET: run make TARGET in build/BUILD, add up what its
# tests say
suite() {
	suite_name=$1
	say "$2"
	suite_failed=$failed
	suite_started=$(date +%s)
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

# variant NAME WHAT TARGET CONFIGURE-ARG...: another build, and make TARGET in it, with every seventh
# fault only, for the time. The kernel boots what the first build made.
variant() {
	variant_name=$1
	variant_what=$2
	variant_target=$3
	shift 3
	if build "$variant_name" "$variant_what" "$@"; then
		CRX_SKIP_KERNEL=1 CRX_FAULTS=7 suite "$variant_name-check" "testing $variant_what" "$variant_name" "$variant_target"
	else
		failed=$((failed + 1))
	fi
}

# in_main WHAT TARGET: make TARGET in build/main
in_main() {
	if build main mkcramfs-xip --enable-werror; then
		CRX_SKIP_KERNEL=1 suite "$2" "$1" main "$2"
	else
		failed=$((failed + 1))
	fi
}

list_others() {
	:
}

# choose [--list | NAME...]: by default all that list() has
choose() {
	case ${1-} in
	--list)
		list
		[ -z "$(list_others)" ] || say 'Not run by default:'
		list_others
		exit
		;;
	'') names=$(list | sed 's/[[:space:]].*//') ;;
	*) names=$* ;;
	esac
	known=$({ list && list_others; } | sed 's/[[:space:]].*//' | paste -s -d ' ' -)
	for name in $names; do
		case " $known " in
		*" $name "*) ;;
		*) die "no check is called $name; known checks: $known" ;;
		esac
	done
}

# run_checks: those of $names, and the last line
run_checks() {
	for name in $names; do
		run_started=$(date +%s)
		"check_$name"
		say "  $name took $(($(date +%s) - run_started)) s"
	done
	finish
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
