/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An mtree manifest that is being applied to a tree. Private to the files of mtree.
 */
#ifndef CRX_SOURCE_MTREE_H
#define CRX_SOURCE_MTREE_H

#include "input/source/dir.h"
#include "input/source/mtree_line.h"
#include "input/source/unpack.h"

struct crx_mtree {
	const struct crx_source_opts *o;
	struct crx_unpack u; /* only its tree and names are used */
	struct crx_mtree_reader lines;
	struct crx_dir *dir; /* that contents are read from */
	/* The latest directory, in which names without '/' are. Kept as a node too: looking up the
	 * path for each entry would take quadratic time. */
	char *path; /* "" or "a/b/", and then the name of the entry */
	size_t cwd_len, path_cap;
	struct crx_node **cwd; /* the directories on that path, without the root */
	size_t depth, cwd_cap;
	struct crx_place place;             /* of the entry */
	const char *last_user, *last_group; /* the latest names that were copied */
};

/* "MANIFEST:LINE: path: what" */
int crx_mtree_bad(const struct crx_mtree *m, const char *path, const char *what,
		  struct crx_err *err);

/* Look for the contents of the entry: *found, and their size. An error if they are
 * missing, unless the entry is optional. */
int crx_mtree_find_contents(struct crx_mtree *m, const char *path, const struct crx_mtree_attrs *a,
			    uint64_t *size, bool *found, struct crx_err *err) CRX_MUST_CHECK;

/* Give them to n, which has no other name from then on. */
int crx_mtree_set_contents(struct crx_mtree *m, const char *path, const struct crx_mtree_attrs *a,
			   uint64_t size, struct crx_node *n, struct crx_err *err) CRX_MUST_CHECK;

#endif
