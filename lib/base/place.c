/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "base/number.h"
#include "base/place.h"

#include <stdio.h>
#include <string.h>

const char *crx_place_text(const struct crx_place *at, char *buf, size_t cap)
{
	size_t len = strlen(at->file), room;
	char tail[32] = "";

	if (at->line && at->column)
		snprintf(tail, sizeof(tail), ":%u:%u", at->line, at->column);
	else if (at->line)
		snprintf(tail, sizeof(tail), ":%u", at->line);
	room = cap > strlen(tail) ? cap - strlen(tail) - 1 : 0;
	/* line and column are more useful than the beginning of a path */
	if (len <= room)
		snprintf(buf, cap, "%s%s", at->file, tail);
	else
		snprintf(buf, cap, "...%s%s", at->file + len - (room > 3 ? room - 3 : 0), tail);
	return buf;
}

const char *crx_place_excerpt(const char *text, size_t len, char buf[CRX_EXCERPT_MAX])
{
	size_t keep = len;

	if (len + 3 > CRX_EXCERPT_MAX) {
		keep = CRX_EXCERPT_MAX - 6;
		/* do not cut a UTF-8 character */
		while (keep && ((unsigned char)text[keep] & 0xc0) == 0x80)
			keep--;
	}
	snprintf(buf, CRX_EXCERPT_MAX, "'%.*s%s'", (int)keep, text, keep < len ? "..." : "");
	return buf;
}

int crx_place_verr(struct crx_err *err, int code, int sys_errno, const struct crx_place *at,
		   const char *fmt, va_list ap)
{
	char place[CRX_PLACE_MAX];

	return crx_err_vset(err, code, sys_errno, crx_place_text(at, place, sizeof(place)), fmt,
			    ap);
}

int crx_place_err(struct crx_err *err, int code, int sys_errno, const struct crx_place *at,
		  const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	code = crx_place_verr(err, code, sys_errno, at, fmt, ap);
	va_end(ap);
	return code;
}

struct crx_faults crx_faults_of(struct crx_log *log)
{
	return (struct crx_faults){
		.error = { log, CRX_LEVEL_ERROR, CRX_FAULTS_SHOWN, 0 },
		.warning = { log, CRX_LEVEL_WARNING, CRX_FAULTS_SHOWN, 0 },
	};
}

void crx_place_vadd(struct crx_offenders *o, const struct crx_place *at, const char *fmt,
		    va_list ap)
{
	char place[CRX_PLACE_MAX];

	crx_offenders_vadd(o, crx_place_text(at, place, sizeof(place)), fmt, ap);
}

void crx_place_add(struct crx_offenders *o, const struct crx_place *at, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	crx_place_vadd(o, at, fmt, ap);
	va_end(ap);
}

int crx_faults_verdict(struct crx_faults *f, const char *file, struct crx_err *err)
{
	size_t n = f->error.count;

	crx_offenders_end(&f->warning, file, "of these warnings");
	if (!n)
		return 0;
	if (n > CRX_FAULTS_SHOWN)
		return crx_err_set(err, CRX_EFORMAT, 0, file,
				   "%zu errors, of which the first %d are shown; nothing was "
				   "written",
				   n, CRX_FAULTS_SHOWN);
	return crx_err_set(err, CRX_EFORMAT, 0, file, "%zu error%s; nothing was written", n,
			   crx_plural(n));
}
