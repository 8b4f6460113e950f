/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is reported beside the choice: the steps that just missed, and the curve.
 */
#include "config.h"
#include "place/budget/search.h"

#include "base/mem.h"
#include "place/budget/product.h"

enum {
	CURVE_POINTS = 64,  /* between the ends, about */
	NEARLY_PERCENT = 99 /* of the gain for the cost */
};

/* With step i of the knapsack, those of the same group that are nearly as good. */
static struct crx_knapsack_step join_steps(const struct crx_knapsack *k, size_t i)
{
	const struct crx_knapsack_step *s = &k->step[i], *t;
	struct crx_knapsack_step joint = *s;

	for (t = s + 1; t < k->step + k->nsteps; t++) {
		if (crx_product_cmp(t->gain, s->cost * 100, s->gain, t->cost * NEARLY_PERCENT) < 0)
			break;
		if (t->group != s->group)
			continue;
		joint.cost += t->cost;
		joint.to = t->to;
	}
	return joint;
}

static struct crx_budget_step describe(const struct crx_budget_model *m,
				       const struct crx_budget_group *g, uint32_t from_pg,
				       uint32_t end_pg)
{
	struct crx_budget_step s = {
		.cand = g->cand,
		.first_pg = m->w->cand[g->cand].first_pg + from_pg,
		.npg = end_pg - from_pg,
	};
	uint32_t pg;

	for (pg = from_pg; pg < end_pg; pg++)
		if (crx_budget_adds_page(m, g, pg))
			s.ram_pages += m->count[crx_budget_first_blk(m, g) + pg] > 0;
	return s;
}

void crx_budget_report_missed(const struct crx_budget_model *m, const struct crx_knapsack *k,
			      const struct crx_budget_choice *c, struct crx_budget *out)
{
	struct crx_knapsack_step s;
	size_t i;

	for (i = 0; i < k->nsteps && out->nmissed < CRX_BUDGET_STEPS; i++) {
		const struct crx_budget_group *g = &m->group[k->step[i].group];
		uint32_t taken = c->option[k->step[i].group];

		if (k->step[i].from != k->first[k->step[i].group])
			continue;
		s = join_steps(k, i);
		out->missed[out->nmissed] =
			describe(m, g, crx_budget_prefix_pg(m, g, taken),
				 crx_budget_prefix_pg(m, g, taken + k->item[s.to].option));
		out->missed[out->nmissed++].flash_len = s.cost;
	}
}

/* Sizes and RAM ascend. A point that is larger than the next one, or as large
 * and not the first, is of no use. */
static void add_point(struct crx_budget *out, const struct crx_budget_choice *c, uint32_t page_size)
{
	struct crx_budget_point p = { c->image_size, c->used_pages * page_size, c->pages };
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

static int try_point(struct crx_budget_model *m, struct crx_budget_choice *c,
		     struct crx_budget *out, struct crx_err *err)
{
	uint32_t page_size = m->f->page_size;
	int ret = crx_budget_measure(m, c, err);

	if (!ret && c->used_pages * page_size > out->point[out->npoints - 1].ram_len)
		add_point(out, c, page_size);
	return ret;
}

/* Takes the knapsack's steps in their order, and measures at even distances. */
static int try_points(struct crx_budget_model *m, const struct crx_knapsack *k,
		      struct crx_budget_choice *c, struct crx_budget *out, struct crx_err *err)
{
	uint64_t total = 0, cost = 0, points = 0;
	size_t i;
	int ret;

	for (i = 0; i < k->nsteps; i++)
		total += k->step[i].cost;
	for (i = 0; i < m->ngroups; i++)
		c->option[i] = k->item[k->first[i]].option; /* what costs nothing */
	ret = try_point(m, c, out, err);
	for (i = 0; i < k->nsteps && !ret; i++) {
		c->option[k->step[i].group] = k->item[k->step[i].to].option;
		cost += k->step[i].cost;
		if (i + 1 < k->nsteps && cost * CURVE_POINTS / total <= points)
			continue;
		points = cost * CURVE_POINTS / total;
		ret = try_point(m, c, out, err);
	}
	return ret;
}

int crx_budget_report_curve(struct crx_budget_model *m, const struct crx_knapsack *k,
			    const struct crx_budget_choice *musts,
			    const struct crx_budget_choice *all, struct crx_budget *out,
			    struct crx_err *err)
{
	struct crx_budget_choice c;
	int ret = crx_budget_choice_init(&c, m, err);

	out->point = crx_alloc(CURVE_POINTS + 4, sizeof(*out->point));
	if (!ret && !out->point)
		ret = crx_err_nomem(err, "choosing pages");
	if (!ret) {
		add_point(out, musts, m->f->page_size);
		ret = try_points(m, k, &c, out, err);
		add_point(out, all, m->f->page_size);
	}
	crx_budget_choice_free(&c);
	return ret;
}
