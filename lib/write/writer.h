/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A worker, and functions that write one part of the image. Private to lib/write.
 */
#ifndef CRX_WRITE_WRITER_H
#define CRX_WRITE_WRITER_H

#include "write/stream.h"
#include "write/write.h"

/* One for each worker. */
struct crx_writer {
	struct crx_stream s;
	const struct crx_tree *t;
	const struct crx_facts *f;
	const struct crx_packed *k;
	const struct crx_plan *p;
	const struct crx_layout *l;
	const struct crx_write_opts *o;
	uint8_t *blocks;  /* CRX_SCAN_SPAN bytes of a file */
	uint8_t *wrapped; /* a block, as a stored deflate stream */
	/* the file that is being read; NULL: none is open */
	const struct crx_content *content;
	void *handle;
};

/* Boot pad, superblock (with CRC 0) and inserted file. */
int crx_write_head(struct crx_writer *w, struct crx_err *err) CRX_MUST_CHECK;

/* The entries of a directory. */
int crx_write_dir(struct crx_writer *w, const struct crx_node *dir, struct crx_err *err)
	CRX_MUST_CHECK;

/* A table and n records after it. */
int crx_write_table(struct crx_writer *w, size_t table, uint32_t n, struct crx_err *err)
	CRX_MUST_CHECK;

/* n records. */
int crx_write_records(struct crx_writer *w, size_t first, uint32_t n, struct crx_err *err)
	CRX_MUST_CHECK;

/* Closes the file that was read. */
int crx_write_close(struct crx_writer *w, struct crx_err *err) CRX_MUST_CHECK;

/* A run, the blocks after it, and zeros up to the end of the page. */
int crx_write_run(struct crx_writer *w, size_t run, struct crx_err *err) CRX_MUST_CHECK;

/* update.c: compares the image in fd, whose CRC field is zero, with the old one, block by block;
 * in those that differ, fills free space as erased flash is. Sets the CRC. */
int crx_write_update(int fd, const struct crx_layout *l, const struct crx_write_opts *o,
		     uint32_t *crc, struct crx_update *out, struct crx_err *err) CRX_MUST_CHECK;

#endif
