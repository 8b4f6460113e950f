/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Complete reads and writes, and files that appear only when they are complete.
 */
#ifndef CRX_BASE_IO_H
#define CRX_BASE_IO_H

#include <sys/types.h>

#include "base/err.h"

/* Does this errno say that a file is there, but cannot be read? Then others can still be tried. */
bool crx_io_is_unreadable(int sys_errno);

/*
 * The system calls, except that they retry EINTR. They return what the call returns, and set errno.
 * Everything else in lib/ and in the programs uses these. (close() is never retried: on Linux the
 * descriptor is gone even if it fails, and may be another file's by then.)
 */
int crx_io_open(const char *path, int flags) CRX_MUST_CHECK;
int crx_io_openat(int dirfd, const char *path, int flags, mode_t mode) CRX_MUST_CHECK;
ssize_t crx_io_read(int fd, void *buf, size_t len) CRX_MUST_CHECK;
int crx_io_ftruncate(int fd, off_t len) CRX_MUST_CHECK;
int crx_io_fsync(int fd) CRX_MUST_CHECK;

/*
 * stat() of a file that may be missing, or in a directory that is missing or closed to us: then
 * *exists is false, and opening it will say why. Any other failure is CRX_EIO: without an answer, a
 * file could be replaced that must not be.
 */
struct stat;
int crx_io_stat(const char *path, struct stat *st, bool *exists, struct crx_err *err)
	CRX_MUST_CHECK;
/* The same for a call that has just failed for path: 0, or an error set from errno. */
int crx_io_missing(const char *path, struct crx_err *err) CRX_MUST_CHECK;

/* Reads exactly len bytes at off into buf. CRX_EIO on an error, CRX_ECHANGED if the file ends
 * before. path is for the message only. */
int crx_io_pread(int fd, void *buf, size_t len, uint64_t off, const char *path, struct crx_err *err)
	CRX_MUST_CHECK;

/* Write exactly len bytes of buf, at off or at the file position. */
int crx_io_pwrite(int fd, const void *buf, size_t len, uint64_t off, const char *path,
		  struct crx_err *err) CRX_MUST_CHECK;
int crx_io_write(int fd, const void *buf, size_t len, const char *path, struct crx_err *err)
	CRX_MUST_CHECK;

/* Reads the whole file at path. CRX_EBIG if it has more than max bytes. *out has a NUL after its
 * *len bytes; the caller frees it. */
int crx_io_read_file(const char *path, size_t max, char **out, size_t *len, struct crx_err *err)
	CRX_MUST_CHECK;

/* An open file whose first bytes have been read already: a pipe cannot be read again. */
struct crx_io_rest {
	int fd;
	const char *path; /* for messages */
	const void *head; /* the bytes read before */
	size_t head_len;
};

/* The same for head and everything after it. */
int crx_io_read_rest(const struct crx_io_rest *f, size_t max, char **out, size_t *len,
		     struct crx_err *err) CRX_MUST_CHECK;

/*
 * A temporary file (".NAME.XXXXXX" in the same directory) that replaces `path` when it is
 * committed. If path is a symbolic link, its target is replaced. The new file gets the mode of the
 * one it replaces, or 0666 without the bits of the umask.
 *
 * on_create, unless NULL, is called as soon as the temporary file exists, and on_gone when it no
 * longer does, so that a signal handler can remove it.
 */
struct crx_io_hooks {
	void (*on_create)(void *ctx, const char *tmp_path);
	void (*on_gone)(void *ctx);
	void *ctx;
};

struct crx_io_temp {
	int fd;
	char *path;     /* the final name, with links resolved; nameless: what messages call it */
	char *tmp_path; /* NULL if the file has no name */
	const struct crx_io_hooks *hooks;
};

int crx_io_temp_beside(struct crx_io_temp *t, const char *path, const struct crx_io_hooks *hooks,
		       struct crx_err *err) CRX_MUST_CHECK;

/* The directory that crx_io_temp_beside(path) would use ("." or "dir/"). The caller frees it. */
int crx_io_target_dir(const char *path, char **out, struct crx_err *err) CRX_MUST_CHECK;

/* $TMPDIR or /tmp */
const char *crx_io_temp_dir(void);

/* A file without a name in crx_io_temp_dir(). It disappears when it is closed. */
int crx_io_temp_nameless(struct crx_io_temp *t, struct crx_err *err) CRX_MUST_CHECK;

/* Renames the file to path; with sync, it syncs the file before and the directory after that. t is
 * closed in any case. After an error path is unchanged, except in one case: if the directory cannot
 * be synced, the file is in place, and the message says so. */
int crx_io_temp_commit(struct crx_io_temp *t, bool sync, struct crx_err *err) CRX_MUST_CHECK;

/* Closes and removes the file. Does nothing if t is zeroed or committed. */
void crx_io_temp_abort(struct crx_io_temp *t);

#endif
