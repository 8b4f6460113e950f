/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which erase blocks of flash differ between two images.
 */
#ifndef DUMPCRAMFS_XIP_ERASE_H
#define DUMPCRAMFS_XIP_ERASE_H

#include "command.h"

/* Adjacent erase blocks that differ; the last one may end with the image. */
struct erase_range {
	uint64_t off, len;
};

struct erase_changes {
	uint32_t erase_len;
	uint64_t old_len, new_len; /* bytes that can be compared: super.size, or what there is */
	uint64_t blocks, changed;
	uint64_t bytes; /* of those that differ */
	struct erase_range *range;
	size_t n, cap;
};

/* A block of b differs if any byte of it up to the end of the image is another one in a, or is
 * after the end of a. The caller frees out, even after an error. */
int erase_compare(const struct crx_image *a, const struct crx_image *b, uint32_t erase_len,
		  struct erase_changes *out, struct crx_err *err) CRX_MUST_CHECK;
void erase_free(struct erase_changes *c);

/* erase_owners.c: calls fn with each entry of v to which a byte belongs that differs from a: a file
 * by its table and blocks, a directory by its entries. Ascending by the place in the image; NULL is
 * the superblock. An entry may come more than once. */
int erase_owners(const struct view *v, const struct crx_image *a, const struct erase_changes *c,
		 void (*fn)(void *ctx, size_t range, const struct crx_entry *e), void *ctx,
		 struct crx_err *err) CRX_MUST_CHECK;

/* erase_file.c: writes an update file (dumpcramfs-xip(1), UPDATE FILES). */
int erase_write(struct dump *d, const struct erase_changes *c, struct crx_err *err) CRX_MUST_CHECK;

/* POSIX cksum(1) of bytes that come in several parts. Begin with { 0 }. */
struct cksum {
	uint32_t crc;
	uint64_t len;
};
void cksum_add(struct cksum *c, const uint8_t *data, uint64_t len);
/* As it is printed. */
uint32_t cksum_end(const struct cksum *c);

/* erase_diff.c: the command. */
int erase_diff(struct dump *d, struct crx_err *err) CRX_MUST_CHECK;

#endif
