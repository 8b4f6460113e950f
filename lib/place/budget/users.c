/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "place/budget/users.h"

#include <stdlib.h>

#include "base/mem.h"
#include "format/rules.h"

bool crx_budget_is_shared(const struct crx_budget_users *c, uint32_t b)
{
	const struct crx_slot *s = crx_budget_slot(c->m, b);

	if (s->state == CRX_SLOT_RAW &&
	    !crx_format_may_be_direct_compressed(crx_comp_stored_len(s->len)))
		return false;
	return c->m->dedupe && c->users[c->m->f->blk[b].same] > 1;
}

bool crx_budget_brings(const struct crx_budget_model *m, const struct crx_budget_group *g,
		       uint32_t pg)
{
	const struct crx_candidate *c = &m->w->cand[g->cand];

	return crx_budget_page_runs(m, c->file, c->first_pg + pg) &&
	       !m->base[crx_budget_first_blk(m, g) + pg];
}

static void count_users(struct crx_budget_users *c)
{
	const struct crx_facts *f = c->m->f;
	uint32_t b, pg, rep;
	size_t i;

	for (i = 0; i < f->nfiles; i++) {
		if (c->m->leader[i] != i || crx_pack_stores(c->m->w, i))
			continue;
		for (b = f->file[i].first_blk; b < f->file[i].first_blk + f->file[i].nblks; b++)
			c->users[f->blk[b].same] += !c->m->base[b] && !crx_budget_is_hole(c->m, b);
	}
	for (i = 0; i < c->m->ngroups; i++) {
		const struct crx_budget_group *g = &c->m->group[i];

		for (pg = g->own_pg; pg-- > 0;) {
			if (!crx_budget_brings(c->m, g, pg) ||
			    crx_budget_is_hole(c->m, crx_budget_first_blk(c->m, g) + pg))
				continue;
			rep = f->blk[crx_budget_first_blk(c->m, g) + pg].same;
			c->in_groups[rep]++;
			if (c->mark[rep] == i + 1)
				continue;
			c->mark[rep] = (uint32_t)i + 1;
			c->groups[rep]++;
			c->last[crx_budget_first_blk(c->m, g) + pg] = 1;
		}
	}
}

static void find_mixed(struct crx_budget_users *c)
{
	const struct crx_facts *f = c->m->f;
	uint32_t b;

	for (b = 0; b < f->nblks; b++)
		c->mixed[f->blk[b].file] |= crx_budget_is_shared(c, b);
}

/* Does it go behind a run, if there is one in front? */
static bool may_be_behind(const struct crx_budget_users *c, uint32_t b)
{
	return crx_budget_slot(c->m, b)->state == CRX_SLOT_RAW && !crx_budget_is_shared(c, b);
}

static void find_before(struct crx_budget_users *c)
{
	const struct crx_budget_model *m = c->m;
	uint32_t b, before = CRX_NO_BLOCK;

	for (b = 0; b < m->f->nblks; b++) {
		if (b == m->f->file[m->f->blk[b].file].first_blk)
			before = CRX_NO_BLOCK;
		c->before[b] = before;
		if (!m->base[b] &&
		    (crx_budget_is_hole(m, b) ||
		     (before != CRX_NO_BLOCK && m->base[before] && may_be_behind(c, b))))
			continue;
		before = b;
	}
}

int crx_budget_count_users(struct crx_budget_model *m, struct crx_budget_users *c,
			   struct crx_err *err)
{
	size_t n = m->f->nblks;

	*c = (struct crx_budget_users){ .m = m };
	c->wrappable = crx_format_may_be_direct_compressed(crx_comp_stored_len(m->f->page_size));
	c->users = crx_zalloc(n, sizeof(*c->users));
	c->in_groups = crx_zalloc(n, sizeof(*c->in_groups));
	c->groups = crx_zalloc(n, sizeof(*c->groups));
	c->last = crx_zalloc(n, 1);
	c->before = crx_zalloc(n, sizeof(*c->before));
	c->mixed = crx_zalloc(m->f->nfiles, 1);
	c->mark = crx_zalloc(n, sizeof(*c->mark));
	if (!c->users || !c->in_groups || !c->groups || !c->last || !c->before || !c->mixed ||
	    !c->mark)
		return crx_err_nomem(err, "weighing choices");
	count_users(c);
	find_before(c);
	find_mixed(c);
	return 0;
}

void crx_budget_free_users(struct crx_budget_users *c)
{
	free(c->users);
	free(c->in_groups);
	free(c->groups);
	free(c->mark);
	free(c->last);
	free(c->before);
	free(c->mixed);
}
