/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "place/plan/stages.h"

#include <stdlib.h>

#include "format/rules.h"

/*
 * Sharing must never make an image larger, so costs are upper bounds and savings lower bounds. A
 * direct pointer costs 2 bytes for the length and up to 3 for alignment, and the next aligned thing
 * after it (a table or a direct block) may need 3 more bytes of padding. That is 8 in all, because
 * the distance between two aligned offsets is a multiple of 4. With the frame of a stored deflate
 * stream, 11 bytes, it is 16. For the same reason, L bytes less move the next aligned thing by L
 * rounded down to a multiple of 4.
 *
 * The first block that uses a shared record pays once. Each other one pays for the block after it,
 * which no longer follows it in the image, unless that block has a direct pointer anyway.
 */
enum {
	DIRECT_COST = 8,
	WRAPPED_COST = 16,
	/* blocks of this length are worth sharing whatever follows: more than 2 * WRAPPED_COST is
	 * saved for each copy */
	ALWAYS_SHARED_LEN = 64
};

static bool may_share(uint8_t kind)
{
	return kind != CRX_KIND_HOLE && crx_format_may_share_block(kind == CRX_KIND_RUN);
}

struct sharing {
	const struct crx_plan *p;
	const struct crx_packed *k;
	uint32_t *count; /* by the first of equal blocks: how many would use its record */
	uint64_t *cost;  /* the same: what that costs */
	uint8_t *share;  /* the same: has the first user been seen? In the end: is it shared? */
};

/* Does the block keep a copy of its own, even if equal blocks are shared? All except the first do
 * if the block after it must directly follow it. */
static bool keeps_copy(const struct sharing *s, const struct crx_file_fact *file, uint32_t i,
		       bool first)
{
	return !first && crx_plan_next_must_follow(s->p, s->k, file, i);
}

/* b may have a direct pointer. */
static bool is_always_shared(const struct sharing *s, uint32_t b)
{
	return s->count[s->p->facts->blk[b].same] > 1 &&
	       crx_plan_slot(s->p, s->k, b)->len >= ALWAYS_SHARED_LEN;
}

static uint32_t direct_cost(const struct sharing *s, uint32_t b)
{
	return s->p->block[b].kind == CRX_KIND_STORED ? WRAPPED_COST : DIRECT_COST;
}

/* How much more the block after i costs if i uses the record of another block. It is not one that
 * must follow i: then i keeps a copy. */
static uint32_t cost_after(const struct sharing *s, const struct crx_file_fact *file, uint32_t i)
{
	const struct crx_block_fact *blk = s->p->facts->blk;
	uint32_t next = crx_plan_next_block(s->p, file, i);
	uint32_t b = file->first_blk + next;

	if (next >= file->nblks || s->p->block[b].kind == CRX_KIND_RUN)
		return 0;
	if (!keeps_copy(s, file, next, !s->share[blk[b].same]) &&
	    (blk[b].same == blk[file->first_blk + i].same || is_always_shared(s, b)))
		return 0;
	return direct_cost(s, b);
}

/* Call fn for each block that may be shared, in the order of the image, except those that the
 * policy stores: they have copies of their own, because direct pointers cannot refer to them. */
static void for_each_block(const struct crx_plan *p,
			   void (*fn)(void *ctx, const struct crx_file_fact *file, uint32_t i,
				      uint32_t rep),
			   void *ctx)
{
	size_t t;
	uint32_t i, b;

	for (t = 0; t < p->ntables; t++) {
		const struct crx_file_fact *file = &p->facts->file[p->table[t].file];

		for (i = 0; i < file->nblks && !p->table[t].store && !p->table[t].kept; i++) {
			b = file->first_blk + i;
			if (may_share(p->block[b].kind))
				fn(ctx, file, i, p->facts->blk[b].same);
		}
	}
}

/* What kept records with direct pointers hold costs nothing to share. */
static void count_kept(struct sharing *s)
{
	const struct crx_plan *p = s->p;
	size_t i;

	for (i = 0; i < p->nkept_records; i++)
		if (p->record[i].direct) {
			s->count[p->facts->blk[p->record[i].blk].same] = 1;
			s->share[p->facts->blk[p->record[i].blk].same] = 1;
		}
}

static void count_one(void *ctx, const struct crx_file_fact *file, uint32_t i, uint32_t rep)
{
	struct sharing *s = ctx;

	s->count[rep] += !keeps_copy(s, file, i, !s->count[rep]);
}

static void add_cost(void *ctx, const struct crx_file_fact *file, uint32_t i, uint32_t rep)
{
	struct sharing *s = ctx;

	if (!s->share[rep]) {
		s->share[rep] = 1;
		s->cost[rep] = direct_cost(s, file->first_blk + i);
	} else if (!keeps_copy(s, file, i, false)) {
		s->cost[rep] += cost_after(s, file, i);
	}
}

int crx_plan_share(const struct crx_plan *p, const struct crx_packed *k, uint8_t *share,
		   struct crx_err *err)
{
	size_t n = p->facts->nblks, b;
	struct sharing s = { .p = p, .k = k, .share = share };
	int ret = 0;

	s.count = crx_zalloc(n, sizeof(*s.count));
	s.cost = crx_zalloc(n, sizeof(*s.cost));
	if (!s.count || !s.cost) {
		ret = crx_err_nomem(err, "planning");
		goto out;
	}
	count_kept(&s);
	for_each_block(p, count_one, &s);
	for_each_block(p, add_cost, &s);
	for (b = 0; b < n; b++) {
		uint64_t each_saves = crx_plan_slot(p, k, (uint32_t)b)->len / 4 * 4;
		uint64_t saved = share[b] ? (s.count[b] - 1) * each_saves : 0;

		share[b] = saved > s.cost[b] && !crx_plan_is_plain_only(p, k, (uint32_t)b);
	}
out:
	free(s.count);
	free(s.cost);
	return ret;
}
