/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The names that were searched for: in a balanced tree, because names may be hostile.
 */
#include "config.h"
#include "wishes/loader/ldso.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

static int by_name(const void *a, const void *b)
{
	const struct crx_ldso_name *x = a, *y = b;

	return strcmp(x->name, y->name);
}

int crx_ldso_name_entry(struct crx_ldso *l, const char *name, struct crx_ldso_name **out,
			struct crx_err *err)
{
	struct crx_ldso_name key = { .name = name }, **found = tfind(&key, &l->names, by_name);

	*out = found ? *found : crx_alloc(1, sizeof(key));
	if (found)
		return 0;
	if (*out)
		**out = key;
	if (*out && tsearch(*out, &l->names, by_name))
		return 0;
	free(*out);
	return crx_err_nomem(err, "looking for libraries");
}

void crx_ldso_free(struct crx_ldso *l)
{
	struct crx_ldso_name *n;

	while (l->names) {
		n = *(struct crx_ldso_name **)l->names;
		tdelete(n, &l->names, by_name);
		free(n);
	}
	free(l->sys.dir);
	l->sys = (struct crx_ldso_dirs){ 0 };
}
