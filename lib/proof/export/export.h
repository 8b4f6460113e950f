/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From an image to an archive, with owners and devices, which needs no privileges.
 */
#ifndef CRX_EXPORT_EXPORT_H
#define CRX_EXPORT_EXPORT_H

#include "input/archive/writer.h"
#include "read/extract.h"

/*
 * Write all entries of l to w, depth first and in the order of the image. An entry is not written,
 * nor is anything below it, and counts as failed if its name would lead elsewhere, if its directory
 * has an earlier entry with this name (an extractor would write through that one), or if the format
 * cannot hold it, such as a socket in tar. A file with pages that cannot be read also counts as
 * failed; it has zeros there. The caller closes w. CRX_EBIG: as from crx_extract_check_size().
 */
int crx_export_archive(const struct crx_image *img, const struct crx_listing *l,
		       struct crx_archive_writer *w, struct crx_log *log,
		       struct crx_extract_result *out, struct crx_err *err) CRX_MUST_CHECK;

#endif
