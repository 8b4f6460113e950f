/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Errors in a text file, told all at once, each with its place.
 */
#ifndef CRX_BASE_PLACE_H
#define CRX_BASE_PLACE_H

#include "base/err.h"

struct crx_place {
	const char *file;
	unsigned line, column; /* from 1 on; columns are bytes; 0: not known */
};

struct crx_faults {
	struct crx_log *log; /* may be NULL */
	size_t errors, warnings;
};

enum {
	CRX_FAULTS_SHOWN = 100, /* of each kind; the rest is counted */
	CRX_SHOWN_MAX = 64
};

/* "FILE:LINE:COLUMN"; where that does not fit, FILE is cut in front. Returns buf. */
const char *crx_place_text(const struct crx_place *at, char *buf, size_t cap);

/* len bytes in quotation marks, cut with "..." where there are many. Returns buf. */
const char *crx_shown(const char *text, size_t len, char buf[CRX_SHOWN_MAX]);

/* Go to the log with the place as path. */
void crx_fault(struct crx_faults *f, const struct crx_place *at, const char *fmt, ...) CRX_PRINTF(3, 4);
void crx_fault_warn(struct crx_faults *f, const struct crx_place *at, const char *fmt, ...) CRX_PRINTF(3, 4);

/* 0 where there was no error, else CRX_EFORMAT with their number. Says how many warnings were not shown. */
int crx_faults_verdict(struct crx_faults *f, const char *file, struct crx_err *err) CRX_MUST_CHECK;

#endif
