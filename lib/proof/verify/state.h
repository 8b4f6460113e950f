/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the steps of crx_verify share. For lib/proof/verify itself. Each step relies
 * on the ones before it, in the order in which they are declared.
 */
#ifndef CRX_VERIFY_STATE_H
#define CRX_VERIFY_STATE_H

#include "read/kmodel.h"
#include "proof/verify/verify.h"

/* What the image says of a node. */
struct crx_verify_entry {
	struct crx_inode inode; /* the root's with the bits that the kernel adds */
	uint64_t off;           /* of the entry; 0 for the root, as the kernel has it */
};

struct crx_verify {
	const struct crx_image *img;
	const char *path; /* of the image, for messages */
	const struct crx_tree *t;
	const struct crx_facts *f;
	const struct crx_plan *p;
	const struct crx_verify_opts *o;

	struct crx_verify_entry *entry; /* for each of t->node */
	uint32_t *table; /* files (of facts) that stand for a table each: the lowest that uses it;
			    ascending */
	size_t ntables;
	uint64_t *blocks; /* ntables + 1: blocks in all tables before */
};

/*
 * Fill err with CRX_EVERIFY for node (NULL: the image) at image offset off.
 * Returns CRX_EVERIFY.
 */
int crx_verify_fault(const struct crx_verify *v, const struct crx_node *node, uint64_t off,
		     struct crx_err *err, const char *fmt, ...) CRX_PRINTF(5, 6);

/* The superblock, but for the CRC; counts come later. */
int crx_verify_super(const struct crx_verify *v, struct crx_err *err) CRX_MUST_CHECK;

/* Every entry, beside the tree; fills entry. */
int crx_verify_walk(struct crx_verify *v, struct crx_err *err) CRX_MUST_CHECK;

/* cramino(): entries of one number agree. */
int crx_verify_inodes(const struct crx_verify *v, struct crx_err *err) CRX_MUST_CHECK;

/* Which files share a table, and whether the plan says so; fills table and blocks. */
int crx_verify_tables(struct crx_verify *v, struct crx_err *err) CRX_MUST_CHECK;

/* Every block of every table against its hash, and the image's CRC: in parallel. */
int crx_verify_blocks(const struct crx_verify *v, struct crx_err *err) CRX_MUST_CHECK;

/* Direct uncompressed blocks: page-aligned, of one table; flags that the pointers need. */
int crx_verify_runs(const struct crx_verify *v, struct crx_err *err) CRX_MUST_CHECK;

/* Every page that was promised in place is. */
int crx_verify_in_place(const struct crx_verify *v, struct crx_err *err) CRX_MUST_CHECK;

/* The node of file i of facts, and what the image says of it. */
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
