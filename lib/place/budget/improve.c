/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Exact improvement by dynamic programming over a core of groups that grows
 * while it has to (Pisinger: A minimal algorithm for the multiple-choice
 * knapsack problem, 1995).
 *
 * It begins with the whole steps of the relaxation and lets one group after the
 * other take another item than there, beginning with those that lose the least.
 * A state is a choice for the groups so far; the others are as in the
 * relaxation. A state is dropped if another costs no more and gains no less, or
 * if even the relaxation of the groups to come does not lead from it to more
 * than the best choice known. Once no state is left, that choice is optimal.
 */
#include "config.h"
#include "place/budget/knapsack.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "place/budget/product.h"

/* Numbers, not seconds: the result must not depend on the machine. */
enum {
	WORK_MAX = 3 << 20, /* states looked at */
	NODES_MAX = 1 << 20 /* nodes kept, over all rounds */
};

#define NONE UINT32_MAX

struct state {
	uint64_t cost, gain; /* of all groups */
	uint32_t node;       /* the last other item taken, or NONE */
	uint32_t item;       /* one taken after that, which has no node yet, or NONE */
};

struct list {
	struct state *s; /* cost and gain both ascend */
	size_t n, cap;
};

/* An item that is not the relaxation's, and the one before it. */
struct node {
	uint32_t parent, item;
};

struct core {
	const struct crx_knapsack *k;
	uint64_t capacity;
	struct crx_knapsack_relaxed relaxed;
	uint32_t *pos;  /* the relaxation's items */
	uint8_t *added; /* for each group: is it in the core? */
	size_t up;      /* the best step forward of a group outside the core */
	size_t down;    /* 1 + the best step back of such a group; 0: none is left */
	uint64_t best_gain;
	uint32_t best_node;
	bool improved;
	struct list cur, next, merged;
	struct node *node;
	size_t nnodes, node_cap;
	uint64_t work;
};

/* Could a choice with this cost and gain still become better than the best one,
 * if step up could be taken, or step down - 1 taken back, any number of times? */
static bool is_promising(const struct core *c, uint64_t cost, uint64_t gain, size_t up, size_t down)
{
	const struct crx_knapsack_step *s;
	uint64_t want = c->best_gain + 1;

	if (cost <= c->capacity) {
		if (gain >= want)
			return true;
		if (up == c->k->nsteps)
			return false;
		s = &c->k->step[up];
		return crx_product_cmp(c->capacity - cost, s->gain, want - gain, s->cost) >= 0;
	}
	if (!down || gain < want)
		return false;
	s = &c->k->step[down - 1];
	return crx_product_cmp(gain - want, s->cost, cost - c->capacity, s->gain) >= 0;
}

/* Could item i of a group, in place of the relaxation's, lead to a better choice? */
static bool is_promising_item(const struct core *c, uint32_t i, uint32_t own)
{
	const struct crx_knapsack_item *to = &c->k->item[i], *from = &c->k->item[own];
	size_t split = c->relaxed.split;

	return is_promising(c, c->relaxed.cost - from->cost + to->cost,
			    c->relaxed.gain - from->gain + to->gain, split, split + 1);
}

static bool push(struct list *l, struct state s)
{
	if (!crx_grow(&l->s, &l->cap, l->n + 1, sizeof(*l->s)))
		return false;
	l->s[l->n++] = s;
	return true;
}

/* Merges into next the states of cur with item in place of own. Of states that
 * cost the same, the one with more gain comes first, and the others are dropped. */
static bool merge_item(struct core *c, uint32_t item, uint32_t own)
{
	const struct crx_knapsack_item *to = &c->k->item[item], *from = &c->k->item[own];
	struct list *out = &c->merged, swap;
	struct state s = { 0 }, t = { 0 };
	size_t i = 0, j = 0;

	out->n = 0;
	while (i < c->next.n || j < c->cur.n) {
		if (i < c->next.n)
			s = c->next.s[i];
		if (j < c->cur.n) {
			t = c->cur.s[j];
			t.cost = t.cost - from->cost + to->cost;
			t.gain = t.gain - from->gain + to->gain;
			t.item = item == own ? NONE : item;
		}
		if (i == c->next.n ||
		    (j < c->cur.n && (t.cost < s.cost || (t.cost == s.cost && t.gain > s.gain)))) {
			s = t;
			j++;
		} else {
			i++;
		}
		if ((!out->n || s.gain > out->s[out->n - 1].gain) && !push(out, s))
			return false;
	}
	c->work += c->next.n + c->cur.n;
	swap = c->next;
	c->next = c->merged;
	c->merged = swap;
	return true;
}

/* The state of next that is better than the best choice known, or next.n. */
static size_t find_best(struct core *c)
{
	size_t i;

	for (i = c->next.n; i > 0 && c->next.s[i - 1].cost > c->capacity; i--)
		;
	/* gains ascend with costs: the last that fits gains most */
	if (!i || c->next.s[i - 1].gain <= c->best_gain)
		return c->next.n;
	c->best_gain = c->next.s[i - 1].gain;
	c->improved = true;
	return i - 1;
}

/* Moves the promising states of next to cur. Each state kept gets a node. */
static int keep_promising(struct core *c, struct crx_err *err)
{
	size_t best = find_best(c), i;
	struct state s;
	bool keep;

	c->cur.n = 0;
	for (i = 0; i < c->next.n; i++) {
		s = c->next.s[i];
		keep = is_promising(c, s.cost, s.gain, c->up, c->down);
		if (!keep && i != best)
			continue;
		if (s.item != NONE) {
			if (!crx_grow(&c->node, &c->node_cap, c->nnodes + 1, sizeof(*c->node)))
				return crx_err_nomem(err, "choosing pages");
			c->node[c->nnodes] = (struct node){ s.node, s.item };
			s.node = (uint32_t)c->nnodes++;
			s.item = NONE;
		}
		if (i == best)
			c->best_node = s.node;
		if (keep && !push(&c->cur, s))
			return crx_err_nomem(err, "choosing pages");
	}
	return 0;
}

/* From the split on, a group's first step begins at the relaxation's item; before
 * it, the last one ends there. So these steps are the best that groups outside
 * the core have. */
static void pass_added_groups(struct core *c)
{
	const struct crx_knapsack_step *step = c->k->step;

	while (c->up < c->k->nsteps && c->added[step[c->up].group])
		c->up++;
	while (c->down && c->added[step[c->down - 1].group])
		c->down--;
}

/* Adds a group to the core: every state with every promising item of it. */
static int add_group(struct core *c, uint32_t group, struct crx_err *err)
{
	uint32_t own = c->pos[group], i = c->k->first[group], end = c->k->first[group + 1];
	bool any = false;

	c->added[group] = 1;
	pass_added_groups(c);
	for (; i < end && !any; i++)
		any = i != own && is_promising_item(c, i, own);
	if (!any)
		return 0;
	c->next.n = 0;
	for (i = c->k->first[group]; i < end && c->work <= WORK_MAX; i++)
		if ((i == own || is_promising_item(c, i, own)) && !merge_item(c, i, own))
			return crx_err_nomem(err, "choosing pages");
	return keep_promising(c, err);
}

static bool is_exhausted(const struct core *c)
{
	return c->work > WORK_MAX || c->nnodes > NODES_MAX;
}

/* Groups come from both sides of the split in turn, while there are two. */
static int grow_core(struct core *c, struct crx_err *err)
{
	const struct crx_knapsack_step *step = c->k->step;
	bool forward = true;
	int ret;

	if (!push(&c->cur, (struct state){ c->relaxed.cost, c->relaxed.gain, NONE, NONE }))
		return crx_err_nomem(err, "choosing pages");
	ret = add_group(c, step[c->relaxed.split].group, err);
	while (!ret && c->cur.n && !is_exhausted(c) && (c->up < c->k->nsteps || c->down)) {
		if (c->up == c->k->nsteps || !c->down)
			forward = !c->down;
		ret = add_group(c, step[forward ? c->up : c->down - 1].group, err);
		forward = !forward;
	}
	return ret;
}

int crx_knapsack_improve(const struct crx_knapsack *k, uint64_t capacity, uint32_t *pos,
			 uint64_t *gain, bool *proven, struct crx_err *err)
{
	struct core c = { .k = k, .capacity = capacity, .best_gain = *gain, .best_node = NONE };
	uint32_t n;
	int ret;

	c.pos = crx_alloc(k->ngroups, sizeof(*c.pos));
	c.added = crx_zalloc(k->ngroups, 1);
	if (!c.pos || !c.added) {
		ret = crx_err_nomem(err, "choosing pages");
		goto out;
	}
	c.relaxed = crx_knapsack_relax(k, capacity, c.pos);
	c.up = c.down = c.relaxed.split;
	ret = grow_core(&c, err);
	if (ret < 0)
		goto out;
	*proven = !is_exhausted(&c);
	if (c.improved) {
		memcpy(pos, c.pos, k->ngroups * sizeof(*pos));
		for (n = c.best_node; n != NONE; n = c.node[n].parent)
			pos[k->item[c.node[n].item].group] = c.node[n].item;
		*gain = c.best_gain;
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
