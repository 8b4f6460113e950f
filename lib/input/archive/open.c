/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Opens an archive: which format it has, and how it is read.
 */
#include "config.h"
#include "input/archive/reader.h"

#if HAVE_LIBARCHIVE

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "input/archive/memory.h"
#include "input/archive/reader_parts.h"
#include "base/mem.h"

enum { MAGIC_LEN = 32 * 1024 + 8 }; /* iso9660 has its magic number after 32 KiB */

static bool has_magic(const uint8_t *p, size_t len, size_t off, const char *magic)
{
	size_t n = strlen(magic);

	return len >= off + n && !memcmp(p + off, magic, n);
}

/* Formats whose names are characters, and which can only be read by seeking. */
static bool is_container(const uint8_t *p, size_t len)
{
	static const char *const known[] = { "PK\3\4", "PK\5\6", "7z\xbc\xaf\x27\x1c",
					     "Rar!",   "MSCF",   "xar!" };
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (has_magic(p, len, 0, known[i]))
			return true;
	/* iso9660, unless this is a file's data in a cpio or tar archive */
	return has_magic(p, len, 32769, "CD001") && !has_magic(p, len, 0, "07070") &&
	       !has_magic(p, len, 257, "ustar");
}

/*
 * All formats except raw and mtree: libarchive takes almost any text for an
 * mtree, and an mtree has no data. zip only with the directory at its end, which
 * has the modes and links, and without which nobody knows if an entry is
 * missing. A format that this libarchive does not support is not recognised
 * later.
 */
static int add_formats(struct archive *a, bool cpio, struct crx_err *err)
{
	static int (*const formats[])(struct archive *) = {
		archive_read_support_format_7zip,
		archive_read_support_format_ar,
		archive_read_support_format_cab,
		archive_read_support_format_cpio,
		archive_read_support_format_iso9660,
		archive_read_support_format_lha,
		archive_read_support_format_rar,
#if ARCHIVE_VERSION_NUMBER >= 3004000
		archive_read_support_format_rar5,
#endif
		archive_read_support_format_tar,
		archive_read_support_format_warc,
		archive_read_support_format_xar,
		archive_read_support_format_zip_seekable,
	};
	size_t i;

	for (i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if ((!cpio || formats[i] == archive_read_support_format_cpio) &&
		    formats[i](a) == ARCHIVE_FATAL)
			return crx_err_nomem(err, "reading an archive");
	return 0;
}

int crx_archive_start(struct crx_archive_reader *r, bool cpio, struct crx_err *err)
{
	int ret;

	if (r->a)
		archive_read_free(r->a);
	errno = 0;
	r->have_entry = false;
	r->listed = 0;
	r->a = archive_read_new();
	if (!r->a)
		return crx_err_nomem(err, "reading an archive");
	ret = add_formats(r->a, cpio, err);
	if (ret < 0)
		return ret;
	if (r->seeks)
		ret = crx_archive_open_seeking(r);
	else
		ret = crx_feed_open_archive(&r->in, r->a);
	if (ret == ARCHIVE_OK)
		return 0;
	/* "Unrecognized archive format" would be wrong in the middle of a cpio archive */
	if (cpio && !crx_archive_lacks_memory(r->a))
		archive_clear_error(r->a);
	return crx_archive_fail(r, NULL, err);
}

/* Have libarchive seek: in fd if that is a plain file, else in a copy. */
static int prepare_seeking(struct crx_archive_reader *r, bool plain_file, struct crx_err *err)
{
	const void *buf;
	size_t len;
	int ret;

	r->seeks = true;
	r->locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	if (!r->locale && errno == ENOMEM)
		return crx_err_nomem(err, "reading an archive");
	if (!plain_file) {
		ret = crx_io_temp_nameless(&r->copy, err);
		while (!ret && !(ret = crx_feed_read(r->in.feed, &buf, &len, err)) && len)
			ret = crx_io_write(r->copy.fd, buf, len, crx_io_temp_dir(), err);
		if (ret < 0)
			return ret;
	}
	if (lseek(plain_file ? r->fd : r->copy.fd, 0, SEEK_SET) != 0)
		return crx_err_set(err, CRX_EIO, errno, r->name, "cannot seek to its beginning");
	return 0;
}

static int set_up(struct crx_archive_reader *r, const void *head, size_t head_len,
		  struct crx_err *err)
{
	bool plain_file;
	struct stat st;
	const void *p;
	size_t len;
	int ret;

	plain_file = !head_len && !fstat(r->fd, &st) && S_ISREG(st.st_mode) &&
		     lseek(r->fd, 0, SEEK_CUR) == 0;
	ret = crx_feed_open(&r->in.feed, r->fd, r->name, err);
	if (ret < 0)
		return ret;
	crx_feed_prepend(r->in.feed, head, head_len);
	ret = crx_feed_peek(r->in.feed, MAGIC_LEN, &p, &len, err);
	if (!ret && len && !is_container(p, len)) {
		ret = crx_feed_decompress(&r->in.feed, &r->compressed, err);
		if (!ret)
			ret = crx_feed_peek(r->in.feed, MAGIC_LEN, &p, &len, err);
	}
	if (ret < 0)
		return ret;
	if (!len)
		return crx_err_set(err, CRX_EFORMAT, 0, r->name, "is empty, not an archive");
	if (is_container(p, len)) {
		ret = prepare_seeking(r, plain_file && !r->compressed, err);
		if (ret < 0)
			return ret;
	}
	return crx_archive_start(r, false, err);
}

int crx_archive_open(struct crx_archive_reader **out, const struct crx_io_rest *in,
		     struct crx_log *log, struct crx_err *err)
{
	struct crx_archive_reader *r = crx_zalloc(1, sizeof(*r));
	int ret;

	*out = NULL;
	if (!r)
		return crx_err_nomem(err, "reading an archive");
	r->fd = in->fd;
	r->copy.fd = -1;
	r->log = log;
	r->name = crx_strdup(in->path);
	r->header = archive_entry_new();
	ret = r->name && r->header ? set_up(r, in->head, in->head_len, err)
				   : crx_err_nomem(err, "reading an archive");
	if (ret < 0) {
		crx_archive_close_reader(r);
		return ret;
	}
	*out = r;
	return 0;
}

void crx_archive_close_reader(struct crx_archive_reader *r)
{
	if (!r)
		return;
	if (r->a)
		archive_read_free(r->a);
	if (r->header)
		archive_entry_free(r->header);
	crx_feed_free(r->in.feed);
	crx_archive_links_free(&r->links);
	if (r->locale)
		freelocale(r->locale);
	crx_io_temp_abort(&r->copy);
	free(r->block);
	free(r->name);
	free(r);
}

#endif
