/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The files that are written besides the image: JSON and the budget curve.
 */
#ifndef MKCRAMFS_XIP_REPORT_H
#define MKCRAMFS_XIP_REPORT_H

#include <stdio.h>

#include "against.h"
#include "cli/outfile.h"
#include "options.h"

struct report {
	struct crx_cli_outfile file[REPORTS];
	char *csv_path, *svg_path;
	struct output output[OUTPUTS]; /* those, and the image */
	struct against against;
};

/* Check and open the files that were asked for, before the build begins (files_check(),
 * against_open(), crx_cli_outfile_open()). The caller calls report_free in any case. */
int report_open(struct report *f, const struct options *o, struct crx_log *log, struct crx_err *err)
	CRX_MUST_CHECK;

/* Write the files; they appear under their names. */
int report_write(struct report *f, const struct options *o, const struct crx_result *result,
		 struct crx_err *err) CRX_MUST_CHECK;

/* Files that were not written leave no trace. */
void report_free(struct report *f);

/* The JSON (json.c), as mkcramfs-xip(1) describes it. */
void json_put(FILE *out, const struct options *o, const struct crx_result *r,
	      const struct against *a);

#endif
