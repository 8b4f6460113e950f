# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# Compares the reports of a static analyser with those that were looked at and are
# accepted. Sourced, after tests/tap.sh, by the scripts that run one.

# compare_reports NAME REPORTS: REPORTS has lines "FILE: MESSAGE [ID]"; FILE and ID are
# compared with the lines "FILE ID REASON" of tests/lint/NAME.accepted. An entry without
# a report is wrong as well, so that the list stays short.
compare_reports() {
	accepted=$top_srcdir/tests/lint/$1.accepted
	sort -u "$2" >"$scratch/reports"
	while IFS= read -r report; do
		id=$(printf '%s\n' "$report" | sed 's/.*\[\([^]]*\)\]$/\1/')
		if grep -q "^${report%%:*} $id " "$accepted"; then
			ok "accepted: ${report%%:*} $id"
		else
			not_ok "$report"
		fi
	done <"$scratch/reports"
	while read -r file id reason; do
		case $file in '' | '#') continue ;; esac
		grep -q "^$file: .*\[$id\]$" "$scratch/reports" ||
			not_ok "$1.accepted: $file has no such report any more: $id ($reason)"
	done <"$accepted"
}
