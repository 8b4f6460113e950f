/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The layout of a first image: everything in one sequence, with the reserve, if there is one,
 * where updates need space.
 */
#include "config.h"

#include "place/layout/parts.h"

enum {
	DIRS_SHARE = 8, /* at most 1/8 of the reserve is between directories ... */
	LEAST_LEN = 64  /* ... and each gets at least this much, if there is enough */
};

struct reserve {
	uint64_t dirs_len; /* of all directories but the last */
	uint64_t for_dirs, each, for_runs;
};

/* How the reserve is divided. The last directory gets nothing: the first table must follow it. */
static struct reserve divide(const struct crx_layout_input *in, const struct crx_layout *l)
{
	struct reserve r = { 0 };
	uint64_t total = in->o->reserve;
	size_t i, n = 0;

	for (i = 0; i + 1 < l->npieces && l->piece[i + 1].kind == CRX_PIECE_DIR; i++, n++)
		r.dirs_len += l->piece[i].len;
	r.for_dirs = total / DIRS_SHARE < r.dirs_len ? total / DIRS_SHARE : r.dirs_len;
	if (n && r.for_dirs / 2 >= n * LEAST_LEN)
		r.each = LEAST_LEN;
	r.for_dirs -= n * r.each;
	if (in->p->nruns)
		r.for_runs = total - (r.for_dirs + n * r.each);
	return r;
}

static void add_free(struct crx_layout *l, struct crx_piece *out, uint64_t *at, uint64_t len)
{
	if (len < CRX_LAYOUT_FREE_MIN)
		return;
	*out = (struct crx_piece){ .kind = CRX_PIECE_FREE, .off = *at, .len = len };
	l->npieces++;
	*at += len;
}

uint64_t crx_layout_fresh(const struct crx_layout_input *in, struct crx_layout *l)
{
	const struct reserve r = divide(in, l);
	uint64_t at = l->bytes.head;
	size_t n = l->npieces, i;
	struct crx_piece *from = l->piece + n + 1, *p;
	bool runs = false;

	/* the array has room for as many pieces of free space */
	memmove(from, l->piece, n * sizeof(*from));
	l->npieces = 0;
	for (i = 0; i < n; i++) {
		if (from[i].kind == CRX_PIECE_RUN && !runs) {
			add_free(l, &l->piece[l->npieces], &at, r.for_runs);
			runs = true;
		}
		at = crx_round_up(at, crx_layout_align(in, &from[i]));
		p = &l->piece[l->npieces++];
		*p = from[i];
		p->off = at;
		at += p->len;
		if (r.dirs_len && i + 1 < n && p->kind == CRX_PIECE_DIR &&
		    from[i + 1].kind == CRX_PIECE_DIR)
			add_free(l, &l->piece[l->npieces], &at,
				 (r.for_dirs * p->len / r.dirs_len + r.each) & ~UINT64_C(3));
	}
	return at;
}
