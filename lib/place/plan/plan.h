/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The only place that decides a block's kind, and what shares what.
 * Pure: values in, values out.
 */
#ifndef CRX_PLAN_PLAN_H
#define CRX_PLAN_PLAN_H

#include "pack/pack.h"

enum crx_kind {
	CRX_KIND_HOLE,    /* no bytes */
	CRX_KIND_STREAM,  /* zlib stream */
	CRX_KIND_STORED,  /* plain pointer, uncompressed: as it is */
	CRX_KIND_WRAPPED, /* does not shrink but needs a direct pointer: stored deflate */
	CRX_KIND_RUN,     /* direct, uncompressed, page-aligned: in place */
	CRX_KIND_BEHIND   /* plain, uncompressed, right behind a run (in the run area) */
};

/*
 * A piece of the image that holds one block's bytes: distinct blocks that are
 * shared have one record. Records are in the order in which they lie in the
 * image; the pieces of a table's chain follow that table.
 */
struct crx_record {
	uint32_t blk;   /* whose bytes: index into facts.blk */
	uint32_t len;   /* bytes of the block itself, without header */
	uint8_t kind;   /* STREAM, STORED, WRAPPED */
	bool leads;     /* the first behind its table */
	bool direct;    /* is pointed at directly: aligned to 4, header of 2 bytes in front */
	uint32_t users; /* blocks that point here */
};

#define CRX_NO_RECORD ((uint32_t)-1)

struct crx_plan_block {
	uint8_t kind;    /* enum crx_kind */
	uint32_t record; /* STREAM, STORED, WRAPPED: into record; otherwise CRX_NO_RECORD */
};

/* Contiguous pages in the run area: a run of one table, with what stands right
 * behind it. Blocks of the file: RUN ones, then BEHIND ones with perhaps holes
 * between them. */
struct crx_run {
	uint32_t table;            /* into table */
	uint32_t first_blk, nblks; /* RUN */
	uint32_t nbehind;          /* blocks after those up to the last BEHIND one */
};

/* A block pointer table: of one file and all that share it. */
struct crx_table {
	uint32_t file;                   /* into facts.file: the first that uses it */
	uint32_t first_record, nrecords; /* its own records, right behind it */
	uint32_t first_run, nruns;
	uint32_t users; /* directory entries (inodes of the tree) that use it */
	bool store;     /* by wish: blocks are kept as they are, behind plain pointers */
};

struct crx_plan {
	const struct crx_facts *facts;
	struct crx_plan_block *block; /* one for each of facts.blk; those of a file that shares
					 another's table are unused */
	struct crx_table *table;
	size_t ntables;
	uint32_t *table_of; /* for each file of facts: its table */
	struct crx_record *record;
	size_t nrecords;
	struct crx_run *run; /* by table, then by first block */
	size_t nruns;
};

struct crx_plan_opts {
	bool ext;
	bool holes;
	bool dedupe;
};

int crx_plan(const struct crx_facts *f, const struct crx_wishes *w, const struct crx_packed *p,
	     const struct crx_plan_opts *o, struct crx_plan *out, struct crx_err *err)
	CRX_MUST_CHECK;
void crx_plan_free(struct crx_plan *p);

/* leader[i], for each of f->nfiles: the first file that file i would share a
 * table with, its wishes being what they are; itself if none. */
int crx_plan_leaders(const struct crx_facts *f, const struct crx_wishes *w, uint32_t *leader,
		     struct crx_err *err) CRX_MUST_CHECK;

/* The file whose blocks stand for those of `file`: the first of its table. */
static inline uint32_t crx_plan_owner(const struct crx_plan *p, size_t file)
{
	return p->table[p->table_of[file]].file;
}

/*
 * Pages of the segment (file pages first_pg .. first_pg + npg - 1) of file
 * that the plan promises in place for one mapping of it: the leading ones
 * that are in a run.
 */
uint32_t crx_plan_promise(const struct crx_plan *p, size_t file, uint32_t first_pg, uint32_t npg);

/* Image bytes that belong to the table alone: its pointers, records and runs. */
uint64_t crx_plan_table_bytes(const struct crx_plan *p, size_t table);

#endif
