/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "input/source/mtree.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "input/source/input.h"

enum { MANIFEST_MAX = 256 << 20 };

/* A copy of name that lives as long as the source. *last is the latest copy: most
 * entries have the same owner as the one before. */
static const char *copy_name(struct crx_mtree *m, const char *name, const char **last)
{
	if (!*last || strcmp(*last, name) != 0)
		*last = crx_arena_strndup(&m->dir->places, name, strlen(name));
	return *last;
}

static bool set_owner(struct crx_mtree *m, const struct crx_mtree_owner *o, uint32_t *id,
		      const char **name, const char **last)
{
	if (o->has_id) {
		*id = o->id;
		*name = NULL;
	}
	return !o->name || (*name = copy_name(m, o->name, last));
}

static int set_attrs(struct crx_mtree *m, const char *path, const struct crx_mtree_attrs *a,
		     struct crx_node *n, struct crx_err *err)
{
	char *target;

	if (!set_owner(m, &a->user, &n->uid, &n->user, &m->last_user) ||
	    !set_owner(m, &a->group, &n->gid, &n->group, &m->last_group))
		return crx_err_nomem(err, "reading a manifest");
	n->implied = false;
	if (a->has_mode && !S_ISLNK(n->mode))
		n->mode = (n->mode & S_IFMT) | a->mode;
	if (a->has_device) {
		n->dev_major = a->dev_major;
		n->dev_minor = a->dev_minor;
	}
	if (!S_ISLNK(n->mode) || !a->link)
		return 0;
	target = crx_strdup(a->link);
	if (!target)
		return crx_err_nomem(err, path);
	free(n->target);
	n->target = target;
	return 0;
}

static int create_node(struct crx_mtree *m, const char *path, const struct crx_mtree_attrs *a,
		       const struct crx_unpack_spot *spot, struct crx_err *err)
{
	struct crx_node *n;
	uint64_t size = 0;
	bool found = true;
	int ret = 0;

	if (!a->type)
		return crx_mtree_bad(m, path, "is not in the tree and has no type=", err);
	if (S_ISLNK(a->type) && !a->link)
		return crx_mtree_bad(m, path, "is a symbolic link without link=", err);
	if ((S_ISCHR(a->type) || S_ISBLK(a->type)) && !a->has_device)
		return crx_mtree_bad(m, path, "is a device without device=", err);
	if (S_ISREG(a->type))
		ret = crx_mtree_find_contents(m, path, a, &size, &found, err);
	if (ret < 0 || !found)
		return ret;
	ret = crx_unpack_add(&m->u, spot, &n, err);
	if (ret < 0)
		return ret;
	n->mode = a->type | (S_ISDIR(a->type) ? 0755 : S_ISLNK(a->type) ? 0777 : 0644);
	if (S_ISREG(a->type))
		ret = crx_mtree_set_contents(m, path, a, size, n, err);
	return ret < 0 ? ret : set_attrs(m, path, a, n, err);
}

static int change_node(struct crx_mtree *m, const char *path, const struct crx_mtree_attrs *a,
		       struct crx_node *n, struct crx_err *err)
{
	uint64_t size;
	bool found;
	int ret;

	if (S_ISDIR(a->type) && crx_names_dir(&m->u.names, n))
		n = crx_names_dir(&m->u.names, n);
	if (a->type && a->type != (n->mode & S_IFMT))
		return crx_mtree_bad(m, path, "already exists, with another type", err);
	if (a->contents && S_ISREG(n->mode)) {
		ret = crx_mtree_find_contents(m, path, a, &size, &found, err);
		if (!ret && found)
			ret = crx_mtree_set_contents(m, path, a, size, n, err);
		if (ret < 0)
			return ret;
	}
	return set_attrs(m, path, a, n, err);
}

/* Sets m->path and *spot for a name without '/'. */
static int find_in_cwd(struct crx_mtree *m, const char *name, struct crx_unpack_spot *spot,
		       struct crx_err *err)
{
	size_t len = strlen(name);

	if (!crx_grow(&m->path, &m->path_cap, m->cwd_len + len + 2, 1))
		return crx_err_nomem(err, "reading a manifest");
	memcpy(m->path + m->cwd_len, name, len + 1);
	if (!strcmp(name, ".") || m->cwd_len + len > CRX_UNPACK_PATH_MAX)
		return crx_unpack_find_spot(&m->u, m->path, true, spot, err);
	*spot = (struct crx_unpack_spot){ m->depth ? m->cwd[m->depth - 1] : m->u.tree->root,
					  m->path + m->cwd_len, len };
	return 0;
}

/* The entries of a directory follow it, up to "..". m->path is its path, of which the name has
 * len bytes. */
static int enter_dir(struct crx_mtree *m, const struct crx_unpack_spot *spot, size_t len,
		     struct crx_err *err)
{
	struct crx_node *n = crx_names_find(&m->u.names, spot->dir, spot->name, spot->len);

	if (!crx_grow(&m->cwd, &m->cwd_cap, m->depth + 1, sizeof(struct crx_node *)))
		return crx_err_nomem(err, "reading a manifest");
	m->cwd[m->depth++] = crx_names_dir(&m->u.names, n);
	m->cwd_len += len;
	m->path[m->cwd_len++] = '/';
	return 0;
}

static void leave_dir(struct crx_mtree *m)
{
	if (!m->depth)
		return;
	m->depth--;
	m->cwd_len--;
	while (m->cwd_len && m->path[m->cwd_len - 1] != '/')
		m->cwd_len--;
}

/* A name with a '/' is relative to the root. */
static int apply_entry(struct crx_mtree *m, const char *name, const struct crx_mtree_attrs *a,
		       struct crx_err *err)
{
	bool whole = strchr(name, '/');
	struct crx_unpack_spot spot;
	struct crx_node *n;
	const char *path;
	bool is_dir;
	int ret;

	if (!strcmp(name, "..")) {
		leave_dir(m);
		return 0;
	}
	ret = whole ? crx_unpack_find_spot(&m->u, name, true, &spot, err)
		    : find_in_cwd(m, name, &spot, err);
	if (ret < 0)
		return ret;
	path = whole ? name : m->path;
	n = m->u.tree->root;
	if (spot.dir)
		n = crx_names_find(&m->u.names, spot.dir, spot.name, spot.len);
	is_dir = S_ISDIR(a->type) || (!a->type && n && S_ISDIR(n->mode));
	ret = n ? change_node(m, path, a, n, err) : create_node(m, path, a, &spot, err);
	if (ret < 0 || !is_dir || !spot.dir || whole)
		return ret;
	return enter_dir(m, &spot, strlen(name), err);
}

static int apply_lines(struct crx_mtree *m, struct crx_err *err)
{
	struct crx_mtree_attrs a;
	char *name;
	int ret;

	while ((ret = crx_mtree_next(&m->lines, &m->place, &name, &a, err)) > 0) {
		ret = apply_entry(m, name, &a, err);
		if (ret < 0)
			return ret;
	}
	return ret;
}

/* "dir/" or "." */
static char *dir_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? crx_strndup(path, (size_t)(slash - path) + 1) : crx_strdup(".");
}

int crx_source_mtree(const struct crx_input *in, const struct crx_source_opts *o,
		     struct crx_tree *t, struct crx_source *s, struct crx_err *err)
{
	static const struct crx_source_opts plain = { 0 };
	struct crx_mtree m = {
		.o = o,
		.u = { .archive = in->file.path, .o = &plain, .page_size = 4096, .tree = t },
		.lines = { .next = { in->file.path, 1, 0 } },
	};
	char *text = NULL, *dir = in->piped ? crx_strdup(".") : dir_part(in->path);
	size_t len;
	int ret;

	*s = (struct crx_source){ 0 };
	ret = dir ? crx_dir_open(dir, &m.dir, s, err) : crx_err_nomem(err, "reading a manifest");
	free(dir);
	if (!ret)
		ret = crx_io_read_rest(&in->file, MANIFEST_MAX, &text, &len, err);
	if (!ret && memchr(text, 0, len))
		ret = crx_err_set(err, CRX_EFORMAT, 0, in->file.path,
				  "is not an mtree manifest: it contains a NUL byte");
	if (!ret)
		ret = crx_names_init(&m.u.names, t, err);
	m.lines.at = text;
	if (!ret)
		ret = apply_lines(&m, err);
	crx_names_free(&m.u.names);
	free(m.cwd);
	free(m.path);
	free(text);
	return ret < 0 ? ret : crx_tree_finish(t, err);
}
