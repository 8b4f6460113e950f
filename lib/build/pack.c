/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "build/stages.h"

static void step(void *ctx, uint64_t done, uint64_t total)
{
	struct crx_builder *b = ctx;

	pthread_mutex_lock(&b->lock);
	b->h->progress(b->h->progress_ctx, CRX_STAGE_PACK, done, total);
	pthread_mutex_unlock(&b->lock);
}

/* Returns NULL if nobody asked. */
static const struct crx_progress *begin(struct crx_builder *b, struct crx_progress *p)
{
	*p = (struct crx_progress){ step, b };
	if (!b->h->progress)
		return NULL;
	b->h->progress(b->h->progress_ctx, CRX_STAGE_PACK, 0, 0);
	return p;
}

static struct crx_pack_opts pack_opts(const struct crx_builder *b)
{
	return (struct crx_pack_opts){
		.comp = b->comp,
		.workers = b->workers,
		.ext = b->ext,
		.holes = b->holes,
		.sample = b->o->want_estimate,
		.candidates = crx_build_needs_costs(b),
		.old = b->o->update.like && !b->o->update.recompress ? &b->old.values : NULL,
	};
}

int crx_build_pack(struct crx_builder *b, struct crx_err *err)
{
	struct crx_pack_opts o = pack_opts(b);
	struct crx_progress progress;

	return crx_pack(&b->facts, &b->wishes, &o, begin(b, &progress), &b->packed, err);
}

int crx_build_pack_candidates(struct crx_builder *b, struct crx_err *err)
{
	struct crx_pack_opts o = pack_opts(b);
	struct crx_progress progress;

	if (o.candidates)
		return 0;
	o.candidates = true;
	return crx_pack_candidates(&b->facts, &b->wishes, &o, begin(b, &progress), &b->packed, err);
}
