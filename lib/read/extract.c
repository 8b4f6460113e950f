/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Makes the tree, depth first and without recursion. One descriptor is open for the directory that
 * is being filled; "..", which must be the directory we came from, leads up again. A directory gets
 * its owner, mode and times last, so that one that does not permit writing can be filled too.
 */
#include "config.h"
#include "read/extract_parts.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h> /* makedev */
#include <unistd.h>

#include "base/io.h"
#include "base/mem.h"

enum {
	DIR_FLAGS = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC,
	FILE_FLAGS = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
};

/* openat(). If there are no more descriptors, flushes the batch and tries again. *fd is -1, with
 * errno, if the system refuses. */
static int open_at(struct crx_extraction *x, const char *name, int flags, int *fd,
		   struct crx_err *err)
{
	int ret;

	*fd = crx_io_openat(x->fd, name, flags, 0600);
	if (*fd >= 0 || errno != EMFILE || !x->batch.n)
		return 0;
	ret = crx_extract_files_flush(x, err);
	if (!ret)
		*fd = crx_io_openat(x->fd, name, flags, 0600);
	return ret;
}

/* Takes over fd, which is of directory e. */
static int enter_directory(struct crx_extraction *x, const struct crx_entry *e, int fd,
			   struct crx_err *err)
{
	struct stat st;

	if (!crx_grow(&x->level, &x->cap, x->depth + 1, sizeof(*x->level))) {
		close(fd);
		return crx_err_nomem(err, "extracting directories");
	}
	if (fstat(fd, &st) < 0) {
		close(fd);
		return crx_err_set(err, CRX_EIO, errno, x->dir, "cannot stat a directory in it");
	}
	if (x->fd >= 0)
		close(x->fd);
	x->fd = fd;
	x->level[x->depth++] =
		(struct crx_extract_level){ .dir = e, .dev = st.st_dev, .ino = st.st_ino };
	x->out->made++;
	if (crx_extract_why_incomplete(e))
		crx_extract_report(x, CRX_LEFT_FAILED, e, "%s", crx_extract_why_incomplete(e));
	return 0;
}

/* Opens the directory above, which must still be where it was. */
static int open_parent(struct crx_extraction *x, int *fd, struct crx_err *err)
{
	const struct crx_extract_level *up = &x->level[x->depth - 2];
	struct stat st;
	int ret = open_at(x, "..", DIR_FLAGS, fd, err);

	if (ret)
		return ret;
	if (*fd < 0)
		return crx_err_set(err, CRX_EIO, errno, x->dir,
				   "cannot open the parent of a directory in it");
	if (fstat(*fd, &st) < 0)
		ret = crx_err_set(err, CRX_EIO, errno, x->dir, "cannot stat a directory in it");
	else if (st.st_dev != up->dev || st.st_ino != up->ino)
		ret = crx_err_set(err, CRX_EIO, 0, x->dir,
				  "a directory in it was moved during the extraction");
	if (ret)
		close(*fd);
	return ret;
}

static int leave_directory(struct crx_extraction *x, struct crx_err *err)
{
	int up = -1, ret = 0;

	/* before the mode is set, which may forbid it */
	if (x->depth > 1)
		ret = open_parent(x, &up, err);
	if (ret)
		return ret;
	crx_extract_set_attrs(x, x->level[x->depth - 1].dir,
			      (struct crx_extract_place){ x->fd, NULL });
	close(x->fd);
	x->fd = up;
	x->depth--;
	return 0;
}

static int make_dir(struct crx_extraction *x, const struct crx_entry *e, struct crx_err *err)
{
	int fd, ret;

	if (mkdirat(x->fd, e->de.name, 0700) < 0)
		return crx_extract_sys_error(x, e, errno, "make the directory", err);
	ret = open_at(x, e->de.name, DIR_FLAGS, &fd, err);
	if (ret)
		return ret;
	if (fd < 0)
		return crx_extract_sys_error(x, e, errno, "open the directory", err);
	return enter_directory(x, e, fd, err);
}

static int make_file(struct crx_extraction *x, const struct crx_entry *e, struct crx_err *err)
{
	int fd, ret = open_at(x, e->de.name, FILE_FLAGS, &fd, err);

	if (ret)
		return ret;
	if (fd < 0)
		return crx_extract_sys_error(x, e, errno, "make the file", err);
	x->out->made++;
	return crx_extract_files_add(x, fd, e, err);
}

static int make_link(struct crx_extraction *x, const struct crx_entry *e, struct crx_err *err)
{
	char *target = (char *)x->worker[0].buf;
	const char *why = crx_extract_target(x->img, e, x->worker[0].z, x->worker[0].buf);

	if (why) {
		crx_extract_report(x, CRX_LEFT_FAILED, e, "not extracted: %s", why);
		return 0;
	}
	if (symlinkat(target, x->fd, e->de.name) < 0)
		return crx_extract_sys_error(x, e, errno, "make the symbolic link", err);
	x->out->made++;
	crx_extract_set_attrs(x, e, (struct crx_extract_place){ x->fd, e->de.name });
	return 0;
}

static int make_node(struct crx_extraction *x, const struct crx_entry *e, struct crx_err *err)
{
	mode_t type = e->de.inode.mode & S_IFMT;
	bool device = type == S_IFCHR || type == S_IFBLK, asked;
	dev_t dev = 0;

	/* old_decode_dev() */
	if (device)
		dev = makedev(e->de.inode.size >> 8 & 0xff, e->de.inode.size & 0xff);
	asked = device ? x->o->devices : x->o->owners;
	if (asked && !mknodat(x->fd, e->de.name, type | 0600, dev)) {
		x->out->made++;
		crx_extract_set_attrs(x, e, (struct crx_extract_place){ x->fd, e->de.name });
		return 0;
	}
	if (asked && errno != EPERM)
		return crx_extract_sys_error(x, e, errno, "make the node", err);
	x->out->not_set++;
	x->out->denied += asked;
	crx_extract_report(x, asked ? CRX_LEFT_NODE_DENIED : CRX_LEFT_NODE, e, "%s not made%s",
			   device            ? "device"
			   : type == S_IFIFO ? "FIFO"
					     : "socket",
			   asked ? ": the system does not allow it" : "");
	return 0;
}

static int make_entry(struct crx_extraction *x, const struct crx_entry *e, struct crx_err *err)
{
	const char *why = crx_extract_why_refused(e);

	if (why) {
		crx_extract_report(x, CRX_LEFT_FAILED, e, "not extracted: %s", why);
		return 0;
	}
	switch (e->de.inode.mode & S_IFMT) {
	case S_IFDIR:
		return make_dir(x, e, err);
	case S_IFREG:
		return make_file(x, e, err);
	case S_IFLNK:
		return make_link(x, e, err);
	default:
		return make_node(x, e, err);
	}
}

static int make_tree(struct crx_extraction *x, struct crx_err *err)
{
	struct crx_extract_level *top;
	int ret = 0;

	while (x->depth && !ret) {
		top = &x->level[x->depth - 1];
		if (!top->dir->entered || top->next == top->dir->nchildren)
			ret = leave_directory(x, err);
		else
			ret = make_entry(x, &x->l->entry[top->dir->first_child + top->next++], err);
	}
	return ret ? ret : crx_extract_files_flush(x, err);
}

static int check_empty(const char *dir, int fd, struct crx_err *err)
{
	int again = crx_io_openat(fd, ".", DIR_FLAGS, 0);
	DIR *d = again < 0 ? NULL : fdopendir(again);
	const struct dirent *e;
	int ret = 0;

	if (!d) {
		ret = crx_err_set(err, CRX_EIO, errno, dir, "cannot read the directory");
		if (again >= 0)
			close(again);
		return ret;
	}
	errno = 0;
	while (!ret && (e = readdir(d)))
		if (strcmp(e->d_name, ".") && strcmp(e->d_name, ".."))
			ret = crx_err_set(err, CRX_EIO, 0, dir,
					  "the directory is not empty (give a new or an empty "
					  "one)");
	if (!ret && errno)
		ret = crx_err_set(err, CRX_EIO, errno, dir, "cannot read the directory");
	closedir(d);
	return ret;
}

/* Makes x->dir, or checks that it is empty, and opens it. Links within its path are the user's, but
 * one at its end may come from an image. */
static int open_target(struct crx_extraction *x, int *fd, struct crx_err *err)
{
	const char *dir = x->dir;
	bool made = !mkdir(dir, 0700);
	struct stat st;
	int ret;

	if (!made && errno != EEXIST)
		return crx_err_set(err, CRX_EIO, errno, dir, "cannot make the directory");
	*fd = crx_io_open(dir, DIR_FLAGS);
	if (*fd < 0 &&
	    (errno == ELOOP || (errno == ENOTDIR && !lstat(dir, &st) && S_ISLNK(st.st_mode))))
		return crx_err_set(err, CRX_EIO, 0, dir,
				   "it is a symbolic link (give the directory itself)");
	if (*fd < 0)
		return crx_err_set(err, CRX_EIO, errno, dir, "cannot open the directory");
	ret = check_empty(dir, *fd, err);
	if (ret) {
		close(*fd);
		return ret;
	}
	/* nobody else may use it while it is filled */
	x->exposed = fchmod(*fd, 0700) < 0;
	if (x->exposed)
		crx_extract_report(x, CRX_LEFT_MODE_DENIED, &x->l->entry[0],
				   "cannot set mode 0700 while it is filled: %s", strerror(errno));
	return 0;
}

int crx_extract(const struct crx_image *img, const struct crx_listing *l, const char *dir,
		const struct crx_extract_opts *o, struct crx_extract_result *out,
		struct crx_err *err)
{
	struct crx_extraction x = { .img = img, .l = l, .o = o, .out = out, .dir = dir, .fd = -1 };
	int fd = -1, ret;

	*out = (struct crx_extract_result){ 0 };
	crx_extract_left_init(&x);
	ret = crx_extract_check_size(img, l, err);
	if (!ret)
		ret = crx_extract_files_init(&x, err);
	if (!ret)
		ret = open_target(&x, &fd, err);
	if (!ret)
		ret = enter_directory(&x, &l->entry[0], fd, err);
	if (!ret)
		ret = make_tree(&x, err);
	crx_extract_report_counts(&x);
	if (x.fd >= 0)
		close(x.fd);
	crx_extract_files_free(&x);
	free(x.level);
	return ret;
}
