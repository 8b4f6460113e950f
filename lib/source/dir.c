/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "source/source.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "source/dir.h"

/*
 * The C library's own calls only (fstatat, openat, readlinkat, readdir):
 * fakeroot and pseudo replace those, and raw system calls would pass them by.
 */

enum { LINK_MAX_LEN = 1 << 20 };

static int read_link(int dirfd, const char *name, struct crx_node *n, struct crx_err *err)
{
	char path[CRX_ERR_PATH_MAX];
	size_t cap = 256;
	ssize_t len;
	char *buf;

	for (;;) {
		buf = crx_alloc(cap, 1);
		if (!buf)
			return crx_err_nomem(err, "reading a link");
		len = readlinkat(dirfd, name, buf, cap);
		if (len < 0) {
			int e = errno;

			free(buf);
			return crx_err_set(err, CRX_EIO, e, crx_tree_path(n, path, sizeof(path)), "cannot read the link");
		}
		if ((size_t)len < cap || cap >= LINK_MAX_LEN)
			break;
		free(buf);
		cap *= 2;
	}
	buf[(size_t)len < cap ? (size_t)len : cap - 1] = '\0';
	n->target = buf;
	return 0;
}

static void fill(struct crx_node *n, const struct stat *st)
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

/* A directory that is to be read */
struct due {
	struct crx_node *node;
	const struct crx_dir_place *place; /* NULL: the root */
};

struct queue {
	struct due *due;
	size_t len, cap;
};

static int add_entry(struct crx_dir *d, struct due dir, int dirfd, const char *name, struct queue *q, struct crx_err *err)
{
	char path[CRX_ERR_PATH_MAX];
	struct crx_dir_place *p = NULL;
	struct crx_node *n;
	struct stat st;
	int ret;

	ret = crx_tree_add(dir.node, name, &n, err);
	if (ret < 0)
		return ret;
	if (fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return crx_err_set(err, CRX_EIO, errno, crx_tree_path(n, path, sizeof(path)), "cannot stat");
	fill(n, &st);
	if (S_ISLNK(n->mode))
		return read_link(dirfd, name, n, err);
	if (!S_ISDIR(n->mode) && !S_ISREG(n->mode))
		return 0;
	p = crx_dir_place(d, dir.place, name);
	if (!p || (S_ISDIR(n->mode) && !crx_grow(&q->due, &q->cap, q->len + 1, sizeof(*q->due))))
		return crx_err_nomem(err, "reading the tree");
	if (S_ISDIR(n->mode))
		q->due[q->len++] = (struct due){ n, p };
	else
		crx_dir_contents(d, p, (uint64_t)st.st_size, n);
	return 0;
}

static int read_dir(struct crx_dir *s, struct due dir, struct queue *q, struct crx_err *err)
{
	char path[CRX_ERR_PATH_MAX];
	struct dirent *e;
	int ret = 0;
	DIR *d;
	int fd = crx_dir_open_place(s, dir.place, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, err);

	if (fd < 0)
		return err->code;
	d = fdopendir(fd);
	if (!d) {
		ret = crx_err_set(err, CRX_EIO, errno, crx_tree_path(dir.node, path, sizeof(path)), "cannot read the directory");
		close(fd);
		return ret;
	}
	while (!ret) {
		errno = 0;
		e = readdir(d);
		if (!e) {
			if (errno)
				ret = crx_err_set(err, CRX_EIO, errno, crx_tree_path(dir.node, path, sizeof(path)), "cannot read the directory");
			break;
		}
		if (strcmp(e->d_name, ".") && strcmp(e->d_name, ".."))
			ret = add_entry(s, dir, fd, e->d_name, q, err);
	}
	closedir(d);
	return ret;
}

/* Breadth first over a queue of directories: neither depth nor the number of
 * open files matters. */
static int read_all(struct crx_dir *d, struct crx_tree *t, struct crx_err *err)
{
	struct queue q = { 0 };
	size_t i;
	int ret = 0;

	if (!crx_grow(&q.due, &q.cap, 1, sizeof(*q.due)))
		return crx_err_nomem(err, "reading the tree");
	q.due[q.len++] = (struct due){ t->root, NULL };
	for (i = 0; i < q.len && !ret; i++)
		ret = read_dir(d, q.due[i], &q, err);
	free(q.due);
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
		return crx_err_set(err, CRX_EIO, 0, path, "is not a directory; the source is the root directory of the image");
	return crx_err_set(err, CRX_EIO, errno, path, "cannot open the source directory");
}

int crx_source_dir(const char *path, struct crx_tree *t, struct crx_source *out, struct crx_err *err)
{
	struct crx_dir *d;
	struct stat st;
	int ret;

	ret = crx_dir_open(path, &d, out, err);
	if (ret < 0)
		return ret;
	if (fstat(d->fd, &st) < 0)
		return crx_err_set(err, CRX_EIO, errno, path, "cannot stat the source directory");
	ret = crx_tree_init(t, err);
	if (ret < 0)
		return ret;
	fill(t->root, &st);
	ret = read_all(d, t, err);
	return ret < 0 ? ret : crx_tree_finish(t, err);
}
