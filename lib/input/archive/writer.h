/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Archives out. With the reader the only user of libarchive.
 *
 * Bytes are the same for the same entries: times are 0, there are no user
 * names, and nothing of the machine or the locale is in them. Names are bytes;
 * those that are not ASCII stand as they are in pax headers, marked with
 * hdrcharset=BINARY. The program must be in the C locale.
 */
#ifndef CRX_ARCHIVE_WRITER_H
#define CRX_ARCHIVE_WRITER_H

#include "base/err.h"
#include "base/io.h"

enum { CRX_ARCHIVE_PATH_MAX = 4095 }; /* bytes of a path; longer ones no reader makes */

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
 * Does a name end like an archive's: .tar, .cpio, these with .gz, .bz2, .xz or
 * .zst behind, or .tgz, .tbz, .tbz2, .txz, .tzst? The same in a build without
 * libarchive.
 */
bool crx_archive_is_name(const char *path);

/*
 * Format by the name's ending: tar is pax, cpio is newc; path "-": a pax tar to
 * fd 1. A regular file appears by rename at close; what is there and no regular
 * file is written to. hooks (may be NULL) are told of the temporary file.
 * CRX_EARG for another ending, and in a build without libarchive.
 */
int crx_archive_create(struct crx_archive_writer **out, const char *path,
		       const struct crx_io_hooks *hooks, struct crx_err *err) CRX_MUST_CHECK;

/* CRX_ELIMIT, with nothing written, where the format cannot hold such an entry
 * (a socket in tar, a path that is too long): the archive goes on without it. */
int crx_archive_put(struct crx_archive_writer *w, const struct crx_archive_entry *e,
		    const void *contents, struct crx_err *err) CRX_MUST_CHECK;
/* Finish (0) or give up (the file is not left behind). Frees w either way. */
int crx_archive_close(struct crx_archive_writer *w, struct crx_err *err) CRX_MUST_CHECK;
void crx_archive_abort(struct crx_archive_writer *w);

#endif
