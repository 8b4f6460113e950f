#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What zsh completes, in a terminal, for each program by each of its names.
# shellcheck source=tests/tap.sh
. "${top_srcdir:?}/tests/tap.sh"
CRAMFSCK_XIP=${CRAMFSCK_XIP:-$top_builddir/cramfsck-xip/cramfsck-xip}
# shellcheck source=tests/cli/setup.sh
. "$top_srcdir/tests/cli/setup.sh"
if ! command -v zsh >/dev/null 2>&1; then
	lacks zsh
	done_testing
fi

# drive.zsh FUNCTIONS LINES OUT: each match that zsh finds at the end of a line
# of LINES is a line of OUT, and a line "END" follows them. compadd is
# called with -O, -A or -D where it shall add none.
cat >drive.zsh <<'END'
zmodload zsh/zpty || exit 99
zpty z "TERM=dumb FPATH=${(q)1}:${(q)FPATH} OUT=${(q)3} zsh -f -i"
zpty -w z 'PS1="PROM""PT" RPS1= LISTMAX=0
unsetopt beep
autoload -Uz compinit
compinit -u -D
bindkey "^I" complete-word
compadd() {
	local -a hits
	if [[ ${argv[(r)-*[OAD]]} == "" ]]; then
		builtin compadd -A hits "$@"
		print -rl -- $hits >>$OUT
	fi
	builtin compadd "$@"
}
next() {
	BUFFER=
	print END >>$OUT
	print DO""NE >$TTY
}
zle -N next
bindkey "^Y" next
print RE""ADY'
zpty -r -m z seen '*READY*PROMPT*'
while IFS= read -r line; do
	zpty -w -n z "$line"$'\t\x19'
	zpty -r -m z seen '*DONE*'
done <$2
zpty -d z
END
if ! zsh -f -c 'zmodload zsh/zpty' 2>/dev/null; then
	skip "this zsh has no zpty"
	done_testing
fi
mkdir functions
cp "$top_builddir"/contrib/completions/zsh/_* functions
cp "$top_srcdir"/contrib/completions/zsh/_* functions
mkdir adir
touch afile 'a file' b.img

# completes WANTED LINE: to be looked at by the end
: >lines
: >wanted
completes() {
	printf '%s\n' "$2" >>lines
	printf '%s\n' "$1" >>wanted
}
# all NAME PROGRAM: all long options of --help, and no others
all() {
	completes "$("$2" --help | sed -n 's/^  *\(-., \)*\(--[a-z-]*\).*/\2/p' | sort | paste -s -d ' ' -)" "$1 --"
}
for name in mkcramfs-xip mkcramfs mkfs.cramfs; do
	all $name "$MKCRAMFS_XIP"
done
for name in cramfsck-xip cramfsck fsck.cramfs; do
	all $name "$CRAMFSCK_XIP"
done
for name in mkcramfs-xip mkfs.cramfs; do
	completes "16K 32K 4K 64K 8K" "$name -b "
	completes "big host little" "$name root --endian="
	completes "big host little" "$name -N"
	completes "a\\ file adir afile" "$name -P a"
	completes "a\\ file adir afile" "$name -X a"
	completes "b.img" "$name root b"
	completes "" "$name root image b"
done
completes "a\\ file adir afile" "cramfsck-xip -x a"
completes "a\\ file adir afile" "cramfsck-xip --extract=a"
completes "b.img" "cramfsck-xip b"
completes "adir" "cramfsck -x a"
completes "adir" "fsck.cramfs --extract=a"
completes "b.img" "fsck.cramfs b"

check "zsh completes" timeout 300 zsh -f drive.zsh "$scratch/functions" lines "$scratch/offers"
n=0
while IFS= read -r line; do
	n=$((n + 1))
	want=$(sed -n "${n}p" wanted)
	got=$(awk -v n="$n" '$0 == "END" { at++; next } at == n - 1 && NF' offers | sort -u | paste -s -d ' ' -)
	if [ "$got" = "$want" ]; then
		ok "$line"
	else
		not_ok "$line"
		diag "wanted: $want"
		diag "got: $got"
	fi
done <lines
check "there are options" grep -q -- '--version' wanted
check "each line was completed" test "$(grep -cx END offers)" -eq "$n"

done_testing
