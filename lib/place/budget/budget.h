/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How many leading pages of each candidate go in place, so that an image of a
 * given size saves the most RAM, or the smallest image saves a given amount.
 *
 * This is a multiple-choice knapsack problem: of each candidate one prefix is
 * taken, which gains the profile's counts of its pages and costs what they take
 * beyond their compressed size. The costs of single prefixes only guide the
 * search. What is chosen has been measured by a real plan and layout.
 * doc/budget.md explains the method and what it was compared with.
 */
#ifndef CRX_BUDGET_BUDGET_H
#define CRX_BUDGET_BUDGET_H

#include "pack/pack.h"
#include "wishes/profile/profile.h"

struct crx_budget_opts {
	uint64_t flash_len; /* the largest image allowed; 0: no limit */
	uint64_t ram_len;   /* RAM to save, with the least flash; 0: no goal */
	bool dedupe;        /* equal blocks are stored once */
	bool curve;         /* fill point */
};

/*
 * size() gives the size of the image with these settled wishes, and how much of
 * it is padding before the runs, or at the end if there are none. It must be
 * deterministic. An image that is too large for cramfs has a size as well: not
 * everything that is measured will be built.
 */
struct crx_budget_measure {
	int (*size)(void *ctx, const struct crx_wishes *w, uint64_t *image_size, uint64_t *padding,
		    struct crx_err *err);
	void *ctx;
};

struct crx_budget_input {
	const struct crx_facts *facts;
	const struct crx_heat *heat;
	const struct crx_packed *slots; /* with candidates (crx_pack_opts) */
	struct crx_budget_measure measure;
	/* for each of facts.blk: is it in place in an old image? Then it stays so, if it fits,
	 * whatever it gains. Without effect on a RAM goal. NULL: there is none. */
	const uint8_t *kept;
};

/* A step beyond the choice: more pages of one candidate. */
struct crx_budget_step {
	uint32_t cand;          /* into wishes.cand */
	uint32_t first_pg, npg; /* file pages that would come in place */
	uint64_t ram_pages;     /* those of them that were used */
	uint64_t flash_len;     /* bytes of flash, approximately */
};

struct crx_budget_point {
	uint64_t image_size, ram_len;
	uint64_t pages; /* in place, used or not */
};

enum { CRX_BUDGET_STEPS = 5, CRX_BUDGET_NEXT_LEN = 65536 };

struct crx_budget {
	uint64_t image_size; /* as measured */
	uint64_t ram_len; /* RAM saved: used pages in place (without a profile, all pages in place)
			   */
	uint64_t pages, least_pages; /* in place: of the choice, of the musts */
	uint64_t ram_len_max;        /* with all candidates in place */
	uint64_t least_size;         /* of the image with only the musts in place */
	uint64_t most_size;          /* of the image with all candidates in place */
	/* How good the choice is. gain: the sum of the counts of pages in place;
	 * bound: no choice gains more. With a RAM goal: the size of the image,
	 * and no image that meets the goal is smaller. */
	uint64_t gain, bound;
	double gap; /* between the two, as a part of bound: 0.004 is 0.4 % */
	struct crx_budget_step missed[CRX_BUDGET_STEPS]; /* the most gain for the cost first */
	size_t nmissed;
	uint64_t next_ram_len; /* what CRX_BUDGET_NEXT_LEN more bytes of flash would save, */
	uint64_t next_pages;   /* and with how many more pages */
	struct crx_budget_point *point; /* the curve: sizes ascend, RAM does not descend; */
	size_t npoints;                 /* from the musts alone to all candidates */
};

/*
 * Sets chosen_pg of every candidate and settles the wishes. CRX_EBIG if the
 * image is too large even with only the musts in place (least_size and
 * least_pages are known then), or if all candidates together save less than
 * the goal. With both a limit and a goal, the goal is
 * met with the least flash; CRX_EBIG if that exceeds the limit. With neither,
 * all used pages are chosen. Files that share a table are one choice: a page
 * that is used in one of them is used. Calls measure about 10 times, and with
 * the curve at most 100 times. On failure, w is left in an undefined state.
 * The caller frees out in any case.
 */
int crx_budget_choose(const struct crx_budget_input *in, const struct crx_budget_opts *o,
		      struct crx_wishes *w, struct crx_budget *out, struct crx_err *err)
	CRX_MUST_CHECK;
void crx_budget_free(struct crx_budget *b);

#endif
