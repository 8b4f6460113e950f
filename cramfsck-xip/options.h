/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The command line of cramfsck-xip, as values.
 */
#ifndef CRAMFSCK_XIP_OPTIONS_H
#define CRAMFSCK_XIP_OPTIONS_H

#include <stdio.h>

#include "cli/option.h"
#include "cli/program.h"
#include "read/kernel.h"

#define PROGRAM "cramfsck-xip"

/* cli.as: the names that the program may be called by; the others are programs it replaces. */
enum called { AS_ITSELF, AS_CRAMFSCK, AS_FSCK_CRAMFS };

/* For crx_cli_process_hooks(). */
enum { SLOT_JSON, SLOT_ARCHIVE };

struct options {
	struct crx_cli_common cli;
	const char *image;
	uint64_t offset;    /* of the image in the file, or CRX_CLI_OFFSET_AUTO */
	uint32_t page_size; /* 0: detect it */
	struct crx_kernel kernel;
	unsigned workers; /* 0: one for each processor */
	uint64_t max_findings;
	const char *extract; /* a directory or an archive, or NULL */
	bool archive;        /* extract is an archive */
	bool owners;
	const char *json; /* a path, "-", or NULL */
	bool silent;      /* no notes and no summary: the original programs without -v */
	unsigned verbose;
};

/* For struct crx_cli_program. Strings point into argv. */
int options_parse(void *options, int argc, char *const *argv, struct crx_err *err) CRX_MUST_CHECK;
int options_check(void *options, struct crx_err *err) CRX_MUST_CHECK;
void options_put_help(FILE *out, const void *options);

#endif
