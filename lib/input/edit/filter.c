/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "input/edit/filter.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/glob.h"

static bool matches_one(const char *pattern, const struct crx_node *n, const char *path)
{
	size_t len = strlen(pattern);
	bool rooted = *pattern == '/';
	char p[CRX_GLOB_MAX + 1];

	if (len > 1 && pattern[len - 1] == '/') {
		if (!S_ISDIR(n->mode))
			return false;
		len--;
	}
	memcpy(p, pattern, len);
	p[len] = '\0';
	return crx_glob_match(p + rooted, rooted || strchr(p, '/') ? path : n->name);
}

int crx_filter_match(const struct crx_filter *f, const struct crx_node *node, bool *matches,
		     struct crx_err *err)
{
	char *path;
	size_t i;

	*matches = false;
	if (!f->n)
		return 0;
	path = crx_tree_path_dup(node);
	if (!path)
		return crx_err_nomem(err, "excluding files");
	for (i = 0; i < f->n; i++) {
		if (!matches_one(f->pattern[i], node, path + 1))
			continue;
		*matches = true;
		if (f->hits)
			f->hits[i]++;
	}
	free(path);
	return 0;
}

struct exclude {
	const struct crx_filter *f;
	int ret;
	struct crx_err *err;
};

static bool is_excluded(void *ctx, const struct crx_node *n)
{
	struct exclude *x = ctx;
	bool matches = false;

	if (!x->ret)
		x->ret = crx_filter_match(x->f, n, &matches, x->err);
	return !x->ret && matches;
}

int crx_filter_exclude(const struct crx_filter *f, struct crx_tree *t, struct crx_err *err)
{
	struct exclude x = { f, 0, err };

	if (f->n)
		crx_tree_prune_all(t, is_excluded, &x);
	return x.ret;
}

void crx_filter_warn_unmatched(const struct crx_filter *f, struct crx_log *log)
{
	size_t i;

	for (i = 0; i < f->n; i++)
		if (!f->hits[i])
			crx_log_warn(log, NULL, "the pattern '%s' of --exclude matches nothing%s",
				     f->pattern[i], f->n > 1 ? " that the others leave" : "");
}

void crx_filter_all_root(struct crx_tree *t)
{
	size_t i;

	for (i = 0; i < t->nnodes; i++) {
		t->node[i]->uid = 0;
		t->node[i]->gid = 0;
	}
}

const struct crx_node *crx_filter_find_owned(const struct crx_tree *t, uint32_t uid, bool not )
{
	size_t i;

	for (i = 0; i < t->nnodes; i++)
		if (!t->node[i]->unreadable && (t->node[i]->uid == uid) != not )
			return t->node[i];
	return NULL;
}
