/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "wishes/policy/candidates.h"

#include "format/rules.h"

struct search {
	const struct crx_facts *f;
	uint32_t file;
	const struct crx_rule *rule;
	struct crx_wishes *w;
	struct crx_mappings *out;
};

static bool selects(const struct crx_rule *rule, const struct crx_exec_segment *seg)
{
	size_t i;

	if (!rule || rule->any_segment || rule->perms >> (seg->flags & CRX_EXEC_RWX) & 1)
		return true;
	for (i = 0; i < rule->nindexes; i++)
		if (rule->index[i] == seg->index)
			return true;
	return false;
}

/* The mapping m, as far as it may be in place; seg: as in struct crx_candidate. */
static int add(struct search *s, uint32_t seg, const struct crx_exec_mapping *m, struct crx_err *err)
{
	const struct crx_file_fact *file = &s->f->file[s->file];
	uint32_t pages = s->rule ? s->rule->pages : CRX_RULE_ALL_PAGES;
	uint32_t rest = m->first_pg < file->nblks ? file->nblks - m->first_pg : 0;
	struct crx_candidate c = {
		.file = s->file, .seg = seg, .first_pg = m->first_pg, .unit = m->unit
	};

	c.map_pg = c.max_pg = m->npg < rest ? m->npg : rest;
	/* the last page of a file may be barred by the exact-tail rule */
	if (c.max_pg && c.max_pg == rest && !crx_format_may_be_direct_uncompressed(file->node->size, s->f->page_size, file->nblks - 1))
		c.max_pg--;
	if (m->unit && (c.max_pg < m->npg || pages < m->npg)) {
		/* pages behind the last: cramfs_physmem_get_unmapped_area() says EINVAL */
		s->out->part = true;
		if (c.max_pg == m->npg && !s->out->cut) {
			s->out->cut = true;
			s->out->cut_seg = seg;
			s->out->cut_pg = m->npg;
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
static int add_segment(struct search *s, const struct crx_exec_load *load, uint32_t i,
		       struct crx_err *err)
{
	struct crx_exec_mapping m;
	bool ok = crx_exec_mapping(load, i, &m);

	if (m.writable || !selects(s->rule, m.seg))
		return 0;
	if (!ok) {
		/* longer than any file could be: a file that a kernel cannot
		 * load does not come this far */
		s->out->part = true;
		return 0;
	}
	return add(s, i, &m, err);
}

struct crx_exec_load crx_policy_load(const struct crx_facts *f, size_t file, bool no_mmu)
{
	const struct crx_exec *x = &f->file[f->file[file].link].exec;

	return crx_exec_load(x, f->page_size, no_mmu || crx_exec_is_for_no_mmu(x));
}

int crx_policy_candidates(const struct crx_facts *f, size_t file, const struct crx_rule *rule, bool no_mmu, struct crx_wishes *w, struct crx_mappings *out, struct crx_err *err)
{
	struct search s = { f, (uint32_t)file, rule, w, out };
	struct crx_exec_mapping whole = { .npg = f->file[file].nblks, .unit = no_mmu };
	struct crx_exec_load load = crx_policy_load(f, file, no_mmu);
	size_t i;
	int ret = 0;

	*out = (struct crx_mappings){ 0 };
	if (rule && rule->whole)
		return add(&s, CRX_WHOLE_FILE, &whole, err);
	for (i = 0; i < load.x->nseg && !ret; i++)
		ret = add_segment(&s, &load, (uint32_t)i, err);
	return ret;
}
