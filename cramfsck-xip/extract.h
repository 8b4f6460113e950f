/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * -x and --extract=DIR: extract an image into a directory or an archive.
 */
#ifndef CRAMFSCK_XIP_EXTRACT_H
#define CRAMFSCK_XIP_EXTRACT_H

#include "options.h"
#include "read/extract.h"

/*
 * Extracts the image into o->extract. Without --owners, root extracts owners, setuid bits, FIFOs
 * and sockets, but not devices, and other users none of them. An archive always has them all.
 *
 * Returns 0 with crx_extract_in_part(out) if less was extracted than was asked for; the program
 * exits with 4. This is reported through the log, and so is an error that stops extraction after
 * something was extracted.
 */
int extract_image(const struct crx_image *img, const struct crx_listing *l, const struct options *o,
		  struct crx_log *log, struct crx_extract_result *out, struct crx_err *err)
	CRX_MUST_CHECK;

#endif
