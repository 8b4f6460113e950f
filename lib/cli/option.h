/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Parses a command line by a table of options, from which --help is printed too.
 *
 * Operands and options may be in any order, whatever POSIXLY_CORRECT and the C library say; "--"
 * ends the options; "-" is an operand. Short options may be clustered (-qxv), and an argument may
 * be attached (-b4096) or follow (-b 4096). Long options take --long=VALUE or --long VALUE, and may
 * be abbreviated to any unambiguous prefix. An optional argument must be attached: -lMODE, -l=MODE,
 * --lock=MODE.
 */
#ifndef CRX_CLI_OPTION_H
#define CRX_CLI_OPTION_H

#include <stdio.h>

#include "base/err.h"

/* What an argument is: for shell completions, and for the check that no input is replaced. */
enum crx_cli_kind {
	CRX_CLI_KIND_NONE,
	CRX_CLI_KIND_TEXT,  /* a size, a number, a name, a rule */
	CRX_CLI_KIND_WORD,  /* one of a list of words, maybe with more after it, or an equivalent */
	CRX_CLI_KIND_INPUT, /* a file that the run reads */
	CRX_CLI_KIND_SOURCE, /* a file or a directory that the run reads; "-": standard input */
	CRX_CLI_KIND_OUTPUT, /* a file that the run writes, or a prefix of its name */
	CRX_CLI_KIND_DIR     /* a directory, or an archive in its place */
};

/* The members kind, arg_name and words of a row of a table of options. */
#define CRX_CLI_ALONE CRX_CLI_KIND_NONE, NULL, NULL
#define CRX_CLI_TEXT(name) CRX_CLI_KIND_TEXT, name, NULL
#define CRX_CLI_WORD(name, words) CRX_CLI_KIND_WORD, name, words
#define CRX_CLI_INPUT(name) CRX_CLI_KIND_INPUT, name, NULL
#define CRX_CLI_SOURCE(name) CRX_CLI_KIND_SOURCE, name, NULL
#define CRX_CLI_OUTPUT(name) CRX_CLI_KIND_OUTPUT, name, NULL
#define CRX_CLI_DIR(name) CRX_CLI_KIND_DIR, name, NULL

/* A row that is a heading. */
#define CRX_CLI_HEADING(text)                               \
	{                                                   \
		0, NULL, CRX_CLI_ALONE, NULL, NULL, 0, text \
	}

struct crx_cli_use;

/*
 * The completions of shells are generated from the source text of these tables
 * (contrib/completions/rows.awk). So rows contain literals only, and an option whose setter has
 * "add", "append" or "count" in its name may be repeated.
 */
struct crx_cli_option {
	char short_name;       /* or 0 */
	const char *long_name; /* or NULL; without "--" */
	enum crx_cli_kind kind;
	const char *arg_name; /* in the help text: "SIZE"; "[=MODE]" if it is optional */
	const char *words;    /* of CRX_CLI_KIND_WORD: "big little host" */
	const char *fallback; /* the default, for the help text; or NULL */
	/* Applies the option. ctx is that of crx_cli_parse(). Returns 0, a negative code, or
	 * CRX_CLI_STOP to ignore the rest of the command line. */
	int (*set)(void *ctx, const struct crx_cli_use *use, struct crx_err *err);
	size_t field; /* for the setters below: offset of a member of *ctx */
	const char *help;
};

enum { CRX_CLI_STOP = 1, CRX_CLI_SPELLED_MAX = 64 };

/* One use of an option on the command line. */
struct crx_cli_use {
	const struct crx_cli_option *option;
	const char *arg;                   /* into argv, or NULL */
	char spelled[CRX_CLI_SPELLED_MAX]; /* for messages: "-b" or the full "--block-size" */
};

/* An option that has only help is a heading. */
struct crx_cli_table {
	const struct crx_cli_option *option;
	size_t noptions;
	int (*operand)(void *ctx, const char *operand, struct crx_err *err);
	/*
	 * Called with each argument of kind CRX_CLI_KIND_INPUT or _SOURCE, before its setter, so
	 * that the program knows all files that it reads. NULL only if there is no such option.
	 */
	int (*input)(void *ctx, const struct crx_cli_use *use, struct crx_err *err);
};

/* 0, CRX_CLI_STOP, or the code of the first error. Keeps pointers into argv. */
int crx_cli_parse(const struct crx_cli_table *t, int argc, char *const *argv, void *ctx,
		  struct crx_err *err) CRX_MUST_CHECK;

/* Prints the options of the table for --help, at most 79 columns wide. */
void crx_cli_put_options(FILE *out, const struct crx_cli_table *t);

/* --- setters for a member at `field` --- */

/* bool: true. */
int crx_cli_set_true(void *ctx, const struct crx_cli_use *use, struct crx_err *err);
/* bool: true, and the rest of the command line is ignored: --help, --version. */
int crx_cli_set_true_and_stop(void *ctx, const struct crx_cli_use *use, struct crx_err *err);
/* bool: false. */
int crx_cli_set_false(void *ctx, const struct crx_cli_use *use, struct crx_err *err);
/* const char *: the argument. */
int crx_cli_set_string(void *ctx, const struct crx_cli_use *use, struct crx_err *err);
/* unsigned: counts the uses. */
int crx_cli_count(void *ctx, const struct crx_cli_use *use, struct crx_err *err);
/* No member: the option has no effect. */
int crx_cli_ignore(void *ctx, const struct crx_cli_use *use, struct crx_err *err);
/* unsigned: a number of threads, at most 1024; 0: one for each processor. */
int crx_cli_set_jobs(void *ctx, const struct crx_cli_use *use, struct crx_err *err);
/* uint64_t: a size of at least 1. */
int crx_cli_set_size(void *ctx, const struct crx_cli_use *use, struct crx_err *err);
/* uint64_t: an offset, at most INT64_MAX; or the word "auto": CRX_CLI_OFFSET_AUTO. */
#define CRX_CLI_OFFSET_AUTO UINT64_MAX
int crx_cli_set_offset(void *ctx, const struct crx_cli_use *use, struct crx_err *err);
/* uint32_t: a size that is one of the option's words. */
int crx_cli_set_size_word(void *ctx, const struct crx_cli_use *use, struct crx_err *err);
/* struct crx_strings: appends the argument, which must not be empty. */
int crx_cli_append(void *ctx, const struct crx_cli_use *use, struct crx_err *err);

/* Sets the error "-N must be big, little or host, not 'x'", with the words of the option. */
int crx_cli_not_a_word(const struct crx_cli_use *use, struct crx_err *err);

/* Frees the list of each option that uses crx_cli_append(). */
void crx_cli_free_lists(const struct crx_cli_table *t, void *ctx);

#endif
