/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Mode and owner of nodes, with all names that a file has. Internal to
 * devtable*.c.
 */
#ifndef CRX_EDIT_DEVTABLE_SET_H
#define CRX_EDIT_DEVTABLE_SET_H

#include "input/edit/devtable.h"

struct crx_devtable_set {
	const struct crx_tree *tree; /* as it was finished: new nodes have no other names */
	bool all_names;
	struct crx_node **linked; /* nodes that have several, those of one file side by side */
	size_t nlinked;
	bool sorted; /* linked has been filled */
	bool unlike; /* some names of one file had other modes or owners (a manifest may tell of one
			only) */
	size_t visits; /* nodes changed for the sake of another name */
};

/* CRX_DEVTABLE_KEEP keeps. Symbolic links have no mode that could be set. */
int crx_devtable_set(struct crx_devtable_set *s, struct crx_node *n, uint32_t mode,
		     const uint32_t id[CRX_USERS_KINDS], struct crx_err *err) CRX_MUST_CHECK;
void crx_devtable_set_free(struct crx_devtable_set *s);

#endif
