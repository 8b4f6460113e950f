/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An older image, as values: what it stores, where, and what of a new tree is in it. A new image
 * that is built like it keeps as much as possible in its place.
 *
 * Any tool may have made it, and it may be damaged: only what a kernel can read is used, and only
 * where contents are proven equal. So nothing here makes a new image wrong.
 */
#ifndef CRX_OLD_OLD_H
#define CRX_OLD_OLD_H

#include "scan/scan.h"

enum crx_old_kind {
	CRX_OLD_STREAM, /* a zlib stream */
	CRX_OLD_RAW,    /* uncompressed, with a plain pointer */
	CRX_OLD_PAGE    /* uncompressed, with a direct pointer: in place */
};

/* A block, once for all tables that point to it. */
struct crx_old_block {
	struct crx_hash hash; /* of its contents */
	const uint8_t *data; /* its bytes in the image, without the length before a direct stream */
	uint32_t off;        /* of the first of them, or of that length */
	uint32_t stored_len; /* bytes at data */
	uint32_t len;        /* bytes of contents */
	uint8_t kind;        /* enum crx_old_kind */
	bool direct;         /* has a direct pointer */
	bool readable;       /* hash and len are known */
	bool overlaps;       /* something else uses some of its bytes */
};

#define CRX_OLD_HOLE ((uint32_t)-1)

/* A block pointer table with its file's contents. */
struct crx_old_table {
	struct crx_hash key; /* of the hashes of its blocks */
	uint32_t off;
	uint32_t size; /* bytes of the file */
	uint32_t first_ref, nblks;
	bool usable; /* all of its blocks are readable, and nothing overlaps it */
};

#define CRX_OLD_NONE ((uint32_t)-1)

/* What a path of the new tree is in the old image. */
struct crx_old_entry {
	uint32_t table;            /* of a file: into table, or CRX_OLD_NONE */
	uint32_t dir_off, dir_len; /* of a directory: its entries; 0: none */
	uint32_t mode, uid, gid;
	bool exists;
};

/* Blocks or tables, ascending by the hash of their contents. */
struct crx_old_index {
	struct crx_old_indexed {
		struct crx_hash hash;
		uint32_t i; /* into block or table */
	} * at;
	size_t n;
};

struct crx_old {
	const uint8_t *data; /* the image; the caller's */
	uint64_t size;       /* bytes of it that can be used: super.size, or fewer */
	uint32_t page_size;

	struct crx_old_block *block; /* ascending by off */
	size_t nblocks;
	uint32_t *ref; /* of each table: its blocks, or CRX_OLD_HOLE */
	size_t nrefs;
	struct crx_old_table *table; /* ascending by off */
	size_t ntables, nunusable;

	/* crx_old_match() */
	struct crx_old_entry *node;   /* for each node of the new tree */
	struct crx_hash *key;         /* for each file of the facts */
	struct crx_old_index by_hash; /* readable blocks, by hash, then by off */
	struct crx_old_index by_key;  /* usable tables, by key, then by off */
	uint64_t found, distinct;     /* of the new tree's distinct blocks: those it has; all */
};

struct crx_image;
struct crx_listing;

/* Finds and inflates all that img has. img, whose page size is set, and its bytes must outlive
 * *out. Fails if memory is short. The caller frees out, even after an error. */
int crx_old_read(const struct crx_image *img, const struct crx_listing *l, unsigned workers,
		 struct crx_old *out, struct crx_err *err) CRX_MUST_CHECK;

/* Finds the new tree's paths and contents in it. */
int crx_old_match(struct crx_old *old, const struct crx_listing *l, const struct crx_tree *t,
		  const struct crx_facts *f, struct crx_err *err) CRX_MUST_CHECK;
void crx_old_free(struct crx_old *old);

/* The first of the readable blocks with these contents in by_hash, and how many follow it with
 * itself; 0: none. */
size_t crx_old_find_block(const struct crx_old *old, struct crx_hash hash, uint32_t len,
			  size_t *first);

/* The same of the usable tables with the contents of a file of the facts, in by_key. */
size_t crx_old_find_table(const struct crx_old *old, const struct crx_facts *f, size_t file,
			  size_t *first);

/* Block i of a usable table; NULL: a hole. */
static inline const struct crx_old_block *crx_old_block_of(const struct crx_old *old,
							   const struct crx_old_table *t,
							   uint32_t i)
{
	uint32_t ref = old->ref[t->first_ref + i];

	return ref == CRX_OLD_HOLE ? NULL : &old->block[ref];
}

/* Where the bytes of a block end in the image. */
static inline uint64_t crx_old_end(const struct crx_old *old, const struct crx_old_block *b)
{
	return (uint64_t)(b->data - old->data) + b->stored_len;
}

/* Leading pages from file page first_pg on, at most npg, that the table has in place. */
uint32_t crx_old_pages_in_place(const struct crx_old *old, const struct crx_old_table *t,
				uint32_t first_pg, uint32_t npg);

#endif
