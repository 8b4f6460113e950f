/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Contents in a temporary file without a name. For lib/input/source itself.
 */
#ifndef CRX_SOURCE_SPOOL_H
#define CRX_SOURCE_SPOOL_H

#include "base/io.h"
#include "tree/tree.h"

struct crx_spool {
	struct crx_io_temp temp;
	struct crx_arena extents;
	const char *dir;     /* for messages */
	uint64_t begin, end; /* of the contents being written */
	uint8_t *late;       /* small pieces that are yet to be written ... */
	size_t late_len;
	uint64_t late_off; /* ... there */
};

enum { CRX_SPOOL_PAGE = 4096, CRX_SPOOL_LATE = 64 * 1024 };

int crx_spool_open(struct crx_spool *s, struct crx_err *err) CRX_MUST_CHECK;
void crx_spool_close(struct crx_spool *s);

/* One file's contents after the other: begin (small: all of it comes with one
 * add), add in pieces of whole pages but for the last, end. Pages of zeros
 * take no room on disk. */
void crx_spool_begin(struct crx_spool *s, bool small);
int crx_spool_add(struct crx_spool *s, const void *buf, size_t len, struct crx_err *err)
	CRX_MUST_CHECK;
int crx_spool_end(struct crx_spool *s, struct crx_content *out, struct crx_err *err) CRX_MUST_CHECK;

/* No more will come: from here on it can be read. */
int crx_spool_finish(struct crx_spool *s, struct crx_err *err) CRX_MUST_CHECK;

#endif
