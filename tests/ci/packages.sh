# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# Determines which of the needed packages are missing, and installs them with apt.
# Sourced by quickstart and the scripts of the checks, after build.sh.

# What is needed: set, Debian package, and how to see that it is there without
# dpkg. Sets: `autotools` is not needed in a release; `build` is needed by every
# command, `check` by the tests, `kernel` by those that boot one, `kernels` by those
# that boot the others, `hosts`, `packages` and `fuzz` by the checks of these names.
# `none:` is for what must be installed as a package.
needs() {
	cat <<-'END'
		autotools autoconf cmd:autoreconf
		autotools automake cmd:automake
		build gcc cmd:gcc
		build libc6-dev header:stdlib.h
		build make cmd:make
		build pkg-config cmd:pkg-config
		build zlib1g-dev header:zlib.h
		build libelf-dev header:gelf.h
		build libxxhash-dev header:xxhash.h
		build libdeflate-dev header:libdeflate.h
		build libarchive-dev header:archive.h
		build libjson-c-dev header:json-c/json.h
		build libfuse3-dev header:fuse3/fuse_lowlevel.h
		check libcmocka-dev header:cmocka.h
		check binwalk cmd:binwalk
		check busybox cmd:busybox
		check chromium cmd:chromium
		check chromium-driver cmd:chromedriver
		check clang cmd:clang
		check clang-format cmd:clang-format
		check fakeroot cmd:fakeroot
		check fuse3 cmd:fusermount3
		check genimage cmd:genimage
		check man-db cmd:man
		check mandoc cmd:mandoc
		check musl-tools cmd:musl-gcc
		check pseudo cmd:pseudo
		check python3 cmd:python3
		check rsync cmd:rsync
		check shellcheck cmd:shellcheck
		check util-linux-extra cmd:mkfs.cramfs
		check xz-utils cmd:xz
		check zsh cmd:zsh
		tidy clang-tidy cmd:clang-tidy
		cppcheck cppcheck cmd:cppcheck
		valgrind valgrind cmd:valgrind
		fuzz clang cmd:clang
		fuzz libclang-rt-14-dev libfuzzer:
		hosts gcc-arm-linux-gnueabihf cmd:arm-linux-gnueabihf-gcc
		hosts gcc-s390x-linux-gnu cmd:s390x-linux-gnu-gcc
		hosts qemu-user cmd:qemu-s390x
		packages build-essential none:
		packages cpio cmd:cpio
		packages debhelper cmd:dh
		packages gcc-arm-linux-gnueabihf cmd:arm-linux-gnueabihf-gcc
		packages libc6-dev-armhf-cross crossheader:arm-linux-gnueabihf-gcc
		packages libcmocka-dev header:cmocka.h
		packages lintian cmd:lintian
		packages python3 cmd:python3
		packages qemu-user cmd:qemu-arm
		packages rpm cmd:rpmbuild
		kernel bc cmd:bc
		kernel bison cmd:bison
		kernel cpio cmd:cpio
		kernel device-tree-compiler cmd:dtc
		kernel fakeroot cmd:fakeroot
		kernel flex cmd:flex
		kernel g++-arm-linux-gnueabihf cmd:arm-linux-gnueabihf-g++
		kernel gcc-arm-linux-gnueabihf cmd:arm-linux-gnueabihf-gcc
		kernel libc6-dev-armhf-cross crossheader:arm-linux-gnueabihf-gcc
		kernel libssl-dev header:openssl/ssl.h
		kernel linux-source-6.1 kernelsource:
		kernel python3 cmd:python3
		kernel qemu-system-arm cmd:qemu-system-arm
		kernel xz-utils cmd:xz
		kernels g++-aarch64-linux-gnu cmd:aarch64-linux-gnu-g++
		kernels gcc-aarch64-linux-gnu cmd:aarch64-linux-gnu-gcc
		kernels libc6-dev-arm64-cross crossheader:aarch64-linux-gnu-gcc
		kernels g++-mips-linux-gnu cmd:mips-linux-gnu-g++
		kernels gcc-mips-linux-gnu cmd:mips-linux-gnu-gcc
		kernels libc6-dev-mips-cross crossheader:mips-linux-gnu-gcc
		kernels qemu-system-mips cmd:qemu-system-mips
		kernels gcc-riscv64-linux-gnu cmd:riscv64-linux-gnu-gcc
		kernels libc6-dev-riscv64-cross crossheader:riscv64-linux-gnu-gcc
		kernels qemu-system-misc cmd:qemu-system-riscv64
	END
}

# present PACKAGE PROBE
present() {
	case $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) in
	installed) return ;;
	esac
	probe_arg=${2#*:}
	case $2 in
	cmd:*) command -v "$probe_arg" ;;
	header:*) echo "#include <$probe_arg>" | "${CC:-cc}" -E - ;;
	libfuzzer:*) echo 'int LLVMFuzzerTestOneInput(void) { return 0; }' | clang -fsanitize=fuzzer -x c - -o /dev/null ;;
	crossheader:*) echo '#include <stdlib.h>' | "$probe_arg" -E - ;;
	none:) false ;;
	kernelsource:*) ls /usr/src/linux-source-6.*.tar.* ;;
	esac >/dev/null 2>&1
}

# missing SET...: names of packages that are not there
missing() {
	needs | while read -r set package probe; do
		case " $* " in
		*" $set "*) present "$package" "$probe" || echo "$package" ;;
		esac
	done
}

# as_root COMMAND...: apt's output goes to the log
as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		DEBIAN_FRONTEND=noninteractive "$@" </dev/null
	else
		sudo env DEBIAN_FRONTEND=noninteractive "$@" </dev/null
	fi >>build/logs/apt.log 2>&1
}

# Those of the packages that apt can install; another version of the kernel's source
# or of clang's libraries where this one is not available.
installable() {
	for package; do
		if apt-cache show "$package" >/dev/null 2>&1; then
			echo "$package"
		elif [ "$package" = linux-source-6.1 ]; then
			apt-cache search --names-only '^linux-source-6[.][0-9]+$' | sort -V | sed -n '$s/ .*//p'
		elif [ "$package" = libclang-rt-14-dev ]; then
			apt-cache depends clang | sed -n 's/^ *Depends: clang-\([0-9]*\)$/libclang-rt-\1-dev/p'
		fi
	done
}

# ensure SET...: install what is missing of the sets
ensure() {
	lacking=$(missing "$@" | paste -s -d ' ' -)
	[ -n "$lacking" ] || return 0
	if ! command -v apt-get >/dev/null; then
		warn "apt is not installed; these packages seem to be missing (Debian's names): $lacking"
		return 0
	fi
	if [ "$(id -u)" -eq 0 ]; then
		say "installing with apt: $lacking"
	elif command -v sudo >/dev/null; then
		say "installing with sudo apt-get: $lacking"
		sudo true </dev/null || die "sudo does not work here; as root: apt-get install $lacking"
	else
		die "packages are missing and sudo is not installed; as root: apt-get install $lacking"
	fi
	: >build/logs/apt.log
	as_root apt-get -q update ||
		warn 'apt-get update failed (build/logs/apt.log); using the package lists at hand'
	# shellcheck disable=SC2046,SC2086 # lists of words
	as_root apt-get -q -y --no-install-recommends -o DPkg::Lock::Timeout=300 install $(installable $lacking) || {
		show_log apt
		die "apt could not install: $lacking"
	}
	rm -f build/*/.args # so that configure looks again
	lacking=$(missing "$@" | paste -s -d ' ' -)
	[ -z "$lacking" ] || warn "not available from this system's apt sources: $lacking"
}
