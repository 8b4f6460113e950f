/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <stdlib.h>

#include "place/layout/like_steps.h"

/* A place that is taken. */
struct taken {
	uint64_t off, end;
	size_t i;
};

struct dirs {
	struct crx_like *k;
	struct taken *taken; /* ascending; the root first */
	size_t n;
	uint64_t limit; /* the lowest table that is kept; CRX_SPACE_END: none */
};

static uint64_t lowest_table(const struct crx_like *k)
{
	size_t i;

	for (i = 0; i < k->norder; i++)
		if (k->item[k->order[i].index].kept &&
		    k->piece[k->order[i].index].kind == CRX_PIECE_TABLE)
			return k->order[i].off;
	return CRX_SPACE_END;
}

static uint64_t end_of_dirs(const struct dirs *d)
{
	return d->taken[d->n - 1].end; /* the root is there */
}

static void take(struct dirs *d, size_t i, uint64_t off)
{
	size_t at = d->n++;

	for (; at && d->taken[at - 1].off > off; at--)
		d->taken[at] = d->taken[at - 1];
	d->taken[at] = (struct taken){ off, off + d->k->piece[i].len, i };
	d->k->item[i].off = off;
	d->k->item[i].placed = true;
}

static bool is_free(const struct dirs *d, uint64_t off, uint64_t len)
{
	size_t lo = 1, hi = d->n, middle;

	/* lo: after the last one that begins before the end; the root always does */
	while (lo < hi) {
		middle = lo + (hi - lo) / 2;
		if (d->taken[middle].off < off + len)
			lo = middle + 1;
		else
			hi = middle;
	}
	return off + len <= d->limit && d->taken[lo - 1].end <= off;
}

/* Directories that fit where they were: first those that have not grown. */
static void stay(struct dirs *d, bool grown)
{
	struct crx_like *k = d->k;
	size_t i;

	for (i = 1; i < k->ndirs; i++) {
		const struct crx_old_entry *e = &k->in->o->old->node[k->piece[i].index];

		if (!k->item[i].placed && k->item[i].old_off &&
		    (k->piece[i].len > e->dir_len) == grown &&
		    is_free(d, k->item[i].old_off, k->piece[i].len))
			take(d, i, k->item[i].old_off);
	}
}

/* The others: into the smallest gap between directories that is large enough. */
static void fill_gaps(struct dirs *d)
{
	struct crx_like *k = d->k;
	uint64_t len, gap, best, best_len;
	size_t i, at;

	for (i = 1; i < k->ndirs; i++) {
		if (k->item[i].placed)
			continue;
		len = k->piece[i].len;
		best = 0;
		best_len = UINT64_MAX;
		for (at = 0; at + 1 < d->n; at++) {
			gap = d->taken[at + 1].off - d->taken[at].end;
			if (gap >= len && gap < best_len) {
				best = d->taken[at].end;
				best_len = gap;
			}
		}
		if (best)
			take(d, i, best);
	}
}

/* The rest goes after all others. It ends where the lowest table begins; tables that are in the
 * way lose their place, and so does everything else there. */
static void append_rest(struct dirs *d)
{
	struct crx_like *k = d->k;
	uint64_t len = 0, at = end_of_dirs(d);
	size_t i;

	for (i = 1; i < k->ndirs; i++)
		if (!k->item[i].placed)
			len += k->piece[i].len;
	if (!len)
		return;
	crx_like_overlapping(k, at, at + len, true);
	d->limit = lowest_table(k);
	if (d->limit != CRX_SPACE_END) {
		/* also what is not a table */
		crx_like_overlapping(k, at, d->limit, true);
		at = d->limit - len;
	}
	for (i = 1; i < k->ndirs; i++) {
		if (k->item[i].placed)
			continue;
		take(d, i, at);
		at += k->piece[i].len;
	}
}

static void place_table(struct crx_like *k, size_t i, uint64_t off)
{
	crx_like_evict(k, i);
	crx_like_overlapping(k, off, off + k->piece[i].len, true);
	k->item[i].off = off;
	k->item[i].placed = true;
}

/* A table for the space from `at` on: the one that was there, if it still fits; otherwise the
 * smallest one that is not kept, or the smallest one, or the lowest. Something is kept, so there is
 * a table; and if limit is the lowest that is kept, the lowest is found. */
static size_t choose_table(const struct crx_like *k, uint64_t at, uint64_t limit)
{
	size_t i, best = k->n, lowest = k->n;

	for (i = k->ndirs; i < k->n && k->piece[i].kind != CRX_PIECE_RUN; i++) {
		if (k->piece[i].kind != CRX_PIECE_TABLE)
			continue;
		if (k->item[i].kept && k->item[i].old_off == limit)
			lowest = i;
		if (k->piece[i].len > limit - at)
			continue;
		if (k->item[i].old_off == at)
			return i;
		if (best == k->n || k->item[i].kept < k->item[best].kept ||
		    (k->item[i].kept == k->item[best].kept && k->piece[i].len < k->piece[best].len))
			best = i;
	}
	return best < k->n ? best : lowest;
}

/* The lowest table follows the last directory. */
static void close_seam(struct dirs *d)
{
	struct crx_like *k = d->k;
	uint64_t end = end_of_dirs(d);
	size_t i;

	if (d->limit == CRX_SPACE_END || (d->limit != end && d->n < 2)) {
		i = choose_table(k, end, d->limit);
		place_table(k, i, end);
		k->seam = end;
		return;
	}
	i = d->taken[d->n - 1].i;
	k->item[i].off += d->limit - end;
	crx_like_overlapping(k, k->item[i].off, d->limit, true);
	k->seam = d->limit;
}

int crx_like_place_dirs(struct crx_like *k, struct crx_err *err)
{
	struct dirs d = { .k = k, .limit = lowest_table(k) };

	d.taken = crx_alloc(k->ndirs, sizeof(*d.taken));
	if (!d.taken)
		return crx_err_nomem(err, "laying out the directories");
	take(&d, 0, k->begin);
	stay(&d, false);
	stay(&d, true);
	fill_gaps(&d);
	append_rest(&d);
	close_seam(&d);
	/* only directories come before the tables */
	crx_like_overlapping(k, k->begin, k->seam, true);
	free(d.taken);
	return 0;
}
