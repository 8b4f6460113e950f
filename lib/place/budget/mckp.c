/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "place/budget/mckp.h"

#include <stdlib.h>

#include "base/mem.h"
#include "place/budget/wide.h"

enum {
	NUMBER_BITS = 40,
	GROUPS_MAX = 1 << 22 /* sums stay below 2^62 */
};

static int by_cost(const void *a, const void *b)
{
	const struct crx_mckp_item *x = a, *y = b;

	if (x->cost != y->cost)
		return x->cost < y->cost ? -1 : 1;
	if (x->gain != y->gain)
		return x->gain > y->gain ? -1 : 1;
	return x->option < y->option ? -1 : x->option > y->option;
}

/* The items of one group, without those that gain no more than a cheaper one. */
static size_t add_group(struct crx_mckp *m, const struct crx_group *g, uint32_t group)
{
	struct crx_mckp_item *item = &m->item[m->nitems];
	size_t n = 1, kept = 0, i;

	item[0] = (struct crx_mckp_item){ .group = group };
	for (i = 0; i < g->noptions; i++)
		item[n++] = (struct crx_mckp_item){ g->option[i].cost, g->option[i].gain, group,
						    (uint32_t)i + 1 };
	qsort(item, n, sizeof(*item), by_cost);
	for (i = 1; i < n; i++)
		if (item[i].gain > item[kept].gain)
			item[++kept] = item[i];
	return kept + 1;
}

static void turn_round(struct crx_mckp_item *item, size_t n)
{
	struct crx_mckp_item top = item[n - 1], swap;
	size_t i;

	for (i = 0; i < n / 2; i++) {
		swap = item[i];
		item[i] = item[n - 1 - i];
		item[n - 1 - i] = swap;
	}
	for (i = 0; i < n; i++) {
		swap = item[i];
		item[i].cost = top.gain - swap.gain;
		item[i].gain = top.cost - swap.cost;
	}
}

/* The corners of the upper convex hull; corner has room for all items.
 * Steps of the same slope stay apart, so that more of them may fit. */
static void add_steps(struct crx_mckp *m, uint32_t first, uint32_t end, uint32_t *corner)
{
	const struct crx_mckp_item *it = m->item;
	size_t n = 0, j;
	uint32_t i;

	for (i = first; i < end; i++) {
		while (n > 1 && crx_wide_cmp(it[i].gain - it[corner[n - 1]].gain,
					     it[corner[n - 1]].cost - it[corner[n - 2]].cost,
					     it[corner[n - 1]].gain - it[corner[n - 2]].gain,
					     it[i].cost - it[corner[n - 1]].cost) > 0)
			n--;
		corner[n++] = i;
	}
	for (j = 1; j < n; j++)
		m->step[m->nsteps++] = (struct crx_mckp_step){
			.cost = it[corner[j]].cost - it[corner[j - 1]].cost,
			.gain = it[corner[j]].gain - it[corner[j - 1]].gain,
			.group = it[first].group,
			.from = corner[j - 1],
			.to = corner[j],
		};
}

static int by_slope(const void *a, const void *b)
{
	const struct crx_mckp_step *x = a, *y = b;
	int c = crx_wide_cmp(y->gain, x->cost, x->gain, y->cost);

	/* items are by group: the lower group first, and within one the earlier step */
	return c ? c : (x->from < y->from ? -1 : x->from > y->from);
}

static int check(const struct crx_group *group, size_t ngroups, size_t *items, struct crx_err *err)
{
	size_t g;
	uint32_t i;

	if (ngroups > GROUPS_MAX)
		return crx_err_set(err, CRX_ELIMIT, 0, NULL,
				   "%zu things to choose from are too many", ngroups);
	*items = ngroups;
	for (g = 0; g < ngroups; g++) {
		for (i = 0; i < group[g].noptions; i++)
			if (group[g].option[i].cost >> NUMBER_BITS ||
			    group[g].option[i].gain >> NUMBER_BITS)
				return crx_err_set(err, CRX_ELIMIT, 0, NULL,
						   "a cost or a gain is too large a number to "
						   "weigh");
		if (!crx_add_size(*items, group[g].noptions, items) || *items >= UINT32_MAX)
			return crx_err_set(err, CRX_ELIMIT, 0, NULL,
					   "there are too many ways to choose from");
	}
	return 0;
}

int crx_mckp_init(struct crx_mckp *m, const struct crx_group *group, size_t ngroups, bool inverse,
		  struct crx_err *err)
{
	uint32_t *corner;
	size_t g, n, items;
	int ret;

	*m = (struct crx_mckp){ .ngroups = ngroups, .inverse = inverse };
	ret = check(group, ngroups, &items, err);
	if (ret < 0)
		return ret;
	m->item = crx_alloc(items, sizeof(*m->item));
	m->step = crx_alloc(items, sizeof(*m->step));
	m->first = crx_alloc(ngroups + 1, sizeof(*m->first));
	corner = crx_alloc(items, sizeof(*corner));
	if (!m->item || !m->step || !m->first || !corner) {
		free(corner);
		return crx_err_nomem(err, "weighing choices");
	}
	for (g = 0; g < ngroups; g++) {
		m->first[g] = (uint32_t)m->nitems;
		n = add_group(m, &group[g], (uint32_t)g);
		m->nitems += n;
		m->top_cost += m->item[m->nitems - 1].cost;
		m->top_gain += m->item[m->nitems - 1].gain;
		if (inverse)
			turn_round(&m->item[m->first[g]], n);
		m->base_gain += m->item[m->first[g]].gain;
		add_steps(m, m->first[g], (uint32_t)m->nitems, corner);
	}
	m->first[ngroups] = (uint32_t)m->nitems;
	free(corner);
	if (m->nsteps)
		qsort(m->step, m->nsteps, sizeof(*m->step), by_slope);
	return 0;
}

void crx_mckp_free(struct crx_mckp *m)
{
	free(m->item);
	free(m->first);
	free(m->step);
	*m = (struct crx_mckp){ 0 };
}

uint64_t crx_mckp_relax(const struct crx_mckp *m, uint64_t capacity, uint32_t *pos, uint64_t *cost,
			uint64_t *gain, size_t *broken)
{
	size_t i;

	*cost = 0;
	*gain = m->base_gain;
	for (i = 0; pos && i < m->ngroups; i++)
		pos[i] = m->first[i];
	for (i = 0; i < m->nsteps && m->step[i].cost <= capacity - *cost; i++) {
		*cost += m->step[i].cost;
		*gain += m->step[i].gain;
		if (pos)
			pos[m->step[i].group] = m->step[i].to;
	}
	*broken = i;
	if (i == m->nsteps)
		return *gain;
	return *gain + crx_wide_part(capacity - *cost, m->step[i].gain, m->step[i].cost);
}
