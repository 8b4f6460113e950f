/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rules that an image must follow so that kernels return exactly what was stored.
 * Each rule is one function of plain values, with a unit test and a case in the kernel
 * tests. doc/kernel.md says what happens without it.
 *
 * The builder uses these functions. lib/read does not: it mirrors the kernel instead, and
 * so checks them.
 */
#ifndef CRX_FORMAT_RULES_H
#define CRX_FORMAT_RULES_H

#include "format/cramfs.h"

/* What directory entries that share an inode must have in common. */
struct crx_identity {
	uint32_t mode; /* type and permission bits */
	uint32_t uid, gid;
};

/*
 * Exact tail: may block blk of a file of `size` bytes be direct and uncompressed?
 * cramfs_read_folio() takes size mod P as the length of a direct uncompressed last block.
 * This is 0 if size is a multiple of P; then read() returns zeros.
 */
bool crx_format_may_be_direct_uncompressed(uint64_t size, uint32_t page_size, uint32_t blk);

/*
 * Inode numbers: may two entries share a table? cramino() uses the data offset as the
 * inode number, and the entry that is looked up first determines type, mode and owner of
 * all. So they must be equal.
 */
bool crx_format_may_share_table(const struct crx_identity *a, const struct crx_identity *b);

/*
 * One run, one table: may a block be in two tables? Without an MMU, two tables with the
 * same direct uncompressed block end in BUG() in add_nommu_region(). Only blocks that are
 * never mapped may be shared.
 */
bool crx_format_may_share_block(bool direct_uncompressed);

/*
 * The last 264 bytes: the smallest super.size of an image whose last directory entry
 * begins at last_entry_off (0: it has no entry). A directory entry is read as 12 + 252
 * bytes; if these extend beyond super.size, zeros are read.
 */
uint64_t crx_format_min_size(uint64_t last_entry_off);

/* Whole pages: super.size, in bytes. On a block device, an incomplete last page would read
 * as zeros. */
uint64_t crx_format_image_size(uint64_t end_off, uint64_t last_entry_off, uint32_t page_size);

/*
 * Tail of a run that ends with its file: how many zeros to add, so that
 * cramfs_last_page_is_shared() finds nothing else in the page.
 */
uint32_t crx_format_tail_zeros(uint64_t size, uint32_t page_size);

/*
 * Alignment of a run: how many bytes to add at image offset off. cramfs_physmem_mmap()
 * requires page-aligned data ('data is not page aligned'), and munmap() without an MMU
 * requires that no other run uses the same page of flash.
 */
uint32_t crx_format_run_padding(uint64_t off, uint32_t page_size);

/* A direct compressed block has a 16-bit length. */
bool crx_format_may_be_direct_compressed(uint64_t len);

#endif
