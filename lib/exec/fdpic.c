/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * FDPIC: elf_check_fdpic() and elf_check_const_displacement() in the kernel's
 * arch/{arm,sh,xtensa}/include/asm/elf.h.
 */
#include "config.h"
#include "exec/elf.h"

enum {
	EI_AT_OSABI = 7,
	OSABI_FDPIC = 65, /* ELFOSABI_ARM_FDPIC, ELFOSABI_XTENSA_FDPIC */
	MACHINE_ARM = 40,
	MACHINE_SH = 42,
	MACHINE_XTENSA = 94,
	EF_ARM_PIC_BIT = 0x20,
	EF_SH_PIC_BIT = 0x100,
	EF_SH_FDPIC_BIT = 0x8000
};

void crx_elf_find_fdpic(const struct crx_elf *e, const struct crx_elf_ehdr *eh,
			struct crx_exec *out)
{
	bool osabi = e->bytes[EI_AT_OSABI] == OSABI_FDPIC;

	if (e->is64)
		return;
	switch (eh->machine) {
	case MACHINE_ARM:
		out->fdpic = osabi;
		out->constdisp = eh->flags & EF_ARM_PIC_BIT;
		break;
	case MACHINE_XTENSA:
		out->fdpic = osabi;
		break;
	case MACHINE_SH:
		out->fdpic = eh->flags & EF_SH_FDPIC_BIT;
		out->constdisp = eh->flags & EF_SH_PIC_BIT;
		break;
	default:
		break;
	}
}
