/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an image must contain. This knows nothing of lib/tree and lib/input.
 */
#include "config.h"

#include <string.h>
#include <sys/stat.h>

#include "fuzz.h"
#include "recipe.h"

int recipe_find(const struct recipe_tree *t, int dir, const char *name, size_t len)
{
	int i;

	for (i = 1; i < t->n; i++)
		if (t->item[i].parent == dir && !t->item[i].gone &&
		    strlen(t->item[i].name) == len && !memcmp(t->item[i].name, name, len))
			return i;
	return -1;
}

static void remove_item(struct recipe_tree *t, int i)
{
	int j;

	t->item[i].gone = true;
	for (j = i + 1; j < t->n; j++)
		if (t->item[j].parent == i && !t->item[j].gone)
			remove_item(t, j);
}

static bool is_whiteout(const struct recipe_item *e)
{
	return !strncmp(e->name, ".wh.", 4) || (S_ISCHR(e->mode) && !e->dev_major && !e->dev_minor);
}

/* here: the directory of base that the whiteout is in, or -1. */
static void white_out(struct recipe_tree *base, int here, const struct recipe_item *w)
{
	const char *name = w->name;
	int i;

	if (!strcmp(name, ".wh..wh..opq")) {
		for (i = 1; i < base->n; i++)
			if (base->item[i].parent == here && !base->item[i].gone)
				remove_item(base, i);
		return;
	}
	if (!strncmp(name, ".wh..wh.", 8))
		return;
	if (!strncmp(name, ".wh.", 4))
		name += 4;
	i = recipe_find(base, here, name, strlen(name));
	if (i >= 0)
		remove_item(base, i);
}

/* Removes what the whiteouts of top name. */
static void apply_whiteouts(struct recipe_tree *base, const struct recipe_tree *top)
{
	int here[RECIPE_LAYERS * RECIPE_ITEMS] = { 0 }, i, up;

	for (i = 1; i < top->n; i++) {
		const struct recipe_item *e = &top->item[i];

		here[i] = -1;
		up = here[e->parent];
		if (e->gone || up < 0 || base->item[up].gone)
			continue;
		if (is_whiteout(e))
			white_out(base, up, e);
		else if (S_ISDIR(e->mode))
			here[i] = recipe_find(base, up, e->name, strlen(e->name));
	}
}

static void copy_attrs(struct recipe_item *to, const struct recipe_item *from)
{
	if (from->implied)
		return;
	to->mode = from->mode;
	to->uid = from->uid;
	to->gid = from->gid;
}

static void merge(struct recipe_tree *base, const struct recipe_tree *top, bool whiteouts)
{
	int to[RECIPE_LAYERS * RECIPE_ITEMS] = { 0 }, i;

	if (whiteouts)
		apply_whiteouts(base, top);
	copy_attrs(&base->item[0], &top->item[0]);
	for (i = 1; i < top->n; i++) {
		const struct recipe_item *e = &top->item[i];
		int here;

		if (e->gone || (whiteouts && is_whiteout(e)))
			continue;
		here = recipe_find(base, to[e->parent], e->name, strlen(e->name));
		if (here >= 0 && S_ISDIR(e->mode) && S_ISDIR(base->item[here].mode)) {
			copy_attrs(&base->item[here], e);
			to[i] = here;
			continue;
		}
		if (here >= 0)
			remove_item(base, here);
		to[i] = base->n;
		base->item[base->n] = *e;
		base->item[base->n++].parent = to[e->parent];
	}
}

/* As --lossy does. */
static void cut(struct recipe_item *e)
{
	size_t len = CRX_DIRENT_NAME_MAX;

	e->uid &= CRX_UID_MAX;
	e->gid &= CRX_GID_MAX;
	e->dev_major &= CRX_DEV_MAX;
	e->dev_minor &= CRX_DEV_MAX;
	if (strlen(e->name) <= len)
		return;
	while (((uint8_t)e->name[len] & 0xc0) == 0x80)
		len--;
	e->name[len] = '\0';
}

static bool item_fits(const struct recipe_item *e)
{
	return e->uid <= CRX_UID_MAX && e->gid <= CRX_GID_MAX && e->dev_major <= CRX_DEV_MAX &&
	       e->dev_minor <= CRX_DEV_MAX && strlen(e->name) <= CRX_DIRENT_NAME_MAX;
}

void recipe_expect(const struct recipe *r, struct recipe_tree *out, bool *fits)
{
	int i;

	*out = r->layer[0];
	for (i = 1; i < r->nlayers; i++)
		merge(out, &r->layer[i], r->o.whiteouts);
	*fits = true;
	for (i = 0; i < out->n; i++) {
		struct recipe_item *e = &out->item[i];

		if (e->gone)
			continue;
		if (r->o.all_root)
			e->uid = e->gid = 0;
		if (r->o.lossy)
			cut(e);
		*fits = *fits && item_fits(e);
	}
	/* cutting can make two names equal */
	for (i = 1; i < out->n; i++)
		if (!out->item[i].gone && recipe_find(out, out->item[i].parent, out->item[i].name,
						      strlen(out->item[i].name)) != i)
			*fits = false;
}
