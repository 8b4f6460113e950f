#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Archives, manifests and overlays as sources; owners, modes, device tables.
# shellcheck source=tests/tap.sh
. "${top_srcdir:?}/tests/tap.sh"
# shellcheck source=tests/cli/setup.sh
. "$top_srcdir/tests/cli/setup.sh"
tree root
d="$top_builddir/dumpcramfs-xip/dumpcramfs-xip"

# listed IMAGE PATH: mode and owner, as "-rw-r--r-- 0:0"
listed() {
	"$d" list "$1" 2>"$scratch/list.err" | awk -v want="$2" '{ for (i = 1; i <= NF; i++) if ($i == want) { print; exit } }'
}
# shows PATTERN IMAGE PATH WHAT
shows() {
	listed "$2" "$3" >line
	check "$4" grep -Eq "$1" line
	[ -s line ] && grep -Eq "$1" line || diag "$(cat line)"
}

# An archive is its directory.
x --quiet -X --all-root root dir.img
if ! tar -C root --owner=7 --group=8 -cf root.tar . 2>"$scratch/err" || ! x --quiet --dry-run root.tar - 2>"$scratch/err"; then
	if grep -q 'libarchive' "$scratch/err"; then
		check "without libarchive an archive is refused, and the message says so" grep -q 'libarchive' "$scratch/err"
		archives=no
	else
		not_ok "an archive can be read"
		archives=no
	fi
else
	archives=yes
fi
if [ $archives = yes ]; then
	check_exit 0 "an archive as source" x --quiet -X --all-root root.tar tar.img
	check "the image is that of the directory" cmp dir.img tar.img
	gzip -k root.tar
	check_exit 0 "a compressed one" x --quiet -X -q root.tar.gz gz.img
	check "the same image" cmp dir.img gz.img
	x --quiet -X -q - std.img <root.tar.gz 2>"$scratch/err"
	check "from standard input: the same image" cmp dir.img std.img
	check_exit 0 "owners come from the archive" x --quiet root.tar own.img
	shows '^[^ ]+ +7 +8 ' own.img /etc/numbers "owner 7:8"
	head -c 5000 root.tar >cut.tar
	check_exit 8 "an archive that is cut short" x cut.tar cut.img
	check "no image of it" test ! -e cut.img

	# a forgotten operand destroys nothing
	cp root.tar keep.tar
	check_exit 8 "IMAGE is an archive" x root keep.tar
	says 'is an archive' "and says so"
	check "it is as it was" cmp root.tar keep.tar
	check_exit 8 "IMAGE is SOURCE" x keep.tar keep.tar
	says 'is a source' "and says so"
	check_exit 0 "--force" x --quiet --force root keep.tar
	check "replaces it" test "$(bytes keep.tar 16 10)" = 436f6d70726573736564

	# overlays
	mkdir -p layer/etc
	echo new >layer/etc/numbers
	: >layer/etc/.wh.equal
	tar -C layer --owner=0 --group=0 -cf layer.tar .
	for l in layer layer.tar; do
		check_exit 0 "--overlay $l" x --quiet --overlay $l root over.img
		"$d" cat over.img /etc/numbers >have 2>/dev/null
		check "its file replaces the one below" cmp have layer/etc/numbers
		check "what it does not touch stays" sh -c '"$1" cat over.img /usr/share/doc/README >have && cmp have root/usr/share/doc/README' sh "$d"
		shows . over.img /etc/.wh.equal "without --whiteouts .wh.equal is a file"
		x --quiet --whiteouts --overlay $l root white.img 2>"$scratch/err"
		"$d" list white.img >list 2>/dev/null
		check "--whiteouts: equal is gone" sh -c '! grep -q "/etc/equal" list'
		check "... and so is its mark" sh -c '! grep -q "[.]wh[.]" list'
	done
	mkdir -p layer/usr
	check_exit 8 "an overlay that is not there" x --overlay nothing root over2.img
	says 'nothing: ' "is named"
fi

# What cramfs cannot hold of a directory is reported, unless it is not for the image.
mkdir labelled
echo text >labelled/marked
ln labelled/marked labelled/twin
echo text >labelled/other
if ! command -v python3 >/dev/null 2>&1; then
	skip "python3 is not installed"
elif ! python3 -c 'import os; os.setxattr("labelled/marked", "user.colour", b"red")' 2>/dev/null; then
	skip "no extended attributes in $scratch"
else
	check_exit 0 "a file with an extended attribute" x --quiet labelled a.img
	says 'warning: 2 entries have extended attributes, which cramfs cannot hold \(/marked, /twin\)' "is warned of, with its paths"
	check_exit 8 "-E" x -E --quiet labelled none.img
	check "no image" test ! -e none.img
	check_exit 0 "not if it is left out" x -E --quiet --exclude marked --exclude twin labelled a.img
	check_exit 8 "in an overlay" x -E --quiet --overlay labelled root none.img
	mkdir -p upper/etc
	echo new >upper/etc/new
	python3 -c 'import os; os.setxattr("upper/etc", "user.overlay.opaque", b"y")'
	check_exit 0 "a directory that overlayfs calls opaque" x -E --quiet --whiteouts --overlay upper root white.img
	check "hides what is below" test "$("$d" list white.img 2>/dev/null | grep -o '/etc/.*')" = /etc/new
	check_exit 0 "without --whiteouts" x --quiet --overlay upper root white.img
	says 'has extended attributes, which cramfs cannot hold \(/etc\)' "the attribute is reported"
	check "and hides nothing" sh -c '"$1" list white.img 2>/dev/null | grep -q /etc/numbers' sh "$d"
	mkdir plain
	echo new >plain/marked
	echo new >plain/twin
	check_exit 0 "not if an overlay replaces it" x -E --quiet --overlay plain labelled a.img
	if [ $archives = yes ] && tar --xattrs -C labelled -cf labelled.tar . 2>/dev/null; then
		check_exit 0 "in an archive" x --quiet labelled.tar a.img
		says 'entries have extended attributes, which cramfs cannot hold \(/marked, /twin\)' "it is the same"
	fi
fi
# A manifest, from standard input as well: then its contents are looked for where we are.
printf '%s\n' '#mtree' './etc/numbers uid=3 gid=4' './dev/console type=char mode=600 device=native,5,1' >manifest
check_exit 0 "--overlay MANIFEST" x --quiet --overlay manifest root over.img
shows '^[^ ]+ +3 +4 ' over.img /etc/numbers "its owners"
shows '^crw-------.* 5, *1' over.img /dev/console "its device"
check_exit 0 "--overlay - is a manifest" sh -c 'cat manifest | "$1" --quiet --overlay - root over2.img' sh "$MKCRAMFS_XIP"
check "the same image" cmp over.img over2.img
printf '%s\n' './numbers type=file mode=640 contents=./root/etc/numbers' './l type=link link=numbers' >manifest
check_exit 0 "SOURCE is a manifest" x --quiet manifest man.img
check_exit 0 "SOURCE - is one, of a file" x --quiet - man2.img <manifest
check "the same image" cmp man.img man2.img
check_exit 0 "SOURCE - is one, out of a pipe" sh -c 'cat manifest | "$1" --quiet - man3.img' sh "$MKCRAMFS_XIP"
check "the same image" cmp man.img man3.img
shows '^-rw-r----- ' man3.img /numbers "with its mode"
check_exit 16 "standard input cannot be two of them" x --overlay - - two.img
says 'once only' "and says so"
check_exit 8 "IMAGE is what standard input comes from" x --quiet - manifest <manifest
says 'is an archive|is a source' "and says so"

# What patterns leave out need not be readable, and is nobody's.
if user_works; then
	mkdir closed
	tree closed/root
	mkdir closed/root/lost+found
	echo 1 >closed/root/lost+found/file
	chmod 755 closed closed/root
	[ "$is_root" = no ] || chown -R 1234:234 closed
	[ "$is_root" = no ] || chown -R 0:0 closed/root/lost+found
	chmod 000 closed/root/lost+found
	check_exit 8 "a directory that cannot be read" as_user "$MKCRAMFS_XIP" closed/root closed/a.img
	says '/lost\+found: cannot be read: Permission denied' "is named"
	check_exit 0 "and may be left out" as_user "$MKCRAMFS_XIP" --quiet --exclude /lost+found closed/root closed/a.img
	shows '^[^ ]+ +0 +0 ' closed/a.img /etc/numbers "the rest is all that user's, and is stored as root's"
	chmod 700 closed/root/lost+found
else
	skip "an ordinary user cannot run the program here"
fi

# Owners and modes
x --quiet --owner 5:6 root a.img
shows '^[^ ]+ +5 +6 ' a.img /etc/numbers "--owner 5:6"
x --quiet --owner 5:6 -q root a.img
shows '^[^ ]+ +0 +0 ' a.img /etc/numbers "--owner, then -q: the last holds"
x --quiet -q --owner :9 root a.img
shows '^[^ ]+ +[0-9]+ +9 ' a.img /etc/numbers "-q, then --owner :9: the last holds"
x --quiet --owner 5:6 --map-uid 5:100:2 --map-gid=6:200 root a.img
shows '^[^ ]+ +100 +200 ' a.img /etc/numbers "--map-uid, --map-gid, after --owner"
check_exit 16 "--map-uid: nonsense" x --map-uid 5 root a.img
check_exit 16 "--owner: nonsense" x --owner 5:6:7 root a.img
x --quiet -q --chmod f:go-r --chmod d:0700 root a.img
shows '^-rw-------' a.img /etc/numbers "--chmod f:"
shows '^drwx------' a.img /etc "--chmod d:"
check_exit 16 "--chmod: nonsense" x --chmod zz root a.img

# Names come from the tree, or from files given
mkdir -p named/etc
echo 'www:x:33:44::/:/bin/sh' >named/etc/passwd
echo 'web:x:55:' >named/etc/group
echo 'www:x:66:44::/:/bin/sh' >passwd
echo 'web:x:77:' >group
x --quiet --owner www:web named a.img
shows '^[^ ]+ +33 +55 ' a.img /etc/passwd "names of the tree's own files"
x --quiet --owner www:web --passwd passwd --group group named a.img
shows '^[^ ]+ +66 +77 ' a.img /etc/passwd "names of --passwd and --group"
check_exit 16 "an unknown name" x --owner nobody-here named b.img
says 'nobody-here' "is reported"
printf '%s\n' '#mtree' './etc/passwd uname=www gname=web' './etc/group uname=root gname=web uid=12' './etc gname=wheel' >names.mtree
check_exit 8 "a manifest with a name that nobody has" x --quiet --overlay names.mtree named b.img
says '/etc: no group is called .?wheel' "is reported"
check "no image" test ! -e b.img
echo 'wheel:x:0:' >>named/etc/group
check_exit 0 "names in a manifest" x --quiet --overlay names.mtree named a.img
shows '^[^ ]+ +33 +55 ' a.img /etc/passwd "are looked up in the tree"
shows '^[^ ]+ +12 +55 ' a.img /etc/group "but not where there is a number"
x --quiet --overlay names.mtree --passwd passwd --group named/etc/group --map-gid 55:66 named a.img
shows '^[^ ]+ +66 +66 ' a.img /etc/passwd "or in the files given, before ids are mapped"
mkdir -p above/etc
echo 'web:x:77:' >above/etc/group
x --quiet --overlay names.mtree --overlay above --owner :9 named a.img
shows '^[^ ]+ +33 +9 ' a.img /etc/passwd "--owner replaces them"

# Device tables
cat >table <<'END'
# name      type mode uid gid major minor start inc count
/dev          d  755  0   0   -     -     -     -   -
/dev/console  c  600  0   0   5     1     -     -   -
/dev/mtd      c  640  0   9   90    0     0     2   3
/bin/program  f  4755 www web -     -     -     -   -
/etc          r  -1   3   4   -     -     -     -   -
END
check_exit 0 "-D" x --quiet -q -D table --passwd passwd --group group root dev.img
shows '^crw-------.* 5, *1' dev.img /dev/console "a device"
shows '^crw-r-----.* 90, *4' dev.img /dev/mtd2 "a range of them"
shows '^-rwsr-xr-x +66 +77 ' dev.img /bin/program "set-user-ID, and owners by name"
shows '^[^ ]+ +3 +4 ' dev.img /etc/numbers "r: all below"
check_exit 0 "--device-table=, with --all-root: the table has the last word" x --quiet --all-root --device-table=table --passwd passwd --group group root dev2.img
check "the same image" cmp dev.img dev2.img
printf '/dev q 755 0 0 - - - - -\n/x c 7z5 0 0 1 1 - - -\n' >bad.table
check_exit 8 "a table with mistakes" x -D bad.table root bad.img
says 'bad\.table:1:[0-9]+: ' "the first is reported, with line and column"
says 'bad\.table:2:[0-9]+: ' "and the second"
check "no image" test ! -e bad.img
printf '/none f 600 0 0\n/etc d 755 nobody-here 0\n' >worse.table
check_exit 8 "two tables with mistakes" x -D bad.table -D worse.table -D none.table root bad.img
says 'bad\.table:2:' "all of the first"
check_exit 8 "two tables with mistakes" x -D bad.table -D bad.table root bad.img
check "and those of the second are reported" test "$(grep -c 'bad\.table:[12]:[0-9]*: ' err)" -eq 4
check_exit 8 "a table of what cannot be done" x -D worse.table root bad.img
says 'worse\.table:1:1: /none: does not exist' "a missing file is reported"
says 'worse\.table:2:12: no user is called .nobody-here.' "and a name beside it"

# What cramfs has no room for: ways out, and the line of the table that asks for it
printf '# mine\n/etc d 755 0 1000\n/dev/x c 600 0 0 5 254 0 1 4\n' >large.table
check_exit 8 "group 1000 in a table" x -q --map-gid 1000:10 -D large.table root bad.img
says '/etc: gid 1000 is over 255.*--all-root.*--map-gid 1000:N.*--lossy' "is reported with the path and ways out"
says 'large\.table:2:1: this line asks for group 1000, and is applied after -q and --map-gid' "and with its line"
says 'large\.table:3:1: this line creates device 5,257' "so is a device"
check_exit 0 "--lossy cuts them" x --quiet --lossy -q -D large.table root lossy.img
check "and blames no line" sh -c '! grep large.table err'

# Names are looked up where there are some only
mkdir -p unread/etc
echo 1 >unread/file
dd if=/dev/zero of=unread/etc/passwd bs=1048576 count=5 2>/dev/null
check_exit 0 "--owner 0:0 is -q: /etc/passwd is not looked at" x --quiet --owner 0:0 unread a.img
check_exit 8 "with a name it is" x --quiet --owner root unread a.img
says '/etc/passwd: .*larger than' "and is too large"
check_exit 8 "a file of --passwd is read in any case" x --quiet --passwd none root a.img
says 'none: cannot open' "and must be there"

done_testing
