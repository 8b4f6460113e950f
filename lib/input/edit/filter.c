/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "input/edit/filter.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/glob.h"
#include "base/io.h"

struct exclude {
	char *const *pattern;
	size_t n;
	int ret;
	struct crx_err *err;
};

static bool matches(const char *pattern, const struct crx_node *n, const char *path)
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

int crx_filter_check(char *const *pattern, size_t n, struct crx_err *err)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (strlen(pattern[i]) > CRX_GLOB_MAX)
			return crx_err_set(err, CRX_EARG, 0, NULL,
					   "a pattern has %zu bytes, but at most %d are supported",
					   strlen(pattern[i]), CRX_GLOB_MAX);
	return 0;
}

int crx_filter_match(char *const *pattern, size_t n, const struct crx_node *node, bool *matched,
		     struct crx_err *err)
{
	char *path;
	size_t i;

	*matched = false;
	if (!n)
		return 0;
	path = crx_tree_path_dup(node);
	if (!path)
		return crx_err_nomem(err, "excluding files");
	for (i = 0; i < n && !matches(pattern[i], node, path + 1); i++)
		;
	free(path);
	*matched = i < n;
	return 0;
}

static bool is_excluded(void *ctx, const struct crx_node *n)
{
	struct exclude *x = ctx;
	bool matched;

	if (!x->ret)
		x->ret = crx_filter_match(x->pattern, x->n, n, &matched, x->err);
	return !x->ret && matched;
}

int crx_filter_exclude(struct crx_tree *t, char *const *pattern, size_t n, struct crx_err *err)
{
	struct exclude x = { pattern, n, 0, err };
	int ret = crx_filter_check(pattern, n, err);

	if (ret < 0 || !n)
		return ret;
	crx_tree_prune_all(t, is_excluded, &x);
	return x.ret;
}

static void strip_trailing_space(char *line)
{
	size_t len = strlen(line);

	while (len && strchr(" \t\r", line[len - 1]))
		line[--len] = '\0';
}

int crx_filter_read_patterns(const char *path, struct crx_strings *pattern, struct crx_err *err)
{
	enum { MAX = 1 << 20 };
	size_t len;
	char *text, *line, *end;
	int ret = crx_io_read_file(path, MAX, &text, &len, err);

	if (ret < 0)
		return ret;
	if (memchr(text, 0, len))
		ret = crx_err_set(err, CRX_EFORMAT, 0, path,
				  "is not a list of patterns: it contains a NUL byte");
	for (line = text; line && !ret; line = end ? end + 1 : NULL) {
		end = strchr(line, '\n');
		if (end)
			*end = '\0';
		strip_trailing_space(line);
		if (*line && *line != '#')
			ret = crx_strings_add(pattern, line, err);
	}
	free(text);
	return ret;
}

void crx_filter_all_root(struct crx_tree *t)
{
	size_t i;

	for (i = 0; i < t->nnodes; i++) {
		t->node[i]->uid = 0;
		t->node[i]->gid = 0;
	}
}

bool crx_filter_all_owned_by(const struct crx_tree *t, uint32_t uid)
{
	size_t i;

	for (i = 0; i < t->nnodes; i++)
		if (t->node[i]->uid != uid)
			return false;
	return true;
}
