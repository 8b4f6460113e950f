/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "source/filter.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/glob.h"
#include "base/io.h"

struct exclude {
	char *const *pattern;
	size_t n;
	size_t *hits;
	bool nomem;
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

static bool excluded(void *ctx, const struct crx_node *n)
{
	struct exclude *x = ctx;
	char *path = crx_tree_path_dup(n);
	bool hit = false;
	size_t i;

	if (!path) {
		x->nomem = true;
		return false;
	}
	for (i = 0; i < x->n && !hit; i++) {
		hit = matches(x->pattern[i], n, path + 1);
		if (hit && x->hits)
			x->hits[i]++;
	}
	free(path);
	return hit;
}

/* The next directory after n, in pre-order: what n holds has been settled. */
static struct crx_node *next_dir(struct crx_node *n)
{
	struct crx_node *up;
	size_t i = 0;

	for (;;) {
		for (; i < n->nchildren; i++)
			if (S_ISDIR(n->child[i]->mode))
				return n->child[i];
		up = n->parent;
		if (!up)
			return NULL;
		i = n->index + 1;
		n = up;
	}
}

int crx_filter_exclude(struct crx_tree *t, char *const *pattern, size_t n, size_t *hits, struct crx_err *err)
{
	struct exclude x = { pattern, n, hits, false };
	struct crx_node *dir;
	size_t i;

	for (i = 0; i < n; i++)
		if (strlen(pattern[i]) > CRX_GLOB_MAX)
			return crx_err_set(err, CRX_EARG, 0, NULL, "pattern of %zu bytes: the longest has %d", strlen(pattern[i]), CRX_GLOB_MAX);
	if (!n)
		return 0;
	for (dir = t->root; dir; dir = next_dir(dir)) {
		crx_tree_prune(dir, excluded, &x);
		/* until crx_tree_finish numbers anew: the place among its siblings */
		for (i = 0; i < dir->nchildren; i++)
			dir->child[i]->index = i;
	}
	return x.nomem ? crx_err_nomem(err, "leaving out files") : 0;
}

static char *trimmed(char *line)
{
	size_t len = strlen(line);

	while (len && strchr(" \t\r", line[len - 1]))
		line[--len] = '\0';
	return line;
}

int crx_filter_read_patterns(const char *path, char ***pattern, size_t *n, struct crx_err *err)
{
	enum { MAX = 1 << 20 };
	size_t len, cap = *n;
	char *text, *line, *end;
	int ret = crx_io_read_file(path, MAX, &text, &len, err);

	if (ret < 0)
		return ret;
	if (memchr(text, 0, len))
		ret = crx_err_set(err, CRX_EFORMAT, 0, path, "is no list of patterns: it holds a NUL byte");
	for (line = text; line && !ret; line = end ? end + 1 : NULL) {
		end = strchr(line, '\n');
		if (end)
			*end = '\0';
		trimmed(line);
		if (!*line || *line == '#')
			continue;
		if (!crx_grow(pattern, &cap, *n + 1, sizeof(char *)) || !((*pattern)[*n] = crx_strdup(line)))
			ret = crx_err_nomem(err, "reading patterns");
		else
			++*n;
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
