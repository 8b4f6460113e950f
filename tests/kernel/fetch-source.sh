#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Print the path of the tarball of a kernel's sources, from Debian's linux-source packages.
#
#   fetch-source.sh VERSION      6.1, 5.10, ...; newest: of all suites
#
# A tarball in /usr/src is used if there is one. Otherwise the package is fetched from whichever
# suite has it, by an apt state of this script's own, and its tarball is kept in
# $CRX_CACHE/sources (default: ${XDG_CACHE_HOME:-~/.cache}/mkcramfs-xip).
# Exit status 77: the sources are not available, and standard error says why.

set -u
LC_ALL=C
export LC_ALL
# shellcheck source=tests/apt-state.sh
. "$(dirname "$0")/../apt-state.sh"

missing() {
	printf '%s\n' "$*" >&2
	exit 77
}

[ $# -eq 1 ] || {
	echo 'usage: fetch-source.sh VERSION' >&2
	exit 1
}
version=$1
file=/usr/src/linux-source-$version.tar.xz
if [ -f "$file" ]; then
	printf '%s\n' "$file"
	exit
fi

# The first release of 5.10 that is left has what a later one has changed (doc/kernel.md).
case $version in
5.10) suites=bullseye ;;
6.1) suites=bookworm ;;
6.12) suites=trixie ;;
*) suites='unstable experimental trixie-backports' ;;
esac
cache=${CRX_CACHE:-${XDG_CACHE_HOME:-${HOME:-}/.cache}/mkcramfs-xip}/sources
# shellcheck disable=SC2086 # a list of words
apt_open "$cache/apt-$version" amd64 $suites || exit 77

# found: the package of this version, or the newest that there is
found() {
	[ "$version" != newest ] || version=$(apt-cache -c "$apt_state/apt.conf" search --names-only '^linux-source-[0-9.]+$' |
		sed -n 's/^linux-source-\([0-9.]*\) .*/\1/p' | sort -V | tail -n 1)
	package=$(apt-cache -c "$apt_state/apt.conf" show --no-all-versions "linux-source-$version" 2>/dev/null |
		sed -n 's/^Version: //p' | head -n 1)
	[ -n "$package" ]
}

# fetched: its tarball is in the cache
fetched() {
	found || return
	file=$cache/$package/linux-source-$version.tar.xz
	[ ! -f "$file" ] || return 0
	new=$cache/new-$version
	rm -rf "$new" && mkdir -p "$new" && cd "$new" || return
	apt_run download "linux-source-$version" &&
		dpkg-deb --fsys-tarfile linux-source-*.deb | tar -xf - --strip-components=3 "./usr/src/linux-source-$version.tar.xz" &&
		xz -t "linux-source-$version.tar.xz" && rm -f ./*.deb && rm -rf "${cache:?}/$package" && mv "$new" "$cache/$package"
}

apt_try fetched || missing "linux-source-$version cannot be fetched (see $apt_log)"
printf '%s\n' "$file"
