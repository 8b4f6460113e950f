/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <string.h>
#include <sys/stat.h>

#include "fuzz.h"
#include "read/kmodel.h"
#include "readback.h"

enum { OWNERS_MAX = 4000 };

enum owner { HEAD, DIR, TABLE, LENGTH, DATA, IN_PLACE, OWNERS };

struct owned {
	uint64_t off, len;
	enum owner owner;
};

struct account {
	struct owned at[OWNERS_MAX];
	size_t n;
	uint64_t sum[OWNERS], gaps;
};

static void own(struct account *a, uint64_t off, uint64_t len, enum owner owner)
{
	FUZZ_CHECK(a->n < OWNERS_MAX);
	if (len)
		a->at[a->n++] = (struct owned){ off, len, owner };
}

static void own_blocks(struct account *a, const struct crx_image *img, const struct crx_inode *in)
{
	uint32_t n = (in->size + img->page_size - 1) / img->page_size, i;
	struct crx_k_block k;

	own(a, in->off, (uint64_t)n * CRX_BLKPTR_LEN, TABLE);
	for (i = 0; i < n; i++) {
		FUZZ_CHECK(!crx_k_find_block(img, in, i, &k));
		if (k.hole)
			continue;
		if (k.direct && !k.uncompressed)
			own(a, k.start - CRX_DIRECT_HDR_LEN, CRX_DIRECT_HDR_LEN, LENGTH);
		own(a, k.start, k.len, k.direct && k.uncompressed ? IN_PLACE : DATA);
	}
}

static int by_offset(const void *x, const void *y)
{
	const struct owned *a = x, *b = y;

	return a->off != b->off ? crx_compare(a->off, b->off) : crx_compare(a->len, b->len);
}

/* What several own, they own alike. */
static void add_up(struct account *a, const struct crx_image *img)
{
	uint64_t end = 0;
	size_t i;

	qsort(a->at, a->n, sizeof(a->at[0]), by_offset);
	for (i = 0; i < a->n; i++) {
		const struct owned *o = &a->at[i];

		if (i && o->off == o[-1].off && o->len == o[-1].len && o->owner == o[-1].owner)
			continue;
		if (o->off < end)
			FUZZ_FAIL("bytes at %#llx have two owners", (unsigned long long)o->off);
		FUZZ_CHECK(o->off + o->len <= img->len);
		FUZZ_CHECK(crx_is_zero(img->data + end, o->off - end));
		a->gaps += o->off - end;
		a->sum[o->owner] += o->len;
		end = o->off + o->len;
	}
	FUZZ_CHECK(crx_is_zero(img->data + end, img->len - end));
	a->gaps += img->len - end;
}

void readback_account(struct readback *b)
{
	const struct crx_layout_bytes *r = &b->result->bytes;
	static struct account a; /* large */
	size_t i;

	memset(&a, 0, sizeof(a));
	own(&a, 0, r->head, HEAD);
	FUZZ_CHECK(r->head >= b->img.super_off + CRX_SUPER_LEN);
	for (i = 0; i < b->l.n; i++) {
		const struct crx_inode *in = &b->l.entry[i].de.inode;

		if (S_ISDIR(in->mode))
			own(&a, in->off, in->size, DIR);
		else if ((S_ISREG(in->mode) || S_ISLNK(in->mode)) && in->size)
			own_blocks(&a, &b->img, in);
	}
	add_up(&a, &b->img);
	FUZZ_CHECK(r->head + r->dirs + r->tables + r->compressed + r->stored + r->headers +
			   r->in_place + r->tails + r->padding ==
		   b->result->image_size);
	FUZZ_CHECK(b->result->image_size == b->img.super.size && b->img.len == b->img.super.size);
	FUZZ_CHECK(a.sum[DIR] == r->dirs && a.sum[TABLE] == r->tables);
	FUZZ_CHECK(a.sum[DATA] + a.sum[IN_PLACE] == r->compressed + r->stored + r->in_place);
	FUZZ_CHECK(a.sum[IN_PLACE] <= r->in_place);
	FUZZ_CHECK(a.gaps + a.sum[LENGTH] == r->tails + r->padding + r->headers);
}
