/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "input/edit/devtable_set.h"

#include <stdlib.h>
#include <sys/stat.h>

static int by_file(const void *a, const void *b)
{
	const struct crx_node *x = *(const struct crx_node *const *)a,
			      *y = *(const struct crx_node *const *)b;
	int c = crx_compare(x->link_dev, y->link_dev);

	return c ? c : crx_compare(x->link_ino, y->link_ino);
}

static bool is_linked(const struct crx_node *n)
{
	return n->link_dev || n->link_ino;
}

static bool has_same_attrs(const struct crx_node *a, const struct crx_node *b)
{
	return a->mode == b->mode && a->uid == b->uid && a->gid == b->gid;
}

static int collect_linked(struct crx_devtable_set *s, struct crx_err *err)
{
	size_t i, n = 0;

	for (i = 0; i < s->tree->nnodes; i++)
		n += is_linked(s->tree->node[i]);
	s->linked = crx_alloc(n, sizeof(struct crx_node *));
	if (!s->linked)
		return crx_err_nomem(err, "looking for hard links");
	for (i = 0; i < s->tree->nnodes; i++)
		if (is_linked(s->tree->node[i]))
			s->linked[s->nlinked++] = s->tree->node[i];
	if (s->nlinked)
		qsort(s->linked, s->nlinked, sizeof(struct crx_node *), by_file);
	for (i = 1; i < s->nlinked; i++)
		s->differ |= !by_file(&s->linked[i - 1], &s->linked[i]) &&
			     !has_same_attrs(s->linked[i - 1], s->linked[i]);
	s->sorted = true;
	return 0;
}

static bool set_node(struct crx_node *n, uint32_t mode, const uint32_t id[CRX_USERS_KINDS])
{
	uint32_t new_mode =
		mode == CRX_DEVTABLE_KEEP || S_ISLNK(n->mode) ? n->mode : (n->mode & S_IFMT) | mode;
	uint32_t uid = id[CRX_USERS_USER] == CRX_DEVTABLE_KEEP ? n->uid : id[CRX_USERS_USER];
	uint32_t gid = id[CRX_USERS_GROUP] == CRX_DEVTABLE_KEEP ? n->gid : id[CRX_USERS_GROUP];
	bool changed = new_mode != n->mode || uid != n->uid || gid != n->gid;

	n->mode = new_mode;
	n->uid = uid;
	n->gid = gid;
	return changed;
}

int crx_devtable_set(struct crx_devtable_set *s, struct crx_node *n, uint32_t mode,
		     const uint32_t id[CRX_USERS_KINDS], struct crx_err *err)
{
	size_t lo = 0, hi, mid;
	bool all = s->all_names && is_linked(n);
	int ret = all && !s->sorted ? collect_linked(s, err) : 0;

	if (ret < 0)
		return ret;
	/* if nothing changes for this name, nothing does for others with the same attributes */
	if ((!set_node(n, mode, id) && !s->differ) || !all)
		return 0;
	for (hi = s->nlinked; lo < hi;) {
		mid = lo + (hi - lo) / 2;
		if (by_file(&s->linked[mid], &n) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (; lo < s->nlinked && !by_file(&s->linked[lo], &n); lo++) {
		set_node(s->linked[lo], mode, id);
		s->visits++;
	}
	return 0;
}

void crx_devtable_set_free(struct crx_devtable_set *s)
{
	free(s->linked);
	*s = (struct crx_devtable_set){ 0 };
}
