/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The multiple-choice knapsack problem, in numbers. Pure, and private to budget.
 *
 * Of each group one option is taken. Option 0 costs and gains nothing; the
 * others have any cost and gain from 0 to 2^40 - 1, in any order. There are at
 * most 2^22 groups and 2^32 - 1 options with options 0, so sums stay below 2^62.
 * The same input always has the same answer; among equals, lower groups come first.
 */
#ifndef CRX_BUDGET_KNAPSACK_H
#define CRX_BUDGET_KNAPSACK_H

#include "base/err.h"

struct crx_knapsack_option {
	uint64_t cost, gain;
};

struct crx_knapsack_group {
	const struct crx_knapsack_option *option; /* after the implied option 0 */
	uint32_t noptions;
};

/* An option that no other of its group dominates. */
struct crx_knapsack_item {
	uint64_t cost, gain;
	uint32_t group;
	uint32_t option; /* 0, or 1 + index of the group's option */
};

/* From one corner of a group's convex hull to the next: the most gain for the cost. */
struct crx_knapsack_step {
	uint64_t cost, gain; /* added; cost > 0 */
	uint32_t group;
	uint32_t from, to; /* into item */
};

struct crx_knapsack {
	struct crx_knapsack_item *item; /* by group; both cost and gain ascend */
	uint32_t *first;                /* each group's first item, which costs 0; one more entry */
	size_t ngroups, nitems;
	struct crx_knapsack_step *step; /* most gain for the cost first; a group's in their order */
	size_t nsteps;
	uint64_t base_gain; /* of the first items */
};

/* The caller frees k in any case. The groups are not needed afterwards. */
int crx_knapsack_init(struct crx_knapsack *k, const struct crx_knapsack_group *group,
		      size_t ngroups, struct crx_err *err) CRX_MUST_CHECK;
void crx_knapsack_free(struct crx_knapsack *k);

struct crx_knapsack_result {
	uint64_t cost, gain;
	uint64_t bound; /* no choice gains more; gain itself, if that is proven */
};

/*
 * The most gain for a cost of at most capacity. choice[g] becomes 0 or 1 + index of
 * the option. The work is limited, to some hundredths of a second. What could not be
 * proven by then is close to the bound.
 */
int crx_knapsack_solve(const struct crx_knapsack *k, uint64_t capacity, uint32_t *choice,
		       struct crx_knapsack_result *out, struct crx_err *err) CRX_MUST_CHECK;

/* The linear relaxation: steps in their order until one does not fit. */
struct crx_knapsack_relaxed {
	uint64_t cost, gain; /* of the whole steps, with base_gain */
	uint64_t bound;      /* with as much of the next step as fits, rounded down */
	size_t split;        /* the step that does not fit; nsteps if all do */
};

/* pos[g]: the item of each group after the whole steps. */
struct crx_knapsack_relaxed crx_knapsack_relax(const struct crx_knapsack *k, uint64_t capacity,
					       uint32_t *pos);

/* Replaces pos, a choice of items that gains *gain, by a better one if there is
 * one. *proven: none is better than what it is now. */
int crx_knapsack_improve(const struct crx_knapsack *k, uint64_t capacity, uint32_t *pos,
			 uint64_t *gain, bool *proven, struct crx_err *err) CRX_MUST_CHECK;

#endif
