/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "input/archive/name.h"

#include <string.h>

#include "input/archive/writer.h"

static const struct {
	const char *end;
	struct crx_archive_kind kind;
} endings[] = {
	{ ".tar", { CRX_ARCHIVE_PAX, CRX_ARCHIVE_PLAIN } },
	{ ".tar.gz", { CRX_ARCHIVE_PAX, CRX_ARCHIVE_GZIP } },
	{ ".tgz", { CRX_ARCHIVE_PAX, CRX_ARCHIVE_GZIP } },
	{ ".tar.bz2", { CRX_ARCHIVE_PAX, CRX_ARCHIVE_BZIP2 } },
	{ ".tbz", { CRX_ARCHIVE_PAX, CRX_ARCHIVE_BZIP2 } },
	{ ".tbz2", { CRX_ARCHIVE_PAX, CRX_ARCHIVE_BZIP2 } },
	{ ".tar.xz", { CRX_ARCHIVE_PAX, CRX_ARCHIVE_XZ } },
	{ ".txz", { CRX_ARCHIVE_PAX, CRX_ARCHIVE_XZ } },
	{ ".tar.zst", { CRX_ARCHIVE_PAX, CRX_ARCHIVE_ZSTD } },
	{ ".tzst", { CRX_ARCHIVE_PAX, CRX_ARCHIVE_ZSTD } },
	{ ".cpio", { CRX_ARCHIVE_CPIO, CRX_ARCHIVE_PLAIN } },
	{ ".cpio.gz", { CRX_ARCHIVE_CPIO, CRX_ARCHIVE_GZIP } },
	{ ".cpio.bz2", { CRX_ARCHIVE_CPIO, CRX_ARCHIVE_BZIP2 } },
	{ ".cpio.xz", { CRX_ARCHIVE_CPIO, CRX_ARCHIVE_XZ } },
	{ ".cpio.zst", { CRX_ARCHIVE_CPIO, CRX_ARCHIVE_ZSTD } },
};

bool crx_archive_kind(const char *path, struct crx_archive_kind *out)
{
	const char *slash = strrchr(path, '/');
	const char *base = slash ? slash + 1 : path;
	size_t len = strlen(base), end, i;

	for (i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		end = strlen(endings[i].end);
		/* ".tar" alone is a name without an ending */
		if (len <= end || strcmp(base + len - end, endings[i].end))
			continue;
		*out = endings[i].kind;
		return true;
	}
	return false;
}

bool crx_archive_is_name(const char *path)
{
	struct crx_archive_kind kind;

	return crx_archive_kind(path, &kind);
}
