/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The commands.
 */
#ifndef DUMPCRAMFS_XIP_COMMAND_H
#define DUMPCRAMFS_XIP_COMMAND_H

#include "dump.h"

struct command {
	const char *name, *operands, *help;
	size_t nimages;
	size_t min, max; /* number of operands after the images */
	int (*run)(struct dump *d, struct crx_err *err);
};

/* Finds a command by name. CRX_EARG if it does not exist; the message lists all names. */
int command_find(const char *name, const struct command **out, struct crx_err *err) CRX_MUST_CHECK;
void commands_put_help(FILE *out);

int command_list(struct dump *d, struct crx_err *err) CRX_MUST_CHECK;
int command_cat(struct dump *d, struct crx_err *err) CRX_MUST_CHECK;
int command_stat(struct dump *d, struct crx_err *err) CRX_MUST_CHECK;
int command_tar(struct dump *d, struct crx_err *err) CRX_MUST_CHECK;
int command_super(struct dump *d, struct crx_err *err) CRX_MUST_CHECK;
int command_layout(struct dump *d, struct crx_err *err) CRX_MUST_CHECK;
int command_maps(struct dump *d, struct crx_err *err) CRX_MUST_CHECK;
int command_diff(struct dump *d, struct crx_err *err) CRX_MUST_CHECK;
int command_report(struct dump *d, struct crx_err *err) CRX_MUST_CHECK;

#endif
