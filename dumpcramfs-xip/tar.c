/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "tar.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "input/archive/writer.h"
#include "proof/export/export.h"

int dump_tar(const struct crx_image *img, const struct crx_listing *l, struct crx_log *log,
	     struct crx_extract_result *out, struct crx_err *err)
{
	struct crx_archive_writer *w;
	int ret;

	*out = (struct crx_extract_result){ 0 };
	if (isatty(STDOUT_FILENO))
		return crx_err_set(err, CRX_EARG, 0, NULL,
				   "not writing an archive to a terminal (redirect standard output "
				   "to a file or a pipe)");
	if (fflush(stdout) != 0)
		return crx_err_set(err, CRX_EIO, errno, "standard output", "cannot write");
	ret = crx_archive_create(&w, "-", NULL, err);
	if (ret)
		return ret;
	ret = crx_export_archive(img, l, w, log, out, err);
	if (!ret)
		return crx_archive_close(w, err);
	crx_archive_abort(w);
	return ret;
}
