/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The blocks of one file or link: each as cramfs_read_folio() serves it, the
 * runs as cramfs_physmem_mmap() maps them.
 */
#include "config.h"

#include <sys/stat.h>

#include "read/check_parts.h"

/* Blocks of one table with the same fault: one finding. */
struct same {
	uint32_t n, first;
	uint64_t off; /* of the first */
};

struct table {
	struct crx_check *c;
	const struct crx_entry *e;
	uint32_t nblks;
	struct same overlap, two_tables, unaligned, flags;
};

static void one_more(struct same *s, uint32_t blk, uint64_t off)
{
	if (!s->n++) {
		s->first = blk;
		s->off = off;
	}
}

static void tell_same(const struct table *t, const struct same *s, enum crx_finding_kind id, const char *text)
{
	if (s->n)
		crx_check_report(t->c, id, t->e, s->off, "%lu of %lu blocks, block %lu first: %s", (unsigned long)s->n, (unsigned long)t->nblks, (unsigned long)s->first, text);
}

static uint32_t expected_len(const struct table *t, uint32_t i)
{
	return i + 1 < t->nblks ? t->c->img->page_size : crx_check_last_len(t->c->img, &t->e->de.inode);
}

/* n bytes for block i; the kernel fills up with zeros. */
static void check_length(const struct table *t, uint32_t i, uint64_t start, uint32_t n)
{
	uint32_t want = expected_len(t, i);

	if (n < want)
		crx_check_report(t->c, CRX_F_BLOCK_SHORT, t->e, start, "block %lu has %lu bytes of %lu: the rest reads as zeros", (unsigned long)i, (unsigned long)n, (unsigned long)want);
	else if (n > want)
		crx_check_report(t->c, CRX_F_BLOCK_LONG, t->e, start, "block %lu has %lu bytes, the file %lu of them", (unsigned long)i, (unsigned long)n, (unsigned long)want);
}

static void check_extent(struct table *t, uint32_t i, const struct crx_k_block *b, const struct crx_extent *x)
{
	bool inflated = (size_t)(x - t->c->ext) < t->c->inflated;

	if (x->overlap || x->conflict)
		one_more(&t->overlap, i, b->start);
	if (x->nul && !x->bad)
		crx_check_report(t->c, CRX_F_LINK_NUL, t->e, b->start, "the target of the link has a NUL byte in it, and ends there");
	if (x->kind == CRX_EXT_RUN && b->direct && x->two_tables && x->value != t->e->index)
		one_more(&t->two_tables, i, b->start);
	/* a conflict: the extent is not this block's */
	if (b->uncompressed || x->kind != CRX_EXT_ZLIB || x->len != b->len || !inflated)
		return;
	if (x->bad)
		crx_check_report(t->c, CRX_F_BLOCK_STREAM, t->e, b->start, "block %lu of %lu: the %lu bytes are no zlib stream of a page (error while decompressing)", (unsigned long)i,
			      (unsigned long)t->nblks, (unsigned long)b->len);
	else
		check_length(t, i, b->start, x->value);
}

static void check_uncompressed(struct table *t, uint32_t i, const struct crx_k_block *b)
{
	t->c->out->in_place += b->direct;
	t->c->out->stored += !b->direct;
	if (!b->direct)
		check_length(t, i, b->start, (uint32_t)b->len);
	else if (b->start % t->c->img->page_size)
		one_more(&t->unaligned, i, b->start);
}

/* A block of length 0. */
static void check_hole(struct table *t, uint32_t i, const struct crx_k_block *b)
{
	t->c->out->holes++;
	if (b->direct && b->uncompressed)
		crx_check_report(t->c, CRX_F_EXACT_TAIL, t->e, b->start, "block %lu, the last, is a whole page, direct and uncompressed: read() gives zeros for it, a mapping shows what is there", (unsigned long)i);
	else if (!(t->c->img->super.flags & CRX_FLAG_HOLES))
		t->c->holes_unflagged++;
}

static void check_block(struct table *t, uint32_t i)
{
	struct crx_check *c = t->c;
	const struct crx_inode *in = &t->e->de.inode;
	const struct crx_extent *x;
	struct crx_k_block b;
	enum crx_k_why why = crx_k_find_block(c->img, in, i, &b);
	uint64_t pointer_off = in->off + (uint64_t)i * CRX_BLKPTR_LEN;

	c->out->blocks++;
	if (!c->extended && (b.direct || b.uncompressed))
		one_more(&t->flags, i, pointer_off);
	if (why) {
		crx_check_report(c, b.len ? CRX_F_BLOCK_LENGTH : CRX_F_BLOCK_OUTSIDE, t->e,
			      pointer_off, "block %lu of %lu, %lu bytes at %lu: %s",
			      (unsigned long)i, (unsigned long)t->nblks, (unsigned long)b.len,
			      (unsigned long)b.start, crx_k_why_text(why));
		return;
	}
	if (b.hole) {
		check_hole(t, i, &b);
		return;
	}
	if (b.uncompressed)
		check_uncompressed(t, i, &b);
	else
		c->out->compressed++;
	if (!crx_check_inside(c, b.start, b.len)) {
		crx_check_report(c, CRX_F_BLOCK_OUTSIDE, t->e, pointer_off, "block %lu of %lu, %lu bytes at %lu, does not lie within the image", (unsigned long)i, (unsigned long)t->nblks, (unsigned long)b.len,
			      (unsigned long)b.start);
		return;
	}
	x = crx_check_extent(c, b.start);
	if (x)
		check_extent(t, i, &b, x);
}

/* The file's last page, if it is a run's. */
static void check_last_page(const struct table *t)
{
	const struct crx_inode *in = &t->e->de.inode;
	struct crx_k_block b;

	if (!t->c->extended || !S_ISREG(in->mode) || crx_k_find_block(t->c->img, in, t->nblks - 1, &b))
		return;
	if (b.hole || !b.direct || !b.uncompressed || !crx_check_inside(t->c, b.start, b.len))
		return;
	if (crx_k_last_page_is_shared(t->c->img, in))
		crx_check_report(t->c, CRX_F_SHARED_LAST_PAGE, t->e, b.start, "something else follows in the last page, which is not mapped in place therefore");
}

void crx_check_table(struct crx_check *c, const struct crx_entry *e)
{
	struct table t = { .c = c, .e = e, .nblks = crx_k_max_pages(c->img, &e->de.inode) };
	const struct crx_extent *x = crx_check_extent(c, e->de.inode.off);
	uint32_t i;

	if (x && (x->overlap || x->conflict))
		crx_check_report(c, CRX_F_TABLE_OVERLAP, e, e->de.inode.off, "its block table lies where something else lies, too");
	for (i = 0; i < t.nblks; i++)
		check_block(&t, i);
	tell_same(&t, &t.flags, CRX_F_POINTER_FLAGS, "pointers with the flags of extended ones, in an image without them");
	tell_same(&t, &t.overlap, CRX_F_BLOCK_OVERLAP, "overlaps another block, or a table");
	tell_same(&t, &t.two_tables, CRX_F_RUN_IN_TWO_TABLES, "another file's run has it, too: a kernel without an MMU ends in a panic when both are mapped");
	tell_same(&t, &t.unaligned, CRX_F_RUN_UNALIGNED, "direct and uncompressed, but at no multiple of the page size: a kernel with an MMU does not map that in place");
	check_last_page(&t);
}
