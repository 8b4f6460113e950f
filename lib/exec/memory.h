/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The memory that a kernel without an MMU asks for when it starts a program: load_flat_file() in
 * fs/binfmt_flat.c, and load_elf_fdpic_binary() in fs/binfmt_elf_fdpic.c. Which mappings are in
 * place is not known here.
 *
 * All functions are pure, like those of mapping.h.
 */
#ifndef CRX_EXEC_MEMORY_H
#define CRX_EXEC_MEMORY_H

#include "exec/mapping.h"

/* What flat binaries do not say about their machine, and how a program is started. */
struct crx_exec_start {
	uint8_t word_len;    /* sizeof(unsigned long) */
	uint8_t data_words;  /* words before the data: DATA_START_OFFSET_WORDS */
	uint8_t stack_align; /* FLAT_STACK_ALIGN */
	uint64_t path_len;   /* of the path, the only argument; the environment is empty */
};

/* For a machine with this name (arm, riscv64, ...); NULL: for any machine with 32 bits, rounded up.
 * False if Linux does not load flat binaries on it. path_len is set to 0. */
bool crx_exec_start_on(const char *machine, struct crx_exec_start *out);

/* One call of mmap(). */
struct crx_exec_block {
	bool mapped;  /* of the file, by crx_exec_mapping(seg); otherwise anonymous memory */
	size_t seg;   /* if mapped */
	bool shared;  /* read-only: all instances share one copy */
	uint64_t len; /* bytes that are asked for */
	/* what is in it; relocations are read to where bss and stack will be */
	uint64_t text, data, bss, stack, arguments, relocs;
};

/* An upper limit for the number of blocks. */
size_t crx_exec_most_blocks(const struct crx_exec *x);

/*
 * Fills in the blocks, in the kernel's order, and returns their number: 0 if the kernel does not
 * load the file. stack: with the stack of a program, which comes last. default_stack: what the
 * interpreter says (crx_exec_stack_len()), for programs that say nothing.
 */
size_t crx_exec_blocks(const struct crx_exec_load *load, const struct crx_exec_start *start,
		       bool stack, uint64_t default_stack, struct crx_exec_block *out);

/* The length of the stack according to an ELF file, or 0: PT_GNU_STACK. */
uint64_t crx_exec_stack_len(const struct crx_exec *x);

/* Is the last block a stack of its own, allocated after those of the interpreter? */
bool crx_exec_has_stack_block(const struct crx_exec *x);

#endif
