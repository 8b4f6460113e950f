/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What was found, for people (text.c) and for machines (json.c). Both take
 * findings as they come.
 */
#ifndef CRAMFSCK_XIP_REPORT_H
#define CRAMFSCK_XIP_REPORT_H

#include <stdio.h>

#include "cli/json.h"
#include "read/extract.h"
#include "subject.h"

/* Of crx_cli_process_hooks. */
enum { SLOT_JSON, SLOT_ARCHIVE };

struct report {
	const struct options *o;
	const struct subject *s;
	FILE *text;               /* for people */
	FILE *findings;           /* and what is wrong */
	struct crx_cli_json json; /* .out NULL: none wanted */
	struct crx_check_result check;
	size_t listed;  /* findings */
	bool extracted; /* or tried to; how it went: */
	int extract_code;
	struct crx_extract_result extract;
};

void text_entries(FILE *out, const struct crx_listing *l);
void text_finding(const struct report *r, const struct crx_finding *f);
void text_summary(const struct report *r);

/* The first and the last line of the programs that it is called as, with -v. */
void text_begin_as(const struct report *r);
void text_end_as(const struct report *r);

/* Its form is in cramfsck-xip(8). json_begin opens the list of findings,
 * json_end closes it and all the rest. */
void json_begin(struct report *r);
void json_finding(struct report *r, const struct crx_finding *f);
void json_end(struct report *r);

extern const char *const SEVERITY[]; /* by enum crx_severity */

#endif
