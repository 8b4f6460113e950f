/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The names of formats and machines. The numbers are those of the ELF registry (e_machine).
 */
#include "config.h"
#include "exec/exec.h"

#include <stdio.h>

static const struct {
	struct crx_exec_abi abi;
	const char *name;
} MACHINES[] = {
	{ { 32, 1, 2 }, "sparc" },
	{ { 32, 0, 3 }, "i386" },
	{ { 32, 1, 4 }, "m68k" },
	{ { 32, 0, 8 }, "mipsel" },
	{ { 32, 1, 8 }, "mips" },
	{ { 64, 0, 8 }, "mips64el" },
	{ { 64, 1, 8 }, "mips64" },
	{ { 32, 1, 15 }, "parisc" },
	{ { 32, 1, 18 }, "sparc32plus" },
	{ { 32, 0, 20 }, "powerpcle" },
	{ { 32, 1, 20 }, "powerpc" },
	{ { 64, 0, 21 }, "powerpc64le" },
	{ { 64, 1, 21 }, "powerpc64" },
	{ { 32, 1, 22 }, "s390" },
	{ { 64, 1, 22 }, "s390x" },
	{ { 32, 0, 40 }, "arm" },
	{ { 32, 1, 40 }, "armeb" },
	{ { 32, 0, 42 }, "sh" },
	{ { 32, 1, 42 }, "sheb" },
	{ { 64, 1, 43 }, "sparc64" },
	{ { 64, 0, 50 }, "ia64" },
	{ { 32, 0, 62 }, "x32" },
	{ { 64, 0, 62 }, "x86_64" },
	{ { 32, 1, 92 }, "openrisc" },
	{ { 32, 0, 93 }, "arc" },
	{ { 32, 0, 94 }, "xtensa" },
	{ { 32, 1, 94 }, "xtensaeb" },
	{ { 32, 0, 106 }, "blackfin" },
	{ { 32, 0, 113 }, "nios2" },
	{ { 32, 0, 164 }, "hexagon" },
	{ { 32, 0, 183 }, "aarch64_ilp32" },
	{ { 64, 0, 183 }, "aarch64" },
	{ { 64, 1, 183 }, "aarch64_be" },
	{ { 32, 0, 189 }, "microblazeel" },
	{ { 32, 1, 189 }, "microblaze" },
	{ { 32, 0, 195 }, "arcv2" },
	{ { 32, 1, 195 }, "arcv2eb" },
	{ { 32, 0, 243 }, "riscv32" },
	{ { 64, 0, 243 }, "riscv64" },
	{ { 32, 0, 252 }, "csky" },
	{ { 32, 0, 258 }, "loongarch32" },
	{ { 64, 0, 258 }, "loongarch64" },
	{ { 64, 0, 0x9026 }, "alpha" },
};

const char *crx_exec_abi_name(const struct crx_exec_abi *abi, char *buf, size_t cap)
{
	size_t i;

	for (i = 0; i < sizeof(MACHINES) / sizeof(MACHINES[0]); i++) {
		if (crx_exec_abi_equal(abi, &MACHINES[i].abi)) {
			snprintf(buf, cap, "%s", MACHINES[i].name);
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
