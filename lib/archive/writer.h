/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Archives out. With the reader (to come) the only user of libarchive.
 */
#ifndef CRX_ARCHIVE_WRITER_H
#define CRX_ARCHIVE_WRITER_H

#include "base/err.h"

struct crx_archive_entry {
	const char *path;    /* relative, no leading '/'; "" is the root ("./") */
	uint32_t mode;       /* type and permissions */
	uint32_t uid, gid;
	uint32_t dev_major, dev_minor;
	uint64_t size;       /* of the contents that follow */
	const char *target;  /* symbolic links */
};

struct crx_archive_writer;

/* Does a name end like an archive's (.tar, .tar.gz, .tgz, .tar.xz, .tar.zst, .tar.bz2, .cpio, ...)? */
bool crx_archive_is_name(const char *path);

/* format by the name's ending; path "-": a pax tar to fd 1. The file appears by
 * rename at close. */
int crx_archive_create(struct crx_archive_writer **out, const char *path, struct crx_err *err) CRX_MUST_CHECK;
int crx_archive_put(struct crx_archive_writer *w, const struct crx_archive_entry *e, const void *contents, struct crx_err *err) CRX_MUST_CHECK;
/* Finish (0) or give up (the file is not left behind). Frees w either way. */
int crx_archive_close(struct crx_archive_writer *w, struct crx_err *err) CRX_MUST_CHECK;
void crx_archive_abort(struct crx_archive_writer *w);

#endif
