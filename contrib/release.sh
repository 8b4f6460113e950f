#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What make dist and the builds of packages have in common:
#
#	release.sh version	print the version
#	release.sh date		print the date of the release, which tar --mtime and date -d
#				take: the newest in CHANGELOG.md, or $SOURCE_DATE_EPOCH
#	release.sh copy DIR	copy the source to DIR, an absolute path: the tree, without
#				what was built in it
set -eu
cd "$(dirname "$0")/.."

# source_files: in a checkout, what git has or would add. An unpacked release may have
# been built in place.
source_files() {
	if [ -e .git ] && files=$(git ls-files --cached --others --exclude-standard 2>/dev/null); then
		printf '%s\n' "$files" | while IFS= read -r file; do
			[ ! -e "$file" ] || printf '%s\n' "$file"
		done
		return
	fi
	find . \( -path ./build -o -path ./.git -o -path ./tools/xipstat/target -o -name .deps \
		-o -name __pycache__ \) -prune -o -type f \
		! -name '*.o' ! -name '*.a' ! -name '*.log' ! -name '*.trs' ! -name .dirstamp \
		! -name '*.deb' ! -name '*.dsc' ! -name '*.changes' ! -name '*.buildinfo' ! -name '*.rpm' \
		! -path './mkcramfs-xip[-_]*.tar.*' ! -path './*/mkcramfs-xip' ! -path './*/cramfsck-xip' \
		! -path './*/dumpcramfs-xip' ! -path './*/cramfs-xip-fuse' ! -path ./tools/xipstat/xipstat \
		! -path ./Makefile ! -path ./config.h ! -path ./config.status ! -path ./stamp-h1 -print
}

case ${1-}:$# in
version:1)
	sed -n 's/^AC_INIT(\[[^]]*\], \[\(.*\)\])$/\1/p' configure.ac
	;;
date:1)
	if [ -n "${SOURCE_DATE_EPOCH-}" ]; then
		echo "@$SOURCE_DATE_EPOCH"
	else
		sed -n 's/^## \[[^]]*\] - \([0-9-]*\)$/\1 00:00:00Z/p' CHANGELOG.md | sed 1q
	fi
	;;
copy:2)
	mkdir -p "$2"
	# not a pipe: it would hide that the first tar failed
	source_files | tar -cf "$2.tar" -T -
	tar -xf "$2.tar" -C "$2"
	rm "$2.tar"
	;;
*)
	echo 'usage: release.sh version | date | copy DIR' >&2
	exit 2
	;;
esac
