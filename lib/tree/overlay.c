/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "tree/overlay.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/xattr.h"
#include "tree/names.h"

/*
 * Both passes go through top breadth first, so a directory's place in base is
 * known before what it holds. By way of links two directories of top can meet
 * in one of base, or one can replace what another lies in: so nothing of base
 * is freed on the way. What is replaced is kept in the bin; what a whiteout
 * removes has mode 0, which no node of a source has, until the end.
 */
struct overlay {
	const struct crx_overlay_opts *o;
	struct crx_names names; /* of base */
	struct crx_tree bin;
	struct crx_node **place; /* by index of top: the directory of base; NULL: none */
	uint64_t linked;         /* the highest CRX_LINK_NUMBERED link of base */
	size_t unasked;          /* whiteouts that were not to be honoured */
};

static const char WHITEOUT[] = ".wh.", AUFS[] = ".wh..wh.", OPAQUE[] = ".wh..wh..opq";

static bool begins(const char *s, const char *with)
{
	return !strncmp(s, with, strlen(with));
}

static bool is_whiteout(const struct crx_node *n)
{
	return begins(n->name, WHITEOUT) || (S_ISCHR(n->mode) && !n->dev_major && !n->dev_minor);
}

static struct crx_node *find(const struct overlay *v, const struct crx_node *dir, const char *name)
{
	return S_ISDIR(dir->mode) ? crx_names_find(&v->names, dir, name, strlen(name)) : NULL;
}

/* --- first what is to go --- */

static void remove_from(const struct overlay *v, struct crx_node *dir, const struct crx_node *wh)
{
	const char *name = wh->name;
	struct crx_node *n;
	size_t i;

	if (!strcmp(name, OPAQUE)) {
		for (i = 0; i < dir->nchildren; i++)
			dir->child[i]->mode = 0;
		return;
	}
	if (begins(name, AUFS))
		return;
	if (begins(name, WHITEOUT))
		name += strlen(WHITEOUT);
	n = find(v, dir, name);
	if (n)
		n->mode = 0;
}

/* The mark is honoured, so it is not lost. */
static bool is_opaque(const struct overlay *v, struct crx_node *n)
{
	if (!v->o->whiteouts || !(n->dropped & CRX_XATTR_OPAQUE))
		return false;
	n->dropped &= (uint8_t)~CRX_XATTR_OPAQUE;
	return true;
}

static void remove_all(struct overlay *v, const struct crx_tree *top)
{
	struct crx_node *n, *up, *here;
	size_t i;

	for (i = 1; i < top->nnodes; i++) {
		n = top->node[i];
		up = v->place[n->parent->index];
		if (is_whiteout(n)) {
			v->unasked += !v->o->whiteouts;
			if (up && v->o->whiteouts)
				remove_from(v, up, n);
		} else if (up && S_ISDIR(n->mode)) {
			here = find(v, up, n->name);
			if (is_opaque(v, n) && here)
				here->mode = 0;
			v->place[i] = here ? crx_names_dir(&v->names, here) : NULL;
		}
	}
}

/* --- then what is to come --- */

static int drop_below(struct overlay *v, struct crx_node *n, struct crx_err *err)
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

static void attributes(struct crx_node *to, const struct crx_node *from)
{
	if (from->implied)
		return;
	crx_tree_copy_attrs(to, from);
	to->implied = false;
}

/* All but name and place */
static void take(const struct overlay *v, struct crx_node *to, struct crx_node *from)
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

static int lay(struct overlay *v, struct crx_node *n, struct crx_err *err)
{
	struct crx_node *up = v->place[n->parent->index], *here, *dir = NULL;
	char path[CRX_ERR_PATH_MAX];
	int ret = 0;

	v->place[n->index] = NULL;
	if (!up || (v->o->whiteouts && is_whiteout(n)))
		return 0;
	if (!S_ISDIR(up->mode))
		return crx_err_set(err, CRX_EFORMAT, 0, crx_tree_path(n, path, sizeof(path)),
				   "has no directory any more: by way of a link, the overlay "
				   "replaces the one that it lies in");
	here = find(v, up, n->name);
	if (here && S_ISDIR(n->mode))
		dir = crx_names_dir(&v->names, here);
	if (dir) {
		attributes(dir, n);
	} else {
		if (here)
			ret = drop_below(v, here, err);
		else
			ret = crx_names_add(&v->names, up, n->name, strlen(n->name), &here, err);
		if (ret < 0)
			return ret;
		take(v, here, n);
		dir = S_ISDIR(n->mode) ? here : NULL;
	}
	v->place[n->index] = dir;
	return 0;
}

static bool gone(void *ctx, const struct crx_node *n)
{
	(void)ctx;
	return !n->mode;
}

static int lay_all(struct overlay *v, struct crx_tree *base, struct crx_tree *top,
		   struct crx_err *err)
{
	size_t i;
	int ret = 0;

	v->place[0] = base->root;
	remove_all(v, top);
	attributes(base->root, top->root);
	for (i = 1; i < top->nnodes && !ret; i++)
		ret = lay(v, top->node[i], err);
	if (ret < 0)
		return ret;
	crx_tree_prune_all(base, gone, NULL);
	if (v->unasked)
		crx_log_warn(v->o->log, NULL,
			     "%zu names of an overlay are whiteouts, and are stored as they stand "
			     "(--whiteouts removes what they name)",
			     v->unasked);
	return crx_tree_finish(base, err);
}

int crx_tree_overlay(struct crx_tree *base, struct crx_tree *top, const struct crx_overlay_opts *o,
		     struct crx_err *err)
{
	struct overlay v = { .o = o, .linked = crx_tree_highest_link(base) };
	int ret;

	v.place = crx_zalloc(top->nnodes, sizeof(struct crx_node *));
	if (!v.place)
		return crx_err_nomem(err, "laying a tree over another");
	ret = crx_tree_init(&v.bin, err);
	if (!ret)
		ret = crx_names_init(&v.names, base, err);
	if (!ret)
		ret = lay_all(&v, base, top, err);
	crx_names_free(&v.names);
	crx_tree_free(&v.bin);
	free(v.place);
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
