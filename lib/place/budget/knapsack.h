/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The multiple-choice knapsack problem, as numbers. Pure.
 *
 * Of each group one option is taken. Option 0 of every group costs and gains
 * nothing; the others have any cost and gain from 0 to 2^40 - 1, in any order
 * (CRX_ELIMIT otherwise). The same input always has the same answer, lower
 * groups first among equals. It is found by exact search over as few groups as
 * it takes. The work spent on that is limited, to some hundredths of a second;
 * what could not be proven by then is near the bound.
 */
#ifndef CRX_BUDGET_KNAPSACK_H
#define CRX_BUDGET_KNAPSACK_H

#include "base/err.h"

struct crx_option {
	uint64_t cost, gain;
};

struct crx_group {
	const struct crx_option *option; /* behind the implied option 0 */
	uint32_t noptions;
};

struct crx_knapsack_result {
	uint64_t cost, gain;
	uint64_t bound; /* no choice of options gains more (cost no less, for the inverse) */
	bool optimal;   /* proven */
};

/* The most gain for at most capacity. choice[g]: 0, or 1 + index of the option. */
int crx_knapsack(const struct crx_group *group, size_t ngroups, uint64_t capacity, uint32_t *choice,
		 struct crx_knapsack_result *out, struct crx_err *err) CRX_MUST_CHECK;

/* The least cost for at least goal; CRX_EBIG where all together gain less. */
int crx_knapsack_inverse(const struct crx_group *group, size_t ngroups, uint64_t goal,
			 uint32_t *choice, struct crx_knapsack_result *out, struct crx_err *err)
	CRX_MUST_CHECK;

#endif
