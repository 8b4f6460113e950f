/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every byte of an image, by what it is for.
 */
#ifndef DUMPCRAMFS_XIP_EXTENTS_H
#define DUMPCRAMFS_XIP_EXTENTS_H

#include "open.h"

/* The names are those of mkcramfs-xip's --json. */
enum use {
	USE_HEAD, /* boot pad, superblock, inserted file */
	USE_DIRS,
	USE_TABLES,
	USE_COMPRESSED,
	USE_STORED,
	USE_HEADERS, /* the two bytes in front of direct compressed blocks */
	USE_IN_PLACE,
	USE_TAILS,   /* zeros that fill the last page of a run */
	USE_PADDING, /* other zeros that nothing points at */
	USE_UNKNOWN, /* bytes that nothing points at */
	USE_BEHIND,  /* of the file, behind super.size */
	USES
};

const char *use_name(enum use use); /* "in place" */
const char *use_key(enum use use);  /* "in_place" */

/* Bytes of one use, behind one another; all pieces cover the file without a gap. */
struct piece {
	uint64_t off, len;
	enum use use;
};

struct pieces {
	struct piece *piece;
	size_t n, cap;
	uint64_t shared; /* bytes that are pointed at again: counted once in piece */
	bool truncated;  /* more tables or blocks than such an image can hold */
};

int pieces_find(const struct view *v, struct pieces *out, struct crx_err *err) CRX_MUST_CHECK;
void pieces_free(struct pieces *p);

#endif
