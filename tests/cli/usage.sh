#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Wrong command lines: exit status 16, a message that says what is wrong, no output.
# shellcheck source=tests/tap.sh
. "${top_srcdir:?}/tests/tap.sh"
# shellcheck source=tests/cli/setup.sh
. "$top_srcdir/tests/cli/setup.sh"
mkdir root

usage "SOURCE and IMAGE are missing" -X
usage "IMAGE is missing .the only operand is 'root'" root
usage "got 3 operands: 'root' 'usage.img' 'extra'" root usage.img extra
usage "got 5 operands: 'root' 'a' 'b' 'usage.img' \.\.\." root a b usage.img c
usage "an operand is empty: 'root' ''" root ""
usage "operands: 'a.x1b\[2J'" "$(printf 'a\033[2J')" b usage.img
usage "Try 'mkcramfs-xip --help'" root

usage "unknown option '-G'" -G table root usage.img
usage "unknown option '-G'" -qG table root usage.img
usage "unknown option '--nonsense'" --nonsense root usage.img
usage "unknown option '--qq=3'" --qq=3 root usage.img
usage "'--no' is ambiguous: --no-mmu, --no-dedupe, --no-verify" --no root usage.img
usage "option --xip takes no argument" --xip=yes root usage.img
usage "option -n needs an argument: NAME" root usage.img -n
usage "option --pad-to needs an argument: SIZE" root usage.img --pad-to

usage "-b needs the page size .*, not 'root' .for the byte order, use -B" -b root usage.img
usage "--block-size needs the page size" --block-size=big root usage.img
usage "block size '5000' is not supported" -b 5000 root usage.img
usage "block size '128K' is not supported" -b 128K root usage.img
usage "block size '0' is not" -b 0 root usage.img
usage "-N must be big, little or host, not 'middle'" -N middle root usage.img
usage "-N must be .* not ''" -N "" root usage.img
usage "edition '-1' is not a whole number" -e -1 root usage.img
usage "edition '4294967296' is out of range .0 to 4294967295." -e 4294967296 root usage.img
usage "edition '1x' is not a whole number" -e 1x root usage.img
usage "name '12345678901234567' has 17 bytes, but .* 16" -n 12345678901234567 root usage.img
usage "name .* has 17 bytes" -n ääääääääa root usage.img
usage "number of jobs 'many' is not a whole number" -j many root usage.img
usage "number of jobs '1025' is out of range" -j 1025 root usage.img
usage "--max-size '0' is out of range" --max-size 0 root usage.img
usage "--max-size '1x' is not a size .examples: " --max-size 1x root usage.img
usage "--max-size '18446744073709551616' is out of range" --max-size 18446744073709551616 root usage.img
usage "--pad-to '1KB' is ambiguous: KB can mean .* .write K or KiB for 1024." --pad-to 1KB root usage.img
usage "fill byte '256' is out of range .0 to 255." --pad-to 1M --fill 256 root usage.img
usage "fill byte 'FF' is not a whole number" --pad-to 1M --fill FF root usage.img
usage "-l must be yes, no or nonblock, not 'maybe'" -lmaybe root usage.img
usage "--lock must be yes, no or nonblock, not 'x'" --lock=x root usage.img
usage "the pattern is empty" --exclude "" root usage.img
usage "lz4.*libdeflate|lz4.*zlib" -c lz4 root usage.img
usage "99" -c zlib:99 root usage.img
usage "zlib" -c zlib: root usage.img
usage "zlib" -c zlib:9x root usage.img

usage "-P needs a file name, not an empty string" -P "" root usage.img
usage "--policy needs a file name" --policy= root usage.img
usage "--profile needs a file name" -X --profile "" root usage.img
usage "--flash-budget '0' is out of range" -X --flash-budget 0 root usage.img
usage "--flash-budget '1x' is not a size" -X --flash-budget 1x root usage.img
usage "--ram-goal '0' is out of range" -X --ram-goal 0 root usage.img

LOCK_BLOCK_DEVICE=sometimes
export LOCK_BLOCK_DEVICE
usage "LOCK_BLOCK_DEVICE in the environment must be" root usage.img
check_exit 0 "-l overrides LOCK_BLOCK_DEVICE" x -lno root lock.img
unset LOCK_BLOCK_DEVICE

# what cannot be used together
usage "--quiet and -v cannot be used together" --quiet -v root usage.img
usage "-q .--all-root. and --keep-owner cannot be used together" -q --keep-owner root usage.img
usage "--best and a level in -c cannot be used together" --best -c zlib:3 root usage.img
usage "--fill needs --pad-to" --fill 0 root usage.img
usage "--pad-to 2097152 is more than --max-size 1048576" --pad-to 2M --max-size 1M root usage.img
usage "--flash-budget 2097152 is more than --max-size 1048576" -X --flash-budget 2M --max-size 1M root usage.img
usage "--flash-budget 2097152 is more than --pad-to 1048576" -X --flash-budget 2M --pad-to 1M root usage.img
usage "cannot both go to standard output" --json - root -
usage "the image and --json cannot be the same file" --json usage.img root usage.img
usage "--json needs a file name" --json "" root usage.img
usage "-i needs a file name" -i "" root usage.img
usage "would write into SOURCE" --json root/x.json root usage.img
check "a JSON refused leaves nothing in SOURCE" empty root/x.json

touch same.img
ln same.img other.img
usage "the image and --json cannot be the same file" --json other.img root same.img

done_testing
