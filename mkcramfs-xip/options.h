/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The command line of mkcramfs-xip, as values.
 */
#ifndef MKCRAMFS_XIP_OPTIONS_H
#define MKCRAMFS_XIP_OPTIONS_H

#include <stdio.h>

#include "build/build.h"
#include "cli/option.h"
#include "cli/program.h"
#include "files.h"
#include "gate/gate.h"

#define PROGRAM "mkcramfs-xip"

/* cli.as: the names that the program may be called by; the others are programs it replaces. */
enum called { AS_ITSELF, AS_MKCRAMFS, AS_MKFS_CRAMFS };

enum { OPERANDS_KEPT = 4 };

struct options {
	struct crx_cli_common cli;
	struct crx_build_opts build;
	bool silent;                        /* no summary: the replaced programs without -v */
	unsigned verbose;                   /* times -v */
	const char *json;                   /* --json: a path, "-", or NULL */
	const char *curve;                  /* --budget-curve: a prefix, or NULL */
	const char *against;                /* --against: an older image or its JSON, or NULL */
	struct crx_gate_conditions fail_if; /* --fail-if */
	bool check_only;                    /* --policy-check: no image */
	bool lock_given, fill_given;
	unsigned xips;           /* times -X */
	unsigned stdin_patterns; /* times --exclude-from - */
	const char *long_name;   /* of the file system, cut by --lossy; or NULL */
	char cut_name[CRX_NAME_LEN + 1];
	struct inputs inputs;               /* SOURCE, and what the table says is read */
	const char *operand[OPERANDS_KEPT]; /* the first of cli.noperands */
};

/* For struct crx_cli_program. */

/* Strings point into argv and the environment. CRX_EARG for wrong usage; CRX_EIO if
 * --exclude-from cannot be read. */
int options_parse(void *options, int argc, char *const *argv, struct crx_err *err) CRX_MUST_CHECK;
/* Options and operands that cannot be used together (check.c). */
int options_check(void *options, struct crx_err *err) CRX_MUST_CHECK;
void options_free(void *options);
void options_put_help(FILE *out, const void *options);
void options_put_version(FILE *out);

/* names.c: what differs by cli.as. Called before the command line is parsed, and after it. */
void names_set_defaults(struct options *o);
void names_set_implied(struct options *o);
/* Prints the differences, for --help. */
void names_put_help(FILE *out, const struct options *o);
/* Is this failure wrong usage for the program that is replaced? */
bool names_is_usage(const struct options *o, const struct crx_err *err);

#endif
