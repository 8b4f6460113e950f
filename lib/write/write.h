/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes the image. It is divided into contiguous parts; one worker writes each part, in
 * offset order. A position that differs from the layout is CRX_EINTERNAL.
 */
#ifndef CRX_WRITE_WRITE_H
#define CRX_WRITE_WRITE_H

#include "place/layout/layout.h"

struct crx_write_opts {
	enum crx_order order;
	uint32_t edition;
	const char *path; /* of the image, for messages */
	const char *name; /* in the superblock, at most 16 bytes */
	bool ext, holes;
	unsigned workers;        /* 0 is 1 */
	const char *insert_path; /* a file to insert, of layout.insert_len bytes; or NULL */
	/* Free space has the bytes of this image in erase blocks that need not be written, and 0xff
	 * in others. NULL: 0xff in all. */
	const struct crx_old *old;
	uint32_t erase_len;
	bool wipe; /* free space is 0xff in all */
};

/* How the image differs from the old one. */
struct crx_update {
	uint64_t blocks;         /* erase blocks that the image has */
	uint64_t changed_blocks; /* those that differ, or are after the end of the old image */
	uint64_t changed_bytes;  /* of them, to write */
};

/* What is written: the results of the stages before. */
struct crx_write_from {
	const struct crx_tree *tree;
	const struct crx_packed *packed;
	const struct crx_plan *plan; /* and its facts */
	const struct crx_layout *layout;
};

/* Write the image to fd from position 0, then its CRC, which is also returned in *crc. With an old
 * image, *update is filled in, too. */
int crx_write(int fd, const struct crx_write_from *from, const struct crx_write_opts *o,
	      uint32_t *crc, struct crx_update *update, struct crx_err *err) CRX_MUST_CHECK;

#endif
