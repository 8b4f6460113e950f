/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes archives: tar (pax) and cpio (newc).
 *
 * The same entries give the same bytes: times are 0, there are no user names,
 * and neither the machine nor the locale matters. Names are bytes; pax headers
 * have those that are not UTF-8 unchanged, marked with hdrcharset=BINARY. (So are
 * all that are not ASCII if the system has no locale C.UTF-8.)
 */
#ifndef CRX_ARCHIVE_WRITER_H
#define CRX_ARCHIVE_WRITER_H

#include "base/err.h"
#include "base/io.h"

/* Bytes of a path. No reader creates longer ones. */
enum { CRX_ARCHIVE_PATH_MAX = 4095 };

struct crx_archive_entry {
	const char *path; /* relative, no leading '/'; "" is the root ("./") */
	uint32_t mode;    /* type and permissions */
	uint32_t uid, gid;
	uint32_t dev_major, dev_minor;
	uint64_t size;      /* of the contents that follow */
	const char *target; /* symbolic links */
};

struct crx_archive_writer;

/*
 * Does the name end as an archive's does: in .tar or .cpio, either of them
 * followed by .gz, .bz2, .xz or .zst, or in .tgz, .tbz, .tbz2, .txz or .tzst?
 * Needs no libarchive.
 */
bool crx_archive_is_name(const char *path);

/*
 * The ending of the path gives the format; "-" is a tar on standard output. A
 * regular file is renamed into place by crx_archive_close(); if path is
 * something else, such as a FIFO, the archive is written to it. hooks (may be
 * NULL) are called for the temporary file. CRX_EARG if path has another ending,
 * or in a build without libarchive.
 */
int crx_archive_create(struct crx_archive_writer **out, const char *path,
		       const struct crx_io_hooks *hooks, struct crx_err *err) CRX_MUST_CHECK;

/*
 * Append an entry; contents has e->size bytes. CRX_ELIMIT if the format cannot
 * hold the entry (a socket in a tar, a path that is too long): nothing was
 * written, and other entries may follow.
 */
int crx_archive_put(struct crx_archive_writer *w, const struct crx_archive_entry *e,
		    const void *contents, struct crx_err *err) CRX_MUST_CHECK;

/* Complete the archive. On an error its file is removed. Frees w either way. */
int crx_archive_close(struct crx_archive_writer *w, struct crx_err *err) CRX_MUST_CHECK;

/* Remove the file, and free w. Accepts NULL. */
void crx_archive_abort(struct crx_archive_writer *w);

#endif
