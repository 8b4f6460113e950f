/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "wishes/policy/candidates.h"

#include "format/rules.h"

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

static int append(struct crx_wishes *w, const struct crx_candidate *c, struct crx_err *err)
{
	if (!crx_grow(&w->cand, &w->cap, w->ncands + 1, sizeof(*w->cand)))
		return crx_err_nomem(err, "choosing what goes in place");
	w->cand[w->ncands++] = *c;
	return 0;
}

/* Append as much of the mapping as may be in place. file and seg of c are set. */
static int add_mapping(const struct crx_policy_search *s, struct crx_candidate c,
		       const struct crx_exec_mapping *m, struct crx_mappings *out,
		       struct crx_err *err)
{
	const struct crx_file_fact *file = &s->f->file[c.file];
	uint32_t pages = s->rule ? s->rule->pages : CRX_RULE_ALL_PAGES;
	uint32_t rest = m->first_pg < file->nblks ? file->nblks - m->first_pg : 0;

	c.first_pg = m->first_pg;
	c.map_pg = c.max_pg = m->npg < rest ? m->npg : rest;
	c.unit = m->unit;
	c.must = s->rule && s->rule->must;
	/* the last page of a file must not be in place if it is an exact tail */
	if (c.max_pg && c.max_pg == rest &&
	    !crx_format_may_be_direct_uncompressed(file->node->size, s->f->page_size,
						   file->nblks - 1))
		c.max_pg--;
	/* pages after the last: cramfs_physmem_get_unmapped_area() returns EINVAL */
	if (m->unit && (c.max_pg < m->npg || pages < m->npg)) {
		out->partial = true;
		if (c.max_pg == m->npg && !out->split) {
			out->split = true;
			out->split_seg = c.seg;
			out->split_pg = m->npg;
		}
		return 0;
	}
	if (c.max_pg > pages)
		c.max_pg = pages;
	c.chosen_pg = c.max_pg;
	out->n += c.max_pg != 0;
	return c.max_pg && s->w ? append(s->w, &c, err) : 0;
}

static int add_segment(const struct crx_policy_search *s, struct crx_candidate c,
		       const struct crx_exec_load *load, struct crx_mappings *out,
		       struct crx_err *err)
{
	struct crx_exec_mapping m;
	bool ok = crx_exec_mapping(load, c.seg, &m);

	if (m.writable || !selects(s->rule, m.seg))
		return 0;
	/* longer than any file; a file that a kernel could not load has been skipped before */
	if (!ok) {
		out->partial = true;
		return 0;
	}
	return add_mapping(s, c, &m, out, err);
}

struct crx_exec_load crx_policy_load(const struct crx_facts *f, size_t file, bool no_mmu)
{
	const struct crx_exec *x = &f->file[f->file[file].link].exec;

	return crx_exec_load(x, f->page_size, no_mmu || crx_exec_is_for_no_mmu(x));
}

int crx_policy_candidates(const struct crx_policy_search *s, size_t file, struct crx_mappings *out,
			  struct crx_err *err)
{
	struct crx_exec_mapping whole = { .npg = s->f->file[file].nblks, .unit = s->no_mmu };
	struct crx_exec_load load = crx_policy_load(s->f, file, s->no_mmu);
	struct crx_candidate c = { .file = (uint32_t)file, .seg = CRX_WHOLE_FILE };
	int ret = 0;

	*out = (struct crx_mappings){ 0 };
	if (s->rule && s->rule->whole)
		return add_mapping(s, c, &whole, out, err);
	for (c.seg = 0; c.seg < load.x->nseg && !ret; c.seg++)
		ret = add_segment(s, c, &load, out, err);
	return ret;
}
