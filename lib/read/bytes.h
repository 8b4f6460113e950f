/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one place where an offset becomes a pointer into the image. For lib/read
 * itself.
 */
#ifndef CRX_READ_BYTES_H
#define CRX_READ_BYTES_H

#include "read/image.h"

/* len bytes at off, or NULL if they are not all there. */
const uint8_t *crx_image_bytes(const struct crx_image *img, uint64_t off, uint64_t len);

#endif
