#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Options and operands in any order, in every spelling.
# shellcheck source=tests/tap.sh
. "${top_srcdir:?}/tests/tap.sh"
# shellcheck source=tests/cli/setup.sh
. "$top_srcdir/tests/cli/setup.sh"
mkdir root
echo text >root/file

x --quiet -q -p -e 7 -n name root want.img || not_ok "the image to compare with is made"

# same WHAT ARG...: makes the image OUT that want.img is
same() {
	what=$1
	shift
	rm -f out.img
	if x "$@" >log 2>&1 && cmp out.img want.img >>log 2>&1; then
		ok "$what"
	else
		not_ok "$what"
		diagnose log
	fi
}

same "options in front" --quiet -q -p -e 7 -n name root out.img
same "options at the end" root out.img --quiet -q -p -e 7 -n name
same "options between" -q root -p -e 7 out.img -n name --quiet
same "clusters, the argument attached" --quiet -qpe7 -nname root out.img
same "the argument of a cluster's last option next" --quiet -qpe 7 root -qn name out.img
same "long options with =" --quiet --all-root --boot-pad --edition=7 --name=name root out.img
same "long options with the argument next" --quiet --all-root --boot-pad --edition 7 --name name root out.img
same "abbreviated long options" --qui --all --boot --ed=7 --na name root out.img
same "hexadecimal numbers" --quiet -qp -e 0x7 -n name root out.img
same "the last of several holds" --quiet -qp -e 9 -e 7 -n no -n name -B -L root out.img
same "-- ends the options" --quiet -q -p -e 7 -n name -- root out.img
POSIXLY_CORRECT=1
export POSIXLY_CORRECT
same "POSIXLY_CORRECT: options at the end" root out.img --quiet -q -p -e 7 -n name
same "POSIXLY_CORRECT: options between" -q root -p -e 7 out.img -n name --quiet
unset POSIXLY_CORRECT

cp -r root ./-dir
same "a SOURCE that begins with - after --" --quiet -q -p -e 7 -n name -- -dir out.img
rm -rf ./-dir
check "-- is an operand after --" test "$(x -- -- 2>&1 | grep -c "the only operand is '--'")" -eq 1

# what genimage, Buildroot, OE and old scripts write
check_exit 0 "genimage's order" x -n rootfs -X -X -L root a.img
check_exit 0 "a script's order" x -q root a.img
check_exit 0 "PTXdist's order" x root -n name -E a.img

done_testing
