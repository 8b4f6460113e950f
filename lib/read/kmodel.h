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

/*
 * cramfs_mtd_fill_super(): the same for an MTD partition of as many bytes as
 * the image has. NULL, or a message of the kernel, or, where it mounts and
 * crashes at the first access, CRX_K_CRASH.
 */
const char *crx_k_mtd_fill_super(const struct crx_image *img);
#define CRX_K_CRASH "kernel crash"

/* cramino(): the inode number of an entry whose inode stands at entry_off. */
uint64_t crx_k_ino(const struct crx_inode *inode, uint64_t entry_off);

/* What lookup and readdir can see of the entry at entry_off: false when its
 * 264 bytes pass super.size, for then the kernel reads zeros. */
bool crx_k_dirent_readable(const struct crx_image *img, uint64_t entry_off);

/*
 * cramfs_readdir(): the entry at *pos of a directory, as the kernel emits it;
 * moves *pos to the next. The name may hold NUL. 1; 0 at the end; -1 is EIO,
 * and the end of the listing.
 */
int crx_k_readdir(const struct crx_image *img, const struct crx_inode *dir, uint32_t *pos, struct crx_dirent *out);

/* cramfs_lookup(): 1 and the entry; 0 is ENOENT; -1 is EIO. len > 0. */
int crx_k_lookup(const struct crx_image *img, const struct crx_inode *dir, const char *name, size_t len, struct crx_dirent *out);

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

/*
 * cramfs_physmem_get_unmapped_area() of npg pages from file page first_pg: a
 * kernel without an MMU, private mapping that is not writable. NULL: in place,
 * all of it, at image offset *off. Otherwise why not; -EINVAL, where the
 * kernel refuses the mapping and does not copy it instead, is *refused.
 */
const char *crx_k_physmem_get_unmapped_area(const struct crx_image *img, const struct crx_inode *inode, uint32_t first_pg, uint32_t npg, uint64_t *off, bool *refused);

/* cramfs_get_block_range(): leading direct, uncompressed, contiguous blocks of
 * the npg from first_pg on; *off is the image offset of the first. */
uint32_t crx_k_get_block_range(const struct crx_image *img, const struct crx_inode *inode, uint32_t first_pg, uint32_t npg, uint64_t *off);

/* cramfs_last_page_is_shared() */
bool crx_k_last_page_is_shared(const struct crx_image *img, const struct crx_inode *inode);

#endif
