/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Extended attributes of files on disk. For lib/input/source itself.
 */
#ifndef CRX_SOURCE_DIR_LOST_H
#define CRX_SOURCE_DIR_LOST_H

#include "base/err.h"

/*
 * What files below a directory on disk have. They lie on a machine with ways
 * of its own, so what nobody set does not count: attributes that belong to the
 * file system (outside of the namespaces security, trusted and user, but for
 * POSIX ACLs), and an SELinux label that is the same as the directory's.
 */
struct crx_dir_lost {
	char *label; /* of the directory, label_len bytes */
	size_t label_len;
	char *names; /* room for a list of names */
	bool none;   /* the file system dev has no extended attributes */
	uint64_t dev;
};

int crx_dir_lost_open(struct crx_dir_lost *l, const char *dir, struct crx_err *err) CRX_MUST_CHECK;
/* CRX_XATTR_* of the file at path, on the file system dev; a link is not
 * followed. 0 as well where it cannot be found out. */
unsigned crx_dir_lost_ask(struct crx_dir_lost *l, const char *path, uint64_t dev);
/* Accepts a zeroed one. */
void crx_dir_lost_close(struct crx_dir_lost *l);

#endif
