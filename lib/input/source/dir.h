/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Contents that are files in a directory on disk. Private to lib/input/source.
 */
#ifndef CRX_SOURCE_DIR_H
#define CRX_SOURCE_DIR_H

#include "input/source/source.h"

/* Where a file is in the directory. Its node does not say so: it can move to
 * another place in the tree, or pass its contents on to another node. */
struct crx_dir_place {
	const struct crx_dir_place *up; /* NULL: directly in the directory */
	char name[];
};

struct crx_dir {
	int fd;
	struct crx_arena places;
};

/* s owns *out, which is its state. Free s even after an error. */
int crx_dir_open(const char *path, struct crx_dir **out, struct crx_source *s, struct crx_err *err)
	CRX_MUST_CHECK;

/* Owned by d; NULL without memory. name may be a path of several parts. */
struct crx_dir_place *crx_dir_place(struct crx_dir *d, const struct crx_dir_place *up,
				    const char *name);

/* A descriptor of the file at p (NULL: the directory itself), or -1 with err set. */
int crx_dir_open_place(const struct crx_dir *d, const struct crx_dir_place *p, int flags,
		       struct crx_err *err) CRX_MUST_CHECK;

/* Make the size bytes of the file at p the contents of n. */
void crx_dir_set_contents(struct crx_dir *d, const struct crx_dir_place *p, uint64_t size,
			  struct crx_node *n);

#endif
