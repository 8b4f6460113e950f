/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The offset of everything, computed before a byte is written. Pure.
 *
 *   [boot pad] superblock [inserted file] directories tables+records | padding | runs
 *
 * With a reserve, there is free space between directories and before the runs. With an old image,
 * what the plan keeps stays in its place, directories stay in front of all tables, and everything
 * else goes wherever there is space.
 */
#ifndef CRX_LAYOUT_LAYOUT_H
#define CRX_LAYOUT_LAYOUT_H

#include "place/plan/plan.h"
#include "tree/limits.h"

struct crx_layout_opts {
	bool boot_pad;
	uint64_t insert_len; /* bytes of the inserted file, 0: none */
	uint64_t reserve;    /* bytes to leave free; ignored with an old image */
	/* the image that the plan keeps things of, or NULL; the rest is for it alone */
	const struct crx_old *old;
	uint32_t erase_len; /* the unit in which flash is erased */
	uint64_t max_size;  /* so much is moved that the image is not larger, if possible */
};

/* Free space of fewer bytes is padding: nothing fits there. */
enum { CRX_LAYOUT_FREE_MIN = 16 };

/* What has a place of its own, with everything that can only be moved together. */
enum crx_piece_kind {
	CRX_PIECE_DIR,     /* the entries of node `index` */
	CRX_PIECE_TABLE,   /* table `index` of the plan, and n records from its first one on */
	CRX_PIECE_RECORDS, /* n records of the plan from `index` on, the first of them direct */
	CRX_PIECE_RUN,     /* run `index` of the plan */
	CRX_PIECE_FREE
};

struct crx_piece {
	uint64_t off, len;
	uint32_t index, n;
	uint8_t kind; /* enum crx_piece_kind */
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
	uint64_t free;       /* space for updates */
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
	uint64_t data_end;    /* after the last record or table (with an old image: in the image) */
	uint64_t runs_off;    /* the first run; data_end without runs */
	uint64_t image_size;  /* super.size */
	uint64_t fresh_size;  /* for the caller: that of a first image, with an old one */
	uint32_t blocks;      /* fsid.blocks */
	uint32_t files;       /* fsid.files */
	struct crx_piece *piece; /* ascending by offset; what is between them is padding */
	size_t npieces;
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
