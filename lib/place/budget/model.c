/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "place/budget/model.h"

#include <stdlib.h>

#include "base/mem.h"
#include "format/rules.h"

/* The gain of a whole file must stay below 2^40: 4096 pages at most. */
enum { COUNT_MAX = (1 << 27) - 1 };

bool crx_budget_page_runs(const struct crx_budget_model *m, size_t file, uint32_t pg)
{
	const struct crx_file_fact *fact = &m->f->file[file];

	return pg < fact->nblks &&
	       crx_format_may_be_direct_uncompressed(fact->node->size, m->f->page_size, pg);
}

uint64_t crx_budget_page_gain(const struct crx_budget_model *m, uint32_t blk)
{
	return m->count_hot ? m->count[blk] > 0 : m->count[blk];
}

static int find_musts(struct crx_budget_model *m, struct crx_err *err)
{
	const struct crx_wishes *w = m->w;
	size_t i, j;

	m->must = crx_zalloc(w->ncands, 1);
	if (!m->must)
		return crx_err_nomem(err, "weighing choices");
	for (i = 0; i < w->nfiles; i++)
		for (j = 0; j < w->file[i].ncands; j++)
			m->must[w->file[m->leader[i]].first_cand + j] |=
				w->cand[w->file[i].first_cand + j].must;
	return 0;
}

static int find_base(struct crx_budget_model *m, struct crx_err *err)
{
	const struct crx_file_wish *w;
	uint32_t pg;
	size_t i, r;
	int ret;

	m->base = crx_zalloc(m->f->nblks, 1);
	if (!m->base)
		return crx_err_nomem(err, "weighing choices");
	ret = crx_budget_apply(m, NULL, err);
	for (i = 0; i < m->f->nfiles && !ret; i++) {
		w = &m->w->file[i];
		for (r = 0; r < w->nranges && m->leader[i] == i; r++)
			for (pg = w->range[r].first_pg; pg - w->range[r].first_pg < w->range[r].npg;
			     pg++)
				if (crx_budget_page_runs(m, i, pg))
					m->base[m->f->file[i].first_blk + pg] = 1;
	}
	return ret;
}

/* A page in RAM is told under each name of its inode: of files that share a
 * table the highest count holds. */
static int find_heat(struct crx_budget_model *m, struct crx_err *err)
{
	const struct crx_file_fact *file = m->f->file;
	uint32_t pg, c, *count;
	size_t i;

	m->count = crx_zalloc(m->f->nblks, sizeof(*m->count));
	if (!m->count)
		return crx_err_nomem(err, "weighing choices");
	for (i = 0; i < m->f->nfiles; i++) {
		for (pg = 0; m->w->file[m->leader[i]].ncands && pg < file[i].nblks; pg++) {
			count = &m->count[file[m->leader[i]].first_blk + pg];
			c = crx_heat_of(m->heat, m->f, i, pg);
			if (c > *count)
				*count = c < COUNT_MAX ? c : COUNT_MAX;
		}
	}
	return 0;
}

struct place {
	uint32_t first_pg, end_pg, cand;
};

static int by_place(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->first_pg != y->first_pg)
		return x->first_pg < y->first_pg ? -1 : 1;
	return x->cand < y->cand ? -1 : x->cand > y->cand;
}

/*
 * The groups of one file. Where candidates overlap, each but the last ends
 * where the next begins. Behind the last one's end pages may be left
 * of an earlier, longer one; they are the last one's too.
 */
static int group_file(struct crx_budget_model *m, size_t file, struct place *p, struct crx_err *err)
{
	const struct crx_file_wish *w = &m->w->file[file];
	const struct crx_candidate *c;
	uint32_t end = 0;
	size_t n = 0, i;

	for (i = w->first_cand; i < w->first_cand + w->ncands; i++) {
		c = &m->w->cand[i];
		if (!m->must[i] && c->max_pg && c->first_pg < m->f->file[file].nblks)
			p[n++] =
				(struct place){ c->first_pg, c->first_pg + c->max_pg, (uint32_t)i };
	}
	if (n)
		qsort(p, n, sizeof(*p), by_place);
	if (!crx_grow(&m->group, &m->group_cap, m->ngroups + n, sizeof(*m->group)))
		return crx_err_nomem(err, "weighing choices");
	for (i = 0; i < n; i++) {
		struct crx_budget_group g = { .cand = p[i].cand };

		if (p[i].end_pg > end)
			end = p[i].end_pg;
		g.joins = i + 1 < n && p[i + 1].first_pg < end;
		g.own_pg = (g.joins ? p[i + 1].first_pg : end) - p[i].first_pg;
		m->group[m->ngroups++] = g;
		if (!g.joins)
			end = 0;
	}
	return 0;
}

static int find_groups(struct crx_budget_model *m, struct crx_err *err)
{
	struct place *p = crx_alloc(m->w->ncands, sizeof(*p));
	size_t i;
	int ret = 0;

	if (!p)
		return crx_err_nomem(err, "weighing choices");
	for (i = 0; i < m->f->nfiles && !ret; i++)
		if (m->leader[i] == i && m->w->file[i].ncands)
			ret = group_file(m, i, p, err);
	free(p);
	return ret;
}

int crx_budget_model(struct crx_budget_model *m, struct crx_err *err)
{
	int ret;

	ret = crx_budget_leaders(m, err);
	if (!ret)
		ret = find_musts(m, err);
	if (!ret)
		ret = find_base(m, err);
	if (!ret)
		ret = find_heat(m, err);
	if (!ret)
		ret = find_groups(m, err);
	return ret ? ret : crx_budget_costs(m, err);
}

void crx_budget_model_free(struct crx_budget_model *m)
{
	free(m->leader);
	free(m->loose);
	free(m->must);
	free(m->base);
	free(m->count);
	free(m->group);
	free(m->pages);
	free(m->est);
	free(m->low);
	free(m->est_group);
	free(m->low_group);
	*m = (struct crx_budget_model){ 0 };
}
