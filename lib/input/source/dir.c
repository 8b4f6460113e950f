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

#include "base/io.h"
#include "input/edit/filter.h"
#include "input/source/dir.h"
#include "input/source/dir_xattrs.h"

/*
 * Only functions of the C library (fstatat, openat, readlinkat, readdir,
 * llistxattr): fakeroot and pseudo replace those, but not raw system calls.
 */

/* No link is longer than a page of the build machine. */
enum { LINK_MAX_LEN = 1 << 16 };

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

/*
 * What cannot be read is excluded with --lossy. Otherwise it is marked, so that everything of that
 * kind is reported at once. What else can fail ends the reading: something vanished, or all that
 * follows would fail too. But other builders ignore any failure of stat(), when mode is still 0.
 */
static int handle_unreadable(struct walk *w, struct crx_node *n, int why, const char *failed,
			     struct crx_err *err)
{
	bool unreadable = crx_io_is_unreadable(why);
	char path[CRX_ERR_PATH_MAX];

	crx_tree_path(n, path, sizeof(path));
	if (w->o->lossy && n->parent && (unreadable || !n->mode)) {
		crx_log_warn(w->o->log, path, "%s: %s; it is not in the image (--lossy)", failed,
			     strerror(why));
		n->file = CRX_EXCLUDED;
		return 0;
	}
	if (!unreadable)
		return crx_err_set(err, CRX_EIO, why, path, "%s", failed);
	n->unreadable = why;
	if (!S_ISDIR(n->mode))
		n->mode = S_IFREG;
	return 0;
}

static int read_link(struct walk *w, int dirfd, const char *name, struct crx_node *n,
		     struct crx_err *err)
{
	char target[LINK_MAX_LEN];
	ssize_t len = readlinkat(dirfd, name, target, sizeof(target));

	if (len < 0)
		return handle_unreadable(w, n, errno, "cannot read the link", err);
	n->target = crx_strndup(target, (size_t)len);
	return n->target ? 0 : crx_err_nomem(err, "reading a link");
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
	int ret, why;

	ret = crx_tree_add(dir.node, name, &n, err);
	if (ret < 0)
		return ret;
	why = fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) < 0 ? errno : 0;
	if (!why)
		set_attrs(n, &st);
	ret = apply_patterns(w, n, err);
	if (ret < 0 || n->file == CRX_EXCLUDED)
		return ret;
	if (why)
		return handle_unreadable(w, n, why, "cannot stat", err);
	find_dropped(w, n, dirfd, name, st.st_dev);
	if (S_ISLNK(n->mode))
		return read_link(w, dirfd, name, n, err);
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

static int open_dir(struct walk *w, struct pending_dir dir, DIR **out, struct crx_err *err)
{
	struct crx_err cannot = CRX_ERR_INIT;
	int fd =
		crx_dir_open_place(w->dir, dir.place, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, &cannot);

	*out = NULL;
	if (fd < 0 && cannot.code == CRX_EIO)
		return handle_unreadable(w, dir.node, cannot.sys_errno, "cannot open", err);
	if (fd < 0)
		return crx_err_nomem(err, "reading the tree");
	*out = fdopendir(fd);
	if (*out)
		return 0;
	close(fd);
	return crx_err_nomem(err, "reading a directory");
}

static int read_dir(struct walk *w, struct pending_dir dir, struct crx_err *err)
{
	struct dirent *e;
	DIR *d;
	int ret = open_dir(w, dir, &d, err);

	while (d && !ret) {
		errno = 0;
		e = readdir(d);
		if (!e) {
			if (errno)
				ret = handle_unreadable(w, dir.node, errno,
							"cannot read the directory", err);
			break;
		}
		if (strcmp(e->d_name, ".") && strcmp(e->d_name, ".."))
			ret = add_entry(w, dir, dirfd(d), e->d_name, err);
	}
	if (d)
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
	d->fd = crx_io_open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (d->fd >= 0)
		return 0;
	if (errno == ENOTDIR)
		return crx_err_set(err, CRX_EIO, 0, path,
				   "is not a directory (SOURCE becomes the root of the image)");
	return crx_err_set(err, CRX_EIO, errno, path, "cannot open the source directory");
}

int crx_source_dir(const char *path, const struct crx_source_opts *o, struct crx_tree *t,
		   struct crx_source *s, struct crx_err *err)
{
	struct walk w = { .root = path, .o = o };
	struct stat st;
	int ret;

	ret = crx_dir_open(path, &w.dir, s, err);
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
