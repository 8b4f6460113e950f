/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The order of names in a directory, and names that occur twice there, of which cramfs_lookup()
 * finds only the first.
 */
#ifndef CRX_READ_ORDER_H
#define CRX_READ_ORDER_H

#include "read/walk.h"

/* As strcmp(), for names that may hold any bytes: by unsigned bytes, then by length. */
int crx_entry_compare_names(const struct crx_entry *a, const struct crx_entry *b);

/* The entries of directory dir sorted by name, equal names in the order of the image. The caller
 * frees *out. Fails only for memory. */
int crx_entry_sort(const struct crx_listing *l, const struct crx_entry *dir,
		   const struct crx_entry ***out, struct crx_err *err) CRX_MUST_CHECK;

/*
 * The entries of directory dir whose name an earlier entry of it has, sorted by name: *n entries
 * at *out, which the caller frees. Fails only for memory.
 */
int crx_entry_doubles(const struct crx_listing *l, const struct crx_entry *dir,
		      const struct crx_entry ***out, size_t *n, struct crx_err *err) CRX_MUST_CHECK;

#endif
