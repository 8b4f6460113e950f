/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Changes to a tree between source and scan. Call crx_tree_finish() after them.
 */
#ifndef CRX_EDIT_FILTER_H
#define CRX_EDIT_FILTER_H

#include "base/strings.h"
#include "tree/tree.h"

/*
 * Remove what a pattern matches (base/glob.h), with all below it. A pattern with
 * a '/' anywhere but at its end is compared with the path from the root (a
 * leading '/' is optional), any other with the name at every level. A pattern
 * that ends in '/' matches directories only.
 */
int crx_filter_exclude(struct crx_tree *t, char *const *pattern, size_t n, struct crx_err *err)
	CRX_MUST_CHECK;

/* CRX_EARG if a pattern is too long. */
int crx_filter_check(char *const *pattern, size_t n, struct crx_err *err) CRX_MUST_CHECK;

/* Does a pattern match this node of a tree that is still being built? Its parents are
 * not checked. The patterns must have passed crx_filter_check(). */
int crx_filter_match(char *const *pattern, size_t n, const struct crx_node *node, bool *matched,
		     struct crx_err *err) CRX_MUST_CHECK;

/* Append the lines of the file at path as patterns. Blank lines and those that begin
 * with '#' are ignored; white space at the end of a line is removed. */
int crx_filter_read_patterns(const char *path, struct crx_strings *pattern, struct crx_err *err)
	CRX_MUST_CHECK;

/* Set the owner of every node to 0:0. */
void crx_filter_all_root(struct crx_tree *t);

/* Does every node belong to this user? */
bool crx_filter_all_owned_by(const struct crx_tree *t, uint32_t uid);

#endif
