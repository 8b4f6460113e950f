/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Contents that are files below a directory on disk. For lib/input/source itself.
 */
#ifndef CRX_SOURCE_DIR_H
#define CRX_SOURCE_DIR_H

#include "input/source/source.h"

/* Where a file is below the directory: not told from its node, which can move
 * to another place in the tree or give its contents to another node. */
struct crx_dir_place {
	const struct crx_dir_place *up; /* NULL: directly in the directory */
	char name[];
};

struct crx_dir {
	int fd;
	struct crx_arena places;
};

/* s owns *out, which is its state; free s after an error as well. */
int crx_dir_open(const char *path, struct crx_dir **out, struct crx_source *s, struct crx_err *err)
	CRX_MUST_CHECK;

/* Owned by d; NULL when memory is short. name may be a path of several parts. */
struct crx_dir_place *crx_dir_place(struct crx_dir *d, const struct crx_dir_place *up,
				    const char *name);

/* The file at p (NULL: the directory itself), opened; -1 with err filled. */
int crx_dir_open_place(const struct crx_dir *d, const struct crx_dir_place *p, int flags,
		       struct crx_err *err) CRX_MUST_CHECK;

/* n gets size bytes from there. */
void crx_dir_contents(struct crx_dir *d, const struct crx_dir_place *p, uint64_t size,
		      struct crx_node *n);

#endif
