#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# cramfs-xip-fuse: usage, and images mounted on this machine, if that is permitted here.
# tests/unit/test_fuse_ops.c tests the same operations without FUSE, and tests/kernel compares them
# with a kernel's own mount.
# shellcheck source=tests/tap.sh
. "${top_srcdir:?}/tests/tap.sh"
# shellcheck source=tests/cli/setup.sh
. "$top_srcdir/tests/cli/setup.sh"
CRAMFS_XIP_FUSE=${CRAMFS_XIP_FUSE:-$top_builddir/cramfs-xip-fuse/cramfs-xip-fuse}
if [ ! -x "$CRAMFS_XIP_FUSE" ]; then
	skip 'cramfs-xip-fuse is not built (libfuse 3)'
	done_testing
fi
fuse() {
	"$CRAMFS_XIP_FUSE" "$@"
}

mkdir mnt
tree root
x --quiet root a.img

# Usage, and errors before anything is mounted
for bad in "" "a.img" "a.img mnt more" "- mnt" "-b 5000 a.img mnt" "--offset -1 a.img mnt" "-o bogus_option a.img mnt" "--json a.img mnt"; do
	# shellcheck disable=SC2086 # several words
	check_exit 16 "usage: '$bad'" fuse $bad
done
check_exit 16 "an empty name" fuse a.img ''
says '^cramfs-xip-fuse: the name of IMAGE or DIR is empty' "is named"
check_exit 8 "an image that is not there" fuse nothing.img mnt
says '^cramfs-xip-fuse: nothing\.img: cannot open: ' "is named"
check_exit 8 "a file that is not an image" fuse root/etc/numbers mnt
says 'root/etc/numbers: no cramfs superblock' "is named"
check_exit 8 "a directory that is not there" fuse a.img none
says '^cramfs-xip-fuse: none: no such directory' "is named"
check_exit 8 "a file to mount on" fuse a.img a.img
says '^cramfs-xip-fuse: a\.img: not a directory' "is named"
check_exit 8 "an image without an image at that offset" fuse --offset 4K a.img mnt
# the flags of the superblock
{ head -c 8 a.img && printf '\0\0\1\0' && tail -c +13 a.img; } >flags.img
check_exit 8 "an image that no kernel mounts" fuse flags.img mnt
says 'flags\.img: a kernel does not mount it: unsupported filesystem features' "with the kernel's words"
for o in -h --help; do
	check_exit 0 "$o" fuse $o
	says_out '^Usage: cramfs-xip-fuse \[options\] IMAGE DIR$' "$o: usage"
done
for o in -V --version; do
	check_exit 0 "$o" fuse $o
	says_out '^cramfs-xip-fuse [0-9]' "$o: version"
	says_out 'Licence: GPL-2.0-or-later' "$o: licence"
done

# Can anything be mounted here?
if ! command -v python3 >/dev/null; then
	lacks python3
	done_testing
fi
mounts() {
	python3 -B "$top_srcdir/tests/cli/fuse_compare.py" "$@"
}
if ! mounts can-mount "$PWD/mnt" 2>why; then
	skip "mounting is not permitted here: $(tail -n 1 why)"
	done_testing
fi

end_mount() {
	if [ "$is_root" = yes ]; then
		umount "$1"
	else
		fusermount3 -u "$1"
	fi
}
trap 'end_mount "$scratch/mnt" 2>/dev/null; chmod -R u+rwx "$scratch" 2>/dev/null; rm -rf "$scratch"' EXIT

# compared WHAT IMAGE PAGE MOUNTED [OPTION...]: MOUNTED is mounted, and is as IMAGE should be
compared() {
	what=$1
	image=$2
	page=$3
	shift 3
	check_exit 0 "$what: it can be mounted" fuse "$@" mnt
	check "$what: nothing is printed" empty err
	check "$what: each node is what the image holds" mounts compare mnt "$image" "$page"
	cp "$scratch/check.out" compared
	check "$what: it can be unmounted" end_mount mnt
}

cat >table <<'END'
/dev d 755 0 0 - - - - -
/dev/null c 666 0 0 1 3 - - -
/dev/hda b 660 0 6 3 1 - - -
/dev/pipe p 622 33 34 - - - - -
/etc/equal f 4711 1000 100 - - - - -
/etc/holes f 600 65535 255 - - - - -
END
mkdir root/empty root/deep root/deep/er
odd=$(printf 'a\nb\033\377')
echo odd >"root/$odd"
: >root/nothing
awk 'BEGIN { for (i = 0; i < 60; i++) print i >("root/deep/er/" i) }'
for variant in '-b 4K' '-x -b 4K' '-X -b 4K' '-X -b 64K -N big' '-p -z -b 8K'; do
	page=$(echo "$variant" | sed 's/.*-b \([0-9]*\)K.*/\1/')
	# shellcheck disable=SC2086 # several words
	x --quiet -q -D table $variant root b.img
	compared "$variant" b.img $((page * 1024)) -b "${page}K" b.img
done
x --quiet -q -D table -X root b.img
compared 'the page size is detected' b.img 4096 b.img

# The files themselves, and a program that runs
check_exit 0 "mounted once more" fuse b.img mnt
check "contents are those of the source" diff -r --no-dereference root/deep mnt/deep
check_exit 0 "a program runs from there" mnt/bin/program --version
check_exit 1 "nothing can be written" touch mnt/etc/new
says 'Read-only file system' "says the system"
check "mount(8) shows the image" grep -q "^b.img $PWD/mnt fuse.cramfs-xip-fuse ro" /proc/self/mounts
check_exit 8 "a second image is not mounted over it by mistake: wrong image" fuse nothing.img mnt
check "it can be unmounted" end_mount mnt

# Damage
mounts damage b.img 4096 damaged.img
check "an image can be damaged" test -s damaged.img
check_exit 1 "and is another one" cmp -s b.img damaged.img
compared 'damaged' damaged.img 4096 -b 4K damaged.img
check "some files have errors" grep -q ' [1-9][0-9]* of them have errors' compared

# Inside a larger file
{ head -c 12288 /dev/zero && cat b.img; } >flash.bin
compared '--offset 12K' b.img 4096 --offset 12K flash.bin
compared '--offset auto' b.img 4096 --offset auto flash.bin

# A part of an image
head -c $(($(size_of b.img) - 4096)) b.img >part.img
check_exit 0 "an incomplete image is mounted" fuse part.img mnt
says 'warning: part\.img: 4096 of the image.s [0-9]+ bytes are missing' "with a warning"
check "what is there can be read" cmp root/usr/share/doc/README mnt/usr/share/doc/README
check "it can be unmounted" end_mount mnt

# Options of FUSE
check_exit 0 "-o" fuse -o fsname=my,subtype=sub -o rw,allow_other b.img mnt
check "gives it another name, and never write access" grep -qE "^my $PWD/mnt fuse\.sub ro,.*default_permissions.*allow_other" /proc/self/mounts
if [ "$is_root" = yes ] && user_works; then
	chmod 755 .
	check "allow_other: others may read what its mode lets them" as_user cat mnt/etc/numbers
	check_exit 1 "and nothing else" as_user cat mnt/etc/holes
fi
check "it can be unmounted" end_mount mnt

# In the foreground, until it is unmounted or ended by a signal
wait_mounted() {
	tries=0
	until grep -q " $PWD/mnt fuse" /proc/self/mounts; do
		tries=$((tries + 1))
		[ $tries -lt 600 ] || return
		sleep 0.1
	done
}
for o in -f --foreground; do
	"$CRAMFS_XIP_FUSE" $o b.img mnt >out 2>err &
	check "$o: it is mounted" wait_mounted
	if [ $o = -f ]; then end_mount mnt; else kill -TERM $!; fi
	wait $!
	check "$o: the program ends with status 0" test $? -eq 0
	check_exit 1 "$o: nothing is mounted then" grep " $PWD/mnt " /proc/self/mounts
done

# Without root, which is the purpose. Where only root may open /dev/fuse, others get one of their
# own; fusermount3 wants a user who has a name.
cat >user.sh <<'END'
set -e
"$1" b.img user
cmp root/etc/numbers user/etc/numbers
cmp root/etc/holes user/etc/holes # only root could, if the image were not the user's to read
fusermount3 -u user
test -z "$(ls user)"
END
as_nobody() {
	unshare -m sh -c 'mount --bind fuse /dev/fuse && exec setpriv --reuid=65534 --regid=65534 --clear-groups "$@"' sh "$@"
}
if [ "$is_root" = no ]; then
	skip 'all of this was done without root'
elif ! command -v fusermount3 >/dev/null; then
	lacks fusermount3
elif ! mknod -m 666 fuse c 10 229 2>/dev/null || ! as_nobody "$CRAMFS_XIP_FUSE" --version >out 2>&1; then
	skip 'there is no other user to mount as'
else
	chmod 755 .
	mkdir user
	chown 65534 user
	check "another user can mount, read all of it, and unmount" as_nobody sh user.sh "$CRAMFS_XIP_FUSE"
fi

done_testing
