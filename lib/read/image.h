/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An image as it stands, by whatever tool, read with every access checked.
 * May not include tree, plan, layout or write: it is the second opinion.
 */
#ifndef CRX_READ_IMAGE_H
#define CRX_READ_IMAGE_H

#include "base/err.h"
#include "format/cramfs.h"

struct crx_image {
	const uint8_t *data; /* byte 0 of the image: what offsets in it count from */
	uint64_t len;        /* bytes there are */
	uint32_t page_size;  /* the kernel's: given by the caller, not by the image */
	enum crx_order order;
	uint64_t super_off;  /* 0 or 512 */
	struct crx_super super;
	void *map;           /* to unmap, or NULL for a view of the caller's memory */
	uint64_t map_len;
};

/* A view of memory that the caller keeps. Finds superblock and byte order;
 * CRX_EFORMAT if there is none. */
int crx_image_view(struct crx_image *img, const void *data, uint64_t len, uint32_t page_size, struct crx_err *err) CRX_MUST_CHECK;

/* The same of an open file, mapped. fd may be closed afterwards. */
int crx_image_map(struct crx_image *img, int fd, const char *name, uint32_t page_size, struct crx_err *err) CRX_MUST_CHECK;

/* The same of an image that begins at byte off of the file: in a dump of a
 * larger flash. */
int crx_image_map_at(struct crx_image *img, int fd, const char *name, uint64_t off, uint32_t page_size, struct crx_err *err) CRX_MUST_CHECK;
void crx_image_close(struct crx_image *img);

/* One directory entry, checked: name length 1..252, no NUL inside. */
struct crx_dirent {
	uint64_t off;      /* of the entry */
	struct crx_inode inode;
	char name[CRX_DIRENT_NAME_MAX + 1];
	size_t name_len;
};

/*
 * The entry at position *pos (bytes from the beginning) of directory dir; moves
 * *pos to the next. Returns 1, 0 at the end, or a negative code for an entry
 * that cannot be read.
 */
int crx_image_dirent(const struct crx_image *img, const struct crx_inode *dir, uint32_t *pos, struct crx_dirent *out, struct crx_err *err) CRX_MUST_CHECK;

/* Block pointer i of the table at table_off; false if outside the image. */
bool crx_image_pointer(const struct crx_image *img, uint64_t table_off, uint32_t i, uint32_t *out);

#endif
