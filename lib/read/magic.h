/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a file is, by its magic number: for messages about a file that is not a cramfs image, and
 * for finding images inside a larger file. Pure functions, which read nothing outside [data, len).
 */
#ifndef CRX_READ_MAGIC_H
#define CRX_READ_MAGIC_H

#include <stddef.h>
#include <stdint.h>

#include "format/cramfs.h"

enum { CRX_MAGIC_LEN_MAX = 8 };

struct crx_magic {
	const char *what;   /* "a squashfs image" */
	const char *advice; /* "decompress it first", or NULL */
	uint32_t off;       /* of the magic number in the image */
	uint8_t len;
	uint8_t bytes[CRX_MAGIC_LEN_MAX];
};

/* The rows of the table. The first two are cramfs, by enum crx_order. */
enum { CRX_MAGIC_ROWS = 25, CRX_MAGIC_CRAMFS_ROWS = CRX_ORDER_BIG + 1 };
const struct crx_magic *crx_magic_row(size_t row);

/* What begins at data, or NULL if that is unknown. */
const struct crx_magic *crx_magic_identify(const uint8_t *data, uint64_t len);

/*
 * Finds the magic numbers of at least four bytes at all offsets, in the order in which they are in
 * the data. The time is proportional to len, whatever the data is.
 */
struct crx_magic_scan {
	const uint8_t *data;
	uint64_t len, at;  /* the next magic number is sought from here; a caller may raise it */
	uint8_t skip[256]; /* how far to go if a byte is the last of four */
	uint32_t rows[4][256]; /* a bit for each row that has a byte as its first, ... fourth */
};

void crx_magic_scan_begin(struct crx_magic_scan *s, const uint8_t *data, uint64_t len);

/* Sets *row and *off, where the image with this magic number begins. False at the end. */
bool crx_magic_scan_next(struct crx_magic_scan *s, size_t *row, uint64_t *off);

#endif
