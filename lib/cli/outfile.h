/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A file that an option of a program names for its report (--json FILE).
 */
#ifndef CRX_CLI_OUTFILE_H
#define CRX_CLI_OUTFILE_H

#include <stdio.h>

#include "base/io.h"

struct crx_cli_outfile {
	FILE *out;          /* NULL: none wanted */
	const char *path;   /* the caller's */
	const char *option; /* "--json", for messages; the caller's */
	bool renamed;       /* temp is to be committed */
	struct crx_io_temp temp;
};

/*
 * Open it before the work begins, so that a name that cannot be written is
 * found at once. path NULL: none; "-": standard output. A regular file appears
 * by rename, at the end; a block device is refused; anything else (a FIFO,
 * /dev/null) is written to.
 */
int crx_cli_outfile_open(struct crx_cli_outfile *f, const char *path, const char *option,
			 const struct crx_io_hooks *hooks, struct crx_err *err) CRX_MUST_CHECK;

/* All is written: put it in its place. what names it in messages ("the JSON"). */
int crx_cli_outfile_close(struct crx_cli_outfile *f, const char *what, bool sync,
			  struct crx_err *err) CRX_MUST_CHECK;

/* Leave no trace, unless closed. */
void crx_cli_outfile_abort(struct crx_cli_outfile *f);

/* Are both names those of one regular file? */
bool crx_cli_same_file(const char *a, const char *b);

/* Everything that was printed has arrived, or err says that `what` has not. */
int crx_cli_flush_stdout(const char *what, struct crx_err *err) CRX_MUST_CHECK;

#endif
