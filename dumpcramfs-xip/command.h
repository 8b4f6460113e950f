/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A command gets its image opened and listed, and writes to out.
 */
#ifndef DUMPCRAMFS_XIP_COMMAND_H
#define DUMPCRAMFS_XIP_COMMAND_H

#include "cli/console.h"
#include "cli/json.h"
#include "open.h"

struct dump {
	const struct options *o;
	struct crx_log *log;
	struct view *view;     /* the image; for diff its second one is view[1] */
	struct crx_inflate *z;
	char **path;           /* what follows the image on the command line */
	size_t npaths;
	FILE *out;
	uint32_t links_read;   /* bytes, for link_target() */
	bool differ;           /* set by diff */
	unsigned said;         /* times command_incomplete() was called */
	bool incomplete;       /* set where not all could be shown: exit 8, and it has been said */
};

struct command {
	const char *name, *operands, *help;
	size_t nimages;
	size_t min, max;       /* operands behind the images */
	int (*run)(struct dump *d, struct crx_err *err);
};

/* By name; CRX_EARG with those that there are. */
int command_find(const char *name, const struct command **out, struct crx_err *err) CRX_MUST_CHECK;
void commands_put_help(FILE *out);

int command_list(struct dump *d, struct crx_err *err) CRX_MUST_CHECK;
int command_cat(struct dump *d, struct crx_err *err) CRX_MUST_CHECK;
int command_stat(struct dump *d, struct crx_err *err) CRX_MUST_CHECK;
int command_super(struct dump *d, struct crx_err *err) CRX_MUST_CHECK;
int command_layout(struct dump *d, struct crx_err *err) CRX_MUST_CHECK;
int command_maps(struct dump *d, struct crx_err *err) CRX_MUST_CHECK;
int command_diff(struct dump *d, struct crx_err *err) CRX_MUST_CHECK;
int command_report(struct dump *d, struct crx_err *err) CRX_MUST_CHECK;

/* The entry that an argument names. CRX_EARG if there is none. */
int command_entry(const struct dump *d, const char *path, bool follow, const struct crx_entry **out, struct crx_err *err) CRX_MUST_CHECK;

/* Not all could be shown: a warning, and exit 8. The first few of each run are said. */
void command_incomplete(struct dump *d, const char *path, const char *text);

#endif
