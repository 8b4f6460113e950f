#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Files that change, and signals that arrive, at every moment of a build in turn.
# The result is a finished image or none, and then an existing one is unchanged. A
# preloaded shim chooses the moments, so that nothing depends on time.
# shellcheck source=tests/should-fail/common.sh
. "${top_srcdir:?}/tests/should-fail/common.sh"

SHIM=$scratch/shim.so
if ! ${CC:-cc} -shared -fPIC -o "$SHIM" "$top_srcdir/tests/should-fail/shim.c" -ldl 2>"$scratch/err"; then
	echo "1..0 # SKIP no C compiler makes the shim"
	exit 0
fi
# with_shim NAME=VALUE... TREE: build it, with the shim in front
with_shim() {
	env LD_PRELOAD="$SHIM" "$@"
}
T=$scratch/tree
fill() {
	rm -rf "$T"
	mkdir "$T"
	cp "$scratch/data" "$T/target"
	cp "$scratch/data" "$T/twin"
	echo text >"$T/text"
}
build() { with_shim "$@" "$MKCRAMFS_XIP" -q --quiet -x -j 1 "$T" "$IMAGE"; }
calls() { # NAME=VALUE...
	fill
	rm -f "$scratch/count"
	build SHIM_COUNT="$scratch/count" "$@" >/dev/null 2>&1
	cat "$scratch/count" 2>/dev/null || echo 0
}

# blocks that compress and that do not, so that scan, pack and write all read
{
	head -c 9000 /dev/zero | tr '\0' 'a'
	head -c 9000 /dev/urandom
} >"$scratch/data"

n=$(calls SHIM_FILE=target)
if [ "$n" -eq 0 ]; then
	echo "1..0 # SKIP the shim is not heard of by this program (static?)"
	exit 0
fi
check "the file is opened and read several times" test "$n" -ge 6
# Before each call: no image and the file named, or the image of one state.
for what in shrink grow change vanish fifo; do
	bad=
	caught=0
	at=1
	fill
	"$MKCRAMFS_XIP" -q --quiet -x "$T" "$scratch/before.img"
	while [ $at -le "$n" ]; do
		fill
		old_image
		build SHIM_FILE=target SHIM_AT=$at SHIM_DO=$what SHIM_PATH="$T/target" >"$scratch/out" 2>"$scratch/err"
		status=$?
		if [ $status -eq 8 ] && grep -q /target "$scratch/err" && untouched; then
			caught=$((caught + 1))
		elif [ $status -eq 0 ] && [ "$what" = change ]; then
			# changed before it was read for the first time
			"$MKCRAMFS_XIP" -q --quiet -x "$T" "$scratch/after.img"
			cmp -s "$IMAGE" "$scratch/after.img" || bad="$bad $at(other bytes)"
		elif [ $status -eq 0 ] && cmp -s "$IMAGE" "$scratch/before.img"; then
			: # an open file is still there when its name is gone
		else
			bad="$bad $at(exit $status)"
			diagnose "$scratch/err"
		fi
		at=$((at + 1))
	done
	check "a file that does this while it is read: $what (at $n moments)" test -z "$bad"
	[ -z "$bad" ] || diag "at call:$bad"
	check "... is found out" test $caught -ge 2
done

# Signals: those that can be caught leave no file, SIGKILL leaves the old image.
n=$(calls)
check "the moments of a build" test "$n" -ge 20
for signal in 1 2 9 15; do
	bad=
	done=0
	at=1
	while [ $at -le "$n" ]; do
		fill
		old_image
		build SHIM_AT=$at SHIM_DO=$signal >"$scratch/out" 2>"$scratch/err"
		status=$?
		if [ "$(ls "$scratch/out.d")" != image ]; then
			bad="$bad $at(files)"
		elif [ "$(cat "$IMAGE" | tr -d '\0' | head -c 22)" = "the image from before" ]; then
			[ $signal -eq 9 ] || untouched || bad="$bad $at(temporary file)"
			[ $status -ge 8 ] || bad="$bad $at(exit $status)"
		elif cmp -s "$IMAGE" "$scratch/before.img"; then
			done=$((done + 1))
		else
			bad="$bad $at(other image)"
		fi
		[ $signal -eq 9 ] || [ $status -eq 8 ] || bad="$bad $at(exit $status)"
		at=$((at + 1))
	done
	check "signal $signal at each of $n moments" test -z "$bad"
	[ -z "$bad" ] || diag "at call:$bad"
	# after the rename: the image is complete
	check "... only the last ones come too late" test $done -le 2
done
done_testing
