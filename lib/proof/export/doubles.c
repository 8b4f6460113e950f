/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "proof/export/doubles.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static int compare_names(const struct crx_entry *a, const struct crx_entry *b)
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
	int c = compare_names(a, b);

	return c ? c : (a->index > b->index) - (a->index < b->index);
}

/* As all but hostile and version 1 images are: then no name stands twice. */
static bool in_order(const struct crx_entry *e, size_t n)
{
	size_t i;

	for (i = 1; i < n; i++)
		if (compare_names(&e[i - 1], &e[i]) >= 0)
			return false;
	return true;
}

static int mark_in(const struct crx_entry *e, size_t n, bool *mark, struct crx_err *err)
{
	const struct crx_entry **sorted;
	size_t i;

	if (in_order(e, n))
		return 0;
	sorted = crx_alloc(n, sizeof(*sorted));
	if (!sorted)
		return crx_err_nomem(err, "looking for names that stand twice");
	for (i = 0; i < n; i++)
		sorted[i] = &e[i];
	qsort(sorted, n, sizeof(*sorted), compare);
	for (i = 1; i < n; i++)
		if (!compare_names(sorted[i - 1], sorted[i]))
			mark[sorted[i]->index] = true;
	free(sorted);
	return 0;
}

int crx_export_doubles(const struct crx_listing *l, bool **out, struct crx_err *err)
{
	size_t i;
	int ret = 0;

	*out = crx_zalloc(l->n, sizeof(**out));
	if (!*out)
		return crx_err_nomem(err, "looking for names that stand twice");
	for (i = 0; i < l->n && !ret; i++)
		if (l->entry[i].nchildren)
			ret = mark_in(&l->entry[l->entry[i].first_child], l->entry[i].nchildren, *out, err);
	return ret;
}
