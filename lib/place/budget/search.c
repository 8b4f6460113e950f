/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The knapsack proposes, and plan and layout measure. Alignment, direct pointers
 * and sharing make an image a little larger than the options' costs say. The
 * capacity is corrected by the difference, and the knapsack is asked again.
 */
#include "config.h"
#include "place/budget/search.h"

enum {
	TRIES = 20,
	CORRECTIONS = 4, /* then the interval is halved instead */
	NEAR_LEN = 512   /* capacities this close to each other are not worth a try */
};

/* Solves the knapsack, and measures the answer together with start. */
static int try_capacity(const struct crx_budget_search *s, uint64_t capacity,
			struct crx_knapsack_result *r, struct crx_budget_choice *c,
			struct crx_err *err)
{
	int ret = crx_knapsack_solve(s->k, capacity, c->option, r, err);
	size_t g;

	for (g = 0; g < s->m->ngroups && !ret; g++)
		c->option[g] += s->start->option[g];
	return ret ? ret : crx_budget_measure(s->m, c, err);
}

static bool is_better(const struct crx_budget_choice *a, const struct crx_budget_choice *b)
{
	return a->gain != b->gain ? a->gain > b->gain : a->unpadded_len < b->unpadded_len;
}

/* Tries capacities between the largest that fits and the smallest that does not. The
 * first one is the bound's, as the costs are at most too low and slack covers the rest. */
static int narrow_capacity(struct crx_budget_search *s, uint64_t limit,
			   struct crx_budget_choice *trial, struct crx_budget_choice *best,
			   struct crx_err *err)
{
	int64_t room = (int64_t)(limit - s->start->unpadded_len);
	int64_t capacity = room + (int64_t)s->m->slack, fits = -1, fails = capacity + 1;
	struct crx_knapsack_result r;
	int i, ret;

	for (i = 0; i < TRIES && capacity >= 0; i++) {
		ret = try_capacity(s, (uint64_t)capacity, &r, trial, err);
		if (ret < 0)
			return ret;
		if (!i)
			s->bound = r.bound;
		if (trial->image_size > limit) {
			fails = capacity;
		} else {
			fits = capacity;
			if (is_better(trial, best))
				crx_budget_choice_copy(best, trial, s->m);
		}
		if (best->gain >= s->start->gain + s->bound)
			break;
		capacity = room - ((int64_t)(trial->unpadded_len - s->start->unpadded_len) -
				   (int64_t)r.cost);
		if (i < CORRECTIONS && capacity > fits && capacity < fails)
			continue;
		if (fails - fits <= NEAR_LEN)
			break;
		capacity = fits + (fails - fits) / 2;
	}
	return 0;
}

int crx_budget_search_flash(struct crx_budget_search *s, uint64_t limit,
			    struct crx_budget_choice *best, struct crx_err *err)
{
	struct crx_budget_choice trial;
	int ret = crx_budget_choice_init(&trial, s->m, err);

	crx_budget_choice_copy(best, s->start, s->m);
	if (!ret)
		ret = narrow_capacity(s, limit, &trial, best, err);
	crx_budget_choice_free(&trial);
	return ret;
}

/*
 * The least capacity for which the knapsack gains want, to within NEAR_LEN; if all gain
 * less, the capacity for all. It is within the step in which the relaxation reaches
 * want. *bound: no choice that gains want costs less.
 */
static int find_capacity(const struct crx_budget_search *s, uint64_t want, uint32_t *option,
			 uint64_t *capacity, uint64_t *bound, struct crx_err *err)
{
	const struct crx_knapsack *k = s->k;
	uint64_t gain = k->base_gain, least, middle;
	struct crx_knapsack_result r;
	size_t i;
	int ret;

	*bound = *capacity = 0;
	for (i = 0; i < k->nsteps && gain < want; i++) {
		*bound = *capacity;
		*capacity += k->step[i].cost;
		gain += k->step[i].gain;
	}
	for (least = *bound; *capacity > least + NEAR_LEN;) {
		middle = least + (*capacity - least) / 2;
		ret = crx_knapsack_solve(k, middle, option, &r, err);
		if (ret < 0)
			return ret;
		if (r.bound < want)
			*bound = middle + 1;
		if (r.gain < want)
			least = middle + 1;
		else
			*capacity = r.cost;
	}
	return 0;
}

int crx_budget_search_ram(struct crx_budget_search *s, uint64_t goal,
			  struct crx_budget_choice *best, struct crx_err *err)
{
	uint64_t want = crx_budget_minus(goal, s->start->used_pages), capacity, bound;
	struct crx_knapsack_result r;
	int i, ret;

	for (i = 1;; i++) {
		ret = find_capacity(s, i < TRIES ? want : UINT64_MAX, best->option, &capacity,
				    &bound, err);
		if (i == 1)
			s->bound = bound;
		if (!ret)
			ret = try_capacity(s, capacity, &r, best, err);
		if (ret || best->used_pages >= goal || i == TRIES)
			return ret;
		/* a page that two units hold counts for both in the knapsack */
		want += goal - best->used_pages;
	}
}
