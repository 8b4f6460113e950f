/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Positions in text files, and errors there: all of a file are reported, each with its position.
 */
#ifndef CRX_BASE_PLACE_H
#define CRX_BASE_PLACE_H

#include "base/offenders.h"

struct crx_place {
	const char *file;
	unsigned line, column; /* from 1 on; columns are bytes; 0: unknown, or of no interest */
};

/* Start with crx_faults_of(). */
struct crx_faults {
	struct crx_offenders error, warning;
};

enum {
	CRX_FAULTS_SHOWN = 100, /* of errors, and of warnings; the others are counted */
	CRX_SHOWN_MAX = 64,
	CRX_PLACE_MAX = CRX_ERR_PATH_MAX
};

/* "FILE:LINE:COLUMN", "FILE:LINE" or "FILE", as far as it is known; if that does not fit, FILE
 * loses its beginning. Returns buf. */
const char *crx_place_text(const struct crx_place *at, char *buf, size_t cap);

/* len bytes in quotation marks, cut with "..." where there are many. Returns buf. */
const char *crx_shown(const char *text, size_t len, char buf[CRX_SHOWN_MAX]);

/* crx_err_set() with the place as path. */
int crx_place_err(struct crx_err *err, int code, int sys_errno, const struct crx_place *at,
		  const char *fmt, ...) CRX_PRINTF(5, 6);
int crx_place_verr(struct crx_err *err, int code, int sys_errno, const struct crx_place *at,
		   const char *fmt, va_list ap) CRX_PRINTF(5, 0);

/* log may be NULL. */
struct crx_faults crx_faults_of(struct crx_log *log);

/* An error, or a warning, goes to the log with the place as path. */
void crx_fault(struct crx_faults *f, const struct crx_place *at, const char *fmt, ...)
	CRX_PRINTF(3, 4);
void crx_vfault(struct crx_faults *f, const struct crx_place *at, const char *fmt, va_list ap)
	CRX_PRINTF(3, 0);
void crx_fault_warn(struct crx_faults *f, const struct crx_place *at, const char *fmt, ...)
	CRX_PRINTF(3, 4);

/* 0 where there was no error, else CRX_EFORMAT with their number. Says how many warnings were not
 * shown. */
int crx_faults_verdict(struct crx_faults *f, const char *file, struct crx_err *err) CRX_MUST_CHECK;

#endif
