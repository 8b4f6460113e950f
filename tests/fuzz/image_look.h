/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * For the image target: the entries of an image, one by one.
 */
#ifndef CRX_TESTS_FUZZ_IMAGE_LOOK_H
#define CRX_TESTS_FUZZ_IMAGE_LOOK_H

#include "read/check.h"
#include "read/walk.h"

/* Reads, maps and explains everything. found: by crx_check(). */
void image_look(const struct crx_image *img, const struct crx_listing *l,
		const struct crx_check_result *found);

#endif
