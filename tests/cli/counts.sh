#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Counts of the same thing agree wherever they are printed, and nouns agree with counts.
# shellcheck source=tests/tap.sh
. "${top_srcdir:?}/tests/tap.sh"
# shellcheck source=tests/cli/setup.sh
. "$top_srcdir/tests/cli/setup.sh"
DUMP=${DUMPCRAMFS_XIP:-$top_builddir/dumpcramfs-xip/dumpcramfs-xip}

# two equal files, two names of one file, three equal links
tree root
ln root/etc/numbers root/etc/hard
for i in 1 2 3; do
	ln -s bin/program root/link$i
done
echo '/ xip' >all.policy

# A file counts once, however many names it has, for what a rule matches and what it decides.
check_exit 0 "a rule for everything" x --policy-check all.policy --json j root
check "it decides about all that it matches" test "$(json j 'j["rules"][0]["matches"] == j["rules"][0]["decides"]')" = true
files=$(json j 'j["rules"][0]["matches"]')
check_exit 0 "equal files that are not stored as one" x --no-dedupe -P all.policy --json j root a.img
check "count separately" test "$(json j 'j["rules"][0]["matches"]')" -eq $((files + 1))

# The summary, the JSON and the report count equal files alike, and links apart.
check_exit 0 "equal files" x -X --json j root a.img
says_out '^  saved +2 equal files, 2 equal symbolic links \(.* of contents\) stored once' "the summary counts them by kind"
check "so does the JSON" test "$(json j '[j["shared"][k] for k in ("files", "symlinks")]')" = "2 2"
"$DUMP" report --html page.html a.img
check "and the report" python3 -c '
import json, re
data = re.search("(?s)id=.data.>(.*?)</script>", open("page.html").read()).group(1)
same = [e["type"] for e in json.loads(data)["entries"] if "same" in e]
assert sorted(same) == ["file"] * 2 + ["symlink"] * 2, same'

# one of each
mkdir one
cp "$MKCRAMFS_XIP" one/program
chmod 755 one/program
check_exit 0 "one program" x -X --policy-check all.policy one
check_exit 0 "one file" x one b.img
says_out '^  entries +1 file$' "nouns are singular"
done_testing
