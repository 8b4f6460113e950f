/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Positions in text files, and errors at them. All errors of a file are reported, not only the
 * first.
 */
#ifndef CRX_BASE_PLACE_H
#define CRX_BASE_PLACE_H

#include "base/offenders.h"

struct crx_place {
	const char *file;
	unsigned line, column; /* counted from 1, columns in bytes; 0: unknown */
};

/* Initialise it with crx_faults_of(). */
struct crx_faults {
	struct crx_offenders error, warning;
};

enum {
	CRX_FAULTS_SHOWN = 100, /* errors, and warnings, that are logged; all are counted */
	CRX_EXCERPT_MAX = 64,
	CRX_PLACE_MAX = CRX_ERR_PATH_MAX
};

/* "FILE:LINE:COLUMN", "FILE:LINE" or "FILE". If that does not fit, FILE loses its beginning.
 * Returns buf. */
const char *crx_place_text(const struct crx_place *at, char *buf, size_t cap);

/* len bytes in quotation marks. If they do not fit, they are cut and end with "...". Returns buf.
 */
const char *crx_place_excerpt(const char *text, size_t len, char buf[CRX_EXCERPT_MAX]);

/* crx_err_set() with the place as path. */
int crx_place_err(struct crx_err *err, int code, int sys_errno, const struct crx_place *at,
		  const char *fmt, ...) CRX_PRINTF(5, 6);
int crx_place_verr(struct crx_err *err, int code, int sys_errno, const struct crx_place *at,
		   const char *fmt, va_list ap) CRX_PRINTF(5, 0);

/* log may be NULL. */
struct crx_faults crx_faults_of(struct crx_log *log);

/* crx_offenders_add() with the place as path. */
void crx_place_add(struct crx_offenders *o, const struct crx_place *at, const char *fmt, ...)
	CRX_PRINTF(3, 4);
void crx_place_vadd(struct crx_offenders *o, const struct crx_place *at, const char *fmt,
		    va_list ap) CRX_PRINTF(3, 0);

/* Report an error or a warning of a file. */
#define crx_fault(f, at, ...) crx_place_add(&(f)->error, at, __VA_ARGS__)
#define crx_fault_warn(f, at, ...) crx_place_add(&(f)->warning, at, __VA_ARGS__)

/* Returns 0 if there was no error, or CRX_EFORMAT with the number of errors. Logs how many warnings
 * were not logged. */
int crx_faults_verdict(struct crx_faults *f, const char *file, struct crx_err *err) CRX_MUST_CHECK;

#endif
