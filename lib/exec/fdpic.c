/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * FDPIC: elf_check_fdpic() and elf_check_const_displacement() in the kernel's
 * arch/{arm,sh,xtensa}/include/asm/elf.h.
 */
#include "config.h"
#include "exec/elf.h"

/* not in every <elf.h>; the first is ELFOSABI_ARM_FDPIC and ELFOSABI_XTENSA_FDPIC */
enum { OSABI_FDPIC = 65, EF_SH_PIC_BIT = 0x100, EF_SH_FDPIC_BIT = 0x8000 };

void crx_elf_find_fdpic(const struct crx_elf *e, const Elf64_Ehdr *eh, struct crx_exec *out)
{
	bool osabi = e->bytes[EI_OSABI] == OSABI_FDPIC;

	if (e->is64)
		return;
	switch (eh->e_machine) {
	case EM_ARM:
		out->fdpic = osabi;
		out->constdisp = eh->e_flags & EF_ARM_PIC;
		break;
	case EM_XTENSA:
		out->fdpic = osabi;
		break;
	case EM_SH:
		out->fdpic = eh->e_flags & EF_SH_FDPIC_BIT;
		out->constdisp = eh->e_flags & EF_SH_PIC_BIT;
		break;
	default:
		break;
	}
}
