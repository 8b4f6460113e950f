# SPDX-License-Identifier: GPL-2.0-or-later
# TAP for shell tests. Source this, call ok, not_ok, skip or check, and end with done_testing.
#
#   check "what must hold" COMMAND [ARG...]     passes if the command exits with 0; it may read
#                                               $scratch/out and $scratch/err
#   check_exit N "what must hold" COMMAND...    passes if it exits with N; its output is in
#                                               $scratch/out and $scratch/err
#   verdicts PREFIX COMMAND...          a test point for each line "pass WHAT" or "fail WHAT" that it
#                                       prints, and one if it fails; PREFIX comes before WHAT
#   json FILE EXPRESSION                        prints a member of a JSON file; needs python3
#   lacks PROGRAM                               skips; fails in CI, where quickstart installed it
#   $scratch                                    a directory of this test's own, removed at the end

: "${top_srcdir:?}" "${top_builddir:?}"
MKCRAMFS_XIP=${MKCRAMFS_XIP:-$top_builddir/mkcramfs-xip/mkcramfs-xip}
tap_n=0
tap_failed=0
scratch=$(mktemp -d "${TMPDIR:-/tmp}/crxtest.XXXXXX") || exit 99
trap 'chmod -R u+rwx "$scratch" 2>/dev/null; rm -rf "$scratch"' EXIT
trap 'exit 99' HUP INT TERM

ok() {
	tap_n=$((tap_n + 1))
	echo "ok $tap_n - $*"
}

not_ok() {
	tap_n=$((tap_n + 1))
	tap_failed=$((tap_failed + 1))
	echo "not ok $tap_n - $*"
}

skip() {
	tap_n=$((tap_n + 1))
	echo "ok $tap_n - # SKIP $*"
}

lacks() {
	case ${CI-} in
	'' | 0 | false) skip "$1 is not installed" ;;
	*) not_ok "$1 is not installed, which CI must have" ;;
	esac
}

diag() {
	printf '%s\n' "$*" | sed 's/^/# /'
}

# diagnose FILE: its first lines as diagnostics
diagnose() {
	[ -s "$1" ] && sed -n '1,20s/^/# /p' "$1"
}

check() {
	tap_what=$1
	shift
	if "$@" >"$scratch/check.out" 2>"$scratch/check.err"; then
		ok "$tap_what"
	else
		not_ok "$tap_what"
		diag "exit $? of: $*"
		diagnose "$scratch/check.out"
		diagnose "$scratch/check.err"
	fi
}

check_exit() {
	tap_want=$1
	tap_what=$2
	shift 2
	"$@" >"$scratch/out" 2>"$scratch/err"
	tap_got=$?
	if [ "$tap_got" -eq "$tap_want" ]; then
		ok "$tap_what"
	else
		not_ok "$tap_what"
		diag "exit $tap_got, wanted $tap_want: $*"
		diagnose "$scratch/out"
		diagnose "$scratch/err"
	fi
}

# json FILE EXPRESSION: what a Python expression says of the JSON in FILE, see json_of.py
json() {
	python3 -B "$top_srcdir/tests/json_of.py" "$1" "$2"
}

# says REGEX "what": the last command's standard error matches
says() {
	if grep -qE -- "$1" "$scratch/err"; then
		ok "$2"
	else
		not_ok "$2"
		diag "standard error does not match: $1"
		diagnose "$scratch/err"
	fi
}

verdicts() {
	tap_prefix=$1
	shift
	"$@" >"$scratch/verdicts" 2>"$scratch/err" || {
		not_ok "${tap_prefix}the comparison runs"
		diagnose "$scratch/err"
	}
	while IFS= read -r tap_line; do
		case $tap_line in
		'pass '*) ok "$tap_prefix${tap_line#pass }" ;;
		'fail '*) not_ok "$tap_prefix${tap_line#fail }" ;;
		*) diag "$tap_line" ;;
		esac
	done <"$scratch/verdicts"
}

done_testing() {
	echo "1..$tap_n"
	[ "$tap_failed" -eq 0 ]
	exit
}
