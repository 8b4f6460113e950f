/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the old image has most of the pages of a run, or the table of a file that has changed:
 * written there, the equal bytes need not be written again.
 */
#include "config.h"
#include "place/plan/stages.h"

#include <stdlib.h>

struct votes {
	const struct crx_plan *p;
	const struct crx_old *old;
	uint64_t *begin; /* for each equal page: where the run would begin */
	size_t n, cap;
};

static int by_value(const void *a, const void *b)
{
	return crx_compare(*(const uint64_t *)a, *(const uint64_t *)b);
}

/* Only a few of those with the same contents, such as zeros. */
enum { EQUAL_MOST = 8 };

static int vote(struct votes *v, const struct crx_run *r, uint32_t pg, struct crx_err *err)
{
	const struct crx_facts *f = v->p->facts;
	const struct crx_file_fact *file = &f->file[v->p->table[r->table].file];
	uint64_t before = (uint64_t)pg * f->page_size;
	const struct crx_old_block *b;
	size_t i, n, first;

	n = crx_old_find_block(v->old, f->blk[file->first_blk + r->first_blk + pg].hash,
			       crx_scan_block_len(f, file, r->first_blk + pg), &first);
	for (i = 0; i < n && i < EQUAL_MOST; i++) {
		b = &v->old->block[v->old->by_hash.at[first + i].i];
		if (b->kind != CRX_OLD_PAGE || b->off % f->page_size || b->off < before)
			continue;
		if (!crx_grow(&v->begin, &v->cap, v->n + 1, sizeof(*v->begin)))
			return crx_err_nomem(err, "planning");
		v->begin[v->n++] = b->off - before;
	}
	return 0;
}

/* The place with the most votes, and of several the first. */
static void count_votes(struct votes *v, struct crx_run *r)
{
	size_t i, same = 0;

	r->old_off = r->old_pg = 0;
	if (v->n)
		qsort(v->begin, v->n, sizeof(*v->begin), by_value);
	for (i = 0; i < v->n; i++) {
		same = i && v->begin[i] == v->begin[i - 1] ? same + 1 : 1;
		if (same > r->old_pg) {
			r->old_pg = (uint32_t)same;
			r->old_off = (uint32_t)v->begin[i];
		}
	}
}

static int find_run(struct votes *v, struct crx_run *r, struct crx_err *err)
{
	uint32_t pg;
	int ret = 0;

	v->n = 0;
	for (pg = 0; pg < r->nblks && !ret; pg++)
		ret = vote(v, r, pg, err);
	if (!ret)
		count_votes(v, r);
	return ret;
}

static void find_kept_run(const struct crx_plan *p, const struct crx_old *old, struct crx_run *r)
{
	const struct crx_old_table *t = &old->table[p->table[r->table].old_table];

	r->old_off = crx_old_block_of(old, t, r->first_blk)->off;
	r->old_pg = r->nblks;
}

static void find_table(const struct crx_plan *p, const struct crx_old *old, size_t file)
{
	struct crx_table *t = &p->table[p->table_of[file]];
	uint32_t at = old->node[p->facts->file[file].node->index].table;

	if (!t->old_off && at != CRX_OLD_NONE)
		t->old_off = old->table[at].off;
}

int crx_plan_find_places(struct crx_plan *p, const struct crx_old *old, struct crx_err *err)
{
	struct votes v = { .p = p, .old = old };
	size_t i;
	int ret = 0;

	for (i = 0; i < p->facts->nfiles; i++)
		find_table(p, old, i);
	for (i = 0; i < p->nruns && !ret; i++)
		if (p->table[p->run[i].table].kept)
			find_kept_run(p, old, &p->run[i]);
		else
			ret = find_run(&v, &p->run[i], err);
	free(v.begin);
	return ret;
}
