/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The format of an archive by its file name. Private to lib/input/archive.
 */
#ifndef CRX_ARCHIVE_NAME_H
#define CRX_ARCHIVE_NAME_H

#include <stdbool.h>

enum crx_archive_format { CRX_ARCHIVE_PAX, CRX_ARCHIVE_CPIO };
enum crx_archive_filter {
	CRX_ARCHIVE_PLAIN,
	CRX_ARCHIVE_GZIP,
	CRX_ARCHIVE_BZIP2,
	CRX_ARCHIVE_XZ,
	CRX_ARCHIVE_ZSTD
};

struct crx_archive_kind {
	enum crx_archive_format format;
	enum crx_archive_filter filter;
};

/* False if the name does not end as an archive's does. */
bool crx_archive_kind(const char *path, struct crx_archive_kind *out);

#endif
