/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What libarchive says of an archive and of an error.
 */
#include "config.h"
#include "input/archive/reader.h"

#if HAVE_LIBARCHIVE

#include <archive.h>
#include <errno.h>

#include "input/archive/reader_parts.h"

const char *crx_archive_said(struct crx_archive_reader *r)
{
	const char *text = archive_error_string(r->a);

	return text ? text : "it is cut short, or damaged";
}

int crx_archive_fail(struct crx_archive_reader *r, const char *entry, struct crx_err *err)
{
	if (r->feed_err.code) {
		if (!err->code)
			*err = r->feed_err;
		return err->code;
	}
	if (archive_errno(r->a) == ENOMEM)
		return crx_err_nomem(err, "reading an archive");
	if (entry)
		return crx_err_set(err, CRX_EFORMAT, 0, r->name, "%s: %s", entry,
				   crx_archive_said(r));
	if (*r->entry)
		return crx_err_set(err, CRX_EFORMAT, 0, r->name, "%s (behind %s)",
				   crx_archive_said(r), r->entry);
	return crx_err_set(err, CRX_EFORMAT, 0, r->name, "is no archive, or a damaged one: %s",
			   crx_archive_said(r));
}

bool crx_archive_is(const struct crx_archive_reader *r, int format)
{
	return (archive_format(r->a) & ARCHIVE_FORMAT_BASE_MASK) == format;
}

#endif
