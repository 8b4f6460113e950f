/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "base/place.h"

#include <stdarg.h>
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
	/* line and column say more than the beginning of a path */
	if (len <= room)
		snprintf(buf, cap, "%s%s", at->file, tail);
	else
		snprintf(buf, cap, "...%s%s", at->file + len - (room > 3 ? room - 3 : 0), tail);
	return buf;
}

const char *crx_shown(const char *text, size_t len, char buf[CRX_SHOWN_MAX])
{
	size_t keep = len;

	if (len + 3 > CRX_SHOWN_MAX) {
		keep = CRX_SHOWN_MAX - 6;
		/* not in the middle of a character */
		while (keep && ((unsigned char)text[keep] & 0xc0) == 0x80)
			keep--;
	}
	snprintf(buf, CRX_SHOWN_MAX, "'%.*s%s'", (int)keep, text, keep < len ? "..." : "");
	return buf;
}

void crx_fault(struct crx_faults *f, const struct crx_place *at, const char *fmt, ...)
{
	char place[CRX_ERR_PATH_MAX], text[CRX_ERR_TEXT_MAX];
	va_list ap;

	if (f->errors++ >= CRX_FAULTS_SHOWN)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	crx_log_error(f->log, crx_place_text(at, place, sizeof(place)), "%s", text);
}

void crx_fault_warn(struct crx_faults *f, const struct crx_place *at, const char *fmt, ...)
{
	char place[CRX_ERR_PATH_MAX], text[CRX_ERR_TEXT_MAX];
	va_list ap;

	if (f->warnings++ >= CRX_FAULTS_SHOWN)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	crx_log_warn(f->log, crx_place_text(at, place, sizeof(place)), "%s", text);
}

int crx_faults_verdict(struct crx_faults *f, const char *file, struct crx_err *err)
{
	if (f->warnings > CRX_FAULTS_SHOWN)
		crx_log_warn(f->log, file, "and %zu more of these warnings", f->warnings - CRX_FAULTS_SHOWN);
	if (!f->errors)
		return 0;
	if (f->errors > CRX_FAULTS_SHOWN)
		return crx_err_set(err, CRX_EFORMAT, 0, file, "%zu errors, of which the first %d are shown; nothing was written", f->errors, CRX_FAULTS_SHOWN);
	return crx_err_set(err, CRX_EFORMAT, 0, file, "%zu error%s; nothing was written", f->errors, f->errors == 1 ? "" : "s");
}
