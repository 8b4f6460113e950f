/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The lines of an mtree manifest: mtree(5). For lib/input/source itself.
 */
#ifndef CRX_SOURCE_MTREE_LINE_H
#define CRX_SOURCE_MTREE_LINE_H

#include "base/place.h"

/* What a line says, or /set said before */
struct crx_mtree_attrs {
	bool has_mode, has_uid, has_gid, has_device;
	bool optional;
	uint32_t type; /* S_IFMT; 0: not told */
	uint32_t mode; /* 07777 */
	uint32_t uid, gid;
	uint32_t dev_major, dev_minor;
	char *link; /* into the text, unescaped; or NULL */
	char *contents;
	const char *user, *group; /* where uid, gid are not told: uname, gname other than "root" */
};

struct crx_mtree_reader {
	char *text, *at;       /* what is left of it; changed while reading */
	struct crx_place next; /* the manifest, and the line of at */
	struct crx_mtree_attrs set;
};

/* The next entry: 1 with its place, its name unescaped (in the text) and what is said of it; 0 at
 * the end. */
int crx_mtree_next(struct crx_mtree_reader *r, struct crx_place *place, char **name,
		   struct crx_mtree_attrs *out, struct crx_err *err) CRX_MUST_CHECK;

#endif
