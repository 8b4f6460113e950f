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

bool crx_elf_is_debug_file(const struct crx_elf *e, const struct crx_elf_ehdr *eh)
{
	size_t each = crx_elf_shdr_len(e);
	size_t code = 0, code_nobits = 0, data = 0, nobits = 0;
	struct crx_elf_shdr s;
	uint64_t i;

	if (eh->shentsize != each || !crx_elf_within(e, eh->shoff, (uint64_t)eh->shnum * each))
		return false;
	for (i = 0; i < eh->shnum; i++) {
		if (!crx_elf_read_shdr(e, eh->shoff + i * each, &s))
			return false;
		if (!(s.flags & CRX_ELF_SHF_ALLOC) || !s.size || s.type == CRX_ELF_SHT_NULL ||
		    s.type == CRX_ELF_SHT_NOTE)
			continue;
		if (s.type == CRX_ELF_SHT_NOBITS)
			nobits++;
		else
			data++;
		if (!(s.flags & CRX_ELF_SHF_EXECINSTR))
			continue;
		if (s.type == CRX_ELF_SHT_NOBITS)
			code_nobits++;
		else
			code++;
	}
	/* the second condition is for libraries without code */
	return !code && (code_nobits || (nobits && !data));
}
