/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "extents.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "blocks.h"

enum { EXTENTS_MAX = 1 << 19, EXTENTS_EACH = 64 /* one more for each 64 bytes of the image */ };

struct extent {
	uint32_t off, len;
	uint8_t use;
};

struct finder {
	const struct view *v;
	struct pieces *out;
	struct extent *extent;
	size_t n, cap, max;
	uint64_t blocks; /* that may still be examined */
	struct crx_err *err;
};

const char *use_name(enum use use)
{
	static const char *const name[] = {
		[USE_HEAD] = "head",         [USE_DIRS] = "directories",
		[USE_TABLES] = "tables",     [USE_COMPRESSED] = "compressed",
		[USE_STORED] = "stored",     [USE_HEADERS] = "headers",
		[USE_IN_PLACE] = "in place", [USE_TAILS] = "tails",
		[USE_PADDING] = "padding",   [USE_FREE] = "free",
		[USE_UNKNOWN] = "unknown",   [USE_AFTER] = "after the image",
	};

	return name[use];
}

const char *use_key(enum use use)
{
	return use == USE_IN_PLACE ? "in_place" : use == USE_AFTER ? "behind" : use_name(use);
}

/* Bytes outside the file are cut off. An extent is shorter than 4 GiB. */
static int add_extent(struct finder *f, uint64_t off, uint64_t len, enum use use)
{
	const struct crx_image *img = &f->v->img;

	if (off >= img->len || !len)
		return 0;
	if (len > img->len - off)
		len = img->len - off;
	if (f->n >= f->max) {
		f->out->truncated = true;
		return 0;
	}
	if (!crx_grow(&f->extent, &f->cap, f->n + 1, sizeof(*f->extent)))
		return crx_err_nomem(f->err, "finding what each byte is used for");
	f->extent[f->n++] = (struct extent){ (uint32_t)off, (uint32_t)len, (uint8_t)use };
	return 0;
}

static int add_block(struct finder *f, const struct block *b)
{
	uint64_t head = b->k.direct && !b->k.uncompressed ? CRX_DIRECT_HDR_LEN : 0;

	switch (b->kind) {
	case BLOCK_COMPRESSED:
		if (add_extent(f, b->off, head, USE_HEADERS) < 0)
			return CRX_ENOMEM;
		return add_extent(f, b->off + head, b->len - head, USE_COMPRESSED);
	case BLOCK_STORED:
		return add_extent(f, b->off, b->len, USE_STORED);
	case BLOCK_IN_PLACE:
		return add_extent(f, b->off, b->len, USE_IN_PLACE);
	default:
		return 0;
	}
}

static int add_table(struct finder *f, const struct crx_entry *e)
{
	uint32_t n = block_count(&f->v->img, e), i;
	struct block b;
	int ret = add_extent(f, e->de.inode.off, (uint64_t)n * CRX_BLKPTR_LEN, USE_TABLES);

	if (n > f->blocks)
		f->out->truncated = true;
	for (i = 0; i < n && !ret && !f->out->truncated; i++) {
		block_find(&f->v->img, e, i, &b);
		ret = add_block(f, &b);
	}
	f->blocks -= i;
	return ret;
}

static int by_table(const void *a, const void *b)
{
	const struct crx_inode *x = &(*(const struct crx_entry *const *)a)->de.inode;
	const struct crx_inode *y = &(*(const struct crx_entry *const *)b)->de.inode;
	int c = crx_compare(x->off, y->off);

	return c ? c : crx_compare(x->size, y->size);
}

/* A table that several entries share is added once. */
static int add_tables(struct finder *f)
{
	const struct crx_listing *l = &f->v->list;
	const struct crx_entry **e = crx_alloc(l->n, sizeof(*e));
	size_t i, n = 0;
	int ret = 0;

	if (!e)
		return crx_err_nomem(f->err, "finding what each byte is used for");
	for (i = 0; i < l->n; i++)
		if (has_blocks(&l->entry[i]))
			e[n++] = &l->entry[i];
	qsort(e, n, sizeof(*e), by_table);
	for (i = 0; i < n && !ret; i++)
		if (!i || by_table(&e[i], &e[i - 1]))
			ret = add_table(f, e[i]);
	free(e);
	return ret;
}

/* An inserted file is between the superblock and the root directory. */
static int add_head(struct finder *f)
{
	const struct crx_image *img = &f->v->img;
	uint64_t end = img->super_off + CRX_SUPER_LEN;

	if (img->super.flags & CRX_FLAG_SHIFTED_ROOT_OFFSET && img->super.root.off > end)
		end = img->super.root.off;
	return add_extent(f, 0, end, USE_HEAD);
}

static int add_dirs(struct finder *f)
{
	const struct crx_listing *l = &f->v->list;
	size_t i;
	int ret = 0;

	for (i = 0; i < l->n && !ret; i++)
		if (S_ISDIR(l->entry[i].de.inode.mode) && l->entry[i].entered &&
		    l->entry[i].de.inode.off)
			ret = add_extent(f, l->entry[i].de.inode.off, l->entry[i].de.inode.size,
					 USE_DIRS);
	return ret;
}

static int by_off(const void *a, const void *b)
{
	const struct extent *x = a, *y = b;
	int c = crx_compare(x->off, y->off);

	if (!c)
		c = crx_compare(x->use, y->use);
	return c ? c : crx_compare(x->len, y->len);
}

static int add_piece(struct finder *f, uint64_t off, uint64_t end, enum use use)
{
	struct pieces *p = f->out;

	if (off >= end)
		return 0;
	p->bytes[use] += end - off;
	if (p->n && p->piece[p->n - 1].use == use) {
		p->piece[p->n - 1].len += end - off;
		return 0;
	}
	if (!crx_grow(&p->piece, &p->cap, p->n + 1, sizeof(*p->piece)))
		return crx_err_nomem(f->err, "finding what each byte is used for");
	p->piece[p->n++] = (struct piece){ off, end - off, use };
	return 0;
}

static bool is_zero(const struct crx_image *img, uint64_t off, uint64_t end)
{
	for (; off < end; off++)
		if (img->data[off])
			return false;
	return true;
}

static uint64_t smaller(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* Adds the bytes off .. end, which nothing points to: a tail, padding, bytes after the image. */
static int add_gap(struct finder *f, uint64_t off, uint64_t end)
{
	const struct crx_image *img = &f->v->img;
	bool sized = img->super.flags & CRX_FLAG_FSID_VERSION_2;
	uint64_t size = sized ? smaller(img->super.size, img->len) : img->len;
	uint64_t inside = smaller(end, size), tail = off;
	int ret = 0;

	if (off < inside) {
		if (f->out->n && f->out->piece[f->out->n - 1].use == USE_IN_PLACE)
			tail = smaller(crx_round_up(off, img->page_size), inside);
		ret = add_piece(f, off, tail, is_zero(img, off, tail) ? USE_TAILS : USE_UNKNOWN);
		if (!ret)
			ret = add_piece(f, tail, inside,
					is_zero(img, tail, inside) ? USE_PADDING : USE_FREE);
		off = inside;
	}
	return ret ? ret : add_piece(f, off, end, USE_AFTER);
}

/* From extents, which may overlap, to pieces, which cover the file. */
static int merge_extents(struct finder *f)
{
	uint64_t at = 0, off, end;
	size_t i;
	int ret = 0;

	qsort(f->extent, f->n, sizeof(*f->extent), by_off);
	for (i = 0; i < f->n && !ret; i++) {
		off = f->extent[i].off;
		end = off + f->extent[i].len;
		if (off > at)
			ret = add_gap(f, at, off);
		if (off < at)
			f->out->shared += smaller(end, at) - off;
		if (!ret)
			ret = add_piece(f, off > at ? off : at, end, f->extent[i].use);
		if (end > at)
			at = end;
	}
	return ret || at >= f->v->img.len ? ret : add_gap(f, at, f->v->img.len);
}

int pieces_find(const struct view *v, struct pieces *out, struct crx_err *err)
{
	struct finder f = { .v = v, .out = out, .blocks = BLOCKS_BUDGET, .err = err };
	int ret;

	*out = (struct pieces){ 0 };
	f.max = (size_t)(EXTENTS_MAX + v->img.len / EXTENTS_EACH);
	ret = add_head(&f);
	if (!ret)
		ret = add_dirs(&f);
	if (!ret)
		ret = add_tables(&f);
	if (!ret)
		ret = merge_extents(&f);
	free(f.extent);
	if (ret)
		pieces_free(out);
	return ret;
}

void pieces_free(struct pieces *p)
{
	free(p->piece);
	*p = (struct pieces){ 0 };
}
