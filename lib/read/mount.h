/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A mounted image, as the operations of a file system: what the kernel model answers, by inode
 * numbers, as the kernel's VFS asks for it.
 *
 * The operations return 0 or an errno, as system calls report it: EIO wherever the kernel answers
 * EIO, or would read outside the image; ENOMEM. They may be called from any thread.
 *
 * The kernel makes an inode when its number is looked up first. All later entries with that number
 * get this inode, whatever their own mode and owner (iget_locked()). So it is here, for as long as
 * the image is mounted.
 */
#ifndef CRX_READ_MOUNT_H
#define CRX_READ_MOUNT_H

#include <pthread.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "read/kmodel.h"

/* Its members are private. */
struct crx_mount {
	const struct crx_image *img;
	struct crx_inode root;
	uint64_t root_ino;
	pthread_mutex_t lock; /* of what follows: which entry was first, by inode number */
	struct crx_mount_slot *slot;
	size_t nslots, nused;
};

/* The caller keeps img. CRX_EFORMAT, with the kernel's words, if a kernel would not mount it. name
 * is for the message. */
int crx_mount_init(struct crx_mount *m, const struct crx_image *img, const char *name,
		   struct crx_err *err) CRX_MUST_CHECK;
void crx_mount_free(struct crx_mount *m);

/* The inode itself. Its number is that of the root (m->root_ino) or comes from crx_mount_lookup();
 * all operations answer ESTALE to any other. */
int crx_mount_inode(struct crx_mount *m, uint64_t ino, struct crx_inode *out);

/* stat(), but st_dev is 0 */
int crx_mount_getattr(struct crx_mount *m, uint64_t ino, struct stat *out);

/* Looks a name, which is not empty, up in a directory: stat() of the inode found, or ENOENT. */
int crx_mount_lookup(struct crx_mount *m, uint64_t dir, const char *name, struct stat *out);

/* The entry at *pos, and moves *pos to the next, as crx_k_readdir(); ENOENT at the end. */
int crx_mount_readdir(struct crx_mount *m, uint64_t dir, uint32_t *pos, struct crx_dirent *out);

/* The target of a symbolic link; the caller frees it. */
int crx_mount_readlink(struct crx_mount *m, uint64_t ino, char **out);

/*
 * At most len bytes of a file from off on; *got is their number, less than len at the end of the
 * file only. EIO if any page of them cannot be read.
 */
int crx_mount_read(struct crx_mount *m, uint64_t ino, uint64_t off, size_t len, uint8_t *buf,
		   size_t *got);

/* cramfs_statfs() */
void crx_mount_statfs(const struct crx_mount *m, struct statvfs *out);

#endif
