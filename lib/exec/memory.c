/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "exec/memory.h"

#include <string.h>

#include "base/mem.h"
#include "exec/elf.h"

enum { DATA_ALIGN = 32 };                            /* FLAT_DATA_ALIGN */
enum { STACK_DEFAULT = 131072, STACK_LEAST_PG = 2 }; /* load_elf_fdpic_binary() */

/* The Kconfig and asm/cache.h of these machines; 16 is the most. */
static const struct {
	const char *name;
	struct crx_exec_start start;
} START[] = {
	{ "arm", { 4, 1, 8, 0 } },       { "armeb", { 4, 1, 8, 0 } },
	{ "m68k", { 4, 1, 4, 0 } },      { "riscv32", { 4, 0, 16, 0 } },
	{ "riscv64", { 8, 0, 16, 0 } },  { "sh", { 4, 1, 4, 0 } },
	{ "sheb", { 4, 1, 4, 0 } },      { "xtensa", { 4, 1, 16, 0 } },
	{ "xtensaeb", { 4, 1, 16, 0 } },
};

bool crx_exec_start_on(const char *machine, struct crx_exec_start *out)
{
	size_t i;

	*out = (struct crx_exec_start){ 4, 1, 16, 0 };
	for (i = 0; machine && i < sizeof(START) / sizeof(START[0]); i++) {
		if (!strcmp(machine, START[i].name)) {
			*out = START[i].start;
			return true;
		}
	}
	return !machine;
}

size_t crx_exec_most_blocks(const struct crx_exec *x)
{
	return x->nseg + x->nempty + 1;
}

uint64_t crx_exec_stack_len(const struct crx_exec *x)
{
	return x->stack_len;
}

bool crx_exec_has_stack_block(const struct crx_exec *x)
{
	return x->kind == CRX_EXEC_ELF;
}

/* load_flat_binary(): the strings (the path twice, after a word that is not used), and the
 * pointers to them, which end with NULL. */
static uint64_t arguments_len(const struct crx_exec_start *s)
{
	uint64_t strings = s->word_len + 2 * (s->path_len + 1);

	return crx_round_up(strings + (2 + 1) * (uint64_t)s->word_len, s->stack_align);
}

/* All lengths in the header are below 2^28. */
static size_t flat_blocks(const struct crx_exec_load *load, const struct crx_exec_start *start,
			  struct crx_exec_block *out)
{
	const struct crx_exec *x = load->x;
	uint64_t extra;
	struct crx_exec_block b = {
		.data = x->flat.data_len,
		.bss = x->flat.bss_len,
		.stack = x->flat.stack_len,
		.arguments = arguments_len(start),
		.relocs = (uint64_t)x->flat.nrelocs * start->word_len,
	};
	size_t n = 0;

	extra = b.bss + b.stack + b.arguments;
	b.len = b.data + (extra > b.relocs ? extra : b.relocs);
	if (load->why) {
		b.text = x->seg[0].filesz;
		b.len += b.text + start->data_words * sizeof(uint32_t);
	} else {
		b.len += (uint64_t)start->data_words * start->word_len;
		out[n++] = (struct crx_exec_block){
			.mapped = true,
			.shared = true,
			.text = x->seg[0].filesz,
			.len = x->seg[0].filesz,
		};
	}
	out[n++] = b;
	return n;
}

/* Adds what a segment has, to the block that holds it. */
static void add_segment(const struct crx_exec_segment *seg, struct crx_exec_block *b)
{
	*(seg->flags & CRX_EXEC_W ? &b->data : &b->text) += seg->filesz;
	b->bss += seg->memsz - seg->filesz;
}

/* elf_fdpic_map_file_by_direct_mmap() */
static struct crx_exec_block fdpic_block(const struct crx_exec_load *load,
					 const struct crx_exec_segment *seg)
{
	struct crx_exec_block b = { .shared = !(seg->flags & CRX_EXEC_W) };
	uint64_t in_page = seg->vaddr & (load->page_size - 1);

	add_segment(seg, &b);
	b.len = seg->memsz > UINT64_MAX - in_page ? UINT64_MAX : seg->memsz + in_page;
	return b;
}

/* elf_fdpic_map_file_constdisp_on_uclinux(); sizes of segments that overlap may wrap */
static struct crx_exec_block whole_block(const struct crx_exec *x)
{
	struct crx_exec_block b = { .len = x->load_end - x->load_start };
	size_t i;

	for (i = 0; i < x->nseg; i++)
		add_segment(&x->seg[i], &b);
	for (i = 0; i < x->nempty; i++)
		add_segment(&x->empty[i], &b);
	return b;
}

static struct crx_exec_block stack_block(const struct crx_exec *x, uint64_t default_stack,
					 uint32_t page_size)
{
	uint64_t len = x->stack_len ? x->stack_len : default_stack;
	uint64_t least = STACK_LEAST_PG * (uint64_t)page_size;

	if (!len)
		len = STACK_DEFAULT;
	return (struct crx_exec_block){ .stack = len, .len = len < least ? least : len };
}

size_t crx_exec_blocks(const struct crx_exec_load *load, const struct crx_exec_start *start,
		       bool stack, uint64_t default_stack, struct crx_exec_block *out)
{
	const struct crx_exec *x = load->x;
	size_t n = 0, i = 0, k = 0;

	if (!load->no_mmu || !x->nseg || (load->why && !crx_exec_why_copied(load->why)))
		return 0;
	if (x->kind == CRX_EXEC_BFLT)
		return flat_blocks(load, start, out);
	if (load->why) {
		out[n++] = whole_block(x);
	} else {
		/* in the order of the program headers */
		while (i < x->nseg || k < x->nempty) {
			if (k == x->nempty ||
			    (i < x->nseg && x->seg[i].index < x->empty[k].index)) {
				out[n] = fdpic_block(load, &x->seg[i]);
				out[n].mapped = true;
				out[n++].seg = i++;
			} else {
				out[n] = fdpic_block(load, &x->empty[k++]);
				out[n].shared = false;
				n += out[n].len > 0;
			}
		}
	}
	if (stack)
		out[n++] = stack_block(x, default_stack, load->page_size);
	return n;
}
