/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where a tree comes from.
 */
#ifndef CRX_SOURCE_SOURCE_H
#define CRX_SOURCE_SOURCE_H

#include "tree/tree.h"

/* A source keeps what the contents of its tree need: free it after the tree. */
struct crx_source {
	void *state;
	void (*free)(void *state);
};

/* The directory at path and all below it. Symbolic links are not followed
 * (path itself may be one). */
int crx_source_dir(const char *path, struct crx_tree *t, struct crx_source *s, struct crx_err *err) CRX_MUST_CHECK;
void crx_source_free(struct crx_source *s);

#endif
