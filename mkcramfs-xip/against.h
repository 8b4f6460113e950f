/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * --against: the image compared with an older one, and --fail-if: whether it may be written.
 */
#ifndef MKCRAMFS_XIP_AGAINST_H
#define MKCRAMFS_XIP_AGAINST_H

#include "cli/json.h"
#include "options.h"

/* Keeps options and log. */
struct against {
	const struct options *o;
	struct crx_log *log;
	struct crx_gate_image old, now;
	bool compared; /* old and now are known */
};

/* Reads the old image. This is before the build, because the new one may replace it. The caller
 * calls against_close() in any case. */
int against_open(struct against *a, const struct options *o, struct crx_log *log,
		 struct crx_err *err) CRX_MUST_CHECK;
void against_close(struct against *a);

/* crx_build_hooks.on_decided: CRX_EGATE if a condition holds, after an error for each. */
int against_check(void *ctx, const struct crx_result *r, struct crx_err *err);

/* The rows of the summary, and the member of the JSON; null without --against. */
void against_put(FILE *out, const struct against *a);
void against_put_json(struct crx_cli_json *j, const struct against *a);

#endif
