/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "input/source/spool.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The key of a content. */
struct extent {
	uint64_t off; /* in the file */
};

int crx_spool_open(struct crx_spool *s, struct crx_err *err)
{
	*s = (struct crx_spool){ .temp.fd = -1 };
	s->dir = crx_io_temp_dir();
	s->pending = crx_alloc(CRX_SPOOL_PENDING, 1);
	return s->pending ? crx_io_temp_nameless(&s->temp, err)
			  : crx_err_nomem(err, "reading an archive");
}

void crx_spool_close(struct crx_spool *s)
{
	crx_io_temp_abort(&s->temp);
	crx_arena_free(&s->extents);
	free(s->pending);
}

void crx_spool_begin(struct crx_spool *s, bool small)
{
	/* whole pages, so that zeros can be holes */
	s->begin = small ? s->end : crx_round_up(s->end, CRX_SPOOL_PAGE);
	s->end = s->begin;
}

static int write_pending(struct crx_spool *s, struct crx_err *err)
{
	size_t len = s->pending_len;

	s->pending_len = 0;
	return len ? crx_io_pwrite(s->temp.fd, s->pending, len, s->pending_off, s->dir, err) : 0;
}

/* Collects pieces of less than a page, so that many small files are one write. */
static int add_small(struct crx_spool *s, const void *buf, size_t len, struct crx_err *err)
{
	int ret;

	if (s->pending_len + len > CRX_SPOOL_PENDING || s->pending_off + s->pending_len != s->end) {
		ret = write_pending(s, err);
		if (ret < 0)
			return ret;
		s->pending_off = s->end;
	}
	memcpy(s->pending + s->pending_len, buf, len);
	s->pending_len += len;
	s->end += len;
	return 0;
}

int crx_spool_add(struct crx_spool *s, const void *buf, size_t len, struct crx_err *err)
{
	const uint8_t *p = buf;
	size_t at = 0, from, n;
	int ret = 0;

	if (len < CRX_SPOOL_PAGE)
		return add_small(s, buf, len, err);
	while (at < len && !ret) {
		/* skip pages of zeros, then write all pages up to the next ones */
		for (; at < len; at += n) {
			n = len - at < CRX_SPOOL_PAGE ? len - at : CRX_SPOOL_PAGE;
			if (!crx_is_zero(p + at, n))
				break;
		}
		for (from = at; at < len; at += n) {
			n = len - at < CRX_SPOOL_PAGE ? len - at : CRX_SPOOL_PAGE;
			if (crx_is_zero(p + at, n))
				break;
		}
		if (from < at)
			ret = crx_io_pwrite(s->temp.fd, p + from, at - from, s->end + from, s->dir,
					    err);
	}
	s->end += len;
	return ret;
}

static int spool_pread(const struct crx_content *c, void *handle CRX_UNUSED, void *buf, size_t len,
		       uint64_t off, struct crx_err *err)
{
	const struct crx_spool *s = c->source;
	const struct extent *e = c->key;

	if (off > c->size || len > c->size - off)
		return crx_err_set(err, CRX_EINTERNAL, 0, NULL,
				   "read after the end of contents from an archive");
	return crx_io_pread(s->temp.fd, buf, len, e->off + off, s->dir, err);
}

static const struct crx_content_ops spool_ops = { crx_content_no_open, spool_pread,
						  crx_content_no_close };

int crx_spool_end(struct crx_spool *s, struct crx_content *out, struct crx_err *err)
{
	struct extent *e;

	*out = (struct crx_content){ 0 };
	if (s->end == s->begin)
		return 0;
	e = crx_arena_alloc(&s->extents, sizeof(*e));
	if (!e)
		return crx_err_nomem(err, "reading an archive");
	e->off = s->begin;
	*out = (struct crx_content){
		.ops = &spool_ops, .source = s, .key = e, .size = s->end - s->begin
	};
	return 0;
}

int crx_spool_finish(struct crx_spool *s, struct crx_err *err)
{
	if (write_pending(s, err) < 0)
		return err->code;
	/* the file may end in a hole */
	if (crx_io_ftruncate(s->temp.fd, (off_t)s->end) < 0)
		return crx_err_set(err, CRX_EIO, errno, s->dir,
				   "cannot write a temporary file there (set TMPDIR to a directory "
				   "with more space)");
	return 0;
}
