/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "input/source/unpack.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* --- nodes --- */

static void set_attrs(struct crx_node *n, const struct crx_archive_member *m)
{
	n->mode = m->mode;
	n->uid = m->uid;
	n->gid = m->gid;
	n->dropped = (uint8_t)m->xattrs;
	n->implied = false;
}

static int unpack_dir(struct crx_unpack *u, const struct crx_archive_member *m,
		      const struct crx_unpack_spot *spot, struct crx_node **out,
		      struct crx_err *err)
{
	struct crx_node *n = crx_names_find(&u->names, spot->dir, spot->name, spot->len);
	int ret;

	if (n)
		n = crx_names_dir(&u->names, n);
	if (!n) {
		ret = crx_unpack_replace(u, m, spot, &n, err);
		if (ret < 0)
			return ret;
	}
	set_attrs(n, m);
	*out = n;
	return crx_unpack_apply_patterns(u, n, err);
}

/* --- files --- */

static int unpack_file(struct crx_unpack *u, const struct crx_archive_member *m,
		       const struct crx_unpack_spot *spot, struct crx_node **out,
		       struct crx_err *err)
{
	struct crx_node *n;
	int ret = crx_unpack_replace(u, m, spot, out, err);

	if (ret < 0)
		return ret;
	n = *out;
	set_attrs(n, m);
	n->dev_major = m->dev_major;
	n->dev_minor = m->dev_minor;
	if (m->target && !(n->target = crx_strdup(m->target)))
		return crx_err_nomem(err, "reading an archive");
	ret = crx_unpack_apply_patterns(u, n, err);
	if (ret < 0 || !S_ISREG(n->mode))
		return ret;
	/* in a cpio archive, another name that is not excluded may follow */
	if (n->file == CRX_EXCLUDED && !(m->data_last && m->nlink > 1))
		return 0;
	return crx_unpack_read_data(u, m, &n->size, &n->content, err);
}

/* --- entries --- */

static int unpack_root(struct crx_unpack *u, const struct crx_archive_member *m,
		       struct crx_err *err)
{
	if (!S_ISDIR(m->mode) || m->hardlink)
		return crx_err_set(err, CRX_EFORMAT, 0, u->archive,
				   "%.500s is the root, but not a directory", m->path);
	set_attrs(u->tree->root, m);
	return 0;
}

int crx_unpack_entry(struct crx_unpack *u, const struct crx_archive_member *m, struct crx_err *err)
{
	struct crx_unpack_spot spot;
	struct crx_node *n = NULL;
	int ret;

	u->absolute += *m->path == '/';
	ret = crx_unpack_find_spot(u, m->path, true, &spot, err);
	if (ret < 0)
		return ret;
	if (!spot.dir)
		return unpack_root(u, m, err);
	if (m->hardlink)
		ret = crx_unpack_link(u, m, &spot, &n, err);
	else if (S_ISDIR(m->mode))
		ret = unpack_dir(u, m, &spot, &n, err);
	else if (S_ISREG(m->mode) || S_ISLNK(m->mode) || S_ISCHR(m->mode) || S_ISBLK(m->mode) ||
		 S_ISFIFO(m->mode) || S_ISSOCK(m->mode))
		ret = unpack_file(u, m, &spot, &n, err);
	else
		ret = crx_err_set(err, CRX_EFORMAT, 0, u->archive, "%.500s: unknown file type %#o",
				  m->path, (unsigned)(m->mode & S_IFMT));
	u->sparse += m->sparse && n && n->file != CRX_EXCLUDED;
	return ret;
}
