/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "place/layout/like_steps.h"

static int put(struct crx_like *k, size_t i, uint64_t off, struct crx_err *err)
{
	k->item[i].off = off;
	k->item[i].placed = true;
	return crx_space_take(&k->space, off, k->piece[i].len, err);
}

/* Takes the space of what has its place. */
static int put_kept(struct crx_like *k, struct crx_err *err)
{
	uint64_t old = k->in->o->old->size, len = old, i;
	int ret;

	for (i = 0; i < k->n; i++)
		len += k->piece[i].len;
	ret = crx_space_init(&k->space, k->seam, len, k->in->o->erase_len, err);
	for (i = k->ndirs; i < k->n && !ret; i++) {
		if (k->item[i].placed)
			ret = put(k, i, k->item[i].off, err);
		else if (k->item[i].kept)
			ret = put(k, i, k->item[i].old_off, err);
	}
	return ret;
}

/* Does the entry of n have other bytes than in the old image? By its place and attributes. */
static bool entry_changes(const struct crx_like *k, const struct crx_node *n,
			  const bool *table_moves)
{
	const struct crx_old_entry *e = &k->in->o->old->node[n->index];

	if (!e->exists || e->mode != n->mode || e->uid != n->uid || e->gid != n->gid)
		return true;
	if (n->file == CRX_NO_FILE)
		return false;
	return e->table == CRX_OLD_NONE || table_moves[k->in->p->table_of[n->file]];
}

static void soil_dir(struct crx_like *k, size_t i, const bool *table_moves)
{
	const struct crx_node *dir = k->in->t->node[k->piece[i].index];
	const struct crx_old_entry *e = &k->in->o->old->node[dir->index];
	uint64_t at = k->item[i].off;
	size_t c;

	if (k->item[i].old_off != at || e->dir_len != k->piece[i].len) {
		crx_space_soil(&k->space, at, k->piece[i].len);
		return;
	}
	for (c = 0; c < dir->nchildren; c++) {
		if (entry_changes(k, dir->child[c], table_moves))
			crx_space_soil(&k->space, at, crx_tree_entry_len(dir->child[c]));
		at += crx_tree_entry_len(dir->child[c]);
	}
}

/* Marks the blocks that change because of the directories. The superblock does if anything does. */
static int soil_dirs(struct crx_like *k, struct crx_err *err)
{
	bool *moves = crx_zalloc(k->in->p->ntables, sizeof(*moves));
	size_t i;

	if (!moves)
		return crx_err_nomem(err, "laying out the image");
	for (i = k->ndirs; i < k->n; i++)
		if (k->piece[i].kind == CRX_PIECE_TABLE)
			moves[k->piece[i].index] = !k->item[i].kept;
	crx_space_soil(&k->space, 0, k->begin);
	for (i = 0; i < k->ndirs; i++)
		soil_dir(k, i, moves);
	free(moves);
	return 0;
}

/* Is its old place better than any other? A run has equal pages there. What is smaller than an
 * erase block goes where blocks are written anyway. */
static bool is_worth_its_place(const struct crx_like *k, size_t i)
{
	const struct crx_piece *p = &k->piece[i];

	if (p->kind == CRX_PIECE_RUN)
		return k->in->p->run[p->index].old_pg > 0;
	return p->len >= k->in->o->erase_len;
}

/* What has changed, but still fits into its old place. */
static int put_changed(struct crx_like *k, bool runs, struct crx_err *err)
{
	size_t i;
	int ret = 0;

	for (i = k->ndirs; i < k->n && !ret; i++) {
		const struct crx_like_item *item = &k->item[i];
		uint64_t len = k->piece[i].len;

		if ((k->piece[i].kind == CRX_PIECE_RUN) != runs || item->placed || !item->old_off ||
		    !is_worth_its_place(k, i) || !crx_space_is_free(&k->space, item->old_off, len))
			continue;
		crx_space_soil(&k->space, item->old_off, len);
		ret = put(k, i, item->old_off, err);
	}
	return ret;
}

struct sized {
	uint64_t len;
	size_t i;
};

static int by_len(const void *a, const void *b)
{
	const struct sized *x = a, *y = b;
	int c = crx_compare(y->len, x->len);

	return c ? c : crx_compare(x->i, y->i);
}

/* A place for piece i, in which something may be in its way (*cleared). */
static int find_place(struct crx_like *k, size_t i, uint64_t *off, bool *fits, bool *cleared,
		      struct crx_err *err)
{
	const struct crx_piece *p = &k->piece[i];
	uint64_t max = p->kind == CRX_PIECE_TABLE ? CRX_INODE_OFF_MAX : CRX_SPACE_END;

	*cleared = false;
	*fits = p->len <= k->limit;
	if (!*fits)
		return 0;
	max = max < k->limit - p->len ? max : k->limit - p->len;
	*fits = crx_space_find(&k->space, p->len, crx_layout_align(k->in, p), k->seam, max, off);
	if (*fits)
		return 0;
	*cleared = true;
	return crx_like_clear(k, i, max, off, fits, err);
}

/* What has no place yet, the largest first. */
static size_t list_unplaced(const struct crx_like *k, struct sized *s)
{
	size_t i, n = 0;

	for (i = k->ndirs; i < k->n; i++)
		if (!k->item[i].placed)
			s[n++] = (struct sized){ k->piece[i].len, i };
	if (n)
		qsort(s, n, sizeof(*s), by_len);
	return n;
}

static int put_new(struct crx_like *k, struct sized *s, bool *fits, struct crx_err *err)
{
	size_t i = 0, n = list_unplaced(k, s);
	bool cleared;
	uint64_t off;
	int ret = 0;

	while (i < n && !ret) {
		ret = find_place(k, s[i].i, &off, fits, &cleared, err);
		if (ret || !*fits)
			break;
		crx_space_soil(&k->space, off, k->piece[s[i].i].len);
		ret = put(k, s[i].i, off, err);
		i++;
		if (cleared) {
			i = 0;
			n = list_unplaced(k, s);
		}
	}
	return ret;
}

int crx_like_put(struct crx_like *k, bool *fits, struct crx_err *err)
{
	struct sized *s = crx_alloc(k->n, sizeof(*s));
	int ret = s ? put_kept(k, err) : crx_err_nomem(err, "laying out the image");

	*fits = true;
	if (!ret)
		ret = soil_dirs(k, err);
	if (!ret)
		ret = put_changed(k, true, err);
	if (!ret)
		ret = put_changed(k, false, err);
	if (!ret)
		ret = put_new(k, s, fits, err);
	crx_space_free(&k->space);
	free(s);
	return ret;
}
