/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Preloaded before the builder: something happens right before its Nth call
 * that touches a file, so that a test can go through all moments in turn.
 *
 * SHIM_COUNT=FILE  write to FILE how many calls there were
 * SHIM_AT=N        the call before which it happens, from 1
 * SHIM_FILE=NAME   count only opens and reads of the file NAME (its last part)
 * SHIM_DO=WHAT     shrink, grow, change, vanish, fifo: to the file SHIM_PATH;
 *                  or the number of a signal, to the process itself
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static unsigned long calls;
static int busy;

static const char *setting(const char *name)
{
	const char *s = getenv(name);

	return s ? s : "";
}

/* Whoever runs the tests may have some ignored (nohup, a shell's background),
 * and the program leaves them so. */
__attribute__((constructor)) static void expect_signals(void)
{
	signal(SIGHUP, SIG_DFL);
	signal(SIGINT, SIG_DFL);
}

/* What happens, by plain calls: they are not counted. */
static void act(void)
{
	const char *what = setting("SHIM_DO"), *path = setting("SHIM_PATH");
	struct stat st;
	FILE *f;
	int c;

	if (what[0] >= '0' && what[0] <= '9') {
		raise(atoi(what));
		return;
	}
	if (stat(path, &st) < 0)
		return;
	if (!strcmp(what, "shrink") && truncate(path, st.st_size / 2) < 0)
		abort();
	if (!strcmp(what, "grow") && truncate(path, st.st_size + 1) < 0)
		abort();
	if (!strcmp(what, "vanish"))
		unlink(path);
	if (!strcmp(what, "fifo") && (unlink(path) < 0 || mkfifo(path, 0644) < 0))
		abort();
	if (!strcmp(what, "change")) {
		f = fopen(path, "r+");
		if (!f || fseek(f, -1, SEEK_END) < 0 || (c = fgetc(f)) == EOF ||
		    fseek(f, -1, SEEK_END) < 0 || fputc(c ^ 1, f) == EOF || fclose(f))
			abort();
	}
}

static void moment(void)
{
	const char *count = setting("SHIM_COUNT");
	FILE *f;

	if (busy)
		return;
	busy = 1;
	if (++calls == strtoul(setting("SHIM_AT"), NULL, 10))
		act();
	if (*count) {
		f = fopen(count, "w");
		if (f) {
			fprintf(f, "%lu\n", calls);
			fclose(f);
		}
	}
	busy = 0;
}

static int last_part_is(const char *path, const char *name)
{
	const char *slash = strrchr(path, '/');

	return !strcmp(slash ? slash + 1 : path, name);
}

static void path_moment(const char *path)
{
	const char *name = setting("SHIM_FILE");

	if (!*name || last_part_is(path, name))
		moment();
}

static void fd_moment(int fd)
{
	const char *name = setting("SHIM_FILE");
	char link[64], path[4096];
	ssize_t n;

	if (*name) {
		snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
		n = readlink(link, path, sizeof(path) - 1);
		if (n < 0)
			return;
		path[n] = '\0';
		if (!last_part_is(path, name))
			return;
	}
	moment();
}

#define NEXT(type, name) ((type)dlsym(RTLD_NEXT, #name))

static mode_t mode_of(int flags, va_list ap)
{
	return flags & O_CREAT ? (mode_t)va_arg(ap, int) : 0;
}

#define OPENAT(name)                                                                           \
	int name(int dirfd, const char *path, int flags, ...)                                  \
	{                                                                                      \
		mode_t mode;                                                                   \
		va_list ap;                                                                    \
		va_start(ap, flags);                                                           \
		mode = mode_of(flags, ap);                                                     \
		va_end(ap);                                                                    \
		path_moment(path);                                                             \
		return NEXT(int (*)(int, const char *, int, mode_t), name)(dirfd, path, flags, \
									   mode);              \
	}
OPENAT(openat)
OPENAT(openat64)

#define PREAD(name, off_type)                                                                    \
	ssize_t name(int fd, void *buf, size_t len, off_type off)                                \
	{                                                                                        \
		fd_moment(fd);                                                                   \
		return NEXT(ssize_t(*)(int, void *, size_t, off_type), name)(fd, buf, len, off); \
	}
PREAD(pread, off_t)
PREAD(pread64, off64_t)

#define PWRITE(name, off_type)                                                                   \
	ssize_t name(int fd, const void *buf, size_t len, off_type off)                          \
	{                                                                                        \
		if (!*setting("SHIM_FILE"))                                                      \
			moment();                                                                \
		return NEXT(ssize_t(*)(int, const void *, size_t, off_type), name)(fd, buf, len, \
										   off);         \
	}
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

int fchmod(int fd, mode_t mode)
{
	if (!*setting("SHIM_FILE"))
		moment();
	return NEXT(int (*)(int, mode_t), fchmod)(fd, mode);
}

int rename(const char *from, const char *to)
{
	int ret;

	if (!*setting("SHIM_FILE"))
		moment();
	ret = NEXT(int (*)(const char *, const char *), rename)(from, to);
	if (!*setting("SHIM_FILE"))
		moment();
	return ret;
}
