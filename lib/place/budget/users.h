/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who holds which bytes, and what lies in front of what, with nothing but the
 * musts in place. Internal to budget's costs.
 */
#ifndef CRX_BUDGET_USERS_H
#define CRX_BUDGET_USERS_H

#include "place/budget/model.h"

struct crx_budget_users {
	struct crx_budget_model *m;
	bool wrappable;      /* any block can have a direct pointer */
	uint32_t *users;     /* by representative: blocks that take bytes and are not in place */
	uint32_t *in_groups; /* of those, pages that may be in place */
	uint32_t *groups;    /* groups that have such pages */
	uint8_t *last;       /* for each block: the last page of its group that holds these bytes */
	uint32_t *before;    /* for each block: the one in front, holes and what is behind a run of
				the musts passed over; CRX_NO_BLOCK at the file's beginning */
	uint8_t *mixed;      /* for each file: holds shared blocks */
	uint32_t *mark;      /* while counting: 1 + the last group seen */
};

/* Needs everything of the model but the options. Free it in any case. */
int crx_budget_count_users(struct crx_budget_model *m, struct crx_budget_users *out,
			   struct crx_err *err) CRX_MUST_CHECK;
void crx_budget_free_users(struct crx_budget_users *c);

static inline const struct crx_slot *crx_budget_slot(const struct crx_budget_model *m, uint32_t b)
{
	return &m->slots->slot[m->f->blk[b].same];
}

static inline bool crx_budget_is_hole(const struct crx_budget_model *m, uint32_t b)
{
	return m->f->blk[b].zero && crx_budget_slot(m, b)->state == CRX_SLOT_NONE;
}

static inline uint32_t crx_budget_first_blk(const struct crx_budget_model *m,
					    const struct crx_budget_group *g)
{
	const struct crx_candidate *c = &m->w->cand[g->cand];

	return m->f->file[c->file].first_blk + c->first_pg;
}

/* Is page pg of the group (from its first on) one that it would bring in place? */
bool crx_budget_brings(const struct crx_budget_model *m, const struct crx_budget_group *g,
		       uint32_t pg);

/* May these bytes be stored once for several? */
bool crx_budget_is_shared(const struct crx_budget_users *c, uint32_t b);

#endif
