/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "plan/stages.h"

#include <stdlib.h>
#include <string.h>

#include "format/rules.h"

static struct crx_identity identity(const struct crx_file_fact *f)
{
	return (struct crx_identity){ .mode = f->node->mode, .uid = f->node->uid, .gid = f->node->gid };
}

static int cmp32(uint32_t a, uint32_t b)
{
	return a < b ? -1 : a > b;
}

/* Files of equal bytes and metadata side by side, the first of the tree first. */
static int by_identity(const void *a, const void *b)
{
	const struct crx_file_fact *x = *(const struct crx_file_fact *const *)a;
	const struct crx_file_fact *y = *(const struct crx_file_fact *const *)b;
	int c = cmp32(x->same, y->same);

	if (!c)
		c = cmp32(x->node->mode, y->node->mode);
	if (!c)
		c = cmp32(x->node->uid, y->node->uid);
	if (!c)
		c = cmp32(x->node->gid, y->node->gid);
	return c ? c : (x < y ? -1 : x > y);
}

static bool same_wish(const struct crx_file_wish *a, const struct crx_file_wish *b)
{
	return a->nranges == b->nranges && (!a->nranges || !memcmp(a->range, b->range, a->nranges * sizeof(*a->range)));
}

/* leader[i] is the first file that i may share a table with. */
static int find_leaders(const struct crx_facts *f, const struct crx_wishes *w, uint32_t *leader, struct crx_err *err)
{
	const struct crx_file_fact **order = crx_alloc(f->nfiles, sizeof(const struct crx_file_fact *));
	const struct crx_file_fact *first = NULL;
	struct crx_identity a, b;
	size_t i, me, one;

	if (!order)
		return crx_err_nomem(err, "planning");
	for (i = 0; i < f->nfiles; i++)
		order[i] = &f->file[i];
	if (f->nfiles)
		qsort(order, f->nfiles, sizeof(*order), by_identity);
	for (i = 0; i < f->nfiles; i++) {
		me = (size_t)(order[i] - f->file);
		leader[me] = (uint32_t)me;
		if (first && first->same == order[i]->same) {
			a = identity(first);
			b = identity(order[i]);
			one = (size_t)(first - f->file);
			if (crx_rule_may_share_table(&a, &b) && same_wish(&w->file[one], &w->file[me])) {
				leader[me] = (uint32_t)one;
				continue;
			}
		}
		first = order[i];
	}
	free(order);
	return 0;
}

int crx_plan_tables(struct crx_plan *p, const struct crx_wishes *w, struct crx_err *err)
{
	const struct crx_facts *f = p->facts;
	uint32_t *leader = crx_alloc(f->nfiles, sizeof(*leader));
	size_t i;
	int ret;

	p->table_of = crx_alloc(f->nfiles, sizeof(*p->table_of));
	p->table = crx_zalloc(f->nfiles, sizeof(*p->table));
	if (!leader || !p->table_of || !p->table) {
		free(leader);
		return crx_err_nomem(err, "planning");
	}
	ret = find_leaders(f, w, leader, err);
	/* leaders come before those that follow them */
	for (i = 0; i < f->nfiles && !ret; i++) {
		if (leader[i] == i) {
			p->table_of[i] = (uint32_t)p->ntables;
			p->table[p->ntables++].file = (uint32_t)i;
		} else {
			p->table_of[i] = p->table_of[leader[i]];
		}
		p->table[p->table_of[i]].users++;
	}
	free(leader);
	return ret;
}
