/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What follows the end of an archive: cpio archives may be concatenated.
 */
#include "config.h"
#include "input/archive/reader.h"

#if HAVE_LIBARCHIVE

#include <archive.h>
#include <archive_entry.h>
#include <string.h>

#include "input/archive/reader_parts.h"

/* Compressed archives within concatenated ones, so that streams do not nest without limit. */
enum { LAYERS_MAX = 16 };

/* Step back to the first byte that libarchive has read but not consumed. */
static int rewind_to_consumed(struct crx_archive_reader *r, struct crx_err *err)
{
	return crx_feed_unread(&r->in, (uint64_t)archive_filter_bytes(r->a, 0))
		       ? 0
		       : crx_err_set(err, CRX_EINTERNAL, 0, r->name, "lost its place");
}

/* Skip zeros, and leave compressed data that has ended. *more: something else
 * follows. */
static int skip_zeros(struct crx_archive_reader *r, bool *more, struct crx_err *err)
{
	const uint8_t *p;
	const void *buf;
	size_t len, i;
	int ret;

	for (;;) {
		ret = crx_feed_read(r->in.feed, &buf, &len, err);
		if (ret < 0)
			break;
		if (!len && crx_feed_pop(&r->in.feed))
			continue;
		if (!len)
			break;
		for (p = buf, i = 0; i < len && !p[i]; i++)
			;
		if (i == len)
			continue;
		*more = true;
		return crx_feed_rewind(r->in.feed, len - i)
			       ? 0
			       : crx_err_set(err, CRX_EINTERNAL, 0, r->name, "lost its place");
	}
	*more = false;
	return ret;
}

static int peek_is_cpio(struct crx_archive_reader *r, bool *yes, struct crx_err *err)
{
	const void *p;
	size_t len;
	int ret = crx_feed_peek(r->in.feed, 6, &p, &len, err);

	*yes = !ret && len == 6 &&
	       (!memcmp(p, "070701", 6) || !memcmp(p, "070702", 6) || !memcmp(p, "070707", 6));
	return ret;
}

/*
 * The latest entry was the last, and no block of zeros follows it. Such a tar
 * may be complete or truncated between two entries; nothing in it says which.
 * Compressed data has an end of its own, which shows that it is complete.
 */
static int judge_tar_without_end(struct crx_archive_reader *r, bool more, struct crx_err *err)
{
	if (more)
		return crx_err_set(err, CRX_EFORMAT, 0, r->name,
				   "is truncated in the header after %s", r->entry);
	if (!r->compressed)
		return crx_err_set(err, CRX_EFORMAT, 0, r->name,
				   "ends after %s without tar's end mark, so it may be truncated "
				   "(if it is complete, append the mark, 1024 zero bytes: "
				   "truncate -s +1024)",
				   r->entry);
	crx_log_warn(r->log, r->name, "ends without tar's end mark, so it may be truncated");
	return 0;
}

/* Start on the cpio archive that comes next, which may be compressed. *found is
 * false, with a warning, if something else comes next. */
static int start_next_cpio(struct crx_archive_reader *r, bool *found, struct crx_err *err)
{
	int ret = peek_is_cpio(r, found, err);

	if (!ret && !*found && r->layers++ < LAYERS_MAX) {
		ret = crx_feed_decompress(&r->in.feed, NULL, err);
		if (!ret)
			ret = peek_is_cpio(r, found, err);
	}
	if (ret < 0)
		return ret;
	crx_archive_links_free(&r->links);
	if (*found)
		return crx_archive_start(r, true, err);
	crx_log_warn(r->log, r->name, "data after the end of the cpio archive is not read");
	return 0;
}

int crx_archive_find_next(struct crx_archive_reader *r, uint64_t consumed_before, bool *more,
			  struct crx_err *err)
{
	uint64_t consumed = (uint64_t)archive_filter_bytes(r->a, 0);
	bool cpio = crx_archive_has_format(r, ARCHIVE_FORMAT_CPIO);
	int ret;

	*more = false;
	if (r->seeks && !*r->entry)
		return crx_err_set(err, CRX_EFORMAT, 0, r->name, "has no entries, or is truncated");
	if (r->seeks || (!cpio && !crx_archive_has_format(r, ARCHIVE_FORMAT_TAR)))
		return 0;
	ret = rewind_to_consumed(r, err);
	if (ret < 0)
		return ret;
	ret = skip_zeros(r, more, err);
	if (!ret && !cpio && consumed == consumed_before)
		ret = judge_tar_without_end(r, *more, err);
	if (ret < 0 || !*more)
		return ret;
	if (cpio)
		return start_next_cpio(r, more, err);
	*more = false;
	crx_log_warn(r->log, r->name,
		     "data after the end of the tar archive is not read (to use two archives "
		     "that were joined, give the second one with --overlay)");
	return 0;
}

int crx_archive_restart(struct crx_archive_reader *r, struct crx_err *err)
{
	int ret = rewind_to_consumed(r, err);

	return ret < 0 ? ret : crx_archive_start(r, true, err);
}

#endif
