/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The lines of an mtree manifest, see mtree(5). Private to lib/input/source.
 */
#ifndef CRX_SOURCE_MTREE_LINE_H
#define CRX_SOURCE_MTREE_LINE_H

#include "base/place.h"

/* An owner or group: an id, or a name to look up (NULL: not given, or "root", or there is an id).
 */
struct crx_mtree_owner {
	bool has_id;
	uint32_t id;
	const char *name;
};

/* What an entry says, including the latest /set. */
struct crx_mtree_attrs {
	bool has_mode, has_device, optional;
	uint32_t type; /* S_IFMT bits; 0: not given */
	uint32_t mode; /* 07777 bits */
	struct crx_mtree_owner user, group;
	uint32_t dev_major, dev_minor;
	char *link, *contents; /* unescaped, in the text; NULL: not given */
};

struct crx_mtree_reader {
	char *at;              /* the rest of the text, which is changed by reading */
	struct crx_place next; /* the manifest, and the line of at */
	struct crx_mtree_attrs set;
};

/* Returns 1 with the next entry and its line; its name is unescaped, in the text.
 * Returns 0 at the end. */
int crx_mtree_next(struct crx_mtree_reader *r, struct crx_place *place, char **name,
		   struct crx_mtree_attrs *out, struct crx_err *err) CRX_MUST_CHECK;

/* Replace the escapes of vis(3) in s, in place. False, with s unchanged, if one is
 * malformed or stands for a NUL byte. */
bool crx_mtree_unescape(char *s);

#endif
