#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A signal during the work: the old image is unchanged, and no temporary file is left.
# shellcheck source=tests/tap.sh
. "${top_srcdir:?}/tests/tap.sh"
# shellcheck source=tests/cli/setup.sh
. "$top_srcdir/tests/cli/setup.sh"

# Enough to compress that a signal comes while it goes on. Which moment it is
# does not matter: what must hold, must hold at any.
mkdir root place
awk 'BEGIN {
	srand(1)
	for (f = 0; f < 4; f++)
		for (i = 0; i < 400000; i++)
			printf "%x\n", int(rand() * 1e9) >("root/file" f)
}'

# end SIGNAL [PREFIX...]: the program's exit status is in $got; the signal is
# sent as soon as its temporary file is there
end() {
	signal=$1
	shift
	echo old >place/a.img
	"$@" "$MKCRAMFS_XIP" -j1 --best -c libdeflate root place/a.img --json place/a.json >log 2>err &
	pid=$!
	until [ -n "$(find place -name '.a.img.??????')" ] || ! kill -0 $pid 2>/dev/null; do :; done
	kill -s "$signal" $pid 2>/dev/null
	wait $pid
	got=$?
}
slow=$("$MKCRAMFS_XIP" -V | grep -c libdeflate)
if [ "$slow" -eq 0 ]; then
	skip "needs libdeflate"
	done_testing
fi

# A shell starts what it puts in the background with SIGINT and SIGQUIT
# ignored, nohup with SIGHUP, and the program rightly leaves that so.
resets=$(env --default-signal=INT true 2>/dev/null && echo yes)
for s in TERM HUP; do
	end $s ${resets:+env "--default-signal=$s"}
	says "ended by SIG$s" "SIG$s: a message"
	check "SIG$s: exit 8" test "$got" -eq 8
	check "SIG$s: the old file is as it was" test "$(cat place/a.img)" = old
	check "SIG$s: nothing is left" test "$(find place -name '.?*' -print | grep -c .)" -eq 0
	check "SIG$s: no JSON" test ! -e place/a.json
done
if [ "$resets" ]; then
	for s in INT QUIT; do
		end $s env --default-signal=$s
		says "ended by SIG$s" "SIG$s: a message"
		check "SIG$s: exit 8" test "$got" -eq 8
		check "SIG$s: the old file is as it was" test "$(cat place/a.img)" = old
		check "SIG$s: nothing is left" test "$(find place -name '.?*' -print | grep -c .)" -eq 0
	done
else
	skip "env cannot reset signals"
fi

# as nohup does it
(
	trap '' HUP
	end HUP
	echo "$got" >got
)
check "SIGHUP where it is ignored: exit 0" test "$(cat got)" -eq 0
check "SIGHUP where it is ignored: the image is made" image_ok place/a.img

done_testing
