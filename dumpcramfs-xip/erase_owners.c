/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "erase.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "blocks.h"

struct owned {
	uint64_t off, len;
	const struct crx_entry *e;
};

struct owners {
	const struct view *v;
	const struct crx_image *a;
	const struct erase_changes *c;
	struct owned *at;
	size_t n, cap;
	uint64_t blocks; /* that may still be examined */
	struct crx_err *err;
};

/* The first range that does not end before off. */
static size_t find_range(const struct erase_changes *c, uint64_t off)
{
	size_t lo = 0, hi = c->n, middle;

	while (lo < hi) {
		middle = lo + (hi - lo) / 2;
		if (c->range[middle].off + c->range[middle].len <= off)
			lo = middle + 1;
		else
			hi = middle;
	}
	return lo;
}

static bool differs(const struct owners *o, uint64_t off, uint64_t len)
{
	return off + len > o->c->old_len ||
	       memcmp(o->a->data + off, o->v->img.data + off, (size_t)len) != 0;
}

/* Only what differs is kept. */
static int add(struct owners *o, const struct crx_entry *e, uint64_t off, uint64_t len)
{
	size_t r = find_range(o->c, off);

	if (!len || off >= o->c->new_len || len > o->c->new_len - off || r == o->c->n ||
	    o->c->range[r].off >= off + len || !differs(o, off, len))
		return 0;
	if (!crx_grow(&o->at, &o->cap, o->n + 1, sizeof(*o->at)))
		return crx_err_nomem(o->err, "comparing erase blocks");
	o->at[o->n++] = (struct owned){ off, len, e };
	return 0;
}

static int add_entry(struct owners *o, const struct crx_entry *e)
{
	const struct crx_image *img = &o->v->img;
	uint32_t n, i;
	struct block b;
	int ret;

	if (S_ISDIR(e->de.inode.mode))
		return e->entered ? add(o, e, e->de.inode.off, e->de.inode.size) : 0;
	if (!has_blocks(e))
		return 0;
	n = block_count(img, e);
	if (n > o->blocks)
		return 0;
	o->blocks -= n;
	ret = add(o, e, e->de.inode.off, (uint64_t)n * CRX_BLKPTR_LEN);
	for (i = 0; i < n && !ret; i++) {
		block_find(img, e, i, &b);
		if (b.kind != BLOCK_HOLE && b.kind != BLOCK_BAD)
			ret = add(o, e, b.off, b.len);
	}
	return ret;
}

static int by_off(const void *a, const void *b)
{
	const struct owned *x = a, *y = b;
	int c = crx_compare(x->off, y->off);

	if (!c && x->e && y->e)
		c = crx_compare(x->e->index, y->e->index);
	return c;
}

int erase_owners(const struct view *v, const struct crx_image *a, const struct erase_changes *c,
		 void (*fn)(void *ctx, size_t range, const struct crx_entry *e), void *ctx,
		 struct crx_err *err)
{
	struct owners o = { .v = v, .a = a, .c = c, .blocks = BLOCKS_BUDGET, .err = err };
	size_t i, r;
	int ret = add(&o, NULL, v->img.super_off, CRX_SUPER_LEN);

	for (i = 0; i < v->list.n && !ret; i++)
		ret = add_entry(&o, &v->list.entry[i]);
	if (!ret && o.n)
		qsort(o.at, o.n, sizeof(*o.at), by_off);
	/* one that extends over several ranges belongs to each */
	for (i = 0; i < o.n && !ret; i++)
		for (r = find_range(c, o.at[i].off);
		     r < c->n && c->range[r].off < o.at[i].off + o.at[i].len; r++)
			fn(ctx, r, o.at[i].e);
	free(o.at);
	return ret;
}
