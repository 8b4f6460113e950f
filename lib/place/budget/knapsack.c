/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "place/budget/knapsack.h"

static uint64_t cost_of(const struct crx_knapsack *k, const uint32_t *pos)
{
	uint64_t cost = 0;
	size_t g;

	for (g = 0; g < k->ngroups; g++)
		cost += k->item[pos[g]].cost;
	return cost;
}

/* Takes every step that still fits, in their order. Returns the gain. */
static uint64_t take_steps(const struct crx_knapsack *k, uint64_t room, uint32_t *pos)
{
	const struct crx_knapsack_step *s;
	uint64_t gain = 0;
	size_t i;

	for (i = 0; i < k->nsteps; i++) {
		s = &k->step[i];
		if (pos[s->group] != s->from || s->cost > room)
			continue;
		pos[s->group] = s->to;
		room -= s->cost;
		gain += s->gain;
	}
	return gain;
}

int crx_knapsack_solve(const struct crx_knapsack *k, uint64_t capacity, uint32_t *choice,
		       struct crx_knapsack_result *out, struct crx_err *err)
{
	uint32_t *pos = choice; /* items, until the end */
	struct crx_knapsack_relaxed r;
	bool proven = true;
	size_t g;
	int ret;

	r = crx_knapsack_relax(k, capacity, pos);
	out->gain = r.gain + take_steps(k, capacity - r.cost, pos);
	if (out->gain < r.bound) {
		ret = crx_knapsack_improve(k, capacity, pos, &out->gain, &proven, err);
		if (ret < 0)
			return ret;
		out->gain += take_steps(k, capacity - cost_of(k, pos), pos);
	}
	out->cost = cost_of(k, pos);
	out->bound = proven ? out->gain : r.bound;
	for (g = 0; g < k->ngroups; g++)
		choice[g] = k->item[pos[g]].option;
	return 0;
}
