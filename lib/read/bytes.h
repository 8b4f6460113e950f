/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one place where an offset becomes a pointer into the image. Private to lib/read.
 */
#ifndef CRX_READ_BYTES_H
#define CRX_READ_BYTES_H

#include "read/image.h"

/* The len bytes at off, or NULL if the image does not contain all of them. */
const uint8_t *crx_image_bytes(const struct crx_image *img, uint64_t off, uint64_t len);

#endif
