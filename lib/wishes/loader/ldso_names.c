/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names that were asked for: open addressing, at most half full.
 */
#include "config.h"
#include "wishes/loader/ldso.h"

#include <stdlib.h>
#include <string.h>

/* The place of name, or a free one. Names made to collide cost steps. */
static struct crx_ldso_name *place_of(struct crx_ldso *l, const char *name)
{
	struct crx_ldso_names *s = &l->names;
	size_t i = (size_t)crx_scan_hash(name, strlen(name)).lo & (s->cap - 1);

	while (s->slot[i].name && strcmp(s->slot[i].name, name) && crx_ldso_spend(l, 1))
		i = (i + 1) & (s->cap - 1);
	return &s->slot[i];
}

static int grow(struct crx_ldso *l, struct crx_err *err)
{
	struct crx_ldso_names *s = &l->names, old = *s;
	size_t i;

	s->cap = old.cap ? old.cap * 2 : 64;
	s->slot = crx_zalloc(s->cap, sizeof(*s->slot));
	if (!s->slot) {
		*s = old;
		return crx_err_nomem(err, "looking for libraries");
	}
	for (i = 0; i < old.cap; i++)
		if (old.slot[i].name)
			*place_of(l, old.slot[i].name) = old.slot[i];
	free(old.slot);
	return 0;
}

int crx_ldso_name(struct crx_ldso *l, const char *name, struct crx_ldso_name **out,
		  struct crx_err *err)
{
	int ret = 0;

	if (l->names.n >= l->names.cap / 2)
		ret = grow(l, err);
	if (ret)
		return ret;
	*out = place_of(l, name);
	if (!(*out)->name) {
		(*out)->name = name;
		l->names.n++;
	}
	return 0;
}
