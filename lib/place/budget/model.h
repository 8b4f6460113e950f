/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From candidates to numbers and back. Internal to budget.
 *
 * A group of the knapsack is a candidate of a table's first file; the other
 * files of the table follow it. Its options are prefixes. Where candidates of
 * a file overlap, a page is the business of the one that begins last: then any
 * set of pages that prefixes can make is still one choice, and each counts once.
 * Only a mapping that is all or nothing gains by pages of another as well.
 */
#ifndef CRX_BUDGET_MODEL_H
#define CRX_BUDGET_MODEL_H

#include "place/budget/budget.h"
#include "place/budget/mckp.h"

struct crx_budget_group {
	uint32_t cand;             /* into wishes.cand */
	uint32_t own_pg;           /* pages from its first one on that are its business */
	bool joins;                /* the next group begins right behind those, and overlaps it */
	uint32_t first_opt, nopts; /* into k, est, low */
};

/* A table that another, of an equal file with other candidates, may stand for. */
enum crx_budget_loose {
	CRX_NOT_LOOSE,
	CRX_LOOSE,
	CRX_LOOSE_OF_MUST /* the other is in place with the musts */
};

struct crx_budget_model {
	const struct crx_facts *f;
	const struct crx_heat *heat;
	const struct crx_packed *slots;
	const struct crx_budget_measure *measure;
	struct crx_wishes *w;
	bool dedupe;
	bool count_hot; /* a page gains 1 if it is hot; otherwise its count */

	uint32_t *leader; /* for each file: the first of its table, with everything in place */
	uint8_t *loose;   /* for each file: enum crx_budget_loose */
	uint8_t *must;    /* for each candidate of a leader: of some file of the table */
	uint8_t *base;    /* for each block of a leader: in place with the musts alone */
	uint32_t *count;  /* for each block of a leader: how hot, all files of the table together */

	struct crx_budget_group *group; /* by file, then by first page */
	size_t ngroups, group_cap;

	uint32_t *pages;        /* for each option: how long the prefix is */
	struct crx_option *est; /* as it will be, about */
	struct crx_option *low; /* costs no more than it will be */
	size_t nopts, opt_cap[3];
	struct crx_group *est_group, *low_group;
	uint64_t low_extra; /* for the bound: bytes that pages in place might set free */
};

/* What came of a choice. */
struct crx_budget_outcome {
	uint64_t image_size;
	uint64_t used;             /* image_size without padding */
	uint64_t gain, hot, pages; /* in place */
};

int crx_budget_model(struct crx_budget_model *m, struct crx_err *err) CRX_MUST_CHECK;
void crx_budget_model_free(struct crx_budget_model *m);

/* Its parts: leader and loose; the options and what they cost. */
int crx_budget_leaders(struct crx_budget_model *m, struct crx_err *err) CRX_MUST_CHECK;
int crx_budget_costs(struct crx_budget_model *m, struct crx_err *err) CRX_MUST_CHECK;

/* Is page pg of the file one that can be in a run? How much does it gain? */
bool crx_budget_page_runs(const struct crx_budget_model *m, size_t file, uint32_t pg);
uint64_t crx_budget_page_gain(const struct crx_budget_model *m, uint32_t blk);

/* Into the wishes, settled: an option for each group (0: none), or NULL for the
 * musts alone; or everything. */
int crx_budget_apply(struct crx_budget_model *m, const uint32_t *choice, struct crx_err *err)
	CRX_MUST_CHECK;
int crx_budget_apply_all(struct crx_budget_model *m, struct crx_err *err) CRX_MUST_CHECK;

/* What the wishes come to, as they are. */
int crx_budget_look(struct crx_budget_model *m, struct crx_budget_outcome *out, struct crx_err *err)
	CRX_MUST_CHECK;

static inline int crx_budget_try(struct crx_budget_model *m, const uint32_t *choice,
				 struct crx_budget_outcome *out, struct crx_err *err)
{
	int ret = crx_budget_apply(m, choice, err);

	return ret ? ret : crx_budget_look(m, out, err);
}

/*
 * The choice that gains most in an image of at most limit bytes; base is the
 * outcome of the musts alone, which fit. best: one option for each group.
 */
int crx_budget_fit(struct crx_budget_model *m, const struct crx_mckp *est,
		   const struct crx_budget_outcome *base, uint64_t limit, uint32_t *best,
		   struct crx_budget_outcome *out, struct crx_err *err) CRX_MUST_CHECK;

/* More of the same: what still fits beyond a choice and its outcome. */
int crx_budget_extend(struct crx_budget_model *m, uint64_t limit, uint32_t *best,
		      struct crx_budget_outcome *out, struct crx_err *err) CRX_MUST_CHECK;

/* The choice that costs least with at least goal hot pages in place; there is one. */
int crx_budget_reach(struct crx_budget_model *m, const struct crx_budget_outcome *base,
		     uint64_t goal, uint32_t *best, struct crx_budget_outcome *out,
		     struct crx_err *err) CRX_MUST_CHECK;

/* What to tell: the steps beyond a choice; the curve. */
int crx_budget_tell_missed(const struct crx_budget_model *m, const struct crx_mckp *est,
			   const uint32_t *choice, struct crx_budget *out, struct crx_err *err)
	CRX_MUST_CHECK;
int crx_budget_tell_curve(struct crx_budget_model *m, const struct crx_mckp *est,
			  const struct crx_budget_outcome *base,
			  const struct crx_budget_outcome *all, struct crx_budget *out,
			  struct crx_err *err) CRX_MUST_CHECK;

#endif
