/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What every command gets: its images, opened and listed, and where to write.
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
	struct view *view; /* the image; diff's second image is view[1] */
	struct crx_inflate *z;
	char **path; /* what follows the images on the command line */
	size_t npaths;
	FILE *out;
	uint32_t links_read;           /* bytes, for link_target() */
	bool differ;                   /* set by diff */
	bool incomplete;               /* not all could be shown: exit 8 */
	struct crx_offenders warnings; /* by dump_incomplete() */
};

/* The entry that an argument names. CRX_EARG if there is none. */
int dump_find_entry(const struct dump *d, const char *path, bool follow,
		    const struct crx_entry **out, struct crx_err *err) CRX_MUST_CHECK;

/* Warns that not all is shown, which makes the exit status 8. */
void dump_incomplete(struct dump *d, const char *path, const char *text);

#endif
