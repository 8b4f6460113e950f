/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Contents in a temporary file without a name. Private to lib/input/source.
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
	uint8_t *pending;    /* small pieces that have not been written yet */
	size_t pending_len;
	uint64_t pending_off; /* where they belong */
};

enum { CRX_SPOOL_PAGE = 4096, CRX_SPOOL_PENDING = 64 * 1024 };

int crx_spool_open(struct crx_spool *s, struct crx_err *err) CRX_MUST_CHECK;
void crx_spool_close(struct crx_spool *s);

/*
 * Write the contents of one file: begin, add, end. Each piece that is added
 * consists of whole pages, except the last one of a file; a small file is added
 * as one piece of less than a page. Pages of zeros take no space on disk.
 */
void crx_spool_begin(struct crx_spool *s, bool small);
int crx_spool_add(struct crx_spool *s, const void *buf, size_t len, struct crx_err *err)
	CRX_MUST_CHECK;
int crx_spool_end(struct crx_spool *s, struct crx_content *out, struct crx_err *err) CRX_MUST_CHECK;

/* Call it after the last file. Contents can be read from then on. */
int crx_spool_finish(struct crx_spool *s, struct crx_err *err) CRX_MUST_CHECK;

#endif
