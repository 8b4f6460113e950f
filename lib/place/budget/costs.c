/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a prefix costs in flash: its pages, less what they take now.
 *
 * The cost is never more than the truth, so that the knapsack's bound holds for
 * the real problem. The image is D bytes of directories, tables and records, then
 * whole pages of runs. A page in place adds one page, and takes its record out of
 * D. This is why D cannot shrink by more than is counted here:
 *
 * - From one place aligned to 4 to the next, D is a row of pieces: each is a
 *   table or a direct record, with what is chained after it, rounded up to 4. A
 *   prefix takes bytes out of one piece, or cuts it in two. Beyond the bytes
 *   themselves only the rounding can be saved: ROUNDING, once.
 * - A block that nobody else holds saves just its length, if its pointer is
 *   plain. After a block that is shared, or in place with the musts, its pointer
 *   was direct, which is saved too. And what lay on both sides of the prefix comes
 *   together: if one is shared, the other's pointer may become plain.
 * - A shared block of at least SURE_LEN bytes is stored once (plan/share.c), and
 *   its bytes are saved only if all who hold it come in place. So each of them
 *   counts its part, and none does if one of them is no candidate. Each page in
 *   place saves its own direct pointer and that of the block after it, and both
 *   once more if another block becomes the first to hold those bytes. Shorter
 *   blocks may be stored for each holder, and count in full. Those not worth
 *   sharing yet may become so once what follows them is in place: slack.
 * - Stored blocks move into the run area when they follow a run: D gets smaller
 *   by a page, and the runs grow by one.
 * - Where even stored deflate is too long for a direct pointer (64 KiB pages), a
 *   block that does not shrink keeps the block before it from being shared.
 * - A knapsack's costs are not negative: what pages in place free beyond their
 *   own size is slack.
 */
#include "config.h"
#include "place/budget/model.h"

#include <stdlib.h>

#include "base/mem.h"

enum {
	ROUNDING = 3,
	DIRECT = CRX_BUDGET_DIRECT_MAX_LEN,
	SURE_LEN = 64,      /* these three: see plan/share.c */
	SHARE_COST_MAX = 16 /* for each who holds a block */
};

/* The image with only the musts in place. */
struct base {
	struct crx_budget_model *m;
	bool wrappable;      /* any block can have a direct pointer */
	uint32_t *holders;   /* by representative: blocks that take bytes */
	uint32_t *movable;   /* of those, pages that belong to groups */
	uint32_t *before;    /* for each block: the one whose end its pointer is found by, or
				CRX_NO_BLOCK at the file's beginning */
	uint8_t *has_shared; /* for each file: any block of it is shared */
};

static const struct crx_slot *slot_of(const struct crx_budget_model *m, uint32_t blk)
{
	return &m->in->slots->slot[m->f->blk[blk].same];
}

static bool is_hole(const struct crx_budget_model *m, uint32_t blk)
{
	return m->f->blk[blk].zero && slot_of(m, blk)->state == CRX_SLOT_NONE;
}

/* May these bytes be stored once for several blocks? */
static bool is_shared(const struct base *b, uint32_t blk)
{
	const struct crx_slot *s = slot_of(b->m, blk);

	if (s->state == CRX_SLOT_RAW &&
	    !crx_format_may_be_direct_compressed(crx_comp_stored_len(s->len)))
		return false;
	return b->m->dedupe && b->holders[b->m->f->blk[blk].same] > 1;
}

static void count_holders(struct base *b)
{
	const struct crx_budget_model *m = b->m;
	const struct crx_file_fact *file;
	uint32_t blk, pg;
	size_t i;

	for (i = 0; i < m->f->nfiles; i++) {
		file = &m->f->file[i];
		if (m->leader[i] != i || crx_pack_stores(m->w, i))
			continue;
		for (blk = file->first_blk; blk < file->first_blk + file->nblks; blk++)
			b->holders[m->f->blk[blk].same] += !m->base[blk] && !is_hole(m, blk);
	}
	for (i = 0; i < m->ngroups; i++) {
		blk = crx_budget_first_blk(m, &m->group[i]);
		for (pg = 0; pg < m->group[i].own_pg; pg++)
			if (crx_budget_adds_page(m, &m->group[i], pg) && !is_hole(m, blk + pg))
				b->movable[m->f->blk[blk + pg].same]++;
	}
}

/* Holes have no end of their own, nor have stored blocks that follow a run. */
static void find_before(struct base *b)
{
	const struct crx_budget_model *m = b->m;
	uint32_t blk, before = CRX_NO_BLOCK;
	bool in_runs;

	for (blk = 0; blk < m->f->nblks; blk++) {
		if (blk == m->f->file[m->f->blk[blk].file].first_blk)
			before = CRX_NO_BLOCK;
		b->before[blk] = before;
		b->has_shared[m->f->blk[blk].file] |= is_shared(b, blk);
		in_runs = before != CRX_NO_BLOCK && m->base[before] &&
			  slot_of(m, blk)->state == CRX_SLOT_RAW && !is_shared(b, blk);
		if (m->base[blk] || (!is_hole(m, blk) && !in_runs))
			before = blk;
	}
}

static int look_at_base(struct base *b, struct crx_err *err)
{
	size_t n = b->m->f->nblks;

	b->wrappable = crx_format_may_be_direct_compressed(crx_comp_stored_len(b->m->f->page_size));
	b->holders = crx_zalloc(n, sizeof(*b->holders));
	b->movable = crx_zalloc(n, sizeof(*b->movable));
	b->before = crx_alloc(n, sizeof(*b->before));
	b->has_shared = crx_zalloc(b->m->f->nfiles, 1);
	if (!b->holders || !b->movable || !b->before || !b->has_shared)
		return crx_err_nomem(err, "choosing pages");
	count_holders(b);
	find_before(b);
	return 0;
}

/* The most bytes that go from D with the record of a page in place. */
static uint64_t record_len(const struct base *b, uint32_t blk)
{
	const struct crx_slot *s = slot_of(b->m, blk);
	uint32_t rep = b->m->f->blk[blk].same;
	uint64_t len = s->len;

	if (s->state == CRX_SLOT_NONE)
		return 0;
	if (!is_shared(b, blk))
		return len;
	if (s->state == CRX_SLOT_RAW)
		len = crx_comp_stored_len(len);
	if (s->len >= SURE_LEN && b->wrappable)
		len = b->holders[rep] == b->movable[rep]
			      ? (len + b->holders[rep] - 1) / b->holders[rep]
			      : 0;
	return len + 2 * DIRECT;
}

/* And with its pointer, or that of the block after a hole. */
static uint64_t pointer_len(const struct base *b, uint32_t blk)
{
	uint32_t before = b->before[blk];

	if (before == CRX_NO_BLOCK)
		return 0;
	if (b->m->base[before])
		return DIRECT;
	if (!is_shared(b, before))
		return 0;
	return DIRECT + (b->wrappable ? 0 : slot_of(b->m, before)->len);
}

static int add_option(struct crx_budget_model *m, struct crx_budget_group *g, uint32_t pages,
		      struct crx_knapsack_option option, struct crx_err *err)
{
	size_t n = m->nopts + 1;

	if (!crx_grow(&m->prefix_pg, &m->prefix_cap, n, sizeof(*m->prefix_pg)) ||
	    !crx_grow(&m->option, &m->option_cap, n, sizeof(*m->option)))
		return crx_err_nomem(err, "choosing pages");
	m->prefix_pg[m->nopts] = pages;
	m->option[m->nopts++] = option;
	g->nopts++;
	return 0;
}

/* All or nothing: every page gains, also those that belong to other groups. */
static uint64_t unit_gain(const struct crx_budget_model *m, const struct crx_budget_group *g)
{
	uint64_t gain = 0;
	uint32_t pg;

	for (pg = 0; pg < m->w->cand[g->cand].max_pg; pg++)
		if (crx_budget_adds_page(m, g, pg))
			gain += crx_budget_page_gain(m, crx_budget_first_blk(m, g) + pg);
	return gain;
}

static int add_group(const struct base *b, struct crx_budget_group *g, struct crx_err *err)
{
	struct crx_budget_model *m = b->m;
	const struct crx_candidate *c = &m->w->cand[g->cand];
	struct crx_knapsack_option o = { 0 };
	uint64_t size = 0, freed = ROUNDING + (b->has_shared[c->file] ? DIRECT : 0), slack = 0;
	uint32_t blk = crx_budget_first_blk(m, g), pg;
	int ret = 0;

	g->first_opt = (uint32_t)m->nopts;
	for (pg = 0; pg < g->own_pg && c->first_pg + pg < m->f->file[c->file].nblks && !ret; pg++) {
		if (!crx_budget_adds_page(m, g, pg))
			continue;
		size += m->f->page_size;
		freed += record_len(b, blk + pg) + pointer_len(b, blk + pg);
		o.cost = crx_budget_minus(size, freed);
		o.gain += crx_budget_page_gain(m, blk + pg);
		if (crx_budget_minus(freed, size) > slack)
			slack = freed - size;
		if (!c->unit && crx_budget_page_gain(m, blk + pg))
			ret = add_option(m, g, pg + 1, o, err);
	}
	m->slack += slack;
	if (!c->unit || ret)
		return ret;
	o.gain = unit_gain(m, g);
	return o.gain ? add_option(m, g, c->max_pg, o, err) : 0;
}

/* Short blocks that may be kept apart now, since pointers to what follows them would
 * cost more, and stored once when that is in place. */
static uint64_t short_blocks_len(const struct base *b)
{
	uint64_t sum = 0;
	uint32_t blk, len;

	for (blk = 0; blk < b->m->f->nblks && b->m->dedupe; blk++) {
		len = b->m->in->slots->slot[blk].len;
		if (b->holders[blk] > 1 && len < SURE_LEN)
			sum += (uint64_t)(b->holders[blk] - 1) * (len + ROUNDING);
	}
	return sum;
}

int crx_budget_add_options(struct crx_budget_model *m, struct crx_err *err)
{
	struct base b = { .m = m };
	size_t i;
	int ret = look_at_base(&b, err);

	if (!ret)
		m->slack += short_blocks_len(&b);
	for (i = 0; i < m->ngroups && !ret; i++)
		ret = add_group(&b, &m->group[i], err);
	free(b.holders);
	free(b.movable);
	free(b.before);
	free(b.has_shared);
	return ret;
}
