/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Hard links of an archive.
 */
#include "config.h"
#include "input/source/unpack.h"

#include <sys/stat.h>

/* Is n a file of this archive, and not another name of a file below? */
static bool is_own(const struct crx_node *n)
{
	return !n->link_ino || n->link_dev == CRX_LINK_NUMBERED;
}

/* The group of n, a new one if it has none; NULL without memory. */
static struct crx_unpack_group *group_of(struct crx_unpack *u, struct crx_node *n)
{
	struct crx_unpack_group *g;

	if (n->link_ino)
		return &u->group[n->link_ino - 1];
	if (!crx_grow(&u->group, &u->groups_cap, u->ngroups + 1, sizeof(*u->group)))
		return NULL;
	g = &u->group[u->ngroups++];
	*g = (struct crx_unpack_group){ n->size, n->content,
					n->file == CRX_EXCLUDED && !n->content.ops };
	n->link_dev = CRX_LINK_NUMBERED;
	n->link_ino = u->ngroups;
	return g;
}

static int no_such_name(const struct crx_unpack *u, const struct crx_archive_member *m,
			struct crx_err *err)
{
	return crx_err_set(err, CRX_EFORMAT, 0, u->archive,
			   "%.400s is a hard link to %.400s, which %s", m->path, m->hardlink,
			   u->below && u->o->exclude.n ? "is neither an earlier entry nor, unless "
							 "a pattern excludes it, in the tree below"
						       : "is not an earlier entry");
}

/* The node that m refers to. *below: it is in the tree below; then *out is NULL if it
 * is not there, but a pattern may have excluded it. */
static int find_target(struct crx_unpack *u, const struct crx_archive_member *m,
		       struct crx_node **out, bool *below, struct crx_err *err)
{
	struct crx_unpack_spot spot;
	int ret = crx_unpack_find_spot(u, m->hardlink, false, &spot, err);

	*out = NULL;
	if (ret < 0)
		return ret;
	if (spot.dir)
		*out = crx_names_find(&u->names, spot.dir, spot.name, spot.len);
	*below = !*out && u->below;
	if (*below)
		*out = crx_tree_find_entry(u->below, m->hardlink);
	if (!*out)
		return *below && u->o->exclude.n ? 0 : no_such_name(u, m, err);
	if (S_ISDIR((*out)->mode))
		return crx_err_set(err, CRX_EFORMAT, 0, u->archive,
				   "%.400s is a hard link to %.400s, which is a directory", m->path,
				   m->hardlink);
	return 0;
}

static int copy_node(struct crx_node *n, const struct crx_node *from,
		     const struct crx_archive_member *m, struct crx_err *err)
{
	crx_tree_copy(n, from);
	n->dropped |= (uint8_t)m->xattrs;
	if (from->target && !(n->target = crx_strdup(from->target)))
		return crx_err_nomem(err, "reading an archive");
	return 0;
}

/* The data may be stored with any name: in cpio with the last one, in pax with any. It
 * belongs to all names, so it is read even if this one is excluded. */
static int read_link_data(struct crx_unpack *u, const struct crx_archive_member *m,
			  struct crx_node *n, struct crx_unpack_group *g, struct crx_err *err)
{
	int ret;

	if (m->size) {
		ret = crx_unpack_read_data(u, m, &g->size, &g->content, err);
		g->no_data = false;
		return ret;
	}
	if (g->no_data && n->file != CRX_EXCLUDED && !m->data_last)
		return crx_err_set(err, CRX_EFORMAT, 0, u->archive,
				   "%.400s is a hard link to %.400s, which a pattern excludes "
				   "(exclude both or neither)",
				   m->path, m->hardlink);
	return 0;
}

/* Another name of a file below, as it is there now. If the link has data itself, it
 * becomes a separate file. */
static int link_to_below(struct crx_unpack *u, const struct crx_archive_member *m,
			 struct crx_node *to, struct crx_node *n, struct crx_err *err)
{
	bool file = S_ISREG(to->mode), separate = file && m->size;
	int ret;

	if (file && !separate && !to->link_ino) {
		to->link_dev = CRX_LINK_NUMBERED;
		to->link_ino = ++u->below_links;
	}
	ret = copy_node(n, to, m, err);
	if (n->link_dev == CRX_LINK_NUMBERED)
		n->link_dev = CRX_LINK_BELOW;
	if (separate)
		n->link_dev = n->link_ino = 0;
	if (!ret)
		ret = crx_unpack_apply_patterns(u, n, err);
	if (ret < 0 || !separate || n->file == CRX_EXCLUDED)
		return ret;
	return crx_unpack_read_data(u, m, &n->size, &n->content, err);
}

/* m refers to nothing, which does not matter if n is excluded too. */
static int link_to_nothing(struct crx_unpack *u, const struct crx_archive_member *m,
			   struct crx_node *n, struct crx_err *err)
{
	int ret;

	n->mode = S_IFREG;
	ret = crx_unpack_apply_patterns(u, n, err);
	return ret < 0 || n->file == CRX_EXCLUDED ? ret : no_such_name(u, m, err);
}

int crx_unpack_link(struct crx_unpack *u, const struct crx_archive_member *m,
		    const struct crx_unpack_spot *spot, struct crx_node **out, struct crx_err *err)
{
	struct crx_unpack_group *g;
	struct crx_node *n, *to;
	bool below;
	int ret;

	*out = NULL;
	ret = find_target(u, m, &to, &below, err);
	if (ret < 0 || (to && spot->dir == to->parent &&
			crx_names_find(&u->names, spot->dir, spot->name, spot->len) == to))
		return ret;
	ret = crx_unpack_replace(u, m, spot, &n, err);
	if (ret < 0)
		return ret;
	*out = n;
	if (!to)
		return link_to_nothing(u, m, n, err);
	if (below || !is_own(to))
		return link_to_below(u, m, to, n, err);
	if (!S_ISREG(to->mode)) {
		ret = copy_node(n, to, m, err);
		return ret < 0 ? ret : crx_unpack_apply_patterns(u, n, err);
	}
	g = group_of(u, to);
	if (!g)
		return crx_err_nomem(err, "reading an archive");
	ret = copy_node(n, to, m, err);
	if (!ret)
		ret = crx_unpack_apply_patterns(u, n, err);
	return ret < 0 ? ret : read_link_data(u, m, n, g, err);
}

void crx_unpack_fill_links(struct crx_unpack *u)
{
	struct crx_node *n;
	size_t i;

	for (i = 1; i < u->names.nslots && u->ngroups; i++) {
		n = crx_names_at(&u->names, i);
		if (!n->link_ino || !is_own(n))
			continue;
		n->size = u->group[n->link_ino - 1].size;
		n->content = u->group[n->link_ino - 1].content;
	}
}
