/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * --lossy: cut what does not fit into cramfs, as other builders of cramfs images
 * do. (Files for which stat() fails are excluded earlier, when a directory is
 * read: source/source.h.) This is the last of the filters. crx_tree_check() may
 * still find something after it.
 */
#ifndef CRX_EDIT_LOSSY_H
#define CRX_EDIT_LOSSY_H

#include "tree/tree.h"

/*
 * In a finished tree, cut user ids to 16 bits, group ids to 8, device numbers to
 * 8 and 8 (as a kernel reads what the others write), names to at most 252 bytes
 * of whole characters (except names that are not UTF-8), and files to 16 MiB - 1
 * bytes. Exclude files that cannot be opened. Each gives a warning. Call
 * crx_tree_finish() after it, which fails if cutting made two names equal.
 */
int crx_filter_lossy(struct crx_tree *t, struct crx_log *log, struct crx_err *err) CRX_MUST_CHECK;

#endif
