/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An image into an archive, with owners and devices whoever asks.
 */
#ifndef CRX_EXPORT_EXPORT_H
#define CRX_EXPORT_EXPORT_H

#include "input/archive/writer.h"
#include "read/extract.h"

/*
 * All of l into w, depth first, in the image's order. What an archive is not
 * to hold (names that lead elsewhere, the second of two equal names, which
 * an extractor would write through) is left out and counted as failed, with
 * what is below; so is what the format cannot hold (sockets in tar); so are
 * pages that cannot be read: zeros stand in their place. w stays open.
 * CRX_EBIG as from crx_extract_check_size.
 */
int crx_export_archive(const struct crx_image *img, const struct crx_listing *l,
		       struct crx_archive_writer *w, struct crx_log *log,
		       struct crx_extract_result *out, struct crx_err *err) CRX_MUST_CHECK;

#endif
