/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

enum { LINKS_MAX = 40 };

/* "dir/" of path, or "". The caller frees it. */
static char *dir_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return crx_strndup(path, slash ? (size_t)(slash - path) + 1 : 0);
}

/* The target of the link at path, as a path from the current directory. NULL with errno set, or if
 * memory is short. */
static char *link_target(const char *path, size_t len)
{
	char *target = crx_alloc(len + 1, 1);
	char *dir, *whole;
	ssize_t n;

	if (!target)
		return NULL;
	n = readlink(path, target, len);
	if (n < 0) {
		free(target);
		return NULL;
	}
	target[n] = '\0';
	if (target[0] == '/')
		return target;
	dir = dir_of(path);
	whole = dir ? crx_strjoin(dir, target, "") : NULL;
	free(dir);
	free(target);
	return whole;
}

/* The path to replace: follows symbolic links at the end of path, even if the last one dangles. */
static int resolve_links(const char *path, char **out, struct crx_err *err)
{
	char *now = crx_strdup(path), *next;
	struct stat st;
	bool exists;
	int i, ret;

	for (i = 0; now && i < LINKS_MAX; i++) {
		/* pseudo's lstat() may change st even if it fails */
		exists = lstat(now, &st) == 0;
		ret = exists ? 0 : crx_io_missing(now, err);
		if (ret < 0 || !exists || !S_ISLNK(st.st_mode)) {
			*out = ret ? NULL : now;
			if (ret)
				free(now);
			return ret;
		}
		errno = ENOMEM;
		next = link_target(now, PATH_MAX);
		free(now);
		now = next;
	}
	free(now);
	if (i == LINKS_MAX)
		return crx_err_set(err, CRX_EIO, ELOOP, path, "cannot follow the link");
	if (errno == ENOMEM)
		return crx_err_nomem(err, "resolving the name of the output");
	return crx_err_set(err, CRX_EIO, errno, path, "cannot follow the link");
}

int crx_io_target_dir(const char *path, char **out, struct crx_err *err)
{
	char *file;
	int ret = resolve_links(path, &file, err);

	if (ret < 0)
		return ret;
	*out = strchr(file, '/') ? dir_of(file) : crx_strdup(".");
	free(file);
	return *out ? 0 : crx_err_nomem(err, "resolving the name of the output");
}

/* umask() cannot be read without setting it, which affects other threads. Linux shows it in /proc,
 * near the beginning of this file; if that is not available, 022 is safe. */
static mode_t current_umask(void)
{
	int fd = crx_io_open("/proc/self/status", O_RDONLY | O_CLOEXEC);
	unsigned int mask = 022;
	char text[1024], *line;
	size_t len = 0;
	ssize_t n;

	if (fd < 0)
		return mask;
	while (len < sizeof(text) - 1 &&
	       (n = crx_io_read(fd, text + len, sizeof(text) - 1 - len)) > 0)
		len += (size_t)n;
	close(fd);
	text[len] = '\0';
	line = strstr(text, "\nUmask:");
	if (line)
		sscanf(line, "\nUmask: %o", &mask);
	return (mode_t)mask;
}

static mode_t file_mode(const char *path)
{
	struct stat st;

	if (!stat(path, &st) && S_ISREG(st.st_mode))
		return st.st_mode & 0777;
	return 0666 & ~current_umask();
}

/*
 * Creates the file, with a name made from the pattern in tmp_path. A signal handler that does not
 * know the file would leave it over, so signals are blocked until on_create returns, or until the
 * file has no name.
 */
static void create(struct crx_io_temp *t, bool named)
{
	char *random = t->tmp_path + strlen(t->tmp_path) - 6;
	sigset_t all, old;
	int saved;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &old);
	do {
		memcpy(random, "XXXXXX", 6);
		t->fd = mkostemp(t->tmp_path, O_CLOEXEC);
	} while (t->fd < 0 && errno == EINTR);
	saved = errno;
	if (t->fd >= 0 && !named)
		unlink(t->tmp_path);
	else if (t->fd >= 0 && t->hooks && t->hooks->on_create)
		t->hooks->on_create(t->hooks->ctx, t->tmp_path);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	errno = saved;
}

int crx_io_temp_beside(struct crx_io_temp *t, const char *path, const struct crx_io_hooks *hooks,
		       struct crx_err *err)
{
	const char *base;
	char *dir = NULL;
	int ret;

	*t = (struct crx_io_temp){ .fd = -1, .hooks = hooks };
	ret = resolve_links(path, &t->path, err);
	if (ret < 0)
		return ret;
	base = strrchr(t->path, '/');
	base = base ? base + 1 : t->path;
	dir = dir_of(t->path);
	t->tmp_path = dir ? crx_alloc(strlen(dir) + 64, 1) : NULL;
	if (!t->tmp_path) {
		ret = crx_err_nomem(err, "naming a temporary file");
		goto out;
	}
	/* cut so that the name stays within NAME_MAX */
	sprintf(t->tmp_path, "%s.%.48s.XXXXXX", dir, base);
	create(t, true);
	if (t->fd < 0) {
		ret = crx_err_set(err, CRX_EIO, errno, path,
				  "cannot create a temporary file in its directory");
		free(t->tmp_path);
		t->tmp_path = NULL;
		goto out;
	}
	if (fchmod(t->fd, file_mode(t->path)) < 0)
		ret = crx_err_set(err, CRX_EIO, errno, t->tmp_path, "cannot set its mode");
out:
	free(dir);
	if (ret < 0)
		crx_io_temp_abort(t);
	return ret;
}

const char *crx_io_temp_dir(void)
{
	const char *dir = getenv("TMPDIR");

	return dir && *dir ? dir : "/tmp";
}

int crx_io_temp_nameless(struct crx_io_temp *t, struct crx_err *err)
{
	const char *dir = crx_io_temp_dir();
	int ret = 0;

	*t = (struct crx_io_temp){ .fd = -1 };
	t->path = crx_strjoin("temporary file in ", dir, " (TMPDIR)");
	t->tmp_path = crx_strjoin(dir, "/mkcramfs-xip.", "XXXXXX");
	if (!t->path || !t->tmp_path)
		ret = crx_err_nomem(err, "naming a temporary file");
	else
		create(t, false);
	if (!ret && t->fd < 0)
		ret = crx_err_set(err, CRX_EIO, errno, dir,
				  "cannot create a temporary file in it (set TMPDIR to another "
				  "directory)");
	free(t->tmp_path);
	t->tmp_path = NULL;
	if (ret < 0)
		crx_io_temp_abort(t);
	return ret;
}

static int open_dir_of(const char *path, int *fd, struct crx_err *err)
{
	char *dir = dir_of(path);
	int ret = 0;

	if (!dir)
		return crx_err_nomem(err, "syncing a directory");
	*fd = crx_io_open(*dir ? dir : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (*fd < 0)
		ret = crx_err_set(err, CRX_EIO, errno, *dir ? dir : ".",
				  "cannot open the directory to sync it");
	free(dir);
	return ret;
}

/* All that can be done, and fail, before the rename. *dir: the directory to sync, or -1. */
static int prepare(struct crx_io_temp *t, bool sync, int *dir, struct crx_err *err)
{
	int fd = t->fd;
	int ret = 0;

	if (sync)
		ret = open_dir_of(t->path, dir, err);
	if (!ret && sync && crx_io_fsync(fd) < 0)
		ret = crx_err_set(err, CRX_EIO, errno, t->path, "cannot fsync");
	t->fd = -1;
	/* a network file system may report a full disk only now */
	if (close(fd) < 0 && !ret)
		ret = crx_err_set(err, CRX_EIO, errno, t->path, "cannot write");
	return ret;
}

int crx_io_temp_commit(struct crx_io_temp *t, bool sync, struct crx_err *err)
{
	int dir = -1;
	int ret = prepare(t, sync, &dir, err);

	if (!ret && rename(t->tmp_path, t->path) < 0)
		ret = crx_err_set(err, CRX_EIO, errno, t->path,
				  "cannot rename the temporary file to it");
	if (!ret) {
		if (t->hooks && t->hooks->on_gone)
			t->hooks->on_gone(t->hooks->ctx);
		free(t->tmp_path);
		t->tmp_path = NULL;
	}
	if (!ret && sync && crx_io_fsync(dir) < 0)
		ret = crx_err_set(err, CRX_EIO, errno, t->path,
				  "is complete and in place, but may not survive a power failure: "
				  "cannot fsync its directory");
	if (dir >= 0)
		close(dir);
	crx_io_temp_abort(t);
	return ret;
}

void crx_io_temp_abort(struct crx_io_temp *t)
{
	if (t->tmp_path) {
		unlink(t->tmp_path);
		if (t->hooks && t->hooks->on_gone)
			t->hooks->on_gone(t->hooks->ctx);
	}
	if (t->fd > 0)
		close(t->fd);
	free(t->tmp_path);
	free(t->path);
	*t = (struct crx_io_temp){ .fd = -1 };
}
