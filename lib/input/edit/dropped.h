/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reports attributes of the source that are dropped, because cramfs cannot hold
 * them: extended attributes, and what Linux keeps in them.
 */
#ifndef CRX_EDIT_DROPPED_H
#define CRX_EDIT_DROPPED_H

#include "tree/tree.h"

/* One warning for each kind (base/xattr.h) that was dropped: how many nodes had it,
 * and the paths of the first ones. */
void crx_dropped_report(const struct crx_tree *t, struct crx_log *log);

#endif
