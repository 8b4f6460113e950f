/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The command line of cramfsck-xip, as values.
 */
#ifndef CRAMFSCK_XIP_OPTIONS_H
#define CRAMFSCK_XIP_OPTIONS_H

#include <stdio.h>

#include "cli/option.h"

#define PROGRAM "cramfsck-xip"

struct options {
	const char *image;
	size_t noperands;
	uint64_t offset;             /* of the image in the file */
	uint32_t page_size;          /* 0: find out */
	unsigned workers;            /* 0: one for each processor */
	uint64_t max_findings;
	const char *extract;         /* a directory or an archive, or NULL */
	bool owners;
	const char *json;            /* a path, "-", or NULL */
	bool quiet, help, version;
	unsigned verbose;
};

/* Strings point into argv. CRX_EARG for what makes no sense. */
int options_parse(struct options *o, int argc, char *const *argv, struct crx_err *err) CRX_MUST_CHECK;

/* What does not go together, or is missing. */
int options_check(const struct options *o, struct crx_err *err) CRX_MUST_CHECK;

void options_put_usage(FILE *out);
void options_put_help(FILE *out);
void options_put_version(FILE *out);

#endif
