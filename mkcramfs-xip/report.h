/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the JSON goes.
 */
#ifndef MKCRAMFS_XIP_REPORT_H
#define MKCRAMFS_XIP_REPORT_H

#include <stdio.h>

#include "cli/outfile.h"
#include "options.h"

/* Of crx_cli_process_hooks. */
enum { SLOT_IMAGE, SLOT_JSON };

/* Open it before the work begins (crx_cli_outfile_open): neither in SOURCE nor
 * in place of the image. */
int report_open(struct crx_cli_outfile *f, const struct options *o, struct crx_err *err) CRX_MUST_CHECK;

/* Write all and put it in its place. */
int report_write(struct crx_cli_outfile *f, const struct options *o, const struct crx_build_result *result, struct crx_err *err) CRX_MUST_CHECK;

/* The JSON itself (json.c); its form is in mkcramfs-xip(1). */
void json_put(FILE *out, const struct options *o, const struct crx_build_result *r);

#endif
