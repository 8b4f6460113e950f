/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The hard links of one cpio archive. Private to lib/input/archive.
 */
#ifndef CRX_ARCHIVE_LINKS_H
#define CRX_ARCHIVE_LINKS_H

#include "input/archive/reader.h"

struct crx_archive_links {
	void *tree;      /* tsearch's: files that have more names in the rest of the archive */
	void *completed; /* the file whose last name was found most recently, or NULL */
};

/*
 * Sets m->hardlink of a cpio entry with m->nlink > 1: NULL for the first name
 * of a file, else that first name. It is valid until the next call.
 */
int crx_archive_link(struct crx_archive_links *l, uint64_t dev, uint64_t ino,
		     struct crx_archive_member *m, struct crx_err *err) CRX_MUST_CHECK;

/* Accepts a zeroed one. */
void crx_archive_links_free(struct crx_archive_links *l);

#endif
