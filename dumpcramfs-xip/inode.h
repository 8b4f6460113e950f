/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An inode as text and as JSON.
 */
#ifndef DUMPCRAMFS_XIP_INODE_H
#define DUMPCRAMFS_XIP_INODE_H

#include "cli/json.h"
#include "command.h"

enum { PATH_CAP = 8192, MODE_TEXT = 11 };

/* "-rwsr-xr-x", as in ls -l. Returns buf. */
const char *mode_text(uint32_t mode, char buf[MODE_TEXT]);

/* The device number is in the size field: old_decode_dev() of the kernel. */
bool is_device(uint32_t mode);
unsigned device_major(const struct crx_inode *inode);
unsigned device_minor(const struct crx_inode *inode);

/* The target of a symbolic link as readlink() returns it; the caller frees it. If it cannot be
 * read, *out is NULL and the output is incomplete. Fails only if memory is short. */
int link_target(struct dump *d, const struct view *v, const struct crx_entry *e, char **out,
		struct crx_err *err) CRX_MUST_CHECK;

/* Writes the members path, type, mode, uid, gid, size and, of a device, major and minor. */
void json_inode(struct crx_cli_json *j, const struct crx_entry *e);

/* The entry after e in depth-first order below top, where each directory is before its entries;
 * NULL at the end. */
const struct crx_entry *entry_next(const struct crx_listing *l, const struct crx_entry *top,
				   const struct crx_entry *e);

#endif
