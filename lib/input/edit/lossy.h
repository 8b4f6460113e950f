/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * --lossy: what does not fit into cramfs is made to fit, as other builders of
 * cramfs images do it. (What cannot be looked at in a directory is left out
 * while that is read, source/source.h.) The last of the filters: what it leaves
 * is checked by crx_tree_check, and that may still find something.
 */
#ifndef CRX_EDIT_LOSSY_H
#define CRX_EDIT_LOSSY_H

#include "tree/tree.h"

/*
 * Of a finished tree: cut user numbers to 16 bits, group numbers to 8, device
 * numbers to 8 and 8 (which is what a kernel makes of those that the others
 * write), names to 252 bytes at the beginning of a character (names that are
 * not UTF-8 stay), files to 16 MiB less a byte; leave out files that cannot be
 * opened. A warning for each. Call crx_tree_finish after it: cut names may be
 * equal, and fail there.
 */
int crx_filter_lossy(struct crx_tree *t, struct crx_log *log, struct crx_err *err) CRX_MUST_CHECK;

#endif
