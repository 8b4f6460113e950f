/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "wishes/policy/policy.h"

#include <stdlib.h>

static int by_first(const void *a, const void *b)
{
	const struct crx_wish *x = a, *y = b;

	return crx_compare(x->first_pg, y->first_pg);
}

/* Make one range of those that overlap or touch: they are one run in the image. */
static size_t merge(struct crx_wish *r, size_t n)
{
	size_t i, out = 0;
	uint32_t end;

	if (n)
		qsort(r, n, sizeof(*r), by_first);
	for (i = 1; i < n; i++) {
		end = r[i].first_pg + r[i].npg;
		if (r[i].first_pg > r[out].first_pg + r[out].npg)
			r[++out] = r[i];
		else if (end > r[out].first_pg + r[out].npg)
			r[out].npg = end - r[out].first_pg;
	}
	return n ? out + 1 : 0;
}

/* The array has room for every candidate, so it is allocated once. */
static int update_file(const struct crx_wishes *w, struct crx_file_wish *file, struct crx_err *err)
{
	const struct crx_candidate *c = w->ncands ? &w->cand[file->first_cand] : NULL;
	size_t i, n = 0;

	file->nranges = 0;
	for (i = 0; i < file->ncands && !c[i].chosen_pg; i++)
		;
	if (i == file->ncands) {
		free(file->range);
		file->range = NULL;
		return 0;
	}
	if (!file->range)
		file->range = crx_alloc(file->ncands, sizeof(*file->range));
	if (!file->range)
		return crx_err_nomem(err, "choosing what goes in place");
	for (; i < file->ncands; i++)
		if (c[i].chosen_pg)
			file->range[n++] = (struct crx_wish){ c[i].first_pg, c[i].chosen_pg };
	file->nranges = merge(file->range, n);
	return 0;
}

int crx_wishes_update_ranges(struct crx_wishes *w, struct crx_err *err)
{
	size_t i;
	int ret = 0;

	for (i = 0; i < w->nfiles && !ret; i++)
		ret = update_file(w, &w->file[i], err);
	return ret;
}

bool crx_wish_in_place(const struct crx_file_wish *w, uint32_t pg)
{
	size_t i;

	for (i = 0; i < w->nranges && w->range[i].first_pg <= pg; i++)
		if (pg - w->range[i].first_pg < w->range[i].npg)
			return true;
	return false;
}

bool crx_wish_may_be_in_place(const struct crx_wishes *w, size_t file, uint32_t pg)
{
	const struct crx_file_wish *wish = &w->file[file];
	const struct crx_candidate *c;
	size_t i;

	for (i = 0; i < wish->ncands; i++) {
		c = &w->cand[wish->first_cand + i];
		if (pg >= c->first_pg && pg - c->first_pg < c->max_pg)
			return true;
	}
	return false;
}

void crx_wishes_free(struct crx_wishes *w)
{
	size_t i;

	for (i = 0; w->file && i < w->nfiles; i++)
		free(w->file[i].range);
	free(w->file);
	free(w->cand);
	free(w->hits);
	free(w->abi);
	*w = (struct crx_wishes){ 0 };
}
