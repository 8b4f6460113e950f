/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The page size that an image was made for is not recorded in it. With any other, the tables of
 * files of more than one block have another length, so that they overlap, and their blocks begin
 * elsewhere.
 */
#include "config.h"
#include "read/check.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "comp/comp.h"
#include "read/check_parts.h"

enum {
	SIZES = 5,          /* 4096 << 0 .. 4 */
	INFLATE_FILES = 64, /* some of whose blocks are inflated */
	FILES_MAX = 65536,
	WORDS_MAX = 1 << 20 /* checked for each page size */
};

struct file {
	uint32_t off, size;
	const struct crx_inode *inode;
};

struct detect {
	struct crx_image img;
	struct file *file; /* one for each table, by offset */
	size_t n;
	struct crx_inflate *z;
	uint8_t *page;
	uint64_t words_left;
};

static int by_offset(const void *a, const void *b)
{
	const struct file *x = a, *y = b;
	int c = crx_compare(x->off, y->off);

	return c ? c : crx_compare(y->size, x->size);
}

static bool list_files(struct detect *d, const struct crx_listing *l)
{
	size_t i, n = 0;

	d->file = crx_alloc(l->n < FILES_MAX ? l->n : FILES_MAX, sizeof(*d->file));
	if (!d->file)
		return false;
	for (i = 0; i < l->n && n < FILES_MAX; i++) {
		const struct crx_inode *in = &l->entry[i].de.inode;

		if ((S_ISREG(in->mode) || S_ISLNK(in->mode)) && crx_k_i_size(in))
			d->file[n++] = (struct file){ in->off, in->size, in };
	}
	qsort(d->file, n, sizeof(*d->file), by_offset);
	for (i = 0; i < n; i++)
		if (!d->n || d->file[d->n - 1].off != d->file[i].off)
			d->file[d->n++] = d->file[i];
	return true;
}

/* Is block i consistent with the page size? */
static bool block_fits(struct detect *d, const struct file *f, uint32_t i, uint32_t nblks,
		       bool inflate, struct crx_k_block *b)
{
	uint32_t want = i + 1 < nblks ? d->img.page_size : crx_check_last_len(&d->img, f->inode);
	const uint8_t *p;

	if (crx_k_find_block(&d->img, f->inode, i, b))
		return false;
	if (b->hole)
		return true;
	if (b->uncompressed && !b->direct && b->len != want)
		return false;
	if (crx_k_direct_read(&d->img, (uint32_t)b->start, (uint32_t)b->len, &p) || !p)
		return false;
	return b->uncompressed || !inflate ||
	       crx_inflate_run(d->z, p, (size_t)b->len, d->page, d->img.page_size) == (long)want;
}

static bool file_fits(struct detect *d, const struct file *f, uint64_t next_off, bool inflate)
{
	uint32_t nblks = crx_k_max_pages(&d->img, f->inode), i;
	struct crx_k_block b[2];

	if (f->off + (uint64_t)nblks * CRX_BLKPTR_LEN > next_off)
		return false;
	if (nblks > d->words_left)
		return true;
	d->words_left -= nblks;
	for (i = 0; i < nblks; i++) {
		if (!block_fits(d, f, i, nblks, inflate && (!i || i == nblks / 2 || i + 1 == nblks),
				&b[i & 1]))
			return false;
		/* pages of a run that overlap */
		if (i && b[0].direct && b[0].uncompressed && b[1].direct && b[1].uncompressed &&
		    !b[0].hole && !b[1].hole &&
		    b[i & 1].start - b[!(i & 1)].start < b[!(i & 1)].len &&
		    b[i & 1].start > b[!(i & 1)].start)
			return false;
	}
	return true;
}

/* How many files are inconsistent with this page size? */
static size_t count_misfits(struct detect *d, uint32_t page_size)
{
	size_t i, bad = 0, large = 0, step, seen = 0;

	d->img.page_size = page_size;
	d->words_left =
		d->img.len / CRX_BLKPTR_LEN < WORDS_MAX ? d->img.len / CRX_BLKPTR_LEN : WORDS_MAX;
	for (i = 0; i < d->n; i++)
		large += d->file[i].size > CRX_PAGE_MIN;
	step = large / INFLATE_FILES + 1;
	for (i = 0; i < d->n; i++) {
		/* it has one block with every page size */
		if (d->file[i].size <= CRX_PAGE_MIN)
			continue;
		bad += !file_fits(d, &d->file[i], i + 1 < d->n ? d->file[i + 1].off : UINT64_MAX,
				  !(seen++ % step));
	}
	return bad;
}

static uint32_t best_size(struct detect *d, uint32_t *candidates)
{
	size_t bad, least = SIZE_MAX;
	uint32_t best = 0, i;

	for (i = 0; i < SIZES; i++) {
		bad = count_misfits(d, CRX_PAGE_MIN << i);
		if (!bad)
			*candidates |= 1u << i;
		if (bad < least) {
			least = bad;
			best = CRX_PAGE_MIN << i;
		}
	}
	return best;
}

int crx_check_page_size(const void *data, uint64_t len, uint32_t *page_size, uint32_t *candidates,
			struct crx_err *err)
{
	struct crx_listing l = { 0 };
	struct detect d = { 0 };
	int ret;

	*page_size = 0;
	*candidates = 0;
	ret = crx_image_view(&d.img, data, len, CRX_PAGE_MIN, err);
	if (!ret)
		ret = crx_listing_read(&d.img, &l, err);
	if (ret)
		return ret;
	d.z = crx_inflate_new();
	d.page = crx_alloc(CRX_PAGE_MAX, 1);
	if (d.z && d.page && list_files(&d, &l))
		*page_size = best_size(&d, candidates);
	else
		ret = crx_err_nomem(err, "detecting the page size of an image");
	crx_inflate_free(d.z);
	free(d.page);
	free(d.file);
	crx_listing_free(&l);
	return ret;
}

int crx_check_prefer_page_size(struct crx_image *img, uint32_t *candidates, struct crx_err *err)
{
	uint32_t page_size;
	int ret = crx_check_page_size(img->data, img->len, &page_size, candidates, err);

	if (!ret && !(*candidates & (img->page_size / CRX_PAGE_MIN)))
		img->page_size = page_size;
	return ret;
}
