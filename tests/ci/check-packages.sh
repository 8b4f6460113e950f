#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What users install: Debian packages, rpm packages and the release tarball. They are built
# and looked at.
#
#   tests/ci/check-packages.sh             all of them
#   tests/ci/check-packages.sh NAME...     only these
#   tests/ci/check-packages.sh --list      their names
#
# The packages are in build/packages, logs in build/logs.
# shellcheck disable=SC2317 # a check is called by its name

cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/ci/suite.sh
. tests/ci/suite.sh

list() {
	cat <<-'END'
		debian      packages for Debian: lintian, contents, and the programs run; xipstat also for armhf
		rpm         rpm packages: contents, and the programs run
		dist        the release tarball has the same bytes, wherever and whenever it is made
	END
}

# points NAME: run tests/packages/NAME.sh and add up its test points
points() {
	say "tests/packages/$1.sh"
	top_srcdir=$top top_builddir=$top/build/main packages=$top/build/packages/$1 \
		sh "tests/packages/$1.sh" </dev/null >"build/logs/packages-$1.log" 2>&1
	points_exit=$?
	sed 's/^/  /' "build/logs/packages-$1.log"
	# shellcheck disable=SC2046 # three numbers
	set -- "$1" $(awk '
		/^ok .*# SKIP/ { s++; next }
		/^ok / { p++ }
		/^not ok / { f++ }
		END { print p + 0, f + 0, s + 0 }' "build/logs/packages-$1.log")
	passed=$((passed + $2))
	failed=$((failed + $3))
	skipped=$((skipped + $4))
	# What failed before any test could say so counts as well.
	[ "$points_exit" -eq 0 ] || [ "$3" -gt 0 ] || failed=$((failed + 1))
}

check_debian() {
	points debian
}

check_rpm() {
	points rpm
}

check_dist() {
	points dist
}

choose "$@"
ensure autotools build packages
run_checks
