/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What there is to tell of a choice: what just missed, and the curve.
 */
#include "config.h"
#include "place/budget/model.h"

#include <stdlib.h>

#include "base/mem.h"
#include "place/budget/wide.h"

enum { CURVE_POINTS = 64 }; /* between the ends */

/* From what was chosen of a group to a corner of its hull. */
struct jump {
	uint64_t cost, gain; /* more than chosen */
	uint32_t group;
	uint32_t option; /* 1 + index */
};

/* The most gain for the cost first. */
static bool nearer(const struct jump *a, const struct jump *b)
{
	int c = crx_wide_cmp(a->gain, b->cost, b->gain, a->cost);

	return c ? c > 0 : a->group < b->group;
}

static void insert(struct jump *list, size_t *n, struct jump j)
{
	size_t i = *n;

	if (i == CRX_BUDGET_STEPS && !nearer(&j, &list[i - 1]))
		return;
	if (i < CRX_BUDGET_STEPS)
		++*n;
	else
		i--;
	for (; i > 0 && nearer(&j, &list[i - 1]); i--)
		list[i] = list[i - 1];
	list[i] = j;
}

static struct crx_budget_step describe(const struct crx_budget_model *m, const struct jump *j,
				       uint32_t chosen)
{
	const struct crx_budget_group *g = &m->group[j->group];
	const struct crx_candidate *c = &m->w->cand[g->cand];
	uint32_t from = chosen ? m->pages[g->first_opt + chosen - 1] : 0,
		 to = m->pages[g->first_opt + j->option - 1], pg, b;
	struct crx_budget_step s = {
		.cand = g->cand,
		.first_pg = c->first_pg + from,
		.npg = to - from,
		.flash_len = j->cost,
	};

	for (pg = from; pg < to; pg++) {
		b = m->f->file[c->file].first_blk + c->first_pg + pg;
		if (crx_budget_page_runs(m, c->file, c->first_pg + pg))
			s.ram_pages += !m->base[b] && m->count[b] > 0;
	}
	return s;
}

int crx_budget_tell_missed(const struct crx_budget_model *m, const struct crx_mckp *est,
			   const uint32_t *choice, struct crx_budget *out, struct crx_err *err)
{
	struct jump *best = crx_zalloc(m->ngroups, sizeof(*best)), list[CRX_BUDGET_STEPS], j;
	const struct crx_option *o;
	size_t i, n = 0;

	if (!best)
		return crx_err_nomem(err, "weighing choices");
	for (i = 0; i < est->nsteps; i++) {
		uint32_t g = est->step[i].group, now = choice[g];

		j = (struct jump){ .group = g, .option = est->item[est->step[i].to].option };
		o = &m->est_group[g].option[j.option - 1];
		j.cost = o->cost;
		j.gain = o->gain;
		if (now) {
			if (j.gain <= m->est_group[g].option[now - 1].gain ||
			    j.cost <= m->est_group[g].option[now - 1].cost)
				continue;
			j.cost -= m->est_group[g].option[now - 1].cost;
			j.gain -= m->est_group[g].option[now - 1].gain;
		}
		if (!best[g].option || nearer(&j, &best[g]))
			best[g] = j;
	}
	for (i = 0; i < m->ngroups; i++)
		if (best[i].option)
			insert(list, &n, best[i]);
	for (i = 0; i < n; i++)
		out->missed[i] = describe(m, &list[i], choice[list[i].group]);
	out->nmissed = n;
	free(best);
	return 0;
}

/* Ascending in size and RAM: a point that is larger than the next one, or as
 * large and not the musts alone, is of no use. */
static void add_point(struct crx_budget *out, const struct crx_budget_outcome *o,
		      uint32_t page_size)
{
	struct crx_budget_point p = {
		.image_size = o->image_size,
		.ram_len = o->hot * page_size,
		.pages = o->pages,
	};
	const struct crx_budget_point *last;

	for (; out->npoints; out->npoints--) {
		last = &out->point[out->npoints - 1];
		if (last->image_size == p.image_size && last->ram_len == p.ram_len &&
		    last->pages == p.pages)
			return;
		if (last->image_size < p.image_size ||
		    (last->image_size == p.image_size && out->npoints == 1))
			break;
	}
	out->point[out->npoints++] = p;
}

static int try_point(struct crx_budget_model *m, const uint32_t *choice, struct crx_budget *out,
		     struct crx_err *err)
{
	struct crx_budget_outcome o;
	int ret = crx_budget_try(m, choice, &o, err);

	if (!ret && o.hot * m->f->page_size > out->point[out->npoints - 1].ram_len)
		add_point(out, &o, m->f->page_size);
	return ret;
}

static int try_points(struct crx_budget_model *m, const struct crx_mckp *est, uint32_t *choice,
		      struct crx_budget *out, struct crx_err *err)
{
	uint64_t total = 0, cost = 0, points = 0;
	bool any = false;
	size_t i;
	int ret = 0;

	for (i = 0; i < est->nsteps; i++)
		total += est->step[i].cost;
	/* what costs nothing comes first */
	for (i = 0; i < m->ngroups; i++) {
		choice[i] = est->item[est->first[i]].option;
		any = any || choice[i];
	}
	if (any)
		ret = try_point(m, choice, out, err);
	for (i = 0; i < est->nsteps && !ret; i++) {
		choice[est->step[i].group] = est->item[est->step[i].to].option;
		cost += est->step[i].cost;
		if (i + 1 < est->nsteps && cost * CURVE_POINTS / total <= points)
			continue;
		points = cost * CURVE_POINTS / total;
		ret = try_point(m, choice, out, err);
	}
	return ret;
}

int crx_budget_tell_curve(struct crx_budget_model *m, const struct crx_mckp *est,
			  const struct crx_budget_outcome *base,
			  const struct crx_budget_outcome *all, struct crx_budget *out,
			  struct crx_err *err)
{
	uint32_t *choice = crx_zalloc(m->ngroups, sizeof(*choice)), page = m->f->page_size;
	int ret = 0;

	out->point = crx_alloc(CURVE_POINTS + 4, sizeof(*out->point));
	if (!choice || !out->point) {
		ret = crx_err_nomem(err, "weighing choices");
	} else {
		add_point(out, base, page);
		ret = try_points(m, est, choice, out, err);
		add_point(out, all, page);
	}
	free(choice);
	return ret;
}
