/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The steps of crx_verify(), and what they share. Each relies on those declared before it. Private
 * to verify.
 */
#ifndef CRX_VERIFY_STATE_H
#define CRX_VERIFY_STATE_H

#include "read/kmodel.h"
#include "proof/verify/verify.h"

/* The entry of a node in the image. */
struct crx_verify_entry {
	struct crx_inode inode; /* of the root: with the mode bits that the kernel adds */
	uint64_t off;           /* of the entry; 0 for the root, as in the kernel */
};

struct crx_verify {
	const struct crx_image *img;
	const char *path; /* of the image, for messages */
	const struct crx_tree *t;
	const struct crx_facts *f;
	const struct crx_plan *p;
	const struct crx_verify_opts *o;

	struct crx_verify_entry *entry; /* for each of t->node */
	uint32_t *table; /* for each table: the first file of facts that uses it; ascending */
	size_t ntables;
	uint64_t *blocks; /* ntables + 1: the blocks of all tables before */
};

/* Fill in err for the node (NULL: the image) at image offset off, and return CRX_EVERIFY. */
int crx_verify_fault(const struct crx_verify *v, const struct crx_node *node, uint64_t off,
		     struct crx_err *err, const char *fmt, ...) CRX_PRINTF(5, 6);

/* The superblock, except its CRC and counts. */
int crx_verify_super(struct crx_verify *v, struct crx_err *err) CRX_MUST_CHECK;

/* Each entry, compared with the tree; fills in entry. */
int crx_verify_walk(struct crx_verify *v, struct crx_err *err) CRX_MUST_CHECK;

/* cramino(): entries with the same number agree. */
int crx_verify_inodes(struct crx_verify *v, struct crx_err *err) CRX_MUST_CHECK;

/* Which files share a table: as planned; fills in table and blocks. */
int crx_verify_tables(struct crx_verify *v, struct crx_err *err) CRX_MUST_CHECK;

/* Each block of each table, compared with its hash, and the CRC of the image; in parallel. */
int crx_verify_blocks(struct crx_verify *v, struct crx_err *err) CRX_MUST_CHECK;

/* Direct uncompressed blocks are page-aligned and belong to one table; the superblock has the flags
 * that the pointers need. */
int crx_verify_runs(struct crx_verify *v, struct crx_err *err) CRX_MUST_CHECK;

/* Each page that was promised in place is. */
int crx_verify_in_place(struct crx_verify *v, struct crx_err *err) CRX_MUST_CHECK;

/* The node of a file of facts, and its entry in the image. */
static inline const struct crx_node *crx_verify_node(const struct crx_verify *v, size_t file)
{
	return v->f->file[file].node;
}

static inline const struct crx_verify_entry *crx_verify_file(const struct crx_verify *v,
							     size_t file)
{
	return &v->entry[v->f->file[file].node->index];
}

#endif
