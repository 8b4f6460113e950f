/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The model's choice, and then the truth: alignment, headers and sharing make
 * an image a little larger or smaller than the model has it. By that much the
 * capacity is corrected, and the model asked again.
 */
#include "config.h"
#include "place/budget/model.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum {
	TRIES = 12,
	FILL_TRIES = 48,
	FILL_FAILURES = 12,
	FILL_SLACK = 4 /* what the model may be wrong by for one step */
};

static bool better(const struct crx_budget_outcome *a, const struct crx_budget_outcome *b)
{
	return a->gain != b->gain ? a->gain > b->gain : a->used < b->used;
}

struct fit {
	struct crx_budget_model *m;
	uint64_t limit;
	uint32_t *choice; /* being tried */
	uint32_t *best;
	struct crx_budget_outcome *out; /* of the best */
	uint8_t *tried;
};

/* Try the choice; keep it if it fits and is better. */
static int try_choice(struct fit *f, struct crx_budget_outcome *o, struct crx_err *err)
{
	int ret = crx_budget_try(f->m, f->choice, o, err);

	if (!ret && o->image_size <= f->limit && better(o, f->out)) {
		*f->out = *o;
		memcpy(f->best, f->choice, f->m->ngroups * sizeof(*f->best));
	}
	return ret;
}

/* The last option of each group. */
static void take_all(const struct crx_budget_model *m, uint32_t *choice)
{
	size_t i;

	for (i = 0; i < m->ngroups; i++)
		choice[i] = m->group[i].nopts;
}

/* Capacities are tried between the largest that fits and the smallest that does not. */
static int adjust(struct fit *f, const struct crx_mckp *est, const struct crx_budget_outcome *base,
		  struct crx_err *err)
{
	int64_t room = (int64_t)(f->limit - base->used), capacity = room, fits = -1,
		fails = INT64_MAX;
	struct crx_knapsack_result r;
	struct crx_budget_outcome o;
	int i, ret;

	take_all(f->m, f->choice);
	ret = try_choice(f, &o, err);
	if (ret || o.image_size <= f->limit)
		return ret;
	for (i = 0; i < TRIES && capacity >= 0; i++) {
		ret = crx_mckp_solve(est, (uint64_t)capacity, f->choice, &r, err);
		if (!ret)
			ret = try_choice(f, &o, err);
		if (ret < 0)
			return ret;
		if (o.image_size <= f->limit)
			fits = capacity;
		else
			fails = capacity;
		/* what it really took more than the model says */
		capacity = room - ((int64_t)(o.used - base->used) - (int64_t)r.cost);
		/* far off again and again: blocks that are shared by many */
		if (fits < 0 && i >= 3 && capacity > fails / 4 * 3)
			capacity = fails / 4 * 3;
		if (capacity > fits && capacity < fails)
			continue;
		/* that has been tried: halfway between */
		if (fails == INT64_MAX || fails - fits <= (int64_t)f->m->f->page_size)
			break;
		capacity = fits + (fails - fits) / 2;
	}
	return 0;
}

/* The option of each group that gains most within room, and of all groups the most. */
static size_t next_fill(const struct fit *f, uint64_t room, uint32_t *option)
{
	const struct crx_budget_model *m = f->m;
	uint64_t most = 0, cost = 0;
	size_t best = SIZE_MAX, i;
	uint32_t j;

	for (i = 0; i < m->ngroups; i++) {
		const struct crx_group *g = &m->est_group[i];
		struct crx_option now =
			f->best[i] ? g->option[f->best[i] - 1] : (struct crx_option){ 0, 0 };

		for (j = 0; j < g->noptions && !f->tried[i]; j++) {
			const struct crx_option *o = &g->option[j];

			if (o->gain <= now.gain ||
			    (o->cost > now.cost && o->cost - now.cost > room + FILL_SLACK))
				continue;
			if (o->gain - now.gain > most ||
			    (o->gain - now.gain == most && best != SIZE_MAX &&
			     o->cost < now.cost + cost)) {
				most = o->gain - now.gain;
				cost = o->cost > now.cost ? o->cost - now.cost : 0;
				best = i;
				*option = j + 1;
			}
		}
	}
	return best;
}

static int fill(struct fit *f, struct crx_err *err)
{
	struct crx_budget_outcome o;
	uint32_t option = 0;
	size_t g;
	int i, failures = 0, ret;

	for (i = 0; i < FILL_TRIES && failures < FILL_FAILURES; i++) {
		g = next_fill(f, f->limit - f->out->used, &option);
		if (g == SIZE_MAX)
			break;
		f->tried[g] = 1;
		memcpy(f->choice, f->best, f->m->ngroups * sizeof(*f->best));
		f->choice[g] = option;
		ret = try_choice(f, &o, err);
		if (ret < 0)
			return ret;
		if (f->best[g] == option)
			f->tried[g] = 0; /* it may take more still */
		else
			failures++;
	}
	return 0;
}

int crx_budget_extend(struct crx_budget_model *m, uint64_t limit, uint32_t *best,
		      struct crx_budget_outcome *out, struct crx_err *err)
{
	struct fit f = { .m = m, .limit = limit, .best = best, .out = out };
	int ret;

	f.choice = crx_alloc(m->ngroups, sizeof(*f.choice));
	f.tried = crx_zalloc(m->ngroups, 1);
	ret = f.choice && f.tried ? fill(&f, err) : crx_err_nomem(err, "weighing choices");
	free(f.choice);
	free(f.tried);
	return ret;
}

int crx_budget_fit(struct crx_budget_model *m, const struct crx_mckp *est,
		   const struct crx_budget_outcome *base, uint64_t limit, uint32_t *best,
		   struct crx_budget_outcome *out, struct crx_err *err)
{
	struct fit f = { .m = m, .limit = limit, .best = best, .out = out };
	int ret;

	f.choice = crx_alloc(m->ngroups, sizeof(*f.choice));
	*out = *base;
	memset(best, 0, m->ngroups * sizeof(*best));
	ret = f.choice ? adjust(&f, est, base, err) : crx_err_nomem(err, "weighing choices");
	free(f.choice);
	return ret ? ret : crx_budget_extend(m, limit, best, out, err);
}

int crx_budget_reach(struct crx_budget_model *m, const struct crx_budget_outcome *base,
		     uint64_t goal, uint32_t *best, struct crx_budget_outcome *out,
		     struct crx_err *err)
{
	struct crx_knapsack_result r;
	uint64_t want = goal > base->hot ? goal - base->hot : 0;
	struct crx_mckp est;
	int ret, i;

	ret = crx_mckp_init(&est, m->est_group, m->ngroups, true, err);
	for (i = 0; i < TRIES && !ret; i++) {
		if (want > est.top_gain || i == TRIES - 1)
			take_all(m, best);
		else
			ret = crx_mckp_solve(&est, want, best, &r, err);
		if (!ret)
			ret = crx_budget_try(m, best, out, err);
		if (ret || out->hot >= goal || want > est.top_gain)
			break;
		/* pages that two mappings hold count for both in the model */
		want += goal - out->hot;
	}
	crx_mckp_free(&est);
	return ret;
}
