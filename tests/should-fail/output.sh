#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Outputs that fail: there is no partial image, an existing one is unchanged, and
# devices and pipes are never replaced by rename.
# shellcheck source=tests/should-fail/common.sh
. "${top_srcdir:?}/tests/should-fail/common.sh"

T=$scratch/tree
new_tree "$T"
head -c 300000 /dev/urandom >"$T/noise"
make() { "$MKCRAMFS_XIP" -q --quiet "$@"; }
accepted "the tree fits" make "$T" "$IMAGE"
cp "$IMAGE" "$scratch/whole"

# a full disk, as an ordinary user can have it: blocks of 512 bytes in sh
for blocks in 0 1 8 200 290; do
	limited() { (ulimit -f $blocks && exec "$MKCRAMFS_XIP" -q --quiet "$@"); }
	old_image
	limited "$T" "$IMAGE" >/dev/null 2>"$scratch/err.limited"
	status=$?
	check "no image where files end at $blocks blocks" test $status -eq 8
	check "... and the old one is left" untouched
done
limited() { (ulimit -f 8 && exec "$MKCRAMFS_XIP" -q "$@"); }
refused 8 "image.*([Ff]ile too large|cannot write)" "a full disk is reported" limited "$T" "$IMAGE"
rm -rf "$scratch/out.d"
mkdir "$scratch/out.d"
limited "$T" "$IMAGE" >/dev/null 2>&1
check "and where there was no image, there is none" test -z "$(ls -A "$scratch/out.d")"
limited --no-verify --pad-to 1M "$T" "$IMAGE" >/dev/null 2>&1
check "nor by way of --pad-to" test -z "$(ls -A "$scratch/out.d")"
padding() { (ulimit -f 1000 && exec "$MKCRAMFS_XIP" -q "$@"); }
refused 8 "image.*([Ff]ile too large|cannot write)" "a disk that is full while padding" padding --pad-to 1M "$T" "$IMAGE"

# a device that is full
if [ -c /dev/full ]; then
	check_exit 8 "a full device" make "$T" /dev/full
	says "/dev/full.*[Nn]o space" "... and why"
	check "... which is still there" test -c /dev/full
	ln -s /dev/full "$scratch/full"
	check_exit 8 "a full device by way of a link" make "$T" "$scratch/full"
	check "... which is still a link" test -h "$scratch/full"
	full_stdout() { make "$T" - >/dev/full; }
	check_exit 8 "standard output that is full" full_stdout
	says "standard output" "... is named"
else
	skip "/dev/full is not there"
fi
closed_stdout() { make "$T" - >&-; }
check_exit 8 "standard output that is closed" closed_stdout
gone_reader() { { make "$T" -; echo $? >"$scratch/status"; } | true; }
gone_reader 2>"$scratch/err"
check "a reader that goes away" test "$(cat "$scratch/status")" -eq 8

# a FIFO gets the bytes and stays
mkfifo "$scratch/fifo"
cat "$scratch/fifo" >"$scratch/got" &
reader=$!
check "an image through a FIFO" make "$T" "$scratch/fifo"
wait $reader
check "... is the same" cmp "$scratch/got" "$scratch/whole"
check "... and the FIFO is still there" test -p "$scratch/fifo"
make "$T" - >"$scratch/got" 2>"$scratch/err"
check "standard output gets the same bytes" cmp "$scratch/got" "$scratch/whole"

# the temporary file of a device or a pipe
no_room() { TMPDIR=$scratch/nowhere "$MKCRAMFS_XIP" -q "$T" - >/dev/null; }
check_exit 8 "no place for the temporary file" no_room
says "nowhere.*TMPDIR" "... which is named, with the remedy"

# links are followed: what they point at is replaced
old_image
ln -s image "$scratch/out.d/link"
make "$T" "$scratch/out.d/link" >/dev/null 2>&1
check "a link to the image stays a link" test -h "$scratch/out.d/link"
check "... and the image is what it points at" cmp "$IMAGE" "$scratch/whole"

# kept: the mode of what is replaced; new: the umask
chmod 640 "$IMAGE"
make "$T" "$IMAGE"
check "the mode of the image is kept" test "$(stat -c %a "$IMAGE")" = 640
(umask 027 && make "$T" "$scratch/new")
check "a new image is made under the umask" test "$(stat -c %a "$scratch/new")" = 640

# a dry run touches nothing
old_image
check "a dry run" make --dry-run "$T" "$IMAGE"
check "... leaves the image" untouched
done_testing
