/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The cramfs format: constants, limits, and its structures in host byte order. It follows
 * include/uapi/linux/cramfs_fs.h and fs/cramfs/inode.c of Linux; doc/format.md explains it.
 */
#ifndef CRX_FORMAT_CRAMFS_H
#define CRX_FORMAT_CRAMFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CRX_MAGIC 0x28cd3d45u
#define CRX_SIGNATURE "Compressed ROMFS" /* 16 bytes, no NUL in the image */

enum {
	CRX_SUPER_LEN = 76,
	CRX_INODE_LEN = 12,
	CRX_NAME_LEN = 16, /* super.name */
	CRX_BOOT_PAD_LEN = 512,
	CRX_BLKPTR_LEN = 4,
	CRX_DIRECT_HDR_LEN = 2, /* the length before a direct compressed block */
	CRX_DIRENT_NAME_MAX = 252,
	CRX_DIRENT_READ_LEN = 264, /* cramfs_readdir() and cramfs_lookup() read this per entry */
	CRX_PAGE_MIN = 4096,
	CRX_PAGE_MAX = 65536
};

/* super.flags */
#define CRX_FLAG_FSID_VERSION_2 0x00000001u
#define CRX_FLAG_SORTED_DIRS 0x00000002u
#define CRX_FLAG_HOLES 0x00000100u
#define CRX_FLAG_WRONG_SIGNATURE 0x00000200u
#define CRX_FLAG_SHIFTED_ROOT_OFFSET 0x00000400u
#define CRX_FLAG_EXT_BLOCK_POINTERS 0x00000800u
/* CRAMFS_SUPPORTED_FLAGS: a kernel rejects all others */
#define CRX_FLAGS_SUPPORTED                                                                 \
	(0xffu | CRX_FLAG_HOLES | CRX_FLAG_WRONG_SIGNATURE | CRX_FLAG_SHIFTED_ROOT_OFFSET | \
	 CRX_FLAG_EXT_BLOCK_POINTERS)

/* block pointers */
#define CRX_BLK_UNCOMPRESSED 0x80000000u
#define CRX_BLK_DIRECT 0x40000000u
#define CRX_BLK_FLAGS (CRX_BLK_UNCOMPRESSED | CRX_BLK_DIRECT)
#define CRX_BLK_DIRECT_SHIFT 2

/* limits, all inclusive */
#define CRX_SIZE_MAX 0xffffffu /* bytes of a file, or of a directory's entries */
#define CRX_UID_MAX 0xffffu
#define CRX_GID_MAX 0xffu
#define CRX_DEV_MAX 0xffu              /* major, and minor */
#define CRX_INODE_OFF_MAX 0x0ffffffcu  /* directories and tables: 26 bits, in units of 4 bytes */
#define CRX_PLAIN_OFF_MAX 0x3fffffffu  /* plain block pointer */
#define CRX_DIRECT_OFF_MAX 0xfffffffcu /* direct block pointer */
#define CRX_DIRECT_LEN_MAX 0xffffu     /* the 16-bit length of a direct compressed block */

enum crx_order { CRX_ORDER_LITTLE, CRX_ORDER_BIG };

struct crx_inode {
	uint16_t mode;
	uint16_t uid;
	uint32_t size; /* 24 bits */
	uint8_t gid;
	uint8_t namelen4; /* 6 bits: padded length of the name / 4 */
	uint32_t off;     /* image bytes, a multiple of 4, < 2^28 */
};

struct crx_super {
	uint32_t magic;
	uint32_t size; /* image bytes */
	uint32_t flags;
	uint32_t future;
	uint8_t signature[16];
	uint32_t crc;
	uint32_t edition;
	uint32_t blocks;
	uint32_t files;
	uint8_t name[CRX_NAME_LEN];
	struct crx_inode root;
};

/* 32- and 16-bit words in the target's byte order. buf need not be aligned. */
void crx_put32(uint8_t buf[4], uint32_t v, enum crx_order order);
void crx_put16(uint8_t buf[2], uint16_t v, enum crx_order order);
uint32_t crx_get32(const uint8_t buf[4], enum crx_order order);
uint16_t crx_get16(const uint8_t buf[2], enum crx_order order);

/* Structures. The caller of an encoder has checked the limits above; excess bits are lost. */
void crx_inode_encode(const struct crx_inode *in, enum crx_order order, uint8_t buf[CRX_INODE_LEN]);
void crx_inode_decode(const uint8_t buf[CRX_INODE_LEN], enum crx_order order,
		      struct crx_inode *out);
void crx_super_encode(const struct crx_super *in, enum crx_order order, uint8_t buf[CRX_SUPER_LEN]);
void crx_super_decode(const uint8_t buf[CRX_SUPER_LEN], enum crx_order order,
		      struct crx_super *out);

/* Byte offset of super.crc in the superblock. */
enum { CRX_SUPER_OFF_CRC = 32 };

/* 4096, 8192, 16384, 32768 or 65536. */
bool crx_page_size_ok(uint64_t p);

#endif
