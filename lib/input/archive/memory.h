/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Private to lib/input/archive.
 */
#ifndef CRX_ARCHIVE_MEMORY_H
#define CRX_ARCHIVE_MEMORY_H

#include <archive.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

/*
 * Did a call of libarchive fail because memory is short? libarchive does not always say so, but
 * malloc() sets errno: set it to 0 before the call. It also has this error for damage: "Rejecting
 * malformed cpio archive: symlink contents exceed 1 megabyte".
 */
static inline bool crx_archive_lacks_memory(struct archive *a)
{
	const char *text = archive_error_string(a);

	if (text && !strncmp(text, "Rejecting", 9))
		return false;
	return archive_errno(a) == ENOMEM || errno == ENOMEM;
}

#endif
