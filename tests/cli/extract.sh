#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Extraction gives the tree back, as a directory and as an archive, for root and for
# others; and nothing is ever written anywhere else.
# shellcheck source=tests/tap.sh
. "${top_srcdir:?}/tests/tap.sh"
CRAMFSCK_XIP=${CRAMFSCK_XIP:-$top_builddir/cramfsck-xip/cramfsck-xip}
DUMPCRAMFS_XIP=${DUMPCRAMFS_XIP:-$top_builddir/dumpcramfs-xip/dumpcramfs-xip}
# shellcheck source=tests/cli/setup.sh
. "$top_srcdir/tests/cli/setup.sh"

if [ ! -x "$CRAMFSCK_XIP" ] || [ ! -x "$DUMPCRAMFS_XIP" ]; then
	skip "cramfsck-xip or dumpcramfs-xip is not built"
	done_testing
fi

fsck() {
	"$CRAMFSCK_XIP" "$@"
}
user_fsck() {
	as_user "$CRAMFSCK_XIP" "$@"
}

# facts DIR [OWNERS]: type, mode, owner, device and name of all in it, targets, contents
facts() {
	(
		cd "$1" || exit
		find . -exec stat -c "%f ${2-%u %g} %t %T %n" {} + | LC_ALL=C sort
		find . -type l -exec readlink {} + | LC_ALL=C sort
		find . -type f -exec cksum {} + | LC_ALL=C sort
	)
}
# same DIR DIR [WHAT]: equal in all of that; but for the directory's own mode
same() {
	facts "$1" "$3" | grep -v ' [.]$' >facts.1
	facts "$2" "$3" | grep -v ' [.]$' >facts.2
	[ -s facts.1 ] && diff facts.1 facts.2
}
times_0() {
	[ "$(find "$1"/* -exec stat -c %Y {} + | sort -u)" = 0 ]
}
only_in() { # DIR NAME...: DIR holds these and nothing else
	only_dir=$1
	shift
	[ "$(ls -A "$only_dir" | paste -s -d ' ' -)" = "$*" ]
}

# --- a tree with all that anybody may make ---
name252=$(printf '%0252d' 0 | tr 0 '\344')
long=$(printf '%0250d' 0)
tree src
mkdir -p src/read/only src/sticky "src/$long/$long/$long" "src/$name252"
echo deep >"src/$long/$long/$long/$long"
echo latin >"src/$name252/$name252"
echo line >"src/$(printf 'new\nline')"
echo end >'src/TRAILER!!!'
: >src/empty
ln -s ../../../etc/passwd src/away
ln -s "$name252/$name252" src/latin
echo secret >src/read/only/file
chmod 640 src/etc/equal
chmod 1777 src/sticky
chmod 555 src/read src/read/only
chmod 755 src
check_exit 0 "an image of it" x -x src img
chmod 644 img

# --- into a directory ---
check_exit 0 "-x DIR" fsck -x first img
check "the tree comes back" same src first ''
check "all times are 0" times_0 first
check "zero pages are holes" test $(($(stat -c '%b * %B' first/etc/holes))) -lt "$(size_of src/etc/holes)"
check_exit 0 "with one worker" fsck -j 1 --extract=one img
check "the same tree" same src one ''
check_exit 8 "not again into the same" fsck -x first img
says 'first: .*not empty' "says why"
mkdir empty
ln -s empty link
check_exit 8 "nor through a link" fsck -x link img
says 'link: .*symbolic link' "says why"
check "nothing was written" only_in empty
check_exit 0 "into an empty directory" fsck -x empty img
check "the tree is in it" same src empty ''
mkdir here
(cd here && fsck --extract ../img >/dev/null) && check "--extract alone writes nothing" only_in here
check_exit 8 "into a directory that cannot be made" fsck -x no/way img
says 'no/way: ' "is named"

# --- a disk that is full: half a tree is called so ---
# The limit holds for messages in files too.
sh -c 'ulimit -f 16; "$@"; echo "exit $?"' sh "$CRAMFSCK_XIP" -x half img 2>&1 | cat >half.said
check "a file that may not be written: half a tree, exit 4" grep -q "^exit 4" half.said
check "the path is named" grep -q '/.*: File too large' half.said
check "the tree is said to be incomplete" grep -q 'half: incomplete: extraction stopped after' half.said

# --- as an ordinary user ---
if user_works && as_user "$CRAMFSCK_XIP" -V >/dev/null 2>&1; then
	mkdir user
	chmod 777 user .
	mkdir -p set/dir
	echo '#!' >set/su
	echo '#!' >set/dir/sg
	mkfifo set/fifo
	chmod 4755 set/su
	chmod 2755 set/dir/sg
	x --quiet set set.img
	chmod 644 set.img
	check_exit 0 "an ordinary user extracts" user_fsck -x user/out img
	check "all but owners comes back" same src user/out ' '
	check_exit 0 "and an image with setuid bits" user_fsck -x user/set set.img
	says '/su: setuid or setgid bits \(mode 4755\) not set' "the bits are not set, which is said"
	says '/fifo: FIFO not made' "nor is the FIFO made, which is said"
	check "no bit is set" test "$(find user/set -perm -4000 -o -perm -2000 -type f)" = ''
	check "no FIFO is there" test ! -e user/set/fifo
	if [ "$is_root" = yes ]; then
		mknod set/null c 1 3 && x --quiet set dev.img && chmod 644 dev.img
		check_exit 4 "--owners where it is not allowed" \
			user_fsck --owners --json user/owners.json -x user/owners dev.img
		says '/su: cannot set owner 0:0: ' "the owner is reported with its path"
		says '/su: setuid or setgid bits \(mode 4755\) not set' "and so are the bits"
		says '/null: device not made: the system does not allow it' "and the device"
		says 'owners: incomplete: the system refused' "and the tree is said to be incomplete"
		check_exit 1 "no message suggests --owners" grep -e --owners err
		check "JSON: it is not complete" test "$(json user/owners.json 'j["extracted"]["complete"]')" = false
		check "JSON: so many entries lack something" test "$(json user/owners.json 'j["extracted"]["denied"]')" -eq 6
		check "no setuid bit on a file of somebody else's" test "$(find user/owners -perm -4000)" = ''
		check_exit 4 "and with --quiet" user_fsck --owners --quiet -x user/quiet dev.img
		says '/null: device not made' "the paths are named as well"
		cp "$CRAMFSCK_XIP" user/cramfsck
		check_exit 0 "cramfsck: an ordinary user has not asked for devices" \
			as_user user/cramfsck -x user/compat dev.img
		check_exit 4 "unless by --owners" as_user user/cramfsck --owners -x user/compat2 dev.img
	fi
	# Root of a user namespace: everybody else's owners are refused.
	mkdir -p owned
	echo text >owned/file
	if [ "$is_root" = yes ] && as_user unshare -r true 2>/dev/null; then
		chown 5:6 owned/file
		x --quiet owned owned.img && chmod 644 owned.img
		check_exit 4 "root asks for owners by being root" \
			as_user unshare -r "$CRAMFSCK_XIP" -x user/ns owned.img
		says '/file: cannot set owner 5:6: ' "and the message says which could not be set"
	else
		skip "unshare -r does not work here"
	fi
	chmod 711 .
else
	skip "cannot become an ordinary user"
fi

# --- owners and devices ---
# all: what root can make; in src
make_all() {
	chown 65535:255 src/empty
	chown 12:34 src/bin/program
	chown -h 5:6 src/away
	chmod 4755 src/bin/program
	mknod src/null c 1 3
	mknod src/block b 254 7
	mkfifo src/fifo
	chown 1:2 src/null src/read
}
mkdir made
if [ "$is_root" = yes ] && mknod made/try c 1 3 2>/dev/null; then
	make_all
	check_exit 0 "an image with owners and devices" x -x src all.img
	check_exit 0 "root extracts it" fsck -x root all.img
	says '/null: device not made' "devices are not made unasked"
	check "nor are they there" test ! -e root/null
	mv src/null src/block made
	check "all else is as it was" same src root
	mv made/null made/block src
	check_exit 0 "--owners" fsck --owners -x owners all.img
	check "all is as it was" same src owners
	check "all times are 0" times_0 owners
	all=all.img
else
	skip "owners and devices need root"
	all=img
fi

ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}verify_asan_link_order=0:detect_leaks=0
export ASAN_OPTIONS
if command -v fakeroot >/dev/null && can_preload "$CRAMFSCK_XIP" && user_works && as_user fakeroot "$CRAMFSCK_XIP" -V >/dev/null 2>&1; then
	mkdir fake
	chmod 777 fake
	chmod 711 .
	cat >fake/run <<'END'
cd fake || exit
mkdir src
echo '#!' >src/su
mknod src/dev c 5 1
mkdir src/dir
chown 5:6 src/su src/dir
chmod 4711 src/su
"$1" --quiet src img || exit
"$2" --quiet --owners -x out img || exit
for dir in src out; do
	(cd $dir && stat -c '%n %f %u %g %t %T' su dev dir) >$dir.facts
done
cmp src.facts out.facts && cat out.facts
END
	check_exit 0 "under fakeroot too" as_user fakeroot sh fake/run "$MKCRAMFS_XIP" "$CRAMFSCK_XIP"
	check "owner, mode and device" test "$(sed -n '1s/.* \(5 6\) .*/\1/p;2s/.* //p' out | paste -s -d ' ' -)" = "5 6 1"
else
	skip "fakeroot does not work here"
fi

# --- archives ---
fsck -x probe.tar img >probe.out 2>&1
probe=$?
if [ $probe -eq 16 ] && grep -q 'without libarchive' probe.out; then
	skip "this build has no libarchive"
	check "nothing is made without it" test ! -e probe.tar
else
	for end in tar tar.gz tar.bz2 tar.xz tar.zst cpio; do
		check_exit 0 "-x FILE.$end" fsck -x a.$end $all
		fsck -j 1 -x b.$end $all >/dev/null 2>&1
		check "twice the same bytes: $end" cmp a.$end b.$end
	done
	check "tar of dumpcramfs-xip is the same" sh -c '"$1" tar "$2" >dump.tar && cmp dump.tar a.tar' sh "$DUMPCRAMFS_XIP" $all
	if command -v tar >/dev/null; then
		mkdir tar
		check_exit 0 "tar reads it" tar -xpf a.tar -C tar
		if [ "$is_root" = yes ]; then
			check "all is as it was" same src tar
		else
			check "all is as it was" same src tar ''
		fi
		check "times are 0" times_0 tar
		check "owners and devices are in it, whoever wrote it" sh -c 'tar --numeric-owner -tvf a.tar | grep -q "0/0 .* etc/$"'
	else
		skip "no tar"
	fi
	if command -v cpio >/dev/null; then
		mkdir cpio
		check_exit 0 "cpio reads it" sh -c 'cd cpio && cpio -idmu --quiet <../a.cpio'
		if [ "$is_root" = yes ]; then
			check "all is as it was" same src cpio
		else
			check "all is as it was" same src cpio ''
		fi
	else
		skip "no cpio"
	fi
	echo old >old.tar
	check_exit 0 "an archive replaces a file" fsck -x old.tar $all
	check "as a whole" cmp old.tar a.tar
	check "nothing is left beside it" no_leftovers .
	if [ -n "$full" ]; then
		ln -s "$full" full.tar
		check_exit 8 "a full device" fsck -x full.tar img
		says 'full.tar: .*No space' "is named"
		check "and is a device still" test -c "$full"
	else
		skip "no device that is full"
	fi
fi

# --- hostile images ---
if [ -x "$top_builddir/tests/nasty/mknasty" ]; then
	mkdir nasty cage
	"$top_builddir/tests/nasty/mknasty" nasty >/dev/null
	bad=
	for image in nasty/*.le.img; do
		for to in out out.tar; do
			echo canary >cage/canary
			fsck --owners -x cage/$to "$image" >said 2>&1
			got=$?
			case $got in
			0 | 4 | 16) ;;
			*) bad="$bad $image:$to:$got" && diagnose said ;;
			esac
			for made in cage/* cage/.[!.]*; do
				case $made in
				cage/canary | cage/"$to" | 'cage/.[!.]*') ;;
				*) bad="$bad $image:$made" ;;
				esac
			done
			[ "$(cat cage/canary)" = canary ] || bad="$bad $image:canary"
			chmod -R u+rwx cage/out 2>/dev/null
			rm -rf cage/out cage/out.tar
		done
	done
	check "hostile images: nothing outside, no crash" test "$bad" = ''
	[ -z "$bad" ] || diag "$bad"
	check_exit 4 "a damaged file: exit 4" fsck -x damaged nasty/stream_noise.le.img
	says '/run: 1 of 3 pages cannot be read' "the file is named"
	says 'damaged: incomplete: ' "and the tree is called incomplete"
else
	skip "mknasty is not built"
fi

done_testing
