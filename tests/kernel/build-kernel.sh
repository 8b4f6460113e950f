#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Build the kernel of a bench from Debian's linux-source packages, once.
#
#   build-kernel.sh MACHINE [VERSION]     MACHINE.sh is next to this script and names the rest
#
# Prints the directory with KERNEL (zImage, ...), gen_init_cpio, config and release (what
# uname -r says). It is in $CRX_CACHE (default ${XDG_CACHE_HOME:-~/.cache}/mkcramfs-xip), its name
# depends on all inputs, and it appears when it is complete. What has been damaged since is built
# again. Takes minutes the first time. Where the sources have the call that Linux 6.17 had wrong
# (doc/kernel.md), there is also KERNEL.pfn, a kernel with that bug.
# Exit status 77: something that it needs is missing, and standard error says what.
#
# VERSION             of linux-source (fetch-source.sh); by default that of the machine
# CRX_KERNEL_SOURCE   tarball of the sources to use instead
# CRX_KERNEL_TREES    directory where unpacked sources are left for other machines

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

case $# in
1 | 2) ;;
*) die 'usage: build-kernel.sh MACHINE [VERSION]' ;;
esac
machine=$1
[ -f "$here/$machine.sh" ] || die "no such machine: $machine"
# shellcheck source=tests/kernel/arm.sh
. "$here/$machine.sh"
version=${2-$kernel_version}

source=${CRX_KERNEL_SOURCE-}
if [ -z "$source" ] && [ -n "$version" ]; then
	source=$("$here/fetch-source.sh" "$version") || exit
elif [ -z "$source" ]; then
	source=$(
		for f in /usr/src/linux-source-*.tar.xz; do
			[ ! -f "$f" ] || printf '%s\n' "$f"
		done | sort -V | tail -n 1
	)
	[ -n "$source" ] || missing 'kernel sources are missing (Debian: linux-source)'
fi
[ -f "$source" ] || missing "kernel sources are missing: $source"
"${cross}gcc" --version >/dev/null 2>&1 || missing "${cross}gcc is missing (Debian: gcc-${cross%-})"
for tool in make:make flex:flex bison:bison bc:bc xz:xz-utils perl:perl gcc:gcc; do
	command -v "${tool%%:*}" >/dev/null || missing "${tool%%:*} is missing (Debian: ${tool#*:})"
done

# shellcheck disable=SC2086 # a list of words
fragments() {
	(cd "$here" && cat $configs) && printf '%s\n' "$config_lines"
}

# The name says what goes in.
source_key() {
	basename "$source"
	stat -L -c '%s %Y' "$source"
}
key=$(
	{
		cat "$here/build-kernel.sh"
		fragments
		echo "$arch $cross $kernel_target"
		source_key
		"${cross}gcc" --version | head -n 1
	} | sha256sum | cut -c 1-16
)
cache=${CRX_CACHE:-${XDG_CACHE_HOME:-${HOME:-}/.cache}/mkcramfs-xip}
mkdir -p "$cache" || die "cannot make $cache (set CRX_CACHE)"
cache=$(cd "$cache" && pwd) || exit 1
dir=$cache/kernel-$machine-$key
kernel=$(basename "$kernel_file")

# is_complete: all that was made is there, as it was made
is_complete() {
	[ -f "$dir/sums" ] && [ -f "$dir/$kernel" ] && (cd "$dir" && sha256sum --quiet --status -c sums)
}

if is_complete; then
	printf '%s\n' "$dir"
	exit 0
fi

work=$(mktemp -d "$cache/kernel-$machine.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
echo "building the $machine kernel from $(basename "$source"), once: this takes some minutes" >&2
mkdir "$work/obj" "$work/new" || exit 1
tree=${CRX_KERNEL_TREES:-$work}/$(basename "$source" .tar.xz)-$(source_key | sha256sum | cut -c 1-8)
if [ ! -d "$tree" ]; then
	mkdir -p "$work/src" "$(dirname "$tree")" || exit 1
	tar -xJf "$source" -C "$work/src" --strip-components=1 || die "cannot unpack $source"
	mv "$work/src" "$tree" || exit 1
fi

kmake() {
	make -s -C "$tree" O="$work/obj" ARCH="$arch" CROSS_COMPILE="$cross" \
		KBUILD_BUILD_USER=test KBUILD_BUILD_HOST=test "$@" </dev/null >"$work/log" 2>&1 || {
		tail -n 30 "$work/log" >&2
		die "make $* failed"
	}
}

jobs=$(nproc 2>/dev/null || echo 2)
# MAKEFLAGS of a `make check` above would bring its job server along.
unset MAKEFLAGS MFLAGS MAKELEVEL
fragments >"$work/fragments" || exit 1
kmake KCONFIG_ALLCONFIG="$work/fragments" allnoconfig
# An option that a newer kernel has renamed would vanish without a word.
sed -n 's/^\(CONFIG_[A-Z0-9_]*=y\)$/\1/p' "$work/fragments" | while read -r line; do
	grep -qx "$line" "$work/obj/.config" || echo "note: $line did not stay" >&2
done
kmake -j "$jobs" "$kernel_target"
mv "$work/obj/$kernel_file" "$work/obj/usr/gen_init_cpio" "$work/new" || die 'the kernel is not where it should be'
cp "$work/obj/.config" "$work/new/config" && cp "$work/obj/include/config/kernel.release" "$work/new/release" || exit 1

# An address where vmf_insert_mixed() expects a frame number. A source file among the objects
# comes before the one in the tree.
if grep -q 'PHYS_PFN(address + off)' "$tree/fs/cramfs/inode.c"; then
	sed 's/PHYS_PFN(address + off)/address + off/' "$tree/fs/cramfs/inode.c" >"$work/obj/fs/cramfs/inode.c" || exit 1
	kmake -j "$jobs" "$kernel_target"
	mv "$work/obj/$kernel_file" "$work/new/$kernel.pfn" || die 'the kernel with a bug is not where it should be'
fi

(cd "$work/new" && sha256sum ./* >sums) || exit 1
# Another build may have been first: its result is as good.
is_complete || rm -rf "$dir"
if ! mv -T "$work/new" "$dir" 2>/dev/null && ! is_complete; then
	die "cannot make $dir"
fi
printf '%s\n' "$dir"
