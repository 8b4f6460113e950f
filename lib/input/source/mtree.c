/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "input/source/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "input/source/dir.h"
#include "input/source/input.h"
#include "input/source/mtree_line.h"
#include "input/source/unpack.h"

enum { MANIFEST_MAX = 256 << 20 };

struct manifest {
	const struct crx_source_opts *o;
	struct crx_unpack u; /* its tree and names; no archive, and no options */
	struct crx_mtree_reader lines;
	struct crx_dir *dir; /* of the manifest */
	char *cwd, *joined;  /* "" or "a/b/"; that and an entry's name */
	size_t cwd_len, cwd_cap, joined_cap;
	struct crx_place place;   /* of the entry */
	const char *user, *group; /* the names that came last */
};

static int bad(const struct manifest *m, const char *path, const char *what, struct crx_err *err)
{
	return crx_place_err(err, CRX_EFORMAT, 0, &m->place, "%.400s: %s", path, what);
}

/* --- contents --- */

/* The file at rel, without a link on the way; -1 with errno. */
static int open_strictly(int dirfd, const char *rel)
{
	int at = dup(dirfd), next, saved;
	char part[CRX_ERR_PATH_MAX];
	size_t len;

	while (at >= 0) {
		rel += strspn(rel, "/");
		len = strcspn(rel, "/");
		errno = len >= sizeof(part) ? ENAMETOOLONG : ELOOP;
		next = -1;
		if (len < sizeof(part) && !(len == 2 && rel[0] == '.' && rel[1] == '.')) {
			memcpy(part, rel, len);
			part[len] = '\0';
			rel += len + strspn(rel + len, "/");
			next = openat(at, len ? part : ".",
				      O_RDONLY | O_NOFOLLOW | O_CLOEXEC |
					      (*rel ? O_DIRECTORY : O_NONBLOCK | O_NOCTTY));
		}
		saved = errno;
		close(at);
		errno = saved;
		at = next;
		if (at < 0 || !*rel)
			break;
	}
	return at;
}

/* *there: it is one, and its size. False only with optional. */
static int find_contents(struct manifest *m, const char *path, const struct crx_mtree_attrs *a,
			 uint64_t *size, bool *there, struct crx_err *err)
{
	const char *rel = a->contents ? a->contents : path;
	char text[CRX_ERR_PATH_MAX];
	struct stat st;
	int fd, ret = 0;

	*there = false;
	if (*rel == '/')
		return bad(m, path, "contents= must be relative to the manifest's directory", err);
	fd = open_strictly(m->dir->fd, rel);
	if (fd < 0 && errno == ENOENT && a->optional)
		return 0;
	snprintf(text, sizeof(text), "cannot open its contents, %.300s beside the manifest%s", rel,
		 fd < 0 && errno == ELOOP ? ", without following a link or \"..\"" : "");
	if (fd < 0)
		return crx_place_err(err, CRX_EIO, errno, &m->place, "%.300s: %s", path, text);
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		ret = bad(m, path, "its contents are no regular file", err);
	else if (m->o->on_contents)
		ret = m->o->on_contents(m->o->on_contents_ctx, &st, err);
	close(fd);
	*there = !ret;
	*size = ret ? 0 : (uint64_t)st.st_size;
	return ret;
}

static int put_contents(struct manifest *m, const char *path, const struct crx_mtree_attrs *a,
			uint64_t size, struct crx_node *n, struct crx_err *err)
{
	struct crx_dir_place *p = crx_dir_place(m->dir, NULL, a->contents ? a->contents : path);

	if (!p)
		return crx_err_nomem(err, "reading a manifest");
	crx_dir_contents(m->dir, p, size, n);
	n->link_dev = 0;
	n->link_ino = 0;
	return 0;
}

/* --- entries --- */

/* A copy of name, made once for a row of equal ones; *last is the latest copy. */
static const char *keep_name(struct manifest *m, const char *name, const char **last)
{
	size_t len = strlen(name) + 1;
	char *copy;

	if (*last && !strcmp(*last, name))
		return *last;
	copy = crx_arena_alloc(&m->dir->places, len);
	if (copy)
		*last = memcpy(copy, name, len);
	return copy;
}

static bool put_owner(struct manifest *m, const struct crx_mtree_attrs *a, struct crx_node *n)
{
	if (a->has_uid) {
		n->uid = a->uid;
		n->user = NULL;
	}
	if (a->has_gid) {
		n->gid = a->gid;
		n->group = NULL;
	}
	if (a->user && !(n->user = keep_name(m, a->user, &m->user)))
		return false;
	return !a->group || (n->group = keep_name(m, a->group, &m->group));
}

static int put_attrs(struct manifest *m, const char *path, const struct crx_mtree_attrs *a,
		     struct crx_node *n, struct crx_err *err)
{
	char *target;

	if (!put_owner(m, a, n))
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

static int make(struct manifest *m, const char *path, const struct crx_mtree_attrs *a,
		const struct crx_unpack_spot *spot, struct crx_err *err)
{
	struct crx_node *n;
	uint64_t size = 0;
	bool there = true;
	int ret = 0;

	if (!a->type)
		return bad(m, path, "is not in the tree, and has no type=", err);
	if (S_ISLNK(a->type) && !a->link)
		return bad(m, path, "is a symbolic link without link=", err);
	if ((S_ISCHR(a->type) || S_ISBLK(a->type)) && !a->has_device)
		return bad(m, path, "is a device without device=", err);
	if (S_ISREG(a->type))
		ret = find_contents(m, path, a, &size, &there, err);
	if (ret < 0 || !there)
		return ret;
	ret = crx_unpack_add(&m->u, spot, &n, err);
	if (ret < 0)
		return ret;
	n->mode = a->type | (S_ISDIR(a->type) ? 0755 : S_ISLNK(a->type) ? 0777 : 0644);
	if (S_ISREG(a->type))
		ret = put_contents(m, path, a, size, n, err);
	return ret < 0 ? ret : put_attrs(m, path, a, n, err);
}

static int change(struct manifest *m, const char *path, const struct crx_mtree_attrs *a,
		  struct crx_node *n, struct crx_err *err)
{
	uint64_t size;
	bool there;
	int ret;

	if (S_ISDIR(a->type) && crx_names_dir(&m->u.names, n))
		n = crx_names_dir(&m->u.names, n);
	if (a->type && a->type != (n->mode & S_IFMT))
		return bad(m, path, "is there already, and of another type", err);
	if (a->contents && S_ISREG(n->mode)) {
		ret = find_contents(m, path, a, &size, &there, err);
		if (!ret && there)
			ret = put_contents(m, path, a, size, n, err);
		if (ret < 0)
			return ret;
	}
	return put_attrs(m, path, a, n, err);
}

/* The path of an entry in m->joined: a name with a '/' begins at the root. */
static int join(struct manifest *m, const char *name, struct crx_err *err)
{
	size_t len = strlen(name), at = strchr(name, '/') ? 0 : m->cwd_len;

	if (!crx_grow(&m->joined, &m->joined_cap, at + len + 1, 1))
		return crx_err_nomem(err, "reading a manifest");
	if (at)
		memcpy(m->joined, m->cwd, at);
	memcpy(m->joined + at, name, len + 1);
	return 0;
}

/* A directory's entries follow it, up to "..". */
static int enter_dir(struct manifest *m, const char *name, struct crx_err *err)
{
	size_t len = strlen(name);

	if (!crx_grow(&m->cwd, &m->cwd_cap, m->cwd_len + len + 1, 1))
		return crx_err_nomem(err, "reading a manifest");
	memcpy(m->cwd + m->cwd_len, name, len);
	m->cwd[m->cwd_len + len] = '/';
	m->cwd_len += len + 1;
	return 0;
}

static void leave_dir(struct manifest *m)
{
	if (m->cwd_len)
		m->cwd_len--;
	while (m->cwd_len && m->cwd[m->cwd_len - 1] != '/')
		m->cwd_len--;
}

static int entry(struct manifest *m, const char *name, const struct crx_mtree_attrs *a,
		 struct crx_err *err)
{
	struct crx_unpack_spot spot;
	struct crx_node *n;
	int ret;

	if (!strcmp(name, "..")) {
		leave_dir(m);
		return 0;
	}
	ret = join(m, name, err);
	if (!ret)
		ret = crx_unpack_path(&m->u, m->joined, true, &spot, err);
	if (ret < 0)
		return ret;
	n = m->u.tree->root;
	if (spot.dir)
		n = crx_names_find(&m->u.names, spot.dir, spot.name, spot.len);
	ret = n ? change(m, m->joined, a, n, err) : make(m, m->joined, a, &spot, err);
	if (ret < 0 || !spot.dir || strchr(name, '/') ||
	    !S_ISDIR(a->type ? a->type
		     : n     ? n->mode
			     : 0))
		return ret;
	return enter_dir(m, name, err);
}

static int apply(struct manifest *m, struct crx_err *err)
{
	struct crx_mtree_attrs a;
	char *name;
	int ret;

	while ((ret = crx_mtree_next(&m->lines, &m->place, &name, &a, err)) > 0) {
		ret = entry(m, name, &a, err);
		if (ret < 0)
			return ret;
	}
	return ret;
}

/* "dir/" or "." */
static char *dir_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? crx_strndup(path, (size_t)(slash - path) + 1) : crx_strdup(".");
}

int crx_source_mtree(const struct crx_input *in, const struct crx_source_opts *o,
		     struct crx_tree *t, struct crx_source *s, struct crx_err *err)
{
	static const struct crx_source_opts plain = { 0 };
	struct manifest m = {
		.o = o,
		.u = { .archive = in->name, .o = &plain, .page_size = 4096, .tree = t },
		.lines = { .next = { in->name, 1, 0 } },
	};
	char *text = NULL, *dir = in->piped ? crx_strdup(".") : dir_of(in->path);
	size_t len;
	int ret;

	*s = (struct crx_source){ 0 };
	ret = dir ? crx_dir_open(dir, &m.dir, s, err) : crx_err_nomem(err, "reading a manifest");
	free(dir);
	if (!ret)
		ret = crx_input_text(in, MANIFEST_MAX, &text, &len, err);
	if (!ret && memchr(text, 0, len))
		ret = crx_err_set(err, CRX_EFORMAT, 0, in->name,
				  "is no mtree manifest: it holds a NUL byte");
	if (!ret)
		ret = crx_names_init(&m.u.names, t, err);
	m.lines.text = m.lines.at = text;
	if (!ret)
		ret = apply(&m, err);
	crx_names_free(&m.u.names);
	free(m.cwd);
	free(m.joined);
	free(text);
	return ret < 0 ? ret : crx_tree_finish(t, err);
}
