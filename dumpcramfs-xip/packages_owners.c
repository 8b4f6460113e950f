/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which entries belong to which package.
 */
#include "config.h"

#include <stdlib.h>

#include "base/mem.h"
#include "packages.h"
#include "read/paths.h"

static int by_entry(const void *a, const void *b)
{
	const struct packages_owner *x = a, *y = b;
	int c = crx_compare(x->entry, y->entry);

	return c ? c : crx_compare(x->row, y->row);
}

static int add(struct packages *p, uint32_t entry, uint32_t row, struct crx_err *err)
{
	if (!crx_grow(&p->owner, &p->owners_cap, p->nowners + 1, sizeof(*p->owner)))
		return crx_err_nomem(err, "finding the files of packages");
	p->owner[p->nowners++] = (struct packages_owner){ entry, row };
	return 0;
}

static void sort(struct packages *p)
{
	size_t i, n = 0;

	if (p->nowners)
		qsort(p->owner, p->nowners, sizeof(*p->owner), by_entry);
	for (i = 0; i < p->nowners; i++)
		if (!n || by_entry(&p->owner[n - 1], &p->owner[i]))
			p->owner[n++] = p->owner[i];
	p->nowners = n;
}

size_t packages_of(const struct packages *p, uint32_t entry, const struct packages_owner **first)
{
	size_t lo = 0, hi = p->nowners, middle;

	while (lo < hi) {
		middle = lo + (hi - lo) / 2;
		if (p->owner[middle].entry < entry)
			lo = middle + 1;
		else
			hi = middle;
	}
	*first = lo < p->nowners ? &p->owner[lo] : NULL;
	while (hi < p->nowners && p->owner[hi].entry == entry)
		hi++;
	return hi - lo;
}

/* Entries that no package has belong to the row `none`. */
static int add_rest(struct packages *p, const struct crx_listing *l, struct crx_err *err)
{
	size_t i, at = 0, n = p->nowners;
	int ret = 0;

	for (i = 1; i < l->n && !ret; i++) {
		while (at < n && p->owner[at].entry < i)
			at++;
		if (at == n || p->owner[at].entry != i)
			ret = add(p, (uint32_t)i, p->none, err);
	}
	return ret;
}

int packages_own(struct packages *p, const struct view *v, struct crx_paths *paths,
		 struct crx_err *err)
{
	const struct crx_packages *list = &p->list;
	size_t i;
	int ret = 0;

	for (i = 0; i < list->npaths && !ret; i++) {
		const struct crx_entry *e = crx_paths_find(paths, list->path[i].path, false);

		if (!e)
			p->row[list->path[i].package].missing++;
		else if (e->index)
			ret = add(p, e->index, list->path[i].package, err);
	}
	sort(p);
	if (!ret)
		ret = add_rest(p, &v->list, err);
	sort(p);
	for (i = 0; i < p->nowners; i++) {
		p->row[p->owner[i].row].entries++;
		if (i && p->owner[i].entry == p->owner[i - 1].entry &&
		    (i == 1 || p->owner[i].entry != p->owner[i - 2].entry))
			p->row[p->shared].entries++;
	}
	return ret;
}
