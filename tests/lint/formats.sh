#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# lib/exec alone knows which formats of executables there are and what a kernel
# maps of them, so that a new format touches no other room. Tests may build
# executables of every kind.
# shellcheck source=tests/tap.sh
. "${top_srcdir:?}/tests/tap.sh"

# The kinds of executables; ELF's header and constants; sizes of segments, and
# what else in struct crx_exec has a meaning for one format only.
WORDS='CRX_EXEC_(NONE|ELF|DAMAGED|BFLT)|CRX_ELF_[A-Z0-9_]+|(ET|PT|PF|EM)_[A-Z]+'
WORDS="$WORDS|<elf\.h>|exec/elf\.h|filesz|memsz|constdisp"
# Only the words elf and bflt of policy rules name a format.
ASKS='crx_exec_is_(elf|bflt)'

# uses TREE WORDS EXCEPT: lines that use one of the words, but for comments
uses() {
	(cd "$1" && find lib mkcramfs-xip cramfsck-xip dumpcramfs-xip cramfs-xip-fuse -name '*.[ch]' -print) | sort |
		grep -v "^lib/exec/$3" | while IFS= read -r f; do
		sed -e 's|/\*.*\*/||' -e '/^[[:space:]]*\/\*/,/\*\//d' "$1/$f" |
			grep -nE "(^|[^A-Za-z0-9_])($2)([^A-Za-z0-9_]|\$)" | sed "s|^|$f:|"
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

check "lib/exec uses the words" grep -qE "$WORDS" "$top_srcdir/lib/exec/mapping.c"
check "no other file asks for formats, ELF types or sizes of segments" clean "$top_srcdir"

# Can it fail?
for d in lib/exec lib/tree mkcramfs-xip cramfsck-xip dumpcramfs-xip cramfs-xip-fuse; do
	mkdir -p "$scratch/seed/$d"
done
while IFS= read -r line; do
	printf '%s\n' "$line" >"$scratch/seed/lib/exec/x.c"
	check "self-test: lib/exec may say '$line'" clean "$scratch/seed"
	mv "$scratch/seed/lib/exec/x.c" "$scratch/seed/lib/tree/x.c"
	check "self-test: '$line' is found elsewhere" dirty "$scratch/seed"
	rm "$scratch/seed/lib/tree/x.c"
done <<'END'
	if (x->kind == CRX_EXEC_BFLT)
	return x->type == ET_DYN;
	if (flags & PF_W)
#include <elf.h>
	seg.filesz = seg.memsz;
	return crx_exec_is_elf(x);
END
printf '/* CRX_EXEC_ELF, ET_DYN */\n\tint crx_exec_is_elfin;\n' >"$scratch/seed/lib/tree/x.c"
check "self-test: a comment is not a use" clean "$scratch/seed"

done_testing
