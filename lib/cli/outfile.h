/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A file that an option names for a report, as in --json FILE.
 */
#ifndef CRX_CLI_OUTFILE_H
#define CRX_CLI_OUTFILE_H

#include <stdio.h>

#include "base/io.h"

struct crx_cli_outfile {
	FILE *out;          /* NULL if the option was not given */
	const char *path;   /* not owned */
	const char *option; /* "--json", for messages; not owned */
	bool renamed;       /* temp will be renamed to path */
	struct crx_io_temp temp;
};

/*
 * Call it before the work begins, so that a path that cannot be written fails early. path NULL:
 * no file; "-": standard output. A regular file appears by rename at the end; a block device is
 * refused; anything else (a FIFO, /dev/null) is written directly.
 */
int crx_cli_outfile_open(struct crx_cli_outfile *f, const char *path, const char *option,
			 const struct crx_io_hooks *hooks, struct crx_err *err) CRX_MUST_CHECK;

/* Completes the file. `what` is its name in messages ("the JSON"). */
int crx_cli_outfile_close(struct crx_cli_outfile *f, const char *what, bool sync,
			  struct crx_err *err) CRX_MUST_CHECK;

/* Removes the temporary file. Does nothing after crx_cli_outfile_close(). */
void crx_cli_outfile_abort(struct crx_cli_outfile *f);

/* *same: do both paths lead to the same regular file? */
int crx_cli_same_file(const char *a, const char *b, bool *same, struct crx_err *err) CRX_MUST_CHECK;

/* Flushes out; path NULL: standard output. CRX_EIO if `what` ("the summary") could not be written,
 * CRX_ECLOSED if standard output is a pipe that nobody reads any more. */
int crx_cli_flush(FILE *out, const char *path, const char *what, struct crx_err *err)
	CRX_MUST_CHECK;

#endif
