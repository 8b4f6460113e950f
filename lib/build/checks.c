/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Can the image be written where it is to go, and is it what the options ask for?
 */
#include "config.h"
#include "build/stages.h"

#include <inttypes.h>
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
