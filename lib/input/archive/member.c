/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "input/archive/reader.h"

#if HAVE_LIBARCHIVE

#include <archive.h>
#include <archive_entry.h>
#include <sys/stat.h>

#include "input/archive/reader_parts.h"
#include "base/xattr.h"

static uint32_t id_of(la_int64_t n)
{
	return n < 0 || n > (la_int64_t)UINT32_MAX ? UINT32_MAX : (uint32_t)n;
}

static uint32_t device_number(dev_t n)
{
	return n > UINT32_MAX ? UINT32_MAX : (uint32_t)n;
}

static unsigned find_xattrs(struct archive_entry *e)
{
	unsigned kinds = archive_entry_acl_types(e) ? CRX_XATTR_ACL : 0;
	const char *name;
	const void *value;
	unsigned kind;
	size_t len;

	archive_entry_xattr_reset(e);
	while (archive_entry_xattr_next(e, &name, &value, &len) == ARCHIVE_OK) {
		kind = name ? crx_xattr_kind(name) : 0;
		kinds |= kind == CRX_XATTR_OPAQUE ? crx_xattr_opaque(value, len) : kind;
	}
	return kinds;
}

void crx_archive_describe(struct archive_entry *e, struct crx_archive_member *m)
{
	*m = (struct crx_archive_member){
		.path = archive_entry_pathname(e),
		.mode = archive_entry_filetype(e) | (archive_entry_perm(e) & 07777),
		.uid = id_of(archive_entry_uid(e)),
		.gid = id_of(archive_entry_gid(e)),
		.user = archive_entry_uname(e),
		.group = archive_entry_gname(e),
		.hardlink = archive_entry_hardlink(e),
		.nlink = archive_entry_nlink(e) ? archive_entry_nlink(e) : 1,
		.encrypted = archive_entry_is_data_encrypted(e) > 0,
		.sparse = archive_entry_sparse_count(e) > 0,
		.has_size = archive_entry_size_is_set(e),
	};
	if (m->has_size && archive_entry_size(e) > 0)
		m->size = (uint64_t)archive_entry_size(e);
	if (S_ISLNK(m->mode))
		m->target = archive_entry_symlink(e);
	if (S_ISCHR(m->mode) || S_ISBLK(m->mode)) {
		m->dev_major = device_number(archive_entry_rdevmajor(e));
		m->dev_minor = device_number(archive_entry_rdevminor(e));
	}
	m->xattrs = find_xattrs(e);
}

#endif
