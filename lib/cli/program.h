/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The main() of every program: sets up the process, parses and checks the options, answers --help
 * and --version, runs, reports the error, and returns the exit status.
 */
#ifndef CRX_CLI_PROGRAM_H
#define CRX_CLI_PROGRAM_H

#include "cli/console.h"
#include "cli/process.h"

/* The first member of every program's options. */
struct crx_cli_common {
	const char *program; /* the name it was called by, for messages */
	size_t as;           /* the index of that name */
	bool help, version;
	bool quiet; /* notes are printed only if there is an error */
	size_t noperands;
};

/* options is the argument of crx_cli_main(); it begins with a struct crx_cli_common. */
struct crx_cli_program {
	/* Lists that end with NULL. */
	const char *const *name;  /* names it may be called by; the first is its own */
	const char *const *usage; /* forms of a command line, without the name */
	bool is_filter;           /* all that it writes goes to standard output */

	/* Fills options, in which program and as are set. */
	int (*parse)(void *options, int argc, char *const *argv, struct crx_err *err);
	/* CRX_EARG if options cannot be used together, or something is missing. */
	int (*check)(void *options, struct crx_err *err);
	int (*run)(void *options, struct crx_cli_console *console, struct crx_err *err);
	/* The exit status for a code (0, or that of err). NULL: crx_cli_exit_status(). */
	int (*status)(const void *options, int code, const struct crx_err *err);
	void (*free)(void *options); /* or NULL */

	void (*put_help)(FILE *out, const void *options); /* the help after the usage */
	void (*put_version)(FILE *out); /* the lines between the first and the last; or NULL */
};

/*
 * The index in name, which ends with NULL, of the last component of argv0, ignoring the prefix
 * "lt-" of libtool. 0, the program's own name, if it is not among them. argv0 may be NULL.
 */
size_t crx_cli_called(const char *argv0, const char *const *name);

/* The exit status by code alone. */
int crx_cli_exit_status(int code);

/* Returns the exit status. */
int crx_cli_main(const struct crx_cli_program *p, void *options, int argc, char **argv);

#endif
