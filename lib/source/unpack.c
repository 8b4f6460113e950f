/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "source/unpack.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* --- nodes --- */

static void attributes(struct crx_node *n, const struct crx_archive_member *m)
{
	n->mode = m->mode;
	n->uid = m->uid;
	n->gid = m->gid;
	n->lost = (uint8_t)m->xattrs;
	n->implied = false;
}

/* The node at dir/name as a new one, of whatever it was before. */
static int fresh(struct crx_unpack *u, const struct crx_archive_member *m, struct crx_node *dir, const char *name, size_t len, struct crx_node **out, struct crx_err *err)
{
	struct crx_node *n = crx_names_find(&u->names, dir, name, len);

	*out = n;
	if (!n)
		return crx_unpack_add(u, dir, name, len, out, err);
	if (n->nchildren)
		return crx_err_set(err, CRX_EFORMAT, 0, u->archive, "%.500s replaces a directory that is not empty", m->path);
	crx_tree_clear(n);
	return 0;
}

static int take_dir(struct crx_unpack *u, const struct crx_archive_member *m, struct crx_node *dir, const char *name, size_t len, struct crx_node **out, struct crx_err *err)
{
	struct crx_node *n = crx_names_find(&u->names, dir, name, len);
	int ret;

	if (n)
		n = crx_names_dir(&u->names, n);
	if (!n) {
		ret = fresh(u, m, dir, name, len, &n, err);
		if (ret < 0)
			return ret;
	}
	attributes(n, m);
	*out = n;
	return crx_unpack_skip(u, n, err);
}

/* --- hard links --- */

/* The group of n, made where it has none; NULL when memory is short. */
static struct crx_unpack_group *group_of(struct crx_unpack *u, struct crx_node *n)
{
	struct crx_unpack_group *g;

	if (n->link_ino)
		return &u->group[n->link_ino - 1];
	if (!crx_grow(&u->group, &u->groups_cap, u->ngroups + 1, sizeof(*u->group)))
		return NULL;
	g = &u->group[u->ngroups++];
	*g = (struct crx_unpack_group){ n->size, n->content, n->file == CRX_UNPACK_SKIPPED && !n->content.ops };
	n->link_dev = CRX_LINK_NUMBERED;
	n->link_ino = u->ngroups;
	return g;
}

static int find_linked(struct crx_unpack *u, const struct crx_archive_member *m, struct crx_node **out, struct crx_err *err)
{
	struct crx_node *dir;
	const char *name;
	size_t len;
	int ret = crx_unpack_path(u, m->hardlink, false, &dir, &name, &len, err);

	*out = NULL;
	if (ret < 0)
		return ret;
	if (dir)
		*out = crx_names_find(&u->names, dir, name, len);
	if (!*out)
		return crx_err_set(err, CRX_EFORMAT, 0, u->archive, "%.400s is a hard link to %.400s, which has not come before it", m->path, m->hardlink);
	if (S_ISDIR((*out)->mode))
		return crx_err_set(err, CRX_EFORMAT, 0, u->archive, "%.400s is a hard link to %.400s, a directory", m->path, m->hardlink);
	return 0;
}

static int copy_node(struct crx_node *n, const struct crx_node *from, struct crx_err *err)
{
	n->mode = from->mode;
	n->uid = from->uid;
	n->gid = from->gid;
	n->dev_major = from->dev_major;
	n->dev_minor = from->dev_minor;
	n->size = from->size;
	n->content = from->content;
	n->link_dev = from->link_dev;
	n->link_ino = from->link_ino;
	n->lost = from->lost;
	if (from->target && !(n->target = crx_strdup(from->target)))
		return crx_err_nomem(err, "reading an archive");
	return 0;
}

/* Data comes with a link in cpio, with the last name, and now and then in pax.
 * It is everyone's, so it is read even where this name is excluded. */
static int link_data(struct crx_unpack *u, const struct crx_archive_member *m, struct crx_node *n, struct crx_unpack_group *g, struct crx_err *err)
{
	int ret;

	if (m->size) {
		ret = crx_unpack_data(u, m, &g->size, &g->content, err);
		g->skipped = false;
		return ret;
	}
	if (g->skipped && n->file != CRX_UNPACK_SKIPPED && !m->data_last)
		return crx_err_set(err, CRX_EFORMAT, 0, u->archive, "%.400s is a hard link to %.400s, which a pattern excludes; exclude both or neither", m->path, m->hardlink);
	return 0;
}

static int take_link(struct crx_unpack *u, const struct crx_archive_member *m, struct crx_node *dir, const char *name, size_t len, struct crx_node **out, struct crx_err *err)
{
	struct crx_unpack_group *g;
	struct crx_node *n, *to;
	int ret;

	*out = NULL;
	ret = find_linked(u, m, &to, err);
	if (ret < 0 || (dir == to->parent && crx_names_find(&u->names, dir, name, len) == to))
		return ret;
	ret = fresh(u, m, dir, name, len, &n, err);
	if (ret < 0)
		return ret;
	*out = n;
	if (!S_ISREG(to->mode)) {
		ret = copy_node(n, to, err);
		return ret < 0 ? ret : crx_unpack_skip(u, n, err);
	}
	g = group_of(u, to);
	if (!g)
		return crx_err_nomem(err, "reading an archive");
	ret = copy_node(n, to, err);
	n->lost |= (uint8_t)m->xattrs;
	if (!ret)
		ret = crx_unpack_skip(u, n, err);
	return ret < 0 ? ret : link_data(u, m, n, g, err);
}

/* --- files --- */

static int take_file(struct crx_unpack *u, const struct crx_archive_member *m, struct crx_node *dir, const char *name, size_t len, struct crx_node **out, struct crx_err *err)
{
	struct crx_node *n;
	int ret = fresh(u, m, dir, name, len, out, err);

	if (ret < 0)
		return ret;
	n = *out;
	attributes(n, m);
	n->dev_major = m->dev_major;
	n->dev_minor = m->dev_minor;
	if (m->target && !(n->target = crx_strdup(m->target)))
		return crx_err_nomem(err, "reading an archive");
	ret = crx_unpack_skip(u, n, err);
	if (ret < 0 || !S_ISREG(n->mode))
		return ret;
	/* another name may follow that is wanted: only cpio tells */
	if (n->file == CRX_UNPACK_SKIPPED && !(m->data_last && m->nlink > 1))
		return 0;
	return crx_unpack_data(u, m, &n->size, &n->content, err);
}

/* --- entries --- */

static int take_root(struct crx_unpack *u, const struct crx_archive_member *m, struct crx_err *err)
{
	if (!S_ISDIR(m->mode) || m->hardlink)
		return crx_err_set(err, CRX_EFORMAT, 0, u->archive, "%.500s is the root, and no directory", m->path);
	attributes(u->tree->root, m);
	return 0;
}

int crx_unpack_entry(struct crx_unpack *u, const struct crx_archive_member *m, struct crx_err *err)
{
	struct crx_node *dir, *n = NULL;
	const char *name;
	size_t len;
	int ret;

	u->absolute += *m->path == '/';
	ret = crx_unpack_path(u, m->path, true, &dir, &name, &len, err);
	if (ret < 0)
		return ret;
	if (!dir)
		return take_root(u, m, err);
	if (m->hardlink)
		ret = take_link(u, m, dir, name, len, &n, err);
	else if (S_ISDIR(m->mode))
		ret = take_dir(u, m, dir, name, len, &n, err);
	else if (S_ISREG(m->mode) || S_ISLNK(m->mode) || S_ISCHR(m->mode) || S_ISBLK(m->mode) || S_ISFIFO(m->mode) || S_ISSOCK(m->mode))
		ret = take_file(u, m, dir, name, len, &n, err);
	else
		ret = crx_err_set(err, CRX_EFORMAT, 0, u->archive, "%.500s: unknown file type %#o", m->path, (unsigned)(m->mode & S_IFMT));
	u->sparse += m->sparse && n && n->file != CRX_UNPACK_SKIPPED;
	return ret;
}

void crx_unpack_finish(struct crx_unpack *u)
{
	struct crx_node *n;
	size_t i;

	/* every node, in the order in which they came */
	for (i = 1; i < u->names.nslots && u->ngroups; i++) {
		n = crx_names_at(&u->names, i);
		if (!n->link_ino)
			continue;
		n->size = u->group[n->link_ino - 1].size;
		n->content = u->group[n->link_ino - 1].content;
	}
}
