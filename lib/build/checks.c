/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Can the image be written where it is to go, and is it what the options ask for?
 */
#include "config.h"
#include "build/stages.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/offenders.h"

int crx_build_open_output(struct crx_builder *b, struct crx_err *err)
{
	struct crx_output_opts o = {
		.path = b->o->image,
		.force = b->o->force,
		.lock = b->o->lock,
		.sync = b->o->sync,
		.pad_to = b->o->pad_to,
		.fill = b->o->fill,
		.hooks = b->h->io,
	};
	int ret;

	/* a wrong source is the likelier mistake, so it is reported first */
	ret = crx_build_check_image(b, err);
	if (ret < 0)
		return ret;
	if (b->o->dry_run)
		return crx_output_check(&o, err);
	return crx_output_open(&b->output, &o, err);
}

int crx_build_report_offences(struct crx_builder *b, struct crx_err *err)
{
	const struct crx_offences *x = &b->offences;
	struct crx_offenders list = { b->h->log, CRX_LEVEL_ERROR, x->listed, 0 };
	char path[CRX_ERR_PATH_MAX];
	size_t i;

	if (!x->count)
		return 0;
	for (i = 0; i < x->listed; i++)
		crx_offenders_add(&list, crx_tree_path(x->list[i].node, path, sizeof(path)), "%s",
				  x->list[i].text);
	list.count = x->count;
	crx_offenders_end(&list, NULL, NULL);
	if (!b->o->lossy)
		crx_devtable_report_limits(&b->devtable, &b->users, b->h->log);
	return crx_err_set(err, CRX_ELIMIT, 0, NULL,
			   "%zu error%s: cramfs cannot hold this tree; nothing was written",
			   x->count, crx_plural(x->count));
}

int crx_build_report_unreadable(struct crx_builder *b, struct crx_err *err)
{
	struct crx_offenders list = { b->h->log, CRX_LEVEL_ERROR, CRX_OFFENDERS_MOST, 0 };
	const struct crx_node *n;
	char path[CRX_ERR_PATH_MAX];
	size_t i;
	int why;

	for (i = 0; i < b->tree.nnodes; i++) {
		n = b->tree.node[i];
		why = n->unreadable;
		if (!why && n->file != CRX_NO_FILE)
			why = b->facts.file[n->file].unreadable;
		if (why)
			crx_offenders_add(&list, crx_tree_path(n, path, sizeof(path)),
					  "cannot be read: %s", strerror(why));
	}
	if (!list.count)
		return 0;
	crx_offenders_end(&list, NULL, NULL);
	return crx_err_set(err, CRX_EIO, 0, NULL,
			   "%zu path%s of the source cannot be read; nothing was written (run as a "
			   "user who can read %s, or exclude %s with --exclude%s)",
			   list.count, crx_plural(list.count), list.count == 1 ? "it" : "them",
			   list.count == 1 ? "it" : "them", b->o->lossy ? "" : " or --lossy");
}

int crx_build_check_warnings(struct crx_builder *b, struct crx_err *err)
{
	unsigned long n = b->h->log ? b->h->log->warnings : 0;

	if (!b->o->warn_is_error || !n)
		return 0;
	return crx_err_set(err, CRX_EWARN, 0, NULL,
			   "%lu warning%s, and warnings are errors (-E); nothing was written", n,
			   crx_plural(n));
}

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

/* For whoever must make the image smaller. */
static int list_largest_files(const struct crx_builder *b, struct crx_err *err)
{
	enum { LISTED = 10 };
	size_t i, n = b->plan.ntables;
	struct share_of_image *s = crx_alloc(n, sizeof(*s));
	char path[CRX_ERR_PATH_MAX];

	if (!s)
		return crx_err_nomem(err, "looking for the largest files");
	for (i = 0; i < n; i++)
		s[i] = (struct share_of_image){ crx_plan_table_bytes(&b->plan, i),
						b->plan.table[i].file };
	if (n)
		qsort(s, n, sizeof(*s), by_bytes);
	for (i = 0; i < LISTED && i < n; i++) {
		crx_tree_path(b->facts.file[s[i].file].node, path, sizeof(path));
		crx_log_error(b->h->log, path, "takes %" PRIu64 " bytes of the image", s[i].bytes);
	}
	free(s);
	return 0;
}

int crx_build_check_size(struct crx_builder *b, struct crx_err *err)
{
	uint64_t size = b->layout.image_size, max = b->o->max_size, pad_to = b->o->pad_to;
	int ret;

	if (max && size > max) {
		ret = list_largest_files(b, err);
		if (ret < 0)
			return ret;
		return crx_err_set(err, CRX_EBIG, 0, b->o->image,
				   "the image would have %" PRIu64 " bytes, %" PRIu64
				   " more than the limit of %" PRIu64 " (--max-size);"
				   " the largest files are listed above; nothing was written",
				   size, size - max, max);
	}
	if (pad_to && size > pad_to)
		return crx_err_set(err, CRX_EBIG, 0, b->o->image,
				   "the image has %" PRIu64
				   " bytes and cannot be padded to %" PRIu64
				   " (--pad-to); nothing was written",
				   size, pad_to);
	return b->o->dry_run ? 0 : crx_output_fits(&b->output, pad_to ? pad_to : size, err);
}

int crx_build_check_ram(struct crx_builder *b, struct crx_err *err)
{
	uint64_t saved = b->result->in_place.ram_len;

	if (saved >= b->o->ram_goal)
		return 0;
	return crx_err_set(err, CRX_EBIG, 0, NULL,
			   "the chosen pages save %" PRIu64
			   " bytes of RAM, less than the goal of %" PRIu64
			   " (--ram-goal), because rules of equal files differ"
			   " (give equal files one rule, or lower the goal)",
			   saved, b->o->ram_goal);
}
