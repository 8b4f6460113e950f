#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# contrib/debian/build makes packages that lintian accepts, with the right files, whose
# programs run. They are built in $packages.
# shellcheck disable=SC2317 # functions are called by check
# shellcheck source=tests/tap.sh
. "${top_srcdir:?}/tests/tap.sh"
# shellcheck source=tests/packages/files.sh
. "$top_srcdir/tests/packages/files.sh"
: "${packages:?}"

for program in dpkg-buildpackage lintian; do
	command -v "$program" >/dev/null || {
		lacks "$program"
		done_testing
	}
done
rm -rf "$packages"
version=$("$top_srcdir/contrib/release.sh" version)
arch=$(dpkg-architecture -qDEB_HOST_ARCH)

# built NAME ARG...: what contrib/debian/build ARG... prints is in $packages/NAME.log
built() {
	mkdir -p "$packages"
	built_log=$packages/$1.log
	shift
	"$top_srcdir/contrib/debian/build" "$@" >"$built_log" 2>&1 && return
	tail -n 20 "$built_log" | sed 's/^/# /'
	return 1
}
# clean CHANGES: lintian reports no error, warning or note, and one thing that is overridden;
# its exit status would count that
clean() {
	lintian --allow-root --display-info --show-overrides --fail-on none "$1" \
		>"$scratch/lintian" 2>&1 || return
	grep -v '^N: ' "$scratch/lintian" >"$scratch/tags"
	diff - "$scratch/tags" <<-'END'
		O: xipstat: statically-linked-binary [usr/bin/xipstat]
	END
}
# contents DEB: names of its files that are not documentation
contents() {
	dpkg-deb --fsys-tarfile "$1" | tar -tf - | grep -v '/$' | sed 's,^\.,,' |
		grep -v "^/usr/share/doc/" | sort
}
# has DEB NAME: of all files
has() {
	dpkg-deb --fsys-tarfile "$1" | tar -tf - | grep -qxF ".$2"
}
field() {
	dpkg-deb -f "$1" "$2"
}
# static PROGRAM MACHINE
static() {
	readelf -hl "$1" >"$scratch/elf" && grep -q "Machine: .*$2" "$scratch/elf" &&
		! grep -qE 'INTERP|DYNAMIC' "$scratch/elf"
}

check "contrib/debian/build" built native -o "$packages"
main=$packages/mkcramfs-xip_${version}_$arch.deb
xipstat=$packages/xipstat_${version}_$arch.deb
check "makes a package mkcramfs-xip" test -e "$main"
check "and a package xipstat" test -e "$xipstat"
check "and a source package" test -e "$packages/mkcramfs-xip_$version.dsc"
check "lintian finds nothing; only static linking is overridden" clean \
	"$packages/mkcramfs-xip_${version}_$arch.changes"

program_files vendor-completions .gz >"$scratch/wanted"
contents "$main" >"$scratch/contents"
check "mkcramfs-xip has the programs, their man pages, completions and policies" \
	diff "$scratch/wanted" "$scratch/contents"
sort >"$scratch/wanted" <<'END'
/usr/bin/xipstat
/usr/share/bash-completion/completions/xipstat
/usr/share/lintian/overrides/xipstat
/usr/share/man/man1/xipstat.1.gz
/usr/share/zsh/vendor-completions/_xipstat
END
contents "$xipstat" >"$scratch/contents"
check "xipstat has the program, its man page and completions" diff "$scratch/wanted" "$scratch/contents"
for file in copyright README.md.gz doc/kernel.md.gz doc/CHANGELOG.md.gz examples/apply-blocks.sh; do
	check "mkcramfs-xip has $file" has "$main" "/usr/share/doc/mkcramfs-xip/$file"
done

# The names of cramfs-tools' programs, and all of util-linux as it is installed here.
{
	printf '%s\n' mkfs.cramfs fsck.cramfs mkcramfs cramfsck
	dpkg -L util-linux util-linux-extra mount 2>/dev/null |
		sed -n 's|^/usr/share/\(man\|bash-completion\)/.*/||p; s|^.*bin/||p' | sed 's/\.[0-9]\.gz$//'
} | sort -u >"$scratch/theirs"
{
	contents "$main"
	contents "$xipstat"
} | sed 's,.*/,,; s/\.[0-9]\.gz$//; s/^_//' | sort -u >"$scratch/ours"
check "there are names of util-linux" test "$(wc -l <"$scratch/theirs")" -gt 50
comm -12 "$scratch/theirs" "$scratch/ours" >"$scratch/common"
check "nothing has a name of util-linux or cramfs-tools" cmp "$scratch/common" /dev/null

check "unpack mkcramfs-xip" dpkg-deb -x "$main" "$scratch/installed"
check "and xipstat into the same place" dpkg-deb -x "$xipstat" "$scratch/installed"
check "the programs run" env PATH="$scratch/installed/usr/bin:$PATH" \
	"$top_srcdir/contrib/debian/tests/smoke"
check "they are of this version" test "$("$scratch/installed/usr/bin/mkcramfs-xip" -V | sed 1q)" = \
	"mkcramfs-xip $version"
machine=$(readelf -h "$scratch/installed/usr/bin/mkcramfs-xip" | sed -n 's/^ *Machine: *//p')
check "xipstat is static" static "$scratch/installed/usr/bin/xipstat" "$machine"
check_exit 1 "self-test: mkcramfs-xip is not" static "$scratch/installed/usr/bin/mkcramfs-xip" "$machine"
check "xipstat depends on nothing" test -z "$(field "$xipstat" Depends)"
check "and names the C library that is in it" test -n "$(field "$xipstat" Built-Using)"

if command -v arm-linux-gnueabihf-gcc >/dev/null; then
	check "contrib/debian/build --xipstat -a armhf" built armhf -o "$packages/armhf" --xipstat -a armhf
	foreign=$packages/armhf/xipstat_${version}_armhf.deb
	check "makes xipstat for armhf" dpkg-deb -x "$foreign" "$scratch/armhf"
	check "lintian finds nothing" clean "$packages/armhf/mkcramfs-xip_${version}_armhf.changes"
	check "a static program for ARM" static "$scratch/armhf/usr/bin/xipstat" ARM
	if command -v qemu-arm >/dev/null; then
		check "that runs" qemu-arm "$scratch/armhf/usr/bin/xipstat" --version
	else
		lacks qemu-arm
	fi
	contents "$foreign" >"$scratch/contents"
	check "with the files of the other" diff "$scratch/wanted" "$scratch/contents"
else
	lacks arm-linux-gnueabihf-gcc
fi

check "\$DEBEMAIL becomes the maintainer" env DEBFULLNAME='A & B' DEBEMAIL=a@example.net \
	"$top_srcdir/contrib/debian/build" -o "$packages/named" --xipstat
check "in the package" test "$(field "$packages/named/xipstat_${version}_$arch.deb" Maintainer)" = \
	'A & B <a@example.net>'
done_testing
