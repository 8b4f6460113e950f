#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Fill DIR with unpacked Debian packages: a real root file system for images.
#
#   sample-root.sh DIR [small|demo|large|devel|fuse [ARCH]]
#
# small: the size of a small router's root (about 20 MB). demo: also the C++ library.
# large: some 85 MB, which the kernel tests boot. devel: what this project is built with
# on a host of that architecture; fuse: what cramfs-xip-fuse is built with. ARCH is
# Debian's name of an architecture (armhf). DIR.list, next to it, names each package and
# version. As long as the mirror offers the same versions, DIR is not changed.
#
# Packages come from the system's own apt sources and keys, with a separate apt
# state (apt-state.sh). Root is not needed. Downloads are kept in $CRX_CACHE/apt, or
# apt-ARCH for others than armhf ($CRX_CACHE: by default
# ${XDG_CACHE_HOME:-~/.cache}/mkcramfs-xip).

set -u
LC_ALL=C
export LC_ALL
# shellcheck source=tests/apt-state.sh
. "$(dirname "$0")/apt-state.sh"

# Without recommended packages; what these depend on comes with them.
small='busybox dropbear-bin libc6 libgcc-s1 openssl zlib1g'
demo="$small libstdc++6"
large="$small bash coreutils e2fsprogs libpython3-stdlib libstdc++6 perl-base
	python3-minimal sqlite3 strace"
fuse='libfuse3-dev zlib1g-dev'
devel='libarchive-dev libc-bin libc6-dev libcmocka-dev libdeflate-dev libelf-dev libjson-c-dev
	libxxhash-dev zlib1g-dev'

die() {
	printf 'sample-root: %s\n' "$*" >&2
	exit 1
}

case $# in
1 | 2 | 3) ;;
*) die 'usage: sample-root.sh DIR [small|demo|large|devel|fuse [ARCH]]' ;;
esac
case ${2-large} in
small) wanted=$small ;;
demo) wanted=$demo ;;
large) wanted=$large ;;
devel) wanted=$devel ;;
fuse) wanted=$fuse ;;
*) die "no such set: $2 (small, demo, large, devel or fuse)" ;;
esac
arch=${3-armhf}
dir=${1%/}
[ -n "$dir" ] || die 'DIR must not be the root directory'

cache=${CRX_CACHE:-${XDG_CACHE_HOME:-${HOME:-}/.cache}/mkcramfs-xip}/apt
[ "$arch" = armhf ] || cache=$cache-$arch
apt_open "$cache" "$arch" || die 'cannot make a sample root'
cache=$apt_state

# The package files that make up the set: name_version_arch.deb, sorted.
resolve() {
	# shellcheck disable=SC2086 # a list of words
	apt-get -q -y -s -c "$cache/apt.conf" install $wanted >"$cache/plan" 2>>"$apt_log" || return
	sed -n 's/^Inst \([^ ]*\) (\([^ ]*\) .*\[\([a-z0-9]*\)\]).*/\1_\2_\3.deb/p' "$cache/plan" |
		sed 's/:/%3a/g' | sort >"$cache/files"
	[ -s "$cache/files" ]
}

have_all() {
	while read -r file; do
		[ -s "$cache/archives/$file" ] || return
	done <"$cache/files"
}

fetch() {
	# shellcheck disable=SC2086
	resolve && { have_all || apt_run --download-only install $wanted; } && have_all
}

apt_try fetch || {
	tail -n 5 "$apt_log" >&2
	die "$arch packages cannot be fetched (see $apt_log); does the mirror in this system's apt sources carry $arch?"
}

if [ -d "$dir" ] && cmp -s "$cache/files" "$dir.list"; then
	exit 0
fi
if [ -e "$dir" ] && [ ! -e "$dir.list" ] && [ -n "$(ls -A "$dir")" ]; then
	die "$dir is not empty and was not made by this script"
fi
new=$dir.partial
rm -rf "$new" && mkdir -p "$new" || exit 1
while read -r file; do
	dpkg-deb -x "$cache/archives/$file" "$new" || die "$cache/archives/$file cannot be unpacked; remove it and try again"
done <"$cache/files"

# Releases with a merged /usr leave these links to a maintainer script.
for d in bin lib sbin; do
	[ -e "$new/$d" ] || [ ! -d "$new/usr/$d" ] || ln -s "usr/$d" "$new/$d" || exit 1
done
mkdir -p "$new/dev" "$new/proc" "$new/sys" "$new/tmp" || exit 1
rm -rf "$dir" && mv "$new" "$dir" && cp "$cache/files" "$dir.list"
