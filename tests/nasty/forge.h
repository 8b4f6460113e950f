/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Images by hand, for tests: every byte where the test puts it, right or wrong.
 * Nothing is computed but what a function says. Failures end the program.
 */
#ifndef CRX_TEST_FORGE_H
#define CRX_TEST_FORGE_H

#include "read/image.h"

struct forge {
	uint8_t *data;
	size_t len;
	enum crx_order order;
	uint32_t page;
	uint8_t *guarded; /* the latest forge_guard copy */
	size_t guarded_len;
};

/* len zero bytes, no superblock. */
void forge_init(struct forge *g, enum crx_order order, uint32_t page, size_t len);
void forge_free(struct forge *g);

/* A superblock at off with size = len and the name "forged". */
void forge_super(struct forge *g, uint64_t off, uint32_t flags, const struct crx_inode *root);

/* The right CRC, for the superblock at 0 if it is one; the last thing to do. */
void forge_seal(struct forge *g);

/* An entry at off; namelen4 is filled in from the name. Returns the offset after it. */
uint64_t forge_entry(struct forge *g, uint64_t off, const char *name, struct crx_inode inode);

void forge_put32(struct forge *g, uint64_t off, uint32_t v);
void forge_put16(struct forge *g, uint64_t off, uint16_t v);
void forge_bytes(struct forge *g, uint64_t off, const void *data, size_t len);

/* len bytes of a pattern of which no page is like another of another seed. */
void forge_pattern(uint8_t *out, size_t len, unsigned seed);
void forge_fill(struct forge *g, uint64_t off, size_t len, unsigned seed);

/* That pattern as a zlib stream at off. Returns the stream's length. */
size_t forge_stream(struct forge *g, uint64_t off, size_t len, unsigned seed);

/* The same with its 16-bit length in front. Returns the length of both. */
size_t forge_direct(struct forge *g, uint64_t off, size_t len, unsigned seed);

/* Bytes of the first block of "dir/direct": a page, if its stream fits 16 bits. */
uint32_t forge_direct_len(uint32_t page);

/* Pointer words. */
uint32_t forge_ptr_run(uint64_t off);    /* direct, uncompressed */
uint32_t forge_ptr_direct(uint64_t off); /* direct, compressed */
uint32_t forge_ptr_stored(uint64_t end); /* plain, uncompressed */

/* A view of a copy that ends where the process's memory does: reading after
 * it is a fault, with or without a sanitizer. Good until the next call. */
int forge_view(struct forge *g, struct crx_image *img, struct crx_err *err);

/* An image that is all right, with every kind of pointer: 16 pages. */
enum {
	FORGE_ROOT = 76,
	FORGE_ENTRIES = 7 /* with the root, below "dir" as well */
};

struct forge_base {
	uint64_t entry[5];  /* "dir" "hole" "link" "plain" "run" */
	uint64_t sub_entry; /* "dir/direct" */
	uint64_t hole_table, link_table, plain_table, run_table, direct_table;
	uint64_t run, end; /* first page of the run; what follows the last byte of data */
};

void forge_base(struct forge *g, struct forge_base *b, enum crx_order order, uint32_t page);

#endif
