/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds the cramfs image inside a larger file, such as a dump of a flash.
 */
#ifndef CRX_READ_LOCATE_H
#define CRX_READ_LOCATE_H

#include "base/err.h"

/*
 * Sets *off to the byte at which the only image of the open file begins, for crx_image_map_at().
 * An image is a superblock with the right signature, with flags that a kernel accepts and with a
 * root directory, at any offset and in either byte order; of version 1, also with a root that can
 * be read. What is inside of an image with a correct CRC is not another image.
 *
 * If there are several, or none, that is CRX_EFORMAT with the number of images in *n, and log gets
 * their offsets, or those of magic numbers of cramfs and other formats. The time is proportional to
 * the length of the file.
 */
int crx_image_locate(int fd, const char *name, struct crx_log *log, uint64_t *off, size_t *n,
		     struct crx_err *err) CRX_MUST_CHECK;

#endif
