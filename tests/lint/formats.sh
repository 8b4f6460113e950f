#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# lib/exec alone knows which formats of executables there are and what a kernel
# maps of them, so that a new format touches no other room. Tests may build
# executables of every kind.
# shellcheck source=tests/tap.sh
. "${top_srcdir:?}/tests/tap.sh"

# The kinds of executables; ELF's types, flags and header; sizes of segments,
# and what else in struct crx_exec only means something for one format.
WORDS='CRX_EXEC_(NONE|ELF|DAMAGED|BFLT)|CRX_ELF_[A-Z0-9_]+|(ET|PT|PF|EM)_[A-Z]+|PF_WRITE|<elf\.h>|exec/elf\.h|filesz|memsz|constdisp'
# Whoever asks for a format by name: the words elf and bflt of policy rules.
ASKS='crx_exec_is_(elf|bflt)'

# uses TREE WORDS EXCEPT: lines that use one of the words, but for comments
uses() {
	(cd "$1" && find lib mkcramfs-xip cramfsck-xip dumpcramfs-xip -name '*.[ch]' -print) | sort |
		grep -v "^lib/exec/$3" | while IFS= read -r f; do
		sed -e 's|/\*.*\*/||' -e '/^[[:space:]]*\/\*/,/\*\//d' "$1/$f" | grep -nE "(^|[^A-Za-z0-9_])($2)([^A-Za-z0-9_]|\$)" | sed "s|^|$f:|"
	done
}
clean() {
	{
		uses "$1" "$WORDS" ''
		uses "$1" "$ASKS" '\|^lib/wishes/policy/match\.c$'
	} >"$scratch/verdict"
	cat "$scratch/verdict"
	[ ! -s "$scratch/verdict" ]
}
dirty() {
	! clean "$1"
}

check "lib/exec has the words" test -n "$(grep -lE "$WORDS" "$top_srcdir"/lib/exec/*.c)"
check "no other file asks for formats, ELF types or sizes of segments" clean "$top_srcdir"

# Can it fail?
mkdir -p "$scratch/seed/lib/exec" "$scratch/seed/lib/tree" "$scratch/seed/mkcramfs-xip" "$scratch/seed/cramfsck-xip" "$scratch/seed/dumpcramfs-xip"
while IFS= read -r line; do
	printf '%s\n' "$line" >"$scratch/seed/lib/exec/x.c"
	check "self-test: lib/exec may say '$line'" clean "$scratch/seed"
	mv "$scratch/seed/lib/exec/x.c" "$scratch/seed/lib/tree/x.c"
	check "self-test: '$line' is found elsewhere" dirty "$scratch/seed"
	rm "$scratch/seed/lib/tree/x.c"
done <<'END'
	if (x->kind == CRX_EXEC_BFLT)
	return x->type == ET_DYN;
	enum { PF_WRITE = 2 };
#include <elf.h>
	seg.filesz = seg.memsz;
	return crx_exec_is_elf(x);
END
printf '/* CRX_EXEC_ELF, ET_DYN */\n\tint crx_exec_is_elfin;\n' >"$scratch/seed/lib/tree/x.c"
check "self-test: a comment is not a use" clean "$scratch/seed"

done_testing
