#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# --help, --version, and standard streams that do not work.
# shellcheck source=tests/tap.sh
. "${top_srcdir:?}/tests/tap.sh"
# shellcheck source=tests/cli/setup.sh
. "$top_srcdir/tests/cli/setup.sh"
mkdir root

for o in -h --help --he; do
	check_exit 0 "$o succeeds" x $o
	says_out '^Usage: mkcramfs-xip \[options\] SOURCE IMAGE$' "$o prints the usage on standard output"
	check "$o prints nothing on standard error" empty err
done
check_exit 0 "-h is enough, whatever comes after it" x -q -h --nonsense a b c
check_exit 16 "an error before -h is an error" x --nonsense -h

for o in -V --version; do
	check_exit 0 "$o succeeds" x $o
	says_out '^mkcramfs-xip [0-9]+\.[0-9]+' "$o prints the version"
	says_out '^Back ends: [a-z]+ \(default\), .*store' "$o prints the back ends, the default one marked"
	says_out '^Licence: GPL-[23]\.0-or-later' "$o prints the licence"
	says_out 'NO WARRANTY' "$o prints that there is no warranty"
done

check_exit 16 "no operands: wrong usage" x
says '^Usage: mkcramfs-xip \[options\] SOURCE IMAGE$' "no operands: the usage is on standard error"
check "no operands: nothing on standard output" empty out

to_full() { x "$@" >"$full"; }
to_closed() { x "$@" >&-; }
if [ "$full" ]; then
	check_exit 8 "--help on a full device fails" to_full --help
	says 'standard output: cannot write the help(: |$)' "and says so"
	check_exit 8 "--version on a full device fails" to_full -V
	check_exit 8 "a summary that cannot be written is a failure" to_full root full.img
	says 'standard output: cannot write the summary: ' "and says so"
	says 'full.img: the image is complete' "and that the image is there"
	check "which it is" image_ok full.img
	check_exit 0 "unless --quiet wants none" to_full --quiet root full2.img
else
	skip "no full device"
fi
check_exit 8 "--help with standard output closed fails" to_closed --help
check_exit 8 "the summary with standard output closed" to_closed root closed.img
check "the image is not written into" image_ok closed.img

# A closed descriptor is given to the next file that is opened: a warning must
# not end up in it.
mkdir damaged
{
	printf '\177ELF\001\001\001'
	awk 'BEGIN { for (i = 0; i < 5000; i++) printf "Z" }'
} >damaged/program
x -X --json want.json damaged closed.img >log 2>&1
mv closed.img want.img
check "there is a warning" grep -q 'warning: /program: ' log
wanted() { x --quiet --json closed.json -X damaged closed.img; }
no_in() { wanted <&-; }
no_out() { wanted >&-; }
no_err() { wanted 2>&-; }
none() { wanted <&- >&- 2>&-; }
for closed in no_in no_out no_err none; do
	rm -f closed.img closed.json
	check_exit 0 "closed standard streams: $closed" $closed
	check "$closed: the same image" cmp closed.img want.img
	check "$closed: the same JSON" cmp closed.json want.json
done
no_in_to_out() { x -X damaged - <&- 2>&- >closed.img; }
check_exit 0 "the image on standard output, all others closed" no_in_to_out
check "the same image" cmp closed.img want.img

done_testing
