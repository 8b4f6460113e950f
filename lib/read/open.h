/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Opens the image that a user names, for a program that shows what is in it.
 */
#ifndef CRX_READ_OPEN_H
#define CRX_READ_OPEN_H

#include "read/image.h"

struct crx_open_opts {
	bool locate;        /* find the image in the file */
	uint64_t off;       /* where it begins, unless locate is set */
	uint32_t page_size; /* 0: detect it */
	struct crx_kernel kernel;
	struct crx_log *log; /* gets a note or a warning if the page size is not certain */
};

/*
 * Maps the image in the file or block device at path. *candidates gets those of
 * crx_check_page_size(), or 0 if the page size is given. The errors are those of opening the file,
 * of read/locate.h and of read/image.h.
 */
int crx_open_image(struct crx_image *img, const char *path, const struct crx_open_opts *o,
		   uint32_t *candidates, struct crx_err *err) CRX_MUST_CHECK;

#endif
