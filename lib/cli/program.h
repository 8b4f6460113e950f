/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * main() of every program: set up the process, parse, answer --help and
 * --version, check, run, report the error, find the exit status. A program
 * says only what is its own.
 */
#ifndef CRX_CLI_PROGRAM_H
#define CRX_CLI_PROGRAM_H

#include "cli/console.h"
#include "cli/process.h"

/* Every program's options begin with this. */
struct crx_cli_common {
	const char *program; /* the name that it was called by, for messages */
	size_t as;           /* its index among the program's names */
	bool help, version;  /* asked for */
	bool quiet;          /* notes are held back */
	size_t noperands;
};

/* Some functions may be NULL. options is what main() passes; it begins with a
 * struct crx_cli_common. */
struct crx_cli_program {
	const char *const *name; /* what it may be called by; the first is its own name */
	size_t nnames;
	const char *const *usage; /* forms of a command line, without the name; ends with NULL */
	bool ends_quietly;        /* a reader of its output that goes away needs no message */

	/* Fills options, of which program and as are set already. */
	int (*parse)(void *options, int argc, char *const *argv, struct crx_err *err);
	/* What does not go together, or is missing: CRX_EARG. */
	int (*check)(void *options, struct crx_err *err);
	int (*run)(void *options, struct crx_cli_console *console, struct crx_err *err);
	/* The exit status, by code (0, or that of the error); or NULL: crx_cli_exit_status. */
	int (*status)(const void *options, int code, const struct crx_err *err);
	void (*free)(void *options); /* or NULL */

	void (*put_help)(FILE *out, const void *options); /* what follows the usage */
	void (*put_version)(FILE *out); /* from the second line on, but for the last; or NULL */
};

/* The exit status by code alone. */
int crx_cli_exit_status(int code);

/* Returns the exit status. */
int crx_cli_main(const struct crx_cli_program *p, void *options, int argc, char **argv);

#endif
