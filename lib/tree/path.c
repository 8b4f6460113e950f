/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "tree/tree.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { LINKS_MAX = 40 };

/* Fills buf from its end. */
const char *crx_tree_path(const struct crx_node *n, char *buf, size_t cap)
{
	size_t at = cap - 1, len;

	buf[at] = '\0';
	if (!n->parent && cap > 1)
		buf[--at] = '/';
	for (; n->parent; n = n->parent) {
		len = strlen(n->name);
		if (len + 1 + 3 > at) {
			if (at >= 3) {
				at -= 3;
				memcpy(buf + at, "...", 3);
			}
			break;
		}
		at -= len;
		memcpy(buf + at, n->name, len);
		buf[--at] = '/';
	}
	memmove(buf, buf + at, cap - at);
	return buf;
}

char *crx_tree_path_dup(const struct crx_node *n)
{
	const struct crx_node *up;
	size_t len = 1;
	char *buf;

	for (up = n; up->parent; up = up->parent)
		len += strlen(up->name) + 1;
	len += 4;
	buf = crx_alloc(len, 1);
	if (buf)
		crx_tree_path(n, buf, len);
	return buf;
}

int crx_tree_compare_name(const char *name, size_t len, const struct crx_node *n)
{
	int c = strncmp(name, n->name, len);

	return c ? c : (n->name[len] ? -1 : 0);
}

struct key {
	const char *name;
	size_t len;
};

static int compare_key(const void *key, const void *child)
{
	const struct key *k = key;

	return crx_tree_compare_name(k->name, k->len, *(const struct crx_node *const *)child);
}

struct crx_node *crx_tree_find_child(const struct crx_node *dir, const char *name, size_t len)
{
	struct key key = { name, len };
	struct crx_node **found = NULL;

	if (dir->nchildren)
		found = bsearch(&key, dir->child, dir->nchildren, sizeof(*found), compare_key);
	return found ? *found : NULL;
}

/* crx_tree_child of a finished tree */
static struct crx_node *sorted_child(void *ctx CRX_UNUSED, const struct crx_node *dir,
				     const char *name, size_t len)
{
	return crx_tree_find_child(dir, name, len);
}

struct walk {
	struct crx_node *root;
	crx_tree_child *child;
	void *ctx;
	int links;
};

/* One step of a walk: the entry of dir called name, without following a link. Only
 * directories have entries, "." included. */
static struct crx_node *step(const struct walk *w, struct crx_node *dir, const char *name,
			     size_t len)
{
	if (!S_ISDIR(dir->mode))
		return NULL;
	if (len == 2 && name[0] == '.' && name[1] == '.')
		return dir->parent ? dir->parent : dir;
	if (len == 1 && name[0] == '.')
		return dir;
	return w->child(w->ctx, dir, name, len);
}

/* Walks from the directory at, or from the root if path begins with '/'. The target of
 * a link is walked by recursion, which needs no memory and is at most LINKS_MAX deep. */
static struct crx_node *walk(struct walk *w, struct crx_node *at, const char *path, bool keep_last)
{
	struct crx_node *next;
	size_t slash, len;

	if (*path == '/')
		at = w->root;
	while (at) {
		slash = strspn(path, "/");
		path += slash;
		len = strcspn(path, "/");
		if (!len)
			return slash && !S_ISDIR(at->mode) ? NULL : at;
		next = step(w, at, path, len);
		path += len;
		if (next && S_ISLNK(next->mode) && !(keep_last && !path[strspn(path, "/")]))
			next = ++w->links > LINKS_MAX ? NULL : walk(w, at, next->target, false);
		at = next;
	}
	return NULL;
}

struct crx_node *crx_tree_walk(struct crx_node *root, struct crx_node *at, const char *path,
			       crx_tree_child *child, void *ctx)
{
	struct walk w = { root, child, ctx, 0 };

	return walk(&w, at, path, false);
}

struct crx_node *crx_tree_find(const struct crx_tree *t, const char *path)
{
	return crx_tree_walk(t->root, t->root, path, sorted_child, NULL);
}

struct crx_node *crx_tree_find_entry(const struct crx_tree *t, const char *path)
{
	struct walk w = { t->root, sorted_child, NULL, 0 };

	return walk(&w, t->root, path, true);
}
