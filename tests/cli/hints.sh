#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Mistakes on the command line that look right: misspelt names, options without effect.
# shellcheck source=tests/tap.sh
. "${top_srcdir:?}/tests/tap.sh"
# shellcheck source=tests/cli/setup.sh
. "$top_srcdir/tests/cli/setup.sh"
DUMP=${DUMPCRAMFS_XIP:-$top_builddir/dumpcramfs-xip/dumpcramfs-xip}
FSCK=${CRAMFSCK_XIP:-$top_builddir/cramfsck-xip/cramfsck-xip}

tree root
x --quiet root a.img

# did you mean
meant() { # TYPED MEANT COMMAND...
	meant_typed=$1
	meant_regex=$2
	shift 2
	check_exit 16 "$meant_typed" "$@"
	says "unknown .*'$meant_typed.*' \\(did you mean $meant_regex\\?\\)" "did you mean $meant_regex?"
}
meant --exlude --exclude "$MKCRAMFS_XIP" --exlude x root no.img
meant --flash-bugdet --flash-budget "$MKCRAMFS_XIP" --flash-bugdet=1M root no.img
meant --max-finding-s --max-findings "$FSCK" --max-finding-s 1 a.img
meant lsit list "$DUMP" lsit a.img
meant maps2 maps "$DUMP" maps2 a.img
check_exit 16 "nothing similar" x --frobnicate root no.img
says "unknown option '--frobnicate'$" "no suggestion"
check_exit 16 "no similar command" "$DUMP" frobnicate a.img
says "unknown command 'frobnicate' \\(commands: list, " "lists all commands"

# options that a command does not use
for line in 'cat --json' 'tar --json' 'report --json' 'tar -1' 'list --base=0x1000' 'stat --no-mmu' \
	'super --html=x.html'; do
	command=${line% *}
	option=${line#* }
	check_exit 16 "$line" "$DUMP" "$option" "$command" a.img /etc/numbers
done
check_exit 16 "tar --json" "$DUMP" --json tar a.img
says "^dumpcramfs-xip: --json has no effect on tar .it is for: list, stat, super, layout, maps, packages, diff.$" "says what it is for"
check_exit 0 "--whiteouts without --overlay" x --whiteouts root a.img
says 'warning: --whiteouts has no effect without --overlay' "is a warning"
check_exit 8 "with -E" x -E --whiteouts root no.img
check_exit 0 "--no-mmu without -X" x --no-mmu root a.img
says 'warning: --no-mmu has no effect without -X or -P' "is a warning"
check_exit 0 "--no-mmu with -X" x -E --no-mmu -X root a.img

# -v: a line for each entry
mkdir -p all/dir
mkfifo all/fifo
echo '/tty c 620 0 5 4 64 0 0 -' >table
check_exit 0 "-v" x -v -D table all a.img
says_out '^d 0755 .* /dir$' "lists a directory"
says_out '^p 0644 .* /fifo$' "a FIFO"
says_out '^c 0620 +0:5 +4,64 .* /tty$' "a device with its numbers"
done_testing
