/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which prefix of each candidate goes in place, so that the most RAM is saved
 * in a flash of a given size, or a given amount of RAM with the least flash.
 *
 * A multiple-choice knapsack: for each candidate one of its prefixes, gain
 * by the profile's counts, cost by compressed sizes. What is chosen is measured
 * by a real plan and layout, never by the model alone.
 */
#ifndef CRX_BUDGET_BUDGET_H
#define CRX_BUDGET_BUDGET_H

#include "pack/pack.h"
#include "wishes/profile/profile.h"

struct crx_budget_opts {
	uint64_t flash_len; /* the image is to have no more bytes; 0: no limit */
	uint64_t ram_len; /* at least so many bytes of RAM are to be saved, with the least flash; 0:
			     no goal */
	bool dedupe;      /* equal files share a table, so that they count once */
	bool curve;       /* fill point */
};

/*
 * The size of the image with the wishes as they are settled, and how much of
 * it is padding in front of the runs, or where there are none, at the end.
 * Deterministic. An image that is too large for cramfs has a size all the
 * same: not everything that is measured will be built.
 */
struct crx_budget_measure {
	int (*size)(void *ctx, const struct crx_wishes *w, uint64_t *image_size, uint64_t *padding,
		    struct crx_err *err);
	void *ctx;
};

/* A step beyond what was chosen: more pages of one candidate. */
struct crx_budget_step {
	uint32_t cand;          /* into wishes.cand */
	uint32_t first_pg, npg; /* file pages that would come in place */
	uint64_t ram_pages;     /* hot ones among them */
	uint64_t flash_len;     /* bytes of flash, about */
};

struct crx_budget_point {
	uint64_t image_size, ram_len;
	uint64_t pages; /* in place, hot or not */
};

enum { CRX_BUDGET_STEPS = 5, CRX_BUDGET_NEXT_LEN = 65536 };

struct crx_budget {
	uint64_t image_size; /* as measured */
	uint64_t ram_len; /* bytes of RAM saved: hot pages in place (every page in place where there
			     is no profile) */
	uint64_t ram_len_max; /* with all candidates in place */
	uint64_t least_size,
		most_size; /* the image with nothing but the musts in place, and with all */
	uint64_t gain,
		bound; /* sum of counts in place, and the most there can be, by the relaxation; for
			  a RAM goal: bytes of flash, and the least there can be */
	double gap;    /* how far apart: 0.004 is 0.4 % */
	struct crx_budget_step missed[CRX_BUDGET_STEPS]; /* what just missed, the nearest first */
	size_t nmissed;
	uint64_t next_ram_len; /* RAM that CRX_BUDGET_NEXT_LEN bytes of flash more would save */
	uint64_t next_pages;
	struct crx_budget_point *point; /* curve: by image size ascending, RAM never descending; the
					   musts alone come first, all candidates last */
	size_t npoints;
};

/*
 * Sets chosen_pg of every candidate and settles the wishes. slots must hold a
 * slot for every candidate page (crx_pack_opts.candidates). CRX_EBIG where
 * even the musts alone do not fit, or all candidates together miss the goal.
 * With both a limit and a goal, the goal is met with the least flash; CRX_EBIG
 * if that is too much. With neither, everything that is hot is chosen (for the
 * curve). Files that share a table have one heat: what is hot in one is hot.
 * measure is called some 20 times, with the curve 100 times at most. w is left
 * anyhow on failure.
 */
int crx_budget_choose(const struct crx_facts *f, const struct crx_heat *heat,
		      const struct crx_packed *slots, const struct crx_budget_opts *o,
		      const struct crx_budget_measure *m, struct crx_wishes *w,
		      struct crx_budget *out, struct crx_err *err) CRX_MUST_CHECK;
void crx_budget_free(struct crx_budget *b);

#endif
