/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an image must keep to so that kernels serve exactly what went in:
 * each rule in one function, on plain values. Each has a unit test and a case
 * in the kernel test. doc/kernel.md tells what happens without it.
 *
 * The builder plans and lays out by these. lib/read does not use them: it
 * mirrors the kernel instead, and so checks them.
 */
#ifndef CRX_FORMAT_RULES_H
#define CRX_FORMAT_RULES_H

#include "format/cramfs.h"

/* What two directory entries must have in common to be one inode. */
struct crx_identity {
	uint32_t mode; /* type and permission bits */
	uint32_t uid, gid;
};

/*
 * Exact tail. cramfs_read_folio takes size mod P as the length of a direct
 * uncompressed last block: 0 when the size is a multiple of P, and read()
 * gives zeros. May block blk of a file of `size` bytes be direct and
 * uncompressed?
 */
bool crx_format_may_be_direct_uncompressed(uint64_t size, uint32_t page_size, uint32_t blk);

/*
 * Inode numbers. cramino() makes the data offset the inode number, and the
 * entry looked up first lends type, mode and owner to all: a table may be
 * shared only by equals.
 */
bool crx_format_may_share_table(const struct crx_identity *a, const struct crx_identity *b);

/*
 * One run, one table. Without an MMU two tables that point at the same direct
 * uncompressed block end in BUG at add_nommu_region: only blocks that are
 * read, never mapped, may be in two tables.
 */
bool crx_format_may_share_block(bool direct_uncompressed);

/*
 * The last 264 bytes. A directory entry is read as 12 + 252 bytes, and zeros
 * come back if that passes super.size. Smallest super.size for an image whose
 * last directory entry begins at last_entry_off (0: there is none).
 */
uint64_t crx_format_min_size(uint64_t last_entry_off);

/* Whole pages. On a block device the last, incomplete page reads as zeros. */
uint64_t crx_format_image_size(uint64_t end_off, uint64_t last_entry_off, uint32_t page_size);

/*
 * The tail of a run that ends with its file: bytes of zero to add so that
 * cramfs_last_page_is_shared() finds nothing else in the page.
 */
uint32_t crx_format_tail_zeros(uint64_t size, uint32_t page_size);

/*
 * A run begins page-aligned in the image: cramfs_physmem_mmap wants it in
 * memory ('data is not page aligned'), munmap without an MMU wants pages of
 * flash that no other run touches. Bytes to add at off.
 */
uint32_t crx_format_run_padding(uint64_t off, uint32_t page_size);

/* A direct compressed block holds its length in 16 bits. */
bool crx_format_may_be_direct_compressed(uint64_t len);

#endif
