/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "maps.h"

const char *maps_role(const struct crx_explain_file *f)
{
	static const char *const name[] = {
		[CRX_EXPLAIN_PROGRAM] = "program",
		[CRX_EXPLAIN_LIBRARY] = "library",
		[CRX_EXPLAIN_INTERPRETER] = "interpreter",
	};

	return name[f->role];
}
