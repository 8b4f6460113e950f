/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From candidates to a knapsack and back. Private to budget.
 *
 * A group of the knapsack is a candidate of a table's first file, the leader;
 * the candidates of the table's other files follow it. Its options are prefixes.
 * Where candidates of a file overlap, a page belongs to the group that begins
 * last. Then each set of pages that prefixes can make is still one choice, and
 * each page counts once. Only a mapping that is all or nothing (a unit) also
 * counts pages that belong to another group.
 *
 * An option never costs more than the image grows by it. So the knapsack's
 * bound, with slack bytes more room, holds for real images.
 */
#ifndef CRX_BUDGET_MODEL_H
#define CRX_BUDGET_MODEL_H

#include "format/rules.h"
#include "place/budget/budget.h"
#include "place/budget/knapsack.h"

/* The most bytes that a direct pointer can cost: 2 of length, 3 of alignment, 3 of
 * rounding after it, and 11 of stored deflate. */
enum { CRX_BUDGET_DIRECT_MAX_LEN = 2 + 3 + 3 + 11 };

struct crx_budget_group {
	uint32_t cand;             /* into wishes.cand */
	uint32_t own_pg;           /* pages that belong to it, from its first one on */
	bool joins;                /* the next group overlaps it, and begins right after these */
	uint32_t first_opt, nopts; /* into prefix_pg and option */
};

struct crx_budget_model {
	const struct crx_facts *f;
	const struct crx_budget_input *in;
	struct crx_wishes *w;
	bool dedupe;
	bool count_pages; /* a used page gains 1, not its count */

	uint32_t *leader; /* for each file: the first one of its table */
	uint8_t *must;    /* for each candidate of a leader: a must of some file of the table */
	uint8_t *base;    /* for each block of a leader: in place with only the musts */
	uint32_t *count;  /* for each block of a leader: the highest of all files of the table */

	struct crx_budget_group *group; /* by file, then by first page */
	size_t ngroups;
	uint32_t *prefix_pg; /* for each option: pages from the candidate's first on */
	struct crx_knapsack_option *option;
	size_t nopts, prefix_cap, option_cap;
	uint64_t slack; /* bytes that pages in place might free beyond what options cost */
};

int crx_budget_model_init(struct crx_budget_model *m, struct crx_err *err) CRX_MUST_CHECK;
void crx_budget_model_free(struct crx_budget_model *m);

/* Finds leaders, and adds to slack. */
int crx_budget_find_tables(struct crx_budget_model *m, struct crx_err *err) CRX_MUST_CHECK;

/* Adds the options of all groups, and to slack. */
int crx_budget_add_options(struct crx_budget_model *m, struct crx_err *err) CRX_MUST_CHECK;

/* The knapsack of what can be added to the choice taken[]: its option j of a group
 * is option taken[g] + j. */
int crx_budget_fill_knapsack(const struct crx_budget_model *m, const uint32_t *taken,
			     struct crx_knapsack *k, struct crx_err *err) CRX_MUST_CHECK;

static inline uint32_t crx_budget_first_blk(const struct crx_budget_model *m,
					    const struct crx_budget_group *g)
{
	const struct crx_candidate *c = &m->w->cand[g->cand];

	return m->f->file[c->file].first_blk + c->first_pg;
}

/* Pages that option i of a group puts in place; 0: none. */
static inline uint32_t crx_budget_prefix_pg(const struct crx_budget_model *m,
					    const struct crx_budget_group *g, uint32_t i)
{
	return i ? m->prefix_pg[g->first_opt + i - 1] : 0;
}

/* Can page pg of the file be part of a run? */
static inline bool crx_budget_is_runnable(const struct crx_budget_model *m, size_t file,
					  uint32_t pg)
{
	const struct crx_file_fact *f = &m->f->file[file];

	return pg < f->nblks &&
	       crx_format_may_be_direct_uncompressed(f->node->size, m->f->page_size, pg);
}

/* Does page pg of the group, from its first one on, come in place with the group? */
static inline bool crx_budget_adds_page(const struct crx_budget_model *m,
					const struct crx_budget_group *g, uint32_t pg)
{
	const struct crx_candidate *c = &m->w->cand[g->cand];

	return crx_budget_is_runnable(m, c->file, c->first_pg + pg) &&
	       !m->base[crx_budget_first_blk(m, g) + pg];
}

/* More than any count: of a file's pages, all together gain less than 2^40. */
#define CRX_BUDGET_KEPT_GAIN (UINT64_C(1) << 27)

static inline uint64_t crx_budget_page_gain(const struct crx_budget_model *m, uint32_t blk)
{
	if (m->count_pages)
		return m->count[blk] > 0;
	return m->count[blk] + (m->in->kept && m->in->kept[blk] ? CRX_BUDGET_KEPT_GAIN : 0);
}

static inline uint64_t crx_budget_minus(uint64_t a, uint64_t b)
{
	return a > b ? a - b : 0;
}

#endif
