/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <stdlib.h>

#include "place/layout/like_steps.h"

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

/* Places everything, with nothing after the limit. Clears *fits if that is impossible, or if
 * nothing can stay where it was. */
static int try_to_keep(struct crx_like *k, uint64_t limit, bool *fits, struct crx_err *err)
{
	int ret = 0;

	k->limit = limit;
	*fits = crx_like_keep(k);
	if (*fits)
		ret = crx_like_place_dirs(k, err);
	if (*fits && !ret)
		ret = crx_like_put(k, fits, err);
	*fits = *fits && end_of(k) <= limit;
	return ret;
}

/* First as if there were no limit, since that moves the least. */
static int keep_most(struct crx_like *k, bool *fits, struct crx_err *err)
{
	uint64_t max = k->in->o->max_size;
	uint32_t page = k->in->p->facts->page_size;
	int ret = try_to_keep(k, CRX_SPACE_END / 2, fits, err);

	if (ret || (*fits && crx_round_up(end_of(k), page) <= max))
		return ret;
	return try_to_keep(k, max / page * page, fits, err);
}

int crx_layout_like(const struct crx_layout_input *in, struct crx_layout *l, uint64_t *end,
		    struct crx_err *err)
{
	struct crx_like k = {
		.in = in, .piece = l->piece, .n = l->npieces, .begin = l->bytes.head
	};
	bool fits = false;
	int ret;

	while (k.ndirs < k.n && k.piece[k.ndirs].kind == CRX_PIECE_DIR)
		k.ndirs++;
	k.item = crx_alloc(k.n, sizeof(*k.item));
	k.order = crx_alloc(k.n, sizeof(*k.order));
	ret = k.item && k.order ? keep_most(&k, &fits, err)
				: crx_err_nomem(err, "laying out the image");
	if (!ret && fits) {
		*end = end_of(&k);
		finish(&k, l);
	} else {
		*end = ret ? 0 : crx_layout_fresh(in, l);
	}
	free(k.item);
	free(k.order);
	return ret;
}
