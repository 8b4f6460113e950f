/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A buffered stream with its position and CRC. Private to lib/write.
 */
#ifndef CRX_WRITE_STREAM_H
#define CRX_WRITE_STREAM_H

#include "base/err.h"

struct crx_stream {
	int fd;
	const char *name;  /* for messages */
	uint64_t off;      /* of the next byte */
	uint64_t crc_from; /* the CRC begins at this image offset */
	uint32_t crc;      /* of what was flushed */
	uint8_t *buf;
	size_t used;
};

int crx_stream_init(struct crx_stream *s, int fd, const char *name, struct crx_err *err)
	CRX_MUST_CHECK;
void crx_stream_free(struct crx_stream *s);

/* Continue at image offset off, with a new CRC. Flush before it. */
void crx_stream_begin(struct crx_stream *s, uint64_t off);

int crx_stream_write(struct crx_stream *s, const void *data, size_t len, struct crx_err *err)
	CRX_MUST_CHECK;

/* What a byte of erased flash has. */
enum { CRX_ERASED = 0xff };

/* Write bytes of this value up to image offset off. CRX_EINTERNAL if the stream is after it. */
int crx_stream_fill_to(struct crx_stream *s, uint64_t off, uint8_t value, struct crx_err *err)
	CRX_MUST_CHECK;

static inline int crx_stream_zeros_to(struct crx_stream *s, uint64_t off, struct crx_err *err)
{
	return crx_stream_fill_to(s, off, 0, err);
}

/* CRX_EINTERNAL unless the stream is at off, where the layout puts `what`. */
int crx_stream_expect(const struct crx_stream *s, uint64_t off, const char *what,
		      struct crx_err *err) CRX_MUST_CHECK;

int crx_stream_flush(struct crx_stream *s, struct crx_err *err) CRX_MUST_CHECK;

#endif
