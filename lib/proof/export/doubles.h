/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names that stand twice in one directory. For lib/proof/export itself.
 */
#ifndef CRX_EXPORT_DOUBLES_H
#define CRX_EXPORT_DOUBLES_H

#include "read/walk.h"

/* *out: l->n marks, true for an entry whose name an earlier one of its
 * directory has; the caller's to free. */
int crx_export_doubles(const struct crx_listing *l, bool **out, struct crx_err *err) CRX_MUST_CHECK;

#endif
