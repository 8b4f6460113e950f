/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "format/cramfs.h"

#include <string.h>

void crx_put32(uint8_t buf[4], uint32_t v, enum crx_order order)
{
	if (order == CRX_ORDER_BIG)
		v = v << 24 | (v & 0xff00) << 8 | (v >> 8 & 0xff00) | v >> 24;
	buf[0] = (uint8_t)v;
	buf[1] = (uint8_t)(v >> 8);
	buf[2] = (uint8_t)(v >> 16);
	buf[3] = (uint8_t)(v >> 24);
}

void crx_put16(uint8_t buf[2], uint16_t v, enum crx_order order)
{
	bool big = order == CRX_ORDER_BIG;

	buf[big] = (uint8_t)v;
	buf[!big] = (uint8_t)(v >> 8);
}

uint32_t crx_get32(const uint8_t buf[4], enum crx_order order)
{
	if (order == CRX_ORDER_BIG)
		return (uint32_t)buf[0] << 24 | (uint32_t)buf[1] << 16 | (uint32_t)buf[2] << 8 |
		       buf[3];
	return (uint32_t)buf[3] << 24 | (uint32_t)buf[2] << 16 | (uint32_t)buf[1] << 8 | buf[0];
}

uint16_t crx_get16(const uint8_t buf[2], enum crx_order order)
{
	bool big = order == CRX_ORDER_BIG;

	return (uint16_t)(buf[!big] << 8 | buf[big]);
}

/*
 * The bit fields of struct cramfs_inode: the first field of a word is in its low bits on
 * a little-endian target, and in its high bits on a big-endian one.
 */
static uint32_t join_bits(uint32_t first, unsigned first_bits, uint32_t second,
			  enum crx_order order)
{
	uint32_t mask = (1u << first_bits) - 1;
	unsigned second_bits = 32 - first_bits;

	if (order == CRX_ORDER_BIG)
		return (first & mask) << second_bits | (second & ((1u << second_bits) - 1));
	return (first & mask) | second << first_bits;
}

static void split_bits(uint32_t word, unsigned first_bits, enum crx_order order, uint32_t *first,
		       uint32_t *second)
{
	unsigned second_bits = 32 - first_bits;

	if (order == CRX_ORDER_BIG) {
		*first = word >> second_bits;
		*second = word & ((1u << second_bits) - 1);
	} else {
		*first = word & ((1u << first_bits) - 1);
		*second = word >> first_bits;
	}
}

enum { MODE_BITS = 16, SIZE_BITS = 24, NAMELEN_BITS = 6 };

void crx_inode_encode(const struct crx_inode *in, enum crx_order order, uint8_t buf[CRX_INODE_LEN])
{
	crx_put32(buf, join_bits(in->mode, MODE_BITS, in->uid, order), order);
	crx_put32(buf + 4, join_bits(in->size, SIZE_BITS, in->gid, order), order);
	crx_put32(buf + 8, join_bits(in->namelen4, NAMELEN_BITS, in->off / 4, order), order);
}

void crx_inode_decode(const uint8_t buf[CRX_INODE_LEN], enum crx_order order, struct crx_inode *out)
{
	uint32_t a, b;

	split_bits(crx_get32(buf, order), MODE_BITS, order, &a, &b);
	out->mode = (uint16_t)a;
	out->uid = (uint16_t)b;
	split_bits(crx_get32(buf + 4, order), SIZE_BITS, order, &a, &b);
	out->size = a;
	out->gid = (uint8_t)b;
	split_bits(crx_get32(buf + 8, order), NAMELEN_BITS, order, &a, &b);
	out->namelen4 = (uint8_t)a;
	out->off = b * 4;
}

/* struct cramfs_super, word by word */
enum {
	AT_MAGIC = 0,
	AT_SIZE = 4,
	AT_FLAGS = 8,
	AT_FUTURE = 12,
	AT_SIGNATURE = 16,
	AT_CRC = CRX_SUPER_OFF_CRC,
	AT_EDITION = 36,
	AT_BLOCKS = 40,
	AT_FILES = 44,
	AT_NAME = 48,
	AT_ROOT = 64
};
_Static_assert(AT_ROOT + CRX_INODE_LEN == CRX_SUPER_LEN, "struct cramfs_super");
_Static_assert(AT_NAME + CRX_NAME_LEN == AT_ROOT, "struct cramfs_super");

void crx_super_encode(const struct crx_super *in, enum crx_order order, uint8_t buf[CRX_SUPER_LEN])
{
	crx_put32(buf + AT_MAGIC, in->magic, order);
	crx_put32(buf + AT_SIZE, in->size, order);
	crx_put32(buf + AT_FLAGS, in->flags, order);
	crx_put32(buf + AT_FUTURE, in->future, order);
	memcpy(buf + AT_SIGNATURE, in->signature, sizeof(in->signature));
	crx_put32(buf + AT_CRC, in->crc, order);
	crx_put32(buf + AT_EDITION, in->edition, order);
	crx_put32(buf + AT_BLOCKS, in->blocks, order);
	crx_put32(buf + AT_FILES, in->files, order);
	memcpy(buf + AT_NAME, in->name, sizeof(in->name));
	crx_inode_encode(&in->root, order, buf + AT_ROOT);
}

void crx_super_decode(const uint8_t buf[CRX_SUPER_LEN], enum crx_order order, struct crx_super *out)
{
	out->magic = crx_get32(buf + AT_MAGIC, order);
	out->size = crx_get32(buf + AT_SIZE, order);
	out->flags = crx_get32(buf + AT_FLAGS, order);
	out->future = crx_get32(buf + AT_FUTURE, order);
	memcpy(out->signature, buf + AT_SIGNATURE, sizeof(out->signature));
	out->crc = crx_get32(buf + AT_CRC, order);
	out->edition = crx_get32(buf + AT_EDITION, order);
	out->blocks = crx_get32(buf + AT_BLOCKS, order);
	out->files = crx_get32(buf + AT_FILES, order);
	memcpy(out->name, buf + AT_NAME, sizeof(out->name));
	crx_inode_decode(buf + AT_ROOT, order, &out->root);
}

bool crx_page_size_ok(uint64_t p)
{
	return p >= CRX_PAGE_MIN && p <= CRX_PAGE_MAX && !(p & (p - 1));
}
