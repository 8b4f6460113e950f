#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Which room may include which, directly: the rules of doc/architecture.md.
# shellcheck source=tests/tap.sh
. "${top_srcdir:?}/tests/tap.sh"

# room: what it may include besides itself and base. "room/file.h" opens one
# header only. "programs" is each program's folder.
cat >"$scratch/rules" <<'END'
base:
format:
comp:
exec:
cli:
archive:
tree: format
edit: tree
source: tree archive edit/filter.h
scan: tree exec format
rules:
loader: tree scan exec format
policy: tree scan rules loader exec format
profile: tree scan policy format
pack: tree scan rules policy comp format
plan: tree scan rules policy pack format
budget: tree scan rules policy profile pack plan exec comp format
layout: tree format plan pack
write: tree format comp layout pack plan scan
read: format/cramfs.h comp
explain: read exec comp/comp.h
export: read archive comp
verify: explain read scan plan tree exec comp format
result: tree scan exec format rules policy profile pack plan budget layout
build: format tree comp exec archive source edit scan rules policy profile pack plan budget layout write read explain verify result
programs: build/build.h read explain exec archive export cli comp/comp.h
END

# Third-party headers, and the only room that may know them.
cat >"$scratch/foreign" <<'END'
zlib.h comp
zconf.h comp
libdeflate.h comp
zopfli/ comp
libelf.h exec
gelf.h exec
elfutils/ exec
xxhash.h scan
archive.h archive
archive_entry.h archive
json-c/ profile
cmocka.h tests
END

# edges TREE: "file room kind header" for each #include, kind being < or "
edges() {
	(cd "$1" && for d in lib mkcramfs-xip cramfsck-xip dumpcramfs-xip tests/unit; do
		[ ! -d "$d" ] || find "$d" -name '*.[ch]' -print
	done) | sort | while IFS= read -r f; do
		case $f in
		lib/*/*) room=${f%/*} room=${room##*/} ;;
		lib/*) room=none ;;
		tests/*) room=tests ;;
		*) room=programs ;;
		esac
		sed -n "s|^[[:space:]]*#[[:space:]]*include[[:space:]]*\([<\"]\)\([^>\"]*\).*|$f $room \1 \2|p" "$1/$f"
	done
}

# judge EDGES: prints what breaks a rule
judge() {
	awk -v rules="$scratch/rules" -v foreign="$scratch/foreign" '
	BEGIN {
		while ((getline line < rules) > 0) {
			split(line, part, /: */)
			known[part[1]] = 1
			n = split(part[2], w, " ")
			for (i = 1; i <= n; i++)
				may[part[1], w[i]] = 1
		}
		while ((getline line < foreign) > 0) {
			split(line, part, " ")
			owner[part[1]] = part[2]
		}
	}
	{
		file = $1; room = $2; kind = $3; h = $4
		n = split(h, part, "/")
		top = n > 1 ? part[n - 1] : h
		if (h ~ /(^|\/)common\.h$/)
			print file ": includes " h ": no common.h"
		own = (h in owner) ? owner[h] : ((part[1] "/") in owner) ? owner[part[1] "/"] : ""
		if (own != "" && own != room)
			print file ": includes <" h ">, which belongs to " own
		if (kind == "<" || room == "tests" || h == "config.h")
			next
		if (!(room in known)) {
			print file ": lib/" room " has no rule"
			next
		}
		if (h !~ /\//) {
			# what a program names so must lie in its own folder (foreign_folders)
			if (room == "programs")
				next
			print file ": includes \"" h "\""
			next
		}
		if (h ~ /\.\./)
			print file ": includes \"" h "\" by way of another folder"
		else if (top != "base" && top != room && !((room, top) in may) && !((room, top "/" part[n]) in may))
			print file ": " room " may not include \"" h "\""
	}' "$1"
}

# A program's own headers must lie in its own folder.
foreign_folders() {
	awk '$2 == "programs" && $3 == "\"" && $4 !~ /\// && $4 != "config.h" { print $1, $4 }' "$2" |
	while read -r file header; do
		[ -f "$1/${file%/*}/$header" ] || echo "$file: $header is not in its folder"
	done
}

# Rooms in a circle, by tsort's verdict.
circles() {
	awk '$3 == "\"" && $4 ~ /\// && $2 != "tests" { n = split($4, part, "/"); if (part[n - 1] != $2) print $2, part[n - 1] }' "$1" |
		sort -u | tsort 2>&1 >/dev/null
}

# xipstat is built alone, for the target: it includes its own folder and the C library.
alone() {
	[ -d "$1/tools/xipstat" ] || return 0
	for f in "$1"/tools/xipstat/*.[ch]; do
		sed -n 's|^[[:space:]]*#[[:space:]]*include[[:space:]]*\([<"]\)\([^>"]*\).*|\1 \2|p' "$f" | while read -r kind header; do
			case $kind in
			'"') [ -f "$1/tools/xipstat/$header" ] || echo "${f##*/}: $header is not in its folder" ;;
			*) ! grep -q "^$header " "$scratch/foreign" || echo "${f##*/}: <$header> is no part of the C library" ;;
			esac
		done
	done
}

clean() {
	edges "$1" >"$scratch/edges"
	{
		judge "$scratch/edges"
		foreign_folders "$1" "$scratch/edges"
		circles "$scratch/edges"
		alone "$1"
		find "$1/lib" "$1/mkcramfs-xip" -name common.h -print
	} >"$scratch/verdict"
	cat "$scratch/verdict"
	[ -s "$scratch/edges" ] && [ ! -s "$scratch/verdict" ]
}
dirty() {
	! clean "$1"
}

check "every include keeps to the rules" clean "$top_srcdir"

# seed FILE LINE WHAT: one more include must be found
seed() {
	rm -rf "$scratch/tree"
	mkdir -p "$scratch/tree"
	(cd "$top_srcdir" && find lib mkcramfs-xip tools tests/unit -name '*.[ch]' -print | tar cf - -T - 2>/dev/null) | tar xf - -C "$scratch/tree"
	chmod -R u+w "$scratch/tree"
	mkdir -p "$scratch/tree/${1%/*}"
	printf '%s\n' "$2" >>"$scratch/tree/$1"
	check "self-test: $3 is found" dirty "$scratch/tree"
}
seed lib/read/x.c '#include "tree/tree.h"' "read that knows tree"
seed lib/read/x.c '#include "format/rules.h"' "read that uses the builder's rules"
seed lib/base/x.h '#include "tree/tree.h"' "base that knows another room"
seed lib/tree/x.c '  #  include "scan/scan.h"' "a circle"
seed lib/place/plan/x.c '#include <zlib.h>' "zlib outside comp"
seed lib/place/budget/x.c '#include <json-c/json.h>' "json-c outside profile"
seed lib/wishes/profile/x.c '#include "place/budget/budget.h"' "profile that knows budget"
seed lib/comp/x.c '#include <cmocka.h>' "cmocka outside the tests"
seed lib/cli/x.c '#include "build/build.h"' "a room that knows the whole"
seed mkcramfs-xip/x.c '#include "place/plan/plan.h"' "a program that knows plan"
seed mkcramfs-xip/x.c '#include "build/stages.h"' "a program that knows the stages"
seed mkcramfs-xip/x.c '#include "check.h"' "a header of another program"
seed tools/xipstat/x.c '#include "base/mem.h"' "xipstat that needs lib"
seed tools/xipstat/x.c '#include <zlib.h>' "xipstat that needs a library"
seed lib/x.c '#include "tree/tree.h"' "a file in no room"
seed lib/other/x.c '#include "tree/tree.h"' "a room without a rule"
seed lib/tree/x.c '#include "base/common.h"' "a common.h"

done_testing
