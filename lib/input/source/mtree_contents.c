/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The contents of a manifest's files, which are files on disk.
 */
#include "config.h"
#include "input/source/mtree.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"

int crx_mtree_bad(const struct crx_mtree *m, const char *path, const char *what,
		  struct crx_err *err)
{
	return crx_place_err(err, CRX_EFORMAT, 0, &m->place, "%.400s: %s", path, what);
}

/* Opens rel without following a link and without "..": these fail with ELOOP. */
static int open_without_links(int dirfd, const char *rel)
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
			next = crx_io_openat(at, len ? part : ".",
					     O_RDONLY | O_NOFOLLOW | O_CLOEXEC |
						     (*rel ? O_DIRECTORY : O_NONBLOCK | O_NOCTTY),
					     0);
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

int crx_mtree_find_contents(struct crx_mtree *m, const char *path, const struct crx_mtree_attrs *a,
			    uint64_t *size, bool *found, struct crx_err *err)
{
	const char *rel = a->contents ? a->contents : path;
	char text[CRX_ERR_PATH_MAX];
	struct stat st;
	int fd, ret = 0;

	*found = false;
	if (*rel == '/')
		return crx_mtree_bad(m, path,
				     "contents= must be relative to the manifest's directory", err);
	fd = open_without_links(m->dir->fd, rel);
	if (fd < 0 && errno == ENOENT && a->optional)
		return 0;
	snprintf(text, sizeof(text), "cannot open its contents, %.300s beside the manifest%s", rel,
		 fd < 0 && errno == ELOOP ? ", without following a link or \"..\"" : "");
	if (fd < 0)
		return crx_place_err(err, CRX_EIO, errno, &m->place, "%.300s: %s", path, text);
	if (fstat(fd, &st) < 0)
		ret = crx_place_err(err, CRX_EIO, errno, &m->place,
				    "%.300s: cannot stat its contents", path);
	else if (!S_ISREG(st.st_mode))
		ret = crx_mtree_bad(m, path, "its contents are not a regular file", err);
	else if (m->o->on_contents)
		ret = m->o->on_contents(m->o->on_contents_ctx, &st, err);
	close(fd);
	*found = !ret;
	*size = ret ? 0 : (uint64_t)st.st_size;
	return ret;
}

int crx_mtree_set_contents(struct crx_mtree *m, const char *path, const struct crx_mtree_attrs *a,
			   uint64_t size, struct crx_node *n, struct crx_err *err)
{
	struct crx_dir_place *p = crx_dir_place(m->dir, NULL, a->contents ? a->contents : path);

	if (!p)
		return crx_err_nomem(err, "reading a manifest");
	crx_dir_set_contents(m->dir, p, size, n);
	n->link_dev = 0;
	n->link_ino = 0;
	return 0;
}
