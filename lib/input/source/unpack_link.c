/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Hard links of an archive.
 */
#include "config.h"
#include "input/source/unpack.h"

#include <sys/stat.h>

/* Not one more name of what is below */
static bool is_numbered(const struct crx_node *n)
{
	return !n->link_ino || n->link_dev == CRX_LINK_NUMBERED;
}

/* The group of n, made where it has none; NULL when memory is short. */
static struct crx_unpack_group *group_of(struct crx_unpack *u, struct crx_node *n)
{
	struct crx_unpack_group *g;

	if (n->link_ino)
		return &u->group[n->link_ino - 1];
	if (!crx_grow(&u->group, &u->groups_cap, u->ngroups + 1, sizeof(*u->group)))
		return NULL;
	g = &u->group[u->ngroups++];
	*g = (struct crx_unpack_group){ n->size, n->content,
					n->file == CRX_LEFT_OUT && !n->content.ops };
	n->link_dev = CRX_LINK_NUMBERED;
	n->link_ino = u->ngroups;
	return g;
}

static int not_there(const struct crx_unpack *u, const struct crx_archive_member *m,
		     struct crx_err *err)
{
	return crx_err_set(err, CRX_EFORMAT, 0, u->archive,
			   "%.400s is a hard link to %.400s, which %s", m->path, m->hardlink,
			   u->below && u->o->nexcludes ? "has not come before it, nor is it below, "
							 "unless a pattern excludes it there"
						       : "has not come before it");
}

/* *below: what the archive will be laid over has it; *out NULL: or would have
 * it, if it is what patterns left out there. */
static int find_linked(struct crx_unpack *u, const struct crx_archive_member *m,
		       struct crx_node **out, bool *below, struct crx_err *err)
{
	struct crx_unpack_spot spot;
	int ret = crx_unpack_path(u, m->hardlink, false, &spot, err);

	*out = NULL;
	if (ret < 0)
		return ret;
	if (spot.dir)
		*out = crx_names_find(&u->names, spot.dir, spot.name, spot.len);
	*below = !*out && u->below;
	if (*below)
		*out = crx_tree_find_entry(u->below, m->hardlink);
	if (!*out)
		return *below && u->o->nexcludes ? 0 : not_there(u, m, err);
	if (S_ISDIR((*out)->mode))
		return crx_err_set(err, CRX_EFORMAT, 0, u->archive,
				   "%.400s is a hard link to %.400s, a directory", m->path,
				   m->hardlink);
	return 0;
}

static int copy_node(struct crx_node *n, const struct crx_node *from,
		     const struct crx_archive_member *m, struct crx_err *err)
{
	crx_tree_copy(n, from);
	n->lost |= (uint8_t)m->xattrs;
	if (from->target && !(n->target = crx_strdup(from->target)))
		return crx_err_nomem(err, "reading an archive");
	return 0;
}

/* Data comes with a link in cpio, with the last name, and now and then in pax.
 * It is everyone's, so it is read even where this name is excluded. */
static int link_data(struct crx_unpack *u, const struct crx_archive_member *m, struct crx_node *n,
		     struct crx_unpack_group *g, struct crx_err *err)
{
	int ret;

	if (m->size) {
		ret = crx_unpack_data(u, m, &g->size, &g->content, err);
		g->skipped = false;
		return ret;
	}
	if (g->skipped && n->file != CRX_LEFT_OUT && !m->data_last)
		return crx_err_set(err, CRX_EFORMAT, 0, u->archive,
				   "%.400s is a hard link to %.400s, which a pattern excludes; "
				   "exclude both or neither",
				   m->path, m->hardlink);
	return 0;
}

/* One more name of what is below, as it is there now. Data that comes along
 * makes it a file of its own. */
static int link_below(struct crx_unpack *u, const struct crx_archive_member *m, struct crx_node *to,
		      struct crx_node *n, struct crx_err *err)
{
	bool file = S_ISREG(to->mode), own = file && m->size;
	int ret;

	if (file && !own && !to->link_ino) {
		to->link_dev = CRX_LINK_NUMBERED;
		to->link_ino = ++u->below_links;
	}
	ret = copy_node(n, to, m, err);
	if (n->link_dev == CRX_LINK_NUMBERED)
		n->link_dev = CRX_LINK_BELOW;
	if (own)
		n->link_dev = n->link_ino = 0;
	if (!ret)
		ret = crx_unpack_skip(u, n, err);
	if (ret < 0 || !own || n->file == CRX_LEFT_OUT)
		return ret;
	return crx_unpack_data(u, m, &n->size, &n->content, err);
}

/* No file is told by m->hardlink: it is not missed if n is excluded, too. */
static int link_to_none(struct crx_unpack *u, const struct crx_archive_member *m,
			struct crx_node *n, struct crx_err *err)
{
	int ret;

	n->mode = S_IFREG;
	ret = crx_unpack_skip(u, n, err);
	return ret < 0 || n->file == CRX_LEFT_OUT ? ret : not_there(u, m, err);
}

int crx_unpack_link(struct crx_unpack *u, const struct crx_archive_member *m,
		    const struct crx_unpack_spot *spot, struct crx_node **out, struct crx_err *err)
{
	struct crx_unpack_group *g;
	struct crx_node *n, *to;
	bool below;
	int ret;

	*out = NULL;
	ret = find_linked(u, m, &to, &below, err);
	if (ret < 0 || (to && spot->dir == to->parent &&
			crx_names_find(&u->names, spot->dir, spot->name, spot->len) == to))
		return ret;
	ret = crx_unpack_fresh(u, m, spot, &n, err);
	if (ret < 0)
		return ret;
	*out = n;
	if (!to)
		return link_to_none(u, m, n, err);
	if (below || !is_numbered(to))
		return link_below(u, m, to, n, err);
	if (!S_ISREG(to->mode)) {
		ret = copy_node(n, to, m, err);
		return ret < 0 ? ret : crx_unpack_skip(u, n, err);
	}
	g = group_of(u, to);
	if (!g)
		return crx_err_nomem(err, "reading an archive");
	ret = copy_node(n, to, m, err);
	if (!ret)
		ret = crx_unpack_skip(u, n, err);
	return ret < 0 ? ret : link_data(u, m, n, g, err);
}

void crx_unpack_finish(struct crx_unpack *u)
{
	struct crx_node *n;
	size_t i;

	/* every node, in the order in which they came */
	for (i = 1; i < u->names.nslots && u->ngroups; i++) {
		n = crx_names_at(&u->names, i);
		if (!n->link_ino || !is_numbered(n))
			continue;
		n->size = u->group[n->link_ino - 1].size;
		n->content = u->group[n->link_ino - 1].content;
	}
}
