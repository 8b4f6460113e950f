/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The free memory of a kernel without an MMU, in blocks of 2^order pages, and what an allocation
 * takes of it: do_mmap_private() in mm/nommu.c, alloc_pages_exact() and __zone_watermark_ok() in
 * mm/page_alloc.c. Nothing is moved to make larger blocks: compaction needs an MMU.
 *
 * All zones count as one. That memory is freed meanwhile, or reclaimed from the page cache, is not
 * considered.
 */
#ifndef CRX_MEMORY_BUDDY_H
#define CRX_MEMORY_BUDDY_H

#include "base/err.h"

enum {
	CRX_BUDDY_ORDERS = 32,        /* most orders of any kernel */
	CRX_BUDDY_ORDERS_DEFAULT = 11 /* 0 to 10: MAX_PAGE_ORDER */
};

struct crx_buddy {
	uint64_t n[CRX_BUDDY_ORDERS]; /* free blocks of each order */
	unsigned norders;
	uint64_t min_pg; /* pages that the kernel keeps for itself: the watermark "min" */
};

/* What mmap() asks for. */
struct crx_buddy_request {
	uint64_t npg;   /* pages that are kept */
	unsigned order; /* of the block that must be free; the rest is given back */
};

enum crx_buddy_answer {
	CRX_BUDDY_DONE,
	CRX_BUDDY_NO_BLOCK,  /* no free block of this order or a larger one */
	CRX_BUDDY_TOO_LARGE, /* no kernel has blocks of this order */
	CRX_BUDDY_TOO_LITTLE /* there is one, but too little would remain */
};

struct crx_buddy_request crx_buddy_request(uint64_t npg);

/* All of npg pages is free, in the largest blocks that are possible. min_pg is set to 0. */
struct crx_buddy crx_buddy_of(uint64_t npg);

/* The free pages. */
uint64_t crx_buddy_pages(const struct crx_buddy *b);

/* The largest order with a free block, or -1. */
int crx_buddy_largest(const struct crx_buddy *b);

/* init_per_zone_wmark_min(): vm.min_free_kbytes of a system with npg pages, in pages. */
uint64_t crx_buddy_default_min(uint64_t npg, uint32_t page_size);

/* Allocates. If the answer is not CRX_BUDDY_DONE, nothing was allocated. */
enum crx_buddy_answer crx_buddy_take(struct crx_buddy *b, struct crx_buddy_request r);

/*
 * The text of /proc/buddyinfo, len bytes: lines "Node 0, zone NAME COUNT...", of which those of the
 * zones Movable, HighMem and Device do not count. name: of the file, for errors. min_pg is set to
 * 0.
 */
int crx_buddy_parse(const char *text, size_t len, const char *name, struct crx_buddy *out,
		    struct crx_err *err) CRX_MUST_CHECK;

#endif
