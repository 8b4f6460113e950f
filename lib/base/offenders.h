/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A list of offenders: many cases of one kind, of which only the first go to the log.
 */
#ifndef CRX_BASE_OFFENDERS_H
#define CRX_BASE_OFFENDERS_H

#include "base/err.h"

enum { CRX_OFFENDERS_MOST = 20 }; /* the usual value of most */

/* Fill in all but count. */
struct crx_offenders {
	struct crx_log *log; /* may be NULL */
	enum crx_level level;
	size_t most;  /* how many go to the log */
	size_t count; /* how many there were */
};

/* One more. It may be counted without this call, if it need not go to the log. */
void crx_offenders_add(struct crx_offenders *o, const char *path, const char *fmt, ...)
	CRX_PRINTF(3, 4);
void crx_offenders_vadd(struct crx_offenders *o, const char *path, const char *fmt, va_list ap)
	CRX_PRINTF(3, 0);

/* There are no more: "and N more", or "and N more WHAT", if some did not go to the log. path and
 * what may be NULL. */
void crx_offenders_end(const struct crx_offenders *o, const char *path, const char *what);

#endif
