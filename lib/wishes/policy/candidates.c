/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "wishes/policy/candidates.h"

#include <elf.h>

#include "format/rules.h"

struct search {
	const struct crx_facts *f;
	uint32_t file;
	const struct crx_rule *rule;
	struct crx_wishes *w;
	struct crx_mappings *out;
};

bool crx_policy_is_executable(const struct crx_exec *x)
{
	switch (x->kind) {
	case CRX_EXEC_ELF:
		return x->type == ET_EXEC || x->type == ET_DYN;
	case CRX_EXEC_BFLT:
	case CRX_EXEC_DAMAGED:
		return true;
	default:
		return false;
	}
}

static bool selects(const struct crx_rule *rule, const struct crx_exec_segment *seg)
{
	size_t i;

	if (!rule || rule->any_segment || rule->perms >> (seg->flags & (PF_R | PF_W | PF_X)) & 1)
		return true;
	for (i = 0; i < rule->nindexes; i++)
		if (rule->index[i] == seg->index)
			return true;
	return false;
}

/* The mapping of npg pages from first_pg on, as far as it may be in place. */
static int add(struct search *s, uint32_t seg, uint32_t first_pg, uint32_t npg, bool unit, struct crx_err *err)
{
	const struct crx_file_fact *file = &s->f->file[s->file];
	uint32_t pages = s->rule ? s->rule->pages : CRX_RULE_ALL_PAGES;
	uint32_t rest = first_pg < file->nblks ? file->nblks - first_pg : 0;
	struct crx_candidate c = { .file = s->file, .seg = seg, .first_pg = first_pg, .unit = unit };

	c.map_pg = c.max_pg = npg < rest ? npg : rest;
	/* the last page of a file may be barred by the exact-tail rule */
	if (c.max_pg && c.max_pg == rest && !crx_format_may_be_direct_uncompressed(file->node->size, s->f->page_size, file->nblks - 1))
		c.max_pg--;
	if (unit && (c.max_pg < npg || pages < npg)) {
		/* pages behind the last: cramfs_physmem_get_unmapped_area() says EINVAL */
		s->out->part = true;
		if (c.max_pg == npg && !s->out->cut) {
			s->out->cut = true;
			s->out->cut_seg = seg;
			s->out->cut_pg = npg;
		}
		return 0;
	}
	if (c.max_pg > pages)
		c.max_pg = pages;
	if (!c.max_pg)
		return 0;
	s->out->n++;
	if (!s->w)
		return 0;
	c.must = s->rule && s->rule->must;
	c.chosen_pg = c.max_pg;
	if (!crx_grow(&s->w->cand, &s->w->cap, s->w->ncands + 1, sizeof(*s->w->cand)))
		return crx_err_nomem(err, "choosing what goes in place");
	s->w->cand[s->w->ncands++] = c;
	return 0;
}

/* A segment is mapped privately: 'vma is writable' bars what is writable. */
static int add_segment(struct search *s, uint32_t i, bool no_mmu, struct crx_err *err)
{
	const struct crx_exec *x = &s->f->file[s->f->file[s->file].link].exec;
	struct crx_exec_segment seg = x->seg[i];
	/* a flat binary is for kernels without an MMU, whatever the image is for */
	bool unit = no_mmu || x->kind == CRX_EXEC_BFLT;
	uint32_t first, n;

	if (seg.flags & PF_W || !selects(s->rule, &seg))
		return 0;
	/* elf_fdpic_map_file_by_direct_mmap() maps as much */
	if (unit)
		seg.filesz = seg.memsz;
	if (!crx_exec_pages(&seg, s->f->page_size, &first, &n)) {
		/* longer than any file could be: what a kernel with an MMU cannot load was sorted out */
		s->out->part = true;
		return 0;
	}
	return add(s, i, first, n, unit, err);
}

int crx_policy_candidates(const struct crx_facts *f, size_t file, const struct crx_rule *rule, bool no_mmu, struct crx_wishes *w, struct crx_mappings *out, struct crx_err *err)
{
	struct search s = { f, (uint32_t)file, rule, w, out };
	const struct crx_exec *x = &f->file[f->file[file].link].exec;
	size_t i;
	int ret = 0;

	*out = (struct crx_mappings){ 0 };
	if (rule && rule->whole)
		return add(&s, CRX_WHOLE_FILE, 0, f->file[file].nblks, no_mmu, err);
	for (i = 0; i < x->nseg && !ret; i++)
		ret = add_segment(&s, (uint32_t)i, no_mmu, err);
	return ret;
}
