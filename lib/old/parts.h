/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The steps of reading an old image. Private to old.
 */
#ifndef CRX_OLD_PARTS_H
#define CRX_OLD_PARTS_H

#include "old/old.h"
#include "read/walk.h"

/* Block pointers are followed, and each distinct block is added once. A table whose blocks are not
 * all within the image is not usable. */
int crx_old_find_blocks(struct crx_old *old, const struct crx_image *img, struct crx_err *err)
	CRX_MUST_CHECK;

/* Sets overlaps, and makes tables unusable that overlap something. */
int crx_old_find_overlaps(struct crx_old *old, const struct crx_image *img,
			  const struct crx_listing *l, struct crx_err *err) CRX_MUST_CHECK;

/* Inflates and hashes the blocks, in parallel; then the tables' keys. */
int crx_old_hash_blocks(struct crx_old *old, unsigned workers, struct crx_err *err) CRX_MUST_CHECK;

#endif
