/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The blocks of one file or symbolic link: each as cramfs_read_folio() reads it, runs as
 * cramfs_physmem_mmap() maps them.
 */
#include "config.h"

#include <sys/stat.h>

#include "base/number.h"
#include "read/check_parts.h"

struct table {
	struct crx_check *c;
	const struct crx_entry *e;
	uint32_t nblks;
};

/* A fault of block i, of which several in one table make one finding. */
static void report_block(const struct table *t, enum crx_finding_kind kind, uint32_t i,
			 uint64_t off, const char *text)
{
	crx_check_fault(t->c, t->c->table, kind, t->e, off, "block %lu of %lu%s", (unsigned long)i,
			(unsigned long)t->nblks, text);
}

static uint32_t expected_len(const struct table *t, uint32_t i)
{
	return i + 1 < t->nblks ? t->c->img->page_size
				: crx_check_last_len(t->c->img, &t->e->de.inode);
}

/* Block i has n bytes. The kernel fills the rest of the page with zeros. */
static void check_length(const struct table *t, uint32_t i, uint64_t start, uint32_t n)
{
	uint32_t want = expected_len(t, i);

	if (n < want)
		crx_check_fault(t->c, t->c->table, CRX_F_BLOCK_SHORT, t->e, start,
				"block %lu has %lu byte%s of %lu: the rest reads as zeros",
				(unsigned long)i, (unsigned long)n, crx_plural(n),
				(unsigned long)want);
	else if (n > want)
		crx_check_fault(t->c, t->c->table, CRX_F_BLOCK_LONG, t->e, start,
				"block %lu has %lu bytes, of which %lu belong to the file",
				(unsigned long)i, (unsigned long)n, (unsigned long)want);
}

static void check_extent(struct table *t, uint32_t i, const struct crx_k_block *b,
			 const struct crx_extent *x)
{
	bool inflated = (size_t)(x - t->c->ext) < t->c->inflated;

	if (x->overlap || x->conflict)
		report_block(t, CRX_F_BLOCK_OVERLAP, i, b->start,
			     " overlaps another block or a table");
	if (x->nul && !x->bad)
		crx_check_report(t->c, CRX_F_LINK_NUL, t->e, b->start,
				 "the target of the link contains a NUL byte, and ends there");
	if (x->kind == CRX_EXT_RUN && b->direct && x->two_tables && x->value != t->e->index)
		report_block(t, CRX_F_RUN_IN_TWO_TABLES, i, b->start,
			     " is also in the run of another file: a kernel without an MMU panics "
			     "when both are mapped");
	/* in a conflict, the extent is not this block's */
	if (b->uncompressed || x->kind != CRX_EXT_ZLIB || x->len != b->len || !inflated)
		return;
	if (x->bad)
		crx_check_fault(t->c, t->c->table, CRX_F_BLOCK_STREAM, t->e, b->start,
				"block %lu of %lu: what it has (%lu byte%s) is not a zlib stream "
				"of a page (error while decompressing)",
				(unsigned long)i, (unsigned long)t->nblks, (unsigned long)b->len,
				crx_plural(b->len));
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
		report_block(t, CRX_F_RUN_UNALIGNED, i, b->start,
			     " is direct and uncompressed, but not page-aligned: a kernel with an "
			     "MMU does not map it in place");
}

/* A block of length 0. */
static void check_hole(struct table *t, uint32_t i, const struct crx_k_block *b)
{
	t->c->out->holes++;
	if (b->direct && b->uncompressed)
		crx_check_report(t->c, CRX_F_EXACT_TAIL, t->e, b->start,
				 "block %lu, the last, is a whole page, direct and uncompressed: "
				 "read() returns zeros, a mapping shows the data",
				 (unsigned long)i);
	else if (S_ISLNK(t->e->de.inode.mode))
		crx_check_report(t->c, CRX_F_LINK_NUL, t->e, b->start,
				 "the target of the link is a hole, and so is empty");
	else if (!(t->c->img->super.flags & CRX_FLAG_HOLES))
		t->c->holes_unflagged++;
}

/* The place of block i is unknown, because a length before it is missing. Is its pointer to where
 * the image should be? */
static bool pointer_is_cut(const struct table *t, uint32_t i)
{
	uint32_t p;

	if (!crx_image_pointer(t->c->img, t->e->de.inode.off, i, &p))
		return false;
	return crx_check_is_cut(t->c,
				p & CRX_BLK_DIRECT ? (p & ~CRX_BLK_FLAGS) << CRX_BLK_DIRECT_SHIFT
						   : p & ~CRX_BLK_FLAGS,
				CRX_DIRECT_HDR_LEN);
}

static void report_outside(const struct table *t, uint32_t i, uint64_t off, struct crx_faults *set,
			   const struct crx_k_block *b)
{
	if (!b->len)
		crx_check_fault(t->c, set, CRX_F_BLOCK_OUTSIDE, t->e, off,
				"block %lu of %lu is not within the image", (unsigned long)i,
				(unsigned long)t->nblks);
	else
		crx_check_fault(t->c, set, CRX_F_BLOCK_OUTSIDE, t->e, off,
				"block %lu of %lu, %lu byte%s at %lu, is not within the image",
				(unsigned long)i, (unsigned long)t->nblks, (unsigned long)b->len,
				crx_plural(b->len), (unsigned long)b->start);
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
		report_block(t, CRX_F_POINTER_FLAGS, i, pointer_off,
			     " has the pointer flags of extended block pointers, which the image "
			     "does not have");
	if (why && b.len) {
		crx_check_fault(c, c->table, CRX_F_BLOCK_LENGTH, t->e, pointer_off,
				"block %lu of %lu, %lu byte%s at %lu: %s", (unsigned long)i,
				(unsigned long)t->nblks, (unsigned long)b.len, crx_plural(b.len),
				(unsigned long)b.start, crx_k_why_text(why));
		return;
	}
	if (why) {
		report_outside(t, i, pointer_off, pointer_is_cut(t, i) ? c->image : c->table, &b);
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
		report_outside(t, i, pointer_off,
			       crx_check_is_cut(c, b.start, b.len) ? c->image : c->table, &b);
		return;
	}
	x = crx_check_extent_at(c, b.start);
	if (x)
		check_extent(t, i, &b, x);
}

/* The last page of a file, if it is in a run. */
static void check_last_page(const struct table *t)
{
	const struct crx_inode *in = &t->e->de.inode;
	struct crx_k_block b;

	if (!t->c->extended || !S_ISREG(in->mode) ||
	    crx_k_find_block(t->c->img, in, t->nblks - 1, &b))
		return;
	if (b.hole || !b.direct || !b.uncompressed || !crx_check_inside(t->c, b.start, b.len))
		return;
	if (crx_check_is_cut(t->c, b.start, t->c->img->page_size))
		return;
	if (crx_k_last_page_is_shared(t->c->img, in))
		crx_check_report(t->c, CRX_F_SHARED_LAST_PAGE, t->e, b.start,
				 "other data follows in the last page, which is therefore not "
				 "mapped in place");
}

void crx_check_table(struct crx_check *c, const struct crx_entry *e)
{
	struct table t = { .c = c, .e = e, .nblks = crx_k_max_pages(c->img, &e->de.inode) };
	const struct crx_extent *x = crx_check_extent_at(c, e->de.inode.off);
	uint32_t i;

	if (x && (x->overlap || x->conflict))
		crx_check_report(c, CRX_F_TABLE_OVERLAP, e, e->de.inode.off,
				 "its table overlaps something else");
	for (i = 0; i < t.nblks; i++)
		check_block(&t, i);
	crx_check_report_faults(c, c->table);
	check_last_page(&t);
}
