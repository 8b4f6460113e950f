#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# dumpcramfs-xip packages: who uses the flash, by the database of each package manager and the lists
# of build systems. packages.py makes the databases, and counts the bytes with another reader.
# shellcheck source=tests/tap.sh
. "${top_srcdir:?}/tests/tap.sh"
# shellcheck source=tests/cli/setup.sh
. "$top_srcdir/tests/cli/setup.sh"
DUMPCRAMFS_XIP=${DUMPCRAMFS_XIP:-$top_builddir/dumpcramfs-xip/dumpcramfs-xip}
command -v python3 >/dev/null || {
	lacks python3
	done_testing
}

p() {
	"$DUMPCRAMFS_XIP" packages "$@"
}
py() {
	python3 -B "$top_srcdir/tests/cli/packages.py" "$@"
}

# A root with a merged /usr; a program that two packages have under different names, and so is
# stored once; equal blocks in different files; a file that both packages own; one that none owns.
mkdir -p root/usr/bin root/usr/share root/etc
ln -s usr/bin root/bin
cp "$MKCRAMFS_XIP" root/usr/bin/tool
cp "$DUMPCRAMFS_XIP" root/usr/bin/same1
cp "$DUMPCRAMFS_XIP" root/usr/bin/same2
py program root/usr/bin/small "$MKCRAMFS_XIP"
chmod 755 root/usr/bin/*
ln -s tool root/usr/bin/link
awk 'BEGIN { for (i = 0; i < 3000; i++) print i, i * i % 977 }' >root/usr/share/common
{
	head -c 8192 root/usr/share/common
	echo of tool
} >root/usr/share/a.txt
{
	head -c 8192 root/usr/share/common
	echo of other
} >root/usr/share/b.txt
echo text >root/etc/tool.conf
echo text >root/etc/other.conf
echo local >root/etc/local
: >root/usr/share/empty
for path in /usr /usr/bin /usr/share /etc /usr/bin/tool /usr/bin/small /usr/bin/same1 /usr/bin/link /usr/share/common \
	/usr/share/a.txt /etc/tool.conf /usr/share/empty /usr/share/gone; do
	printf 'tool\t1.0-1\t%s\n' "$path"
done >files
for path in /usr /usr/bin /usr/share /etc /usr/bin/same2 /usr/share/common /usr/share/b.txt /etc/other.conf; do
	printf 'other\t2:3-4\t%s\n' "$path"
done >>files
grep -Ev '	(/usr|/usr/bin|/usr/share|/etc)$' files >files.only

# --- databases in the image ---

for kind in dpkg dpkg-parts opkg apk sqlite ndb; do
	rm -rf tree
	cp -R -P root tree
	py $kind tree <files || not_ok "a database of $kind"
	x --quiet -X tree image || not_ok "an image with a database of $kind"
	check_exit 0 "$kind: in the image" p --json image
	cp out json
	verdicts "$kind: " py check image json <files
	[ $kind != dpkg ] || cp image stripless
	[ $kind != dpkg ] || cp json dpkg.json
done

# --- databases of the host, and lists ---

x --quiet -X root image || not_ok 'an image without a database'
check_exit 8 'no database: an error' p image
says 'no database of dpkg, opkg, apk or rpm' 'which says so'
says '--package-list' 'and how to give one'
mkdir host
py dpkg host <files
check_exit 0 '--database: of a root on the host' p --json --database host image
cp out json
verdicts '--database: ' py check image json <files
py dpkg-parts parts <files
mkdir parts/var/lib/dpkg/status.d/directory
check_exit 0 '--database: of a root with a file for each package' p --json --database parts image
cp out parts.json
verdicts '--database: parts: ' py check image parts.json <files
check 'with its kind and place' test "$(json json 'j["databases"][0]["format"] + " " + j["databases"][0]["path"]')" = 'dpkg var/lib/dpkg'
mkdir none
check_exit 8 '--database without one: an error' p --database none image
says 'none: no database' 'which names the directory'
py list host <files.only
check_exit 0 "--package-list: Buildroot's list" p --json --package-list host/packages-file-list.txt image
cp out json
verdicts '--package-list: ' py check image json <files.only
py pkgdata host <files.only
check_exit 0 "--manifest --pkgdata: Yocto's" p --json --manifest host/image.manifest --pkgdata host/pkgdata image
cp out json
verdicts '--pkgdata: ' py check image json <files.only
check_exit 0 'a list instead of the database in the image' p --json --package-list host/packages-file-list.txt stripless
check 'which is not read' test "$(json out 'len(j["databases"])')" = 0
rm host/pkgdata/runtime-reverse/other
check_exit 0 'a package without a file in pkgdata: a warning' p --json --manifest host/image.manifest --pkgdata host/pkgdata image
says 'runtime-reverse/other' 'which names the file'

# --- text ---

p stripless >text
check 'a line for each package, with its version' grep -q '  other 2:3-4$' text
check 'those that take the most first' awk 'NR > 1 && /(tool|other) / { if (n++ && $1 > last) exit 1; last = $1 } END { exit n != 2 }' text
check 'the total is the size of the file' test "$(awk '$NF == "total" { print $1 }' text)" = "$(size_of stripless)"
check 'and the sum of the lines' awk '/^ *[0-9]+ +[0-9]+ +[0-9]+ +[0-9]+ +[0-9]+  / { if ($NF == "total") exit n != $1; n += $1 }' text
check 'missing files are counted' grep -q '1 path of packages is not in the image' text

# --- wrong input ---

printf 'no comma\n' >list
check_exit 8 'a list that is none: an error' p --package-list list image
says 'list:1: expected PACKAGE,PATH' 'which names the line'
check_exit 8 'a list that is missing: an error' p --package-list nowhere image
printf '../../etc/passwd x 1\n' >manifest
check_exit 8 'a manifest with a path: an error' p --manifest manifest --pkgdata host/pkgdata image
says 'manifest:1: expected' 'which names the line'
check_exit 16 '--manifest needs --pkgdata' p --manifest manifest image
check_exit 16 '--pkgdata needs --manifest' p --pkgdata host image
check_exit 16 'other commands take none of these' "$DUMPCRAMFS_XIP" list --database host image
says 'packages, report' 'and the message says which do'
cp -R -P root tree2
mkdir -p tree2/var/lib/rpm
head -c 5000 /dev/zero | tr '\0' x >tree2/var/lib/rpm/Packages
printf 'busybox\n' >tree2/list
py apk tree2 <files
x --quiet -X tree2 image || not_ok 'an image with a damaged database'
check_exit 8 'a damaged database: the exit status says so' p --json image
says 'var/lib/rpm/Packages: not a database' 'and a warning which one'
cp out json
verdicts 'the other database: ' py check image json <files
done_testing
