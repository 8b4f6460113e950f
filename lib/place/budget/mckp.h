/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A multiple-choice knapsack made ready: what any capacity can be asked of.
 * Internal to budget.
 *
 * The inverse problem is the same one turned round. From everything taken,
 * give gain up to get cost back: an item's cost is then the gain given up,
 * its gain the cost got back, and the capacity what the goal leaves over.
 */
#ifndef CRX_BUDGET_MCKP_H
#define CRX_BUDGET_MCKP_H

#include "place/budget/knapsack.h"

/* An option that no other of its group dominates. */
struct crx_mckp_item {
	uint64_t cost, gain;
	uint32_t group;
	uint32_t option; /* 0, or 1 + index of the group's option */
};

/* From one corner of a group's convex hull to the next: the most gain for the cost. */
struct crx_mckp_step {
	uint64_t cost, gain; /* more than before; cost > 0 */
	uint32_t group;
	uint32_t from, to; /* into item */
};

struct crx_mckp {
	struct crx_mckp_item *item; /* by group, cost and gain ascending both */
	uint32_t *first; /* for each group, and one more: its first item; that one costs 0 */
	size_t ngroups, nitems;
	struct crx_mckp_step
		*step; /* most gain for the cost first; those of a group in their order */
	size_t nsteps;
	uint64_t base_gain; /* of the first items */
	bool inverse;
	uint64_t top_cost, top_gain; /* of the last items, before they were turned round */
};

/* CRX_ELIMIT for numbers from 2^40 on, or too many. Free it in any case. */
int crx_mckp_init(struct crx_mckp *m, const struct crx_group *group, size_t ngroups, bool inverse,
		  struct crx_err *err) CRX_MUST_CHECK;
void crx_mckp_free(struct crx_mckp *m);

/*
 * The relaxation: steps in their order until one does not fit, and of that
 * one as much as does. Returns its gain, rounded down; *broken is that step,
 * nsteps if all fit. pos (or NULL), cost, gain: the whole steps in front of it.
 */
uint64_t crx_mckp_relax(const struct crx_mckp *m, uint64_t capacity, uint32_t *pos, uint64_t *cost,
			uint64_t *gain, size_t *broken);

/* In the terms of the problem as it was given: limit is the goal where inverse,
 * else the capacity. A goal must be <= top_gain. */
int crx_mckp_solve(const struct crx_mckp *m, uint64_t limit, uint32_t *choice,
		   struct crx_knapsack_result *out, struct crx_err *err) CRX_MUST_CHECK;

/*
 * Exact improvement: pos, a choice of items that gains *gain, becomes a better
 * one if there is any. *proven: there is none better than what it is now.
 */
int crx_mckp_core(const struct crx_mckp *m, uint64_t capacity, uint32_t *pos, uint64_t *gain,
		  bool *proven, struct crx_err *err) CRX_MUST_CHECK;

#endif
