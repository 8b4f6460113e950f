#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# --lossy: what does not fit is cut, and each case is reported.
# shellcheck source=tests/tap.sh
. "${top_srcdir:?}/tests/tap.sh"
CRAMFSCK_XIP=${CRAMFSCK_XIP:-$top_builddir/cramfsck-xip/cramfsck-xip}
# shellcheck source=tests/cli/setup.sh
. "$top_srcdir/tests/cli/setup.sh"

# image ARG...: with --lossy; what is in it is in the file list, all of it in got
image() {
	rm -rf lossy.img got
	check_exit 0 "--lossy makes an image of $*" x --quiet --lossy "$@" lossy.img
	"$CRAMFSCK_XIP" -v -x got lossy.img >list 2>&1
	check "which is good" sh -c '! grep -E "^(error|warning)" list'
}
refused() { # REGEX ARG...
	refused_regex=$1
	shift
	check_exit 8 "without it there is none of $*" x "$@" refused.img
	says "$refused_regex" "and that is said"
	says '[(,].*--lossy' "and how to have one all the same"
	check "and none is there" test ! -e refused.img
}

# names: 252 bytes, at the beginning of a character
mkdir names
a248=$(awk 'BEGIN { for (i = 0; i < 248; i++) printf "a" }')
a250=${a248}aa
for name in "${a250}bbb" "b${a248}äää" "${a250}ää" "c${a248}€€" "c${a250}€" "d${a248}😀"; do
	echo "$name" >"names/$name"
done
mkdir "names/d${a250}dir"
echo below >"names/d${a250}dir/file"
refused "name of 25[345] bytes: the longest in cramfs has 252" names
image names
check "there is a warning for each" test "$(grep -c 'warning: /.*its name is cut from 25[345] to 2[45][129] bytes .--lossy' err)" -eq 7
for cut in "${a250}bb" "b${a248}ä" "${a250}ä" "c${a248}€" "c${a250}" "d${a248}"; do
	check "a name is cut in front of the character that it ends with: ${cut#*"$a248"}" grep -q "/$cut\$" list
done
check "a cut name has its contents" grep -qx "c${a250}€" "got/c${a250}"
check "and what is below one as well" test "$(cat "got/d${a250}d/file")" = below
mkdir same
: >"same/${a250}xxA"
: >"same/${a250}xxB"
check_exit 8 "names that are equal when cut" x --lossy same twice.img
says 'occurs twice' "are an error"
mkdir latin
if : >"latin/$(printf '%s\344\344\344' "$a250")" 2>/dev/null; then
	image latin
	check "bytes that begin characters are as good as those" test "$(grep -c ' /aaa' list)" -eq 1
	mkdir odd
	: >"odd/$(awk 'BEGIN { for (i = 0; i < 249; i++) printf "a" }')$(printf '\200\200\200\200\200')"
	check_exit 8 "but a name that is not UTF-8 is not cut within such bytes" x --lossy odd odd.img
	says 'name of 254 bytes' "and is refused as ever"
else
	skip "this file system has UTF-8 names only"
	skip "the same"
fi

# files
mkdir files
awk 'BEGIN { for (i = 0; i < 300000; i++) printf "%063d\n", i }' >files/large
truncate -s 16777215 files/fits
refused '/large: 19200000 bytes: files of cramfs are smaller than 16 MiB' files
image files
check "one warning" test "$(wc -l <err)" -eq 1
says 'warning: /large: 19200000 bytes become 16777215: the end is cut off' "names the file"
head -c 16777215 files/large >want
check "the rest of it is right" cmp want got/large
check "a file that fits is whole" test "$(size_of got/fits)" -eq 16777215
x --quiet --lossy -X files lossy.img 2>/dev/null
check "with -X too" "$CRAMFSCK_XIP" --quiet lossy.img

# from an archive, too: what comes is cut as it comes
if command -v tar >/dev/null 2>&1 && tar --owner=0 --group=0 -cf files.tar -C files . && x --quiet --exclude large files.tar tar.img >log 2>&1; then
	image files.tar
	says 'warning: /large: 19200000 bytes become 16777215' "names the file"
	check "the rest of it is right" cmp want got/large
	check "a file that fits is whole" test "$(size_of got/fits)" -eq 16777215
else
	skip "no tar, or a build without archives"
fi

# the file system's name
mkdir one
echo 1 >one/file
check_exit 16 "a file system's name of 17 bytes is refused" x -n 12345678901234567 one refused.img
says 'has room for 16 .--lossy cuts it.' "with the way out"
image one -n 12345678901234567
says "name '12345678901234567' is cut to 16 bytes" "is said"
check "its first 16 are there" test "$(bytes lossy.img 48 16)" = 31323334353637383930313233343536
check_exit 8 "-E makes it an error" x -E --lossy -n 12345678901234567 one refused.img
check "and there is no image" test ! -e refused.img
check_exit 0 "without losses there is no warning" x -E --lossy one fits.img
x --quiet one want.img
check "and the same image" cmp fits.img want.img

# owners and devices
if [ "$is_root" = yes ]; then
	mkdir owners
	echo 1 >owners/user
	echo 2 >owners/setuid
	echo 3 >owners/fits
	chown 65537:256 owners/user
	chown 131072:511 owners/setuid
	chmod 6755 owners/setuid
	chown 65535:255 owners/fits
	refused 'uid 65537 is over 65535' owners
	image owners
	check "two warnings" test "$(wc -l <err)" -eq 2
	says '/user: uid 65537 becomes 1, gid 256 becomes 0 .--lossy' "numbers are named"
	says '/setuid: uid 131072 becomes 0 .and it is setuid., gid 511 becomes 255 .and it is setgid' "and what comes of it"
	check "16 and 8 bits are kept" sh -c 'grep -q " 1:0 *  */user$" list && grep -q " 0:255 *  */setuid$" list && grep -q " 65535:255 .*/fits" list'
	check_exit 0 "-q comes first: nothing is lost" x -E -q --lossy owners root.img
	mkdir devices
	if mknod devices/a c 259 3 && mknod devices/b b 8 256 && mknod devices/c c 255 255; then
		refused 'device 259,3: the largest in cramfs is 255,255' devices
		image devices
		check "two warnings about devices" test "$(wc -l <err)" -eq 2
		says '/a: device 259,3 becomes another one, 3,3' "the numbers are reported"
		says '/b: device 8,256 becomes another one, 8,0' "of each"
		check "which it has" sh -c 'grep -q "^c .* 3, *3 .*/a$" list && grep -q "^b .* 8, *0 .*/b$" list && grep -q "^c .* 255,255 .*/c$" list'
	else
		skip "no device nodes can be made here"
	fi
else
	skip "owners need root"
fi

# files that cannot be read
if user_works; then
	mkdir -p secret/tree/dir
	echo 1 >secret/tree/open
	echo 2 >secret/tree/closed
	echo 3 >secret/tree/dir/closed
	: >secret/tree/empty
	chmod 000 secret/tree/closed secret/tree/dir/closed secret/tree/empty
	[ "$is_root" = no ] || chown -R 1234:234 secret
	check_exit 8 "files that cannot be read" as_user "$MKCRAMFS_XIP" secret/tree secret/a.img
	says ': /closed: cannot be read: Permission denied' "are errors"
	check_exit 0 "and are left out" as_user "$MKCRAMFS_XIP" --quiet --lossy secret/tree secret/a.img
	says 'warning: /closed: cannot open: Permission denied; it is not in the image' "with a warning"
	says 'warning: /dir/closed: cannot open: Permission denied; it is not in the image' "for each"
	"$CRAMFSCK_XIP" -v secret/a.img >list
	check "the others are there" test "$(sed -n 's/^[df] .* //p' list | paste -s -d ' ' -)" = "/ /dir /empty /open"
	# a directory that may be read, but not entered
	mkdir secret/names secret/names/dir
	echo 1 >secret/names/dir/file
	mkdir secret/names/dir/below
	chmod 600 secret/names/dir
	[ "$is_root" = no ] || chown -R 1234:234 secret/names
	check_exit 8 "what stat() fails for" as_user "$MKCRAMFS_XIP" secret/names secret/b.img
	says ': /dir/file: cannot be read: Permission denied' "is an error"
	says ': /dir/below: cannot be read: Permission denied' "for each"
	check_exit 0 "and is left out" as_user "$MKCRAMFS_XIP" --quiet --lossy secret/names secret/b.img
	says 'warning: /dir/file: cannot stat: Permission denied; it is not in the image .--lossy' "with a warning"
	says 'warning: /dir/below: cannot stat: Permission denied; it is not in the image .--lossy' "for each"
	"$CRAMFSCK_XIP" -v secret/b.img >list
	check "the directory is there" test "$(sed -n 's/^[df] .* //p' list | paste -s -d ' ' -)" = "/ /dir"
	chmod 000 secret/names/dir
	echo 1 >secret/names/file
	check_exit 0 "a directory that may not be read is left out" as_user "$MKCRAMFS_XIP" --quiet --lossy secret/names secret/c.img
	says 'warning: /dir: cannot open: Permission denied; it is not in the image .--lossy' "with a warning"
	"$CRAMFSCK_XIP" -v secret/c.img >list
	check "the rest is there" test "$(sed -n 's/^[df] .* //p' list | paste -s -d ' ' -)" = "/ /file"
	chmod 700 secret/names/dir
else
	skip "an ordinary user cannot run the program here"
fi

done_testing
