/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The bytes of an archive as a stream that can step back, and that decompresses
 * on request. So what follows the end of one archive can be read as another.
 * Private to lib/input/archive.
 */
#ifndef CRX_ARCHIVE_FEED_H
#define CRX_ARCHIVE_FEED_H

#include "base/err.h"

struct archive;
struct crx_feed;

/* Reads fd, which stays the caller's. name is for messages; it must outlive the stream. */
int crx_feed_open(struct crx_feed **out, int fd, const char *name, struct crx_err *err)
	CRX_MUST_CHECK;

/* Before anything is read: the stream begins with these bytes, at most 64 KiB. */
void crx_feed_prepend(struct crx_feed *s, const void *head, size_t len);

/* The next bytes, valid until the next call. *len is 0 at the end. */
int crx_feed_read(struct crx_feed *s, const void **buf, size_t *len, struct crx_err *err)
	CRX_MUST_CHECK;

/* Step back n bytes. False if they are no longer kept; the last 64 KiB always are. */
bool crx_feed_rewind(struct crx_feed *s, uint64_t n);

/* The next bytes, without consuming them: at most want (<= 64 KiB), fewer at the end. */
int crx_feed_peek(struct crx_feed *s, size_t want, const void **buf, size_t *len,
		  struct crx_err *err) CRX_MUST_CHECK;

/*
 * Decompress from here on, with any of libarchive's own filters; no program is
 * run. *s becomes a new stream that owns the old one, also after an error. If
 * the data is not compressed, the bytes stay the same and *found (may be NULL)
 * is false.
 */
int crx_feed_decompress(struct crx_feed **s, bool *found, struct crx_err *err) CRX_MUST_CHECK;

/*
 * At the end of a decompressed stream: *s becomes the stream that it was made
 * from, positioned after the compressed data. Returns false, and changes
 * nothing, if *s is the stream of the file itself.
 */
bool crx_feed_pop(struct crx_feed **s);

/* A stream from which libarchive reads. */
struct crx_feed_tap {
	struct crx_feed *feed;
	uint64_t fed;       /* bytes of feed that libarchive has read */
	struct crx_err err; /* of feed, during a call of libarchive */
};

/* archive_read_open() with the tap, from the current position of its stream on. */
int crx_feed_open_archive(struct crx_feed_tap *t, struct archive *a) CRX_MUST_CHECK;

/* Step back to the byte after the first `consumed` ones that libarchive read. False if it is no
 * longer kept. */
bool crx_feed_unread(struct crx_feed_tap *t, uint64_t consumed);

/* Accepts NULL. */
void crx_feed_free(struct crx_feed *s);

#endif
