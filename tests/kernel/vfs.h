/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel keeps of a mounted image beyond read/mount.h: where each directory was looked up
 * last. Lack of memory ends the program.
 */
#ifndef VFS_H
#define VFS_H

#include "differ_make.h"
#include "read/mount.h"

struct vfs_node {
	uint32_t ino;
	struct crx_inode in;
	bool shown; /* for the caller */
	int parent; /* of a directory, which has only one dentry; -1 for the root */
	char name[256];
};

struct vfs {
	struct crx_image img;
	struct crx_super super; /* as stored; img.super is as the kernel uses it */
	struct crx_mount m;
	struct vfs_node *node; /* [0] is the root; moves when one is added */
	int n, cap;
	uint64_t on_block; /* bytes of the image on the block device */
};

/* Mounts from an MTD partition that has the length of the image, or from a block device. Returns
 * why that fails. */
enum crx_k_why vfs_mount(struct vfs *v, const struct differ_target *t, const void *data, size_t len,
			 bool block);
void vfs_unmount(struct vfs *v);

/* Looks a name up in the directory with this index. 0, with the index of its inode in *found, or an
 * errno. */
int vfs_lookup(struct vfs *v, int dir, const char *name, int *found);

#endif
