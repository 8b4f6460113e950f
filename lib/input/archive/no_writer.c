/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Replaces the writer in builds without libarchive.
 */
#include "config.h"
#include "input/archive/writer.h"

#if !HAVE_LIBARCHIVE

int crx_archive_create(struct crx_archive_writer **out, const char *path,
		       const struct crx_io_hooks *hooks CRX_UNUSED, struct crx_err *err)
{
	*out = NULL;
	return crx_err_set(err, CRX_EARG, 0, path,
			   "cannot be written: this build was configured without libarchive");
}

int crx_archive_put(struct crx_archive_writer *w CRX_UNUSED, const struct crx_archive_entry *e,
		    const void *contents CRX_UNUSED, struct crx_err *err)
{
	return crx_err_set(err, CRX_EINTERNAL, 0, e->path, "no archive to write to");
}

int crx_archive_close(struct crx_archive_writer *w CRX_UNUSED, struct crx_err *err)
{
	return crx_err_set(err, CRX_EINTERNAL, 0, NULL, "no archive to write to");
}

void crx_archive_abort(struct crx_archive_writer *w CRX_UNUSED)
{
}

#endif
