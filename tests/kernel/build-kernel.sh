#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Build the kernel of a bench from Debian's linux-source package, once.
#
#   build-kernel.sh MACHINE      MACHINE.sh and MACHINE.config are next to this script
#
# Prints the directory with KERNEL (zImage, ...), gen_init_cpio and config. It is in
# $CRX_CACHE (default ${XDG_CACHE_HOME:-~/.cache}/mkcramfs-xip), its name depends on
# all inputs, and it appears when it is complete. Takes minutes the first time.
# Exit status 77: something that it needs is missing, and standard error says what.
#
# CRX_KERNEL_SOURCE   tarball of the sources (default: the newest /usr/src/linux-source-*.tar.xz)

set -u
LC_ALL=C
export LC_ALL
here=$(cd "$(dirname "$0")" && pwd) || exit 1

die() {
	printf 'build-kernel: %s\n' "$*" >&2
	exit 1
}

missing() {
	printf '%s\n' "$*" >&2
	exit 77
}

[ $# -eq 1 ] || die 'usage: build-kernel.sh MACHINE'
machine=$1
config=$here/$machine.config
if [ ! -f "$here/$machine.sh" ] || [ ! -f "$config" ]; then
	die "no such machine: $machine"
fi
# shellcheck source=tests/kernel/arm.sh
. "$here/$machine.sh"

source=${CRX_KERNEL_SOURCE-}
[ -n "$source" ] || source=$(
	for f in /usr/src/linux-source-*.tar.xz; do
		[ ! -f "$f" ] || printf '%s\n' "$f"
	done | sort -V | tail -n 1
)
[ -n "$source" ] || missing 'kernel sources are missing (Debian: linux-source)'
[ -f "$source" ] || missing "kernel sources are missing: $source"
"${cross}gcc" --version >/dev/null 2>&1 || missing "${cross}gcc is missing (Debian: gcc-${cross%-})"
for tool in make:make flex:flex bison:bison bc:bc xz:xz-utils perl:perl gcc:gcc; do
	command -v "${tool%%:*}" >/dev/null || missing "${tool%%:*} is missing (Debian: ${tool#*:})"
done

# The name says what goes in; the digit changes with what this script does.
key=$(
	{
		echo 1
		cat "$config"
		echo "$arch $cross $kernel_target"
		basename "$source"
		stat -L -c '%s %Y' "$source"
		"${cross}gcc" --version | head -n 1
	} | sha256sum | cut -c 1-16
)
cache=${CRX_CACHE:-${XDG_CACHE_HOME:-${HOME:-}/.cache}/mkcramfs-xip}
mkdir -p "$cache" || die "cannot make $cache (set CRX_CACHE)"
cache=$(cd "$cache" && pwd) || exit 1
dir=$cache/kernel-$machine-$key
if [ -f "$dir/$(basename "$kernel_file")" ] && [ -x "$dir/gen_init_cpio" ]; then
	printf '%s\n' "$dir"
	exit 0
fi

work=$(mktemp -d "$cache/kernel-$machine.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
echo "building the $machine kernel from $(basename "$source"), once: this takes some minutes" >&2
mkdir "$work/src" "$work/obj" "$work/new" || exit 1
tar -xJf "$source" -C "$work/src" --strip-components=1 || die "cannot unpack $source"

kmake() {
	make -s -C "$work/src" O="$work/obj" ARCH="$arch" CROSS_COMPILE="$cross" \
		KBUILD_BUILD_USER=test KBUILD_BUILD_HOST=test "$@" </dev/null >"$work/log" 2>&1 || {
		tail -n 30 "$work/log" >&2
		die "make $* failed"
	}
}

# MAKEFLAGS of a `make check` above would bring its job server along.
unset MAKEFLAGS MFLAGS MAKELEVEL
kmake KCONFIG_ALLCONFIG="$config" allnoconfig
# An option that a newer kernel has renamed would vanish without a word.
sed -n 's/^\(CONFIG_[A-Z0-9_]*=y\)$/\1/p' "$config" | while read -r line; do
	grep -qx "$line" "$work/obj/.config" || echo "note: $line did not stay" >&2
done
kmake -j "$(nproc 2>/dev/null || echo 2)" "$kernel_target"

mv "$work/obj/$kernel_file" "$work/obj/usr/gen_init_cpio" "$work/new" || die 'the kernel is not where it should be'
cp "$work/obj/.config" "$work/new/config" || exit 1
# Another build may have been first: its result is as good.
if ! mv -T "$work/new" "$dir" 2>/dev/null && [ ! -f "$dir/$(basename "$kernel_file")" ]; then
	die "cannot make $dir"
fi
printf '%s\n' "$dir"
