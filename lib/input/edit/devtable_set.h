/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sets mode and owner of a node, or of all names of a file. Private to
 * devtable*.c.
 */
#ifndef CRX_EDIT_DEVTABLE_SET_H
#define CRX_EDIT_DEVTABLE_SET_H

#include "input/edit/devtable.h"

struct crx_devtable_set {
	const struct crx_tree *tree; /* finished; nodes added since have one name */
	bool all_names;
	struct crx_node **linked; /* nodes of files with several names, sorted by file */
	size_t nlinked;
	bool sorted;   /* linked has been filled */
	bool differ;   /* names of one file have different attributes, as a manifest may say */
	size_t visits; /* nodes changed because they are other names */
};

/* CRX_DEVTABLE_KEEP keeps a value. The modes of symbolic links do not change. */
int crx_devtable_set(struct crx_devtable_set *s, struct crx_node *n, uint32_t mode,
		     const uint32_t id[CRX_USERS_KINDS], struct crx_err *err) CRX_MUST_CHECK;
void crx_devtable_set_free(struct crx_devtable_set *s);

#endif
