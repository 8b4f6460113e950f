/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The command line of mkcramfs-xip, as values.
 */
#ifndef MKCRAMFS_XIP_OPTIONS_H
#define MKCRAMFS_XIP_OPTIONS_H

#include <stdio.h>

#include "build/build.h"
#include "cli/option.h"
#include "files.h"

#define PROGRAM "mkcramfs-xip"

/* The programs that it stands in for, when it is called by their names: what
 * differs by that is in names.c. */
enum called { AS_ITSELF, AS_MKCRAMFS, AS_MKFS_CRAMFS };

enum { OPERANDS_KEPT = 4 };

struct options {
	enum called as;
	const char *program;         /* the name that it was called by */
	struct crx_build_opts build;
	bool help, version, quiet;
	bool silent;                 /* no summary, as the others have none without -v */
	unsigned verbose;            /* times -v */
	const char *json;            /* --json: a path, "-", or NULL */
	const char *curve;           /* --budget-curve: a prefix, or NULL */
	bool check_only;             /* --policy-check: no image */
	bool lock_given, fill_given;
	unsigned xips;               /* times -X */
	const char *long_name;       /* of the file system, cut by --lossy; or NULL */
	char cut_name[CRX_NAME_LEN + 1];
	struct inputs inputs;        /* SOURCE, and what the table says is read */
	const char *operand[OPERANDS_KEPT]; /* the first of them */
	size_t noperands;            /* all */
};

/* Strings point into argv and the environment. CRX_EARG for what makes no
 * sense; CRX_EIO where --exclude-from cannot be read. */
int options_parse(struct options *o, int argc, char *const *argv, struct crx_err *err) CRX_MUST_CHECK;
void options_free(struct options *o);

/* What does not go together, as far as it can be known beforehand (check.c). */
int options_check(const struct options *o, struct crx_err *err) CRX_MUST_CHECK;

void options_put_usage(FILE *out, const struct options *o);
void options_put_help(FILE *out, const struct options *o);
void options_put_version(FILE *out, const struct options *o);

/* As whom, by argv[0], and the name for messages. */
enum called names_called(const char *argv0, const char **program);
/* Before and behind the command line: defaults, and what options mean. */
void names_set_defaults(struct options *o);
void names_conclude(struct options *o);
/* What --help says of it, behind the options. */
void names_put_help(FILE *out, const struct options *o);
/* Is this failure wrong usage to those who call by that name? */
bool names_is_usage(const struct options *o, const struct crx_err *err);

#endif
