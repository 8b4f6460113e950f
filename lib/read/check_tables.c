/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The blocks of one file or symbolic link: each as cramfs_read_folio() reads it, runs as
 * cramfs_physmem_mmap() maps them.
 */
#include "config.h"

#include <sys/stat.h>

#include "base/number.h"
#include "read/check_parts.h"

/* Blocks of one table with the same fault, which make one finding. */
struct fault {
	uint32_t n, first;
	uint64_t off; /* of the first */
};

struct table {
	struct crx_check *c;
	const struct crx_entry *e;
	uint32_t nblks;
	struct fault overlap, two_tables, unaligned, flags;
};

static void count_fault(struct fault *s, uint32_t blk, uint64_t off)
{
	if (!s->n++) {
		s->first = blk;
		s->off = off;
	}
}

static void report_fault(const struct table *t, const struct fault *s, enum crx_finding_kind id,
			 const char *text)
{
	if (s->n)
		crx_check_report(t->c, id, t->e, s->off, "%lu of %lu block%s, first block %lu: %s",
				 (unsigned long)s->n, (unsigned long)t->nblks, crx_plural(t->nblks),
				 (unsigned long)s->first, text);
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
		crx_check_report(t->c, CRX_F_BLOCK_SHORT, t->e, start,
				 "block %lu has %lu byte%s of %lu: the rest reads as zeros",
				 (unsigned long)i, (unsigned long)n, crx_plural(n),
				 (unsigned long)want);
	else if (n > want)
		crx_check_report(t->c, CRX_F_BLOCK_LONG, t->e, start,
				 "block %lu has %lu bytes, of which %lu belong to the file",
				 (unsigned long)i, (unsigned long)n, (unsigned long)want);
}

static void check_extent(struct table *t, uint32_t i, const struct crx_k_block *b,
			 const struct crx_extent *x)
{
	bool inflated = (size_t)(x - t->c->ext) < t->c->inflated;

	if (x->overlap || x->conflict)
		count_fault(&t->overlap, i, b->start);
	if (x->nul && !x->bad)
		crx_check_report(t->c, CRX_F_LINK_NUL, t->e, b->start,
				 "the target of the link contains a NUL byte, and ends there");
	if (x->kind == CRX_EXT_RUN && b->direct && x->two_tables && x->value != t->e->index)
		count_fault(&t->two_tables, i, b->start);
	/* in a conflict, the extent is not this block's */
	if (b->uncompressed || x->kind != CRX_EXT_ZLIB || x->len != b->len || !inflated)
		return;
	if (x->bad)
		crx_check_report(t->c, CRX_F_BLOCK_STREAM, t->e, b->start,
				 "block %lu of %lu: what it has (%lu byte%s) is not a zlib stream "
				 "of a "
				 "page (error while decompressing)",
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
		count_fault(&t->unaligned, i, b->start);
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
		count_fault(&t->flags, i, pointer_off);
	if (why) {
		crx_check_report(c, b.len ? CRX_F_BLOCK_LENGTH : CRX_F_BLOCK_OUTSIDE, t->e,
				 pointer_off, "block %lu of %lu, %lu byte%s at %lu: %s",
				 (unsigned long)i, (unsigned long)t->nblks, (unsigned long)b.len,
				 crx_plural(b.len), (unsigned long)b.start, crx_k_why_text(why));
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
		crx_check_report(c, CRX_F_BLOCK_OUTSIDE, t->e, pointer_off,
				 "block %lu of %lu, %lu byte%s at %lu, is not within the image",
				 (unsigned long)i, (unsigned long)t->nblks, (unsigned long)b.len,
				 crx_plural(b.len), (unsigned long)b.start);
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
	report_fault(&t, &t.flags, CRX_F_POINTER_FLAGS,
		     "pointers with the flags of extended block pointers, which the image does not "
		     "have");
	report_fault(&t, &t.overlap, CRX_F_BLOCK_OVERLAP, "overlaps another block or a table");
	report_fault(&t, &t.two_tables, CRX_F_RUN_IN_TWO_TABLES,
		     "also in the run of another file: a kernel without an MMU panics when both "
		     "are mapped");
	report_fault(&t, &t.unaligned, CRX_F_RUN_UNALIGNED,
		     "direct and uncompressed, but not page-aligned: a kernel with an MMU does not "
		     "map it in place");
	check_last_page(&t);
}
