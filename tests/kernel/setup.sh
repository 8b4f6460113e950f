# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034
# The beginning of each test with a booted kernel. Sourced, with `machine` set, and `version` if
# the kernel is not the machine's own. Finds the tools or ends the test, builds the kernel and
# fetches the real root. Sets here, work, cache, cc, tool, kernel (its directory), kernel_image,
# release, root (empty if there is none) and what MACHINE.sh sets.
#
# CRX_SAMPLE_ROOT    a root file system to use instead of the fetched sample
# CRX_CACHE          where the kernel and the sample are kept (default ~/.cache/mkcramfs-xip)
# CRX_KERNEL_TOOL    another mkcramfs to test, with its arguments
# CRX_KERNEL_DEBUG   directory for everything that the test makes: images, jobs, logs
# CRX_KERNEL_BUG     a bug of the kernel that build-kernel.sh has put back: pfn
# CRX_SKIP_KERNEL    if set, nothing is booted, because another build of the same run does it
# CI                 if set, a missing tool is a failure, not a reason to skip

: "${top_srcdir:?}" "${scratch:?}" "${tap_failed:?}" "${MKCRAMFS_XIP:?}" "${machine:?}"
here=$top_srcdir/tests/kernel
# shellcheck source=tests/kernel/arm.sh
. "$here/$machine.sh"
work=${CRX_KERNEL_DEBUG:-$scratch/kernel}
cache=${CRX_CACHE:-${XDG_CACHE_HOME:-${HOME:-}/.cache}/mkcramfs-xip}

if [ -n "${CRX_SKIP_KERNEL-}" ]; then
	skip "kernel test ($machine): CRX_SKIP_KERNEL is set"
	done_testing
fi

# cannot REASON: the end, skipped where that is allowed
cannot() {
	if [ -n "${CI-}" ]; then
		not_ok "kernel test ($machine): $* (in CI that is a failure)"
	else
		printf '%s\n' "*** The kernel test ($machine) is SKIPPED: $*" >&2
		skip "kernel test ($machine): $*"
	fi
	done_testing
}

need() {
	command -v "$1" >/dev/null || cannot "$1 is missing (Debian: $2)"
}

need "$qemu" "$qemu_package"
need fdtput device-tree-compiler
need python3 python3
need fakeroot fakeroot
need "${cross}gcc" "gcc-${cross%-}"
echo '#include <stdlib.h>' | "${cross}gcc" -E - >/dev/null 2>&1 || cannot "the C library for ${cross}gcc is missing (Debian: $cross_libc)"
cc=${CC:-cc} # may hold options
need "${cc%% *}" gcc
tool=${CRX_KERNEL_TOOL:-$MKCRAMFS_XIP}
if [ -z "${CRX_KERNEL_TOOL-}" ] && [ ! -x "$tool" ]; then
	not_ok "the builder is there: $tool"
	done_testing
fi
mkdir -p "$work" || exit 99

# One test at a time builds and fetches; the others find it done.
mkdir -p "$cache" || cannot "cannot make $cache (set CRX_CACHE)"
exec 8>"$cache/lock"
if command -v flock >/dev/null; then
	flock 8
fi
kernel=$("$here/build-kernel.sh" "$machine" "${version=$kernel_version}" 2>"$scratch/kernel.err")
case $? in
0) ;;
77) cannot "$(cat "$scratch/kernel.err")" ;;
*)
	not_ok "kernel for $machine is built"
	diagnose "$scratch/kernel.err"
	done_testing
	;;
esac

kernel_image=$kernel/${kernel_file##*/}${CRX_KERNEL_BUG+.$CRX_KERNEL_BUG}
[ -f "$kernel_image" ] || cannot "the sources of $(cat "$kernel/release") are not those of a kernel with the bug $CRX_KERNEL_BUG"
release=$(cat "$kernel/release")
diag "the kernel is $release"

# own_root: programs of the test's own, with the libraries of the compiler
own_root() {
	root=$work/root
	rm -rf "$root"
	"$here/own-root.sh" "$root" "$cross"
}

# sample_root: of Debian
sample_root() {
	root=$cache/sample-root
	[ "$debian_arch" = armhf ] || root=$root-$debian_arch
	"$top_srcdir/tests/sample-root.sh" "$root" large "$debian_arch"
}

# the C library of a real root would need an MMU
root=${CRX_SAMPLE_ROOT-}
if [ -n "${no_mmu=}" ]; then
	root=
elif [ -z "$root" ]; then
	real_root=sample_root
	[ -n "$debian_arch" ] || real_root=own_root
	"$real_root" >"$scratch/root.out" 2>"$scratch/root.err" || {
		[ -z "${CI-}" ] || cannot "no sample root: $(tail -n 1 "$scratch/root.err")"
		skip "kernel test ($machine) of a real root: $(tail -n 1 "$scratch/root.err")"
		root=
	}
elif [ ! -d "$root" ]; then
	not_ok "CRX_SAMPLE_ROOT is a directory: $root"
	done_testing
fi

exec 8>&-

# the options of programs for the target, and what target.py and the model read
target_options="-b $page_size -N $byte_order${no_mmu:+ --no-mmu}"
CRX_KERNEL_TARGET="$page_size $byte_order $elf${no_mmu:+ nommu}"
CRX_KERNEL_VERSION=${CRX_KERNEL_VERSION-${release%%[!0-9.]*}}
CRX_KERNEL_SIGNED_CHAR=$signed_char
export CRX_KERNEL_TARGET CRX_KERNEL_VERSION CRX_KERNEL_SIGNED_CHAR

# of what is compiled here, outside the build
flags='-std=c11 -O2 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -Wall -Wextra -Werror'

place=$here/place${no_mmu:+_nommu}.c
# machine_probe OUT SOURCE...: compile /init
[ -n "$no_mmu" ] || machine_probe() {
	probe=$1
	shift
	# shellcheck disable=SC2086
	"${cross}gcc" $flags -static -o "$probe" "$@"
}
