/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The offset of everything, computed before a byte is written. Pure.
 *
 *   [boot pad] superblock [inserted file] directories tables+records | padding | runs
 */
#ifndef CRX_LAYOUT_LAYOUT_H
#define CRX_LAYOUT_LAYOUT_H

#include "place/plan/plan.h"
#include "tree/limits.h"

struct crx_layout_opts {
	bool boot_pad;
	uint64_t insert_len; /* bytes of the inserted file, 0: none */
};

/* What the bytes of an image are used for; the sum is its size. */
struct crx_layout_bytes {
	uint64_t head; /* boot pad, superblock, inserted file with its padding */
	uint64_t dirs;
	uint64_t tables;
	uint64_t compressed; /* streams */
	uint64_t stored;     /* blocks that are stored or wrapped, outside the run area */
	uint64_t headers;    /* lengths before direct blocks, and their alignment */
	uint64_t in_place;   /* file bytes in runs */
	uint64_t tails;      /* zeros that fill the last pages of runs */
	uint64_t padding;    /* before tables, the first run, and the end of the image */
};

struct crx_layout {
	uint64_t super_off; /* 0 or 512 */
	uint64_t insert_off, insert_len;
	uint64_t root_off; /* where the entries of the root are, or would be */
	/* for each node of the tree: the first entry in it; 0 if not a directory or empty */
	uint64_t *dir_off;
	uint64_t *entry_off;  /* for each node: its own entry; 0 for the root */
	uint64_t dirs_end;    /* after the last entry; here the first table begins */
	uint64_t *table_off;  /* for each table of the plan */
	uint64_t *record_off; /* for each record: its header if direct, otherwise its first byte */
	uint64_t *run_off;    /* for each run, a multiple of the page size */
	uint64_t data_end;    /* after the last record or table */
	uint64_t runs_off;    /* the first run; data_end without runs */
	uint64_t image_size;  /* super.size */
	uint32_t blocks;      /* fsid.blocks */
	uint32_t files;       /* fsid.files */
	struct crx_layout_bytes bytes;
};

/* Files whose data would begin where no inode can point are added to *far (see tree/limits.h).
 * CRX_ELIMIT: the directories, the compressed data or the image are too large. The caller frees
 * out, even after an error. */
int crx_layout(const struct crx_tree *t, const struct crx_plan *p, const struct crx_layout_opts *o,
	       struct crx_layout *out, struct crx_offences *far, struct crx_err *err)
	CRX_MUST_CHECK;
void crx_layout_free(struct crx_layout *l);

/* The block pointers of a table, in the order of its blocks. out has room for all of them. */
void crx_layout_pointers(const struct crx_plan *p, const struct crx_layout *l, size_t table,
			 uint32_t *out);

#endif
