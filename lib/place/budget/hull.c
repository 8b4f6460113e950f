/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Prepares a knapsack: the undominated items of each group, and the steps along
 * their convex hulls, which are all that the linear relaxation needs.
 */
#include "config.h"
#include "place/budget/knapsack.h"

#include <stdlib.h>

#include "base/mem.h"
#include "place/budget/product.h"

static int by_cost(const void *a, const void *b)
{
	const struct crx_knapsack_item *x = a, *y = b;
	int c = crx_compare(x->cost, y->cost);

	if (!c)
		c = crx_compare(y->gain, x->gain);
	return c ? c : crx_compare(x->option, y->option);
}

/* The items of one group, without those that gain no more than a cheaper one. */
static size_t add_items(struct crx_knapsack *k, const struct crx_knapsack_group *g, uint32_t group)
{
	struct crx_knapsack_item *item = &k->item[k->nitems];
	size_t n = 1, kept = 0, i;

	item[0] = (struct crx_knapsack_item){ .group = group };
	for (i = 0; i < g->noptions; i++)
		item[n++] = (struct crx_knapsack_item){ g->option[i].cost, g->option[i].gain, group,
							(uint32_t)i + 1 };
	qsort(item, n, sizeof(*item), by_cost);
	for (i = 1; i < n; i++)
		if (item[i].gain > item[kept].gain)
			item[++kept] = item[i];
	return kept + 1;
}

/* Is item b below the line from a to c? */
static bool is_below(const struct crx_knapsack_item *a, const struct crx_knapsack_item *b,
		     const struct crx_knapsack_item *c)
{
	return crx_product_cmp(c->gain - b->gain, b->cost - a->cost, b->gain - a->gain,
			       c->cost - b->cost) > 0;
}

/* The corners of the upper convex hull. Steps of the same slope stay apart, so
 * that more of them may fit. corner has room for all items. */
static void add_steps(struct crx_knapsack *k, uint32_t first, uint32_t end, uint32_t *corner)
{
	const struct crx_knapsack_item *it = k->item;
	size_t n = 0, j;
	uint32_t i;

	for (i = first; i < end; i++) {
		while (n > 1 && is_below(&it[corner[n - 2]], &it[corner[n - 1]], &it[i]))
			n--;
		corner[n++] = i;
	}
	for (j = 1; j < n; j++)
		k->step[k->nsteps++] = (struct crx_knapsack_step){
			.cost = it[corner[j]].cost - it[corner[j - 1]].cost,
			.gain = it[corner[j]].gain - it[corner[j - 1]].gain,
			.group = it[first].group,
			.from = corner[j - 1],
			.to = corner[j],
		};
}

static int by_slope(const void *a, const void *b)
{
	const struct crx_knapsack_step *x = a, *y = b;
	int c = crx_product_cmp(y->gain, x->cost, x->gain, y->cost);

	/* items are by group: the lower group first, and within one the earlier step */
	return c ? c : crx_compare(x->from, y->from);
}

static void add_group(struct crx_knapsack *k, const struct crx_knapsack_group *g, uint32_t group,
		      uint32_t *corner)
{
	uint32_t first = (uint32_t)k->nitems;

	k->first[group] = first;
	k->nitems += add_items(k, g, group);
	k->base_gain += k->item[first].gain;
	add_steps(k, first, (uint32_t)k->nitems, corner);
}

int crx_knapsack_init(struct crx_knapsack *k, const struct crx_knapsack_group *group,
		      size_t ngroups, struct crx_err *err)
{
	uint32_t *corner;
	size_t items = ngroups, g;

	*k = (struct crx_knapsack){ .ngroups = ngroups };
	for (g = 0; g < ngroups; g++)
		items += group[g].noptions;
	k->item = crx_alloc(items, sizeof(*k->item));
	k->step = crx_alloc(items, sizeof(*k->step));
	k->first = crx_alloc(ngroups + 1, sizeof(*k->first));
	corner = crx_alloc(items, sizeof(*corner));
	if (!k->item || !k->step || !k->first || !corner) {
		free(corner);
		return crx_err_nomem(err, "choosing pages");
	}
	for (g = 0; g < ngroups; g++)
		add_group(k, &group[g], (uint32_t)g, corner);
	k->first[ngroups] = (uint32_t)k->nitems;
	free(corner);
	if (k->nsteps)
		qsort(k->step, k->nsteps, sizeof(*k->step), by_slope);
	return 0;
}

void crx_knapsack_free(struct crx_knapsack *k)
{
	free(k->item);
	free(k->first);
	free(k->step);
	*k = (struct crx_knapsack){ 0 };
}

struct crx_knapsack_relaxed crx_knapsack_relax(const struct crx_knapsack *k, uint64_t capacity,
					       uint32_t *pos)
{
	struct crx_knapsack_relaxed r = { .gain = k->base_gain };
	const struct crx_knapsack_step *s;
	size_t i;

	for (i = 0; i < k->ngroups; i++)
		pos[i] = k->first[i];
	for (i = 0; i < k->nsteps && k->step[i].cost <= capacity - r.cost; i++) {
		s = &k->step[i];
		r.cost += s->cost;
		r.gain += s->gain;
		pos[s->group] = s->to;
	}
	r.split = i;
	r.bound = r.gain;
	if (i < k->nsteps)
		r.bound += crx_product_part(capacity - r.cost, k->step[i].gain, k->step[i].cost);
	return r;
}
