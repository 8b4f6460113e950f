#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Device tables: what they make, under both names, for an ordinary user; and files
# that are not device tables. If CRX_MAKEDEVS is Buildroot's makedevs, these and
# random tables are compared with what it makes under fakeroot.
# shellcheck source=tests/tap.sh
. "${top_srcdir:?}/tests/tap.sh"
# shellcheck source=tests/cli/setup.sh
. "$top_srcdir/tests/cli/setup.sh"
DUMPCRAMFS_XIP=${DUMPCRAMFS_XIP:-$top_builddir/dumpcramfs-xip/dumpcramfs-xip}

mkdir -p root/bin root/dev root/etc root/usr/lib root/srv/a
echo 1 >root/bin/su
ln root/bin/su root/srv/a/su
echo 2 >root/bin/busybox
ln -s busybox root/bin/sh
ln -s usr/lib root/lib
echo 3 >root/usr/lib/l.so
printf 'root:x:0:0:::\nwww:x:33:34:::\n' >root/etc/passwd
printf 'root:x:0:\nwww:x:35\ntty:x:5:\n' >root/etc/group
find root -type d -exec chmod 755 {} +
find root -type f -exec chmod 644 {} +

cat >table <<'END'
# <name>	<type> <mode> <uid> <gid> <major> <minor> <start> <inc> <count>
/dev		d 2755 0 5 - - - - -

/dev/console	c 600 0 tty 5 1 - - -
dev/mtd		c 640 0 0 90 0 0 2 3
/dev/hda	b 660 0 6 3 0 0 0 -
/dev/hda	b 660 0 6 3 1 1 1 2
/dev/one	c 666 0 0 1 7 4 1 1
  /dev//fifo	p 622 www www
/dev/pipe	p 600 1 2 0 0 8 0 2   # two of them
/dev/twice	c 600 0 0 4 1
/dev/twice	b 640 1 1 4 2
/bin/su		f 4755 0 www - - - - -
/bin/sh		f 711 -1 7
/no/such	F 4755 0 0 - - - - -
/new/deep/dir/	d 1777 9 9
/lib/null	c 666 0 0 1 3 0 0 -
/srv		r -1 11 12 - - - - -
/lib/		r 700 13 14
/usr/lib	d 750 -1 -1
END
cat >wanted <<'END'
-rwsr-xr-x 11 12 - /bin/su
-rwsr-xr-x 11 12 - /srv/a/su
-rwx--x--x 0 7 - /bin/busybox
brw-r----- 1 1 4,2 /dev/twice
brw-rw---- 0 6 3,0 /dev/hda
brw-rw---- 0 6 3,1 /dev/hda1
brw-rw---- 0 6 3,2 /dev/hda2
crw------- 0 5 5,1 /dev/console
crw-r----- 0 0 90,0 /dev/mtd0
crw-r----- 0 0 90,2 /dev/mtd1
crw-r----- 0 0 90,4 /dev/mtd2
crw-rw-rw- 0 0 1,3 /usr/lib/null
crw-rw-rw- 0 0 1,7 /dev/one
drwxr-s--- 0 0 - /usr/lib
drwxr-sr-x 0 5 - /dev
drwxr-xr-x 11 12 - /srv
drwxr-xr-x 11 12 - /srv/a
drwxrwxrwt 9 9 - /new/deep/dir
drwxrwxrwx 0 0 - /new
drwxrwxrwx 0 0 - /new/deep
lrwxrwxrwx 13 14 - /lib
prw--w--w- 33 35 - /dev/fifo
prw------- 1 2 - /dev/pipe8
prw------- 1 2 - /dev/pipe9
END
sed 's/^drwxr-s--- 0 0/drwxr-x--- 0 0/' wanted | sort >wanted.sorted

# facts IMAGE: mode, owner, group, device and path of all, sorted
facts() {
	"$DUMPCRAMFS_XIP" list -b 4K "$1" | awk 'NR > 1 {
		for (i = 5; i <= NF && $i !~ /^\//; i++)
			;
		print $1, $2, $3, $1 ~ /^[bc]/ ? $4 : "-", $i
	}' | sort
}
# shellcheck disable=SC2317 # called by check
as_wanted() {
	x --quiet -q root before.img && facts before.img >before
	facts "$1" | comm -13 before - >made
	diff wanted.sorted made
}

check_exit 0 "a table" x --quiet -q -D table root made.img
says 'table:12:1: /dev/twice replaces a character device, 4,1' "says what is made twice"
check "everything is as it says" as_wanted made.img
if user_works; then
	mkdir users
	cp -R root users/root
	cp table users/table
	[ "$is_root" = no ] || chown -R 1234:1234 users
	check_exit 0 "of an ordinary user's tree" as_user "$MKCRAMFS_XIP" --quiet -D users/table users/root users/img
	# copied, the two names of su are two files
	facts users/img >user.facts
	check "devices and owners are there as well" sh -c 'grep -q "^crw------- 0 5 5,1 /dev/console" user.facts && grep -q "^drwxrwxrwx 0 0 - /new$" user.facts'
else
	skip "an ordinary user cannot run the program here"
fi

# by the name mkcramfs
ln -s "$MKCRAMFS_XIP" mkcramfs
printf '/dev/x c 600 1 2 4 64 3 2 1\n/dev/p p 600 1 2 0 0 1 1 3\n/dev/y b\n/dev/z c 640 - - - -\n/bin/su f 4711 1 1\n' >old.table
check_exit 0 "a table of mkcramfs" ./mkcramfs -q -D old.table root old.img
facts old.img >old
for line in "crw------- 1 2 4,64 /dev/x3" "prw------- 1 2 - /dev/p" "brwxr-xr-x 0 0 0,0 /dev/y" "crw-r----- 0 0 0,0 /dev/z" "-rws--x--x 1 1 - /bin/su" "-rw-r--r-- 0 0 - /srv/a/su"; do
	check "has $line" grep -qx -- "$line" old
done
check_exit 8 "mkcramfs-xip wants owners" x -q -D old.table root bad.img
says 'old.table:3:9: expected a mode here' "and says so"

# files that are not tables, and those at the edge
good() { # WHAT
	check_exit 0 "$1" x --quiet -q -D edge root edge.img
}
bad() { # WHAT REGEX
	rm -f bad.img
	check_exit 8 "$1" x --quiet -q -D edge root bad.img
	says "$2" "is reported"
	check "and there is no image" test ! -e bad.img
}
: >edge
good "an empty file"
printf '/n d 755 0 0' >edge
good "no line feed at the end"
printf '/n d 755 0 0\r\n\r\n# x\r\n/n/x p 600 0 0 - - - - -\r\n' >edge
good "lines that end as those of DOS"
facts edge.img >edge.facts
check "with the names that they have" grep -q ' /n/x$' edge.facts
printf '/n d 755 0 0\000\n/m z 1 1 1\n' >edge
bad "a NUL byte" 'edge:1:13: NUL byte'
{
	awk 'BEGIN { for (i = 0; i < 1000000; i++) printf "a" }'
	printf ' d 755 0 0\n/x q 1 1 1\n'
} >edge
bad "a line of a megabyte" 'edge:1:8193: the line is too long'
says "edge:2:4: 'q' is not a type" "and the line after it"
printf '|xattr cap_kill+p\n/bin/su f 755 0 0\n' >edge
bad "a capability of nothing" 'edge:1:1: expected .xattr after'
printf '/bin/su f 755 0 0\n\t|xattr cap_kill+p\n' >edge
good "a capability"
says 'edge:2:2: /bin/su: capability cap_kill\+p is dropped' "is lost with a warning"
check_exit 8 "with -E there is no image" x --quiet -q -E -D edge root bad.img
printf '/x c 600 0 0 1 1 0 1 4294967298\n/x c 600 0 0 -1 1\n/etc c 600 0 0 1 1\n' >edge
bad "numbers that are too large" "edge:1:22: '4294967298' is not a count"
says "edge:2:14: '-1' is not a major number" "or below 0"
printf '/etc c 600 0 0 1 1\n/bin/su d 755 0 0\n/bin/sh p 600 0 0\n' >edge
bad "something else in the place" 'edge:1:1: /etc: cannot be created, since there is already a directory'
says 'edge:2:1: /bin/su: is not a directory' "all of it"
check_exit 8 "a directory as table" x -D root root bad.img
says 'root: cannot read: Is a directory' "is reported"
check_exit 8 "no such table" x -D nothing root bad.img
says 'nothing: cannot open' "is reported"

# --- makedevs ---

# theirs TABLE: what makedevs makes of it, as facts
# shellcheck disable=SC2317 # called by the next one
theirs() {
	rm -rf tree
	cp -a root tree
	# it goes to the directory before it looks for what is in it
	# shellcheck disable=SC2016 # expanded by that shell
	fakeroot sh -c 'cd tree && chown -hR 0:0 . && "$0" -d "../$1" "$PWD" >&2 || exit 1
		find . -exec stat -c "%A %u %g %t %T %n" {} + >../nodes' "$CRX_MAKEDEVS" "$1" >makedevs.log 2>&1 || return 1
	while read -r mode uid gid major minor path; do
		case $mode in
		[bc]*) device=$((0x$major)),$((0x$minor)) ;;
		*) device=- ;;
		esac
		path=${path#.}
		echo "$mode $uid $gid $device ${path:-/}"
	done <nodes | sort
}
# shellcheck disable=SC2317 # called by check
like_theirs() {
	theirs "$1" >theirs.facts || { cat makedevs.log; return 1; }
	[ "$(wc -l <"$1")" -ge 19 ] || return 1
	x --quiet -q -D "$1" root ours.img 2>ours.log || { cat ours.log; return 1; }
	facts ours.img | diff theirs.facts -
}
# random SEED: a table
random() {
	awk -v seed="$1" '
	function any(s, a) { return a[1 + int(rand() * split(s, a))] }
	BEGIN {
		srand(seed)
		for (i = 0; i < 200; i++) {
			type = any("f F d d r c c b p")
			mode = any("644 0755 4755 1777 0 7777 2750")
			if (type == "f")
				path = any("/bin/su bin/busybox /bin/sh /lib/l.so //etc/passwd /srv/./a/su")
			else if (type == "F")
				path = any("/bin/su /bin/su/ /no/such /lib")
			else if (type == "d")
				path = any("/dev /lib /srv/ / /n" i " /srv/n" i "/m/ /lib/../x" i)
			else if (type == "r")
				path = any("/srv /lib /lib/ /bin/sh /usr /bin/../srv")
			else
				path = any("/dev/x /lib//x srv/a/x") i "_"
			if (type ~ /[fFr]/ && rand() < 0.3)
				mode = -1
			line = path "\t" type " " mode " " any("0 1 www 65535 -1 010") " " any("0 5 tty 255 -1")
			n = any("0 1 2 3 5 5 5")
			for (j = 1; j <= 5; j++)
				line = line " " (j > n ? "-" : type ~ /[bcp]/ ? any("0 1 2 12 4") : 0)
			n = rand()
			print line (n < 0.1 ? " " : n < 0.2 ? "\r" : n < 0.3 ? " # x" : "")
		}
	}'
}
if [ "${CRX_MAKEDEVS:-}" ]; then
	check "makedevs: the table" like_theirs table
	for seed in 1 2 3 4 5 6 7 8 9 10 11 12; do
		random $seed >random.$seed
		check "makedevs: random table $seed" like_theirs random.$seed
	done
fi

# A manifest may describe one name only; a table describes the file
printf '#mtree\n./bin/su mode=4755 uid=5\n' >one.mtree
printf '/bin/su f 4755 5 0\n' >one.table
check_exit 0 "a file of which a manifest changed one name" x --quiet --overlay one.mtree -D one.table root one.img
"$DUMPCRAMFS_XIP" list one.img >list 2>/dev/null
check "has one mode and owner then" grep -Eq '^-rwsr-xr-x +5 +0 .*/srv/a/su$' list

done_testing
