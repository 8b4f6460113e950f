#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# contrib/rpm/build makes packages with the right files, whose programs run. They are built
# in $packages.
# shellcheck disable=SC2317 # functions are called by check
# shellcheck source=tests/tap.sh
. "${top_srcdir:?}/tests/tap.sh"
# shellcheck source=tests/packages/files.sh
. "$top_srcdir/tests/packages/files.sh"
: "${packages:?}"

if ! command -v rpmbuild >/dev/null; then
	lacks rpmbuild
	done_testing
fi
rm -rf "$packages"
version=$("$top_srcdir/contrib/release.sh" version)
release=$version-1$(rpm --eval '%{?dist}')

built() {
	mkdir -p "$packages"
	"$top_srcdir/contrib/rpm/build" -o "$packages" >"$packages/log" 2>&1 && return
	tail -n 20 "$packages/log" | sed 's/^/# /'
	return 1
}
# contents RPM: names of its files that are not documentation; pages may be compressed
contents() {
	rpm -qp --queryformat '[%{FILEMODES:perms} %{FILENAMES}\n]' "$1" |
		sed -n 's/^[-l]......... //p' | grep -vE '^/usr/(share/(doc|licenses)|lib/[.]build-id)/' |
		sed 's,\(/man/.*[0-9]\)\.[a-z0-9]*$,\1,' | sort
}
docs() {
	rpm -qp --queryformat '[%{FILENAMES}\n]' "$1" | sed -n 's,^/usr/share/\(doc\|licenses\)/[^/]*/,,p'
}
unpack() {
	mkdir -p "$scratch/installed"
	rpm2cpio "$1" | (cd "$scratch/installed" && cpio -idm --quiet)
}

check "contrib/rpm/build" built
arch=$(rpm --eval '%{_target_cpu}')
main=$packages/mkcramfs-xip-$release.$arch.rpm
xipstat=$packages/xipstat-$release.$arch.rpm
check "makes a package mkcramfs-xip" test -e "$main"
check "and a package xipstat" test -e "$xipstat"
check "and a source package" test -e "$packages/mkcramfs-xip-$release.src.rpm"

program_files site-functions '' >"$scratch/wanted"
contents "$main" >"$scratch/contents"
check "mkcramfs-xip has the programs, their man pages, completions and policies" \
	diff "$scratch/wanted" "$scratch/contents"
sort >"$scratch/wanted" <<'END'
/usr/bin/xipstat
/usr/share/bash-completion/completions/xipstat
/usr/share/man/man1/xipstat.1
/usr/share/zsh/site-functions/_xipstat
END
contents "$xipstat" >"$scratch/contents"
check "xipstat has the program, its man page and completions" diff "$scratch/wanted" "$scratch/contents"
docs "$main" >"$scratch/docs"
for file in COPYING README.md doc/kernel.md CHANGELOG.md apply-blocks.sh; do
	check "mkcramfs-xip has $file" grep -qxF "$file" "$scratch/docs"
done
check_exit 1 "nothing is there for a build only" grep Makemodule "$scratch/docs"
check "all belongs to root" test "$(rpm -qp --queryformat '[%{FILEUSERNAME}:%{FILEGROUPNAME}\n]' \
	"$main" "$xipstat" | sort -u)" = root:root

check "unpack mkcramfs-xip" unpack "$main"
check "and xipstat into the same place" unpack "$xipstat"
check "the programs run" env PATH="$scratch/installed/usr/bin:$PATH" \
	"$top_srcdir/contrib/debian/tests/smoke"
requirements() {
	rpm -qp --requires "$1" | grep -v '^rpmlib('
}
check_exit 1 "xipstat depends on nothing" requirements "$xipstat"
check "self-test: mkcramfs-xip does" requirements "$main"
done_testing
