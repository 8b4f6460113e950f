/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "read/magic.h"

#include <string.h>

enum { KEY_LEN = 4 }; /* bytes that the scan looks for */

#define DECOMPRESS "decompress it first"

/*
 * Sources: include/uapi/linux/magic.h of Linux for cramfs, squashfs, erofs and ext; fs/romfs,
 * jffs2.h, drivers/mtd/ubi/ubi-media.h and fs/ubifs/ubifs-media.h of Linux; RFC 1952 (gzip), the
 * .xz file format 1.2, RFC 8878 (zstd), the LZ4 frame format 1.6, bzip2(1); include/image.h of
 * U-Boot; the Devicetree Specification 0.4, section 5.2; elf(5).
 */
static const struct crx_magic ROW[CRX_MAGIC_ROWS] = {
	[CRX_ORDER_LITTLE] = { "a cramfs image", NULL, 0, 4, { 0x45, 0x3d, 0xcd, 0x28 } },
	[CRX_ORDER_BIG] = { "a cramfs image", NULL, 0, 4, { 0x28, 0xcd, 0x3d, 0x45 } },
	{ "a squashfs image", NULL, 0, 4, { 'h', 's', 'q', 's' } },
	{ "a big-endian squashfs image", NULL, 0, 4, { 's', 'q', 's', 'h' } },
	{ "a romfs image", NULL, 0, 8, { '-', 'r', 'o', 'm', '1', 'f', 's', '-' } },
	/* the magic number 0x1985 with a type of node: clean marker, directory entry, inode */
	{ "a JFFS2 image", NULL, 0, 4, { 0x85, 0x19, 0x03, 0x20 } },
	{ "a JFFS2 image", NULL, 0, 4, { 0x85, 0x19, 0x01, 0xe0 } },
	{ "a JFFS2 image", NULL, 0, 4, { 0x85, 0x19, 0x02, 0xe0 } },
	{ "a big-endian JFFS2 image", NULL, 0, 4, { 0x19, 0x85, 0x20, 0x03 } },
	{ "a big-endian JFFS2 image", NULL, 0, 4, { 0x19, 0x85, 0xe0, 0x01 } },
	{ "a big-endian JFFS2 image", NULL, 0, 4, { 0x19, 0x85, 0xe0, 0x02 } },
	{ "a UBI image", NULL, 0, 4, { 'U', 'B', 'I', '#' } },
	{ "a UBIFS image", NULL, 0, 4, { 0x31, 0x18, 0x10, 0x06 } },
	{ "gzip data", DECOMPRESS, 0, 3, { 0x1f, 0x8b, 0x08 } },
	{ "xz data", DECOMPRESS, 0, 6, { 0xfd, '7', 'z', 'X', 'Z', 0 } },
	{ "zstd data", DECOMPRESS, 0, 4, { 0x28, 0xb5, 0x2f, 0xfd } },
	{ "lz4 data", DECOMPRESS, 0, 4, { 0x04, 0x22, 0x4d, 0x18 } },
	{ "bzip2 data", DECOMPRESS, 0, 3, { 'B', 'Z', 'h' } },
	{ "a U-Boot legacy image", NULL, 0, 4, { 0x27, 0x05, 0x19, 0x56 } },
	{ "a U-Boot FIT image or a device tree", NULL, 0, 4, { 0xd0, 0x0d, 0xfe, 0xed } },
	{ "an ELF file", NULL, 0, 4, { 0x7f, 'E', 'L', 'F' } },
	/* after a boot sector of 1024 bytes, which may be anything */
	{ "an EROFS image", NULL, 1024, 4, { 0xe2, 0xe1, 0xf5, 0xe0 } },
	{ "an F2FS image", NULL, 1024, 4, { 0x10, 0x20, 0xf5, 0xf2 } },
	{ "a tar archive", NULL, 257, 5, { 'u', 's', 't', 'a', 'r' } },
	/* last, because two bytes are few */
	{ "an ext2, ext3 or ext4 image", NULL, 1080, 2, { 0x53, 0xef } },
};

const struct crx_magic *crx_magic_row(size_t row)
{
	return &ROW[row];
}

static bool has_magic(const struct crx_magic *m, const uint8_t *data, uint64_t len)
{
	return len >= m->len && !memcmp(data, m->bytes, m->len);
}

const struct crx_magic *crx_magic_identify(const uint8_t *data, uint64_t len)
{
	size_t i;

	for (i = CRX_MAGIC_CRAMFS_ROWS; i < CRX_MAGIC_ROWS; i++)
		if (len > ROW[i].off && has_magic(&ROW[i], data + ROW[i].off, len - ROW[i].off))
			return &ROW[i];
	return NULL;
}

/* The skip table of Horspool's search, for all magic numbers at once. */
void crx_magic_scan_begin(struct crx_magic_scan *s, const uint8_t *data, uint64_t len)
{
	size_t i, k;

	*s = (struct crx_magic_scan){ .data = data, .len = len };
	memset(s->skip, KEY_LEN, sizeof(s->skip));
	for (i = 0; i < CRX_MAGIC_ROWS; i++) {
		if (ROW[i].len < KEY_LEN)
			continue;
		for (k = 0; k < KEY_LEN; k++) {
			uint8_t byte = ROW[i].bytes[k];

			s->rows[k][byte] |= 1u << i;
			if (s->skip[byte] > KEY_LEN - 1 - k)
				s->skip[byte] = (uint8_t)(KEY_LEN - 1 - k);
		}
	}
}

bool crx_magic_scan_next(struct crx_magic_scan *s, size_t *row, uint64_t *off)
{
	uint32_t rows;
	uint64_t at;
	uint8_t skip;

	while (s->len >= KEY_LEN && s->at <= s->len - KEY_LEN) {
		skip = s->skip[s->data[s->at + KEY_LEN - 1]];
		if (skip) {
			s->at += skip;
			continue;
		}
		at = s->at++;
		rows = s->rows[0][s->data[at]] & s->rows[1][s->data[at + 1]] &
		       s->rows[2][s->data[at + 2]] & s->rows[3][s->data[at + 3]];
		for (*row = 0; rows; ++*row, rows >>= 1) {
			const struct crx_magic *m = &ROW[*row];

			if (!(rows & 1) || at < m->off || !has_magic(m, s->data + at, s->len - at))
				continue;
			*off = at - m->off;
			return true;
		}
	}
	return false;
}
