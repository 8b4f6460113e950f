/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What every byte of an image is used for.
 */
#ifndef DUMPCRAMFS_XIP_EXTENTS_H
#define DUMPCRAMFS_XIP_EXTENTS_H

#include "open.h"

/* The same uses, with the same names, as in the JSON of mkcramfs-xip. */
enum use {
	USE_HEAD, /* boot pad, superblock, inserted file */
	USE_DIRS,
	USE_TABLES,
	USE_COMPRESSED,
	USE_STORED,
	USE_HEADERS, /* the two bytes before each direct compressed block */
	USE_IN_PLACE,
	USE_TAILS,   /* zeros that fill the last page of a run */
	USE_PADDING, /* other zeros that nothing points to */
	USE_FREE,    /* other bytes that nothing points to: space for updates */
	USE_UNKNOWN, /* other bytes in the last page of a run */
	USE_AFTER,   /* bytes of the file after super.size */
	USES
};

const char *use_name(enum use use); /* for text: "in place" */
const char *use_key(enum use use);  /* for JSON: "in_place" */

/* Adjacent bytes of one use. The pieces cover the whole file, in order. */
struct piece {
	uint64_t off, len;
	enum use use;
};

struct pieces {
	struct piece *piece;
	size_t n, cap;
	uint64_t bytes[USES]; /* sums of all pieces */
	uint64_t shared;      /* bytes that would be needed in addition if nothing were shared */
	bool truncated;       /* more tables or blocks than an image of this size can hold */
};

/* The caller frees out with pieces_free(). */
int pieces_find(const struct view *v, struct pieces *out, struct crx_err *err) CRX_MUST_CHECK;
void pieces_free(struct pieces *p);

#endif
