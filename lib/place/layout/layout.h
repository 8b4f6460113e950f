/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The offset of everything, before a byte is written. Pure.
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

struct crx_layout {
	uint64_t super_off; /* 0 or 512 */
	uint64_t insert_off, insert_len;
	uint64_t root_off;    /* first entry of the root, or 0 if it is empty */
	uint64_t *dir_off;    /* for each node of the tree: its first entry; 0 if not a directory or
				 empty */
	uint64_t *entry_off;  /* for each node: its own entry; 0 for the root */
	uint64_t dirs_end;    /* first byte after the last entry; the first table is here */
	uint64_t *table_off;  /* for each table of the plan */
	uint64_t *record_off; /* for each record: its header if direct, else its first byte */
	uint64_t *run_off;    /* for each run, a multiple of the page size */
	uint64_t data_end;    /* first byte after the last record or table */
	uint64_t runs_off;    /* first run, or data_end if there is none */
	uint64_t image_size;  /* super.size */
	uint32_t blocks;      /* fsid.blocks */
	uint32_t files;       /* fsid.files */

	/* where bytes went: the sum is image_size */
	struct {
		uint64_t head; /* boot pad, superblock, inserted file with its padding */
		uint64_t dirs;
		uint64_t tables;
		uint64_t compressed; /* streams */
		uint64_t stored;     /* blocks kept as they are or wrapped, outside runs */
		uint64_t headers;    /* lengths in front of direct blocks, and their alignment */
		uint64_t in_place;   /* file bytes in runs */
		uint64_t tails;      /* zeros that fill the last pages of runs */
		uint64_t
			padding; /* alignment of tables; to the first run; to the page at the end */
	} bytes;
};

/* Files whose data would begin where no inode can point are added to *far (see
 * tree/limits.h); CRX_ELIMIT for what is too large as a whole. */
int crx_layout(const struct crx_tree *t, const struct crx_plan *p, const struct crx_layout_opts *o,
	       struct crx_layout *out, struct crx_offences *far, struct crx_err *err)
	CRX_MUST_CHECK;
void crx_layout_free(struct crx_layout *l);

/* The pointer words of a table, in the plan's order: out has nblks words. */
void crx_layout_pointers(const struct crx_plan *p, const struct crx_layout *l, size_t table,
			 uint32_t *out);

#endif
