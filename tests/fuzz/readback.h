/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * For the differential target: compares an image with what it must contain, through lib/read.
 */
#ifndef CRX_TESTS_FUZZ_READBACK_H
#define CRX_TESTS_FUZZ_READBACK_H

#include "comp/comp.h"
#include "read/image.h"
#include "read/walk.h"
#include "recipe.h"

struct readback {
	const struct recipe *r;
	const struct recipe_tree *want;
	const struct crx_result *result; /* of the build */
	struct crx_image img;
	struct crx_listing l;
	struct crx_inflate *z;
	uint8_t *page;
};

/* Every entry, by listing and lookup; every page, by read() and by mmap(). */
void readback_compare(struct readback *b);

/* The pages that the build promised in place, and its counts of blocks. */
void readback_check_promises(struct readback *b);

/* Every byte of the image belongs to one thing, or is zero; the sums are those of the build. */
void readback_account(struct readback *b);

#endif
