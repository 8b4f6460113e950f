/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "write/stream.h"

#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "base/mem.h"
#include "comp/comp.h"

enum { BUF_LEN = 256 * 1024 };

int crx_stream_init(struct crx_stream *s, int fd, const char *name, struct crx_err *err)
{
	*s = (struct crx_stream){ .fd = fd, .name = name };
	s->buf = crx_alloc(1, BUF_LEN);
	return s->buf ? 0 : crx_err_nomem(err, "writing the image");
}

void crx_stream_free(struct crx_stream *s)
{
	free(s->buf);
	s->buf = NULL;
}

void crx_stream_begin(struct crx_stream *s, uint64_t off)
{
	s->off = off;
	s->used = 0;
	s->crc = 0;
	s->crc_from = 0;
}

int crx_stream_flush(struct crx_stream *s, struct crx_err *err)
{
	uint64_t begin = s->off - s->used;
	size_t skip = 0;
	int ret;

	if (begin < s->crc_from)
		skip = s->crc_from - begin < s->used ? (size_t)(s->crc_from - begin) : s->used;
	s->crc = crx_crc32(s->crc, s->buf + skip, s->used - skip);
	ret = crx_io_pwrite(s->fd, s->buf, s->used, begin, s->name, err);
	s->used = 0;
	return ret;
}

int crx_stream_write(struct crx_stream *s, const void *data, size_t len, struct crx_err *err)
{
	const uint8_t *p = data;
	size_t n;
	int ret = 0;

	while (len && !ret) {
		n = BUF_LEN - s->used;
		n = n < len ? n : len;
		memcpy(s->buf + s->used, p, n);
		s->used += n;
		s->off += n;
		p += n;
		len -= n;
		if (s->used == BUF_LEN)
			ret = crx_stream_flush(s, err);
	}
	return ret;
}

int crx_stream_fill_to(struct crx_stream *s, uint64_t off, uint8_t value, struct crx_err *err)
{
	uint8_t bytes[4096];
	size_t n;
	int ret = 0;

	if (off < s->off)
		return crx_err_set_at(err, CRX_EINTERNAL, s->off, s->name,
				      "padding should end at %llu", (unsigned long long)off);
	n = off - s->off < sizeof(bytes) ? (size_t)(off - s->off) : sizeof(bytes);
	memset(bytes, value, n);
	while (s->off < off && !ret) {
		n = off - s->off < sizeof(bytes) ? (size_t)(off - s->off) : sizeof(bytes);
		ret = crx_stream_write(s, bytes, n, err);
	}
	return ret;
}

int crx_stream_expect(const struct crx_stream *s, uint64_t off, const char *what,
		      struct crx_err *err)
{
	if (s->off == off)
		return 0;
	return crx_err_set_at(err, CRX_EINTERNAL, s->off, s->name, "%s should be at %llu", what,
			      (unsigned long long)off);
}
