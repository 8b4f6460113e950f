/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What follows the end of an archive.
 */
#include "config.h"
#include "input/archive/reader.h"

#if HAVE_LIBARCHIVE

#include <archive.h>
#include <archive_entry.h>
#include <string.h>

#include "input/archive/reader_parts.h"

enum { LAYERS_MAX = 16 }; /* of compression, in archives behind archives */

/* What libarchive has got and not consumed comes once more. */
static int give_back(struct crx_archive_reader *r, struct crx_err *err)
{
	uint64_t consumed = (uint64_t)archive_filter_bytes(r->a, 0);

	if (consumed > r->given || !crx_feed_back(r->feed, r->given - consumed))
		return crx_err_set(err, CRX_EINTERNAL, 0, r->name, "lost its place");
	return 0;
}

/* Pass over zeros, and out of compressed data that has ended. *more: something
 * else follows. */
static int pass_zeros(struct crx_archive_reader *r, bool *more, struct crx_err *err)
{
	const uint8_t *p;
	const void *buf;
	size_t len, i;
	int ret;

	for (;;) {
		ret = crx_feed_read(r->feed, &buf, &len, err);
		if (ret < 0)
			break;
		if (!len && crx_feed_leave(&r->feed))
			continue;
		if (!len)
			break;
		for (p = buf, i = 0; i < len && !p[i]; i++)
			;
		if (i == len)
			continue;
		*more = true;
		return crx_feed_back(r->feed, len - i)
			       ? 0
			       : crx_err_set(err, CRX_EINTERNAL, 0, r->name, "lost its place");
	}
	*more = false;
	return ret;
}

static int is_cpio(struct crx_archive_reader *r, bool *yes, struct crx_err *err)
{
	const void *p;
	size_t len;
	int ret = crx_feed_peek(r->feed, 6, &p, &len, err);

	*yes = !ret && len == 6 &&
	       (!memcmp(p, "070701", 6) || !memcmp(p, "070702", 6) || !memcmp(p, "070707", 6));
	return ret;
}

static void say_rest(struct crx_archive_reader *r, const char *what)
{
	crx_log_warn(r->log, r->name, "data behind the end of the %s archive is not read%s", what,
		     *what == 't'
			     ? " (of two archives joined, lay one over the other with --overlay)"
			     : "");
}

/* Without two blocks of zeros nothing tells a tar that ends between two entries
 * from one that is cut short there; a compressor's own end does. */
static int tar_without_end(struct crx_archive_reader *r, bool more, struct crx_err *err)
{
	if (more)
		return crx_err_set(err, CRX_EFORMAT, 0, r->name,
				   "is cut short in the header behind %s", r->entry);
	if (!r->compressed)
		return crx_err_set(err, CRX_EFORMAT, 0, r->name,
				   "ends behind %s without tar's mark of the end, so it may be cut "
				   "short; if it is not, append the mark: 1024 zero bytes "
				   "(truncate -s +1024)",
				   r->entry);
	crx_log_warn(r->log, r->name, "ends without tar's mark of the end: it may be truncated");
	return 0;
}

/* libarchive found the end. Is there another archive behind it? */
int crx_archive_go_on(struct crx_archive_reader *r, uint64_t consumed_before, bool *more,
		      struct crx_err *err)
{
	uint64_t consumed = (uint64_t)archive_filter_bytes(r->a, 0);
	bool cpio = crx_archive_is(r, ARCHIVE_FORMAT_CPIO), found;
	int ret;

	*more = false;
	if (r->whole && !*r->entry)
		return crx_err_set(err, CRX_EFORMAT, 0, r->name, "holds no entry, or is cut short");
	if (r->whole || (!cpio && !crx_archive_is(r, ARCHIVE_FORMAT_TAR)))
		return 0;
	ret = give_back(r, err);
	if (ret < 0)
		return ret;
	ret = pass_zeros(r, more, err);
	if (!ret && !cpio && consumed == consumed_before)
		ret = tar_without_end(r, *more, err);
	if (ret < 0 || !*more)
		return ret;
	if (!cpio) {
		*more = false;
		say_rest(r, "tar");
		return 0;
	}
	ret = is_cpio(r, &found, err);
	if (!ret && !found && r->layers++ < LAYERS_MAX) {
		ret = crx_feed_decompress(&r->feed, NULL, err);
		if (!ret)
			ret = is_cpio(r, &found, err);
	}
	if (ret < 0)
		return ret;
	*more = found;
	if (!found)
		say_rest(r, "cpio");
	crx_archive_links_free(&r->links);
	return found ? crx_archive_start(r, true, err) : 0;
}

int crx_archive_restart(struct crx_archive_reader *r, struct crx_err *err)
{
	int ret = give_back(r, err);

	return ret < 0 ? ret : crx_archive_start(r, true, err);
}

#endif
