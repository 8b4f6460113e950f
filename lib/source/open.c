/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "source/source.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "source/filter.h"
#include "tree/overlay.h"

static bool is_dir(const char *path)
{
	struct stat st;

	return !stat(path, &st) && S_ISDIR(st.st_mode);
}

int crx_source_open(const char *path, const struct crx_source_opts *o, struct crx_tree *t, struct crx_source *s, struct crx_log *log, struct crx_err *err)
{
	int ret;

	*s = (struct crx_source){ 0 };
	if (!strcmp(path, "-"))
		return crx_source_archive(path, o, t, s, log, err);
	if (is_dir(path))
		return crx_source_dir(path, t, s, err);
	if (!crx_source_is_mtree(path))
		return crx_source_archive(path, o, t, s, log, err);
	ret = crx_tree_init(t, err);
	return ret < 0 ? ret : crx_source_mtree(path, t, s, log, err);
}

int crx_source_lay(const char *path, const struct crx_source_opts *o, struct crx_tree *t, struct crx_source *s, struct crx_log *log, struct crx_err *err)
{
	struct crx_overlay_opts over = { o->whiteouts, log };
	bool dir = strcmp(path, "-") && is_dir(path);
	struct crx_tree top = { 0 };
	int ret;

	*s = (struct crx_source){ 0 };
	if (strcmp(path, "-") && !dir && crx_source_is_mtree(path))
		return crx_source_mtree(path, t, s, log, err);
	ret = crx_source_open(path, o, &top, s, log, err);
	/* what an ordinary user owns says nothing about the target */
	if (!ret && dir && o->squash && geteuid() && crx_filter_all_owned_by(&top, geteuid())) {
		crx_log_note(log, path, "every file is yours: owners are stored as 0:0 (--keep-owner keeps them)");
		crx_filter_all_root(&top);
	}
	if (!ret)
		ret = crx_tree_overlay(t, &top, &over, err);
	crx_tree_free(&top);
	return ret;
}

void crx_source_free(struct crx_source *s)
{
	if (s->free)
		s->free(s->state);
	*s = (struct crx_source){ 0 };
}
