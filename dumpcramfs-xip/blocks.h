/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a file's blocks are, by kind.
 */
#ifndef DUMPCRAMFS_XIP_BLOCKS_H
#define DUMPCRAMFS_XIP_BLOCKS_H

#include "read/kmodel.h"
#include "read/walk.h"

enum block_kind {
	BLOCK_HOLE,
	BLOCK_COMPRESSED,
	BLOCK_STORED,
	BLOCK_IN_PLACE, /* direct and uncompressed, on a page of the image */
	BLOCK_BAD,      /* the kernel answers EIO, or would leave the image */
	BLOCK_KINDS
};

struct block {
	enum block_kind kind;
	struct crx_k_block k;
	uint64_t off, len; /* bytes of the image, with the 2 in front of a direct compressed one; 0,
			      0 for a hole */
	enum crx_k_why why; /* of BLOCK_BAD */
};

/* "hole", "compressed", "stored", "in place", "bad" */
const char *block_name(enum block_kind kind);

/* Has it a table of blocks? Regular files and links that hold something. */
bool has_blocks(const struct crx_entry *e);
uint32_t block_count(const struct crx_image *img, const struct crx_entry *e);

void block_find(const struct crx_image *img, const struct crx_entry *e, uint32_t i,
		struct block *out);

struct tally {
	uint64_t n[BLOCK_KINDS];
	uint64_t bytes; /* of table and blocks; what is shared counts for each */
	bool known;     /* false: there are more blocks than *budget */
};

/* *budget: blocks that may still be looked at, whatever a hostile image holds. */
enum { BLOCKS_BUDGET = 1 << 23 };
void tally_entry(const struct crx_image *img, const struct crx_entry *e, uint64_t *budget,
		 struct tally *out);

#endif
