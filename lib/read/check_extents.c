/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where every table and block is. A bitmap of the bytes at which they begin is made first. Then the
 * array has one extent for each bit, so that a look-up needs no search, and a block that is shared
 * a million times is held once.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "read/check_parts.h"

enum {
	/* A block and its pointer have at least as many bytes, except for a few last blocks: an
	 * empty zlib stream has 8. */
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

struct crx_extent *crx_check_extent_at(const struct crx_check *c, uint64_t start)
{
	if (!c->ext || start >= c->limit || !crx_bit(c->start, start))
		return NULL;
	return &c->ext[c->rank[start / 64] +
		       popcount(c->start[start / 64] & ((1ull << start % 64) - 1))];
}

uint32_t crx_check_last_len(const struct crx_image *img, const struct crx_inode *inode)
{
	return (crx_k_i_size(inode) - 1) % img->page_size + 1;
}

/* Bytes of the entry's table, or of its directory entries as far as they could be read. */
static uint32_t metadata_len(const struct crx_check *c, const struct crx_entry *e)
{
	const struct crx_entry *last;

	if (!S_ISDIR(e->de.inode.mode))
		return S_ISREG(e->de.inode.mode) || S_ISLNK(e->de.inode.mode)
			       ? crx_k_max_pages(c->img, &e->de.inode) * CRX_BLKPTR_LEN
			       : 0;
	if (!e->nchildren)
		return 0;
	last = &c->l.entry[e->first_child + e->nchildren - 1];
	return last->de.off + CRX_INODE_LEN + last->de.inode.namelen4 * 4u - e->de.inode.off;
}

/* Makes the entry the owner of what is at its offset, unless another entry is, or too much would
 * have to be checked. */
static bool claim_offset(struct crx_check *c, const struct crx_entry *e, uint64_t *words_left)
{
	uint32_t off = e->de.inode.off, len = metadata_len(c, e);

	if (!len || !off || !crx_check_inside(c, off, len) || crx_bit(c->claimed, off / 4))
		return false;
	if (len / CRX_BLKPTR_LEN > *words_left) {
		c->too_many_words = true;
		return false;
	}
	*words_left -= len / CRX_BLKPTR_LEN;
	crx_bit_set(c->claimed, off / 4);
	crx_bit_set(c->owner, e->index);
	return true;
}

/* Finds block i of e. False if it has no bytes that can be read. */
static bool find_block(const struct crx_check *c, const struct crx_entry *e, uint32_t i,
		       struct crx_k_block *b)
{
	return !crx_k_find_block(c->img, &e->de.inode, i, b) && !b->hole &&
	       crx_check_inside(c, b->start, b->len);
}

static uint32_t blocks_of(const struct crx_check *c, const struct crx_entry *e)
{
	return S_ISDIR(e->de.inode.mode) ? 0 : crx_k_max_pages(c->img, &e->de.inode);
}

/* Marks the first byte of every extent. Tables that overlap could have more words than the image;
 * the tables of a valid image do not. */
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

		if (!claim_offset(c, e, &words_left))
			continue;
		crx_bit_set(c->start, e->de.inode.off);
		for (i = 0; i < blocks_of(c, e); i++)
			if (find_block(c, e, i, &b))
				crx_bit_set(c->start, b.start);
	}
}

/* Allocates one extent for each bit. */
static int alloc_extents(struct crx_check *c, struct crx_err *err)
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

/* Fills in the extent at start. Equal ones are shared; the same uncompressed bytes may be a block
 * of a run and, for another table, a plain block. */
static void add_extent(struct crx_check *c, uint64_t start, uint64_t len, enum crx_extent_kind kind,
		       uint32_t owner, bool link)
{
	struct crx_extent *x = crx_check_extent_at(c, start);

	if (!x)
		return; /* the file was changed after its byte was marked */
	if (!x->len) {
		*x = (struct crx_extent){
			.start = (uint32_t)start,
			.len = len & 0xffffff,
			.kind = kind,
			.value = owner,
		};
	} else {
		if (x->len != len ||
		    (x->kind != kind && !(is_uncompressed(kind) && is_uncompressed(x->kind))))
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

static void add_metadata(struct crx_check *c)
{
	size_t k;

	if (crx_check_inside(c, c->img->super_off, CRX_SUPER_LEN))
		add_extent(c, c->img->super_off, CRX_SUPER_LEN, CRX_EXT_SUPER, 0, false);
	for (k = 0; k < c->l.n; k++) {
		const struct crx_entry *e = &c->l.entry[k];

		if (crx_bit(c->owner, k))
			add_extent(c, e->de.inode.off, metadata_len(c, e),
				   S_ISDIR(e->de.inode.mode) ? CRX_EXT_DIR : CRX_EXT_TABLE,
				   e->index, false);
	}
}

static void add_blocks(struct crx_check *c)
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
			if (!find_block(c, e, i, &b))
				continue;
			if (!b.uncompressed)
				add_extent(c, b.start, b.len, CRX_EXT_ZLIB, 0, link);
			else
				add_extent(c, b.start, b.len,
					   b.direct ? CRX_EXT_RUN : CRX_EXT_STORED, e->index, link);
		}
	}
}

/* Marks extents that begin before another ends, and that other. */
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

int crx_check_extents(struct crx_check *c, struct crx_err *err)
{
	uint64_t offsets = c->limit < CRX_INODE_OFF_MAX ? c->limit : CRX_INODE_OFF_MAX;
	int ret;

	c->claimed = crx_zalloc((size_t)(offsets / 256 + 1), sizeof(*c->claimed));
	c->owner = crx_zalloc(c->l.n / 64 + 1, sizeof(*c->owner));
	c->start = crx_zalloc((size_t)(c->limit / 64 + 1), sizeof(*c->start));
	if (!c->claimed || !c->owner || !c->start)
		return crx_err_nomem(err, "checking the image");
	mark_starts(c);
	ret = alloc_extents(c, err);
	if (ret < 0 || !c->ext)
		return ret;
	add_metadata(c);
	add_blocks(c);
	mark_overlaps(c);
	return 0;
}
