/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Does the image fit where it is to go, and what helps if not?
 */
#include "config.h"
#include "build/stages.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/number.h"

struct share_of_image {
	uint64_t bytes;
	uint32_t file;
};

static int by_bytes(const void *a, const void *b)
{
	const struct share_of_image *x = a, *y = b;
	int c = crx_compare(y->bytes, x->bytes); /* the largest first */

	return c ? c : crx_compare(x->file, y->file);
}

/* For whoever must remove files. It takes more than a hundred files of less than 1 % of the excess
 * to remove it, so these are not worth a line. */
static int list_largest_files(const struct crx_builder *b, uint64_t excess, size_t *listed,
			      struct crx_err *err)
{
	enum { MOST = 10 };
	size_t i, n = b->plan.ntables;
	struct share_of_image *s = crx_alloc(n, sizeof(*s));
	char path[CRX_ERR_PATH_MAX];

	if (!s)
		return crx_err_nomem(err, "looking for the largest files");
	for (i = 0; i < n; i++)
		s[i] = (struct share_of_image){ b->plan.table[i].bytes, b->plan.table[i].file };
	if (n)
		qsort(s, n, sizeof(*s), by_bytes);
	for (i = 0; i < MOST && i < n && s[i].bytes >= excess / 100; i++) {
		crx_tree_path(b->facts.file[s[i].file].node, path, sizeof(path));
		crx_log_error(b->h->log, path, "takes %" PRIu64 " byte%s of the image", s[i].bytes,
			      crx_plural(s[i].bytes));
	}
	*listed = i;
	free(s);
	return 0;
}

static uint64_t pages_in_place(const struct crx_plan *p)
{
	uint64_t n = 0;
	size_t i;

	for (i = 0; i < p->nruns; i++)
		n += p->run[i].nblks;
	return n;
}

/* What a budget of max bytes would come to; "" if none would help. It is measured, as with the
 * budget itself, for which pages in place must be compressed too. */
static int suggest_budget(struct crx_builder *b, uint64_t max, char *text, size_t cap,
			  struct crx_err *err)
{
	const struct crx_budget_opts o = { .flash_len = max, .dedupe = b->o->dedupe };
	uint64_t pages = pages_in_place(&b->plan);
	struct crx_err why = CRX_ERR_INIT;
	struct crx_budget got = { 0 };
	int ret;

	*text = '\0';
	if (!pages || b->o->ram_goal)
		return 0;
	ret = crx_build_pack_candidates(b, err);
	if (ret < 0)
		return ret;
	ret = crx_build_weigh(b, &o, &got, &why);
	if (!ret)
		snprintf(text, cap,
			 "; with --flash-budget %" PRIu64 ", %" PRIu64 " of %" PRIu64
			 " page%s would stay in place and save %" PRIu64 " bytes of RAM",
			 max, got.pages, pages, crx_plural(pages), got.ram_len);
	else if (ret == CRX_EBIG)
		snprintf(text, cap,
			 "; even with nothing%s in place it would have %" PRIu64 " bytes",
			 got.least_pages ? " but what must be" : "", got.least_size);
	crx_budget_free(&got);
	if (ret && ret != CRX_EBIG)
		return crx_err_set(err, ret, why.sys_errno, why.path, "%s", why.text);
	return 0;
}

static int too_large(struct crx_builder *b, struct crx_err *err)
{
	uint64_t size = b->layout.image_size, max = b->o->max_size;
	char budget[200];
	size_t listed = 0;
	int ret = list_largest_files(b, size - max, &listed, err);

	if (!ret)
		ret = suggest_budget(b, max, budget, sizeof(budget), err);
	if (ret < 0)
		return ret;
	return crx_err_set(err, CRX_EBIG, 0, b->o->image,
			   "the image would have %" PRIu64 " bytes, %" PRIu64
			   " more than the limit of %" PRIu64
			   " (--max-size)%s%s; nothing was written",
			   size, size - max, max, budget,
			   listed ? "; the largest files are listed above" : "");
}

int crx_build_check_size(struct crx_builder *b, struct crx_err *err)
{
	uint64_t size = b->layout.image_size, pad_to = b->o->pad_to;

	if (b->o->max_size && size > b->o->max_size)
		return too_large(b, err);
	if (pad_to && size > pad_to)
		return crx_err_set(err, CRX_EBIG, 0, b->o->image,
				   "the image has %" PRIu64
				   " bytes and cannot be padded to %" PRIu64
				   " (--pad-to); nothing was written",
				   size, pad_to);
	return b->o->dry_run ? 0 : crx_output_fits(&b->output, pad_to ? pad_to : size, err);
}
