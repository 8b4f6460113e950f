/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files of the reader share. Private to them, and only for builds with
 * libarchive.
 */
#ifndef CRX_ARCHIVE_READER_PARTS_H
#define CRX_ARCHIVE_READER_PARTS_H

#include <archive.h>
#include <archive_entry.h>
#include <locale.h>

#include "input/archive/reader.h"
#include "input/archive/feed.h"
#include "input/archive/links.h"

struct crx_archive_reader {
	char *name; /* for messages */
	int fd;
	struct crx_log *log;
	struct crx_feed_tap in;
	struct archive *a;
	struct archive_entry *header; /* the latest one */
	bool compressed;              /* the whole file is */
	bool seeks;                   /* a does not use in: it seeks in fd, or in copy */
	struct crx_io_temp copy;      /* of an archive that is not a plain file; fd -1: none */
	uint8_t *block;               /* of that file */
	locale_t locale;              /* for names that are characters, not bytes; 0: none */
	struct crx_archive_links links;
	size_t listed;      /* entries added to libarchive's own list of links, at most */
	uint64_t data_left; /* of a tar entry */
	bool data_ended;
	bool have_entry;
	bool ended;
	unsigned layers;                  /* of compression that crx_archive_find_next() opened */
	char entry[CRX_ERR_TEXT_MAX / 2]; /* path of the latest entry; "": none yet */
};

/* Replace r->a by a new one that reads from the current position. cpio: no other
 * format is expected. */
int crx_archive_start(struct crx_archive_reader *r, bool cpio, struct crx_err *err) CRX_MUST_CHECK;

/* The same between two entries of a cpio archive. */
int crx_archive_restart(struct crx_archive_reader *r, struct crx_err *err) CRX_MUST_CHECK;

/* archive_read_open() of r->a if it seeks: the file is r->copy or r->fd. */
int crx_archive_open_seeking(struct crx_archive_reader *r) CRX_MUST_CHECK;

/* The text of libarchive's latest error, never NULL. */
const char *crx_archive_error_text(struct crx_archive_reader *r);

/* Is this the base format (ARCHIVE_FORMAT_...)? */
bool crx_archive_has_format(const struct crx_archive_reader *r, int format);

/*
 * Set libarchive's latest error: in that entry; with entry NULL, in what follows
 * the latest one (r->entry), or in the archive if there was none. An error of
 * the stream, or a lack of memory, is reported as such.
 */
int crx_archive_fail(struct crx_archive_reader *r, const char *entry, struct crx_err *err)
	CRX_MUST_CHECK;

/* Fills in m, all but data_last. Strings belong to e. */
void crx_archive_describe(struct archive_entry *e, struct crx_archive_member *m);

/*
 * After libarchive found the end: start on the archive that follows, if any
 * (*more). Warns about data that is not read. consumed_before: the bytes that
 * libarchive had consumed before it looked for another entry.
 */
int crx_archive_find_next(struct crx_archive_reader *r, uint64_t consumed_before, bool *more,
			  struct crx_err *err) CRX_MUST_CHECK;

#endif
