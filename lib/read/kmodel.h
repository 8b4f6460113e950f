/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a Linux kernel makes of an image: small functions named after the
 * kernel's (fs/cramfs/inode.c, 4.15 to 6.x). Where the kernel does not check
 * bounds the answer is 'out of bounds'.
 */
#ifndef CRX_READ_KMODEL_H
#define CRX_READ_KMODEL_H

#include "read/image.h"

/*
 * cramfs_read_super(): would the kernel mount it? NULL if so, otherwise the
 * kernel's message ("wrong magic", "unsupported filesystem features", "root is
 * not a directory", "bad root offset", ...).
 */
const char *crx_k_read_super(const struct crx_image *img);

/* cramino(): the inode number of an entry whose inode stands at entry_off. */
uint64_t crx_k_ino(const struct crx_inode *inode, uint64_t entry_off);

/* What lookup and readdir can see of the entry at entry_off: false when its
 * 264 bytes pass super.size, for then the kernel reads zeros. */
bool crx_k_dirent_readable(const struct crx_image *img, uint64_t entry_off);

/* Where cramfs_read_folio() finds a block. */
struct crx_k_block {
	bool hole;          /* length 0 */
	bool direct, uncompressed;
	uint64_t start;     /* first byte of the data, behind the header */
	uint64_t len;
};

/* The pointer arithmetic of cramfs_read_folio() for block i of an inode.
 * NULL, or what is wrong ("bad data blocksize", "out of bounds"). */
const char *crx_k_find_block(const struct crx_image *img, const struct crx_inode *inode, uint32_t i, struct crx_k_block *out);

/*
 * cramfs_read_folio(): the page as read() serves it, page_size bytes in page.
 * z is a struct crx_inflate of the calling thread. NULL, or why the kernel
 * answers EIO.
 */
struct crx_inflate;
const char *crx_k_read_folio(const struct crx_image *img, const struct crx_inode *inode, uint32_t i, struct crx_inflate *z, uint8_t *page);

/* How many pages of a mapping are direct, and why no more are. */
struct crx_k_map {
	uint32_t pages;     /* direct, from the first on */
	uint64_t off;       /* image offset of the first, if pages > 0 */
	const char *reason; /* the kernel's own words, for the first page that is not; NULL if all are */
};

/*
 * cramfs_physmem_mmap() of npg pages from file page first_pg, for a mapping
 * that is writable or not, of an image that lies page-aligned in flash.
 */
void crx_k_physmem_mmap(const struct crx_image *img, const struct crx_inode *inode, uint32_t first_pg, uint32_t npg, bool writable, struct crx_k_map *out);

/* cramfs_get_block_range(): leading direct, uncompressed, contiguous blocks of
 * the npg from first_pg on; *off is the image offset of the first. */
uint32_t crx_k_get_block_range(const struct crx_image *img, const struct crx_inode *inode, uint32_t first_pg, uint32_t npg, uint64_t *off);

/* cramfs_last_page_is_shared() */
bool crx_k_last_page_is_shared(const struct crx_image *img, const struct crx_inode *inode);

#endif
