/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Extended attributes of files on disk. Private to lib/input/source.
 */
#ifndef CRX_SOURCE_DIR_XATTRS_H
#define CRX_SOURCE_DIR_XATTRS_H

#include "base/err.h"

/*
 * Finds the attributes of files in a directory on disk. Those that the build
 * machine sets by itself do not count: attributes of its file system (all that
 * are neither POSIX ACLs nor in the namespaces security, trusted and user), and
 * an SELinux label that equals the directory's.
 */
struct crx_dir_xattrs {
	char *label; /* of the directory, label_len bytes */
	size_t label_len;
	char *names;      /* buffer for llistxattr() */
	bool unsupported; /* the file system dev has no extended attributes */
	uint64_t dev;
};

int crx_dir_xattrs_open(struct crx_dir_xattrs *l, const char *dir, struct crx_err *err)
	CRX_MUST_CHECK;

/* CRX_XATTR_* of the file at path, which is on the file system dev. Links are
 * not followed. 0 also if the attributes cannot be read. */
unsigned crx_dir_xattrs_find(struct crx_dir_xattrs *l, const char *path, uint64_t dev);

/* Accepts a zeroed one. */
void crx_dir_xattrs_close(struct crx_dir_xattrs *l);

#endif
