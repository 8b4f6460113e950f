#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Trees and command lines that must be refused, each with its message and exit
# status, while an existing image stays unchanged.
# shellcheck source=tests/should-fail/common.sh
. "${top_srcdir:?}/tests/should-fail/common.sh"

T=$scratch/tree
make() { "$MKCRAMFS_XIP" -q "$@"; }

# usage
new_tree "$T"
refused 16 "unknown option|--nonsense" "an unknown option" make --nonsense "$T" "$IMAGE"
refused 16 "SOURCE and IMAGE" "no operands" make
refused 16 "IMAGE is missing" "one operand" make "$T"
refused 16 "3 operands" "three operands" make "$T" "$IMAGE" x
refused 16 "5000" "a block size that no kernel has" make -b 5000 "$T" "$IMAGE"
refused 16 "128K|131072" "a block size over 64K" make -b 128K "$T" "$IMAGE"
refused 16 "16" "a name of 17 bytes" make -n 12345678901234567 "$T" "$IMAGE"
refused 16 "lzma" "a back end that does not exist" make -c lzma "$T" "$IMAGE"
refused 16 "99" "a level that does not exist" make -c zlib:99 "$T" "$IMAGE"
refused 16 "middle" "a byte order that does not exist" make -N middle "$T" "$IMAGE"
refused 16 "cannot be used together" "options that exclude each other" make --keep-owner "$T" "$IMAGE"
accepted "the same tree, without any of it" make "$T" "$IMAGE"

# source
refused 8 "missing.*[Nn]o such file|cannot open.*missing|missing" "a source that does not exist" make "$scratch/missing" "$IMAGE"
refused 8 "is not an archive" "a source that is a file" make "$T/sub/hello" "$IMAGE"

# image
mkdir "$T/out"
check_exit 8 "an image in the source tree" make "$T" "$T/out/image"
says "inside the source tree" "... and why"
check "... and nothing was left there" test -z "$(ls -A "$T/out")"
ln -s "$T/out" "$scratch/way"
check_exit 8 "an image in the source tree, by a link" make "$T" "$scratch/way/image"
check "... and nothing was left there" test -z "$(ls -A "$T/out")"
rm "$scratch/way"
ln -s "$T/out/image" "$scratch/way"
check_exit 8 "a link to an image in the source tree" make "$T" "$scratch/way"
check "... and nothing was left there" test -z "$(ls -A "$T/out")"
rmdir "$T/out"
check_exit 8 "an image that is a directory" make "$T" "$scratch/out.d"
says "out.d.*([Dd]irectory|cannot be the image)" "... and why"
check_exit 8 "an image in a directory that does not exist" make "$T" "$scratch/nowhere/image"
says "nowhere" "... and where"
if python3 -c 'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])' "$scratch/socket" 2>/dev/null; then
	check_exit 8 "an image that is a socket" make "$T" "$scratch/socket"
	says "socket" "... and why"
else
	skip "a socket needs python3"
fi

# inserted file
refused 8 "missing" "a file to insert that does not exist" make -i "$scratch/missing" "$T" "$IMAGE"
refused 8 "regular file" "a directory to insert" make -i "$T" "$T" "$IMAGE"
truncate -s 200M "$scratch/large"
refused 8 "large.*209715200|209715200" "a file to insert, after which no inode can be addressed" make -i "$scratch/large" "$T" "$IMAGE"

# sizes of files
truncate -s 16777215 "$T/most"
accepted "a file of 16 MiB less a byte" make -x "$T" "$IMAGE"
truncate -s 16777216 "$T/most"
refused 8 "/most.*16777216.*--exclude" "a file of 16 MiB" make -x "$T" "$IMAGE"
accepted "the same with --exclude" make -x --exclude most "$T" "$IMAGE"
rm "$T/most"
mkdir "$T/many"
i=0
while [ $i -lt 25 ]; do
	truncate -s 17M "$T/many/f$i"
	i=$((i + 1))
done
refused 8 "25 errors" "25 files that are too large" make "$T" "$IMAGE"
check "... of which 20 are named" test "$(grep -c "/many/f[0-9]*.*17825792" "$scratch/said")" -eq 20
check "... and the others counted" grep "and 5 more" "$scratch/said"
rm -r "$T/many"

# names
long=$(printf '%0252d' 0)
echo x >"$T/$long"
accepted "a name of 252 bytes" make "$T" "$IMAGE"
mv "$T/$long" "$T/${long}1"
refused 8 "253.*252" "a name of 253 bytes" make "$T" "$IMAGE"
rm "$T/${long}1"

# links: the system's own limit is that of 4K pages
ln -s "$(printf '%04095d' 0)" "$T/link"
accepted "a link target of 4095 bytes" make "$T" "$IMAGE"
rm "$T/link"

# directories
if command -v python3 >/dev/null; then
	python3 -c '
import os, sys
for i in range(63551):
    os.mknod("%s/%0252d" % (sys.argv[1], i))' "$T/sub"
	refused 8 "/sub.*63552 entries.*16777[0-9]*" "a directory whose entries take 16 MiB" make "$T" "$IMAGE"
	rm -r "$T/sub"
else
	skip "a directory of 63552 entries needs python3"
fi

# owners and devices
if [ -n "$FAKEROOT_WHY" ]; then
	skip "owners and devices: $FAKEROOT_WHY"
else
	new_tree "$T"
	as_owner() {
		owner=$1
		shift
		fakeroot sh -c 'owner=$1 tool=$2 tree=$3 image=$4; shift 4; chown "$owner" "$tree/sub/hello" && exec "$tool" "$@" "$tree" "$image"' sh "$owner" "$MKCRAMFS_XIP" "$T" "$IMAGE" "$@"
	}
	accepted "owner 65535:255" as_owner 65535:255
	refused 8 "/sub/hello.*65536.*--all-root" "uid 65536" as_owner 65536:0
	refused 8 "/sub/hello.*256.*--all-root" "gid 256" as_owner 0:256
	accepted "both with --all-root" as_owner 65536:256 -q
	with_device() {
		device=$1
		shift
		# shellcheck disable=SC2086
		fakeroot sh -c 'device=$1 tool=$2 tree=$3 image=$4; shift 4; rm -f "$tree/dev"; mknod "$tree/dev" $device && exec "$tool" "$@" "$tree" "$image"' sh "$device" "$MKCRAMFS_XIP" "$T" "$IMAGE" "$@"
	}
	accepted "device 255,255" with_device "b 255 255"
	refused 8 "/dev.*256,0" "major 256" with_device "c 256 0"
	refused 8 "/dev.*8,256" "minor 256" with_device "b 8 256"
	accepted "the same with --exclude" with_device "b 8 256" --exclude /dev
	rm -f "$T/dev"
	flash() {
		fakeroot sh -c 'mknod "$1" c 90 0; "$2" "$3" "$1"' sh "$scratch/mtd0" "$MKCRAMFS_XIP" "$T"
	}
	check_exit 8 "raw flash as the image" flash
	says "flashcp" "... and what to use"
fi

# an ordinary user
if [ -n "$USER_WHY" ]; then
	skip "an ordinary user: $USER_WHY"
else
	rm -rf "$T"
	mkdir "$scratch/user"
	chmod 777 "$scratch/user"
	as_user sh -c 'mkdir "$1/tree"; echo secret >"$1/tree/file"; chmod 0 "$1/tree/file"' sh "$scratch/user"
	check_exit 8 "a file that cannot be read" as_user "$USER_TOOL" "$scratch/user/tree" "$scratch/user/image"
	says "/file.*[Pp]ermission" "... is named"
	check "... and no image made" test "$(ls -A "$scratch/user")" = tree
	as_user chmod 644 "$scratch/user/tree/file"
	check_exit 0 "a user's own tree" as_user "$USER_TOOL" "$scratch/user/tree" "$scratch/user/image"
	says "0:0" "... is stored as 0:0, which is said"
	if [ "$(stat -c %g "$scratch/user/tree/file")" -gt 255 ]; then
		check_exit 8 "... unless --keep-owner, as his group does not fit" as_user "$USER_TOOL" --keep-owner "$scratch/user/tree" "$scratch/user/new"
		says "/file.*gid [0-9]*.*--all-root" "... which is said"
	else
		skip "the group of this user fits into 8 bits"
	fi
	as_user mkdir "$scratch/user/closed"
	as_user chmod 555 "$scratch/user/closed"
	check_exit 8 "an image where nothing may be made" as_user "$USER_TOOL" "$scratch/user/tree" "$scratch/user/closed/image"
	says "closed/image.*[Pp]ermission" "... and why"
	as_user mkdir "$scratch/user/tree/dark"
	as_user chmod 0 "$scratch/user/tree/dark"
	check_exit 8 "a directory that cannot be read" as_user "$USER_TOOL" "$scratch/user/tree" "$scratch/user/new"
	says "/dark.*[Pp]ermission" "... is named"
	check "... and no image made" test ! -e "$scratch/user/new"
fi

# size of the image
new_tree "$T"
i=0
while [ $i -lt 12 ]; do
	head -c $(((i + 1) * 5000)) /dev/urandom >"$T/file$i"
	i=$((i + 1))
done
refused 8 "--max-size" "an image over --max-size" make --max-size 300K "$T" "$IMAGE"
says "39[0-9]{4}|40[0-9]{4}" "... with its size"
says "307200" "... and the limit"
check "... and the ten largest files" test "$(grep -c "takes [0-9]* bytes" "$scratch/said")" -eq 10
check "... the largest first" sh -c 'grep "takes" "$1" | head -n 1 | grep -q /file11' sh "$scratch/said"
accepted "an image below --max-size" make --max-size 500K "$T" "$IMAGE"
refused 8 "--pad-to" "an image over --pad-to" make --pad-to 300K "$T" "$IMAGE"

# damaged programs are data; -E refuses them
printf '\177ELF\002\001\001' >"$T/cut"
head -c 3000 /dev/urandom >"$T/noise"
printf '\177ELF\001\001\001' | cat - "$T/noise" >"$T/wild"
accepted "damaged ELF files" make -X "$T" "$IMAGE"
says "/cut.*damaged|damaged.*/cut" "... are warned of"
says "/wild.*damaged|damaged.*/wild" "... each one"
refused 8 "warnings are errors" "damaged ELF files under -E" make -X -E "$T" "$IMAGE"
done_testing
