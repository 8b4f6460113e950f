/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tar: the image as a tar archive, to descriptor 1.
 */
#include "config.h"

#include <errno.h>
#include <unistd.h>

#include "command.h"
#include "input/archive/writer.h"
#include "proof/export/export.h"

int command_tar(struct dump *d, struct crx_err *err)
{
	struct crx_extract_result result = { 0 };
	struct crx_archive_writer *w;
	int ret;

	if (isatty(STDOUT_FILENO))
		return crx_err_set(err, CRX_EARG, 0, NULL,
				   "not writing an archive to a terminal (redirect standard output "
				   "to a file or a pipe)");
	if (fflush(stdout) != 0)
		return crx_err_set(err, CRX_EIO, errno, "standard output", "cannot write");
	ret = crx_archive_create(&w, "-", NULL, err);
	if (ret)
		return ret;
	ret = crx_export_archive(&d->view->img, &d->view->list, w, d->log, &result, err);
	if (ret) {
		crx_archive_abort(w);
		return ret;
	}
	d->incomplete |= result.failed > 0;
	return crx_archive_close(w, err);
}
