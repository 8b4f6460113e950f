/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "tree/names.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* One AVL tree for each directory, all in one array. The directory's index is the slot
 * of the tree's root. */
struct crx_name_slot {
	struct crx_node *node;
	uint32_t kid[2];
	uint8_t height;
};

/* An AVL tree of 2^32 nodes has at most 46 levels. */
enum { HEIGHT_MAX = 48 };

struct crx_node *crx_names_find(const struct crx_names *x, const struct crx_node *dir,
				const char *name, size_t len)
{
	uint32_t at = (uint32_t)dir->index;
	int c;

	while (at) {
		c = crx_tree_compare_name(name, len, x->slot[at].node);
		if (!c)
			return x->slot[at].node;
		at = x->slot[at].kid[c > 0];
	}
	return NULL;
}

struct crx_node *crx_names_at(const struct crx_names *x, size_t i)
{
	return x->slot[i].node;
}

static uint8_t height_of(const struct crx_name_slot *slot, uint32_t at)
{
	return at ? slot[at].height : 0;
}

static void update_height(struct crx_name_slot *slot, uint32_t at)
{
	uint8_t a = height_of(slot, slot[at].kid[0]), b = height_of(slot, slot[at].kid[1]);

	slot[at].height = (uint8_t)((a > b ? a : b) + 1);
}

/* Moves the kid on that side up, and at below it. Returns the kid. */
static uint32_t rotate(struct crx_name_slot *slot, uint32_t at, int side)
{
	uint32_t up = slot[at].kid[side];

	slot[at].kid[side] = slot[up].kid[!side];
	slot[up].kid[!side] = at;
	update_height(slot, at);
	update_height(slot, up);
	return up;
}

/* Rotates if one side of at is higher than the other by two. Returns the new root. */
static uint32_t balance(struct crx_name_slot *slot, uint32_t at)
{
	int diff = height_of(slot, slot[at].kid[1]) - height_of(slot, slot[at].kid[0]);
	int side = diff > 0;
	uint32_t kid = slot[at].kid[side];

	if (diff >= -1 && diff <= 1) {
		update_height(slot, at);
		return at;
	}
	if (height_of(slot, slot[kid].kid[!side]) > height_of(slot, slot[kid].kid[side]))
		slot[at].kid[side] = rotate(slot, kid, !side);
	return rotate(slot, at, side);
}

static int insert(struct crx_names *x, struct crx_node *dir, struct crx_node *n,
		  struct crx_err *err)
{
	uint32_t path[HEIGHT_MAX], at = (uint32_t)dir->index;
	uint8_t side[HEIGHT_MAX];
	size_t depth = 0;

	if (x->nslots >= UINT32_MAX ||
	    !crx_grow(&x->slot, &x->cap, x->nslots + 1, sizeof(*x->slot)))
		return crx_err_nomem(err, "reading the tree");
	for (; at; at = x->slot[at].kid[side[depth++]]) {
		path[depth] = at;
		side[depth] = strcmp(n->name, x->slot[at].node->name) > 0;
	}
	at = (uint32_t)x->nslots++;
	x->slot[at] = (struct crx_name_slot){ .node = n, .height = 1 };
	while (depth--) {
		x->slot[path[depth]].kid[side[depth]] = at;
		at = balance(x->slot, path[depth]);
	}
	dir->index = at;
	return 0;
}

int crx_names_init(struct crx_names *x, struct crx_tree *t, struct crx_err *err)
{
	size_t i;
	int ret = 0;

	*x = (struct crx_names){ .root = t->root, .nslots = 1 };
	t->root->index = 0;
	for (i = 0; i < t->nnodes; i++)
		t->node[i]->index = 0;
	for (i = 0; i < t->nnodes && !ret; i++)
		if (t->node[i]->parent)
			ret = insert(x, t->node[i]->parent, t->node[i], err);
	if (ret < 0)
		crx_names_free(x);
	return ret;
}

void crx_names_free(struct crx_names *x)
{
	free(x->slot);
	*x = (struct crx_names){ 0 };
}

int crx_names_add(struct crx_names *x, struct crx_node *dir, const char *name, size_t len,
		  struct crx_node **out, struct crx_err *err)
{
	char *copy = crx_strndup(name, len);
	int ret;

	if (!copy)
		return crx_err_nomem(err, "reading the tree");
	ret = crx_tree_add(dir, copy, out, err);
	free(copy);
	return ret < 0 ? ret : insert(x, dir, *out, err);
}

/* A crx_tree_child for struct crx_names. */
static struct crx_node *find_child(void *ctx, const struct crx_node *dir, const char *name,
				   size_t len)
{
	return crx_names_find(ctx, dir, name, len);
}

struct crx_node *crx_names_dir(const struct crx_names *x, struct crx_node *n)
{
	struct crx_names copy = *x; /* find_child() takes a pointer to non-const */

	if (S_ISLNK(n->mode) && !*n->target)
		return NULL;
	if (S_ISLNK(n->mode))
		n = crx_tree_walk(x->root, n->parent, n->target, find_child, &copy);
	return n && S_ISDIR(n->mode) ? n : NULL;
}
