/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "source/source.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/io.h"

/*
 * The C library's own calls only (fstatat, openat, readlinkat, readdir):
 * fakeroot and pseudo replace those, and raw system calls would pass them by.
 */

struct dir_source {
	int fd; /* of the root directory */
};

enum { LINK_MAX_LEN = 1 << 20 };

/* openat() of a path of any length: what passes PATH_MAX is opened piece by
 * piece. rel is changed while this runs. */
static int open_below(int rootfd, char *rel, int flags)
{
	int at = rootfd, next, saved;
	char *cut;

	while (strlen(rel) >= PATH_MAX) {
		cut = rel + PATH_MAX - 1;
		while (*cut != '/')
			cut--;
		*cut = '\0';
		next = openat(at, rel, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		*cut = '/';
		saved = errno;
		if (at != rootfd)
			close(at);
		errno = saved;
		if (next < 0)
			return -1;
		at = next;
		rel = cut + 1;
	}
	next = openat(at, *rel ? rel : ".", flags | O_CLOEXEC);
	saved = errno;
	if (at != rootfd)
		close(at);
	errno = saved;
	return next;
}

/* The file of node below the root, opened; -1 with err filled. */
static int open_node(const struct dir_source *s, const struct crx_node *n, int flags, struct crx_err *err)
{
	char *path = crx_tree_path_dup(n);
	int fd;

	if (!path) {
		crx_err_nomem(err, "opening a file");
		return -1;
	}
	fd = open_below(s->fd, path + 1, flags);
	if (fd < 0)
		crx_err_set(err, CRX_EIO, errno, path, "cannot open");
	free(path);
	return fd;
}

struct dir_file {
	int fd;
	const struct crx_node *node;
};

/* Still the regular file of the size that the tree was read with? */
static int check_same(const struct dir_file *h, struct crx_err *err)
{
	char path[CRX_ERR_PATH_MAX];
	struct stat st;

	if (fstat(h->fd, &st) < 0)
		return crx_err_set(err, CRX_EIO, errno, crx_tree_path(h->node, path, sizeof(path)), "cannot stat");
	if (!S_ISREG(st.st_mode) || (uint64_t)st.st_size != h->node->size)
		return crx_err_set(err, CRX_ECHANGED, 0, crx_tree_path(h->node, path, sizeof(path)),
				   "changed while the image was being built (it had %llu bytes, now %lld); build again when nothing writes to the tree",
				   (unsigned long long)h->node->size, (long long)st.st_size);
	return 0;
}

static int file_open(const struct crx_content *c, void **handle, struct crx_err *err)
{
	struct dir_file *h = crx_zalloc(1, sizeof(*h));
	int ret;

	if (!h)
		return crx_err_nomem(err, "opening a file");
	h->node = c->key;
	/* O_NONBLOCK: should a FIFO stand there by now, do not wait for a writer */
	h->fd = open_node(c->source, h->node, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, err);
	ret = h->fd < 0 ? err->code : check_same(h, err);
	if (ret < 0) {
		if (h->fd >= 0)
			close(h->fd);
		free(h);
		return ret;
	}
	*handle = h;
	return 0;
}

static int file_pread(const struct crx_content *c, void *handle, void *buf, size_t len, uint64_t off, struct crx_err *err)
{
	const struct dir_file *h = handle;
	char path[CRX_ERR_PATH_MAX];

	(void)c;
	return crx_io_pread(h->fd, buf, len, off, crx_tree_path(h->node, path, sizeof(path)), err);
}

static int file_close(const struct crx_content *c, void *handle, struct crx_err *err)
{
	struct dir_file *h = handle;
	int ret = check_same(h, err);

	(void)c;
	close(h->fd);
	free(h);
	return ret;
}

static const struct crx_content_ops file_ops = { file_open, file_pread, file_close };

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

static void fill(struct crx_node *n, const struct stat *st, struct dir_source *s)
{
	n->mode = st->st_mode;
	n->uid = st->st_uid;
	n->gid = st->st_gid;
	if (S_ISCHR(st->st_mode) || S_ISBLK(st->st_mode)) {
		n->dev_major = major(st->st_rdev);
		n->dev_minor = minor(st->st_rdev);
	}
	if (!S_ISREG(st->st_mode))
		return;
	n->size = (uint64_t)st->st_size;
	if (n->size)
		n->content = (struct crx_content){ .ops = &file_ops, .source = s, .key = n, .size = n->size };
	if (st->st_nlink > 1) {
		n->link_dev = st->st_dev;
		n->link_ino = st->st_ino;
	}
}

static int add_entry(struct dir_source *s, struct crx_node *dir, int dirfd, const char *name, struct crx_err *err)
{
	char path[CRX_ERR_PATH_MAX];
	struct crx_node *n;
	struct stat st;
	int ret;

	ret = crx_tree_add(dir, name, &n, err);
	if (ret < 0)
		return ret;
	if (fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return crx_err_set(err, CRX_EIO, errno, crx_tree_path(n, path, sizeof(path)), "cannot stat");
	fill(n, &st, s);
	return S_ISLNK(n->mode) ? read_link(dirfd, name, n, err) : 0;
}

static int read_dir(struct dir_source *s, struct crx_node *dir, struct crx_err *err)
{
	char path[CRX_ERR_PATH_MAX];
	struct dirent *e;
	int ret = 0;
	DIR *d;
	int fd = open_node(s, dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, err);

	if (fd < 0)
		return err->code;
	d = fdopendir(fd);
	if (!d) {
		ret = crx_err_set(err, CRX_EIO, errno, crx_tree_path(dir, path, sizeof(path)), "cannot read the directory");
		close(fd);
		return ret;
	}
	while (!ret) {
		errno = 0;
		e = readdir(d);
		if (!e) {
			if (errno)
				ret = crx_err_set(err, CRX_EIO, errno, crx_tree_path(dir, path, sizeof(path)), "cannot read the directory");
			break;
		}
		if (strcmp(e->d_name, ".") && strcmp(e->d_name, ".."))
			ret = add_entry(s, dir, fd, e->d_name, err);
	}
	closedir(d);
	return ret;
}

/* Breadth first over a queue of directories: neither depth nor the number of
 * open files matters. */
static int read_all(struct dir_source *s, struct crx_tree *t, struct crx_err *err)
{
	struct crx_node **queue = NULL, *n;
	size_t cap = 0, len = 1, i, j;
	int ret = 0;

	if (!crx_grow(&queue, &cap, 1, sizeof(struct crx_node *)))
		return crx_err_nomem(err, "reading the tree");
	queue[0] = t->root;
	for (i = 0; i < len && !ret; i++) {
		n = queue[i];
		ret = read_dir(s, n, err);
		for (j = 0; j < n->nchildren && !ret; j++) {
			if (!S_ISDIR(n->child[j]->mode))
				continue;
			if (!crx_grow(&queue, &cap, len + 1, sizeof(struct crx_node *)))
				ret = crx_err_nomem(err, "reading the tree");
			else
				queue[len++] = n->child[j];
		}
	}
	free(queue);
	return ret;
}

static void dir_free(void *state)
{
	struct dir_source *s = state;

	if (s->fd >= 0)
		close(s->fd);
	free(s);
}

int crx_source_dir(const char *path, struct crx_tree *t, struct crx_source *out, struct crx_err *err)
{
	struct dir_source *s = crx_zalloc(1, sizeof(*s));
	struct stat st;
	int ret;

	*out = (struct crx_source){ 0 };
	if (!s)
		return crx_err_nomem(err, "opening the source");
	*out = (struct crx_source){ .state = s, .free = dir_free };
	s->fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (s->fd < 0) {
		if (errno == ENOTDIR)
			return crx_err_set(err, CRX_EIO, 0, path, "is not a directory; the source is the root directory of the image");
		return crx_err_set(err, CRX_EIO, errno, path, "cannot open the source directory");
	}
	if (fstat(s->fd, &st) < 0)
		return crx_err_set(err, CRX_EIO, errno, path, "cannot stat the source directory");
	ret = crx_tree_init(t, err);
	if (ret < 0)
		return ret;
	fill(t->root, &st, s);
	ret = read_all(s, t, err);
	return ret < 0 ? ret : crx_tree_finish(t, err);
}

void crx_source_free(struct crx_source *s)
{
	if (s->free)
		s->free(s->state);
	*s = (struct crx_source){ 0 };
}
