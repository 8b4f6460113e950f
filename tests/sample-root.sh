#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Fill DIR with unpacked Debian armhf packages: a real root file system for images.
#
#   sample-root.sh DIR [small|large]
#
# small: the size of a small router's root (about 20 MB). large: some 85 MB, which
# the kernel tests boot. DIR.list, next to it, names each package and version. As
# long as the mirror offers the same versions, DIR is not changed.
#
# Packages come from the system's own apt sources and keys, with a separate apt
# state: the machine's architectures, lists and packages stay as they are. Root is
# not needed. Downloads are kept in $CRX_CACHE/apt ($CRX_CACHE: by default
# ${XDG_CACHE_HOME:-~/.cache}/mkcramfs-xip).

set -u
LC_ALL=C
export LC_ALL

# Without recommended packages; what these depend on comes with them.
small='busybox dropbear-bin libc6 libgcc-s1 openssl zlib1g'
large="$small bash coreutils e2fsprogs libpython3-stdlib libstdc++6 perl-base
	python3-minimal sqlite3 strace"

die() {
	printf 'sample-root: %s\n' "$*" >&2
	exit 1
}

warn() {
	printf 'sample-root: warning: %s\n' "$*" >&2
}

case $# in
1 | 2) ;;
*) die 'usage: sample-root.sh DIR [small|large]' ;;
esac
case ${2-large} in
small) wanted=$small ;;
large) wanted=$large ;;
*) die "no such set: $2 (small or large)" ;;
esac
dir=${1%/}
[ -n "$dir" ] || die 'DIR must not be the root directory'
for tool in apt-get dpkg-deb flock; do
	command -v "$tool" >/dev/null || die "$tool is missing: a sample root needs a system with apt"
done

cache=${CRX_CACHE:-${XDG_CACHE_HOME:-${HOME:-}/.cache}/mkcramfs-xip}/apt
mkdir -p "$cache/lists/partial" "$cache/archives/partial" "$cache/etc" ||
	die "cannot make $cache: set CRX_CACHE to a directory that can be written"
cache=$(cd "$cache" && pwd) || exit 1
log=$cache/log
# One run at a time: the lists and the files below are shared.
exec 9>"$cache/lock"
flock 9 || die "cannot lock $cache/lock"
for file in "$cache/status" "$log"; do
	: >"$file" || exit 1
done

# The commands that a system hangs on to apt (emptying its archives, reporting
# to desktops) are not for this state.
cat >"$cache/apt.conf" <<-END || exit 1
	#clear APT::Update::Pre-Invoke;
	#clear APT::Update::Post-Invoke;
	#clear APT::Update::Post-Invoke-Success;
	#clear APT::Architectures;
	#clear APT::Default-Release;
	#clear Acquire::IndexTargets::deb::DEP-11;
	APT::Architecture "armhf";
	APT::Architectures { "armhf"; };
	APT::Install-Recommends "false";
	APT::Keep-Downloaded-Packages "true";
	APT::Sandbox::User "";
	Acquire::Languages "none";
	Acquire::Retries "2";
	Dir::State "$cache";
	Dir::State::lists "$cache/lists";
	Dir::State::status "$cache/status";
	Dir::Cache "$cache";
	Dir::Cache::archives "$cache/archives";
	Dir::Log "$cache";
END

apt() {
	apt-get -q -y -c "$cache/apt.conf" "$@" >>"$log" 2>&1
}

update() {
	apt update || warn "apt-get update failed (see $log); going on with the lists that are there"
	: >"$cache/updated"
}

# The package files that make up the set: name_version_arch.deb, sorted.
resolve() {
	# shellcheck disable=SC2086 # a list of words
	apt-get -q -y -s -c "$cache/apt.conf" install $wanted >"$cache/plan" 2>>"$log" || return
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
	resolve && { have_all || apt --download-only install $wanted; } && have_all
}

# Lists of today are new enough, unless what they name is gone.
if [ -n "$(find "$cache/updated" -mtime -1 2>/dev/null)" ]; then
	fetch || { update; fetch; }
else
	update
	fetch
fi || {
	tail -n 5 "$log" >&2
	die "armhf packages cannot be fetched (see $log); does the mirror in this system's apt sources carry armhf?"
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
