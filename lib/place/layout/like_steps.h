/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The steps of a layout around an old image. Private to layout.
 *
 *   like.c         tries them, first without a limit, then with that of the image's size
 *   like_keep.c    what stays in its place
 *   like_dirs.c    the directories, and where they end: the lowest table must follow them, or
 *                  fsck.cramfs and cramfsck refuse the image
 *   like_put.c     all the rest, wherever it costs the fewest erase blocks
 *   like_clear.c   a place for what fits nowhere: smaller pieces move out of its way
 */
#ifndef CRX_LAYOUT_LIKE_STEPS_H
#define CRX_LAYOUT_LIKE_STEPS_H

#include "place/layout/parts.h"
#include "place/layout/space.h"

/* A piece of the layout, by the same index. */
struct crx_like_item {
	uint64_t old_off; /* where the old image has it, or a part of it; 0: nowhere */
	uint64_t off;     /* if placed */
	bool kept;        /* it stays at old_off */
	bool placed;
};

/* What is kept when the placing begins; some of it may be evicted later. */
struct crx_like_kept {
	uint64_t off, end;
	uint32_t index;
};

struct crx_like {
	const struct crx_layout_input *in;
	struct crx_piece *piece;
	struct crx_like_item *item;
	size_t n, ndirs; /* the directories come first; the root is 0, unless there are none */
	struct crx_like_kept *order; /* ascending; disjoint */
	size_t norder;
	uint64_t begin; /* of the root's entries */
	uint64_t seam;  /* the lowest table is here, or after it */
	uint64_t limit; /* nothing may end after it */
	struct crx_space space;
};

/* The piece loses its place in the old image. */
static inline void crx_like_evict(struct crx_like *k, size_t i)
{
	k->item[i].kept = false;
	k->item[i].old_off = 0;
}

/* Sets the items and order: what stays where it was, up to the limit. Does anything? */
bool crx_like_keep(struct crx_like *k);

/* The first of order that ends after off. */
size_t crx_like_first_after(const struct crx_like *k, uint64_t off);

/* Bytes of what is kept and overlaps these; evicts it if asked. */
uint64_t crx_like_overlapping(struct crx_like *k, uint64_t off, uint64_t end, bool evict);

/* Places all directories, and perhaps a table after them; sets seam. Something is kept, so there is
 * at least a root. */
int crx_like_place_dirs(struct crx_like *k, struct crx_err *err) CRX_MUST_CHECK;

/* Places everything else. Clears *fits if something would end after the limit, or a table begin
 * where inodes cannot point. */
int crx_like_put(struct crx_like *k, bool *fits, struct crx_err *err) CRX_MUST_CHECK;

/* A place for piece i that begins at max or before: evicts kept pieces which are smaller, so that
 * the fewest bytes move and the fewest clean blocks are touched. Free space in the end. */
int crx_like_clear(struct crx_like *k, size_t i, uint64_t max, uint64_t *off, bool *found,
		   struct crx_err *err) CRX_MUST_CHECK;

#endif
