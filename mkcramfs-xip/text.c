/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "text.h"

#include <stdarg.h>

#include "base/place.h"

const char *rule_place(const struct crx_result *r, size_t rule, char buf[RULE_PLACE_MAX])
{
	struct crx_place at;

	if (rule == CRX_RESULT_NONE)
		return NULL;
	at = (struct crx_place){ r->rule[rule].file, r->rule[rule].line, 0 };
	return crx_place_text(&at, buf, RULE_PLACE_MAX);
}

const char *same_as(const struct crx_result *r, const struct crx_result_file *f)
{
	return f->same_as == CRX_RESULT_NONE ? NULL : r->file[f->same_as].path;
}

uint64_t share_of_million(double share)
{
	uint64_t n;

	if (!(share > 0))
		return 0;
	if (share >= 1)
		return 1000000;
	n = (uint64_t)(share * 1e6);
	return (double)n < share * 1e6 ? n + 1 : n;
}

static const char *not_chosen(const struct crx_build_opts *o)
{
	if (o->ram_goal)
		return "the RAM goal is met without it";
	if (o->flash_budget)
		return o->profile.n ? "not used, or the budget was spent" : "the budget was spent";
	return "not used";
}

const char *segment_reason(const struct crx_build_opts *o, const struct crx_result_file *f,
			   const struct crx_result_segment *s)
{
	switch (s->why) {
	case CRX_RESULT_WHY_NONE:
		break;
	case CRX_RESULT_WHY_WRITABLE:
		return "writable: copied to RAM";
	case CRX_RESULT_WHY_SKIPPED:
		return crx_skip_text(f->skip);
	case CRX_RESULT_WHY_RULE:
		return f->action == CRX_ACTION_STORE ? "stored by a rule" : "left out by the rules";
	case CRX_RESULT_WHY_CHOICE:
		return not_chosen(o);
	case CRX_RESULT_WHY_TAIL:
		return "the last page of a file of whole pages is read correctly only when "
		       "compressed";
	}
	return NULL;
}

void text_label(FILE *out, const char *label)
{
	fprintf(out, "  %-13s ", label);
}

void text_row(FILE *out, const char *label, const char *fmt, ...)
{
	va_list ap;

	text_label(out, label);
	va_start(ap, fmt);
	vfprintf(out, fmt, ap);
	va_end(ap);
	fputc('\n', out);
}
