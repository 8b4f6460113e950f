/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Contents that fail and change as a test wants it, and count what is done
 * with them. From any thread: no assertions in here.
 */
#ifndef CRX_TESTS_FAKE_CONTENT_H
#define CRX_TESTS_FAKE_CONTENT_H

#include <stdatomic.h>
#include <string.h>

#include "tree/tree.h"

struct fake {
	const uint8_t *data;
	const char *name; /* for messages */
	atomic_uint opens, closes, preads;
	atomic_uint out_of_bounds;
	int fail_open, fail_close; /* codes */
	unsigned fail_pread;       /* the n-th, from 1 */
	int sys_errno;             /* of open and pread */
	unsigned flip_from;        /* from the n-th pread on, another first byte */
};

static int fake_open(const struct crx_content *c, void **handle, struct crx_err *err)
{
	struct fake *f = c->source;

	if (f->fail_open)
		return crx_err_set(err, f->fail_open, f->sys_errno, f->name, "open fails");
	atomic_fetch_add(&f->opens, 1);
	*handle = f;
	return 0;
}

static int fake_pread(const struct crx_content *c, void *handle, void *buf, size_t len,
		      uint64_t off, struct crx_err *err)
{
	struct fake *f = c->source;
	unsigned n = atomic_fetch_add(&f->preads, 1) + 1;

	if (handle != f || off > c->size || len > c->size - off) {
		atomic_fetch_add(&f->out_of_bounds, 1);
		return crx_err_set(err, CRX_EINTERNAL, 0, f->name, "read out of bounds");
	}
	if (f->fail_pread == n)
		return crx_err_set(err, CRX_EIO, f->sys_errno, f->name, "pread fails");
	memcpy(buf, f->data + off, len);
	if (f->flip_from && n >= f->flip_from && len)
		*(uint8_t *)buf ^= 1;
	return 0;
}

static int fake_close(const struct crx_content *c, void *handle, struct crx_err *err)
{
	struct fake *f = c->source;

	(void)handle;
	atomic_fetch_add(&f->closes, 1);
	return f->fail_close ? crx_err_set(err, f->fail_close, 0, f->name, "close fails") : 0;
}

static const struct crx_content_ops fake_ops = { fake_open, fake_pread, fake_close };

static inline struct crx_content fake_content(struct fake *f, size_t size)
{
	return (struct crx_content){ .ops = &fake_ops, .source = f, .key = f, .size = size };
}

#endif
