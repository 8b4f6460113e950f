/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the parts of the kernel model share. Private to lib/read.
 */
#ifndef CRX_READ_KCORE_H
#define CRX_READ_KCORE_H

#include "read/kmodel.h"

/* CRAMFS_SB(sb)->size, as cramfs_read_super() sets it. */
uint32_t crx_k_sb_size(const struct crx_image *img);

/* inode->i_size, as get_cramfs_inode() sets it: 0 where cramino() does not find the inode to hold
 * data, whatever its size field says. */
uint32_t crx_k_i_size(const struct crx_inode *inode);

/* (i_size + PAGE_SIZE - 1) >> PAGE_SHIFT */
uint32_t crx_k_max_pages(const struct crx_image *img, const struct crx_inode *inode);

/*
 * cramfs_direct_read(): *p gets the len bytes at off, or NULL for the zero page, which the kernel
 * returns for everything that passes super.size (and for len 0, where it returns nothing).
 * CRX_K_OUT_OF_BOUNDS where super.size includes bytes that the image does not have.
 */
enum crx_k_why crx_k_direct_read(const struct crx_image *img, uint32_t off, uint32_t len,
				 const uint8_t **p);

/* How many bytes of flash, from image byte 0 on, the mmap paths may touch. They do not check it;
 * mtd_point() was asked for super.size bytes. */
uint64_t crx_k_point_len(const struct crx_image *img);

#endif
