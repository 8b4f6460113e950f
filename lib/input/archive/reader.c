/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "input/archive/reader.h"

#if HAVE_LIBARCHIVE

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "input/archive/reader_parts.h"

/* In the C locale libarchive cannot translate names that are not ASCII. It
 * warns, and leaves the bytes unchanged, which is what we want. */
static bool is_about_translation(const char *text)
{
	return strstr(text, "can't be converted") || strstr(text, "cannot be converted");
}

/* libarchive does not understand all attributes; cramfs drops them anyway. */
static bool is_about_attributes(const char *text)
{
	static const char *const known[] = { "ACL",     "acl",          "xattr",     "Xattr",
					     "selinux", "symlink type", "'V' header" };
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strstr(text, known[i]))
			return true;
	return false;
}

/* For cpio, libarchive keeps every entry with several links, directories too, in
 * a list that it searches for each such entry: 50,000 directories took minutes.
 * So after this many a new struct archive is used, and links are found here. */
enum { LISTED_MAX = 500 };

static int set_hardlink(struct crx_archive_reader *r, struct archive_entry *e,
			struct crx_archive_member *m, struct crx_err *err)
{
	m->data_last = crx_archive_has_format(r, ARCHIVE_FORMAT_CPIO);
	if (!m->data_last)
		return 0;
	m->hardlink = NULL;
	if (m->nlink <= 1 || !m->path)
		return 0;
	r->listed++;
	if (S_ISDIR(m->mode))
		return 0;
	return crx_archive_link(&r->links, (uint64_t)archive_entry_dev(e),
				(uint64_t)archive_entry_ino64(e), m, err);
}

static int next_header(struct crx_archive_reader *r)
{
	locale_t old = (locale_t)0;
	int ret;

	if (r->locale)
		old = uselocale(r->locale);
	ret = archive_read_next_header2(r->a, r->header);
	if (r->locale)
		uselocale(old);
	return ret;
}

static int check_entry(struct crx_archive_reader *r, const struct crx_archive_member *m,
		       struct crx_err *err)
{
	size_t len;

	if (!m->path)
		return crx_err_set(err, CRX_EFORMAT, 0, r->name,
				   "the name of the entry after %s cannot be read",
				   *r->entry ? r->entry : "the beginning");
	if (S_ISLNK(m->mode) && !m->hardlink && !m->target)
		return crx_err_set(err, CRX_EFORMAT, 0, r->name,
				   "%.500s: the target of the link cannot be read", m->path);
	if (!*m->path)
		return crx_err_set(err, CRX_EFORMAT, 0, r->name, "has an entry without a name");
	/* 7z and zip store that it is a device, but not its numbers */
	if (r->seeks && (S_ISCHR(m->mode) || S_ISBLK(m->mode)) && !m->dev_major && !m->dev_minor)
		return crx_err_set(err, CRX_EFORMAT, 0, r->name,
				   "%.500s: the archive does not store its device numbers (exclude "
				   "it, and create it with a device table, -D)",
				   m->path);
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
		crx_log_warn(r->log, r->name, "%s: %s", r->entry, crx_archive_error_text(r));
	return ret == ARCHIVE_OK || ret == ARCHIVE_WARN || ret == ARCHIVE_EOF
		       ? 0
		       : crx_archive_fail(r, r->entry, err);
}

/* libarchive read a header, but warned. Unless the warning is one of the
 * harmless kinds, the archive is damaged. */
static int judge_warning(struct crx_archive_reader *r, struct crx_err *err)
{
	if (is_about_translation(crx_archive_error_text(r)))
		return 1;
	if (!is_about_attributes(crx_archive_error_text(r)))
		return crx_archive_fail(r, r->entry, err);
	crx_log_warn(r->log, r->name, "%s: %s", r->entry, crx_archive_error_text(r));
	return 1;
}

int crx_archive_next(struct crx_archive_reader *r, struct crx_archive_member *m,
		     struct crx_err *err)
{
	uint64_t consumed;
	bool more = true;
	int ret;

	while (more && !r->ended) {
		errno = 0;
		ret = skip_rest(r, err);
		if (!ret && r->listed >= LISTED_MAX)
			ret = crx_archive_restart(r, err);
		if (ret < 0)
			return ret;
		consumed = (uint64_t)archive_filter_bytes(r->a, 0);
		ret = next_header(r);
		if (ret == ARCHIVE_EOF) {
			ret = crx_archive_find_next(r, consumed, &more, err);
			if (ret < 0)
				return ret;
			continue;
		}
		if (ret != ARCHIVE_OK && ret != ARCHIVE_WARN)
			return crx_archive_fail(r, NULL, err);
		r->have_entry = true;
		r->data_ended = false;
		crx_archive_describe(r->header, m);
		r->data_left =
			crx_archive_has_format(r, ARCHIVE_FORMAT_TAR) && m->has_size ? m->size : 0;
		if (set_hardlink(r, r->header, m, err) < 0 || check_entry(r, m, err) < 0)
			return err->code;
		return ret == ARCHIVE_WARN ? judge_warning(r, err) : 1;
	}
	r->ended = true;
	return 0;
}

int crx_archive_read(struct crx_archive_reader *r, void *buf, size_t len, size_t *got,
		     struct crx_err *err)
{
	la_ssize_t n;

	errno = 0;
	n = r->data_ended ? 0 : archive_read_data(r->a, buf, len);
	*got = 0;
	/* a warning here means a wrong checksum */
	if (n < 0)
		return crx_archive_fail(r, r->entry, err);
	*got = (size_t)n;
	if (!n) {
		/* a hole at the end, for which libarchive may return nothing */
		r->data_ended = true;
		*got = r->data_left < len ? (size_t)r->data_left : len;
		memset(buf, 0, *got);
	}
	r->data_left -= r->data_left < *got ? r->data_left : *got;
	return 0;
}

#endif
