/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Separate debug files.
 *
 * objcopy --only-keep-debug, eu-strip -f and similar tools keep all sections, but turn those that
 * would be loaded, except notes, into NOBITS. The program headers stay and may point anywhere. In a
 * program, sections of code have bytes. (One NOBITS section of code does not prove
 * anything: on 32-bit PowerPC, .plt may be one.)
 */
#include "config.h"
#include "exec/elf.h"

bool crx_elf_is_debug_file(const struct crx_elf *e, const Elf64_Ehdr *eh)
{
	size_t each = CRX_ELF_LEN(e, Shdr);
	/* are there sections with bytes [0], and without [1]? */
	bool any[2] = { false, false }, code[2] = { false, false }, nobits;
	Elf64_Shdr s;
	uint64_t i;

	if (eh->e_shentsize != each ||
	    !crx_elf_within(e, eh->e_shoff, (uint64_t)eh->e_shnum * each))
		return false;
	for (i = 0; i < eh->e_shnum; i++) {
		if (!crx_elf_read_shdr(e, eh->e_shoff + i * each, &s))
			return false;
		if (!(s.sh_flags & SHF_ALLOC) || !s.sh_size || s.sh_type == SHT_NULL ||
		    s.sh_type == SHT_NOTE)
			continue;
		nobits = s.sh_type == SHT_NOBITS;
		any[nobits] = true;
		code[nobits] |= (s.sh_flags & SHF_EXECINSTR) != 0;
	}
	/* the second condition is for libraries without code */
	return !code[0] && (code[1] || (any[1] && !any[0]));
}
