/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "place/budget/model.h"

/*
 * A group that takes all its pages goes on with those that the overlapping one
 * behind it takes: they are in place anyway, and in one run.
 */
static void choose_groups(struct crx_budget_model *m, const uint32_t *choice)
{
	uint32_t end = 0; /* first file page that is not in place, from the group behind on */
	size_t i;

	for (i = m->ngroups; i-- > 0;) {
		const struct crx_budget_group *g = &m->group[i];
		struct crx_candidate *c = &m->w->cand[g->cand];
		uint32_t pg = choice[i] ? m->pages[g->first_opt + choice[i] - 1] : 0;

		if (!c->unit && pg == g->own_pg && g->joins && end > c->first_pg + pg)
			pg = end - c->first_pg;
		end = c->first_pg + pg;
		c->chosen_pg = pg < c->max_pg ? pg : c->max_pg;
	}
}

static void follow(struct crx_budget_model *m)
{
	struct crx_wishes *w = m->w;
	size_t i, j;

	for (i = 0; i < w->nfiles; i++)
		for (j = 0; j < w->file[i].ncands && m->leader[i] != i; j++)
			w->cand[w->file[i].first_cand + j].chosen_pg =
				w->cand[w->file[m->leader[i]].first_cand + j].chosen_pg;
}

int crx_budget_apply(struct crx_budget_model *m, const uint32_t *choice, struct crx_err *err)
{
	size_t i;

	for (i = 0; i < m->w->ncands; i++)
		m->w->cand[i].chosen_pg = m->must[i] ? m->w->cand[i].max_pg : 0;
	if (choice)
		choose_groups(m, choice);
	follow(m);
	return crx_wishes_update_ranges(m->w, err);
}

int crx_budget_apply_all(struct crx_budget_model *m, struct crx_err *err)
{
	size_t i;

	for (i = 0; i < m->w->ncands; i++)
		m->w->cand[i].chosen_pg = m->w->cand[i].max_pg;
	return crx_wishes_update_ranges(m->w, err);
}

int crx_budget_look(struct crx_budget_model *m, struct crx_budget_outcome *out, struct crx_err *err)
{
	const struct crx_file_wish *w;
	uint64_t padding;
	uint32_t pg, b;
	size_t i, r;
	int ret;

	*out = (struct crx_budget_outcome){ 0 };
	for (i = 0; i < m->f->nfiles; i++) {
		w = &m->w->file[i];
		for (r = 0; r < w->nranges && m->leader[i] == i; r++) {
			for (pg = w->range[r].first_pg; pg - w->range[r].first_pg < w->range[r].npg;
			     pg++) {
				if (!crx_budget_page_runs(m, i, pg))
					continue;
				b = m->f->file[i].first_blk + pg;
				out->pages++;
				out->hot += m->count[b] > 0;
				out->gain += crx_budget_page_gain(m, b);
			}
		}
	}
	ret = m->measure->size(m->measure->ctx, m->w, &out->image_size, &padding, err);
	out->used = out->image_size - padding;
	return ret;
}
