/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who shares a table when all is in place: those share it whatever is chosen,
 * since they follow their leader.
 */
#include "config.h"
#include "place/budget/model.h"

#include <stdlib.h>

#include "base/mem.h"
#include "place/plan/plan.h"

static bool same_shape(const struct crx_wishes *w, size_t a, size_t b)
{
	const struct crx_file_wish *x = &w->file[a], *y = &w->file[b];
	const struct crx_candidate *c, *d;
	size_t i;

	if (x->ncands != y->ncands)
		return false;
	for (i = 0; i < x->ncands; i++) {
		c = &w->cand[x->first_cand + i];
		d = &w->cand[y->first_cand + i];
		if (c->first_pg != d->first_pg || c->max_pg != d->max_pg || c->unit != d->unit)
			return false;
	}
	return true;
}

static int choose_all(struct crx_budget_model *m, bool all, struct crx_err *err)
{
	size_t i;

	for (i = 0; i < m->w->ncands; i++)
		m->w->cand[i].chosen_pg = all ? m->w->cand[i].max_pg : 0;
	return crx_wishes_update_ranges(m->w, err);
}

/* Of the files that share a table with everything in place, the first that has
 * candidates like those of file i. other[j]: the next one that was unlike j, or 0. */
static uint32_t find_alike(const struct crx_budget_model *m, uint32_t i, uint32_t *other)
{
	uint32_t j = m->leader[i];

	while (!same_shape(m->w, i, j)) {
		if (!other[j])
			other[j] = i;
		j = other[j];
	}
	return j;
}

/*
 * Equal files with different candidates may come to share a table by chance,
 * when the choices for them are the same: all but the first are loose, and
 * that one too where another's are musts.
 */
static int find_loose(struct crx_budget_model *m, const uint32_t *kin, struct crx_err *err)
{
	enum { NOBODY = 0, MANY = -1 };
	size_t n = m->f->nfiles, i;
	int64_t *must = crx_zalloc(n, sizeof(*must)), me; /* by kin: 1 + the table that has musts */
	uint8_t *seen = crx_zalloc(n, 1);
	int ret = 0;

	m->loose = crx_zalloc(n, 1);
	if (!must || !seen || !m->loose)
		ret = crx_err_nomem(err, "weighing choices");
	for (i = 0; i < m->w->ncands && !ret; i++) {
		uint32_t file = m->w->cand[i].file;

		me = (int64_t)m->leader[file] + 1;
		if (m->w->cand[i].must && must[kin[file]] != me)
			must[kin[file]] = must[kin[file]] == NOBODY ? me : MANY;
	}
	for (i = 0; i < n && !ret; i++) {
		if (m->leader[i] != i || !m->w->file[i].ncands)
			continue;
		if (must[kin[i]] != NOBODY && must[kin[i]] != (int64_t)i + 1)
			m->loose[i] = CRX_LOOSE_OF_MUST;
		else if (seen[kin[i]])
			m->loose[i] = CRX_LOOSE;
		seen[kin[i]] = 1;
	}
	free(must);
	free(seen);
	return ret;
}

int crx_budget_leaders(struct crx_budget_model *m, struct crx_err *err)
{
	size_t n = m->f->nfiles, i;
	uint32_t *kin = crx_alloc(n, sizeof(*kin)), *other = crx_zalloc(n, sizeof(*other));
	int ret = 0;

	m->leader = crx_alloc(n, sizeof(*m->leader));
	if (!kin || !other || !m->leader)
		ret = crx_err_nomem(err, "weighing choices");
	if (!ret)
		ret = choose_all(m, false, err);
	if (!ret)
		ret = crx_plan_leaders(m->f, m->w, kin, err);
	if (!ret)
		ret = choose_all(m, true, err);
	if (!ret)
		ret = crx_plan_leaders(m->f, m->w, m->leader, err);
	for (i = 0; i < n && !ret; i++)
		m->leader[i] = find_alike(m, (uint32_t)i, other);
	if (!ret)
		ret = find_loose(m, kin, err);
	free(kin);
	free(other);
	return ret;
}
