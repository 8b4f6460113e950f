/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Private to lib/input/archive.
 */
#ifndef CRX_ARCHIVE_MEMORY_H
#define CRX_ARCHIVE_MEMORY_H

#include <archive.h>
#include <errno.h>
#include <stdbool.h>

/*
 * Did a call of libarchive fail because memory is short? libarchive does not always say so, but
 * malloc() sets errno: set it to 0 before the call.
 */
static inline bool crx_archive_lacks_memory(struct archive *a)
{
	return archive_errno(a) == ENOMEM || errno == ENOMEM;
}

#endif
