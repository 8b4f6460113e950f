/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds everything in a tree that cramfs cannot hold, before anything is written.
 */
#ifndef CRX_TREE_LIMITS_H
#define CRX_TREE_LIMITS_H

#include "tree/tree.h"

/* One thing that does not fit. The text has the value, the limit, and what to do. */
struct crx_offence {
	const struct crx_node *node;
	char text[200];
};

struct crx_offences {
	struct crx_offence *list; /* the first CRX_OFFENCES_LISTED */
	size_t listed;
	size_t count; /* all of them */
};

enum { CRX_OFFENCES_LISTED = 20 };

/*
 * Check every node of a finished tree. Fails only without memory; what does not fit
 * is listed in *out (count is 0 if everything fits). Free it with
 * crx_offences_free().
 */
int crx_tree_check(const struct crx_tree *t, uint32_t page_size, struct crx_offences *out,
		   struct crx_err *err) CRX_MUST_CHECK;

/* Add one that a later stage found. Without the list of crx_tree_check() it is only
 * counted. */
void crx_offend(struct crx_offences *o, const struct crx_node *n, const char *fmt, ...)
	CRX_PRINTF(3, 4);

void crx_offences_free(struct crx_offences *o);

/* Bytes of the directory entry of n: its inode, and its name padded to 4. */
size_t crx_tree_entry_len(const struct crx_node *n);

/* Bytes of the entries of directory n. */
uint64_t crx_tree_dir_len(const struct crx_node *n);

#endif
