/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The commands.
 */
#ifndef DUMPCRAMFS_XIP_COMMAND_H
#define DUMPCRAMFS_XIP_COMMAND_H

#include "dump.h"

/* Options that not all commands use. */
enum {
	USES_JSON = 1,
	USES_PATHS_ONLY = 2,
	USES_BASE = 4,
	USES_NO_MMU = 8,
	USES_HTML = 16,
	USES_KERNEL = 32,
	USES_ERASE = 64,   /* --erase-size */
	USES_BLOCKS = 128, /* --ranges, --blocks */
	USES_OLD = 256,
	USES_FAIL_IF = 512,
	USES_RAM = 1024,      /* --ram, --buddyinfo, --instances, --min-free, --machine */
	USES_PACKAGES = 2048, /* --database, --package-list, --manifest, --pkgdata */
};

struct command {
	const char *name, *operands, *help;
	size_t nimages;
	size_t min, max; /* number of operands after the images */
	unsigned uses;   /* of the options above */
	int (*run)(struct dump *d, struct crx_err *err);
};

/* Finds a command by name. CRX_EARG if it does not exist; the message lists all names. */
int command_find(const char *name, const struct command **out, struct crx_err *err) CRX_MUST_CHECK;

/* CRX_EARG if an option is given that the command does not use. */
int command_check_options(const struct command *c, const struct options *o, struct crx_err *err)
	CRX_MUST_CHECK;

void commands_put_help(FILE *out);

int command_list(struct dump *d, struct crx_err *err) CRX_MUST_CHECK;
int command_cat(struct dump *d, struct crx_err *err) CRX_MUST_CHECK;
int command_stat(struct dump *d, struct crx_err *err) CRX_MUST_CHECK;
int command_tar(struct dump *d, struct crx_err *err) CRX_MUST_CHECK;
int command_super(struct dump *d, struct crx_err *err) CRX_MUST_CHECK;
int command_layout(struct dump *d, struct crx_err *err) CRX_MUST_CHECK;
int command_maps(struct dump *d, struct crx_err *err) CRX_MUST_CHECK;
int command_packages(struct dump *d, struct crx_err *err) CRX_MUST_CHECK;
int command_diff(struct dump *d, struct crx_err *err) CRX_MUST_CHECK;
int command_report(struct dump *d, struct crx_err *err) CRX_MUST_CHECK;

#endif
