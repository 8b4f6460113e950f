/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Random images: valid, odd, damaged.
 */
#ifndef DIFFER_MAKE_H
#define DIFFER_MAKE_H

#include "read/kernel.h"
#include "tests/nasty/forge.h"

enum { DIFFER_NAMES = 32, DIFFER_PAGE_MAX = 65536 };

/* The machine of the kernel. */
struct differ_target {
	uint32_t page_size;
	enum crx_order order;
	struct crx_kernel kernel;
	bool no_mmu;
};

struct differ_rng {
	uint64_t state;
};

uint32_t differ_random(struct differ_rng *r, uint32_t n); /* below n */

struct differ_image {
	struct forge g;
	char name[DIFFER_NAMES][256]; /* that may be looked up */
	size_t nnames;
};

extern const char *const differ_classes[];
extern const size_t differ_nclasses;

/* An image of a class of the table above. The same state makes the same image. */
void differ_make(const char *class, const struct differ_target *target, struct differ_rng *r,
		 struct differ_image *out);

#endif
