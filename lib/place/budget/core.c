/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Exact improvement by dynamic programming over a core that grows while it
 * has to (Pisinger: A minimal algorithm for the multiple-choice knapsack
 * problem, 1995).
 *
 * It begins with the whole steps of the relaxation and lets groups deviate
 * from that, one after the other, those with the least to lose first. A state
 * is a choice for the groups so far, the others being as the relaxation has
 * them; of two states the one that costs no less and gains no more is dropped,
 * and so is every state from which even the relaxation of the groups to come
 * does not lead beyond the best choice known. None is left: that one is
 * optimal.
 */
#include "config.h"
#include "place/budget/mckp.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "place/budget/wide.h"

/* Numbers, not seconds: what comes out must not depend on the machine. */
enum {
	WORK_MAX = 3 << 20, /* states looked at */
	NODES_MAX = 1 << 20 /* states kept, over all rounds */
};

#define NONE UINT32_MAX

struct state {
	uint64_t cost, gain; /* of everything */
	uint32_t node;       /* how it came about: deviations so far */
	uint32_t item;       /* and the last one, not yet a node; or NONE */
};

struct list {
	struct state *s;
	size_t n, cap;
};

/* A deviation, and those before it. */
struct node {
	uint32_t parent, item;
};

struct core {
	const struct crx_mckp *m;
	uint64_t capacity;
	uint32_t *pos;       /* the relaxation's */
	uint64_t cost, gain; /* the relaxation's whole steps */
	size_t broken;
	uint8_t *added;  /* groups that deviate already */
	size_t up, down; /* the best step of a group to come to take more, and (one more than) the
			    best to give back */
	uint64_t best;
	uint32_t best_node;
	bool improved;
	struct list cur, next, merged;
	struct node *node;
	size_t nnodes, node_cap;
	uint64_t work;
};

/* May a state still lead to more than the best? up: a step that could be
 * taken as often as one likes; down: one (plus 1) to give back, 0: none is left. */
static bool promises(const struct core *c, uint64_t cost, uint64_t gain, size_t up, size_t down)
{
	const struct crx_mckp_step *s;
	uint64_t want = c->best + 1;

	if (cost <= c->capacity) {
		if (gain >= want)
			return true;
		if (up == c->m->nsteps)
			return false;
		s = &c->m->step[up];
		return crx_wide_cmp(c->capacity - cost, s->gain, want - gain, s->cost) >= 0;
	}
	if (!down || gain < want)
		return false;
	s = &c->m->step[down - 1];
	return crx_wide_cmp(gain - want, s->cost, cost - c->capacity, s->gain) >= 0;
}

/* Behind the broken step a group's first step is the one from where the
 * relaxation left it; in front of it, going backwards, the one that led there. */
static void move_ends(struct core *c)
{
	const struct crx_mckp *m = c->m;

	while (c->up < m->nsteps && c->added[m->step[c->up].group])
		c->up++;
	while (c->down && c->added[m->step[c->down - 1].group])
		c->down--;
}

static bool push(struct list *l, struct state s)
{
	if (!crx_grow(&l->s, &l->cap, l->n + 1, sizeof(*l->s)))
		return false;
	l->s[l->n++] = s;
	return true;
}

/* States come by cost, and of equal ones the better gain first. */
static bool push_better(struct list *l, struct state s)
{
	if (l->n && s.gain <= l->s[l->n - 1].gain)
		return true;
	return push(l, s);
}

/* The state of next that is better than the best, or NONE. */
static uint32_t find_best(struct core *c)
{
	size_t i;

	for (i = c->next.n; i > 0 && c->next.s[i - 1].cost > c->capacity; i--)
		;
	/* gains ascend with costs: the last that fits gains most */
	if (!i || c->next.s[i - 1].gain <= c->best)
		return NONE;
	c->best = c->next.s[i - 1].gain;
	c->improved = true;
	return (uint32_t)(i - 1);
}

/* next becomes cur, without what leads nowhere; what stays gets a node. */
static int reduce(struct core *c, struct crx_err *err)
{
	uint32_t best = find_best(c);
	size_t i;

	c->cur.n = 0;
	for (i = 0; i < c->next.n; i++) {
		struct state s = c->next.s[i];
		bool goes_on = promises(c, s.cost, s.gain, c->up, c->down);

		if (!goes_on && i != best)
			continue;
		if (s.item != NONE) {
			if (!crx_grow(&c->node, &c->node_cap, c->nnodes + 1, sizeof(*c->node)))
				return crx_err_nomem(err, "weighing choices");
			c->node[c->nnodes] = (struct node){ s.node, s.item };
			s.node = (uint32_t)c->nnodes++;
			s.item = NONE;
		}
		if (i == best)
			c->best_node = s.node;
		if (goes_on && !push(&c->cur, s))
			return crx_err_nomem(err, "weighing choices");
	}
	return 0;
}

/* next and cur with one more item of the group into next. */
static bool merge(struct core *c, uint32_t item, uint32_t own)
{
	const struct crx_mckp_item *a = &c->m->item[item], *b = &c->m->item[own];
	size_t i = 0, j = 0;
	struct list swap;
	struct state s = { 0 };

	c->merged.n = 0;
	while (i < c->next.n || j < c->cur.n) {
		if (j < c->cur.n) {
			s = c->cur.s[j];
			s.cost = s.cost - b->cost + a->cost;
			s.gain = s.gain - b->gain + a->gain;
			s.item = item == own ? NONE : item;
		}
		if (j == c->cur.n || (i < c->next.n && (c->next.s[i].cost < s.cost ||
							(c->next.s[i].cost == s.cost &&
							 c->next.s[i].gain >= s.gain))))
			s = c->next.s[i++];
		else
			j++;
		if (!push_better(&c->merged, s))
			return false;
	}
	c->work += c->next.n + c->cur.n;
	swap = c->next;
	c->next = c->merged;
	c->merged = swap;
	return true;
}

static bool worth_it(const struct core *c, uint32_t item, uint32_t own)
{
	const struct crx_mckp_item *it = c->m->item;

	return promises(c, c->cost - it[own].cost + it[item].cost,
			c->gain - it[own].gain + it[item].gain, c->broken, c->broken + 1);
}

/* Let a group deviate: each state with each item that may lead anywhere. */
static int add_group(struct core *c, uint32_t group, struct crx_err *err)
{
	uint32_t own = c->pos[group], end = c->m->first[group + 1], i;
	bool any = false;

	c->added[group] = 1;
	move_ends(c);
	for (i = c->m->first[group]; i < end && !any; i++)
		any = i != own && worth_it(c, i, own);
	if (!any)
		return 0;
	c->next.n = 0;
	for (i = c->m->first[group]; i < end && c->work <= WORK_MAX; i++)
		if ((i == own || worth_it(c, i, own)) && !merge(c, i, own))
			return crx_err_nomem(err, "weighing choices");
	return reduce(c, err);
}

static bool exhausted(const struct core *c)
{
	return c->work > WORK_MAX || c->nnodes > NODES_MAX;
}

static int grow(struct core *c, struct crx_err *err)
{
	const struct crx_mckp *m = c->m;
	bool more = true;
	int ret;

	if (!push(&c->cur, (struct state){ c->cost, c->gain, NONE, NONE }))
		return crx_err_nomem(err, "weighing choices");
	ret = add_group(c, m->step[c->broken].group, err);
	while (!ret && c->cur.n && !exhausted(c)) {
		/* from both sides in turn, while there are two */
		if (c->up == m->nsteps)
			more = false;
		else if (!c->down)
			more = true;
		if (c->up == m->nsteps && !c->down)
			break;
		ret = add_group(c, m->step[more ? c->up : c->down - 1].group, err);
		more = !more;
	}
	return ret;
}

int crx_mckp_core(const struct crx_mckp *m, uint64_t capacity, uint32_t *pos, uint64_t *gain,
		  bool *proven, struct crx_err *err)
{
	struct core c = { .m = m, .capacity = capacity, .best = *gain, .best_node = NONE };
	uint32_t n;
	int ret;

	c.pos = crx_alloc(m->ngroups, sizeof(*c.pos));
	c.added = crx_zalloc(m->ngroups, 1);
	if (!c.pos || !c.added) {
		ret = crx_err_nomem(err, "weighing choices");
		goto out;
	}
	crx_mckp_relax(m, capacity, c.pos, &c.cost, &c.gain, &c.broken);
	c.up = c.down = c.broken;
	ret = grow(&c, err);
	if (ret < 0)
		goto out;
	*proven = !exhausted(&c);
	if (c.improved) {
		memcpy(pos, c.pos, m->ngroups * sizeof(*pos));
		for (n = c.best_node; n != NONE; n = c.node[n].parent)
			pos[m->item[c.node[n].item].group] = c.node[n].item;
		*gain = c.best;
	}
out:
	free(c.pos);
	free(c.added);
	free(c.cur.s);
	free(c.next.s);
	free(c.merged.s);
	free(c.node);
	return ret;
}
