/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "plan/stages.h"

#include <stdlib.h>

#include "format/rules.h"

/*
 * What a direct pointer costs: 2 bytes of length, up to 3 of alignment, and
 * for a block that does not shrink the frame of a stored deflate stream. The
 * first holder of a shared block pays once; each further one pays for the
 * block after it, which does not follow in the image any more, unless that one
 * has a direct pointer anyway.
 */
enum {
	DIRECT_COST = CRX_DIRECT_HDR_LEN + 3,
	FRAME_COST = 11,
	/* from here on, sharing pays whatever follows: L > 2 * (5 + 11) for one copy saved */
	SURE_LEN = 64
};

static bool takes_bytes(uint8_t kind)
{
	return kind == CRX_KIND_STREAM || kind == CRX_KIND_STORED;
}

static bool sure(const struct crx_plan *p, const struct crx_packed *k, const uint32_t *count, uint32_t b)
{
	return count[p->facts->blk[b].same] > 1 && crx_plan_slot(p, k, b)->len >= SURE_LEN && !crx_plan_plain_only(p, k, b);
}

/* What the block after i of a holder costs more when i is shared. */
static uint32_t cost_after(const struct crx_plan *p, const struct crx_packed *k, const uint32_t *count, const struct crx_file_fact *file, uint32_t i)
{
	uint32_t next = crx_plan_next(p, file, i);
	uint32_t b = file->first_blk + next;

	if (next >= file->nblks || p->block[b].kind == CRX_KIND_RUN)
		return 0;
	if (p->facts->blk[b].same == p->facts->blk[file->first_blk + i].same || sure(p, k, count, b))
		return 0;
	return DIRECT_COST + (p->block[b].kind == CRX_KIND_STORED ? FRAME_COST : 0);
}

/* For each block that takes bytes, in the order of the image. */
static void each(const struct crx_plan *p, void (*fn)(void *ctx, const struct crx_file_fact *file, uint32_t i, uint32_t rep), void *ctx)
{
	size_t t;
	uint32_t i, b;

	for (t = 0; t < p->ntables; t++) {
		const struct crx_file_fact *file = &p->facts->file[p->table[t].file];

		for (i = 0; i < file->nblks; i++) {
			b = file->first_blk + i;
			if (takes_bytes(p->block[b].kind))
				fn(ctx, file, i, p->facts->blk[b].same);
		}
	}
}

struct sharing {
	const struct crx_plan *p;
	const struct crx_packed *k;
	uint32_t *count;
	uint64_t *cost; /* per representative; the first holder's share at once */
	uint8_t *share;
};

static void count_one(void *ctx, const struct crx_file_fact *file, uint32_t i, uint32_t rep)
{
	struct sharing *s = ctx;

	(void)file;
	(void)i;
	s->count[rep]++;
}

/* share holds, until the end, whether the first holder has been passed. */
static void add_cost(void *ctx, const struct crx_file_fact *file, uint32_t i, uint32_t rep)
{
	struct sharing *s = ctx;

	if (s->count[rep] < 2)
		return;
	if (!s->share[rep]) {
		s->share[rep] = 1;
		s->cost[rep] = DIRECT_COST + (s->p->block[file->first_blk + i].kind == CRX_KIND_STORED ? FRAME_COST : 0);
	} else {
		s->cost[rep] += cost_after(s->p, s->k, s->count, file, i);
	}
}

int crx_plan_share(const struct crx_plan *p, const struct crx_packed *k, uint8_t *share, struct crx_err *err)
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
		uint64_t saved = share[b] ? (uint64_t)(s.count[b] - 1) * crx_plan_slot(p, k, (uint32_t)b)->len : 0;

		share[b] = saved > s.cost[b] && !crx_plan_plain_only(p, k, (uint32_t)b) && crx_rule_may_share_block(false);
	}
out:
	free(s.count);
	free(s.cost);
	return ret;
}
