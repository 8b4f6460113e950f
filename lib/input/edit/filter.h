/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Changes to a tree between source and scan. Call crx_tree_finish after them.
 */
#ifndef CRX_EDIT_FILTER_H
#define CRX_EDIT_FILTER_H

#include "base/strings.h"
#include "tree/tree.h"

/*
 * Leave out what a pattern matches (base/glob.h), with all below. A pattern
 * with a '/' other than at its end is held against the path from the root
 * (a leading '/' may stand), any other against the name at every level; one
 * that ends in '/' matches directories only. hits[i], where hits is given,
 * counts what pattern i removed.
 */
int crx_filter_exclude(struct crx_tree *t, char *const *pattern, size_t n, size_t *hits,
		       struct crx_err *err) CRX_MUST_CHECK;

/* The same for one node of a tree that is still growing: *which is the first
 * pattern that takes it, n if none does. What is above it is not asked for. The
 * patterns must have passed crx_filter_check (CRX_EARG where one is too long). */
int crx_filter_check(char *const *pattern, size_t n, struct crx_err *err) CRX_MUST_CHECK;
int crx_filter_match(char *const *pattern, size_t n, const struct crx_node *node, size_t *which,
		     struct crx_err *err) CRX_MUST_CHECK;

/* Append the lines of the file at path as patterns: blank ones and those that begin with '#' are
 * passed over; white space at the end is cut. */
int crx_filter_read_patterns(const char *path, struct crx_strings *pattern, struct crx_err *err)
	CRX_MUST_CHECK;

/* Every node owned by 0:0. */
void crx_filter_all_root(struct crx_tree *t);

/* Are all nodes owned by uid, so that ownership says nothing? */
bool crx_filter_all_owned_by(const struct crx_tree *t, uint32_t uid);

#endif
