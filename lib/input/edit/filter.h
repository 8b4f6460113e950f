/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Changes to a tree between source and scan. Call crx_tree_finish() after them.
 */
#ifndef CRX_EDIT_FILTER_H
#define CRX_EDIT_FILTER_H

#include "base/strings.h"
#include "tree/tree.h"

/*
 * Patterns for what to exclude (base/glob.h). One with a '/' anywhere but at its end is compared
 * with the path from the root (a leading '/' is optional), any other with the name at every level.
 * One that ends in '/' matches directories only. The list is made by crx_filter_add().
 */
struct crx_filter {
	char *const *pattern;
	size_t n;
	size_t *hits; /* for each pattern, how many nodes it matched; may be NULL */
};

/*
 * Append a pattern that a user wrote. "./lib" becomes "/lib", "lib/." becomes "lib/", and
 * superfluous slashes go. CRX_EARG if it is empty or too long, begins with '!', or has alternatives
 * in braces, which would match only themselves. origin: the path of such errors; may be NULL.
 */
int crx_filter_add(struct crx_strings *list, const char *pattern, const char *origin,
		   struct crx_err *err) CRX_MUST_CHECK;

/* Append the lines of the file at path ("-": standard input). Blank lines and those that begin
 * with '#' are ignored; white space at the end of a line is removed. */
int crx_filter_read_patterns(const char *path, struct crx_strings *list, struct crx_err *err)
	CRX_MUST_CHECK;

/*
 * Patterns may begin with the name of the source: as it was typed, its full path, or its last
 * component. Remove it if source is a directory that has nothing of that name.
 */
void crx_filter_strip_source(struct crx_strings *list, const char *source);

/* Does a pattern match this node? Its parents are not checked. The node may belong to a tree that
 * is still being built. */
int crx_filter_match(const struct crx_filter *f, const struct crx_node *node, bool *matches,
		     struct crx_err *err) CRX_MUST_CHECK;

/* Remove what the patterns match, with all below it. */
int crx_filter_exclude(const struct crx_filter *f, struct crx_tree *t, struct crx_err *err)
	CRX_MUST_CHECK;

/* Warn about each pattern without hits. */
void crx_filter_warn_unmatched(const struct crx_filter *f, struct crx_log *log);

/* Set the owner of every node to 0:0. */
void crx_filter_all_root(struct crx_tree *t);

/* The first node that belongs to this user, or (with not) that does not; NULL: there is none. Nodes
 * that cannot be read do not count. */
const struct crx_node *crx_filter_find_owned(const struct crx_tree *t, uint32_t uid, bool not );

#endif
