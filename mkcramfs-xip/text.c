/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "text.h"

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
