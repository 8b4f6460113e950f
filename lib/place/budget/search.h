/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Choices, what they come to, and the search for the best one. Private to budget.
 */
#ifndef CRX_BUDGET_SEARCH_H
#define CRX_BUDGET_SEARCH_H

#include "place/budget/model.h"

/* One option for each group (0: none), and what was measured with it. */
struct crx_budget_choice {
	uint32_t *option;
	uint64_t image_size;
	uint64_t unpadded_len; /* image_size without padding */
	uint64_t gain;         /* of the pages in place */
	uint64_t pages, used_pages;
};

/* With no option taken. To be freed in any case. */
int crx_budget_choice_init(struct crx_budget_choice *c, const struct crx_budget_model *m,
			   struct crx_err *err) CRX_MUST_CHECK;
void crx_budget_choice_free(struct crx_budget_choice *c);
void crx_budget_choice_copy(struct crx_budget_choice *to, const struct crx_budget_choice *from,
			    const struct crx_budget_model *m);

/* Puts a choice into the wishes, beside the musts, and settles them. */
int crx_budget_apply(struct crx_budget_model *m, const uint32_t *option, struct crx_err *err)
	CRX_MUST_CHECK;

/* Applies a choice and measures it; all: every candidate instead. */
int crx_budget_measure(struct crx_budget_model *m, struct crx_budget_choice *c, struct crx_err *err)
	CRX_MUST_CHECK;
int crx_budget_measure_all(struct crx_budget_model *m, struct crx_budget_choice *all,
			   struct crx_err *err) CRX_MUST_CHECK;

struct crx_budget_search {
	struct crx_budget_model *m;
	const struct crx_knapsack *k;          /* what can be added to start */
	const struct crx_budget_choice *start; /* as measured */
	uint64_t bound;                        /* see below; by the costs of options */
};

/* The most gain in an image of at most limit bytes, into which start fits. No
 * addition that fits gains more than bound. */
int crx_budget_search_flash(struct crx_budget_search *s, uint64_t limit,
			    struct crx_budget_choice *best, struct crx_err *err) CRX_MUST_CHECK;

/* The least flash with at least goal used pages in place, with count_pages. All
 * candidates together have as many. No addition that meets the goal costs less
 * than bound. */
int crx_budget_search_ram(struct crx_budget_search *s, uint64_t goal,
			  struct crx_budget_choice *best, struct crx_err *err) CRX_MUST_CHECK;

/* Fills missed of the result, with the first steps of k, which has the
 * additions to the choice. */
void crx_budget_report_missed(const struct crx_budget_model *m, const struct crx_knapsack *k,
			      const struct crx_budget_choice *c, struct crx_budget *out);

/* Fills point of the result. k has the additions to musts. */
int crx_budget_report_curve(struct crx_budget_model *m, const struct crx_knapsack *k,
			    const struct crx_budget_choice *musts,
			    const struct crx_budget_choice *all, struct crx_budget *out,
			    struct crx_err *err) CRX_MUST_CHECK;

#endif
