/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What every command is given: its images, opened and listed, and where to write.
 */
#ifndef DUMPCRAMFS_XIP_DUMP_H
#define DUMPCRAMFS_XIP_DUMP_H

#include "base/offenders.h"
#include "cli/console.h"
#include "cli/json.h"
#include "open.h"

struct dump {
	const struct options *o;
	struct crx_log *log;
	struct view *view; /* the image; for diff, view[1] is the second one */
	struct crx_inflate *z;
	char **path; /* operands after the images */
	size_t npaths;
	FILE *out;
	uint32_t links_read;           /* bytes that link_target() has read */
	bool differ;                   /* set by diff */
	bool incomplete;               /* the output is incomplete: exit 8 */
	struct crx_offenders warnings; /* from dump_incomplete() */
};

/* Finds the entry at a path; follow: what its last part leads to, if that is a link. CRX_EARG if
 * there is none. */
int dump_find_entry(const struct dump *d, const char *path, bool follow,
		    const struct crx_entry **out, struct crx_err *err) CRX_MUST_CHECK;

/* Calls one() for each path. A path that is wrong, or cannot be read, does not stop it: all of them
 * are reported, the last one by err. */
typedef int dump_path_fn(void *ctx, const char *path, struct crx_err *err);
int dump_each_path(const struct dump *d, dump_path_fn *one, void *ctx, struct crx_err *err)
	CRX_MUST_CHECK;

/* Warns that the output is incomplete, and sets the exit status to 8. */
void dump_incomplete(struct dump *d, const char *path, const char *text);

#endif
