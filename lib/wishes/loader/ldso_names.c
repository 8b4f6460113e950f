/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The names that were searched for: a hash table with open addressing, at most half full.
 */
#include "config.h"
#include "wishes/loader/ldso.h"

#include <stdlib.h>
#include <string.h>

/* The entry of name, or an unused one. Collisions count as steps, because names may be hostile. */
static struct crx_ldso_name *find_entry(struct crx_ldso *l, const char *name)
{
	struct crx_ldso_names *s = &l->names;
	size_t i = (size_t)crx_scan_hash(name, strlen(name)).lo & (s->cap - 1);

	while (s->entry[i].name && strcmp(s->entry[i].name, name) && crx_ldso_spend(l, 1))
		i = (i + 1) & (s->cap - 1);
	return &s->entry[i];
}

static int grow(struct crx_ldso *l, struct crx_err *err)
{
	struct crx_ldso_names *s = &l->names, old = *s;
	size_t i;

	s->cap = old.cap ? old.cap * 2 : 64;
	s->entry = crx_zalloc(s->cap, sizeof(*s->entry));
	if (!s->entry) {
		*s = old;
		return crx_err_nomem(err, "looking for libraries");
	}
	for (i = 0; i < old.cap; i++)
		if (old.entry[i].name)
			*find_entry(l, old.entry[i].name) = old.entry[i];
	free(old.entry);
	return 0;
}

int crx_ldso_name_entry(struct crx_ldso *l, const char *name, struct crx_ldso_name **out,
			struct crx_err *err)
{
	int ret = 0;

	if (l->names.n >= l->names.cap / 2)
		ret = grow(l, err);
	if (ret)
		return ret;
	*out = find_entry(l, name);
	if (!(*out)->name) {
		(*out)->name = name;
		l->names.n++;
	}
	return 0;
}
