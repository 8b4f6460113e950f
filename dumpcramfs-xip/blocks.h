/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The blocks of a file, and their kinds.
 */
#ifndef DUMPCRAMFS_XIP_BLOCKS_H
#define DUMPCRAMFS_XIP_BLOCKS_H

#include "cli/json.h"
#include "read/kmodel.h"
#include "read/walk.h"

enum block_kind {
	BLOCK_HOLE,
	BLOCK_COMPRESSED,
	BLOCK_STORED,
	BLOCK_IN_PLACE, /* direct, uncompressed and page-aligned */
	BLOCK_BAD,      /* the kernel returns EIO, or would read outside the image */
	BLOCK_KINDS
};

struct block {
	enum block_kind kind;
	struct crx_k_block k;
	/* Bytes of the image, with the header before a direct compressed block; 0, 0 for a hole. */
	uint64_t off, len;
	enum crx_k_why why; /* if BLOCK_BAD */
};

/* "hole", "compressed", "stored", "in place", "bad" */
const char *block_name(enum block_kind kind);

/* Has e a table? Regular files and symbolic links have one, unless they are empty. */
bool has_blocks(const struct crx_entry *e);
uint32_t block_count(const struct crx_image *img, const struct crx_entry *e);

void block_find(const struct crx_image *img, const struct crx_entry *e, uint32_t i,
		struct block *out);

struct tally {
	uint64_t n[BLOCK_KINDS];
	uint64_t bytes; /* of table and blocks; shared ones count for each file */
	bool known;     /* false: e has more blocks than *budget */
};

/* *budget: blocks that may still be counted, whatever a hostile image claims. */
enum { BLOCKS_BUDGET = 1 << 23 };
void tally_entry(const struct crx_image *img, const struct crx_entry *e, uint64_t *budget,
		 struct tally *out);

/* Writes the members blocks and image_bytes. */
void json_tally(struct crx_cli_json *j, const struct tally *t);

#endif
