/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "input/source/dir.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"

/* Only functions of the C library: see dir.c. */

/* openat() of a path of any length: one longer than PATH_MAX is opened in pieces.
 * rel is changed in between. */
static int open_below(int rootfd, char *rel, int flags)
{
	int at = rootfd, next, saved;
	char *cut;

	while (strlen(rel) >= PATH_MAX) {
		cut = rel + PATH_MAX - 1;
		while (*cut != '/')
			cut--;
		*cut = '\0';
		next = crx_io_openat(at, rel, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0);
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
	next = crx_io_openat(at, *rel ? rel : ".", flags | O_CLOEXEC, 0);
	saved = errno;
	if (at != rootfd)
		close(at);
	errno = saved;
	return next;
}

/* "/usr/bin/sh", or its end after "...", as crx_tree_path() does. */
static const char *show_path(const struct crx_dir_place *p, char *buf, size_t cap)
{
	size_t at = cap - 1, len;

	buf[at] = '\0';
	if (!p)
		buf[--at] = '/';
	for (; p; p = p->up) {
		len = strlen(p->name);
		if (len + 1 + 3 > at) {
			at -= 3;
			memcpy(buf + at, "...", 3);
			break;
		}
		at -= len;
		memcpy(buf + at, p->name, len);
		buf[--at] = '/';
	}
	memmove(buf, buf + at, cap - at);
	return buf;
}

/* The whole path, for the caller to free. */
static char *path_of(const struct crx_dir_place *p)
{
	const struct crx_dir_place *up;
	size_t len = 6;
	char *path;

	for (up = p; up; up = up->up)
		len += strlen(up->name) + 1;
	path = crx_alloc(len, 1);
	if (path)
		show_path(p, path, len);
	return path;
}

int crx_dir_open_place(const struct crx_dir *d, const struct crx_dir_place *p, int flags,
		       struct crx_err *err)
{
	char *path = path_of(p);
	int fd;

	if (!path) {
		crx_err_nomem(err, "opening a file");
		return -1;
	}
	fd = open_below(d->fd, path + 1, flags);
	if (fd < 0)
		crx_err_set(err, CRX_EIO, errno, path, "cannot open");
	free(path);
	return fd;
}

/* Fails unless the file is still regular and as large as when the tree was read. */
static int check_unchanged(const struct crx_content *c, int fd, struct crx_err *err)
{
	uint64_t expected = c->whole ? c->whole : c->size;
	char path[CRX_ERR_PATH_MAX];
	struct stat st;

	if (fstat(fd, &st) < 0)
		return crx_err_set(err, CRX_EIO, errno, show_path(c->key, path, sizeof(path)),
				   "cannot stat");
	if (!S_ISREG(st.st_mode) || (uint64_t)st.st_size != expected)
		return crx_err_set(err, CRX_ECHANGED, 0, show_path(c->key, path, sizeof(path)),
				   "changed while the image was being built: it had %llu bytes, "
				   "and has %lld now (build again when nothing writes to the tree)",
				   (unsigned long long)expected, (long long)st.st_size);
	return 0;
}

static int file_open(const struct crx_content *c, void **handle, struct crx_err *err)
{
	int *fd = crx_alloc(1, sizeof(*fd));
	int ret;

	if (!fd)
		return crx_err_nomem(err, "opening a file");
	/* O_NONBLOCK: if it is a FIFO now, do not wait for a writer */
	*fd = crx_dir_open_place(c->source, c->key, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY,
				 err);
	ret = *fd < 0 ? err->code : check_unchanged(c, *fd, err);
	if (ret < 0) {
		if (*fd >= 0)
			close(*fd);
		free(fd);
		return ret;
	}
	*handle = fd;
	return 0;
}

static int file_pread(const struct crx_content *c, void *handle, void *buf, size_t len,
		      uint64_t off, struct crx_err *err)
{
	char path[CRX_ERR_PATH_MAX];
	const int *fd = handle;

	return crx_io_pread(*fd, buf, len, off, show_path(c->key, path, sizeof(path)), err);
}

static int file_close(const struct crx_content *c, void *handle, struct crx_err *err)
{
	int *fd = handle;
	int ret = check_unchanged(c, *fd, err);

	close(*fd);
	free(fd);
	return ret;
}

static const struct crx_content_ops file_ops = { file_open, file_pread, file_close };

struct crx_dir_place *crx_dir_place(struct crx_dir *d, const struct crx_dir_place *up,
				    const char *name)
{
	size_t len = strlen(name) + 1;
	struct crx_dir_place *p = crx_arena_alloc(&d->places, sizeof(*p) + len);

	if (!p)
		return NULL;
	p->up = up;
	memcpy(p->name, name, len);
	return p;
}

void crx_dir_set_contents(struct crx_dir *d, const struct crx_dir_place *p, uint64_t size,
			  struct crx_node *n)
{
	n->size = size;
	n->content = (struct crx_content){ 0 };
	if (size)
		n->content = (struct crx_content){
			.ops = &file_ops, .source = d, .key = p, .size = size
		};
}
