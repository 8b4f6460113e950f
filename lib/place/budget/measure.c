/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "place/budget/search.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

int crx_budget_choice_init(struct crx_budget_choice *c, const struct crx_budget_model *m,
			   struct crx_err *err)
{
	*c = (struct crx_budget_choice){ .option = crx_zalloc(m->ngroups, sizeof(*c->option)) };
	return c->option ? 0 : crx_err_nomem(err, "choosing pages");
}

void crx_budget_choice_free(struct crx_budget_choice *c)
{
	free(c->option);
	*c = (struct crx_budget_choice){ 0 };
}

void crx_budget_choice_copy(struct crx_budget_choice *to, const struct crx_budget_choice *from,
			    const struct crx_budget_model *m)
{
	uint32_t *option = to->option;

	if (m->ngroups)
		memcpy(option, from->option, m->ngroups * sizeof(*option));
	*to = *from;
	to->option = option;
}

/*
 * A group that takes all its pages goes on with those that the overlapping one
 * after it takes: they are in place anyway, and in one run.
 */
static void set_leaders(struct crx_budget_model *m, const uint32_t *option)
{
	uint32_t end = 0; /* first file page not in place, from the next group on */
	size_t i;

	for (i = m->ngroups; i-- > 0;) {
		const struct crx_budget_group *g = &m->group[i];
		struct crx_candidate *c = &m->w->cand[g->cand];
		uint32_t pg = crx_budget_prefix_pg(m, g, option[i]);

		if (!c->unit && pg == g->own_pg && g->joins && end > c->first_pg + pg)
			pg = end - c->first_pg;
		end = c->first_pg + pg;
		c->chosen_pg = pg < c->max_pg ? pg : c->max_pg;
	}
}

static void set_followers(struct crx_budget_model *m)
{
	struct crx_wishes *w = m->w;
	size_t i, j;

	for (i = 0; i < w->nfiles; i++)
		for (j = 0; j < w->file[i].ncands && m->leader[i] != i; j++)
			w->cand[w->file[i].first_cand + j].chosen_pg =
				w->cand[w->file[m->leader[i]].first_cand + j].chosen_pg;
}

int crx_budget_apply(struct crx_budget_model *m, const uint32_t *option, struct crx_err *err)
{
	size_t i;

	for (i = 0; i < m->w->ncands; i++)
		m->w->cand[i].chosen_pg = m->must[i] ? m->w->cand[i].max_pg : 0;
	set_leaders(m, option);
	set_followers(m);
	return crx_wishes_update_ranges(m->w, err);
}

static void count_pages(const struct crx_budget_model *m, struct crx_budget_choice *c)
{
	const struct crx_file_wish *w;
	uint32_t pg, blk;
	size_t i, r;

	c->pages = c->used_pages = c->gain = 0;
	for (i = 0; i < m->f->nfiles; i++) {
		w = &m->w->file[i];
		for (r = 0; r < w->nranges && m->leader[i] == i; r++) {
			for (pg = w->range[r].first_pg; pg - w->range[r].first_pg < w->range[r].npg;
			     pg++) {
				if (!crx_budget_is_runnable(m, i, pg))
					continue;
				blk = m->f->file[i].first_blk + pg;
				c->pages++;
				c->used_pages += m->count[blk] > 0;
				c->gain += crx_budget_page_gain(m, blk);
			}
		}
	}
}

static int measure_wishes(struct crx_budget_model *m, struct crx_budget_choice *c,
			  struct crx_err *err)
{
	const struct crx_budget_measure *measure = &m->in->measure;
	uint64_t padding = 0;
	int ret;

	count_pages(m, c);
	ret = measure->size(measure->ctx, m->w, &c->image_size, &padding, err);
	c->unpadded_len = c->image_size - padding;
	return ret;
}

int crx_budget_measure(struct crx_budget_model *m, struct crx_budget_choice *c, struct crx_err *err)
{
	int ret = crx_budget_apply(m, c->option, err);

	return ret ? ret : measure_wishes(m, c, err);
}

int crx_budget_measure_all(struct crx_budget_model *m, struct crx_budget_choice *all,
			   struct crx_err *err)
{
	size_t i;
	int ret;

	for (i = 0; i < m->w->ncands; i++)
		m->w->cand[i].chosen_pg = m->w->cand[i].max_pg;
	ret = crx_wishes_update_ranges(m->w, err);
	return ret ? ret : measure_wishes(m, all, err);
}
