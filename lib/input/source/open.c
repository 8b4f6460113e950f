/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "input/source/source.h"

#include <unistd.h>

#include "input/edit/filter.h"
#include "input/source/input.h"
#include "tree/overlay.h"

/* If an ordinary user owns every file, the owners say nothing about the target. If that user owns
 * only some, all of them may have been meant. */
static bool squash(const char *dir, struct crx_tree *t, struct crx_log *log)
{
	const struct crx_node *other;
	char path[CRX_ERR_PATH_MAX];
	uint32_t me = geteuid();

	if (!me || !crx_filter_find_owned(t, me, false))
		return false;
	other = crx_filter_find_owned(t, me, true);
	if (other) {
		crx_log_note(log, dir,
			     "%s belongs to %lu:%lu, not to you, so owners are stored as they are "
			     "(use -q to store 0:0, --owner USER:GROUP to store another, or "
			     "--keep-owner to keep them without this note)",
			     crx_tree_path(other, path, sizeof(path)), (unsigned long)other->uid,
			     (unsigned long)other->gid);
		return false;
	}
	crx_filter_all_root(t);
	crx_log_note(log, dir,
		     "you own every file, so owners are stored as 0:0 (use --keep-owner to "
		     "keep them)");
	return true;
}

static int read_tree(const struct crx_input *in, struct crx_tree *below,
		     const struct crx_source_opts *o, struct crx_tree *t, struct crx_source *s,
		     struct crx_err *err)
{
	int ret;

	if (in->kind == CRX_SOURCE_DIR) {
		ret = crx_source_dir(in->path, o, t, s, err);
		s->squashed = !ret && o->squash && squash(in->path, t, o->log);
		return ret;
	}
	if (in->kind == CRX_SOURCE_ARCHIVE)
		return crx_source_archive(in, below, o, t, s, err);
	if (in->kind == CRX_SOURCE_IMAGE)
		return crx_source_image(in, below, o, t, s, err);
	ret = crx_tree_init(t, err);
	return ret < 0 ? ret : crx_source_mtree(in, o, t, s, err);
}

int crx_source_open(const char *path, const struct crx_source_opts *o, struct crx_tree *t,
		    struct crx_source *s, struct crx_err *err)
{
	struct crx_input in;
	int ret;

	*s = (struct crx_source){ 0 };
	ret = crx_input_open(&in, path, err);
	if (!ret)
		ret = read_tree(&in, NULL, o, t, s, err);
	s->kind = in.kind;
	crx_input_close(&in);
	return ret;
}

static int merge_over(const struct crx_input *in, const struct crx_source_opts *o,
		      struct crx_tree *t, struct crx_source *s, struct crx_err *err)
{
	struct crx_overlay_opts over = { o->whiteouts, o->log };
	struct crx_tree top = { 0 };
	int ret;

	if (in->kind == CRX_SOURCE_MTREE)
		return crx_source_mtree(in, o, t, s, err);
	ret = read_tree(in, t, o, &top, s, err);
	if (!ret)
		ret = crx_tree_overlay(t, &top, &over, err);
	crx_tree_free(&top);
	return ret;
}

int crx_source_overlay(const char *path, const struct crx_source_opts *o, struct crx_tree *t,
		       struct crx_source *s, struct crx_err *err)
{
	struct crx_input in;
	int ret;

	*s = (struct crx_source){ 0 };
	ret = crx_input_open(&in, path, err);
	if (!ret)
		ret = merge_over(&in, o, t, s, err);
	s->kind = in.kind;
	crx_input_close(&in);
	return ret;
}

void crx_source_free(struct crx_source *s)
{
	if (s->free)
		s->free(s->state);
	*s = (struct crx_source){ 0 };
}
