#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# make dist gives the same bytes in every directory, at any time and with any umask; and
# the version is the same everywhere.
# shellcheck disable=SC2317 # functions are called by check
# shellcheck source=tests/tap.sh
. "${top_srcdir:?}/tests/tap.sh"

version=$("$top_srcdir/contrib/release.sh" version)
date=$("$top_srcdir/contrib/release.sh" date)
check "CHANGELOG.md has a dated section for version $version" \
	grep -qE "^## \[$version\] - [0-9]{4}-[0-9]{2}-[0-9]{2}\$" "$top_srcdir/CHANGELOG.md"
check "contrib/rpm/mkcramfs-xip.spec has that version" \
	grep -qx "Version:  *$version" "$top_srcdir/contrib/rpm/mkcramfs-xip.spec"

# dist_in DIR BUILD: copy the tree to DIR, configure it in BUILD, and make dist there
dist_in() {
	"$top_srcdir/contrib/release.sh" copy "$1" || return
	(cd "$1" && { [ -e configure ] || autoreconf -i; } && mkdir -p "$2" && cd "$2" &&
		"$1/configure" --quiet && make dist) >"$scratch/dist.log" 2>&1 && return
	diagnose "$scratch/dist.log"
	return 1
}
# The second: another depth, a build in the source tree, an umask that lets nobody else
# read, another time zone.
dist_elsewhere() (
	umask 077
	TZ=Asia/Kathmandu
	export TZ
	dist_in "$scratch/else/where/two" "$scratch/else/where/two" &&
		find "$scratch/else/where/two" -type f -exec chmod go-rwx {} + -exec touch {} + &&
		cd "$scratch/else/where/two" && make dist >"$scratch/dist.log" 2>&1
)
tarball=mkcramfs-xip-$version.tar.xz
check "make dist" dist_in "$scratch/one" "$scratch/one/build"
check "make dist in another directory, with another umask" dist_elsewhere
one=$scratch/one/build/$tarball
check "the same bytes" cmp "$one" "$scratch/else/where/two/$tarball"

listing() {
	tar -tvf "$one" --numeric-owner --full-time --utc
}
# shellcheck disable=SC2016 # awk's
check "all files belong to root, have usual modes and the date of the release" awk \
	-v date="$(date -u -d "$date" '+%Y-%m-%d %H:%M:%S')" '
	$1 !~ /^(drwxr-xr-x|-rwxr-xr-x|-rw-r--r--)$/ || $2 != "0/0" || $4 " " $5 != date { print; bad = 1 }
	END { exit bad || !NR }' <<END
$(listing)
END
sorted() {
	tar -tf "$one" | sed 's|/$||' | tr / '\1' | LC_ALL=C sort -c
}
check "the files are sorted" sorted

# Packages are built from an unpacked release, too.
mkdir "$scratch/release" "$scratch/built"
tar -xf "$one" -C "$scratch/release" --strip-components=1
tar -xf "$one" -C "$scratch/built" --strip-components=1
mkdir "$scratch/built/build" "$scratch/built/lib/.deps"
for file in Makefile config.h config.status config.log build/x lib/x.o lib/x.a lib/.deps/x.Po; do
	: >"$scratch/built/$file"
done
copied() {
	"$scratch/built/contrib/release.sh" copy "$scratch/copy" &&
		diff -r "$scratch/release" "$scratch/copy"
}
check "release.sh copies a release without what was built in it" copied

# Can it fail?
check "self-test: SOURCE_DATE_EPOCH dates it" env SOURCE_DATE_EPOCH=86400 make -C "$scratch/one/build" dist
check_exit 1 "self-test: and makes another tarball" cmp "$one" "$scratch/else/where/two/$tarball"
check "self-test: of that date" test "$(listing | awk '{ print $4 }' | sort -u)" = 1970-01-02
done_testing
