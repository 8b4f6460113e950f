#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Owners, modes and device nodes as fakeroot (Buildroot) and pseudo (Yocto) fake
# them. Both intercept calls of the C library, so the program must use these: a
# system call of its own, or static linking, would bypass them.
# shellcheck source=tests/tap.sh
. "${top_srcdir:?}/tests/tap.sh"
# shellcheck source=tests/cli/setup.sh
. "$top_srcdir/tests/cli/setup.sh"
if ! can_preload "$MKCRAMFS_XIP"; then
	skip "the program is linked statically"
	done_testing
fi
DUMPCRAMFS_XIP=${DUMPCRAMFS_XIP:-$top_builddir/dumpcramfs-xip/dumpcramfs-xip}

# they are loaded before the sanitizers' runtime
ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}verify_asan_link_order=0:detect_leaks=0
export ASAN_OPTIONS

# The commands that run under each of them, in a directory of their own.
cat >run <<'END_OF_RUN'
set -e
mkdir -p root/bin root/dev root/srv
echo 'set me' >root/bin/su
echo 'plain' >root/srv/file
ln -s file root/srv/link
ln root/bin/su root/bin/same
chown 0:0 root root/bin root/dev root/bin/su root/srv/file
chmod 755 root root/bin root/dev
chmod 644 root/srv/file
chown 12:34 root/srv
chmod 1750 root/srv
chown -h 56:78 root/srv/link
chown 9:10 root/bin/su
chmod 4751 root/bin/su
mknod root/dev/console c 5 1
chmod 622 root/dev/console
mknod root/dev/flash b 31 2
chown 0:6 root/dev/flash
chmod 660 root/dev/flash
mkfifo root/dev/fifo
chown 11:12 root/dev/fifo
chmod 640 root/dev/fifo
tool=$1
shift
exec "$tool" --quiet "$@" root img
END_OF_RUN

# As Buildroot's makedevs gives a file capabilities, with setxattr().
cat >capable <<'END_OF_RUN'
set -e
mkdir root
echo program >root/ping
python3 -c 'import os; os.setxattr("root/ping", "security.capability", bytes([1, 0, 0, 2, 0, 32] + 14 * [0]))'
exec "$1" --quiet -q root img
END_OF_RUN

# What the image must have: mode, owner, group, size or device, path.
cat >wanted <<'END_OF_LIST'
crw--w--w- 0 0 5,1 /dev/console
prw-r----- 11 12 0 /dev/fifo
brw-rw---- 0 6 31,2 /dev/flash
-rwsr-x--x 9 10 7 /bin/same
-rwsr-x--x 9 10 7 /bin/su
drwxr-x--T 12 34 - /srv
-rw-r--r-- 0 0 6 /srv/file
lrwxrwxrwx 56 78 4 /srv/link
END_OF_LIST
sort wanted -o wanted

# facts IMAGE: the same of an image; without the directories that are 0:0, as
# their size is not to be relied on
# shellcheck disable=SC2317 # called by the next two
facts() {
	"$DUMPCRAMFS_XIP" list -b 4K "$1" | awk '
		$1 ~ /^d/ { $4 = "-" }
		NR > 1 && !($1 ~ /^d/ && $2 == 0) {
			for (i = 1; i <= NF; i++)
				if ($i ~ /^\//)
					break
			print $1, $2, $3, $4, $i
		}' | sort
}
# shellcheck disable=SC2317 # called by check
as_wanted() {
	facts "$1" >"$1.facts"
	diff wanted "$1.facts"
}
# shellcheck disable=SC2317 # called by check
all_root() {
	! facts "$1" | awk '$2 != 0 || $3 != 0' | grep .
}

# under NAME COMMAND...: COMMAND runs a command under it
under() {
	name=$1
	shift
	for way in plain root; do
		dir=$name.$way
		mkdir "$dir"
		chmod 777 "$dir"
		option=
		[ "$way" = plain ] || option=-q
		# shellcheck disable=SC2086 # no option, or one
		check_exit 0 "$name: an image${option:+ with $option}" in_dir "$dir" "$@" sh ../run "$MKCRAMFS_XIP" $option
	done
	check "$name: owners, modes and devices are those it fakes" as_wanted "$name.plain/img"
	check "$name: -q wins over them" all_root "$name.root/img"
	mkdir -m 777 "$name.capable"
	if ! command -v python3 >/dev/null 2>&1; then
		skip "$name: python3 is not installed"
	else
		check_exit 0 "$name: a file capability" in_dir "$name.capable" "$@" sh ../capable "$MKCRAMFS_XIP"
		says 'has file capabilities, .* \(/ping\)' "$name: the one it fakes is reported"
	fi
	rm -rf "$name.plain/root" "$name.root/root"
}
# shellcheck disable=SC2317 # called by check_exit
in_dir() (
	cd "$1" && shift && "$@"
)
user() {
	if user_works; then
		as_user "$@"
	else
		"$@"
	fi
}

if user fakeroot "$MKCRAMFS_XIP" -V >/dev/null 2>&1; then
	under fakeroot user fakeroot
else
	skip "fakeroot does not work here"
fi

# pseudo keeps what it fakes in a data base, served by a daemon of its own.
mkdir state
chmod 777 state
# shellcheck disable=SC2317 # called by under
with_pseudo() {
	PSEUDO_PREFIX=${pseudo%/bin/*} PSEUDO_LOCALSTATEDIR=$scratch/state user "$pseudo" "$@"
}
pseudo=$(command -v pseudo || :)
# It must be able to read the current directory, and tries for minutes otherwise.
if [ "$pseudo" ] && in_dir state with_pseudo "$MKCRAMFS_XIP" -V >/dev/null 2>&1; then
	under pseudo with_pseudo
	# it would go by itself, after a while
	[ ! -s state/pseudo.pid ] || kill "$(cat state/pseudo.pid)"
else
	skip "pseudo does not work here"
fi

# Can these tests fail? Another tree does not match.
if command -v fakeroot >/dev/null && [ -e fakeroot.plain/img ]; then
	mkdir fakeroot.bare
	(cd fakeroot.bare && mkdir -p root/srv && "$MKCRAMFS_XIP" --quiet root img)
	check_exit 1 "self-test: a tree without them is found" as_wanted fakeroot.bare/img
fi

done_testing
