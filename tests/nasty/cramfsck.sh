#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# cramfsck-xip finds what is wrong with every hostile image, in bounded time and
# memory.
# shellcheck source=tests/tap.sh
. "${top_srcdir:?}/tests/tap.sh"
CRAMFSCK_XIP=${CRAMFSCK_XIP:-$top_builddir/cramfsck-xip/cramfsck-xip}
mknasty=$top_builddir/tests/nasty/mknasty
cd "$scratch" || exit 99

# Addresses in KiB: the program with its libraries, the image's 16 MiB, and
# what it may use besides. A sanitizer reserves terabytes: no limit then.
memory=262144
# shellcheck disable=SC3045 # dash, busybox, bash and ksh have -v and -t
(ulimit -v $memory && "$CRAMFSCK_XIP" --version) >/dev/null 2>&1 || memory=unlimited

# judge FILE OPTIONS...: runs the program; its exit status, if that is one of
# its own and all it says is in its own words
judge() {
	judge_image=$1
	shift
	(
		# shellcheck disable=SC3045
		ulimit -t 60
		# shellcheck disable=SC3045
		ulimit -v $memory
		exec "$CRAMFSCK_XIP" -j1 "$@" "$judge_image"
	) >out 2>err
}

# verdict STATUS "IDS": does it say that?
verdict() {
	if [ "$2" = clean ]; then
		[ "$1" -eq 0 ]
		return
	fi
	[ "$1" -eq 4 ] || return 1
	json json "set('$2'.split()) <= {f['id'] for f in j['findings']}" | grep -q true
}

mkdir images
"$mknasty" images >list || not_ok "mknasty works"
images=0
while read -r name ids; do
	images=$((images + 1))
	judge "images/$name.img" --quiet --max-findings 100000 --json "images/$name.json"
	echo "$name $? $(wc -c <err) $ids"
done <list >judged
check "there are hostile images in both orders" test "$images" -gt 100
# one process for all of them, since starting it takes longer than a check
python3 -B - judged >wrong <<'END'
import json, sys
for line in open(sys.argv[1]):
    name, status, said, *ids = line.split()
    found = {f["id"] for f in json.load(open("images/%s.json" % name))["findings"]}
    right = status == "0" if ids == ["clean"] else status == "4" and set(ids) <= found
    if not right or said != "0":
        print("%s: exit %s, %s bytes on standard error, wanted: %s, found: %s"
              % (name, status, said, " ".join(ids), " ".join(sorted(found))))
END
python_status=$?
diagnose wrong
check "each is judged right ($images images)" test "$python_status" -eq 0 -a ! -s wrong

for name in entries entries_backwards nested one_block one_link entries_are_tables overlapping_streams bombs headers noise; do
	for order in le be; do
		"$mknasty" images "huge_$name.$order" >list || not_ok "mknasty makes huge_$name"
		read -r page ids <list
		judge "images/huge_$name.$order.img" --quiet -b "$page" --json json
		check "huge_$name.$order: $ids" verdict $? "$ids"
		# and with the page size to be found
		judge "images/huge_$name.$order.img" --quiet
		status=$?
		check "huge_$name.$order ends without -b too" test "$status" -eq 0 -o "$status" -eq 4
		rm -f images/huge_*
	done
done

# Cut short at many places, a good image never looks good, or crashes us.
judge images/nothing.le.img --quiet
check_exit 0 "the whole image is good" test $? -eq 0
size=$(wc -c <images/nothing.le.img)
bad=0 at=0
while [ "$at" -lt "$size" ]; do
	head -c "$at" images/nothing.le.img >cut.img
	judge cut.img --quiet
	[ $? -eq 4 ] || { bad=$((bad + 1)) && diag "cut to $at bytes: not 4"; }
	case $at in ?|??|???) at=$((at + 97)) ;; *) at=$((at + 4567)) ;; esac
done
check "cut anywhere, it is bad" test "$bad" -eq 0

done_testing
