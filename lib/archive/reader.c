/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "archive/reader.h"

#if HAVE_LIBARCHIVE

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "archive/reader_parts.h"
#include "base/mem.h"

enum { MAGIC_LEN = 32 * 1024 + 8 }; /* iso9660 has its own behind 32 KiB */

static la_ssize_t on_read(struct archive *a, void *ctx, const void **buf)
{
	struct crx_archive_reader *r = ctx;
	size_t len;

	if (crx_feed_read(r->feed, buf, &len, &r->feed_err) < 0) {
		archive_set_error(a, EIO, "cannot read");
		return -1;
	}
	r->given += len;
	return (la_ssize_t)len;
}

static const char *said(struct crx_archive_reader *r)
{
	const char *text = archive_error_string(r->a);

	return text ? text : "it is cut short, or damaged";
}

static int fail(struct crx_archive_reader *r, const char *entry, struct crx_err *err)
{
	if (r->feed_err.code) {
		if (!err->code)
			*err = r->feed_err;
		return err->code;
	}
	if (archive_errno(r->a) == ENOMEM)
		return crx_err_nomem(err, "reading an archive");
	if (entry)
		return crx_err_set(err, CRX_EFORMAT, 0, r->name, "%s: %s", entry, said(r));
	if (*r->entry)
		return crx_err_set(err, CRX_EFORMAT, 0, r->name, "%s (behind %s)", said(r), r->entry);
	return crx_err_set(err, CRX_EFORMAT, 0, r->name, "is no archive, or a damaged one: %s", said(r));
}

/* --- opening --- */

/* Formats whose names are characters, and that may have to be read from
 * behind: they are never compressed as a whole. */
static bool is_container(const uint8_t *p, size_t len)
{
	static const struct {
		size_t off, len;
		const char *magic;
	} known[] = {
		{ 0, 4, "PK\3\4" }, { 0, 4, "PK\5\6" }, { 0, 6, "7z\xbc\xaf\x27\x1c" }, { 0, 4, "Rar!" },
		{ 0, 4, "MSCF" }, { 0, 4, "xar!" }, { 32769, 5, "CD001" },
	};
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (len >= known[i].off + known[i].len && !memcmp(p + known[i].off, known[i].magic, known[i].len))
			return true;
	return false;
}

/* All but mtree, in whose clothes any text comes (and which has no data), and
 * raw. What a build of libarchive lacks fails here, and so is not recognised. */
static void add_formats(struct archive *a)
{
	static int (*const formats[])(struct archive *) = {
		archive_read_support_format_7zip, archive_read_support_format_ar, archive_read_support_format_cab, archive_read_support_format_cpio,
		archive_read_support_format_iso9660, archive_read_support_format_lha, archive_read_support_format_rar,
#if ARCHIVE_VERSION_NUMBER >= 3004000
		archive_read_support_format_rar5,
#endif
		archive_read_support_format_tar, archive_read_support_format_warc, archive_read_support_format_xar, archive_read_support_format_zip,
	};
	size_t i;

	for (i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		formats[i](a);
}

int crx_archive_start(struct crx_archive_reader *r, struct crx_err *err)
{
	int ret;

	if (r->a)
		archive_read_free(r->a);
	r->given = 0;
	r->have_entry = false;
	r->a = archive_read_new();
	if (!r->a)
		return crx_err_nomem(err, "reading an archive");
	add_formats(r->a);
	if (r->whole && lseek(r->fd, 0, SEEK_SET) == 0)
		ret = archive_read_open_fd(r->a, r->fd, 64 * 1024);
	else
		ret = archive_read_open(r->a, r, NULL, on_read, NULL);
	return ret == ARCHIVE_OK ? 0 : fail(r, NULL, err);
}

static int set_up(struct crx_archive_reader *r, struct crx_err *err)
{
	const void *p;
	size_t len;
	int ret;

	ret = crx_feed_open(&r->feed, r->fd, r->name, err);
	if (!ret)
		ret = crx_feed_peek(r->feed, MAGIC_LEN, &p, &len, err);
	if (ret < 0)
		return ret;
	r->whole = is_container(p, len);
	if (r->whole) {
		r->locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	} else if (len) {
		ret = crx_feed_decompress(&r->feed, NULL, err);
		if (!ret)
			ret = crx_feed_peek(r->feed, 1, &p, &len, err);
		if (ret < 0)
			return ret;
	}
	if (!len)
		return crx_err_set(err, CRX_EFORMAT, 0, r->name, "is empty, and no archive");
	return crx_archive_start(r, err);
}

int crx_archive_open_fd(struct crx_archive_reader **out, int fd, const char *name, struct crx_log *log, struct crx_err *err)
{
	struct crx_archive_reader *r = crx_zalloc(1, sizeof(*r));
	int ret;

	*out = NULL;
	if (!r)
		return crx_err_nomem(err, "reading an archive");
	r->fd = fd;
	r->log = log;
	r->path = crx_strdup(name);
	r->name = r->path;
	ret = r->path ? set_up(r, err) : crx_err_nomem(err, "reading an archive");
	if (ret < 0) {
		crx_archive_close_reader(r);
		return ret;
	}
	*out = r;
	return 0;
}

int crx_archive_open(struct crx_archive_reader **out, const char *path, struct crx_log *log, struct crx_err *err)
{
	int fd, ret;

	*out = NULL;
	if (!strcmp(path, "-"))
		return crx_archive_open_fd(out, 0, "standard input", log, err);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return crx_err_set(err, CRX_EIO, errno, path, "cannot open");
	ret = crx_archive_open_fd(out, fd, path, log, err);
	if (ret < 0)
		close(fd);
	else
		(*out)->own_fd = true;
	return ret;
}

void crx_archive_close_reader(struct crx_archive_reader *r)
{
	if (!r)
		return;
	if (r->a)
		archive_read_free(r->a);
	crx_feed_free(r->feed);
	if (r->locale)
		freelocale(r->locale);
	if (r->own_fd)
		close(r->fd);
	free(r->path);
	free(r);
}

const char *crx_archive_name(const struct crx_archive_reader *r)
{
	return r->name;
}

/* --- from entry to entry --- */

bool crx_archive_is(const struct crx_archive_reader *r, int format)
{
	return (archive_format(r->a) & ARCHIVE_FORMAT_BASE_MASK) == format;
}

/* Names that are not ASCII do not pass libarchive's translation in the C
 * locale; it says so, and leaves the bytes as they are. */
static bool is_translation(const char *text)
{
	return strstr(text, "can't be converted") || strstr(text, "cannot be converted");
}

static int next_header(struct crx_archive_reader *r, struct archive_entry **e)
{
	locale_t old = (locale_t)0;
	int ret;

	if (r->locale)
		old = uselocale(r->locale);
	ret = archive_read_next_header(r->a, e);
	if (r->locale)
		uselocale(old);
	return ret;
}

static int check_name(struct crx_archive_reader *r, const struct crx_archive_member *m, struct crx_err *err)
{
	size_t len;

	if (!m->path)
		return crx_err_set(err, CRX_EFORMAT, 0, r->name, "the entry behind %s has a name that cannot be read", *r->entry ? r->entry : "the beginning");
	if (S_ISLNK(m->mode) && !m->hardlink && !m->target)
		return crx_err_set(err, CRX_EFORMAT, 0, r->name, "%.500s: its target cannot be read", m->path);
	if (!*m->path)
		return crx_err_set(err, CRX_EFORMAT, 0, r->name, "holds an entry without a name");
	len = strnlen(m->path, sizeof(r->entry) - 1);
	memcpy(r->entry, m->path, len);
	r->entry[len] = '\0';
	return 0;
}

static int skip_rest(struct crx_archive_reader *r, struct crx_err *err)
{
	int ret;

	if (!r->have_entry)
		return 0;
	r->have_entry = false;
	ret = archive_read_data_skip(r->a);
	if (ret == ARCHIVE_WARN)
		crx_log_warn(r->log, r->name, "%s: %s", r->entry, said(r));
	return ret == ARCHIVE_OK || ret == ARCHIVE_WARN || ret == ARCHIVE_EOF ? 0 : fail(r, r->entry, err);
}

int crx_archive_next(struct crx_archive_reader *r, struct crx_archive_member *m, struct crx_err *err)
{
	struct archive_entry *e;
	uint64_t consumed;
	bool more = true;
	int ret;

	while (more && !r->ended) {
		ret = skip_rest(r, err);
		if (ret < 0)
			return ret;
		consumed = (uint64_t)archive_filter_bytes(r->a, 0);
		ret = next_header(r, &e);
		if (ret == ARCHIVE_EOF) {
			ret = crx_archive_go_on(r, consumed, &more, err);
			if (ret < 0)
				return ret;
			continue;
		}
		if (ret != ARCHIVE_OK && ret != ARCHIVE_WARN)
			return fail(r, NULL, err);
		r->have_entry = true;
		r->data_ended = false;
		crx_archive_describe(e, m);
		m->directories_link = crx_archive_is(r, ARCHIVE_FORMAT_CPIO);
		r->left = crx_archive_is(r, ARCHIVE_FORMAT_TAR) && m->has_size ? m->size : 0;
		if (check_name(r, m, err) < 0)
			return err->code;
		if (ret == ARCHIVE_WARN && !is_translation(said(r)))
			crx_log_warn(r->log, r->name, "%s: %s", r->entry, said(r));
		return 1;
	}
	r->ended = true;
	return 0;
}

int crx_archive_read(struct crx_archive_reader *r, void *buf, size_t len, size_t *got, struct crx_err *err)
{
	la_ssize_t n = r->data_ended ? 0 : archive_read_data(r->a, buf, len);

	*got = 0;
	/* a warning here is a checksum that is wrong */
	if (n < 0)
		return fail(r, r->entry, err);
	*got = (size_t)n;
	if (!n) {
		/* a hole at the end, which libarchive may leave to the reader */
		r->data_ended = true;
		*got = r->left < len ? (size_t)r->left : len;
		memset(buf, 0, *got);
	}
	r->left -= r->left < *got ? r->left : *got;
	return 0;
}

#endif
