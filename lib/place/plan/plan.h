/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kind of each block, and which files and blocks share what. Decided nowhere else. Pure: takes
 * values and returns values.
 */
#ifndef CRX_PLAN_PLAN_H
#define CRX_PLAN_PLAN_H

#include "pack/pack.h"

enum crx_kind {
	CRX_KIND_HOLE,     /* no bytes */
	CRX_KIND_STREAM,   /* zlib stream */
	CRX_KIND_STORED,   /* plain pointer, uncompressed, not in place */
	CRX_KIND_WRAPPED,  /* does not shrink but needs a direct pointer: stored deflate */
	CRX_KIND_RUN,      /* direct, uncompressed, page-aligned: in place */
	CRX_KIND_AFTER_RUN /* plain pointer, uncompressed, directly after a run (in the run area) */
};

/*
 * The bytes of one block in the image. Equal blocks that are shared have one record. Those of the
 * old image come first, in its order. The others are in the order of the image; those of a table
 * follow it.
 *
 * A record with a plain pointer directly follows the one before it, or if it is the first of a
 * table, the table. So a direct one and the plain ones after it, up to the next that is direct or
 * the first of a table, can only be moved together; and so can a table and the plain ones after it.
 */
struct crx_record {
	uint32_t blk;        /* the block: index into facts.blk */
	uint32_t len;        /* bytes, without the header of a direct block */
	uint8_t kind;        /* STREAM, STORED, WRAPPED */
	bool first_of_table; /* directly after its table */
	bool direct;         /* has a direct pointer: aligned to 4, after a header of 2 bytes */
	uint32_t users;      /* blocks that point to it */
	uint32_t old_off;    /* where its bytes, and its header, are in the old image; 0: nowhere */
};

#define CRX_NO_RECORD ((uint32_t)-1)

struct crx_plan_block {
	uint8_t kind;    /* enum crx_kind */
	uint32_t record; /* STREAM, STORED, WRAPPED: into record; otherwise CRX_NO_RECORD */
};

/*
 * Contiguous pages in the run area: a run of one table, and the blocks directly after it. These are
 * RUN blocks of the file, then AFTER_RUN blocks, perhaps with holes between them.
 */
struct crx_run {
	uint32_t table;            /* into table */
	uint32_t first_blk, nblks; /* RUN */
	uint32_t nafter;           /* blocks after those, up to the last AFTER_RUN */
	/* where most of its pages are in the old image; 0: nowhere */
	uint32_t old_off;
	uint32_t old_pg; /* how many of them are there, each where it would be in the run */
};

/* A block pointer table, of one file or several that share it. */
struct crx_table {
	uint32_t file; /* the first file that uses it: into facts.file */
	/* its own records; of a kept table: the plain ones directly after it */
	uint32_t first_record, nrecords;
	uint32_t first_run, nruns;
	uint32_t users; /* directory entries (inodes of the tree) that use it */
	bool store;     /* the policy says store: all blocks have plain pointers */
	/* Everything of it, the records and runs too, is in the old image as it would be written,
	 * so that it may keep its place. */
	bool kept;
	uint32_t old_table; /* if kept: into the tables of the old image */
	uint32_t old_off;   /* of the table that its file has in the old image; 0: none */
	uint64_t bytes;     /* of the image that belong to it: pointers, records that it uses first,
			     * and runs */
};

struct crx_plan {
	const struct crx_facts *facts;
	/* one for each of facts.blk; unused if the file shares the table of another */
	struct crx_plan_block *block;
	struct crx_table *table;
	size_t ntables;
	uint32_t *table_of; /* for each file of facts: its table */
	struct crx_record *record;
	size_t nrecords, nkept_records;
	struct crx_run *run; /* by table, then by first block */
	size_t nruns;
};

struct crx_plan_opts {
	bool ext;
	bool holes;
	bool dedupe;
	const struct crx_old *old; /* keep what it has; NULL: none */
};

int crx_plan(const struct crx_facts *f, const struct crx_wishes *w, const struct crx_packed *k,
	     const struct crx_plan_opts *o, struct crx_plan *out, struct crx_err *err)
	CRX_MUST_CHECK;
void crx_plan_free(struct crx_plan *p);

/* For each of f->nfiles files: leader[i] is the first file with which file i would share a table,
 * by these wishes; i itself if none. */
int crx_plan_leaders(const struct crx_facts *f, const struct crx_wishes *w, uint32_t *leader,
		     struct crx_err *err) CRX_MUST_CHECK;

/* The file whose blocks are in the plan for `file`: the first one with its table. */
static inline uint32_t crx_plan_owner(const struct crx_plan *p, size_t file)
{
	return p->table[p->table_of[file]].file;
}

/*
 * How many pages of a mapping (file pages first_pg .. first_pg + npg - 1) the plan promises in
 * place: the leading ones that are in a run.
 */
uint32_t crx_plan_promised_pages(const struct crx_plan *p, size_t file, uint32_t first_pg,
				 uint32_t npg);

#endif
