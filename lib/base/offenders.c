/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "base/offenders.h"

void crx_offenders_vadd(struct crx_offenders *o, const char *path, const char *fmt, va_list ap)
{
	if (o->count++ < o->most)
		crx_log_vsay(o->log, o->level, path, fmt, ap);
}

void crx_offenders_add(struct crx_offenders *o, const char *path, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	crx_offenders_vadd(o, path, fmt, ap);
	va_end(ap);
}

void crx_offenders_end(const struct crx_offenders *o, const char *path, const char *what)
{
	if (o->count > o->most)
		crx_log_say(o->log, o->level, path, "and %zu more%s%s", o->count - o->most,
			    what ? " " : "", what ? what : "");
}
