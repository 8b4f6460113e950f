/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An image made by any tool, read with every access checked. This room is the second opinion: it
 * must not include what builds images (tree, plan, layout, write).
 */
#ifndef CRX_READ_IMAGE_H
#define CRX_READ_IMAGE_H

#include "base/err.h"
#include "format/cramfs.h"
#include "read/kernel.h"

/* An image as one kernel sees it. Nothing changes it, so threads may share it. */
struct crx_image {
	const uint8_t *data; /* byte 0 of the image, from which its offsets count */
	uint64_t len;        /* bytes at data */
	uint32_t page_size;  /* of the kernel: an image does not record it */
	/* a current one, until the caller sets it */
	struct crx_kernel kernel;
	enum crx_order order;
	uint64_t super_off; /* 0 or 512 */
	struct crx_super super;
	void *map; /* to unmap, or NULL for a view of the caller's memory */
	uint64_t map_len;
};

/* A view of memory that the caller keeps. Finds the superblock and its byte order; CRX_EFORMAT if
 * there is none, with what the memory is instead, if that is known (read/magic.h). */
int crx_image_view(struct crx_image *img, const void *data, uint64_t len, uint32_t page_size,
		   struct crx_err *err) CRX_MUST_CHECK;

/* The same for an open file, which is mapped. fd may be closed afterwards. */
int crx_image_map(struct crx_image *img, int fd, const char *name, uint32_t page_size,
		  struct crx_err *err) CRX_MUST_CHECK;

/* The same for an image that begins at byte off of the file, as in a dump of a larger flash. */
int crx_image_map_at(struct crx_image *img, int fd, const char *name, uint64_t off,
		     uint32_t page_size, struct crx_err *err) CRX_MUST_CHECK;

/* Maps the whole file without looking for a superblock: sets only data, len and what
 * crx_image_close() needs. An empty file is CRX_EFORMAT. */
int crx_image_map_file(struct crx_image *img, int fd, const char *name, struct crx_err *err)
	CRX_MUST_CHECK;
void crx_image_close(struct crx_image *img);

/* One directory entry, checked: its name has 1 to 252 bytes and no NUL. */
struct crx_dirent {
	uint64_t off; /* of the entry */
	struct crx_inode inode;
	char name[CRX_DIRENT_NAME_MAX + 1];
	size_t name_len;
};

/*
 * The entry at position *pos (bytes from the beginning) of directory dir; moves *pos to the next
 * entry. Returns 1, 0 at the end, or CRX_EFORMAT for an entry that cannot be read.
 */
int crx_image_dirent(const struct crx_image *img, const struct crx_inode *dir, uint32_t *pos,
		     struct crx_dirent *out, struct crx_err *err) CRX_MUST_CHECK;

/* Block pointer i of the table at table_off; false if it is outside the image. */
bool crx_image_pointer(const struct crx_image *img, uint64_t table_off, uint32_t i, uint32_t *out);

/* Is there an fsid.crc, and are there all the bytes that it is of: from the superblock, which is
 * whole, to super.size? */
bool crx_image_has_crc(const struct crx_image *img);

/* fsid.crc, as it should be, with the field itself being zero, if crx_image_has_crc(). */
uint32_t crx_image_crc(const struct crx_image *img);

#endif
