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

/* What the image came to. */
struct attempt {
	bool any;  /* something stays where it was */
	bool fits; /* everything has a place, in max_size bytes */
	uint64_t end;
};

static int try_to_keep(struct crx_like *k, bool limited, uint64_t most, struct attempt *out,
		       struct crx_err *err)
{
	uint32_t page = k->in->p->facts->page_size;
	int ret = crx_like_keep(k, limited, most, &out->any, err);

	out->fits = false;
	if (ret || !out->any)
		return ret;
	ret = crx_like_place_dirs(k, err);
	if (!ret)
		ret = crx_like_put(k, &out->fits, err);
	out->end = end_of(k);
	out->fits = out->fits && crx_round_up(out->end, page) <= k->in->o->max_size;
	return ret;
}

/* Between lo erase blocks, which are too few to empty, and hi: about the fewest that suffice. */
static int empty_fewer(struct crx_like *k, uint64_t lo, uint64_t hi, struct attempt *out,
		       struct crx_err *err)
{
	uint64_t middle;
	int ret = 0;

	while (hi - lo > 1 + hi / 16 && !ret) {
		middle = lo + (hi - lo) / 2;
		ret = try_to_keep(k, true, middle, out, err);
		if (out->fits)
			hi = middle;
		else
			lo = middle;
	}
	/* the last attempt may have been a smaller one, which failed */
	return ret || out->fits ? ret : try_to_keep(k, true, hi, out, err);
}

static int keep_most(struct crx_like *k, struct attempt *out, struct crx_err *err)
{
	uint64_t most;
	int ret = try_to_keep(k, false, 0, out, err);

	if (!ret && !out->fits)
		ret = try_to_keep(k, true, 0, out, err);
	if (ret || out->fits)
		return ret;
	for (most = 1; !ret; most *= 2) {
		ret = try_to_keep(k, true, most, out, err);
		if (out->fits || !out->any)
			break;
	}
	return ret || !out->fits ? ret : empty_fewer(k, most / 2, most, out, err);
}

int crx_layout_like(const struct crx_layout_input *in, struct crx_layout *l, uint64_t *end,
		    struct crx_err *err)
{
	struct crx_like k = {
		.in = in, .piece = l->piece, .n = l->npieces, .begin = l->bytes.head
	};
	struct attempt got = { 0 };
	int ret;

	while (k.ndirs < k.n && k.piece[k.ndirs].kind == CRX_PIECE_DIR)
		k.ndirs++;
	k.item = crx_alloc(k.n, sizeof(*k.item));
	k.order = crx_alloc(k.n, sizeof(*k.order));
	ret = k.item && k.order ? keep_most(&k, &got, err)
				: crx_err_nomem(err, "laying out the image");
	if (!ret && got.fits)
		finish(&k, l);
	*end = ret ? 0 : got.fits ? got.end : crx_layout_fresh(in, l);
	free(k.item);
	free(k.order);
	return ret;
}
