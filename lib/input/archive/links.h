/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The hard links of one cpio archive. For lib/input/archive itself.
 */
#ifndef CRX_ARCHIVE_LINKS_H
#define CRX_ARCHIVE_LINKS_H

#include "input/archive/reader.h"

struct crx_archive_links {
	void *tree; /* tsearch's: files of which names are to come */
	void *last; /* the one whose last name came last */
};

/* Sets hardlink of an entry of cpio, good until the next call, by m->path and m->nlink > 1. */
int crx_archive_link(struct crx_archive_links *l, uint64_t dev, uint64_t ino,
		     struct crx_archive_member *m, struct crx_err *err) CRX_MUST_CHECK;
/* Accepts a zeroed one. */
void crx_archive_links_free(struct crx_archive_links *l);

#endif
