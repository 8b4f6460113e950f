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

const char *maps_machine(const struct crx_explain_file *f, char *buf, size_t cap)
{
	const char *name = crx_exec_machine_name(&f->exec, buf, cap);

	return name ? name : crx_exec_format_name(&f->exec);
}

const char *maps_perms(const struct crx_explain_line *l, char buf[MAPS_PERMS])
{
	crx_exec_flags_name(l->flags, buf);
	buf[3] = l->shared ? 's' : 'p';
	buf[4] = '\0';
	return buf;
}
