/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "place/budget/knapsack.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/mem.h"
#include "place/budget/mckp.h"

/* Whatever steps still fit, in their order. */
static void fill(const struct crx_mckp *m, uint64_t room, uint32_t *pos, uint64_t *gain)
{
	size_t i;

	for (i = 0; i < m->nsteps; i++) {
		const struct crx_mckp_step *s = &m->step[i];

		if (pos[s->group] != s->from || s->cost > room)
			continue;
		pos[s->group] = s->to;
		room -= s->cost;
		*gain += s->gain;
	}
}

static uint64_t cost_of(const struct crx_mckp *m, const uint32_t *pos)
{
	uint64_t cost = 0;
	size_t g;

	for (g = 0; g < m->ngroups; g++)
		cost += m->item[pos[g]].cost;
	return cost;
}

int crx_mckp_solve(const struct crx_mckp *m, uint64_t limit, uint32_t *choice,
		   struct crx_knapsack_result *out, struct crx_err *err)
{
	uint64_t capacity = m->inverse ? m->top_gain - limit : limit, cost, gain, bound;
	size_t broken, g;
	int ret = 0;

	/* choice is in items until the end */
	bound = crx_mckp_relax(m, capacity, choice, &cost, &gain, &broken);
	fill(m, capacity - cost, choice, &gain);
	out->optimal = gain == bound;
	if (!out->optimal) {
		ret = crx_mckp_core(m, capacity, choice, &gain, &out->optimal, err);
		if (ret < 0)
			return ret;
		fill(m, capacity - cost_of(m, choice), choice, &gain);
	}
	cost = cost_of(m, choice);
	if (out->optimal)
		bound = gain;
	for (g = 0; g < m->ngroups; g++)
		choice[g] = m->item[choice[g]].option;
	out->cost = m->inverse ? m->top_cost - gain : cost;
	out->gain = m->inverse ? m->top_gain - cost : gain;
	out->bound = m->inverse ? m->top_cost - bound : bound;
	return 0;
}

int crx_knapsack(const struct crx_group *group, size_t ngroups, uint64_t capacity, uint32_t *choice,
		 struct crx_knapsack_result *out, struct crx_err *err)
{
	struct crx_mckp m;
	int ret = crx_mckp_init(&m, group, ngroups, false, err);

	if (!ret)
		ret = crx_mckp_solve(&m, capacity, choice, out, err);
	crx_mckp_free(&m);
	return ret;
}

int crx_knapsack_inverse(const struct crx_group *group, size_t ngroups, uint64_t goal,
			 uint32_t *choice, struct crx_knapsack_result *out, struct crx_err *err)
{
	struct crx_mckp m;
	int ret = crx_mckp_init(&m, group, ngroups, true, err);

	if (!ret && goal > m.top_gain)
		ret = crx_err_set(err, CRX_EBIG, 0, NULL,
				  "all together gain %" PRIu64 ", not %" PRIu64, m.top_gain, goal);
	if (!ret)
		ret = crx_mckp_solve(&m, goal, choice, out, err);
	crx_mckp_free(&m);
	return ret;
}
