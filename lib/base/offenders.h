/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Many cases of one kind, of which only the first are logged.
 */
#ifndef CRX_BASE_OFFENDERS_H
#define CRX_BASE_OFFENDERS_H

#include "base/err.h"

enum { CRX_OFFENDERS_MOST = 20 }; /* the usual value of most */

/* Set all members except count. */
struct crx_offenders {
	struct crx_log *log; /* may be NULL */
	enum crx_level level;
	size_t most;  /* how many are logged */
	size_t count; /* how many there are */
};

/* Counts one more, and logs it if it is among the first. A caller may also increase count. */
void crx_offenders_add(struct crx_offenders *o, const char *path, const char *fmt, ...)
	CRX_PRINTF(3, 4);
void crx_offenders_vadd(struct crx_offenders *o, const char *path, const char *fmt, va_list ap)
	CRX_PRINTF(3, 0);

/* Logs "and N more WHAT" if some were not logged. path and what may be NULL. */
void crx_offenders_end(const struct crx_offenders *o, const char *path, const char *what);

#endif
