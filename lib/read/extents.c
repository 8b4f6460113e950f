/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where every table and block lies. A bitmap of first bytes comes first; then
 * there is one place for each bit, so that looking one up needs no search and
 * blocks that are shared a million times are held once.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "read/check_parts.h"

enum {
	/* No block has fewer bytes than this with its pointer, but the odd last
	 * one: a zlib stream of nothing has 8. */
	EXTENT_BYTES = 12,
	EXTENTS_MIN = 65536
};

static unsigned popcount(uint64_t v)
{
	unsigned n = 0;

#if defined(__GNUC__)
	n = (unsigned)__builtin_popcountll(v);
#else
	for (; v; v &= v - 1)
		n++;
#endif
	return n;
}

struct crx_extent *crx_check_extent(const struct crx_check *c, uint64_t start)
{
	if (!c->ext || start >= c->limit || !crx_bit(c->start, start))
		return NULL;
	return &c->ext[c->rank[start / 64] + popcount(c->start[start / 64] & ((1ull << start % 64) - 1))];
}

uint32_t crx_check_last_len(const struct crx_image *img, const struct crx_inode *inode)
{
	return (crx_k_i_size(inode) - 1) % img->page_size + 1;
}

/* Bytes of what lies at the entry's offset: its table, or what could be read
 * of its entries. 0: nothing. */
static uint32_t metadata_len(const struct crx_check *c, const struct crx_entry *e)
{
	const struct crx_entry *last;

	if (!S_ISDIR(e->de.inode.mode))
		return S_ISREG(e->de.inode.mode) || S_ISLNK(e->de.inode.mode) ? crx_k_max_pages(c->img, &e->de.inode) * CRX_BLKPTR_LEN : 0;
	if (!e->nchildren)
		return 0;
	last = &c->l.entry[e->first_child + e->nchildren - 1];
	return last->de.off + CRX_INODE_LEN + last->de.inode.namelen4 * 4u - e->de.inode.off;
}

/* Is the entry the first with this offset, and is what is there to be looked at? */
static bool becomes_owner(struct crx_check *c, const struct crx_entry *e, uint64_t *words_left)
{
	uint32_t off = e->de.inode.off, len = metadata_len(c, e);

	if (!len || !off || !crx_check_inside(c, off, len) || crx_bit(c->met, off / 4))
		return false;
	if (len / CRX_BLKPTR_LEN > *words_left) {
		c->too_many_words = true;
		return false;
	}
	*words_left -= len / CRX_BLKPTR_LEN;
	crx_bit_set(c->met, off / 4);
	crx_bit_set(c->owner, e->index);
	return true;
}

/* Block i of e, if it has bytes that can be read. */
static bool block_at(const struct crx_check *c, const struct crx_entry *e, uint32_t i, struct crx_k_block *b)
{
	return !crx_k_find_block(c->img, &e->de.inode, i, b) && !b->hole && crx_check_inside(c, b->start, b->len);
}

static uint32_t blocks_of(const struct crx_check *c, const struct crx_entry *e)
{
	return S_ISDIR(e->de.inode.mode) ? 0 : crx_k_max_pages(c->img, &e->de.inode);
}

/* Every first byte. Tables that overlap could have more words than the image:
 * a sound image has no more than fit into it. */
static void mark_starts(struct crx_check *c)
{
	uint64_t words_left = c->limit / CRX_BLKPTR_LEN;
	struct crx_k_block b;
	size_t k;
	uint32_t i;

	if (crx_check_inside(c, c->img->super_off, CRX_SUPER_LEN))
		crx_bit_set(c->start, c->img->super_off);
	for (k = 0; k < c->l.n; k++) {
		const struct crx_entry *e = &c->l.entry[k];

		if (!becomes_owner(c, e, &words_left))
			continue;
		crx_bit_set(c->start, e->de.inode.off);
		for (i = 0; i < blocks_of(c, e); i++)
			if (block_at(c, e, i, &b))
				crx_bit_set(c->start, b.start);
	}
}

/* Room for one extent for each bit. */
static int make_room(struct crx_check *c, struct crx_err *err)
{
	uint64_t words = c->limit / 64 + 1, i, n = 0;

	c->rank = crx_alloc((size_t)words, sizeof(*c->rank));
	if (!c->rank)
		return crx_err_nomem(err, "checking the image");
	for (i = 0; i < words; i++) {
		c->rank[i] = (uint32_t)n;
		n += popcount(c->start[i]);
	}
	if (n > c->limit / EXTENT_BYTES + EXTENTS_MIN) {
		c->too_many_exts = true;
		return 0;
	}
	c->nexts = (size_t)n;
	c->ext = crx_zalloc(c->nexts, sizeof(*c->ext));
	return c->ext ? 0 : crx_err_nomem(err, "checking the image");
}

static bool is_uncompressed(unsigned kind)
{
	return kind == CRX_EXT_STORED || kind == CRX_EXT_RUN;
}

/* Puts an extent into its place. Equal ones are one; uncompressed bytes may be
 * a run's block and another table's plain one. */
static void place(struct crx_check *c, uint64_t start, uint64_t len, enum crx_extent_kind kind, uint32_t owner, bool link)
{
	struct crx_extent *x = crx_check_extent(c, start);

	if (!x)
		return; /* the file has changed since its byte was marked */
	if (!x->len) {
		*x = (struct crx_extent){ .start = (uint32_t)start, .len = len & 0xffffff, .kind = kind, .value = owner };
	} else {
		if (x->len != len || (x->kind != kind && !(is_uncompressed(kind) && is_uncompressed(x->kind))))
			x->conflict = 1;
		if (x->kind == CRX_EXT_RUN && kind == CRX_EXT_RUN && x->value != owner)
			x->two_tables = 1;
		if (x->kind == CRX_EXT_STORED && kind == CRX_EXT_RUN) {
			x->kind = kind;
			x->value = owner & 0x7fffffff;
		}
	}
	x->link |= link;
}

static void place_metadata(struct crx_check *c)
{
	size_t k;

	if (crx_check_inside(c, c->img->super_off, CRX_SUPER_LEN))
		place(c, c->img->super_off, CRX_SUPER_LEN, CRX_EXT_SUPER, 0, false);
	for (k = 0; k < c->l.n; k++) {
		const struct crx_entry *e = &c->l.entry[k];

		if (crx_bit(c->owner, k))
			place(c, e->de.inode.off, metadata_len(c, e), S_ISDIR(e->de.inode.mode) ? CRX_EXT_DIR : CRX_EXT_TABLE, e->index, false);
	}
}

static void place_blocks(struct crx_check *c)
{
	struct crx_k_block b;
	size_t k;
	uint32_t i;

	for (k = 0; k < c->l.n; k++) {
		const struct crx_entry *e = &c->l.entry[k];
		bool link = S_ISLNK(e->de.inode.mode);

		if (!crx_bit(c->owner, k))
			continue;
		for (i = 0; i < blocks_of(c, e); i++) {
			if (!block_at(c, e, i, &b))
				continue;
			if (!b.uncompressed)
				place(c, b.start, b.len, CRX_EXT_ZLIB, 0, link);
			else
				place(c, b.start, b.len, b.direct ? CRX_EXT_RUN : CRX_EXT_STORED, e->index, link);
		}
	}
}

/* What begins before another has ended. */
static void mark_overlaps(struct crx_check *c)
{
	size_t i, longest = 0;
	uint64_t end = 0;

	for (i = 0; i < c->nexts; i++) {
		struct crx_extent *x = &c->ext[i];

		if (x->start < end) {
			x->overlap = 1;
			c->ext[longest].overlap = 1;
		}
		if ((uint64_t)x->start + x->len > end) {
			end = (uint64_t)x->start + x->len;
			longest = i;
		}
	}
}

int crx_check_collect(struct crx_check *c, struct crx_err *err)
{
	int ret;

	c->met = crx_zalloc((size_t)((c->limit < CRX_INODE_OFF_MAX ? c->limit : CRX_INODE_OFF_MAX) / 256 + 1), sizeof(*c->met));
	c->owner = crx_zalloc(c->l.n / 64 + 1, sizeof(*c->owner));
	c->start = crx_zalloc((size_t)(c->limit / 64 + 1), sizeof(*c->start));
	if (!c->met || !c->owner || !c->start)
		return crx_err_nomem(err, "checking the image");
	mark_starts(c);
	ret = make_room(c, err);
	if (ret < 0 || !c->ext)
		return ret;
	place_metadata(c);
	place_blocks(c);
	mark_overlaps(c);
	return 0;
}
