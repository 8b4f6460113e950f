/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "tree/overlay.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/number.h"
#include "base/xattr.h"
#include "tree/names.h"

/*
 * Both passes visit top breadth first, so that they know the directory of base for
 * a directory of top before they reach its entries. Through links, two directories
 * of top can become one of base, and one entry can replace a directory that another
 * one goes to. So nothing of base is freed before the end: what is replaced is
 * kept in the bin, and what a whiteout removes gets mode 0, which no node from a
 * source has.
 */
struct overlay {
	const struct crx_overlay_opts *o;
	struct crx_names names; /* of base */
	struct crx_tree bin;
	struct crx_node **base_dir; /* by index of top: the directory of base, or NULL */
	uint64_t linked;            /* the highest CRX_LINK_NUMBERED link of base */
	size_t unused_whiteouts;    /* stored as files, without o->whiteouts */
};

static const char WHITEOUT[] = ".wh.", AUFS[] = ".wh..wh.", OPAQUE[] = ".wh..wh..opq";

static bool has_prefix(const char *s, const char *with)
{
	return !strncmp(s, with, strlen(with));
}

static bool is_whiteout(const struct crx_node *n)
{
	return has_prefix(n->name, WHITEOUT) ||
	       (S_ISCHR(n->mode) && !n->dev_major && !n->dev_minor);
}

static struct crx_node *find_entry(const struct overlay *v, const struct crx_node *dir,
				   const char *name)
{
	return S_ISDIR(dir->mode) ? crx_names_find(&v->names, dir, name, strlen(name)) : NULL;
}

/* --- first pass: remove --- */

static void apply_whiteout(const struct overlay *v, struct crx_node *dir, const struct crx_node *wh)
{
	const char *name = wh->name;
	struct crx_node *n;
	size_t i;

	if (!strcmp(name, OPAQUE)) {
		for (i = 0; i < dir->nchildren; i++)
			dir->child[i]->mode = 0;
		return;
	}
	if (has_prefix(name, AUFS))
		return;
	if (has_prefix(name, WHITEOUT))
		name += strlen(WHITEOUT);
	n = find_entry(v, dir, name);
	if (n)
		n->mode = 0;
}

/* The mark has an effect, so it is not reported as dropped. */
static bool is_opaque(const struct overlay *v, struct crx_node *n)
{
	if (!v->o->whiteouts || !(n->dropped & CRX_XATTR_OPAQUE))
		return false;
	n->dropped &= (uint8_t)~CRX_XATTR_OPAQUE;
	return true;
}

static void remove_whited_out(struct overlay *v, const struct crx_tree *top)
{
	struct crx_node *n, *up, *here;
	size_t i;

	for (i = 1; i < top->nnodes; i++) {
		n = top->node[i];
		up = v->base_dir[n->parent->index];
		if (is_whiteout(n)) {
			v->unused_whiteouts += !v->o->whiteouts;
			if (up && v->o->whiteouts)
				apply_whiteout(v, up, n);
		} else if (up && S_ISDIR(n->mode)) {
			here = find_entry(v, up, n->name);
			if (is_opaque(v, n) && here)
				here->mode = 0;
			v->base_dir[i] = here ? crx_names_dir(&v->names, here) : NULL;
		}
	}
}

/* --- second pass: add --- */

static int move_children_to_bin(struct overlay *v, struct crx_node *n, struct crx_err *err)
{
	struct crx_node *shell;
	size_t i;
	int ret;

	if (!n->nchildren)
		return 0;
	ret = crx_tree_add(v->bin.root, "replaced", &shell, err);
	if (ret < 0)
		return ret;
	shell->child = n->child;
	shell->nchildren = n->nchildren;
	for (i = 0; i < shell->nchildren; i++)
		shell->child[i]->parent = shell;
	n->child = NULL;
	n->nchildren = 0;
	n->index = 0;
	return 0;
}

static void merge_attrs(struct crx_node *to, const struct crx_node *from)
{
	if (from->implied)
		return;
	crx_tree_copy_attrs(to, from);
	to->implied = false;
}

/* Moves everything to `to` except name and position in the tree. */
static void move_node(const struct overlay *v, struct crx_node *to, struct crx_node *from)
{
	crx_tree_copy(to, from);
	if (to->link_dev == CRX_LINK_NUMBERED)
		to->link_ino += v->linked;
	if (to->link_dev == CRX_LINK_BELOW)
		to->link_dev = CRX_LINK_NUMBERED;
	free(to->target);
	to->target = from->target;
	from->target = NULL;
}

static int overlay_node(struct overlay *v, struct crx_node *n, struct crx_err *err)
{
	struct crx_node *up = v->base_dir[n->parent->index], *here, *dir = NULL;
	char path[CRX_ERR_PATH_MAX];
	int ret = 0;

	v->base_dir[n->index] = NULL;
	if (!up || (v->o->whiteouts && is_whiteout(n)))
		return 0;
	if (!S_ISDIR(up->mode))
		return crx_err_set(err, CRX_EFORMAT, 0, crx_tree_path(n, path, sizeof(path)),
				   "cannot be added: through a link, the overlay replaces the "
				   "directory that it is in");
	here = find_entry(v, up, n->name);
	if (here && S_ISDIR(n->mode))
		dir = crx_names_dir(&v->names, here);
	if (dir) {
		merge_attrs(dir, n);
	} else {
		if (here)
			ret = move_children_to_bin(v, here, err);
		else
			ret = crx_names_add(&v->names, up, n->name, strlen(n->name), &here, err);
		if (ret < 0)
			return ret;
		move_node(v, here, n);
		dir = S_ISDIR(n->mode) ? here : NULL;
	}
	v->base_dir[n->index] = dir;
	return 0;
}

static bool is_removed(void *ctx CRX_UNUSED, const struct crx_node *n)
{
	return !n->mode;
}

static int overlay_all(struct overlay *v, struct crx_tree *base, struct crx_tree *top,
		       struct crx_err *err)
{
	size_t i;
	int ret = 0;

	v->base_dir[0] = base->root;
	remove_whited_out(v, top);
	merge_attrs(base->root, top->root);
	for (i = 1; i < top->nnodes && !ret; i++)
		ret = overlay_node(v, top->node[i], err);
	if (ret < 0)
		return ret;
	crx_tree_prune_all(base, is_removed, NULL);
	if (v->unused_whiteouts)
		crx_log_warn(v->o->log, NULL,
			     "an overlay has %zu whiteout%s, stored as %s (--whiteouts removes "
			     "what they name)",
			     v->unused_whiteouts, crx_plural(v->unused_whiteouts),
			     v->unused_whiteouts == 1 ? "a file" : "files");
	return crx_tree_finish(base, err);
}

int crx_tree_overlay(struct crx_tree *base, struct crx_tree *top, const struct crx_overlay_opts *o,
		     struct crx_err *err)
{
	struct overlay v = { .o = o, .linked = crx_tree_highest_link(base) };
	int ret;

	v.base_dir = crx_zalloc(top->nnodes, sizeof(struct crx_node *));
	if (!v.base_dir)
		return crx_err_nomem(err, "merging two trees");
	ret = crx_tree_init(&v.bin, err);
	if (!ret)
		ret = crx_names_init(&v.names, base, err);
	if (!ret)
		ret = overlay_all(&v, base, top, err);
	crx_names_free(&v.names);
	crx_tree_free(&v.bin);
	free(v.base_dir);
	return ret;
}

uint64_t crx_tree_highest_link(const struct crx_tree *t)
{
	uint64_t max = 0;
	size_t i;

	for (i = 0; i < t->nnodes; i++)
		if (t->node[i]->link_dev == CRX_LINK_NUMBERED && t->node[i]->link_ino > max)
			max = t->node[i]->link_ino;
	return max;
}
