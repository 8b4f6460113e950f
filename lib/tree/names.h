/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds names in a tree that is changing, in logarithmic time: the entries of each
 * directory form a balanced tree, so their order does not matter, even if an
 * attacker chose it. From crx_names_init() to crx_names_free() it uses `index` of
 * the nodes, and nodes may only be added through it. Call crx_tree_finish() after
 * that.
 */
#ifndef CRX_TREE_NAMES_H
#define CRX_TREE_NAMES_H

#include "tree/tree.h"

struct crx_names {
	struct crx_node *root;
	struct crx_name_slot *slot; /* slot 0 is not used */
	size_t nslots, cap;
};

/* t is finished, or new (crx_tree_init()). */
int crx_names_init(struct crx_names *x, struct crx_tree *t, struct crx_err *err) CRX_MUST_CHECK;
void crx_names_free(struct crx_names *x);

/* The entry of dir called name (len bytes), or NULL. Links are not followed. */
struct crx_node *crx_names_find(const struct crx_names *x, const struct crx_node *dir,
				const char *name, size_t len);

/* Add an entry as crx_tree_add() does. dir must not have that name yet. */
int crx_names_add(struct crx_names *x, struct crx_node *dir, const char *name, size_t len,
		  struct crx_node **out, struct crx_err *err) CRX_MUST_CHECK;

/* Node i of 1 .. nslots - 1, in the order of insertion. The root is not among them. */
struct crx_node *crx_names_at(const struct crx_names *x, size_t i);

/* n if it is a directory; or the directory in the tree that the link n leads to; else
 * NULL. */
struct crx_node *crx_names_dir(const struct crx_names *x, struct crx_node *n);

#endif
