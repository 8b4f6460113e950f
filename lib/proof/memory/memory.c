/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "proof/memory/memory.h"

#include <stdlib.h>

#include "base/mem.h"

struct work {
	uint32_t page_size;
	const struct crx_exec_start *start;
	struct crx_memory *out;
};

/* do_mmap() of mm/nommu.c: a read-only mapping within an earlier one of the same file is a part of
 * it. What is shared is mapped. */
static bool is_inside(const struct crx_memory *m, const struct crx_memory_block *block)
{
	const struct crx_explain_segment *s = &block->file->seg[block->b.seg];
	size_t i;

	for (i = 0; i < m->n && block->b.shared; i++) {
		const struct crx_memory_block *o = &m->block[i];
		const struct crx_explain_segment *t = &o->file->seg[o->b.seg];

		if (o->file == block->file && o->b.shared && s->file_page >= t->file_page &&
		    (uint64_t)s->file_page + s->pages <= (uint64_t)t->file_page + t->pages)
			return true;
	}
	return false;
}

static void add_block(struct work *w, const struct crx_explain_file *f,
		      const struct crx_exec_block *b)
{
	struct crx_memory *m = w->out;
	struct crx_memory_block block = { .file = f, .b = *b };
	const struct crx_explain_segment *s = b->mapped ? &f->seg[b->seg] : NULL;

	block.in_place = s && s->pages && s->in_place == s->pages;
	block.inside = s && !block.in_place && is_inside(m, &block);
	if (!block.in_place && !block.inside)
		block.take =
			crx_buddy_request(b->len / w->page_size + (b->len % w->page_size != 0));
	m->pages += block.take.npg;
	if (!b->shared)
		m->another += block.take.npg;
	if (block.take.order > m->order)
		m->order = block.take.order;
	m->block[m->n++] = block;
}

static void add_file(struct work *w, const struct crx_explain_file *f,
		     const struct crx_exec_block *block, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		add_block(w, f, &block[i]);
}

/* A program, then its interpreter, then the stack. */
static void add_blocks(struct work *w, const struct crx_explain_file *f,
		       struct crx_exec_block *block)
{
	const struct crx_explain_file *interp = f->interp != f ? f->interp : NULL;
	bool program = f->role == CRX_EXPLAIN_PROGRAM;
	struct crx_exec_load load = crx_exec_load(&f->exec, w->page_size, true);
	uint64_t stack = interp ? crx_exec_stack_len(&interp->exec) : 0;
	struct crx_exec_block last;
	size_t n;

	if (!f->loadable)
		return;
	n = crx_exec_blocks(&load, w->start, program, stack, block);
	if (!n)
		return;
	if (!program || !crx_exec_has_stack_block(&f->exec)) {
		add_file(w, f, block, n);
		return;
	}
	last = block[n - 1];
	add_file(w, f, block, n - 1);
	if (interp && interp->loadable) {
		load = crx_exec_load(&interp->exec, w->page_size, true);
		n = crx_exec_blocks(&load, w->start, false, 0, block);
		add_file(w, interp, block, n);
	}
	add_block(w, f, &last);
}

int crx_memory_of(const struct crx_explain_file *f, uint32_t page_size,
		  const struct crx_exec_start *start, struct crx_memory *out, struct crx_err *err)
{
	struct work w = { page_size, start, out };
	size_t most = crx_exec_most_blocks(&f->exec);
	struct crx_exec_block *block;

	*out = (struct crx_memory){ 0 };
	if (f->interp)
		most += crx_exec_most_blocks(&f->interp->exec);
	block = crx_alloc(most, sizeof(*block));
	out->block = crx_zalloc(most, sizeof(*out->block));
	if (block && out->block) {
		add_blocks(&w, f, block);
		free(block);
		return 0;
	}
	free(block);
	crx_memory_free(out);
	return crx_err_nomem(err, "adding up memory");
}

void crx_memory_free(struct crx_memory *m)
{
	free(m->block);
	*m = (struct crx_memory){ 0 };
}

bool crx_memory_take(const struct crx_memory *m, bool first, struct crx_buddy *b,
		     struct crx_memory_failure *out)
{
	struct crx_buddy left = *b;
	size_t i;

	for (i = 0; i < m->n; i++) {
		enum crx_buddy_answer answer;

		if (m->block[i].b.shared && (!first || m->block[i].loaded))
			continue;
		answer = crx_buddy_take(&left, m->block[i].take);
		if (!answer)
			continue;
		if (out)
			*out = (struct crx_memory_failure){ answer, i, crx_buddy_largest(&left) };
		return false;
	}
	*b = left;
	return true;
}

uint64_t crx_memory_instances(const struct crx_memory *m, const struct crx_buddy *b, uint64_t most,
			      struct crx_memory_failure *out)
{
	struct crx_buddy left = *b;
	uint64_t n = 0;

	while (n < most && crx_memory_take(m, n == 0, &left, out))
		n++;
	return n;
}
