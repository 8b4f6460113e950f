/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What overlaps something else cannot keep its place.
 */
#include "config.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "old/parts.h"

struct extent {
	uint64_t start, end;
	bool *overlaps;          /* of a block; or NULL */
	struct crx_old_table *t; /* or NULL */
};

static int by_start(const void *a, const void *b)
{
	const struct extent *x = a, *y = b;
	int c = crx_compare(x->start, y->start);

	return c ? c : crx_compare(x->end, y->end);
}

static void mark(const struct extent *x)
{
	if (x->overlaps)
		*x->overlaps = true;
	if (x->t)
		x->t->usable = false;
}

static size_t list_extents(struct crx_old *old, const struct crx_image *img,
			   const struct crx_listing *l, struct extent *x)
{
	size_t i, n = 0;

	x[n++] = (struct extent){ img->super_off, img->super_off + CRX_SUPER_LEN, NULL, NULL };
	for (i = 0; i < old->nblocks; i++) {
		struct crx_old_block *b = &old->block[i];
		uint64_t end = crx_old_end(old, b);

		if (b->kind == CRX_OLD_PAGE)
			end = crx_round_up(end, old->page_size);
		x[n++] = (struct extent){ b->off, end, &b->overlaps, NULL };
	}
	for (i = 0; i < old->ntables; i++) {
		struct crx_old_table *t = &old->table[i];

		if (t->usable)
			x[n++] = (struct extent){ t->off,
						  t->off + (uint64_t)t->nblks * CRX_BLKPTR_LEN,
						  NULL, t };
	}
	for (i = 0; i < l->n; i++) {
		const struct crx_inode *in = &l->entry[i].de.inode;

		if (S_ISDIR(in->mode) && in->size && l->entry[i].entered)
			x[n++] = (struct extent){ in->off, (uint64_t)in->off + in->size, NULL,
						  NULL };
	}
	return n;
}

int crx_old_find_overlaps(struct crx_old *old, const struct crx_image *img,
			  const struct crx_listing *l, struct crx_err *err)
{
	struct extent *x = crx_alloc(1 + old->nblocks + old->ntables + l->n, sizeof(*x));
	size_t i, n, longest = 0;

	if (!x)
		return crx_err_nomem(err, "reading the old image");
	n = list_extents(old, img, l, x);
	qsort(x, n, sizeof(*x), by_start);
	for (i = 1; i < n; i++) {
		if (x[i].start < x[longest].end) {
			mark(&x[i]);
			mark(&x[longest]);
		}
		if (x[i].end > x[longest].end)
			longest = i;
	}
	free(x);
	return 0;
}
