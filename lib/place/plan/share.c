/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "place/plan/stages.h"

#include <stdlib.h>

#include "format/rules.h"

/*
 * Sharing must never make an image larger, so costs are the highest there can
 * be and savings the lowest. A direct pointer costs 2 bytes of length and up
 * to 3 of alignment, and what is aligned next behind it (a table, a direct
 * block) can be 3 bytes further from its place: 8 in all, since the distance
 * between two aligned places is a multiple of 4. With the frame of a stored
 * deflate stream, 11 bytes, it is 16. For the same reason, L bytes less bring
 * that place nearer by L rounded down to a multiple of 4.
 *
 * The first holder of a shared block pays once; each further one pays for the
 * block after it, which does not follow in the image any more, unless that one
 * has a direct pointer anyway.
 */
enum {
	DIRECT_COST = 8,
	WRAPPED_COST = 16,
	/* from here on, sharing pays whatever follows: L > 2 * WRAPPED_COST for one copy saved */
	SURE_LEN = 64
};

static bool takes_bytes(uint8_t kind)
{
	return kind == CRX_KIND_STREAM || kind == CRX_KIND_STORED;
}

struct sharing {
	const struct crx_plan *p;
	const struct crx_packed *k;
	uint32_t *count; /* of those that would use the one record */
	uint64_t *cost;  /* per representative; the first holder's share at once */
	uint8_t *share;  /* until the end: has the first holder been passed? */
};

/* Will this block keep a copy of its own, shared or not? All holders but the
 * first do so when what follows can only be reached from the piece in front. */
static bool stays(const struct sharing *s, const struct crx_file_fact *file, uint32_t i, bool first)
{
	return !first && crx_plan_tied(s->p, s->k, file, i);
}

static bool sure(const struct sharing *s, uint32_t b)
{
	return s->count[s->p->facts->blk[b].same] > 1 &&
	       crx_plan_slot(s->p, s->k, b)->len >= SURE_LEN && !crx_plan_plain_only(s->p, s->k, b);
}

static uint32_t direct_cost(const struct sharing *s, uint32_t b)
{
	return s->p->block[b].kind == CRX_KIND_STORED ? WRAPPED_COST : DIRECT_COST;
}

/* What the block after i of a holder costs more when i is shared. */
static uint32_t cost_after(const struct sharing *s, const struct crx_file_fact *file, uint32_t i)
{
	const struct crx_block_fact *blk = s->p->facts->blk;
	uint32_t next = crx_plan_next(s->p, file, i);
	uint32_t b = file->first_blk + next;

	if (next >= file->nblks || s->p->block[b].kind == CRX_KIND_RUN)
		return 0;
	if (!stays(s, file, next, !s->share[blk[b].same]) &&
	    (blk[b].same == blk[file->first_blk + i].same || sure(s, b)))
		return 0;
	return direct_cost(s, b);
}

/* For each block that takes bytes, in the order of the image. What is stored
 * by wish has its own copy: nobody else could use it through a direct pointer. */
static void each(const struct crx_plan *p,
		 void (*fn)(void *ctx, const struct crx_file_fact *file, uint32_t i, uint32_t rep),
		 void *ctx)
{
	size_t t;
	uint32_t i, b;

	for (t = 0; t < p->ntables; t++) {
		const struct crx_file_fact *file = &p->facts->file[p->table[t].file];

		for (i = 0; i < file->nblks && !p->table[t].store; i++) {
			b = file->first_blk + i;
			if (takes_bytes(p->block[b].kind))
				fn(ctx, file, i, p->facts->blk[b].same);
		}
	}
}

static void count_one(void *ctx, const struct crx_file_fact *file, uint32_t i, uint32_t rep)
{
	struct sharing *s = ctx;

	s->count[rep] += !stays(s, file, i, !s->count[rep]);
}

static void add_cost(void *ctx, const struct crx_file_fact *file, uint32_t i, uint32_t rep)
{
	struct sharing *s = ctx;

	if (!s->share[rep]) {
		s->share[rep] = 1;
		s->cost[rep] = direct_cost(s, file->first_blk + i);
	} else if (!stays(s, file, i, false)) {
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
	each(p, count_one, &s);
	each(p, add_cost, &s);
	for (b = 0; b < n; b++) {
		uint64_t each_saves = crx_plan_slot(p, k, (uint32_t)b)->len / 4 * 4;
		uint64_t saved = share[b] ? (s.count[b] - 1) * each_saves : 0;

		share[b] = saved > s.cost[b] && !crx_plan_plain_only(p, k, (uint32_t)b) &&
			   crx_format_may_share_block(false);
	}
out:
	free(s.count);
	free(s.cost);
	return ret;
}
