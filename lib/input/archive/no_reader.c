/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Replaces the reader in builds without libarchive.
 */
#include "config.h"
#include "input/archive/reader.h"

#if !HAVE_LIBARCHIVE

int crx_archive_open(struct crx_archive_reader **out, const struct crx_io_rest *in,
		     struct crx_log *log CRX_UNUSED, struct crx_err *err)
{
	*out = NULL;
	return crx_err_set(err, CRX_EFORMAT, 0, in->path,
			   "is not an archive that this build can read: it was configured without "
			   "libarchive (unpack it first, or build with libarchive)");
}

int crx_archive_next(struct crx_archive_reader *r CRX_UNUSED,
		     struct crx_archive_member *m CRX_UNUSED, struct crx_err *err)
{
	return crx_err_set(err, CRX_EINTERNAL, 0, NULL, "no archive to read from");
}

int crx_archive_read(struct crx_archive_reader *r CRX_UNUSED, void *buf CRX_UNUSED,
		     size_t len CRX_UNUSED, size_t *got, struct crx_err *err)
{
	*got = 0;
	return crx_err_set(err, CRX_EINTERNAL, 0, NULL, "no archive to read from");
}

void crx_archive_close_reader(struct crx_archive_reader *r CRX_UNUSED)
{
}

#endif
