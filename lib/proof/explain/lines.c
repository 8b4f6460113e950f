/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * show_map_vma() of fs/proc/task_mmu.c, and nommu_vma_show().
 *
 * remap_pfn_range() replaces the file offset by the frame number, and a vma that is split
 * afterwards keeps counting from there.
 */
#include "config.h"
#include "proof/explain/explain.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { EACH = 4 }; /* most lines of a segment: three parts and a gap */

struct lines {
	const struct crx_image *img;
	const struct crx_explain_file *f;
	uint64_t base;
	struct crx_explain_line *line;
	size_t n;
};

/* Adds the line of the part from start to end of the mapping of s. */
static void add_line(struct lines *l, const struct crx_explain_segment *s, uint64_t start,
		     uint64_t end, uint32_t flags, bool gap)
{
	struct crx_explain_line *line = &l->line[l->n];

	if (start >= end)
		return;
	*line = (struct crx_explain_line){
		.start = start,
		.end = end,
		.flags = flags,
		.physical = s->pfn,
		.seg = gap ? NULL : s,
	};
	line->off = (s->pfn ? l->base + s->off : (uint64_t)s->file_page * l->img->page_size) +
		    (start - s->vaddr);
	l->n++;
}

static uint64_t clamp(uint64_t v, uint64_t low, uint64_t high)
{
	return v < low ? low : v > high ? high : v;
}

/* _dl_protect_relro() makes the whole pages of PT_GNU_RELRO read-only. */
static void add_writable_segment(struct lines *l, const struct crx_explain_segment *s, uint64_t end)
{
	uint64_t mask = ~(uint64_t)(l->img->page_size - 1);
	uint64_t from = clamp(l->f->exec.relro_start & mask, s->vaddr, end);
	uint64_t to = clamp(l->f->exec.relro_end & mask, from, end);

	if (from == to) {
		add_line(l, s, s->vaddr, end, s->flags, false);
		return;
	}
	add_line(l, s, s->vaddr, from, s->flags, false);
	add_line(l, s, from, to, s->flags & ~(uint32_t)CRX_EXEC_W, false);
	add_line(l, s, to, end, s->flags, false);
}

static void add_lines_with_mmu(struct lines *l)
{
	const struct crx_explain_file *f = l->f;
	/* _dl_map_segments() makes what remains of the first mapping PROT_NONE */
	bool gaps = f->role == CRX_EXPLAIN_LIBRARY && crx_exec_reserves_span(&f->exec);
	size_t i;

	for (i = 0; i < f->nsegs; i++) {
		const struct crx_explain_segment *s = &f->seg[i];
		uint64_t end = s->vaddr + (uint64_t)s->pages * l->img->page_size;
		uint64_t next = i + 1 < f->nsegs ? s[1].vaddr : end;

		/* MAP_FIXED: the next mapping replaces the pages that both have */
		if (next >= s->vaddr && next < end)
			end = next;
		if (s->writable)
			add_writable_segment(l, s, end);
		else
			add_line(l, s, s->vaddr, end, s->flags, false);
		if (gaps && next > end)
			add_line(l, &f->seg[0], end, next, 0, true);
	}
}

/* determine_vm_flags() of mm/nommu.c also shares private mappings that are not writable. */
static void add_lines_without_mmu(struct lines *l)
{
	size_t i;

	for (i = 0; i < l->f->nsegs; i++) {
		const struct crx_explain_segment *s = &l->f->seg[i];
		struct crx_explain_line *line = &l->line[l->n++];

		*line = (struct crx_explain_line){
			.flags = s->flags,
			.shared = !s->writable,
			.known = s->in_place,
			.off = (uint64_t)s->file_page * l->img->page_size,
			.seg = s,
		};
		line->start = s->in_place ? l->base + s->off : 0;
		line->end = line->start + (uint64_t)s->pages * l->img->page_size;
	}
}

int crx_explain_lines(const struct crx_image *img, const struct crx_explain_file *f,
		      const struct crx_explain_opts *o, struct crx_explain_line **out, size_t *n,
		      struct crx_err *err)
{
	struct lines l = { .img = img, .f = f, .base = o->base };

	*out = NULL;
	*n = 0;
	/* a file that is copied has no mappings */
	if (f->why || !f->loadable)
		return 0;
	l.line = crx_alloc(f->nsegs, EACH * sizeof(*l.line));
	if (!l.line)
		return crx_err_nomem(err, "listing mappings");
	if (o->no_mmu)
		add_lines_without_mmu(&l);
	else
		add_lines_with_mmu(&l);
	*out = l.line;
	*n = l.n;
	return 0;
}
