/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What libarchive says about an archive and about an error.
 */
#include "config.h"
#include "input/archive/reader.h"

#if HAVE_LIBARCHIVE

#include <archive.h>
#include <errno.h>

#include "input/archive/memory.h"
#include "input/archive/reader_parts.h"

const char *crx_archive_error_text(struct crx_archive_reader *r)
{
	const char *text = archive_error_string(r->a);

	return text ? text : "it is truncated or damaged";
}

int crx_archive_fail(struct crx_archive_reader *r, const char *entry, struct crx_err *err)
{
	if (r->in.err.code) {
		if (!err->code)
			*err = r->in.err;
		return err->code;
	}
	if (crx_archive_lacks_memory(r->a))
		return crx_err_nomem(err, "reading an archive");
	if (entry)
		return crx_err_set(err, CRX_EFORMAT, 0, r->name, "%s: %s", entry,
				   crx_archive_error_text(r));
	if (*r->entry)
		return crx_err_set(err, CRX_EFORMAT, 0, r->name, "%s (after %s)",
				   crx_archive_error_text(r), r->entry);
	return crx_err_set(err, CRX_EFORMAT, 0, r->name, "is not an archive, or is damaged: %s",
			   crx_archive_error_text(r));
}

bool crx_archive_has_format(const struct crx_archive_reader *r, int format)
{
	return (archive_format(r->a) & ARCHIVE_FORMAT_BASE_MASK) == format;
}

#endif
