/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "xipstat.h"

#include "walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mem.h"
#include "text.h"

static int fail(struct walk *w, const char *path)
{
	say_error("%s: %s", path, strerror(errno));
	w->failed++;
	return 0;
}

static int visit_file(struct walk *w, int dir, const char *name, const char *path)
{
	int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat st;
	int ret = 0;

	if (fd < 0 || fstat(fd, &st))
		fail(w, path);
	else if (S_ISREG(st.st_mode) && st.st_dev == w->device)
		ret = w->file(w->ctx, fd, path, st.st_size);
	if (fd >= 0)
		close(fd);
	return ret;
}

static int visit_entry(struct walk *w, int dir, const char *name, const char *parent)
{
	char *path = mem_format("%s/%s", strcmp(parent, "/") ? parent : "", name);
	struct stat st;
	int fd, ret = 0;

	if (!path)
		return -1;
	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW)) {
		fail(w, path);
	} else if (st.st_dev != w->device) {
		/* another file system is mounted there */
	} else if (S_ISREG(st.st_mode)) {
		ret = visit_file(w, dir, name, path);
	} else if (S_ISDIR(st.st_mode)) {
		fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		ret = fd < 0 ? fail(w, path) : walk_tree(w, fd, path);
	}
	free(path);
	return ret;
}

int walk_tree(struct walk *w, int fd, const char *path)
{
	DIR *dir = fdopendir(fd);
	const struct dirent *d;
	int ret = 0;

	if (!dir) {
		fail(w, path);
		close(fd);
		return 0;
	}
	errno = 0;
	while (!ret && (d = readdir(dir))) {
		if (strcmp(d->d_name, ".") && strcmp(d->d_name, ".."))
			ret = visit_entry(w, fd, d->d_name, path);
		errno = 0;
	}
	if (!ret && errno)
		fail(w, path);
	closedir(dir);
	return ret;
}
