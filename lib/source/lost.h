/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What sources have and cramfs cannot hold: extended attributes, and what Linux
 * keeps in them.
 */
#ifndef CRX_SOURCE_LOST_H
#define CRX_SOURCE_LOST_H

#include "tree/tree.h"

/* A warning for each kind (base/xattr.h) that nodes of t have: how many there
 * are, and the paths of the first. */
void crx_lost_tell(const struct crx_tree *t, struct crx_log *log);

/*
 * What files below a directory on disk have. They lie on a machine with ways
 * of its own, so what nobody set does not count: attributes that belong to the
 * file system (outside of the namespaces security, trusted and user, but for
 * POSIX ACLs), and an SELinux label that is the same as the directory's.
 */
struct crx_lost_disk {
	char *label;   /* of the directory, label_len bytes */
	size_t label_len;
	char *names;   /* room for a list of names */
	bool none;     /* the file system dev has no extended attributes */
	uint64_t dev;
};

int crx_lost_disk_open(struct crx_lost_disk *l, const char *dir, struct crx_err *err) CRX_MUST_CHECK;
/* CRX_XATTR_* of the file at path, on the file system dev; a link is not
 * followed. 0 as well where it cannot be found out. */
unsigned crx_lost_disk_ask(struct crx_lost_disk *l, const char *path, uint64_t dev);
/* Accepts a zeroed one. */
void crx_lost_disk_close(struct crx_lost_disk *l);

#endif
