/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Counts findings, and passes the first of them to the caller.
 */
#include "config.h"

#include <stdarg.h>
#include <stdio.h>

#include "read/check_parts.h"

void crx_check_no_image(const struct crx_err *why, struct crx_finding *out)
{
	*out = (struct crx_finding){
		.kind = CRX_F_NO_IMAGE,
		.has_off = why->has_off,
		.off = why->off,
	};
	snprintf(out->text, sizeof(out->text), "%.255s", why->text);
}

static void count(struct crx_check_result *r, enum crx_severity severity)
{
	if (severity == CRX_SEV_ERROR)
		r->errors++;
	else if (severity == CRX_SEV_WARNING)
		r->warnings++;
	else
		r->notes++;
}

void crx_check_report(struct crx_check *c, enum crx_finding_kind kind, const struct crx_entry *e,
		      uint64_t off, const char *fmt, ...)
{
	struct crx_finding f = { .kind = kind };
	va_list ap;

	count(c->out, crx_finding_info(kind)->severity);
	if (!c->o->emit || c->listed >= c->o->max_findings)
		return;
	c->listed++;
	if (off != CRX_CHECK_NO_OFF) {
		f.has_off = true;
		f.off = off;
	}
	if (e)
		crx_entry_path(e, f.path, sizeof(f.path));
	va_start(ap, fmt);
	vsnprintf(f.text, sizeof(f.text), fmt, ap);
	va_end(ap);
	c->o->emit(c->o->ctx, &f);
}
