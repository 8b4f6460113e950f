/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What sources have and cramfs cannot hold: extended attributes, and what Linux
 * keeps in them.
 */
#ifndef CRX_EDIT_DROPPED_H
#define CRX_EDIT_DROPPED_H

#include "tree/tree.h"

/* A warning for each kind (base/xattr.h) that nodes of t have: how many there
 * are, and the paths of the first. */
void crx_dropped_report(const struct crx_tree *t, struct crx_log *log);

#endif
