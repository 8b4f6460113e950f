/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The command line of cramfsck-xip, as values.
 */
#ifndef CRAMFSCK_XIP_OPTIONS_H
#define CRAMFSCK_XIP_OPTIONS_H

#include <stdio.h>

#include "cli/option.h"

#define PROGRAM "cramfsck-xip"

/* The programs that it stands in for, when it is called by their names. */
enum called { AS_ITSELF, AS_CRAMFSCK, AS_FSCK_CRAMFS };

struct options {
	enum called as;
	const char *program;         /* the name that it was called by */
	const char *image;
	size_t noperands;
	uint64_t offset;             /* of the image in the file */
	uint32_t page_size;          /* 0: find out */
	unsigned workers;            /* 0: one for each processor */
	uint64_t max_findings;
	const char *extract;         /* a directory or an archive, or NULL */
	bool archive;                /* which of them, if it is one */
	bool owners;
	const char *json;            /* a path, "-", or NULL */
	bool quiet, help, version;
	bool silent;                 /* nothing on standard output, as the others without -v */
	unsigned verbose;
};

/* Strings point into argv. CRX_EARG for what makes no sense. */
int options_parse(struct options *o, int argc, char *const *argv, struct crx_err *err) CRX_MUST_CHECK;

/* What does not go together, or is missing. */
int options_check(const struct options *o, struct crx_err *err) CRX_MUST_CHECK;

void options_put_usage(FILE *out, const struct options *o);
void options_put_help(FILE *out, const struct options *o);
void options_put_version(FILE *out, const struct options *o);

/* As whom, by argv[0], and the name for messages. */
enum called options_called(const char *argv0, const char **program);

#endif
