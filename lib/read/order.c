/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "read/order.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

int crx_entry_compare_names(const struct crx_entry *a, const struct crx_entry *b)
{
	size_t len = a->de.name_len < b->de.name_len ? a->de.name_len : b->de.name_len;
	int c = memcmp(a->de.name, b->de.name, len);

	return c ? c : (int)a->de.name_len - (int)b->de.name_len;
}

/* Equal names in the order of the image. */
static int compare(const void *pa, const void *pb)
{
	const struct crx_entry *a = *(const struct crx_entry *const *)pa;
	const struct crx_entry *b = *(const struct crx_entry *const *)pb;
	int c = crx_entry_compare_names(a, b);

	return c ? c : crx_compare(a->index, b->index);
}

/* True of all but hostile images and those of version 1. No name occurs twice then. */
static bool in_order(const struct crx_entry *e, size_t n)
{
	size_t i;

	for (i = 1; i < n; i++)
		if (crx_entry_compare_names(&e[i - 1], &e[i]) >= 0)
			return false;
	return true;
}

int crx_entry_sort(const struct crx_listing *l, const struct crx_entry *dir,
		   const struct crx_entry ***out, struct crx_err *err)
{
	const struct crx_entry **e = crx_alloc(dir->nchildren, sizeof(*e));
	size_t i;

	*out = e;
	if (!e)
		return crx_err_nomem(err, "sorting a directory of the image");
	for (i = 0; i < dir->nchildren; i++)
		e[i] = &l->entry[dir->first_child + i];
	if (i)
		qsort(e, i, sizeof(*e), compare);
	return 0;
}

int crx_entry_doubles(const struct crx_listing *l, const struct crx_entry *dir,
		      const struct crx_entry ***out, size_t *n, struct crx_err *err)
{
	const struct crx_entry **e;
	size_t i;
	int ret;

	*out = NULL;
	*n = 0;
	if (in_order(&l->entry[dir->first_child], dir->nchildren))
		return 0;
	ret = crx_entry_sort(l, dir, &e, err);
	/* found ones go to the front, where nothing is compared any more */
	for (i = 1; !ret && i < dir->nchildren; i++)
		if (!crx_entry_compare_names(e[i - 1], e[i]))
			e[(*n)++] = e[i];
	*out = e;
	return ret;
}
