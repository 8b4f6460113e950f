/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names of a tree that is changing, found in logarithmic time: the entries of
 * each directory in a balanced tree, whatever the order in which they come and
 * whoever chose them. From crx_names_init to crx_names_free `index` of the
 * nodes belongs to it, and nodes are added through it only. crx_tree_finish is
 * due after that.
 */
#ifndef CRX_TREE_NAMES_H
#define CRX_TREE_NAMES_H

#include "tree/tree.h"

struct crx_names {
	struct crx_node *root;
	struct crx_name_slot *slot; /* 0 is none */
	size_t nslots, cap;
};

/* Over a finished tree, or a new one (crx_tree_init). */
int crx_names_init(struct crx_names *x, struct crx_tree *t, struct crx_err *err) CRX_MUST_CHECK;
void crx_names_free(struct crx_names *x);

/* The entry of dir called name (len bytes), or NULL. Links are not followed. */
struct crx_node *crx_names_find(const struct crx_names *x, const struct crx_node *dir,
				const char *name, size_t len);

/* A new entry, which must not be there yet; as crx_tree_add. */
int crx_names_add(struct crx_names *x, struct crx_node *dir, const char *name, size_t len,
		  struct crx_node **out, struct crx_err *err) CRX_MUST_CHECK;

/* Every node but the root, in the order in which they came: 1 .. nslots - 1. */
struct crx_node *crx_names_at(const struct crx_names *x, size_t i);

/* The directory that n, an entry of a directory, is or leads to as a link
 * inside the tree; NULL if it is neither. */
struct crx_node *crx_names_dir(const struct crx_names *x, struct crx_node *n);

#endif
