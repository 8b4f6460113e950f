/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "proof/memory/buddy.h"

enum { MIN_FREE_LEAST = 128, MIN_FREE_MOST = 262144 }; /* KiB; calculate_min_free_kbytes() */

/* get_order() */
struct crx_buddy_request crx_buddy_request(uint64_t npg)
{
	struct crx_buddy_request r = { npg, 0 };

	while (r.order < 63 && UINT64_C(1) << r.order < npg)
		r.order++;
	return r;
}

struct crx_buddy crx_buddy_of(uint64_t npg)
{
	struct crx_buddy b = { .norders = CRX_BUDDY_ORDERS_DEFAULT };
	unsigned top = b.norders - 1, i;

	b.n[top] = npg >> top;
	for (i = 0; i < top; i++)
		b.n[i] = npg >> i & 1;
	return b;
}

uint64_t crx_buddy_pages(const struct crx_buddy *b)
{
	uint64_t sum = 0;
	unsigned i;

	for (i = 0; i < b->norders && i < CRX_BUDDY_ORDERS; i++)
		sum += b->n[i] << i;
	return sum;
}

int crx_buddy_largest(const struct crx_buddy *b)
{
	int i;

	for (i = (int)b->norders - 1; i >= 0 && !b->n[i]; i--)
		;
	return i;
}

uint64_t crx_buddy_default_min(uint64_t npg, uint32_t page_size)
{
	uint64_t kib = npg * (page_size / 1024), root = 0, bit;

	if (kib > UINT64_MAX >> 5)
		return (uint64_t)MIN_FREE_MOST * 1024 / page_size;
	/* int_sqrt(16 * KiB) */
	for (bit = UINT64_C(1) << 30; bit; bit >>= 1)
		if ((root + bit) * (root + bit) <= kib * 16)
			root += bit;
	if (root < MIN_FREE_LEAST)
		root = MIN_FREE_LEAST;
	if (root > MIN_FREE_MOST)
		root = MIN_FREE_MOST;
	return root * 1024 / page_size;
}

/* make_alloc_exact() frees the pages that are too many; they are put together again as far as
 * their addresses allow. */
static void give_back(struct crx_buddy *b, struct crx_buddy_request r)
{
	uint64_t at = r.npg;
	unsigned i;

	for (i = 0; i < r.order; i++) {
		if (at >> i & 1) {
			b->n[i]++;
			at += UINT64_C(1) << i;
		}
	}
}

enum crx_buddy_answer crx_buddy_take(struct crx_buddy *b, struct crx_buddy_request r)
{
	uint64_t free_pg;
	unsigned i;

	if (!r.npg)
		return CRX_BUDDY_DONE;
	if (r.order >= b->norders)
		return CRX_BUDDY_TOO_LARGE;
	for (i = r.order; i < b->norders && !b->n[i]; i++)
		;
	if (i == b->norders)
		return CRX_BUDDY_NO_BLOCK;
	/* __zone_watermark_ok() */
	free_pg = crx_buddy_pages(b) - ((UINT64_C(1) << r.order) - 1);
	if (free_pg <= b->min_pg)
		return CRX_BUDDY_TOO_LITTLE;
	b->n[i]--;
	/* expand(): one half is split again, the other is free */
	while (i > r.order)
		b->n[--i]++;
	give_back(b, r);
	return CRX_BUDDY_DONE;
}
