/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "input/source/source.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "input/edit/filter.h"
#include "input/source/dir.h"
#include "input/source/dir_xattrs.h"

/*
 * Only functions of the C library (fstatat, openat, readlinkat, readdir,
 * llistxattr): fakeroot and pseudo replace those, but not raw system calls.
 */

/* No link is longer than a page of the build machine. */
enum { LINK_MAX_LEN = 1 << 16 };

static int read_link(int dirfd, const char *name, struct crx_node *n, struct crx_err *err)
{
	char path[CRX_ERR_PATH_MAX], target[LINK_MAX_LEN];
	ssize_t len = readlinkat(dirfd, name, target, sizeof(target));

	if (len < 0)
		return crx_err_set(err, CRX_EIO, errno, crx_tree_path(n, path, sizeof(path)),
				   "cannot read the link");
	n->target = crx_strndup(target, (size_t)len);
	return n->target ? 0 : crx_err_nomem(err, "reading a link");
}

static void set_attrs(struct crx_node *n, const struct stat *st)
{
	n->mode = st->st_mode;
	n->uid = st->st_uid;
	n->gid = st->st_gid;
	if (S_ISCHR(st->st_mode) || S_ISBLK(st->st_mode)) {
		n->dev_major = major(st->st_rdev);
		n->dev_minor = minor(st->st_rdev);
	}
	if (S_ISREG(st->st_mode) && st->st_nlink > 1) {
		n->link_dev = st->st_dev;
		n->link_ino = st->st_ino;
	}
}

/* A directory that has not been read yet. */
struct pending_dir {
	struct crx_node *node;
	const struct crx_dir_place *place; /* NULL: the root */
};

struct walk {
	struct crx_dir *dir;
	const char *root; /* its path */
	const struct crx_source_opts *o;
	struct crx_dir_xattrs xattrs;
	struct pending_dir *queue; /* all directories found so far */
	size_t len, cap;
};

/* Sets n->dropped; n is called name in the directory dirfd. llistxattr() has no
 * variant that takes dirfd, and flistxattr() cannot be used on a link. */
static void find_dropped(struct walk *w, struct crx_node *n, int dirfd, const char *name,
			 uint64_t dev)
{
	size_t len = strlen(w->root);
	char path[PATH_MAX];

	if (len + 16 < sizeof(path) && *crx_tree_path(n, path + len, sizeof(path) - len) == '/')
		memcpy(path, w->root, len);
	else
		snprintf(path, sizeof(path), "/proc/self/fd/%d/%s", dirfd, name);
	n->dropped = (uint8_t)crx_dir_xattrs_find(&w->xattrs, path, dev);
}

static int handle_no_stat(struct walk *w, struct crx_node *n, struct crx_err *err)
{
	char path[CRX_ERR_PATH_MAX];
	int why = errno;

	crx_tree_path(n, path, sizeof(path));
	if (!w->o->lossy)
		return crx_err_set(err, CRX_EIO, why, path, "cannot stat");
	crx_log_warn(w->o->log, path, "cannot stat: %s; it is not in the image (--lossy)",
		     strerror(why));
	n->file = CRX_EXCLUDED;
	return 0;
}

/* What patterns exclude is not read any further, so it need not be readable. */
static int apply_patterns(struct walk *w, struct crx_node *n, struct crx_err *err)
{
	bool matches;
	int ret = crx_filter_match(&w->o->exclude, n, &matches, err);

	if (!ret && matches)
		n->file = CRX_EXCLUDED;
	return ret;
}

static int add_entry(struct walk *w, struct pending_dir dir, int dirfd, const char *name,
		     struct crx_err *err)
{
	struct crx_dir_place *p = NULL;
	struct crx_node *n;
	struct stat st;
	int ret;

	ret = crx_tree_add(dir.node, name, &n, err);
	if (ret < 0)
		return ret;
	if (fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return handle_no_stat(w, n, err);
	set_attrs(n, &st);
	ret = apply_patterns(w, n, err);
	if (ret < 0 || n->file == CRX_EXCLUDED)
		return ret;
	find_dropped(w, n, dirfd, name, st.st_dev);
	if (S_ISLNK(n->mode))
		return read_link(dirfd, name, n, err);
	if (!S_ISDIR(n->mode) && !S_ISREG(n->mode))
		return 0;
	p = crx_dir_place(w->dir, dir.place, name);
	if (!p ||
	    (S_ISDIR(n->mode) && !crx_grow(&w->queue, &w->cap, w->len + 1, sizeof(*w->queue))))
		return crx_err_nomem(err, "reading the tree");
	if (S_ISDIR(n->mode))
		w->queue[w->len++] = (struct pending_dir){ n, p };
	else
		crx_dir_set_contents(w->dir, p, (uint64_t)st.st_size, n);
	return 0;
}

static int read_dir(struct walk *w, struct pending_dir dir, struct crx_err *err)
{
	char path[CRX_ERR_PATH_MAX];
	struct dirent *e;
	int ret = 0;
	DIR *d;
	int fd = crx_dir_open_place(w->dir, dir.place, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, err);

	if (fd < 0)
		return err->code;
	d = fdopendir(fd);
	if (!d) {
		ret = crx_err_set(err, CRX_EIO, errno, crx_tree_path(dir.node, path, sizeof(path)),
				  "cannot read the directory");
		close(fd);
		return ret;
	}
	while (!ret) {
		errno = 0;
		e = readdir(d);
		if (!e) {
			if (errno)
				ret = crx_err_set(err, CRX_EIO, errno,
						  crx_tree_path(dir.node, path, sizeof(path)),
						  "cannot read the directory");
			break;
		}
		if (strcmp(e->d_name, ".") && strcmp(e->d_name, ".."))
			ret = add_entry(w, dir, fd, e->d_name, err);
	}
	closedir(d);
	return ret;
}

/* Breadth first, with a queue of directories: neither the stack nor the number of
 * open files limits the depth of the tree. */
static int read_all(struct walk *w, struct crx_tree *t, uint64_t dev, struct crx_err *err)
{
	size_t i;
	int ret = crx_dir_xattrs_open(&w->xattrs, w->root, err);

	if (!ret && !crx_grow(&w->queue, &w->cap, 1, sizeof(*w->queue)))
		ret = crx_err_nomem(err, "reading the tree");
	if (!ret) {
		find_dropped(w, t->root, w->dir->fd, "", dev);
		w->queue[w->len++] = (struct pending_dir){ t->root, NULL };
	}
	for (i = 0; i < w->len && !ret; i++)
		ret = read_dir(w, w->queue[i], err);
	crx_dir_xattrs_close(&w->xattrs);
	free(w->queue);
	return ret;
}

static void dir_free(void *state)
{
	struct crx_dir *d = state;

	if (d->fd >= 0)
		close(d->fd);
	crx_arena_free(&d->places);
	free(d);
}

int crx_dir_open(const char *path, struct crx_dir **out, struct crx_source *s, struct crx_err *err)
{
	struct crx_dir *d = crx_zalloc(1, sizeof(*d));

	*s = (struct crx_source){ 0 };
	*out = d;
	if (!d)
		return crx_err_nomem(err, "opening the source");
	*s = (struct crx_source){ .state = d, .free = dir_free };
	d->fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (d->fd >= 0)
		return 0;
	if (errno == ENOTDIR)
		return crx_err_set(err, CRX_EIO, 0, path,
				   "is not a directory (SOURCE becomes the root of the image)");
	return crx_err_set(err, CRX_EIO, errno, path, "cannot open the source directory");
}

int crx_source_dir(const char *path, const struct crx_source_opts *o, struct crx_tree *t,
		   struct crx_source *out, struct crx_err *err)
{
	struct walk w = { .root = path, .o = o };
	struct stat st;
	int ret;

	ret = crx_dir_open(path, &w.dir, out, err);
	if (ret < 0)
		return ret;
	if (fstat(w.dir->fd, &st) < 0)
		return crx_err_set(err, CRX_EIO, errno, path, "cannot stat the source directory");
	ret = crx_tree_init(t, err);
	if (ret < 0)
		return ret;
	set_attrs(t->root, &st);
	ret = read_all(&w, t, st.st_dev, err);
	if (ret < 0)
		return ret;
	crx_source_prune(t);
	return crx_tree_finish(t, err);
}
