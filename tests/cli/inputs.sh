#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# No output replaces a file that is read: every option of --help that takes a file,
# combined with IMAGE, --json and both files of --budget-curve.
# shellcheck source=tests/tap.sh
. "${top_srcdir:?}/tests/tap.sh"
# shellcheck source=tests/cli/setup.sh
. "$top_srcdir/tests/cli/setup.sh"
tree root

# Arguments that name no file to be read. Any other, and whatever comes later,
# is taken for one.
plain=' SIZE SIZE|N% N% ORDER NAME N USER:GROUP FROM:TO[:COUNT] RULE GLOB NAME[:LEVEL] BYTE MODE PREFIX CONDITIONS '
written=' --json '
"$MKCRAMFS_XIP" --help >help
sed -n 's/\[=\(.*\)\]/ \1/; s/^  \(-.,\|   \) \(--[a-z-]* [^ ][^ ]*\).*/\2/p' help |
	while read -r option arg; do
		case $plain in *" $arg "*) continue ;; esac
		case $written in *" $option "*) continue ;; esac
		echo "$option"
	done >options
check "--help names options that take a file" test "$(wc -l <options)" -ge 9

# A manifest without entries, which every other reader takes for a comment.
old='#mtree'
refused() { # STATUS INPUT WHAT ARG...: and INPUT stays
	status=$1
	input=$2
	what=$3
	shift 3
	"$MKCRAMFS_XIP" "$@" >out 2>err
	got=$?
	if [ $got -eq "$status" ] && grep -qE 'would (replace what|be replaced)' err && [ "$(cat "$input")" = "$old" ]; then
		ok "$what"
	else
		not_ok "$what"
		diag "exit $got, wanted $status; the file holds: $(head -c 60 "$input" | od -An -c | head -n 2)"
		diagnose err
	fi
}

# Each name of the file in turn; the curve has names of its own endings.
for name in read.csv read.svg; do
	echo "$old" >$name
	ln $name hard
	ln -s $name soft
	while read -r option; do
		for as in $name hard soft "./$name"; do
			case $option in
			--overlay) status=8 ;;
			*) status=16 ;;
			esac
			# OLD may be replaced by its successor, and --policy-check writes none
			case $option in
			--policy-check | --like | --against) ;;
			*) refused $status $name "IMAGE is what $option reads, as $as" -X "$option" $name root "$as" ;;
			esac
			image=x.img
			[ "$option" != --policy-check ] || image=
			refused 16 $name "--json is, as $as" --force -X "$option" $name --json "$as" root ${image:+"$image"}
		done
		refused 16 $name "--budget-curve is what $option reads, as $name" --force -X "$option" $name --budget-curve read root ${image:+"$image"}
		refused 16 $name "--dry-run: the same" --dry-run -X "$option" $name --budget-curve read root ${image:+"$image"}
	done <options
	rm $name hard soft
done

# SOURCE itself
echo "$old" >read.csv
ln -s read.csv soft
for as in read.csv soft; do
	refused 8 read.csv "IMAGE is SOURCE, as $as" $as read.csv
	refused 16 read.csv "--json is SOURCE, as $as" --force --json read.csv $as x.img
	refused 16 read.csv "--budget-curve is SOURCE, as $as" --force -X --budget-curve read $as x.img
done
# shellcheck disable=SC2094 # that is what it is about
refused 16 read.csv "--json is what standard input comes from" --json read.csv - x.img <read.csv
check_exit 0 "--force: IMAGE may be SOURCE" x --quiet --force read.csv read.csv
echo "$old" >read.csv
check_exit 0 "--force: IMAGE may be an overlay" x --quiet --force --overlay read.csv root read.csv
check "it is the image" image_ok read.csv

# what a manifest names
printf '#mtree\n./x type=file contents=read.csv\n' >names
echo "$old" >read.csv
for as in read.csv soft; do
	refused 16 read.csv "IMAGE is the contents of a file, as $as" --force names $as
	refused 16 read.csv "or of one in an overlay" --force --overlay names root $as
	refused 16 read.csv "--json is" --json $as names x.img
	refused 16 read.csv "--budget-curve is" -X --budget-curve read names x.img
done
check_exit 0 "IMAGE is another file beside it" x --quiet names x.img
check_exit 0 "again" x --quiet names x.img

mkdir layer
check_exit 16 "--json in an overlay" x --json layer/x.json --overlay layer root x.img
says 'would write into layer' "and says so"
check_exit 8 "IMAGE in an overlay" x --overlay layer root layer/x.img
says 'inside the source tree layer' "and says so"
check "nothing was written there" test -z "$(ls -A layer)"
check "nothing is left" no_leftovers .

# What does not hold a file's contents may be read and written.
check_exit 0 "-P /dev/null, and IMAGE /dev/null" x --quiet -X -P /dev/null --profile /dev/null root /dev/null

done_testing
