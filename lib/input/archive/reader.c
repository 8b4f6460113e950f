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

/* Names that are not ASCII do not pass libarchive's translation in the C
 * locale; it says so, and leaves the bytes as they are. */
static bool is_translation(const char *text)
{
	return strstr(text, "can't be converted") || strstr(text, "cannot be converted");
}

/* Of attributes that are lost in any case libarchive may not understand all. */
static bool is_of_attributes(const char *text)
{
	static const char *const known[] = { "ACL",     "acl",          "xattr",     "Xattr",
					     "selinux", "symlink type", "'V' header" };
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strstr(text, known[i]))
			return true;
	return false;
}

/* For cpio libarchive keeps every entry with several links, directories too, in
 * a list that it goes through for each such entry: 50,000 directories took
 * minutes. So after that many it starts anew, and links are looked up here. */
enum { LINKED_MAX = 500 };

static int find_link(struct crx_archive_reader *r, struct archive_entry *e,
		     struct crx_archive_member *m, struct crx_err *err)
{
	m->data_last = crx_archive_is(r, ARCHIVE_FORMAT_CPIO);
	if (!m->data_last)
		return 0;
	m->hardlink = NULL;
	if (m->nlink <= 1 || !m->path)
		return 0;
	r->linked++;
	return S_ISDIR(m->mode) ? 0
				: crx_archive_link(&r->links, (uint64_t)archive_entry_dev(e),
						   (uint64_t)archive_entry_ino64(e), m, err);
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

static int check_entry(struct crx_archive_reader *r, const struct crx_archive_member *m,
		       struct crx_err *err)
{
	size_t len;

	if (!m->path)
		return crx_err_set(err, CRX_EFORMAT, 0, r->name,
				   "the entry behind %s has a name that cannot be read",
				   *r->entry ? r->entry : "the beginning");
	if (S_ISLNK(m->mode) && !m->hardlink && !m->target)
		return crx_err_set(err, CRX_EFORMAT, 0, r->name,
				   "%.500s: its target cannot be read", m->path);
	if (!*m->path)
		return crx_err_set(err, CRX_EFORMAT, 0, r->name, "holds an entry without a name");
	/* 7z and zip have the type, but no place for the numbers */
	if (r->whole && (S_ISCHR(m->mode) || S_ISBLK(m->mode)) && !m->dev_major && !m->dev_minor)
		return crx_err_set(err, CRX_EFORMAT, 0, r->name,
				   "%.500s: is a device whose numbers are not there; leave it out, "
				   "and make it with a device table (-D)",
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
		crx_log_warn(r->log, r->name, "%s: %s", r->entry, crx_archive_said(r));
	return ret == ARCHIVE_OK || ret == ARCHIVE_WARN || ret == ARCHIVE_EOF
		       ? 0
		       : crx_archive_fail(r, r->entry, err);
}

/* libarchive could read a header, with a warning: of any other kind than these
 * it is damage that was passed over. */
static int on_warning(struct crx_archive_reader *r, struct crx_err *err)
{
	if (is_translation(crx_archive_said(r)))
		return 1;
	if (!is_of_attributes(crx_archive_said(r)))
		return crx_archive_fail(r, r->entry, err);
	crx_log_warn(r->log, r->name, "%s: %s", r->entry, crx_archive_said(r));
	return 1;
}

int crx_archive_next(struct crx_archive_reader *r, struct crx_archive_member *m,
		     struct crx_err *err)
{
	struct archive_entry *e;
	uint64_t consumed;
	bool more = true;
	int ret;

	while (more && !r->ended) {
		ret = skip_rest(r, err);
		if (!ret && r->linked >= LINKED_MAX)
			ret = crx_archive_restart(r, err);
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
			return crx_archive_fail(r, NULL, err);
		r->have_entry = true;
		r->data_ended = false;
		crx_archive_describe(e, m);
		r->left = crx_archive_is(r, ARCHIVE_FORMAT_TAR) && m->has_size ? m->size : 0;
		if (find_link(r, e, m, err) < 0 || check_entry(r, m, err) < 0)
			return err->code;
		return ret == ARCHIVE_WARN ? on_warning(r, err) : 1;
	}
	r->ended = true;
	return 0;
}

int crx_archive_read(struct crx_archive_reader *r, void *buf, size_t len, size_t *got,
		     struct crx_err *err)
{
	la_ssize_t n = r->data_ended ? 0 : archive_read_data(r->a, buf, len);

	*got = 0;
	/* a warning here is a checksum that is wrong */
	if (n < 0)
		return crx_archive_fail(r, r->entry, err);
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
