/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The files that are written beside the image: JSON and the budget curve.
 */
#ifndef MKCRAMFS_XIP_REPORT_H
#define MKCRAMFS_XIP_REPORT_H

#include <stdio.h>

#include "cli/outfile.h"
#include "options.h"

/* Of crx_cli_process_hooks. */
enum { SLOT_IMAGE, SLOT_JSON, SLOT_CSV, SLOT_SVG };

struct report {
	struct crx_cli_outfile json, csv, svg;
	char *csv_path, *svg_path;
	struct output output[OUTPUTS]; /* those, and the image */
};

/* Open what is wanted before the work begins (crx_cli_outfile_open): neither
 * in SOURCE nor in place of the image, of what is read, or of one another.
 * report_free in any case. */
int report_open(struct report *f, const struct options *o, struct crx_err *err) CRX_MUST_CHECK;

/* Write all and put it in its place. */
int report_write(struct report *f, const struct options *o, const struct crx_result *result,
		 struct crx_err *err) CRX_MUST_CHECK;

/* What is not in its place by then never was. */
void report_free(struct report *f);

/* The JSON itself (json.c); its form is in mkcramfs-xip(1). */
void json_put(FILE *out, const struct options *o, const struct crx_result *r);

#endif
