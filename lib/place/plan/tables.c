/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "place/plan/stages.h"

#include <stdlib.h>

struct file_and_wish {
	const struct crx_file_fact *file;
	const struct crx_file_wish *wish;
};

static int by_wish(const struct crx_file_wish *a, const struct crx_file_wish *b)
{
	int c = crx_compare(a->action == CRX_ACTION_STORE, b->action == CRX_ACTION_STORE);
	size_t i;

	if (!c)
		c = crx_compare(a->nranges, b->nranges);
	for (i = 0; !c && i < a->nranges; i++) {
		c = crx_compare(a->range[i].first_pg, b->range[i].first_pg);
		if (!c)
			c = crx_compare(a->range[i].npg, b->range[i].npg);
	}
	return c;
}

/* Puts files of equal bytes, metadata and wishes next to each other, in the order of the tree. */
static int by_twin(const void *a, const void *b)
{
	const struct file_and_wish *x = a, *y = b;
	int c = crx_compare(x->file->inode, y->file->inode);

	if (!c)
		c = by_wish(x->wish, y->wish);
	return c ? c : crx_compare((uintptr_t)x->file, (uintptr_t)y->file);
}

static bool may_share(const struct file_and_wish *x, const struct file_and_wish *y)
{
	return x->file->inode == y->file->inode && !by_wish(x->wish, y->wish);
}

int crx_plan_leaders(const struct crx_facts *f, const struct crx_wishes *w, uint32_t *leader,
		     struct crx_err *err)
{
	struct file_and_wish *order = crx_alloc(f->nfiles, sizeof(*order));
	size_t i, first = 0;

	if (!order)
		return crx_err_nomem(err, "planning");
	for (i = 0; i < f->nfiles; i++)
		order[i] = (struct file_and_wish){ &f->file[i], &w->file[i] };
	if (f->nfiles)
		qsort(order, f->nfiles, sizeof(*order), by_twin);
	for (i = 0; i < f->nfiles; i++) {
		if (!may_share(&order[first], &order[i]))
			first = i;
		leader[order[i].file - f->file] = (uint32_t)(order[first].file - f->file);
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
	ret = crx_plan_leaders(f, w, leader, err);
	/* a leader comes before the files that share its table */
	for (i = 0; i < f->nfiles && !ret; i++) {
		if (leader[i] == i) {
			p->table_of[i] = (uint32_t)p->ntables;
			p->table[p->ntables].store = crx_pack_stores(w, i);
			p->table[p->ntables++].file = (uint32_t)i;
		} else {
			p->table_of[i] = p->table_of[leader[i]];
		}
		p->table[p->table_of[i]].users++;
	}
	free(leader);
	return ret;
}
