/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A directory of a test's own, below $TMPDIR or /tmp, and what tests do with
 * the files in it. Include after cmocka.h.
 */
#ifndef CRX_TESTS_SCRATCH_H
#define CRX_TESTS_SCRATCH_H

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SCRATCH_PATHS = 8, SCRATCH_PATH_MAX = 1024 };

struct scratch {
	int fd;
	char dir[SCRATCH_PATH_MAX];
	char path[SCRATCH_PATHS][SCRATCH_PATH_MAX + 300];
	unsigned next;
};

static inline int scratch_setup(void **state)
{
	struct scratch *s = calloc(1, sizeof(*s));
	const char *base = getenv("TMPDIR");
	char real[4096];

	if (!s)
		return -1;
	snprintf(s->dir, sizeof(s->dir), "%s/crxunit.XXXXXX", base && *base ? base : "/tmp");
	/* without links on the way: tests compare paths */
	if (!mkdtemp(s->dir) || !realpath(s->dir, real) || strlen(real) >= sizeof(s->dir))
		return -1;
	strcpy(s->dir, real);
	s->fd = open(s->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	*state = s;
	return s->fd < 0;
}

/* Until the end of the test all is done by an ordinary user, who owns the
 * directory, though not what is in it so far: root may do anything. */
static inline void scratch_as_user(struct scratch *s)
{
	if (geteuid())
		return;
	assert_int_equal(fchown(s->fd, 1234, (gid_t)-1), 0);
	assert_int_equal(seteuid(1234), 0);
}

/* "<scratch>/name"; good until SCRATCH_PATHS more have been asked for. */
static inline const char *scratch_at(struct scratch *s, const char *name)
{
	char *p = s->path[s->next++ % SCRATCH_PATHS];

	snprintf(p, sizeof(s->path[0]), "%s/%s", s->dir, name);
	return p;
}

/* Unlink what is not a directory; the name of the first directory, or NULL. */
static inline char *scratch_unlink_files(int at)
{
	int fd = openat(at, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	char *dir = NULL;
	struct dirent *e;

	while (d && (e = readdir(d))) {
		if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, ".."))
			continue;
		if (unlinkat(at, e->d_name, 0) < 0 && !dir)
			dir = strdup(e->d_name);
	}
	if (d)
		closedir(d);
	return dir;
}

/* All below `at`, however deep: neither paths nor open files grow with it. */
static inline void scratch_empty(int at)
{
	char **name = NULL, *sub;
	size_t depth = 0;
	int next;

	at = openat(at, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	while (at >= 0) {
		sub = scratch_unlink_files(at);
		if (sub) {
			name = realloc(name, (depth + 1) * sizeof(*name));
			name[depth++] = sub;
			next = fchmodat(at, sub, 0700, 0)
				       ? -1
				       : openat(at, sub,
						O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		} else if (depth) {
			next = openat(at, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
			unlinkat(next, name[--depth], AT_REMOVEDIR);
			free(name[depth]);
		} else {
			next = -1;
		}
		close(at);
		at = next;
	}
	free(name);
}

static inline int scratch_teardown(void **state)
{
	struct scratch *s = *state;

	if (getuid() != geteuid() && seteuid(getuid()) < 0)
		return -1;
	scratch_empty(s->fd);
	close(s->fd);
	rmdir(s->dir);
	free(s);
	return 0;
}

/* A file with these bytes, whatever was there before. */
static inline void scratch_put(struct scratch *s, const char *name, const void *data, size_t len)
{
	int fd = open(scratch_at(s, name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	assert_true(fd >= 0);
	if (len)
		assert_int_equal(write(fd, data, len), len);
	close(fd);
}

static inline void scratch_text(struct scratch *s, const char *name, const char *text)
{
	scratch_put(s, name, text, strlen(text));
}

static inline void scratch_mkdir(struct scratch *s, const char *name)
{
	assert_int_equal(mkdir(scratch_at(s, name), 0755), 0);
}

static inline void scratch_symlink(struct scratch *s, const char *target, const char *name)
{
	assert_int_equal(symlink(target, scratch_at(s, name)), 0);
}

/* What is in the file, as a string of len bytes; the caller's to free. */
static inline char *scratch_get(struct scratch *s, const char *name, size_t *len)
{
	int fd = open(scratch_at(s, name), O_RDONLY | O_CLOEXEC);
	struct stat st;
	char *p;

	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &st), 0);
	p = calloc(1, (size_t)st.st_size + 1);
	assert_non_null(p);
	assert_int_equal(read(fd, p, (size_t)st.st_size), st.st_size);
	close(fd);
	*len = (size_t)st.st_size;
	return p;
}

static inline void scratch_is(struct scratch *s, const char *name, const char *text)
{
	size_t len;
	char *p = scratch_get(s, name, &len);

	assert_int_equal(len, strlen(text));
	assert_string_equal(p, text);
	free(p);
}

/* Entries of a directory of the scratch, without "." and "..". */
static inline size_t scratch_count(struct scratch *s, const char *name)
{
	DIR *d = opendir(scratch_at(s, name));
	struct dirent *e;
	size_t n = 0;

	assert_non_null(d);
	while ((e = readdir(d)))
		n += strcmp(e->d_name, ".") && strcmp(e->d_name, "..");
	closedir(d);
	return n;
}

/* Open descriptors of this process, to find a leak. */
static inline int scratch_open_fds(void)
{
	int fd, n = 0;

	for (fd = 0; fd < 1024; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

#endif
