/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The bytes of an archive, decompressed, with the last of them kept: so that
 * what follows the end of one archive can be read as another. For lib/input/archive
 * itself.
 */
#ifndef CRX_ARCHIVE_FEED_H
#define CRX_ARCHIVE_FEED_H

#include "base/err.h"

struct crx_feed;

/* Reads fd, which stays the caller's. name is for messages, and stays. */
int crx_feed_open(struct crx_feed **out, int fd, const char *name, struct crx_err *err)
	CRX_MUST_CHECK;

/* These bytes, at most 64 KiB, come first; before anything is read. */
void crx_feed_put(struct crx_feed *s, const void *head, size_t len);

/* The next bytes, *len of them, good until the next call; *len 0 at the end. */
int crx_feed_read(struct crx_feed *s, const void **buf, size_t *len, struct crx_err *err)
	CRX_MUST_CHECK;

/* The last n bytes come once more; false if they are not kept (the last 64 KiB are). */
bool crx_feed_back(struct crx_feed *s, uint64_t n);

/* At most want (<= 64 KiB) bytes that come next, which stay there; fewer at the end. */
int crx_feed_peek(struct crx_feed *s, size_t want, const void **buf, size_t *len,
		  struct crx_err *err) CRX_MUST_CHECK;

/*
 * From here on, decompressed; whatever libarchive's own filters know, and
 * never by running a program. *s becomes another stream, which owns the old
 * one, also after an error. Without compression the bytes stay the same, and
 * *found (may be NULL) is false.
 */
int crx_feed_decompress(struct crx_feed **s, bool *found, struct crx_err *err) CRX_MUST_CHECK;

/*
 * At the end of what a decompressor gave: *s becomes the stream below, at what
 * follows the compressed data. False, with nothing done, for the lowest.
 */
bool crx_feed_leave(struct crx_feed **s);

/* Accepts NULL. */
void crx_feed_free(struct crx_feed *s);

#endif
