/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files of the reader share. Only where there is libarchive.
 */
#ifndef CRX_ARCHIVE_READER_PARTS_H
#define CRX_ARCHIVE_READER_PARTS_H

#include <archive.h>
#include <archive_entry.h>
#include <locale.h>

#include "input/archive/reader.h"
#include "input/archive/feed.h"
#include "input/archive/links.h"
#include "base/io.h"

struct crx_archive_reader {
	char *name; /* for messages */
	int fd;
	struct crx_log *log;
	struct crx_feed *feed;
	struct archive *a;
	struct crx_err feed_err; /* while libarchive was at work */
	uint64_t given;          /* bytes of the stream that a has got */
	bool compressed;         /* as a whole */
	bool whole;              /* a reads a file itself, fd or copy: it has to seek */
	struct crx_io_temp copy; /* of what cannot be sought in; fd -1: none */
	locale_t locale;         /* for names that are characters; 0: none */
	struct crx_archive_links links;
	size_t linked; /* entries that libarchive's own list of links may have grown by */
	uint64_t left; /* of a tar entry's data */
	bool data_ended;
	bool have_entry;
	bool ended;
	unsigned layers;
	char entry[CRX_ERR_TEXT_MAX / 2]; /* path of the latest entry */
};

/* A new struct archive on what the stream gives next, which may be known to be cpio. */
int crx_archive_start(struct crx_archive_reader *r, bool cpio, struct crx_err *err) CRX_MUST_CHECK;

/* The same in the middle of a cpio archive, between two entries. */
int crx_archive_restart(struct crx_archive_reader *r, struct crx_err *err) CRX_MUST_CHECK;

/* The text of libarchive's last error. */
const char *crx_archive_said(struct crx_archive_reader *r);

/* Of this base format (ARCHIVE_FORMAT_...)? */
bool crx_archive_is(const struct crx_archive_reader *r, int format);

/* What libarchive said last as an error: of that entry, of what comes behind
 * the latest, or (r->entry empty, too) of the archive. */
int crx_archive_fail(struct crx_archive_reader *r, const char *entry, struct crx_err *err)
	CRX_MUST_CHECK;

/* What libarchive knows of an entry. */
void crx_archive_describe(struct archive_entry *e, struct crx_archive_member *m);

/* At the end that libarchive found: *more if another archive follows, which r
 * has been set to. consumed_before: bytes that it had taken before it looked. */
int crx_archive_go_on(struct crx_archive_reader *r, uint64_t consumed_before, bool *more,
		      struct crx_err *err) CRX_MUST_CHECK;

#endif
