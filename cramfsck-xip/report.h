/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The report, as text (text.c) and as JSON (json.c). Findings are written when they are emitted.
 */
#ifndef CRAMFSCK_XIP_REPORT_H
#define CRAMFSCK_XIP_REPORT_H

#include <stdio.h>

#include "cli/json.h"
#include "read/extract.h"
#include "subject.h"

struct report {
	const struct options *o;
	const struct subject *s;
	FILE *text;               /* entries and summary */
	FILE *findings;           /* findings as text */
	struct crx_cli_json json; /* json.out is NULL without --json */
	struct crx_check_result check;
	size_t listed;    /* findings emitted */
	bool extracted;   /* extraction was attempted */
	int extract_code; /* its result: 0 or CRX_E* */
	struct crx_extract_result extract;
};

void text_entries(FILE *out, const struct crx_listing *l);
void text_finding(const struct report *r, const struct crx_finding *f);
void text_summary(const struct report *r);

/* With -v, the first and the last line that the original programs print. */
void text_begin_compat(const struct report *r);
void text_end_compat(const struct report *r);

/* json_begin opens the list of findings; json_end closes it and writes what follows it. */
void json_begin(struct report *r);
void json_finding(struct report *r, const struct crx_finding *f);
void json_end(struct report *r);

extern const char *const SEVERITY[]; /* by enum crx_severity */

#endif
