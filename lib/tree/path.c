/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "tree/tree.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { LINKS_MAX = 40 };

/* From the end of buf towards its beginning; what does not fit is replaced by
 * "..." in front. */
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

static int name_cmp(const char *name, size_t len, const struct crx_node *n)
{
	int c = strncmp(name, n->name, len);

	return c ? c : (n->name[len] ? -1 : 0);
}

static struct crx_node *child_of(const struct crx_node *dir, const char *name, size_t len)
{
	size_t lo = 0, hi = dir->nchildren, mid;
	int c;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		c = name_cmp(name, len, dir->child[mid]);
		if (!c)
			return dir->child[mid];
		if (c < 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	return NULL;
}

/* What of a path is still to be walked: a target in front of the rest. */
static char *put_in_front(const char *target, const char *rest)
{
	size_t a = strlen(target), b = strlen(rest);
	char *s = crx_alloc(a + b + 2, 1);

	if (!s)
		return NULL;
	memcpy(s, target, a);
	s[a] = '/';
	memcpy(s + a + 1, rest, b + 1);
	return s;
}

struct crx_node *crx_tree_find(const struct crx_tree *t, const char *path)
{
	struct crx_node *at = t->root, *next;
	char *owned = NULL, *spliced;
	const char *p = path;
	int links = 0;
	size_t len;

	while (at) {
		p += strspn(p, "/");
		len = strcspn(p, "/");
		if (!len)
			break;
		if (len == 2 && p[0] == '.' && p[1] == '.')
			next = at->parent ? at->parent : at;
		else if (len == 1 && p[0] == '.')
			next = at;
		else
			next = S_ISDIR(at->mode) ? child_of(at, p, len) : NULL;
		p += len;
		if (!next || !S_ISLNK(next->mode)) {
			at = next;
			continue;
		}
		spliced = ++links > LINKS_MAX ? NULL : put_in_front(next->target, p);
		free(owned);
		owned = spliced;
		p = owned;
		if (!p)
			at = NULL;
		else if (*p == '/')
			at = t->root;
	}
	free(owned);
	return at;
}
