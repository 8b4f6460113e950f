/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The names of formats and machines. The numbers are those of the ELF registry (e_machine).
 */
#include "config.h"
#include "exec/exec.h"

#include <stdio.h>

struct name {
	uint16_t machine;
	uint8_t elf_class;
	uint8_t big;
	const char *name;
};

static const struct name names[] = {
	{ 2, 32, 1, "sparc" },
	{ 3, 32, 0, "i386" },
	{ 4, 32, 1, "m68k" },
	{ 8, 32, 0, "mipsel" },
	{ 8, 32, 1, "mips" },
	{ 8, 64, 0, "mips64el" },
	{ 8, 64, 1, "mips64" },
	{ 15, 32, 1, "parisc" },
	{ 18, 32, 1, "sparc32plus" },
	{ 20, 32, 0, "powerpcle" },
	{ 20, 32, 1, "powerpc" },
	{ 21, 64, 0, "powerpc64le" },
	{ 21, 64, 1, "powerpc64" },
	{ 22, 32, 1, "s390" },
	{ 22, 64, 1, "s390x" },
	{ 40, 32, 0, "arm" },
	{ 40, 32, 1, "armeb" },
	{ 42, 32, 0, "sh" },
	{ 42, 32, 1, "sheb" },
	{ 43, 64, 1, "sparc64" },
	{ 50, 64, 0, "ia64" },
	{ 62, 32, 0, "x32" },
	{ 62, 64, 0, "x86_64" },
	{ 92, 32, 1, "openrisc" },
	{ 93, 32, 0, "arc" },
	{ 94, 32, 0, "xtensa" },
	{ 94, 32, 1, "xtensaeb" },
	{ 106, 32, 0, "blackfin" },
	{ 113, 32, 0, "nios2" },
	{ 164, 32, 0, "hexagon" },
	{ 183, 32, 0, "aarch64_ilp32" },
	{ 183, 64, 0, "aarch64" },
	{ 183, 64, 1, "aarch64_be" },
	{ 189, 32, 0, "microblazeel" },
	{ 189, 32, 1, "microblaze" },
	{ 195, 32, 0, "arcv2" },
	{ 195, 32, 1, "arcv2eb" },
	{ 243, 32, 0, "riscv32" },
	{ 243, 64, 0, "riscv64" },
	{ 252, 32, 0, "csky" },
	{ 258, 32, 0, "loongarch32" },
	{ 258, 64, 0, "loongarch64" },
	{ 0x9026, 64, 0, "alpha" },
};

const char *crx_exec_abi_name(const struct crx_exec_abi *abi, char *buf, size_t cap)
{
	struct crx_exec_abi known = { 0 };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		known.machine = names[i].machine;
		known.elf_class = names[i].elf_class;
		known.big = names[i].big;
		if (crx_exec_abi_equal(abi, &known)) {
			snprintf(buf, cap, "%s", names[i].name);
			return buf;
		}
	}
	snprintf(buf, cap, "machine %u", abi->machine);
	return buf;
}

bool crx_exec_abi_equal(const struct crx_exec_abi *a, const struct crx_exec_abi *b)
{
	return a->machine == b->machine && a->elf_class == b->elf_class && a->big == b->big;
}

const char *crx_exec_machine_name(const struct crx_exec *x, char *buf, size_t cap)
{
	return x->abi.elf_class ? crx_exec_abi_name(&x->abi, buf, cap) : NULL;
}

const char *crx_exec_format_name(const struct crx_exec *x)
{
	switch (x->kind) {
	case CRX_EXEC_ELF:
		return x->fdpic ? "fdpic" : "elf";
	case CRX_EXEC_BFLT:
		return "flat";
	default:
		return NULL;
	}
}

bool crx_exec_is_elf(const struct crx_exec *x)
{
	return x->kind == CRX_EXEC_ELF;
}

bool crx_exec_is_bflt(const struct crx_exec *x)
{
	return x->kind == CRX_EXEC_BFLT;
}

const char *crx_exec_flags_name(uint32_t flags, char buf[4])
{
	buf[0] = flags & CRX_EXEC_R ? 'r' : '-';
	buf[1] = flags & CRX_EXEC_W ? 'w' : '-';
	buf[2] = flags & CRX_EXEC_X ? 'x' : '-';
	buf[3] = '\0';
	return buf;
}
