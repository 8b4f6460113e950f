/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a prefix costs in flash: its pages, less what they take now.
 *
 * low is never more than the truth, so that the relaxation with it bounds the
 * real problem. The image is D bytes of directories, tables and records, then
 * whole pages of runs; a page in place adds one page, and takes its record
 * out of D. Why D cannot shrink by more than is counted here:
 *
 * - Seen from one place aligned to 4 to the next, D is a row of pieces, each
 *   a table or a direct record with what is chained behind it, rounded up to
 *   4. A prefix takes bytes out of one piece, or cuts it in two; beyond the
 *   bytes themselves only its rounding can be won: ROUNDING, once.
 * - A block that nobody else holds saves just its length, if a plain pointer
 *   leads to it. Behind a block that is shared, or in place with the musts,
 *   it had a direct one: DIRECT is 2 bytes of length, 3 of alignment, 3 of
 *   rounding, and the 11 of stored deflate. And what lay on both sides of the
 *   prefix lies together now: if one is shared, the other's pointer to it may
 *   become a plain one.
 * - A shared block of at least SURE_LEN bytes is stored once (lib/place/plan/share.c).
 *   Those bytes are won only when all who hold it are in place: each group may
 *   count its part, at the last of its pages that hold it, and none may if
 *   somebody holds it for good. Of pointers each page in place wins its own
 *   and that of the block behind it, and both once more where another
 *   becomes the first to hold it. Shorter ones may be stored for each, and
 *   count in full; those that are not worth sharing yet may become so when
 *   what is behind them goes in place.
 * - Full blocks that do not shrink move behind a run: D gets smaller by a page,
 *   the runs longer.
 * - Where even stored deflate is too long for a direct pointer, a block that
 *   does not shrink keeps a copy in front of it from being shared.
 * - Equal files that may come to share a table by chance (enum crx_budget_loose):
 *   only the first costs anything; none does, and its whole table may go, if
 *   another is in place with the musts.
 * - Costs are not negative in a knapsack: what pages in place set free beyond
 *   their own size is added up as room (low_extra).
 */
#include "config.h"
#include "place/budget/users.h"

#include <stdlib.h>

#include "base/mem.h"
#include "format/cramfs.h"

enum {
	ROUNDING = 3,
	DIRECT = 2 + 3 + 3 + 11,
	SURE_LEN = 64,
	SHARE_COST_MAX = 16, /* for each who holds a block, as lib/place/plan/share.c has it */
	LIKELY_HEADER = 4    /* est: a direct pointer behind the run */
};

/* What a page takes out of D. */
struct saving {
	uint64_t est, low;
};

static struct saving page_saves(const struct crx_budget_users *c, uint32_t b)
{
	const struct crx_slot *s = crx_budget_slot(c->m, b);
	uint32_t rep = c->m->f->blk[b].same;
	uint64_t len = s->len, part = 0;

	if (s->state == CRX_SLOT_NONE)
		return (struct saving){ 0, 0 };
	if (!crx_budget_is_shared(c, b))
		return (struct saving){ len, len };
	if (s->state == CRX_SLOT_RAW)
		len = crx_comp_stored_len(len);
	if (c->last[b] && c->users[rep] == c->in_groups[rep])
		part = (len + c->groups[rep] - 1) / c->groups[rep];
	return (struct saving){ part,
				(s->len < SURE_LEN || !c->wrappable ? len : part) + 2 * DIRECT };
}

/* What is saved of the pointer to a block, or to the one behind a hole. */
static uint64_t pointer_saves(const struct crx_budget_users *c, uint32_t b)
{
	const struct crx_budget_model *m = c->m;
	uint32_t before = c->before[b];

	if (before == CRX_NO_BLOCK)
		return 0;
	if (m->base[before])
		return DIRECT;
	if (!crx_budget_is_shared(c, before))
		return 0;
	return DIRECT + (c->wrappable ? 0 : crx_budget_slot(m, before)->len);
}

static int add_option(struct crx_budget_model *m, struct crx_budget_group *g, uint32_t pages,
		      struct crx_option est, struct crx_option low, struct crx_err *err)
{
	size_t n = m->nopts + 1;

	if (!crx_grow(&m->pages, &m->opt_cap[0], n, sizeof(*m->pages)) ||
	    !crx_grow(&m->est, &m->opt_cap[1], n, sizeof(*m->est)) ||
	    !crx_grow(&m->low, &m->opt_cap[2], n, sizeof(*m->low)))
		return crx_err_nomem(err, "weighing choices");
	m->pages[m->nopts] = pages;
	m->est[m->nopts] = est;
	m->low[m->nopts++] = low;
	g->nopts++;
	return 0;
}

/* All that a table takes, and more. */
static uint64_t table_takes(const struct crx_budget_model *m, const struct crx_file_fact *file)
{
	uint64_t len = 0;
	uint32_t b;

	for (b = file->first_blk; b < file->first_blk + file->nblks; b++)
		len += CRX_BLKPTR_LEN + DIRECT +
		       (m->base[b] ? m->f->page_size : crx_budget_slot(m, b)->len);
	return len + DIRECT;
}

/* Is there likely a record behind this block that will need a direct pointer? */
static bool record_follows(const struct crx_budget_model *m, const struct crx_file_fact *file,
			   uint32_t pg)
{
	uint32_t b = file->first_blk + pg + 1;

	return pg + 1 < file->nblks && !m->base[b] && !crx_budget_is_hole(m, b) &&
	       crx_budget_slot(m, b)->state != CRX_SLOT_RAW;
}

/* All or nothing: every page counts for its gain, whoever else holds it. */
static uint64_t unit_gain(const struct crx_budget_model *m, const struct crx_budget_group *g)
{
	uint64_t gain = 0;
	uint32_t pg;

	for (pg = 0; pg < m->w->cand[g->cand].max_pg; pg++)
		if (crx_budget_brings(m, g, pg))
			gain += crx_budget_page_gain(m, crx_budget_first_blk(m, g) + pg);
	return gain;
}

static uint64_t less(uint64_t a, uint64_t b)
{
	return a > b ? a - b : 0;
}

/* A prefix, as it grows. */
struct prefix {
	struct saving saves;
	struct crx_option est, low;
	uint64_t size;  /* of its pages */
	uint64_t extra; /* what it or a shorter one may set free */
};

static void add_page(const struct crx_budget_users *c, const struct crx_budget_group *g,
		     uint32_t pg, struct prefix *p)
{
	const struct crx_budget_model *m = c->m;
	const struct crx_candidate *cand = &m->w->cand[g->cand];
	uint32_t b = crx_budget_first_blk(m, g) + pg;
	struct saving s = page_saves(c, b);

	p->saves.est += s.est;
	p->saves.low += s.low + pointer_saves(c, b);
	p->size += m->f->page_size;
	p->est.cost =
		less(p->size, p->saves.est) +
		(record_follows(m, &m->f->file[cand->file], cand->first_pg + pg) ? LIKELY_HEADER
										 : 0);
	p->est.gain += crx_budget_page_gain(m, b);
	p->low.cost = m->loose[cand->file] ? 0 : less(p->size, p->saves.low);
	p->low.gain = p->est.gain;
	s.low = less(p->saves.low, m->loose[cand->file] ? 0 : p->size);
	if (s.low > p->extra)
		p->extra = s.low;
}

static int add_options(const struct crx_budget_users *c, struct crx_budget_group *g,
		       struct crx_err *err)
{
	struct crx_budget_model *m = c->m;
	const struct crx_candidate *cand = &m->w->cand[g->cand];
	const struct crx_file_fact *file = &m->f->file[cand->file];
	struct prefix p = { .saves = { 0, c->mixed[cand->file] ? ROUNDING + DIRECT : ROUNDING } };
	uint32_t pg, b;
	int ret = 0;

	if (m->loose[cand->file] == CRX_LOOSE_OF_MUST)
		p.extra = table_takes(m, file);
	g->first_opt = (uint32_t)m->nopts;
	for (pg = 0; pg < g->own_pg && cand->first_pg + pg < file->nblks && !ret; pg++) {
		b = crx_budget_first_blk(m, g) + pg;
		if (crx_budget_brings(m, g, pg)) {
			add_page(c, g, pg, &p);
			if (!cand->unit && crx_budget_page_gain(m, b))
				ret = add_option(m, g, pg + 1, p.est, p.low, err);
		}
	}
	p.est.gain = p.low.gain = unit_gain(m, g);
	if (cand->unit && !ret && p.est.gain)
		ret = add_option(m, g, cand->max_pg, p.est, p.low, err);
	m->low_extra += p.extra;
	return ret;
}

/* Short blocks that are kept apart for now, because pointers to what follows
 * them would cost more, and may be stored once when that is in place. */
static void count_short_ones(const struct crx_budget_users *c)
{
	struct crx_budget_model *m = c->m;
	uint64_t n, len;
	uint32_t b;

	for (b = 0; b < m->f->nblks; b++) {
		n = c->users[b];
		len = m->slots->slot[b].len;
		if (n < 2 || !m->dedupe || len >= SURE_LEN)
			continue;
		if (!c->wrappable || (n - 1) * (len / 4 * 4) <= n * SHARE_COST_MAX)
			m->low_extra += (n - 1) * (len + ROUNDING);
	}
}

static int point_groups(struct crx_budget_model *m, struct crx_err *err)
{
	size_t i;

	m->est_group = crx_alloc(m->ngroups, sizeof(*m->est_group));
	m->low_group = crx_alloc(m->ngroups, sizeof(*m->low_group));
	if (!m->est_group || !m->low_group)
		return crx_err_nomem(err, "weighing choices");
	for (i = 0; i < m->ngroups; i++) {
		const struct crx_budget_group *g = &m->group[i];

		m->est_group[i] =
			(struct crx_group){ g->nopts ? m->est + g->first_opt : NULL, g->nopts };
		m->low_group[i] =
			(struct crx_group){ g->nopts ? m->low + g->first_opt : NULL, g->nopts };
	}
	return 0;
}

int crx_budget_costs(struct crx_budget_model *m, struct crx_err *err)
{
	struct crx_budget_users c;
	size_t i;
	int ret;

	ret = crx_budget_count_users(m, &c, err);
	if (!ret)
		count_short_ones(&c);
	for (i = 0; i < m->ngroups && !ret; i++)
		ret = add_options(&c, &m->group[i], err);
	crx_budget_free_users(&c);
	return ret ? ret : point_groups(m, err);
}
