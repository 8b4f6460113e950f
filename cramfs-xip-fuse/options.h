/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The command line of cramfs-xip-fuse, as values.
 */
#ifndef CRAMFS_XIP_FUSE_OPTIONS_H
#define CRAMFS_XIP_FUSE_OPTIONS_H

#include <stdio.h>

#include "base/strings.h"
#include "cli/option.h"
#include "cli/program.h"

#define PROGRAM "cramfs-xip-fuse"

struct options {
	struct crx_cli_common cli;
	const char *image, *dir;
	uint64_t offset;    /* of the image in the file, or CRX_CLI_OFFSET_AUTO */
	uint32_t page_size; /* 0: detect it */
	bool foreground;
	struct crx_strings mount; /* the arguments of -o */
};

/* For struct crx_cli_program. Strings point into argv, but for those of mount. */
int options_parse(void *options, int argc, char *const *argv, struct crx_err *err) CRX_MUST_CHECK;
int options_check(void *options, struct crx_err *err) CRX_MUST_CHECK;
void options_free(void *options);
void options_put_help(FILE *out, const void *options);

#endif
