/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lets libarchive read and seek in a file. As archive_read_open_fd() does, but an error of the
 * system is kept: libarchive forgets it if it occurs while the format is being recognised.
 */
#include "config.h"
#include "input/archive/reader.h"

#if HAVE_LIBARCHIVE

#include <archive.h>
#include <errno.h>
#include <unistd.h>

#include "base/mem.h"
#include "input/archive/reader_parts.h"

enum { BLOCK_LEN = 64 * 1024 };

static int fd_of(const struct crx_archive_reader *r)
{
	return r->copy.fd >= 0 ? r->copy.fd : r->fd;
}

static int fail(struct crx_archive_reader *r, struct archive *a, const char *what)
{
	/* what a damaged archive says can lead to before the beginning */
	if (errno != EINVAL)
		crx_err_set(&r->in.err, CRX_EIO, errno, r->name, "cannot %s", what);
	archive_set_error(a, errno, "cannot %s", what);
	return ARCHIVE_FATAL;
}

static la_ssize_t on_read(struct archive *a, void *ctx, const void **buf)
{
	struct crx_archive_reader *r = ctx;
	ssize_t n = crx_io_read(fd_of(r), r->block, BLOCK_LEN);

	*buf = r->block;
	return n < 0 ? fail(r, a, "read") : n;
}

static la_int64_t on_seek(struct archive *a, void *ctx, la_int64_t off, int whence)
{
	struct crx_archive_reader *r = ctx;
	off_t at = lseek(fd_of(r), (off_t)off, whence);

	return at < 0 ? fail(r, a, "seek") : at;
}

static la_int64_t on_skip(struct archive *a, void *ctx, la_int64_t len)
{
	struct crx_archive_reader *r = ctx;
	off_t before = lseek(fd_of(r), 0, SEEK_CUR);
	off_t after = before < 0 ? -1 : lseek(fd_of(r), (off_t)len, SEEK_CUR);

	return after < 0 ? fail(r, a, "seek") : after - before;
}

int crx_archive_open_seeking(struct crx_archive_reader *r)
{
	if (!r->block)
		r->block = crx_alloc(BLOCK_LEN, 1);
	if (!r->block) {
		archive_set_error(r->a, ENOMEM, "no memory for a block");
		return ARCHIVE_FATAL;
	}
	if (archive_read_set_callback_data(r->a, r) != ARCHIVE_OK ||
	    archive_read_set_read_callback(r->a, on_read) != ARCHIVE_OK ||
	    archive_read_set_seek_callback(r->a, on_seek) != ARCHIVE_OK ||
	    archive_read_set_skip_callback(r->a, on_skip) != ARCHIVE_OK)
		return ARCHIVE_FATAL;
	return archive_read_open1(r->a);
}

#endif
