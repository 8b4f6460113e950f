/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a Linux kernel makes of an image: small functions named after the kernel's
 * (fs/cramfs/inode.c, 4.15 to 7.3). struct crx_image holds the kernel's page size and version, and
 * so stands for the pair of image and kernel.
 *
 * All functions are pure and read nothing outside the image. Where the kernel checks no bounds and
 * would read something else, the answer is CRX_K_OUT_OF_BOUNDS.
 */
#ifndef CRX_READ_KMODEL_H
#define CRX_READ_KMODEL_H

#include "read/image.h"

/* Why the kernel refuses, fails, or maps no more pages in place. */
enum crx_k_why {
	CRX_K_OK,

	/* cramfs_read_super(), cramfs_mtd_fill_super() */
	CRX_K_WRONG_MAGIC,
	CRX_K_WRONG_ENDIANNESS,
	CRX_K_UNSUPPORTED_FEATURES,
	CRX_K_ROOT_NOT_DIRECTORY,
	CRX_K_BAD_ROOT_OFFSET,
	CRX_K_NO_DIRECT_ACCESS, /* the partition is smaller than a page, or than super.size */
	CRX_K_CRASH,            /* it mounts, and crashes at the first access */

	/* cramfs_readdir(), cramfs_lookup() */
	CRX_K_NO_ENTRY,      /* end of the listing; ENOENT */
	CRX_K_EMPTY_NAME,    /* EIO: nothing but NUL bytes, or no bytes at all */
	CRX_K_SLASH_IN_NAME, /* EIO, for a listing only */
	CRX_K_INVALID_TYPE,  /* EIO, for a lookup only */

	/* cramfs_read_folio(): EIO */
	CRX_K_BAD_BLOCKSIZE,
	CRX_K_DECOMPRESSION,

	/* cramfs_physmem_mmap(), cramfs_physmem_get_unmapped_area() */
	CRX_K_NOT_REGULAR,
	CRX_K_NO_EXT_POINTERS,
	CRX_K_WRITABLE,
	CRX_K_BEYOND_FILE,
	CRX_K_BLOCK_LAYOUT,
	CRX_K_NOT_ALIGNED,
	CRX_K_LAST_PAGE_SHARED,
	CRX_K_NO_BLOCK_LEFT,

	CRX_K_OUT_OF_BOUNDS,
	CRX_K_WHYS
};

/* The words the kernel logs, or ours where it logs nothing; NULL for CRX_K_OK. */
const char *crx_k_why_text(enum crx_k_why why);

/* Are these words the kernel's own? */
bool crx_k_why_logged(enum crx_k_why why);

/* cramfs_read_super(): CRX_K_OK if the kernel would mount the image. */
enum crx_k_why crx_k_read_super(const struct crx_image *img);

/* cramfs_mtd_fill_super(): the same for an MTD partition with as many bytes as the image has. */
enum crx_k_why crx_k_mtd_fill_super(const struct crx_image *img);

/* cramino(): the inode number of a directory entry that begins at entry_off. */
uint64_t crx_k_ino(const struct crx_inode *inode, uint64_t entry_off);

/* get_cramfs_inode(): CRX_K_INVALID_TYPE if the kernel refuses the inode. An older kernel makes one
 * of no valid type a special file, which has no contents and cannot be opened (ENXIO). */
enum crx_k_why crx_k_get_cramfs_inode(const struct crx_image *img, const struct crx_inode *inode);

/* Can lookup and readdir see the entry at entry_off? If its 264 bytes pass super.size, the kernel
 * reads zeros instead. */
bool crx_k_dirent_readable(const struct crx_image *img, uint64_t entry_off);

/*
 * cramfs_readdir(): the entry at *pos (bytes from the directory's beginning), as the kernel emits
 * it; moves *pos to the next entry. The name may contain NUL bytes. CRX_K_NO_ENTRY at the end; any
 * other reason is EIO, and ends the listing as well.
 */
enum crx_k_why crx_k_readdir(const struct crx_image *img, const struct crx_inode *dir,
			     uint32_t *pos, struct crx_dirent *out);

/* cramfs_lookup() of a name with len bytes, len > 0. CRX_K_NO_ENTRY is ENOENT, any other reason is
 * EIO. */
enum crx_k_why crx_k_lookup(const struct crx_image *img, const struct crx_inode *dir,
			    const char *name, size_t len, struct crx_dirent *out);

/* Where cramfs_read_folio() finds a block. */
struct crx_k_block {
	bool hole; /* length 0 */
	bool direct, uncompressed;
	uint64_t start; /* first byte of the data, after the length of a direct one */
	uint64_t len;
};

/* The pointer arithmetic of cramfs_read_folio() for block i of an inode. */
enum crx_k_why crx_k_find_block(const struct crx_image *img, const struct crx_inode *inode,
				uint32_t i, struct crx_k_block *out);

/*
 * cramfs_read_folio(): the page as read() serves it, page_size bytes in page. z belongs to the
 * calling thread.
 */
struct crx_inflate;
enum crx_k_why crx_k_read_folio(const struct crx_image *img, const struct crx_inode *inode,
				uint32_t i, struct crx_inflate *z, uint8_t *page);

/* Are block i of a and block j of b streams of the same bytes? Then the kernel reads the same. */
bool crx_k_is_same_stream(const struct crx_image *img, const struct crx_inode *a, uint32_t i,
			  const struct crx_inode *b, uint32_t j);

/* How many pages of a mapping are direct. */
struct crx_k_map {
	uint32_t pages;     /* direct, from the first on */
	uint64_t off;       /* image offset of the first, if pages > 0 */
	enum crx_k_why why; /* of the first page that is not direct; CRX_K_OK if all are */
};

/*
 * cramfs_physmem_mmap() of npg pages from file page first_pg on, for a mapping that is writable or
 * not, of an image that lies page-aligned in flash.
 */
struct crx_k_map crx_k_physmem_mmap(const struct crx_image *img, const struct crx_inode *inode,
				    uint32_t first_pg, uint32_t npg, bool writable);

/*
 * cramfs_physmem_get_unmapped_area() of npg pages from file page first_pg on: a kernel without an
 * MMU, and a private mapping that is not writable. CRX_K_OK: all of it is in place, at image offset
 * *off. CRX_K_BEYOND_FILE is -EINVAL: the mapping fails. After any other reason it is copied to
 * RAM.
 */
enum crx_k_why crx_k_physmem_get_unmapped_area(const struct crx_image *img,
					       const struct crx_inode *inode, uint32_t first_pg,
					       uint32_t npg, uint64_t *off);

/* cramfs_get_block_range(): how many of the npg blocks from first_pg on are direct, uncompressed
 * and contiguous; *off is the image offset of the first. */
uint32_t crx_k_get_block_range(const struct crx_image *img, const struct crx_inode *inode,
			       uint32_t first_pg, uint32_t npg, uint64_t *off);

/* cramfs_last_page_is_shared() */
bool crx_k_last_page_is_shared(const struct crx_image *img, const struct crx_inode *inode);

#endif
