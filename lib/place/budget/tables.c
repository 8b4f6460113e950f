/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which files share a table whatever is chosen. Equal files with the same
 * candidates do, since their choice follows that of the first.
 */
#include "config.h"
#include "place/budget/model.h"

#include <stdlib.h>

#include "base/mem.h"
#include "format/cramfs.h"
#include "place/plan/plan.h"

static bool has_same_candidates(const struct crx_wishes *w, size_t a, size_t b)
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

/*
 * leader[i] is the first of the equal files; moves it on to the first that has
 * the same candidates. other[j]: the next equal file that differs from j, or 0.
 *
 * Equal files whose candidates differ may come to share a table as well, if the
 * choices for them happen to be the same. Then all that one of them takes is
 * free, which is more than any option's cost can say: it becomes slack.
 */
static void split_by_candidates(struct crx_budget_model *m, uint32_t *other)
{
	uint64_t each_len = m->f->page_size + CRX_BLKPTR_LEN + CRX_BUDGET_DIRECT_MAX_LEN;
	uint32_t i, j;

	for (i = 0; i < m->f->nfiles; i++) {
		for (j = m->leader[i]; !has_same_candidates(m->w, i, j); j = other[j])
			if (!other[j])
				other[j] = i;
		if (i == j && i != m->leader[i])
			m->slack += (m->f->file[i].nblks + 1) * each_len;
		m->leader[i] = j;
	}
}

int crx_budget_find_tables(struct crx_budget_model *m, struct crx_err *err)
{
	size_t n = m->f->nfiles, i;
	uint32_t *other = crx_zalloc(n, sizeof(*other));
	int ret;

	m->leader = crx_alloc(n, sizeof(*m->leader));
	if (!other || !m->leader) {
		free(other);
		return crx_err_nomem(err, "choosing pages");
	}
	for (i = 0; i < m->w->ncands; i++)
		m->w->cand[i].chosen_pg = 0;
	ret = crx_wishes_update_ranges(m->w, err);
	if (!ret)
		ret = crx_plan_leaders(m->f, m->w, m->leader, err);
	if (!ret)
		split_by_candidates(m, other);
	free(other);
	return ret;
}
