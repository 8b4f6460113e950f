/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "input/source/unpack.h"

#include <string.h>
#include <sys/stat.h>

#include "input/edit/filter.h"

/* An excluded node does not count as an entry of the image. */
static void set_excluded(struct crx_unpack *u, struct crx_node *n, bool excluded)
{
	bool was = n->file == CRX_EXCLUDED;

	if (excluded && !was)
		u->entries--;
	else if (!excluded && was)
		u->entries++;
	n->file = excluded ? CRX_EXCLUDED : CRX_NO_FILE;
}

int crx_unpack_apply_patterns(struct crx_unpack *u, struct crx_node *n, struct crx_err *err)
{
	bool matches;
	int ret;

	if (!u->o->exclude.n || !n->parent)
		return 0;
	if (n->parent->file == CRX_EXCLUDED) {
		n->file = CRX_EXCLUDED;
		return 0;
	}
	ret = crx_filter_match(&u->o->exclude, n, &matches, err);
	if (!ret)
		set_excluded(u, n, matches);
	return ret;
}

int crx_unpack_add(struct crx_unpack *u, const struct crx_unpack_spot *spot, struct crx_node **out,
		   struct crx_err *err)
{
	if (spot->dir->file != CRX_EXCLUDED)
		u->entries++;
	if (crx_unpack_check_size(u, err) < 0)
		return err->code;
	return crx_names_add(&u->names, spot->dir, spot->name, spot->len, out, err);
}

static int create_parent(struct crx_unpack *u, const struct crx_unpack_spot *spot,
			 struct crx_node **out, struct crx_err *err)
{
	int ret = crx_unpack_add(u, spot, out, err);

	if (ret < 0)
		return ret;
	(*out)->mode = S_IFDIR | 0755;
	(*out)->implied = true;
	return crx_unpack_apply_patterns(u, *out, err);
}

/* *dir is the directory at spot, or the one that the link at spot leads to. */
static int descend(struct crx_unpack *u, const char *path, const struct crx_unpack_spot *spot,
		   bool create, struct crx_node **dir, struct crx_err *err)
{
	struct crx_node *n = crx_names_find(&u->names, spot->dir, spot->name, spot->len);
	char at[CRX_ERR_PATH_MAX];

	if (!n && create)
		return create_parent(u, spot, dir, err);
	*dir = n ? crx_names_dir(&u->names, n) : NULL;
	if (*dir || !create)
		return 0;
	if (S_ISLNK(n->mode))
		return crx_err_set(err, CRX_EFORMAT, 0, u->archive,
				   "%.300s is below the symbolic link %.300s, which leads to "
				   "%.200s, which is not a directory in the archive before it",
				   path, crx_tree_path(n, at, sizeof(at)), n->target);
	return crx_err_set(err, CRX_EFORMAT, 0, u->archive,
			   "%.400s is below %.400s, which is not a directory", path,
			   crx_tree_path(n, at, sizeof(at)));
}

static bool is_up(const char *part, size_t len)
{
	return len == 2 && part[0] == '.' && part[1] == '.';
}

int crx_unpack_find_spot(struct crx_unpack *u, const char *path, bool create,
			 struct crx_unpack_spot *spot, struct crx_err *err)
{
	struct crx_unpack_spot at = { .dir = u->tree->root };
	const char *part = path;
	size_t n;
	int ret;

	*spot = (struct crx_unpack_spot){ 0 };
	if (strnlen(path, CRX_UNPACK_PATH_MAX + 1) > CRX_UNPACK_PATH_MAX)
		return crx_err_set(err, CRX_EFORMAT, 0, u->archive,
				   "has a path of more than %d bytes: %.100s...",
				   CRX_UNPACK_PATH_MAX, path);
	for (;; part += n) {
		part += strspn(part, "/");
		n = strcspn(part, "/");
		if (n == 1 && *part == '.')
			continue;
		if (is_up(part, n))
			return crx_err_set(err, CRX_EFORMAT, 0, u->archive,
					   "%.800s: paths with \"..\" are not supported", path);
		if (at.name && n) {
			ret = descend(u, path, &at, create, &at.dir, err);
			if (ret < 0 || !at.dir)
				return ret;
		}
		if (!n)
			break;
		at.name = part;
		at.len = n;
	}
	if (at.name)
		*spot = at;
	return 0;
}

int crx_unpack_replace(struct crx_unpack *u, const struct crx_archive_member *m,
		       const struct crx_unpack_spot *spot, struct crx_node **out,
		       struct crx_err *err)
{
	struct crx_node *n = crx_names_find(&u->names, spot->dir, spot->name, spot->len);

	*out = n;
	if (!n)
		return crx_unpack_add(u, spot, out, err);
	if (n->nchildren)
		return crx_err_set(err, CRX_EFORMAT, 0, u->archive,
				   "%.500s replaces a directory that is not empty", m->path);
	if (spot->dir->file != CRX_EXCLUDED)
		set_excluded(u, n, false);
	crx_tree_clear(n);
	return 0;
}
