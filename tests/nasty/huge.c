/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "huge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "comp/comp.h"

enum {
	LEN = 16 << 20,
	MIB = 1 << 20,
	ENTRY = 16,      /* bytes of an entry with a name of four */
	SIZE = 0xffffff, /* of a file */
	FILES = 60000
};

static const struct crx_inode EMPTY = { .mode = S_IFREG | 0644 };

/* A root directory with room for n entries of four-byte names. */
static void root_of(struct forge *g, uint32_t n)
{
	struct crx_inode root = { .mode = S_IFDIR | 0755, .size = n * ENTRY, .off = FORGE_ROOT };

	forge_super(g, 0,
		    CRX_FLAG_FSID_VERSION_2 | CRX_FLAG_SORTED_DIRS | CRX_FLAG_HOLES |
			    CRX_FLAG_EXT_BLOCK_POINTERS,
		    &root);
}

/* Entry i of the root; names go up with numbers. */
static void entry(struct forge *g, uint32_t i, uint32_t number, struct crx_inode in)
{
	char name[5] = "0000";
	int k;

	for (k = 3; k >= 0; k--, number /= 64)
		name[k] = (char)('0' + number % 64);
	forge_entry(g, FORGE_ROOT + (uint64_t)i * ENTRY, name, in);
}

/* n files of the greatest size, the tables word by word, one after the other. */
static void overlapping_tables(struct forge *g, uint32_t n, uint32_t table, uint16_t type)
{
	struct crx_inode in = {
		.mode = (uint16_t)(type | 0644),
		.size = type == S_IFLNK ? 100 : SIZE,
	};
	uint32_t i;

	root_of(g, n);
	for (i = 0; i < n; i++) {
		in.off = table + i * 4;
		entry(g, i, i, in);
	}
}

static void entries(struct forge *g)
{
	uint32_t i, n = SIZE / ENTRY - 16;

	root_of(g, n);
	for (i = 0; i < n; i++)
		entry(g, i, i, EMPTY);
}

static void entries_backwards(struct forge *g)
{
	uint32_t i, n = 600000;

	root_of(g, n);
	for (i = 0; i < n; i++)
		entry(g, i, (n - i) / 2, EMPTY);
}

/* each a directory of all that follow it */
static void nested(struct forge *g)
{
	uint32_t i, n = SIZE / ENTRY - 16;
	struct crx_inode in = { .mode = S_IFDIR | 0755 };

	root_of(g, n);
	for (i = 0; i < n; i++) {
		in.off = FORGE_ROOT + (i + 1) * ENTRY;
		in.size = (n - i - 1) * ENTRY;
		entry(g, i, i, in);
	}
}

/* billions of blocks, all the same */
static void one_block(struct forge *g)
{
	uint32_t i;

	overlapping_tables(g, FILES, MIB, S_IFREG);
	for (i = MIB; i < 2 * MIB; i += 4)
		forge_put32(g, i, forge_ptr_direct(15 * MIB));
	forge_direct(g, 15 * MIB, 4096, 1);
}

static void one_link(struct forge *g)
{
	uint32_t i;

	overlapping_tables(g, 600000, 12 * MIB, S_IFLNK);
	for (i = 12 * MIB; i < 15 * MIB; i += 4)
		forge_put32(g, i, forge_ptr_direct(15 * MIB));
	forge_direct(g, 15 * MIB, 100, 1);
}

/* tables in the middle of entries, of files that all have sizes */
static void entries_are_tables(struct forge *g)
{
	struct crx_inode in = { .mode = S_IFREG | 0644, .size = 60000 };
	uint32_t i, n = SIZE / ENTRY - 16;

	root_of(g, n);
	for (i = 0; i < n; i++) {
		in.off = 76 + i * 7919u * 4u % (LEN - 1024);
		entry(g, i, i, in);
	}
}

/* stored blocks of nothing, endlessly; one begins at every 16th byte */
static void overlapping_streams(struct forge *g)
{
	static const uint8_t stream[ENTRY] = { 0,    0, 0x78, 0x9c, 0,    0,    0,    0xff,
					       0xff, 0, 0,    0,    0xff, 0xff, 0x02, 0x00 };
	uint32_t i;

	overlapping_tables(g, 200, MIB, S_IFREG);
	for (i = 0; i < 200; i++) {
		struct crx_inode in = {
			.mode = S_IFREG | 0644,
			.size = SIZE,
			.off = MIB + i * 4096 * 4,
		};

		entry(g, i, i, in);
	}
	for (i = 0; i < 200 * 4096; i++)
		forge_put32(g, MIB + i * 4,
			    forge_ptr_direct(5 * MIB + i % (11 * MIB / ENTRY - 600) * ENTRY));
	for (i = 5 * MIB; i < LEN; i += ENTRY) {
		forge_bytes(g, i, stream, ENTRY);
		forge_put16(g, i, 8192);
	}
}

/* files of 16 blocks, sound tables, streams of len bytes that differ from
 * each other: put fills one */
static void files_of(struct forge *g, uint32_t len,
		     void (*put)(struct forge *g, uint32_t off, uint32_t len, uint32_t number))
{
	uint32_t n = (LEN - 4 * MIB - 4096) / len, i, data = 4 * MIB;
	struct crx_inode in = { .mode = S_IFREG | 0644, .size = 16 * g->page };

	root_of(g, n / 16);
	for (i = 0; i < n / 16; i++) {
		in.off = 2 * MIB + i * 64;
		entry(g, i, i, in);
	}
	for (i = 0; i < n / 16 * 16; i++, data += len) {
		forge_put32(g, 2 * MIB + i * 4, forge_ptr_direct(data));
		put(g, data, len, i);
	}
}

/* Where the two streams of bombs() are kept, each with its length in front. */
enum { BOMB_LEN = 120, BOMBS = LEN - 2 * BOMB_LEN };

static void put_bomb(struct forge *g, uint32_t off, uint32_t len, uint32_t number)
{
	memcpy(g->data + off, g->data + BOMBS + (number & 1 ? BOMB_LEN : 0), len);
}

/* 64 KiB of zeros each, or all but the first byte: no two neighbours alike */
static void bombs(struct forge *g)
{
	const struct crx_comp_backend *zlib = *crx_comp_backends();
	uint8_t *page = calloc(CRX_PAGE_MAX, 1);
	void *self = zlib->create(zlib->level_best);
	uint32_t i, len;

	for (i = 0; page && self && i < 2; i++) {
		page[0] = (uint8_t)i;
		len = (uint32_t)zlib->compress(self, page, CRX_PAGE_MAX,
					       g->data + BOMBS + i * BOMB_LEN + 2, BOMB_LEN - 2);
		forge_put16(g, BOMBS + i * BOMB_LEN, (uint16_t)len);
	}
	if (self)
		zlib->destroy(self);
	free(page);
	files_of(g, BOMB_LEN, put_bomb);
}

/* Dynamic Huffman blocks without contents, 92 bits each: tables are built,
 * and nothing comes out. */
static void put_headers(struct forge *g, uint32_t off, uint32_t len, uint32_t number)
{
	static const struct {
		uint8_t bits;
		uint8_t value;
	} block[] = {
		{ 1, 0 },
		{ 2, 2 },
		{ 5, 0 },
		{ 5, 0 },
		{ 4, 14 },
		/* lengths of codes 16 17 18 0 8 7 9 6 10 5 11 4 12 3 13 2 14 1 */
		{ 3, 0 },
		{ 3, 0 },
		{ 3, 1 },
		{ 3, 2 },
		{ 3, 0 },
		{ 3, 0 },
		{ 3, 0 },
		{ 3, 0 },
		{ 3, 0 },
		{ 3, 0 },
		{ 3, 0 },
		{ 3, 0 },
		{ 3, 0 },
		{ 3, 0 },
		{ 3, 0 },
		{ 3, 0 },
		{ 3, 0 },
		{ 3, 2 },
		/* 18: 138 zeros, 18: 118 zeros, 1 for the end, 0 for distances; the end */
		{ 1, 0 },
		{ 7, 127 },
		{ 1, 0 },
		{ 7, 107 },
		{ 2, 3 },
		{ 2, 1 },
		{ 1, 0 },
	};
	uint64_t bit = (uint64_t)(off + 13) * 8, end = (uint64_t)(off + len) * 8;
	size_t i, k;

	forge_put16(g, off, (uint16_t)(len - 2));
	forge_bytes(g, off + 2, "\x78\x9c\0\4\0\xfb\xff", 7);
	forge_put32(g, off + 9, number);
	while (bit + 92 <= end)
		for (i = 0; i < sizeof(block) / sizeof(block[0]); i++)
			for (k = 0; k < block[i].bits; k++, bit++)
				g->data[bit / 8] |= (uint8_t)((block[i].value >> k & 1) << bit % 8);
}

static void headers(struct forge *g)
{
	files_of(g, 8192, put_headers);
}

static void noise(struct forge *g)
{
	root_of(g, SIZE / ENTRY - 16);
	forge_fill(g, FORGE_ROOT, LEN - FORGE_ROOT, 7);
}

/* clang-format off */
#define CASE(make, page, finds) { "huge_" #make, page, make, finds }
/* clang-format on */
const struct huge_case huge_cases[] = {
	CASE(entries, 4096, "check-incomplete"),
	CASE(entries_backwards, 4096, "dir-order"),
	CASE(nested, 4096, "check-incomplete"),
	CASE(one_block, 4096, "table-overlap"),
	CASE(one_link, 4096, ""),
	CASE(entries_are_tables, 4096, "dir-overlap shared-inode"),
	CASE(overlapping_streams, 4096, "block-stream check-incomplete"),
	CASE(bombs, 65536, "check-incomplete"),
	CASE(headers, 4096, "block-stream"),
	CASE(noise, 4096, "dirent"),
};
const size_t huge_ncases = sizeof(huge_cases) / sizeof(huge_cases[0]);

void huge_make(const struct huge_case *c, enum crx_order order, struct forge *g)
{
	forge_init(g, order, c->page, LEN);
	c->make(g);
	forge_seal(g);
}
