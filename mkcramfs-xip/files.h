/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All files that a run reads and writes, so that no output replaces an input or another output.
 */
#ifndef MKCRAMFS_XIP_FILES_H
#define MKCRAMFS_XIP_FILES_H

#include <sys/stat.h>

#include "base/err.h"
#include "cli/option.h"

enum input_kind {
	INPUT_FILE,
	INPUT_SOURCE, /* may be a directory, or "-" for standard input; --force replaces it */
	INPUT_OLD     /* the image that this one succeeds, which may replace it */
};

struct input {
	const char *path;                 /* not owned */
	char option[CRX_CLI_SPELLED_MAX]; /* whose argument it is; "" for SOURCE */
	enum input_kind kind;
};

/* Zero-initialise. */
struct inputs {
	struct input *at;
	size_t n, cap;
};

struct output {
	const char *path; /* NULL or "-": no file */
	const char *what; /* for messages */
	bool image;
};

/* Indexes of outputs, and slots for crx_cli_process_hooks(). */
enum { OUTPUT_SVG, OUTPUT_CSV, OUTPUT_JSON, REPORTS, OUTPUT_IMAGE = REPORTS, OUTPUTS };

/* option NULL: SOURCE. */
int inputs_add(struct inputs *in, const char *path, const char *option, enum input_kind kind,
	       struct crx_err *err) CRX_MUST_CHECK;
void inputs_free(struct inputs *in);

/*
 * No output may be one of the inputs, whatever its path. But the image may replace the old one;
 * with force, also a source. Two outputs may not be the same file. Outputs other than the image may
 * not be in a source directory (lib/build checks the image). CRX_EARG; CRX_EIO if the image is a
 * source.
 */
int files_check(const struct output *out, const struct inputs *in, bool force, struct crx_err *err)
	CRX_MUST_CHECK;

/* The same for a file that SOURCE or an overlay turns out to name. ctx is an array of outputs:
 * this is crx_build_hooks.on_contents. */
int files_check_contents(void *ctx, const struct stat *st, struct crx_err *err);

#endif
