/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whole reads and writes, and files that appear only when they are complete.
 */
#ifndef CRX_BASE_IO_H
#define CRX_BASE_IO_H

#include <sys/types.h>

#include "base/err.h"

/* Exactly len bytes at off into buf; CRX_EIO on an error, CRX_ECHANGED when
 * the file ends before. path is for the message only. Retries EINTR. */
int crx_io_pread(int fd, void *buf, size_t len, uint64_t off, const char *path, struct crx_err *err)
	CRX_MUST_CHECK;

/* Exactly len bytes from buf, at off / at the file position. */
int crx_io_pwrite(int fd, const void *buf, size_t len, uint64_t off, const char *path,
		  struct crx_err *err) CRX_MUST_CHECK;
int crx_io_write(int fd, const void *buf, size_t len, const char *path, struct crx_err *err)
	CRX_MUST_CHECK;

/* The whole file at path. It has at most max bytes, otherwise CRX_EBIG. *out has a NUL after its
 * *len bytes; the caller frees it. */
int crx_io_read_file(const char *path, size_t max, char **out, size_t *len, struct crx_err *err)
	CRX_MUST_CHECK;

/* An open file of which the first bytes have been read: a pipe does not give them twice. */
struct crx_io_rest {
	int fd;
	const char *path; /* for messages */
	const void *head; /* what has been read */
	size_t head_len;
};

/* The same: head, and what follows it. */
int crx_io_read_rest(const struct crx_io_rest *f, size_t max, char **out, size_t *len,
		     struct crx_err *err) CRX_MUST_CHECK;

/*
 * A file that replaces `path` when it is committed, and until then lives
 * beside it under a name of its own (".NAME.XXXXXX"). A symbolic link is
 * followed: what it points at is replaced. The new file gets the mode of the
 * one it replaces, or 0666 less the umask. on_create and on_gone, where given,
 * are told the temporary name as soon as it exists and when it no longer does,
 * so that a program can remove it in a signal handler.
 */
struct crx_io_hooks {
	void (*on_create)(void *ctx, const char *tmp_path);
	void (*on_gone)(void *ctx);
	void *ctx;
};

struct crx_io_temp {
	int fd;
	char *path;     /* final name, links resolved */
	char *tmp_path; /* NULL: an unlinked file without a name */
	const struct crx_io_hooks *hooks;
};

int crx_io_temp_beside(struct crx_io_temp *t, const char *path, const struct crx_io_hooks *hooks,
		       struct crx_err *err) CRX_MUST_CHECK;

/* The directory that crx_io_temp_beside(path) would use ("." or "dir/"); the
 * caller's to free. */
int crx_io_target_dir(const char *path, char **out, struct crx_err *err) CRX_MUST_CHECK;

/* $TMPDIR or /tmp */
const char *crx_io_temp_dir(void);

/* A file without a name in there, gone when closed. */
int crx_io_temp_nameless(struct crx_io_temp *t, struct crx_err *err) CRX_MUST_CHECK;

/* Rename into place (after fsync of file and, after it, directory if sync). t
 * is closed either way. */
int crx_io_temp_commit(struct crx_io_temp *t, bool sync, struct crx_err *err) CRX_MUST_CHECK;

/* Close and remove, if still there. Accepts a zeroed or committed t. */
void crx_io_temp_abort(struct crx_io_temp *t);

#endif
