#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Shared by the tests of what must be refused. Source this.
# shellcheck source=tests/tap.sh
. "${top_srcdir:?}/tests/tap.sh"

# fakeroot and shims come before the sanitizers' runtime
export ASAN_OPTIONS="verify_asan_link_order=0${ASAN_OPTIONS:+:$ASAN_OPTIONS}"
IMAGE=$scratch/out.d/image
mkdir "$scratch/out.d"

# A tree that can be built.
new_tree() { # DIR
	rm -rf "$1"
	mkdir -p "$1/sub"
	echo hello >"$1/sub/hello"
}

# An image from before, that nothing may touch but a finished one.
old_image() {
	rm -rf "$scratch/out.d"
	mkdir "$scratch/out.d"
	echo "the image from before" >"$IMAGE"
}

untouched() {
	[ "$(cat "$IMAGE")" = "the image from before" ] && [ "$(ls -A "$scratch/out.d")" = image ]
}

# refused STATUS REGEX WHAT COMMAND...: exits so, says so, leaves the old image and nothing else
refused() {
	refused_status=$1
	refused_regex=$2
	refused_what=$3
	shift 3
	old_image
	refused_sound=yes
	"$@" >"$scratch/out" 2>"$scratch/err"
	refused_got=$?
	cp "$scratch/err" "$scratch/said" # check writes to err as well
	untouched || refused_sound=no
	if [ "$refused_got" -eq "$refused_status" ] && grep -qE -- "$refused_regex" "$scratch/err" && [ $refused_sound = yes ]; then
		ok "$refused_what"
	else
		not_ok "$refused_what"
		diag "exit $refused_got, wanted $refused_status; message wanted: $refused_regex; old image intact and alone: $refused_sound"
		diagnose "$scratch/err"
		ls -lA "$scratch/out.d" | sed 's/^/# /'
	fi
}

# accepted WHAT COMMAND...: exits 0 and replaces the old image
accepted() {
	accepted_what=$1
	shift
	old_image
	if "$@" >"$scratch/out" 2>"$scratch/err" && [ "$(wc -c <"$IMAGE")" -ge 4096 ] && [ "$(ls -A "$scratch/out.d")" = image ]; then
		ok "$accepted_what"
	else
		not_ok "$accepted_what"
		diag "failed: $*"
		diagnose "$scratch/err"
	fi
}

# as_user COMMAND...: as somebody who is not root
if [ "$(id -u)" -ne 0 ]; then
	as_user() { "$@"; }
	USER_WHY=
else
	as_user() { setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; }
	chmod 755 "$scratch"
	cp "$MKCRAMFS_XIP" "$scratch/tool"
	chmod 755 "$scratch/tool"
	USER_TOOL=$scratch/tool
	as_user "$USER_TOOL" -V >/dev/null 2>&1 || USER_WHY="needs setpriv, to be somebody else than root"
fi
: "${USER_TOOL:=$MKCRAMFS_XIP}"

FAKEROOT_WHY=
if ! fakeroot "$MKCRAMFS_XIP" -V >/dev/null 2>&1; then
	FAKEROOT_WHY="needs fakeroot"
fi
