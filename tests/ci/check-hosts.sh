#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Other hosts than the builder's own: a big-endian one and a 32-bit one under qemu-user,
# and musl. The tests of a foreign host must give the same results, down to the bytes of
# the images.
#
#   tests/ci/check-hosts.sh             all of them
#   tests/ci/check-hosts.sh NAME...     only these
#   tests/ci/check-hosts.sh --list      their names
#
# Libraries of a foreign host are Debian's, unpacked in $CRX_CACHE/hosts.
# shellcheck disable=SC2317 # a check is called by its name

cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/ci/suite.sh
. tests/ci/suite.sh

list() {
	cat <<-'END'
		s390x       64 bits, big-endian: unit, golden and round-trip tests under qemu-user
		armhf       32 bits: the same
		musl        all programs linked statically with musl: the tests of the command line
	END
}

# emulate EMULATOR: make scripts that run the programs of the build by it, and let
# the tests use them
emulate() {
	emulated=$top/build/$host/emulated
	mkdir -p "$emulated" || return
	for program in mkcramfs-xip cramfsck-xip dumpcramfs-xip; do
		printf '#!/bin/sh\nexec %s "%s" "$@"\n' "$1" "$top/build/$host/$program/$program" \
			>"$emulated/$program" && chmod +x "$emulated/$program" || return
	done
	MKCRAMFS_XIP=$emulated/mkcramfs-xip
	CRAMFSCK_XIP=$emulated/cramfsck-xip
	DUMPCRAMFS_XIP=$emulated/dumpcramfs-xip
	export MKCRAMFS_XIP CRAMFSCK_XIP DUMPCRAMFS_XIP
}

# same_image: the sample root gives the same bytes on this host and on the builder
same_image() {
	say "comparing an image of the sample root with the builder's"
	if build main mkcramfs-xip --enable-werror &&
		tests/sample-root.sh build/hosts/sample small &&
		build/main/mkcramfs-xip/mkcramfs-xip --quiet -X build/hosts/sample build/hosts/native.img &&
		"$MKCRAMFS_XIP" --quiet -X build/hosts/sample "build/hosts/$host.img" &&
		cmp build/hosts/native.img "build/hosts/$host.img"; then
		passed=$((passed + 1))
	else
		say "  FAIL: the image of the sample root"
		failed=$((failed + 1))
	fi
}

# foreign ARCH TRIPLET LOADER EMULATOR: Debian's name of the architecture, the compiler's,
# the dynamic loader and the emulator. The programs know where their libraries are, since
# the emulator would map all of / to the directory of libraries otherwise.
foreign() {
	host=$1
	sysroot=$cache/$1
	libraries=$sysroot/usr/lib/$2:$sysroot/lib/$2
	mkdir -p build/hosts
	if ! step "$host-sysroot" "fetching libraries for $host" \
		tests/sample-root.sh "$sysroot" devel "$host" ||
		! PKG_CONFIG_LIBDIR=$sysroot/usr/lib/$2/pkgconfig PKG_CONFIG_SYSROOT_DIR=$sysroot \
			build "$host" "for $host" --enable-werror --host="$2" \
			CC="$2-gcc --sysroot=$sysroot" \
			LDFLAGS="-Wl,--dynamic-linker=$sysroot$3,--disable-new-dtags,-rpath,$libraries"; then
		failed=$((failed + 1))
		return
	fi
	# The C library looks for these below /usr.
	emulator="$4 -E GCONV_PATH=$sysroot/usr/lib/$2/gconv -E LOCPATH=$sysroot/usr/lib/locale"
	emulate "$emulator" || return
	EMULATOR=$emulator suite "$host-check" "testing it under $4" "$host" check-host
	same_image
	unset MKCRAMFS_XIP CRAMFSCK_XIP DUMPCRAMFS_XIP
}

check_s390x() {
	foreign s390x s390x-linux-gnu /lib/ld64.so.1 qemu-s390x
}

check_armhf() {
	foreign armhf arm-linux-gnueabihf /lib/ld-linux-armhf.so.3 qemu-arm
}

# musl_libraries DIR: in DIR, the headers and static libraries of this machine that do not
# depend on the C library, and a library with what their objects need of glibc
musl_libraries() {
	rm -rf "$1" && mkdir -p "$1/include" "$1/lib" || return
	multiarch=$(gcc -print-multiarch)
	for file in zlib.h zconf.h libelf.h gelf.h xxhash.h libdeflate.h linux asm-generic mtd asm; do
		for dir in "/usr/include/$multiarch" /usr/include; do
			[ ! -e "$dir/$file" ] || ln -s "$dir/$file" "$1/include/$file" || return
			[ ! -e "$dir/$file" ] || break
		done
	done
	for lib in z elf xxhash deflate; do
		ln -s "$(gcc -print-file-name="lib$lib.a")" "$1/lib/" || return
	done
	musl-gcc -O2 -Wall -Werror -c tests/ci/musl-glibc.c -o "$1/musl-glibc.o" &&
		ar rcs "$1/lib/libmusl-glibc.a" "$1/musl-glibc.o"
}

check_musl() {
	mkdir -p build/hosts
	if ! step musl-libraries 'collecting libraries for musl' musl_libraries build/hosts/musl ||
		! build musl 'with musl' --enable-werror CC=musl-gcc PKG_CONFIG=false \
			CPPFLAGS='-isystem ../hosts/musl/include' LDFLAGS='-static -L../hosts/musl/lib' \
			LIBS=-lmusl-glibc --without-libarchive --without-json-c; then
		failed=$((failed + 1))
		return
	fi
	suite musl-check 'testing the command line' musl check-cli
}

cache=${CRX_CACHE:-${XDG_CACHE_HOME:-${HOME:-}/.cache}/mkcramfs-xip}/hosts
mkdir -p "$cache" || die "cannot make $cache"
case $cache in
*[[:space:]]*) die "linkers cannot use libraries in $cache: set CRX_CACHE to a path without spaces" ;;
esac
choose "$@"
ensure $autotools build check hosts
run_checks
