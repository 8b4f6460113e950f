/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "tree/tree.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* The capacity of an array of children is not stored: it is the next power of two. */
static bool is_power_of_two(size_t n)
{
	return n && !(n & (n - 1));
}

static bool append_child(struct crx_node *dir, struct crx_node *n)
{
	size_t cap = dir->nchildren;

	if (!cap || is_power_of_two(cap)) {
		struct crx_node **bigger;
		size_t len;

		if (!crx_mul_size(cap ? cap * 2 : 1, sizeof(struct crx_node *), &len))
			return false;
		bigger = realloc(dir->child, len);
		if (!bigger)
			return false;
		dir->child = bigger;
	}
	dir->child[dir->nchildren++] = n;
	return true;
}

static struct crx_node *new_node(const char *name)
{
	struct crx_node *n = crx_zalloc(1, sizeof(*n));

	if (!n)
		return NULL;
	n->name = crx_strdup(name);
	if (!n->name) {
		free(n);
		return NULL;
	}
	n->file = CRX_NO_FILE;
	return n;
}

static void free_node(struct crx_node *n)
{
	free(n->child);
	free(n->name);
	free(n->target);
	free(n);
}

/* Frees n and all below it, without recursion, since trees may be deep: it removes
 * leaves from the end of each directory's list. */
static void free_subtree(struct crx_node *n)
{
	struct crx_node *stop = n->parent, *parent;

	while (n != stop) {
		if (n->nchildren) {
			n = n->child[--n->nchildren];
			continue;
		}
		parent = n->parent;
		free_node(n);
		n = parent;
	}
}

int crx_tree_init(struct crx_tree *t, struct crx_err *err)
{
	*t = (struct crx_tree){ 0 };
	t->root = new_node("");
	if (!t->root)
		return crx_err_nomem(err, "creating a tree");
	t->root->mode = S_IFDIR | 0755;
	return 0;
}

void crx_tree_free(struct crx_tree *t)
{
	if (t->root)
		free_subtree(t->root);
	free(t->node);
	free(t->file);
	*t = (struct crx_tree){ 0 };
}

int crx_tree_add(struct crx_node *dir, const char *name, struct crx_node **out, struct crx_err *err)
{
	struct crx_node *n;

	if (!*name || !strcmp(name, ".") || !strcmp(name, "..") || strchr(name, '/'))
		return crx_err_set(err, CRX_EFORMAT, 0, name,
				   "cannot be the name of a directory entry");
	n = new_node(name);
	if (!n || !append_child(dir, n)) {
		if (n)
			free_node(n);
		return crx_err_nomem(err, "reading the tree");
	}
	n->parent = dir;
	*out = n;
	return 0;
}

void crx_tree_prune(struct crx_node *dir, bool (*drop)(void *ctx, const struct crx_node *n),
		    void *ctx)
{
	size_t before = dir->nchildren, kept = 0, i;
	struct crx_node **child = dir->child;

	for (i = 0; i < before; i++) {
		struct crx_node *n = child[i];

		if (!drop(ctx, n)) {
			child[kept++] = n;
			continue;
		}
		free_subtree(n);
	}
	/* append_child() now assumes a smaller capacity than there is, which is harmless */
	dir->nchildren = kept;
}

/* The next directory after n in pre-order. The children of n have been pruned. */
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

void crx_tree_prune_all(struct crx_tree *t, bool (*drop)(void *ctx, const struct crx_node *n),
			void *ctx)
{
	struct crx_node *dir;
	size_t i;

	for (dir = t->root; dir; dir = next_dir(dir)) {
		crx_tree_prune(dir, drop, ctx);
		/* for next_dir(): the position among its siblings */
		for (i = 0; i < dir->nchildren; i++)
			dir->child[i]->index = i;
	}
}

static bool match_all(void *ctx CRX_UNUSED, const struct crx_node *n CRX_UNUSED)
{
	return true;
}

void crx_tree_copy_attrs(struct crx_node *to, const struct crx_node *from)
{
	to->mode = from->mode;
	to->uid = from->uid;
	to->gid = from->gid;
	to->user = from->user;
	to->group = from->group;
	to->dropped = from->dropped;
	if (from->unreadable)
		to->unreadable = from->unreadable;
}

void crx_tree_copy(struct crx_node *to, const struct crx_node *from)
{
	crx_tree_copy_attrs(to, from);
	to->dev_major = from->dev_major;
	to->dev_minor = from->dev_minor;
	to->size = from->size;
	to->content = from->content;
	to->link_dev = from->link_dev;
	to->link_ino = from->link_ino;
	to->unreadable = from->unreadable;
	to->implied = from->implied;
}

void crx_tree_clear(struct crx_node *n)
{
	struct crx_node *parent = n->parent;
	char *name = n->name;

	crx_tree_prune(n, match_all, NULL);
	free(n->child);
	free(n->target);
	*n = (struct crx_node){ .parent = parent, .name = name, .file = CRX_NO_FILE };
}

static int by_name(const void *a, const void *b)
{
	const struct crx_node *const *x = a, *const *y = b;

	/* strcmp() compares unsigned bytes (C11 7.24.4), the order that cramfs_lookup() expects */
	return strcmp((*x)->name, (*y)->name);
}

static int sort_children(struct crx_node *dir, struct crx_err *err)
{
	char path[CRX_ERR_PATH_MAX];
	size_t i;

	if (dir->nchildren)
		qsort(dir->child, dir->nchildren, sizeof(struct crx_node *), by_name);
	for (i = 1; i < dir->nchildren; i++)
		if (!strcmp(dir->child[i - 1]->name, dir->child[i]->name))
			return crx_err_set(err, CRX_EFORMAT, 0,
					   crx_tree_path(dir->child[i], path, sizeof(path)),
					   "occurs twice");
	return 0;
}

static bool append_node(struct crx_node ***list, size_t *n, size_t *cap, struct crx_node *node)
{
	if (!crx_grow(list, cap, *n + 1, sizeof(struct crx_node *)))
		return false;
	(*list)[(*n)++] = node;
	return true;
}

static void link_content(struct crx_node *n)
{
	if (!S_ISLNK(n->mode))
		return;
	n->size = strlen(n->target);
	n->content = (struct crx_content){
		.ops = &crx_content_memory,
		.key = n->target,
		.size = n->size,
	};
}

int crx_tree_finish(struct crx_tree *t, struct crx_err *err)
{
	size_t ncap = t->nnodes, fcap = t->nfiles, i, j;
	struct crx_node *n;
	int ret;

	t->nnodes = 0;
	t->nfiles = 0;
	if (!append_node(&t->node, &t->nnodes, &ncap, t->root))
		return crx_err_nomem(err, "sorting the tree");
	for (i = 0; i < t->nnodes; i++) {
		n = t->node[i];
		n->index = i;
		n->file = CRX_NO_FILE;
		link_content(n);
		if (n->content.ops && n->size) {
			n->file = t->nfiles;
			if (!append_node(&t->file, &t->nfiles, &fcap, n))
				return crx_err_nomem(err, "sorting the tree");
		}
		ret = sort_children(n, err);
		if (ret < 0)
			return ret;
		for (j = 0; j < n->nchildren; j++)
			if (!append_node(&t->node, &t->nnodes, &ncap, n->child[j]))
				return crx_err_nomem(err, "sorting the tree");
	}
	return 0;
}
