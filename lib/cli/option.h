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

/* What an argument is. Who completes command lines, and who looks for files
 * that would be replaced, go by it. */
enum crx_cli_kind {
	CRX_CLI_KIND_NONE,
	CRX_CLI_KIND_TEXT,   /* a size, a number, a name, a rule */
	CRX_CLI_KIND_WORD,   /* begins with one of a list of words, or means the same */
	CRX_CLI_KIND_INPUT,  /* a file that the run reads */
	CRX_CLI_KIND_SOURCE, /* the same, or a directory, or "-" for standard input */
	CRX_CLI_KIND_OUTPUT, /* a file that the run writes, or what its name begins with */
	CRX_CLI_KIND_DIR     /* a directory, or what stands for one */
};

/* The argument of an option. */
struct crx_cli_arg {
	enum crx_cli_kind kind;
	const char *name;  /* in the help text: "SIZE"; "[=MODE]" if it may be left out */
	const char *words; /* of CRX_CLI_KIND_WORD: "big little host" */
};

/* For rows of a table of options. */
#define CRX_CLI_ALONE                         \
	{                                     \
		CRX_CLI_KIND_NONE, NULL, NULL \
	}
#define CRX_CLI_TEXT(name)                    \
	{                                     \
		CRX_CLI_KIND_TEXT, name, NULL \
	}
#define CRX_CLI_WORD(name, words)              \
	{                                      \
		CRX_CLI_KIND_WORD, name, words \
	}
#define CRX_CLI_INPUT(name)                    \
	{                                      \
		CRX_CLI_KIND_INPUT, name, NULL \
	}
#define CRX_CLI_SOURCE(name)                    \
	{                                       \
		CRX_CLI_KIND_SOURCE, name, NULL \
	}
#define CRX_CLI_OUTPUT(name)                    \
	{                                       \
		CRX_CLI_KIND_OUTPUT, name, NULL \
	}
#define CRX_CLI_DIR(name)                    \
	{                                    \
		CRX_CLI_KIND_DIR, name, NULL \
	}
#define CRX_CLI_HEADING(text)                               \
	{                                                   \
		0, NULL, CRX_CLI_ALONE, NULL, NULL, 0, text \
	}

struct crx_cli_use;

/*
 * contrib/completions/rows.awk reads tables of these, and what it prints
 * becomes the completions of shells. So rows are literal, and a setter whose
 * name contains "add", "append" or "count" may be called repeatedly.
 */
struct crx_cli_option {
	char short_name;       /* or 0 */
	const char *long_name; /* or NULL; without "--" */
	struct crx_cli_arg arg;
	const char *fallback; /* what holds without the option, for the help text; or NULL */
	/*
	 * What the option does. ctx is crx_cli_parse's. 0, a negative code, or
	 * CRX_CLI_STOP: look at nothing after this.
	 */
	int (*set)(void *ctx, const struct crx_cli_use *use, struct crx_err *err);
	size_t field; /* for the ready-made setters: offset into *ctx */
	const char *help;
};

enum { CRX_CLI_STOP = 1, CRX_CLI_SPELLED_MAX = 64 };

/* One option as it was met. */
struct crx_cli_use {
	const struct crx_cli_option *option;
	const char *arg;                   /* into argv, or NULL */
	char spelled[CRX_CLI_SPELLED_MAX]; /* "-b" or "--block-size" (never abbreviated), for
					      messages */
};

/* An option with help alone is a heading. */
struct crx_cli_table {
	const struct crx_cli_option *option;
	size_t noptions;
	int (*operand)(void *ctx, const char *operand, struct crx_err *err);
	/*
	 * Called with each argument of kind CRX_CLI_KIND_INPUT or _SOURCE, before
	 * its setter, so that the program knows every file that it reads. Required
	 * if there is such an option.
	 */
	int (*input)(void *ctx, const struct crx_cli_use *use, struct crx_err *err);
};

/* 0, CRX_CLI_STOP, or the code of the first error. Keeps pointers into argv. */
int crx_cli_parse(const struct crx_cli_table *t, int argc, char *const *argv, void *ctx,
		  struct crx_err *err) CRX_MUST_CHECK;

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
/* The same for an offset, which may be 0 and is at most INT64_MAX. */
int crx_cli_set_offset(void *ctx, const struct crx_cli_use *use, struct crx_err *err);
/* A uint32_t there becomes the size that the argument gives: one of the option's words. */
int crx_cli_set_size_word(void *ctx, const struct crx_cli_use *use, struct crx_err *err);
/* A struct crx_strings there gets the argument, which is not empty, as its last. */
int crx_cli_append(void *ctx, const struct crx_cli_use *use, struct crx_err *err);

/* "-N wants big, little or host, not 'x'", by the words of the option. */
int crx_cli_not_a_word(const struct crx_cli_use *use, struct crx_err *err);

/* Free the list of each option with crx_cli_append. */
void crx_cli_free_lists(const struct crx_cli_table *t, void *ctx);

#endif
