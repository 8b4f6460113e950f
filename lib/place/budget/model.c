/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "place/budget/model.h"

#include <stdlib.h>

#include "base/mem.h"

/* The gain of a whole file must stay below 2^40: 4096 pages at most. */
enum { COUNT_MAX = (1 << 27) - 1 };

static bool has_groups(const struct crx_budget_model *m, size_t file)
{
	return m->leader[file] == file && m->w->file[file].ncands;
}

static void find_musts(struct crx_budget_model *m)
{
	const struct crx_wishes *w = m->w;
	size_t i, j;

	for (i = 0; i < w->nfiles; i++)
		for (j = 0; j < w->file[i].ncands; j++)
			m->must[w->file[m->leader[i]].first_cand + j] |=
				w->cand[w->file[i].first_cand + j].must;
}

static void find_base(struct crx_budget_model *m)
{
	const struct crx_candidate *c;
	uint32_t pg;
	size_t i;

	for (i = 0; i < m->w->ncands; i++) {
		c = &m->w->cand[i];
		for (pg = c->first_pg; m->must[i] && pg - c->first_pg < c->max_pg; pg++)
			if (crx_budget_is_runnable(m, c->file, pg))
				m->base[m->f->file[c->file].first_blk + pg] = 1;
	}
}

/* A page in RAM is reported under each name of its inode: of the files that
 * share a table, the highest count is taken. */
static void find_counts(struct crx_budget_model *m)
{
	const struct crx_file_fact *file = m->f->file;
	uint32_t pg, c, *count;
	size_t i;

	for (i = 0; i < m->f->nfiles; i++) {
		for (pg = 0; has_groups(m, m->leader[i]) && pg < file[i].nblks; pg++) {
			count = &m->count[file[m->leader[i]].first_blk + pg];
			c = crx_heat_of(m->in->heat, m->f, i, pg);
			if (c > *count)
				*count = c < COUNT_MAX ? c : COUNT_MAX;
		}
	}
}

struct place {
	uint32_t first_pg, end_pg, cand;
};

static int by_place(const void *a, const void *b)
{
	const struct place *x = a, *y = b;
	int c = crx_compare(x->first_pg, y->first_pg);

	return c ? c : crx_compare(x->cand, y->cand);
}

/* The candidates of a file to choose from, in the order of their first pages. */
static size_t sort_candidates(const struct crx_budget_model *m, size_t file, struct place *p)
{
	const struct crx_file_wish *w = &m->w->file[file];
	const struct crx_candidate *c;
	size_t n = 0, i;

	for (i = w->first_cand; i < w->first_cand + w->ncands; i++) {
		c = &m->w->cand[i];
		if (!m->must[i] && c->max_pg && c->first_pg < m->f->file[file].nblks)
			p[n++] =
				(struct place){ c->first_pg, c->first_pg + c->max_pg, (uint32_t)i };
	}
	if (n)
		qsort(p, n, sizeof(*p), by_place);
	return n;
}

/*
 * Where candidates overlap, each but the last ends where the next begins. An
 * earlier, longer one may leave pages after the end of the last one. Those belong
 * to the last one too.
 */
static void add_groups(struct crx_budget_model *m, const struct place *p, size_t n)
{
	uint32_t end = 0;
	size_t i;

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
}

static int find_groups(struct crx_budget_model *m, struct crx_err *err)
{
	struct place *p = crx_alloc(m->w->ncands, sizeof(*p));
	size_t i;

	m->group = crx_alloc(m->w->ncands, sizeof(*m->group));
	if (!p || !m->group) {
		free(p);
		return crx_err_nomem(err, "choosing pages");
	}
	for (i = 0; i < m->f->nfiles; i++)
		if (has_groups(m, i))
			add_groups(m, p, sort_candidates(m, i, p));
	free(p);
	return 0;
}

int crx_budget_model_init(struct crx_budget_model *m, struct crx_err *err)
{
	int ret;

	m->must = crx_zalloc(m->w->ncands, 1);
	m->base = crx_zalloc(m->f->nblks, 1);
	m->count = crx_zalloc(m->f->nblks, sizeof(*m->count));
	if (!m->must || !m->base || !m->count)
		return crx_err_nomem(err, "choosing pages");
	ret = crx_budget_find_tables(m, err);
	if (ret < 0)
		return ret;
	find_musts(m);
	find_base(m);
	find_counts(m);
	ret = find_groups(m, err);
	return ret ? ret : crx_budget_add_options(m, err);
}

void crx_budget_model_free(struct crx_budget_model *m)
{
	free(m->leader);
	free(m->must);
	free(m->base);
	free(m->count);
	free(m->group);
	free(m->prefix_pg);
	free(m->option);
	*m = (struct crx_budget_model){ 0 };
}

/* What the options of a group add to the first `taken` ones. Returns how many. */
static uint32_t list_additions(const struct crx_budget_model *m, const struct crx_budget_group *g,
			       uint32_t taken, struct crx_knapsack_option *out)
{
	const struct crx_knapsack_option none = { 0, 0 };
	const struct crx_knapsack_option *o = g->nopts ? &m->option[g->first_opt] : NULL;
	const struct crx_knapsack_option *base = taken ? &o[taken - 1] : &none;
	uint32_t i;

	for (i = taken; i < g->nopts; i++, out++) {
		out->cost = crx_budget_minus(o[i].cost, base->cost);
		out->gain = crx_budget_minus(o[i].gain, base->gain);
	}
	return g->nopts - taken;
}

int crx_budget_fill_knapsack(const struct crx_budget_model *m, const uint32_t *taken,
			     struct crx_knapsack *k, struct crx_err *err)
{
	struct crx_knapsack_group *group = crx_alloc(m->ngroups, sizeof(*group));
	struct crx_knapsack_option *option = crx_alloc(m->nopts, sizeof(*option)), *o;
	size_t i;
	int ret;

	*k = (struct crx_knapsack){ 0 };
	for (i = 0; group && option && i < m->ngroups; i++) {
		o = option + m->group[i].first_opt;
		group[i].option = o;
		group[i].noptions = list_additions(m, &m->group[i], taken[i], o);
	}
	ret = group && option ? crx_knapsack_init(k, group, m->ngroups, err)
			      : crx_err_nomem(err, "choosing pages");
	free(group);
	free(option);
	return ret;
}
