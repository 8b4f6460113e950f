/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Preloaded before a program: lets the Nth call of one kind fail, so that a test can go through
 * all calls in turn. Calls are counted from just before main().
 *
 * FAULT=KIND:N:HOW  the Nth call of this kind, from 1, fails with errno HOW (a number); if HOW is
 *                   "short", it transfers half of the bytes. N+: and so do all after it.
 * FAULT_COUNT=FILE  at the end, a line "KIND COUNT" for each kind that was called goes to FILE
 *
 * -DNO_MALLOC leaves the allocator alone, for programs with AddressSanitizer.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

enum kind {
	MALLOC,
	OPEN,
	DUP,
	READ,
	PREAD,
	WRITE,
	PWRITE,
	FLUSH,
	LSEEK,
	RENAME,
	FSYNC,
	FTRUNCATE,
	MMAP,
	FCHMOD,
	FCHOWN,
	UTIMENS,
	READDIR,
	CLOSE,
	STAT,
	READLINK,
	MAKE,
	XATTR,
	KINDS
};

static const char *const NAME[KINDS] = {
	"malloc",  "open",   "dup",   "read",      "pread", "write",  "pwrite", "flush",
	"lseek",   "rename", "fsync", "ftruncate", "mmap",  "fchmod", "fchown", "utimens",
	"readdir", "close",  "stat",  "readlink",  "make",  "xattr",
};

static atomic_long count[KINDS];
static int active, fault_kind = -1, fault_errno, fault_short, fault_on;
static long fault_at;

__attribute__((constructor)) static void begin(void)
{
	const char *s = getenv("FAULT");
	char name[16], how[16], on;
	int i;

	if (s && (sscanf(s, "%15[a-z]:%ld%c:%15s", name, &fault_at, &on, how) == 4 ||
		  (on = 0, sscanf(s, "%15[a-z]:%ld:%15s", name, &fault_at, how) == 3)))
		for (i = 0; i < KINDS; i++)
			if (!strcmp(name, NAME[i])) {
				fault_kind = i;
				fault_on = on == '+';
				fault_short = !strcmp(how, "short");
				fault_errno = atoi(how);
			}
	active = 1;
}

__attribute__((destructor)) static void end(void)
{
	const char *path = getenv("FAULT_COUNT");
	FILE *f;
	int i;

	active = 0;
	f = path ? fopen(path, "w") : NULL;
	if (!f)
		return;
	for (i = 0; i < KINDS; i++)
		if (count[i])
			fprintf(f, "%s %ld\n", NAME[i], (long)count[i]);
	fclose(f);
}

static void stop(void)
{
	active = 0;
}

/* Is it this call's turn? */
static int turn(enum kind kind)
{
	static atomic_flag begun = ATOMIC_FLAG_INIT;
	long n;

	if (!active)
		return 0;
	/* what destructors call does not count, such as the end of gcov; registered only now, so
	 * that it comes before them */
	if (!atomic_flag_test_and_set(&begun))
		atexit(stop);
	n = ++count[kind];
	return (int)kind == fault_kind && (n == fault_at || (n > fault_at && fault_on));
}

static int fails(enum kind kind)
{
	if (!turn(kind) || fault_short)
		return 0;
	errno = fault_errno;
	return 1;
}

/* Of a call that transfers bytes; *len becomes less in a short transfer. */
static int transfer_fails(enum kind kind, size_t *len)
{
	if (!turn(kind))
		return 0;
	if (fault_short) {
		*len = (*len + 1) / 2;
		return 0;
	}
	errno = fault_errno;
	return 1;
}

#define NEXT(type, name) ((type)dlsym(RTLD_NEXT, #name))

/* --- memory --- */

#ifndef NO_MALLOC
void *__libc_malloc(size_t len);
void *__libc_calloc(size_t n, size_t len);
void *__libc_realloc(void *p, size_t len);

void *malloc(size_t len)
{
	return fails(MALLOC) ? NULL : __libc_malloc(len);
}

void *calloc(size_t n, size_t len)
{
	return fails(MALLOC) ? NULL : __libc_calloc(n, len);
}

void *realloc(void *p, size_t len)
{
	return fails(MALLOC) ? NULL : __libc_realloc(p, len);
}
#endif

#define MMAP_CALL(name, off_type)                                                   \
	void *name(void *at, size_t len, int prot, int flags, int fd, off_type off) \
	{                                                                           \
		if (fd >= 0 && fails(MMAP))                                         \
			return MAP_FAILED;                                          \
		return NEXT(void *(*)(void *, size_t, int, int, int, off_type),     \
			    name)(at, len, prot, flags, fd, off);                   \
	}
MMAP_CALL(mmap, off_t)
MMAP_CALL(mmap64, off64_t)

/* --- opening and closing --- */

static mode_t mode_of(int flags, va_list ap)
{
	return flags & O_CREAT ? (mode_t)va_arg(ap, int) : 0;
}

#define OPEN_CALL(name)                                                                   \
	int name(const char *path, int flags, ...)                                        \
	{                                                                                 \
		mode_t mode;                                                              \
		va_list ap;                                                               \
		va_start(ap, flags);                                                      \
		mode = mode_of(flags, ap);                                                \
		va_end(ap);                                                               \
		if (fails(OPEN))                                                          \
			return -1;                                                        \
		return NEXT(int (*)(const char *, int, mode_t), name)(path, flags, mode); \
	}
OPEN_CALL(open)
OPEN_CALL(open64)

#define OPENAT_CALL(name)                                                                      \
	int name(int dirfd, const char *path, int flags, ...)                                  \
	{                                                                                      \
		mode_t mode;                                                                   \
		va_list ap;                                                                    \
		va_start(ap, flags);                                                           \
		mode = mode_of(flags, ap);                                                     \
		va_end(ap);                                                                    \
		if (fails(OPEN))                                                               \
			return -1;                                                             \
		return NEXT(int (*)(int, const char *, int, mode_t), name)(dirfd, path, flags, \
									   mode);              \
	}
OPENAT_CALL(openat)
OPENAT_CALL(openat64)

#define MKOSTEMP_CALL(name)                                           \
	int name(char *path, int flags)                               \
	{                                                             \
		if (fails(OPEN))                                      \
			return -1;                                    \
		return NEXT(int (*)(char *, int), name)(path, flags); \
	}
MKOSTEMP_CALL(mkostemp)
MKOSTEMP_CALL(mkostemp64)

int dup(int fd)
{
	return fails(DUP) ? -1 : NEXT(int (*)(int), dup)(fd);
}

/* As on Linux, the descriptor is closed in any case. */
int close(int fd)
{
	int failed = fails(CLOSE), ret = NEXT(int (*)(int), close)(fd);

	if (!failed)
		return ret;
	errno = fault_errno;
	return -1;
}

/* --- transfers --- */

/* The calls of stdio itself cannot be replaced. */
int fflush(FILE *f)
{
	return fails(FLUSH) ? EOF : NEXT(int (*)(FILE *), fflush)(f);
}

int fclose(FILE *f)
{
	int failed = fails(FLUSH), ret = NEXT(int (*)(FILE *), fclose)(f);

	if (!failed)
		return ret;
	errno = fault_errno;
	return EOF;
}

ssize_t read(int fd, void *buf, size_t len)
{
	return transfer_fails(READ, &len)
		       ? -1
		       : NEXT(ssize_t(*)(int, void *, size_t), read)(fd, buf, len);
}

ssize_t write(int fd, const void *buf, size_t len)
{
	/* messages must get through */
	if (fd != STDERR_FILENO && transfer_fails(WRITE, &len))
		return -1;
	return NEXT(ssize_t(*)(int, const void *, size_t), write)(fd, buf, len);
}

#define PREAD_CALL(name, off_type)                                                               \
	ssize_t name(int fd, void *buf, size_t len, off_type off)                                \
	{                                                                                        \
		if (transfer_fails(PREAD, &len))                                                 \
			return -1;                                                               \
		return NEXT(ssize_t(*)(int, void *, size_t, off_type), name)(fd, buf, len, off); \
	}
PREAD_CALL(pread, off_t)
PREAD_CALL(pread64, off64_t)

#define PWRITE_CALL(name, off_type)                                                              \
	ssize_t name(int fd, const void *buf, size_t len, off_type off)                          \
	{                                                                                        \
		if (transfer_fails(PWRITE, &len))                                                \
			return -1;                                                               \
		return NEXT(ssize_t(*)(int, const void *, size_t, off_type), name)(fd, buf, len, \
										   off);         \
	}
PWRITE_CALL(pwrite, off_t)
PWRITE_CALL(pwrite64, off64_t)

#define LSEEK_CALL(name, off_type)                                                   \
	off_type name(int fd, off_type off, int whence)                              \
	{                                                                            \
		if (fails(LSEEK))                                                    \
			return -1;                                                   \
		return NEXT(off_type(*)(int, off_type, int), name)(fd, off, whence); \
	}
LSEEK_CALL(lseek, off_t)
LSEEK_CALL(lseek64, off64_t)

/* --- files --- */

int rename(const char *from, const char *to)
{
	return fails(RENAME) ? -1 : NEXT(int (*)(const char *, const char *), rename)(from, to);
}

int fsync(int fd)
{
	return fails(FSYNC) ? -1 : NEXT(int (*)(int), fsync)(fd);
}

#define FTRUNCATE_CALL(name, off_type)                                                      \
	int name(int fd, off_type len)                                                      \
	{                                                                                   \
		return fails(FTRUNCATE) ? -1 : NEXT(int (*)(int, off_type), name)(fd, len); \
	}
FTRUNCATE_CALL(ftruncate, off_t)
FTRUNCATE_CALL(ftruncate64, off64_t)

int fchmod(int fd, mode_t mode)
{
	return fails(FCHMOD) ? -1 : NEXT(int (*)(int, mode_t), fchmod)(fd, mode);
}

int fchmodat(int fd, const char *name, mode_t mode, int flags)
{
	return fails(FCHMOD) ? -1
			     : NEXT(int (*)(int, const char *, mode_t, int), fchmodat)(fd, name,
										       mode, flags);
}

int fchown(int fd, uid_t uid, gid_t gid)
{
	return fails(FCHOWN) ? -1 : NEXT(int (*)(int, uid_t, gid_t), fchown)(fd, uid, gid);
}

int fchownat(int fd, const char *name, uid_t uid, gid_t gid, int flags)
{
	if (fails(FCHOWN))
		return -1;
	return NEXT(int (*)(int, const char *, uid_t, gid_t, int), fchownat)(fd, name, uid, gid,
									     flags);
}

int futimens(int fd, const struct timespec t[2])
{
	return fails(UTIMENS) ? -1 : NEXT(int (*)(int, const struct timespec *), futimens)(fd, t);
}

int utimensat(int fd, const char *name, const struct timespec t[2], int flags)
{
	if (fails(UTIMENS))
		return -1;
	return NEXT(int (*)(int, const char *, const struct timespec *, int), utimensat)(fd, name,
											 t, flags);
}

/* --- directories and names --- */

struct dirent *readdir(DIR *d)
{
	return fails(READDIR) ? NULL : NEXT(struct dirent * (*)(DIR *), readdir)(d);
}

struct dirent64 *readdir64(DIR *d)
{
	return fails(READDIR) ? NULL : NEXT(struct dirent64 * (*)(DIR *), readdir64)(d);
}

#define STAT_CALL(name, arg_type, stat_type)                                                    \
	int name(arg_type of, struct stat_type *st)                                             \
	{                                                                                       \
		return fails(STAT) ? -1                                                         \
				   : NEXT(int (*)(arg_type, struct stat_type *), name)(of, st); \
	}
STAT_CALL(stat, const char *, stat)
STAT_CALL(stat64, const char *, stat64)
STAT_CALL(lstat, const char *, stat)
STAT_CALL(lstat64, const char *, stat64)
STAT_CALL(fstat, int, stat)
STAT_CALL(fstat64, int, stat64)

#define FSTATAT_CALL(name, stat_type)                                                              \
	int name(int fd, const char *path, struct stat_type *st, int flags)                        \
	{                                                                                          \
		if (fails(STAT))                                                                   \
			return -1;                                                                 \
		return NEXT(int (*)(int, const char *, struct stat_type *, int), name)(fd, path,   \
										       st, flags); \
	}
FSTATAT_CALL(fstatat, stat)
FSTATAT_CALL(fstatat64, stat64)

ssize_t readlink(const char *path, char *buf, size_t len)
{
	if (fails(READLINK))
		return -1;
	return NEXT(ssize_t(*)(const char *, char *, size_t), readlink)(path, buf, len);
}

ssize_t readlinkat(int fd, const char *path, char *buf, size_t len)
{
	if (fails(READLINK))
		return -1;
	return NEXT(ssize_t(*)(int, const char *, char *, size_t), readlinkat)(fd, path, buf, len);
}

int mkdir(const char *path, mode_t mode)
{
	return fails(MAKE) ? -1 : NEXT(int (*)(const char *, mode_t), mkdir)(path, mode);
}

int mkdirat(int fd, const char *path, mode_t mode)
{
	return fails(MAKE) ? -1 : NEXT(int (*)(int, const char *, mode_t), mkdirat)(fd, path, mode);
}

int symlinkat(const char *to, int fd, const char *path)
{
	if (fails(MAKE))
		return -1;
	return NEXT(int (*)(const char *, int, const char *), symlinkat)(to, fd, path);
}

int mknodat(int fd, const char *path, mode_t mode, dev_t dev)
{
	if (fails(MAKE))
		return -1;
	return NEXT(int (*)(int, const char *, mode_t, dev_t), mknodat)(fd, path, mode, dev);
}

ssize_t llistxattr(const char *path, char *list, size_t len)
{
	if (fails(XATTR))
		return -1;
	return NEXT(ssize_t(*)(const char *, char *, size_t), llistxattr)(path, list, len);
}

ssize_t lgetxattr(const char *path, const char *name, void *value, size_t len)
{
	if (fails(XATTR))
		return -1;
	return NEXT(ssize_t(*)(const char *, const char *, void *, size_t), lgetxattr)(path, name,
										       value, len);
}
