/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <stdlib.h>

#include "place/layout/like.h"

static int place_all(struct crx_like *k, unsigned level, bool *any, bool *fits, struct crx_err *err)
{
	int ret = crx_like_keep(k, level, any, err);

	if (ret || !*any)
		return ret;
	ret = crx_like_place_dirs(k, err);
	return ret ? ret : crx_like_put(k, fits, err);
}

static uint64_t end_of(const struct crx_like *k)
{
	uint64_t end = k->begin, e;
	size_t i;

	for (i = 0; i < k->n; i++) {
		e = k->item[i].off + k->piece[i].len;
		end = e > end ? e : end;
	}
	return end;
}

static int by_off(const void *a, const void *b)
{
	const struct crx_piece *x = a, *y = b;

	return crx_compare(x->off, y->off);
}

/* Sorts the pieces, and adds the free space between them. */
static void finish(const struct crx_like *k, struct crx_layout *l)
{
	uint64_t at = k->begin;
	size_t i, n = k->n;

	for (i = 0; i < n; i++)
		l->piece[i].off = k->item[i].off;
	if (n)
		qsort(l->piece, n, sizeof(*l->piece), by_off);
	for (i = 0; i < n; i++) {
		uint64_t off = l->piece[i].off;

		if (off - at >= CRX_LAYOUT_FREE_MIN)
			l->piece[l->npieces++] = (struct crx_piece){ .kind = CRX_PIECE_FREE,
								     .off = at,
								     .len = off - at };
		at = off + l->piece[i].len;
	}
	if (l->npieces > n)
		qsort(l->piece, l->npieces, sizeof(*l->piece), by_off);
}

static int try_levels(struct crx_like *k, bool *done, uint64_t *end, struct crx_err *err)
{
	uint32_t page = k->in->p->facts->page_size;
	bool any = true, fits = true;
	unsigned level;
	int ret = 0;

	for (level = 0; !ret && !*done && any; level++) {
		ret = place_all(k, level, &any, &fits, err);
		*end = end_of(k);
		*done = any && fits && crx_round_up(*end, page) <= k->in->o->max_size;
	}
	return ret;
}

int crx_layout_like(const struct crx_layout_input *in, struct crx_layout *l, uint64_t *end,
		    struct crx_err *err)
{
	struct crx_like k = {
		.in = in, .piece = l->piece, .n = l->npieces, .begin = l->bytes.head
	};
	bool done = false;
	int ret;

	while (k.ndirs < k.n && k.piece[k.ndirs].kind == CRX_PIECE_DIR)
		k.ndirs++;
	k.item = crx_alloc(k.n, sizeof(*k.item));
	k.order = crx_alloc(k.n, sizeof(*k.order));
	ret = k.item && k.order ? try_levels(&k, &done, end, err)
				: crx_err_nomem(err, "laying out the image");
	if (!ret && done)
		finish(&k, l);
	else if (!ret)
		*end = crx_layout_fresh(in, l);
	free(k.item);
	free(k.order);
	return ret;
}
