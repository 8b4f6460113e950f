/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Free space in flash, and which erase blocks have to be written anyway. Private to layout.
 */
#ifndef CRX_LAYOUT_SPACE_H
#define CRX_LAYOUT_SPACE_H

#include "base/mem.h"
#include "base/err.h"

/* No image reaches it: after everything that is placed, space is unlimited. */
#define CRX_SPACE_END (UINT64_C(1) << 40)

struct crx_space_gap {
	uint64_t off, end;
};

struct crx_space {
	struct crx_space_gap *gap; /* ascending, disjoint */
	size_t n, cap;
	uint64_t erase_len;
	uint8_t *dirty; /* for each erase block; those after the last are clean */
	size_t nblocks;
};

/* Everything from off on is free, and the blocks of len bytes are clean. Free it in any case. */
int crx_space_init(struct crx_space *s, uint64_t off, uint64_t len, uint64_t erase_len,
		   struct crx_err *err) CRX_MUST_CHECK;
void crx_space_free(struct crx_space *s);

bool crx_space_is_free(const struct crx_space *s, uint64_t off, uint64_t len);

/* Take space that is free. */
int crx_space_take(struct crx_space *s, uint64_t off, uint64_t len, struct crx_err *err)
	CRX_MUST_CHECK;

/* Give back space that was taken. */
int crx_space_give(struct crx_space *s, uint64_t off, uint64_t len, struct crx_err *err)
	CRX_MUST_CHECK;

/* Bytes that are free in these len, which are not 0, and blocks that are clean. */
uint64_t crx_space_count_free(const struct crx_space *s, uint64_t off, uint64_t len);
uint64_t crx_space_count_clean(const struct crx_space *s, uint64_t off, uint64_t len);

/* These bytes, which are not 0, will change. */
void crx_space_soil(struct crx_space *s, uint64_t off, uint64_t len);

/*
 * A place for len bytes, aligned, not before min, and beginning at max or before: where the fewest
 * clean blocks are touched. Of these, in the largest gap if len is less than an erase block, so
 * that more can follow there; in the smallest one otherwise. False if there is none.
 */
bool crx_space_find(const struct crx_space *s, uint64_t len, uint64_t align, uint64_t min,
		    uint64_t max, uint64_t *off);

#endif
