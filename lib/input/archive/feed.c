/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "input/archive/feed.h"

#if HAVE_LIBARCHIVE

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "base/mem.h"
#include "input/archive/memory.h"

enum { CHUNK = 64 * 1024, KEPT = 64 * 1024, WINDOW = 4 * KEPT + CHUNK };

struct crx_feed {
	const char *name;
	int fd; /* of the stream of the file itself */

	/* a stream that decompresses another one */
	struct crx_feed_tap below;
	struct archive *a;
	const char *block; /* the rest of the latest block from libarchive */
	size_t block_len;

	size_t at, end; /* window[at..end) has not been delivered yet */
	uint8_t window[WINDOW];
};

int crx_feed_open(struct crx_feed **out, int fd, const char *name, struct crx_err *err)
{
	struct crx_feed *s = crx_zalloc(1, sizeof(*s));

	*out = s;
	if (!s)
		return crx_err_nomem(err, "reading an archive");
	s->fd = fd;
	s->name = name;
	return 0;
}

void crx_feed_prepend(struct crx_feed *s, const void *head, size_t len)
{
	s->end = len < CHUNK ? len : CHUNK;
	if (s->end)
		memcpy(s->window, head, s->end);
}

static int fail(struct crx_feed *s, struct crx_err *err)
{
	const char *text = archive_error_string(s->a);

	if (s->below.err.code) {
		if (!err->code)
			*err = s->below.err;
		return err->code;
	}
	if (crx_archive_lacks_memory(s->a))
		return crx_err_nomem(err, "reading an archive");
	return crx_err_set(err, CRX_EFORMAT, 0, s->name, "cannot decompress it: %s",
			   text ? text : "libarchive does not say why");
}

static int fill_from_fd(struct crx_feed *s, struct crx_err *err)
{
	ssize_t n;

	n = crx_io_read(s->fd, s->window + s->end, CHUNK);
	if (n < 0)
		return crx_err_set(err, CRX_EIO, errno, s->name, "cannot read");
	s->end += (size_t)n;
	return 0;
}

static int fill_from_filter(struct crx_feed *s, struct crx_err *err)
{
	const void *block;
	la_int64_t off;
	size_t n;
	int ret;

	errno = 0;
	while (!s->block_len) {
		ret = archive_read_data_block(s->a, &block, &s->block_len, &off);
		if (ret == ARCHIVE_EOF)
			return 0;
		if (ret != ARCHIVE_OK)
			return fail(s, err);
		s->block = block;
	}
	n = s->block_len < CHUNK ? s->block_len : CHUNK;
	memcpy(s->window + s->end, s->block, n);
	s->block += n;
	s->block_len -= n;
	s->end += n;
	return 0;
}

/* Append to the window, except at the end. The bytes delivered last are kept. */
static int fill(struct crx_feed *s, struct crx_err *err)
{
	size_t drop;

	if (s->end + CHUNK > WINDOW) {
		drop = s->at > KEPT ? s->at - KEPT : 0;
		memmove(s->window, s->window + drop, s->end - drop);
		s->at -= drop;
		s->end -= drop;
	}
	return s->below.feed ? fill_from_filter(s, err) : fill_from_fd(s, err);
}

int crx_feed_read(struct crx_feed *s, const void **buf, size_t *len, struct crx_err *err)
{
	int ret = s->at < s->end ? 0 : fill(s, err);

	*buf = s->window + s->at;
	*len = s->end - s->at;
	s->at = s->end;
	return ret;
}

bool crx_feed_rewind(struct crx_feed *s, uint64_t n)
{
	if (n > s->at)
		return false;
	s->at -= (size_t)n;
	return true;
}

int crx_feed_peek(struct crx_feed *s, size_t want, const void **buf, size_t *len,
		  struct crx_err *err)
{
	size_t before;
	int ret = 0;

	while (!ret && s->end - s->at < want) {
		before = s->end - s->at;
		ret = fill(s, err);
		if (s->end - s->at == before)
			break;
	}
	*buf = s->window + s->at;
	*len = s->end - s->at < want ? s->end - s->at : want;
	return ret;
}

static la_ssize_t on_read(struct archive *a, void *ctx, const void **buf)
{
	struct crx_feed_tap *t = ctx;
	size_t len;

	if (crx_feed_read(t->feed, buf, &len, &t->err) < 0) {
		archive_set_error(a, EIO, "cannot read");
		return -1;
	}
	t->fed += len;
	return (la_ssize_t)len;
}

int crx_feed_open_archive(struct crx_feed_tap *t, struct archive *a)
{
	t->fed = 0;
	/* archive_read_open() would crash if the second call fails */
	if (archive_read_set_read_callback(a, on_read) != ARCHIVE_OK ||
	    archive_read_set_callback_data(a, t) != ARCHIVE_OK)
		return ARCHIVE_FATAL;
	return archive_read_open1(a);
}

bool crx_feed_unread(struct crx_feed_tap *t, uint64_t consumed)
{
	return consumed <= t->fed && crx_feed_rewind(t->feed, t->fed - consumed);
}

bool crx_feed_pop(struct crx_feed **feed)
{
	struct crx_feed *s = *feed;

	if (!s->below.feed || !crx_feed_unread(&s->below, (uint64_t)archive_filter_bytes(s->a, -1)))
		return false;
	*feed = s->below.feed;
	archive_read_free(s->a);
	free(s);
	return true;
}

/* ARCHIVE_WARN means that libarchive was built without that library and would
 * run a program. Such a filter is not added. */
static int add_filters(struct archive *a, struct crx_err *err)
{
	static int (*const filters[])(struct archive *) = {
		archive_read_support_filter_bzip2, archive_read_support_filter_compress,
		archive_read_support_filter_gzip,  archive_read_support_filter_lz4,
		archive_read_support_filter_lzip,  archive_read_support_filter_lzma,
		archive_read_support_filter_lzop,  archive_read_support_filter_rpm,
		archive_read_support_filter_uu,    archive_read_support_filter_xz,
		archive_read_support_filter_zstd,
	};
	struct archive *trial;
	int ret = ARCHIVE_OK;
	size_t i;

	for (i = 0; i < sizeof(filters) / sizeof(filters[0]) && ret != ARCHIVE_FATAL; i++) {
		trial = archive_read_new();
		ret = trial ? filters[i](trial) : ARCHIVE_FATAL;
		if (ret == ARCHIVE_OK)
			ret = filters[i](a);
		archive_read_free(trial);
	}
	/* without memory; then data would be taken for something else */
	return ret == ARCHIVE_FATAL ? crx_err_nomem(err, "reading an archive") : 0;
}

/* With an entry of our own: archive_read_next_header() crashes if archive_read_new() had no memory
 * for one. */
static int skip_header(struct archive *a)
{
	struct archive_entry *entry = archive_entry_new();
	int ret;

	if (!entry) {
		archive_set_error(a, ENOMEM, "no memory for an entry");
		return -1;
	}
	ret = archive_read_next_header2(a, entry);
	archive_entry_free(entry);
	return ret == ARCHIVE_OK || ret == ARCHIVE_EOF ? 0 : -1;
}

int crx_feed_decompress(struct crx_feed **stream, bool *found, struct crx_err *err)
{
	struct crx_feed *s;
	int ret;

	if (found)
		*found = false;
	ret = crx_feed_open(&s, -1, (*stream)->name, err);
	if (ret < 0)
		return ret;
	s->below.feed = *stream;
	*stream = s;
	s->a = archive_read_new();
	if (!s->a)
		return crx_err_nomem(err, "reading an archive");
	errno = 0;
	ret = add_filters(s->a, err);
	if (ret < 0)
		return ret;
	if (archive_read_support_format_raw(s->a) != ARCHIVE_OK ||
	    archive_read_support_format_empty(s->a) != ARCHIVE_OK ||
	    crx_feed_open_archive(&s->below, s->a) != ARCHIVE_OK)
		return fail(s, err);
	if (skip_header(s->a) < 0)
		return fail(s, err);
	if (found)
		*found = archive_filter_count(s->a) > 1;
	return 0;
}

void crx_feed_free(struct crx_feed *s)
{
	struct crx_feed *below;

	for (; s; s = below) {
		below = s->below.feed;
		if (s->a)
			archive_read_free(s->a);
		free(s);
	}
}

#endif
