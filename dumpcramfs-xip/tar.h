/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dumpcramfs-xip tar: the image as a tar archive to standard output.
 */
#ifndef DUMPCRAMFS_XIP_TAR_H
#define DUMPCRAMFS_XIP_TAR_H

#include "read/extract.h"

/*
 * Writes to descriptor 1, after flushing stdout. Returns 0 with out->failed > 0 if some entries are
 * not in the archive, or only in part; these are logged. CRX_EARG if standard output is a terminal.
 */
int dump_tar(const struct crx_image *img, const struct crx_listing *l, struct crx_log *log,
	     struct crx_extract_result *out, struct crx_err *err) CRX_MUST_CHECK;

#endif
