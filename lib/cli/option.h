/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Command lines by one table, from which --help is printed too.
 *
 * Operands and options may stand in any order, whatever POSIXLY_CORRECT and
 * the C library say; "--" ends the options; "-" is an operand. Short options
 * may be clustered (-qxv), an argument attached (-b4096) or next (-b 4096).
 * Long ones take --long=VALUE or --long VALUE, and may be abbreviated as long
 * as only one is meant. An optional argument must be attached: -lMODE,
 * -l=MODE, --lock=MODE.
 */
#ifndef CRX_CLI_OPTION_H
#define CRX_CLI_OPTION_H

#include <stdio.h>

#include "base/err.h"

enum crx_cli_takes {
	CRX_CLI_ALONE,
	CRX_CLI_WITH_ARG,
	CRX_CLI_MAY_HAVE_ARG,
	CRX_CLI_WITH_FILE,  /* an argument that names a file, and the run reads that file */
	CRX_CLI_WITH_SOURCE /* the same, or a directory, or "-" for standard input */
};

struct crx_cli_use;

struct crx_cli_option {
	char short_name;           /* or 0 */
	const char *long_name;     /* or NULL; without "--" */
	enum crx_cli_takes takes;
	const char *arg;           /* its argument's name in the help text, or NULL */
	const char *fallback;      /* what holds without the option, for the help text; or NULL */
	/*
	 * What the option does. ctx is crx_cli_parse's. 0, a negative code, or
	 * CRX_CLI_STOP: look at nothing behind this.
	 */
	int (*set)(void *ctx, const struct crx_cli_use *use, struct crx_err *err);
	size_t field;              /* for the ready-made setters: offset into *ctx */
	const char *help;
};

enum { CRX_CLI_STOP = 1, CRX_CLI_SPELLED_MAX = 64 };

/* One option as it was met. */
struct crx_cli_use {
	const struct crx_cli_option *option;
	const char *arg;                    /* into argv, or NULL */
	char spelled[CRX_CLI_SPELLED_MAX];  /* "-b" or "--block-size" (never abbreviated), for messages */
};

/* An option with help alone is a heading. */
struct crx_cli_table {
	const char *program;
	const struct crx_cli_option *option;
	size_t noptions;
	int (*operand)(void *ctx, const char *operand, struct crx_err *err);
	/*
	 * Called with each argument of a CRX_CLI_WITH_FILE or CRX_CLI_WITH_SOURCE
	 * option, before its setter, so that the program knows every file that it
	 * reads. Required if there is such an option.
	 */
	int (*input)(void *ctx, const struct crx_cli_use *use, struct crx_err *err);
};

/* 0, CRX_CLI_STOP, or the code of the first error. Keeps pointers into argv. */
int crx_cli_parse(const struct crx_cli_table *t, int argc, char *const *argv, void *ctx, struct crx_err *err) CRX_MUST_CHECK;

/* The options of the table, at most 80 columns wide. */
void crx_cli_put_options(FILE *out, const struct crx_cli_table *t);

/* Ready-made setters: a bool at `field` becomes true / false; a const char *
 * there becomes the argument. */
int crx_cli_set_true(void *ctx, const struct crx_cli_use *use, struct crx_err *err);
/* True, and the rest of the command line is not looked at: --help, --version. */
int crx_cli_set_true_and_stop(void *ctx, const struct crx_cli_use *use, struct crx_err *err);
int crx_cli_set_false(void *ctx, const struct crx_cli_use *use, struct crx_err *err);
int crx_cli_set_string(void *ctx, const struct crx_cli_use *use, struct crx_err *err);
/* More of them: an unsigned there counts the uses; nothing happens. */
int crx_cli_count(void *ctx, const struct crx_cli_use *use, struct crx_err *err);
int crx_cli_ignore(void *ctx, const struct crx_cli_use *use, struct crx_err *err);
/* A uint64_t there becomes the size that the argument gives, which is not 0. */
int crx_cli_set_size(void *ctx, const struct crx_cli_use *use, struct crx_err *err);
/* A struct crx_strings there gets the argument, which is not empty, as its last. */
int crx_cli_append(void *ctx, const struct crx_cli_use *use, struct crx_err *err);

/* Free the list of each option with crx_cli_append. */
void crx_cli_free_lists(const struct crx_cli_table *t, void *ctx);

#endif
