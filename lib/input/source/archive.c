/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "input/source/input.h"

#include <stdlib.h>

#include "input/edit/filter.h"
#include "input/source/unpack.h"
#include "tree/overlay.h"

static void report(const struct crx_unpack *u)
{
	if (u->absolute)
		crx_log_warn(u->o->log, u->archive, "%zu %s with '/', which is removed",
			     u->absolute, u->absolute == 1 ? "path begins" : "paths begin");
	if (u->names.nslots == 1 && u->tree->root->implied)
		crx_log_warn(u->o->log, u->archive, "has no entries");
	if (u->sparse)
		crx_log_note(u->o->log, u->archive, "%zu sparse %s: holes are stored as zeros",
			     u->sparse, u->sparse == 1 ? "file" : "files");
}

static int unpack(struct crx_unpack *u, struct crx_err *err)
{
	struct crx_archive_member m;
	int ret;

	u->buf = crx_alloc(CRX_UNPACK_BUF, 1);
	if (!u->buf)
		return crx_err_nomem(err, "reading an archive");
	u->tree->root->implied = true;
	u->below_links = u->below ? crx_tree_highest_link(u->below) : 0;
	ret = crx_names_init(&u->names, u->tree, err);
	while (!ret && (ret = crx_archive_next(u->reader, &m, err)) > 0)
		ret = crx_unpack_entry(u, &m, err);
	if (!ret)
		ret = crx_spool_finish(u->spool, err);
	if (!ret) {
		crx_unpack_fill_links(u);
		report(u);
	}
	crx_names_free(&u->names);
	free(u->group);
	free(u->buf);
	if (ret < 0)
		return ret;
	crx_source_prune(u->tree);
	return crx_tree_finish(u->tree, err);
}

static void archive_free(void *state)
{
	crx_spool_close(state);
	free(state);
}

int crx_source_archive(const struct crx_input *in, struct crx_tree *below,
		       const struct crx_source_opts *o, struct crx_tree *t, struct crx_source *s,
		       struct crx_err *err)
{
	struct crx_unpack u = {
		.o = o, .page_size = o->page_size ? o->page_size : 4096, .tree = t, .below = below
	};
	int ret;

	*s = (struct crx_source){ 0 };
	ret = crx_tree_init(t, err);
	if (ret < 0)
		return ret;
	u.spool = crx_zalloc(1, sizeof(*u.spool));
	if (!u.spool)
		return crx_err_nomem(err, "reading an archive");
	u.spool->temp.fd = -1;
	*s = (struct crx_source){ .state = u.spool, .free = archive_free };
	ret = crx_archive_open(&u.reader, &in->file, o->log, err);
	if (ret < 0)
		return ret;
	u.archive = in->file.path;
	ret = crx_spool_open(u.spool, err);
	if (!ret)
		ret = unpack(&u, err);
	crx_archive_close_reader(u.reader);
	return ret;
}
