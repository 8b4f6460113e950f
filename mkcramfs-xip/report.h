/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the JSON goes.
 */
#ifndef MKCRAMFS_XIP_REPORT_H
#define MKCRAMFS_XIP_REPORT_H

#include <stdio.h>

#include "options.h"

struct report {
	FILE *out;             /* NULL: no JSON wanted */
	bool renamed;          /* temp is to be committed */
	struct crx_io_temp temp;
};

/*
 * Open it before the work begins, so that a name that cannot be written is
 * found at once. A regular file appears by rename, at the end; anything else
 * (a FIFO, /dev/null) is written to.
 */
int report_open(struct report *r, const struct options *o, struct crx_err *err) CRX_MUST_CHECK;

/* Write all and put it in its place. */
int report_write(struct report *r, const struct options *o, const struct crx_build_result *result, struct crx_err *err) CRX_MUST_CHECK;

/* Leave no trace, unless report_write was successful. */
void report_abort(struct report *r);

/* The JSON itself (json.c); its form is in mkcramfs-xip(1). */
void json_put(FILE *out, const struct options *o, const struct crx_build_result *r);

#endif
