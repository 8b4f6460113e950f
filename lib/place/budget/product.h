/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Products of 128 bits. Not every compiler has a type for them.
 */
#ifndef CRX_BUDGET_PRODUCT_H
#define CRX_BUDGET_PRODUCT_H

#include <stdint.h>

struct crx_product {
	uint64_t hi, lo;
};

static inline struct crx_product crx_product_of(uint64_t a, uint64_t b)
{
	uint64_t al = a & UINT32_MAX, ah = a >> 32, bl = b & UINT32_MAX, bh = b >> 32;
	uint64_t low = al * bl, mid = ah * bl + (low >> 32), more = al * bh + (mid & UINT32_MAX);

	return (struct crx_product){ ah * bh + (mid >> 32) + (more >> 32),
				     more << 32 | (low & UINT32_MAX) };
}

/* Compares a * b with c * d: negative, 0 or positive. */
static inline int crx_product_cmp(uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
	struct crx_product x = crx_product_of(a, b), y = crx_product_of(c, d);

	if (x.hi != y.hi)
		return x.hi < y.hi ? -1 : 1;
	return x.lo < y.lo ? -1 : x.lo > y.lo;
}

/* a * b / c rounded down, where a <= c. */
static inline uint64_t crx_product_part(uint64_t a, uint64_t b, uint64_t c)
{
	uint64_t lo = 0, hi = b, mid;

	while (lo < hi) {
		mid = hi - (hi - lo) / 2;
		if (crx_product_cmp(mid, c, a, b) <= 0)
			lo = mid;
		else
			hi = mid - 1;
	}
	return lo;
}

#endif
