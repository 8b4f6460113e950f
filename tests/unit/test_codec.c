/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lib/format/codec: bytes that were worked out by hand, the compiler's own bit
 * fields as a second opinion, and the way back.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "format/cramfs.h"
#include "guard.h"

static void words(void **state)
{
	static const uint8_t b32[] = { 0x12, 0x34, 0x56, 0x87 }, l32[] = { 0x87, 0x56, 0x34, 0x12 };
	static const uint8_t b16[] = { 0x9a, 0x01 }, l16[] = { 0x01, 0x9a };
	struct guard g = guard_new(16);
	uint8_t *p;

	(void)state;
	/* at the end of a page: no byte more is written, and any alignment will do */
	p = guard_buf(&g, 4);
	crx_put32(p, 0x12345687, CRX_ORDER_BIG);
	assert_memory_equal(p, b32, 4);
	crx_put32(p, 0x12345687, CRX_ORDER_LITTLE);
	assert_memory_equal(p, l32, 4);
	assert_int_equal(crx_get32(b32, CRX_ORDER_BIG), 0x12345687);
	assert_int_equal(crx_get32(l32, CRX_ORDER_LITTLE), 0x12345687);
	assert_int_equal(crx_get32(l32, CRX_ORDER_BIG), 0x87563412u);
	p = guard_buf(&g, 2);
	crx_put16(p, 0x9a01, CRX_ORDER_BIG);
	assert_memory_equal(p, b16, 2);
	crx_put16(p, 0x9a01, CRX_ORDER_LITTLE);
	assert_memory_equal(p, l16, 2);
	assert_int_equal(crx_get16(b16, CRX_ORDER_BIG), 0x9a01);
	assert_int_equal(crx_get16(l16, CRX_ORDER_LITTLE), 0x9a01);
	assert_int_equal(crx_get16(l16, CRX_ORDER_BIG), 0x019a);
	p = guard_buf(&g, 9);
	crx_put32(p + 1, 0xffffffffu, CRX_ORDER_LITTLE);
	crx_put32(p + 3, 0x01020304u, CRX_ORDER_BIG);
	assert_int_equal(crx_get32(p + 2, CRX_ORDER_BIG), 0xff010203u);
	guard_free(&g);
}

static const struct crx_inode INODE = {
	.mode = 0x81ed,
	.uid = 0x1234,
	.size = 0xabcdef,
	.gid = 0x56,
	.namelen4 = 5,
	.off = 0x0badf0c,
};
static const uint8_t INODE_LITTLE[] = { 0xed, 0x81, 0x34, 0x12, 0xef, 0xcd,
					0xab, 0x56, 0xc5, 0xf0, 0xad, 0x0b };
static const uint8_t INODE_BIG[] = { 0x81, 0xed, 0x12, 0x34, 0xab, 0xcd,
				     0xef, 0x56, 0x14, 0x2e, 0xb7, 0xc3 };

static void inode_is(const struct crx_inode *a, const struct crx_inode *b)
{
	assert_int_equal(a->mode, b->mode);
	assert_int_equal(a->uid, b->uid);
	assert_int_equal(a->size, b->size);
	assert_int_equal(a->gid, b->gid);
	assert_int_equal(a->namelen4, b->namelen4);
	assert_int_equal(a->off, b->off);
}

static void inode_bytes(void **state)
{
	struct guard g = guard_new(16);
	uint8_t *p = guard_buf(&g, CRX_INODE_LEN);
	struct crx_inode in;

	(void)state;
	crx_inode_encode(&INODE, CRX_ORDER_LITTLE, p);
	assert_memory_equal(p, INODE_LITTLE, sizeof(INODE_LITTLE));
	crx_inode_encode(&INODE, CRX_ORDER_BIG, p);
	assert_memory_equal(p, INODE_BIG, sizeof(INODE_BIG));
	crx_inode_decode(INODE_LITTLE, CRX_ORDER_LITTLE, &in);
	inode_is(&in, &INODE);
	crx_inode_decode(INODE_BIG, CRX_ORDER_BIG, &in);
	inode_is(&in, &INODE);
	guard_free(&g);
}

/* struct cramfs_inode as the kernel declares it, in this machine's order. */
struct native_inode {
	uint32_t mode:16, uid:16;
	uint32_t size:24, gid:8;
	uint32_t namelen:6, offset:26;
};

static enum crx_order host_order(void)
{
	const uint16_t one = 1;
	uint8_t first;

	memcpy(&first, &one, 1);
	return first ? CRX_ORDER_LITTLE : CRX_ORDER_BIG;
}

static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed ^ *seed >> 15;
}

static struct crx_inode random_inode(uint32_t *seed)
{
	return (struct crx_inode){
		.mode = (uint16_t)next_random(seed),
		.uid = (uint16_t)next_random(seed),
		.size = next_random(seed) & CRX_SIZE_MAX,
		.gid = (uint8_t)next_random(seed),
		.namelen4 = next_random(seed) & 63,
		.off = next_random(seed) & CRX_INODE_OFF_MAX,
	};
}

static void inode_like_the_compilers(void **state)
{
	uint32_t seed = 7;
	int i;

	(void)state;
	for (i = 0; i < 1000; i++) {
		struct crx_inode in = random_inode(&seed);
		struct native_inode n = {
			.mode = in.mode,
			.uid = in.uid,
			.size = in.size & 0xffffffu,
			.gid = in.gid,
			.namelen = in.namelen4 & 63u,
			.offset = (in.off / 4) & 0x3ffffffu,
		};
		uint8_t ours[CRX_INODE_LEN], theirs[CRX_INODE_LEN];

		memcpy(theirs, &n, sizeof(theirs));
		crx_inode_encode(&in, host_order(), ours);
		assert_memory_equal(ours, theirs, sizeof(ours));
	}
}

static void inode_there_and_back(void **state)
{
	static const struct crx_inode edge[] = {
		{ 0 },
		{ .mode = 0xffff },
		{ .uid = CRX_UID_MAX },
		{ .size = CRX_SIZE_MAX },
		{ .gid = CRX_GID_MAX },
		{ .namelen4 = CRX_DIRENT_NAME_MAX / 4 },
		{ .off = CRX_INODE_OFF_MAX },
		{ 0xffff, 0xffff, 0xffffff, 0xff, 63, CRX_INODE_OFF_MAX },
	};
	uint8_t buf[CRX_INODE_LEN];
	struct crx_inode in, out;
	uint32_t seed = 3;
	size_t i;
	int order;

	(void)state;
	for (i = 0; i < 1000 + sizeof(edge) / sizeof(edge[0]); i++) {
		in = i < 1000 ? random_inode(&seed) : edge[i - 1000];
		for (order = CRX_ORDER_LITTLE; order <= CRX_ORDER_BIG; order++) {
			crx_inode_encode(&in, (enum crx_order)order, buf);
			crx_inode_decode(buf, (enum crx_order)order, &out);
			inode_is(&out, &in);
		}
	}
}

/* Too much in one field is dropped; it never reaches the field beside it. */
static void excess_stays_in_its_field(void **state)
{
	const struct crx_inode in = {
		.mode = 1,
		.uid = 2,
		.size = 0xff000003u,
		.gid = 4,
		.namelen4 = 0xc5,
		.off = 0xf0000018u,
	};
	uint8_t buf[CRX_INODE_LEN];
	struct crx_inode out;
	int order;

	(void)state;
	for (order = CRX_ORDER_LITTLE; order <= CRX_ORDER_BIG; order++) {
		crx_inode_encode(&in, (enum crx_order)order, buf);
		crx_inode_decode(buf, (enum crx_order)order, &out);
		assert_int_equal(out.mode, 1);
		assert_int_equal(out.uid, 2);
		assert_int_equal(out.size, 3);
		assert_int_equal(out.gid, 4);
		assert_int_equal(out.namelen4, 5);
		assert_int_equal(out.off, 0x18);
	}
}

static struct crx_super sample_super(void)
{
	struct crx_super s = {
		.magic = CRX_MAGIC,
		.size = 0x01020304,
		.flags = 0x05060708,
		.future = 0x090a0b0c,
		.crc = 0x0d0e0f10,
		.edition = 0x11121314,
		.blocks = 0x15161718,
		.files = 0x191a1b1c,
		.root = INODE,
	};

	memcpy(s.signature, CRX_SIGNATURE, sizeof(s.signature));
	memcpy(s.name, "0123456789abcdef", sizeof(s.name));
	return s;
}

/* "RRRR..." is replaced by the root's inode. */
static const uint8_t SUPER_BIG[] = "\x28\xcd\x3d\x45"
				   "\x01\x02\x03\x04"
				   "\x05\x06\x07\x08"
				   "\x09\x0a\x0b\x0c"
				   "Compressed ROMFS"
				   "\x0d\x0e\x0f\x10"
				   "\x11\x12\x13\x14"
				   "\x15\x16\x17\x18"
				   "\x19\x1a\x1b\x1c"
				   "0123456789abcdef"
				   "RRRRRRRRRRRR";
static const uint8_t SUPER_LITTLE[] = "\x45\x3d\xcd\x28"
				      "\x04\x03\x02\x01"
				      "\x08\x07\x06\x05"
				      "\x0c\x0b\x0a\x09"
				      "Compressed ROMFS"
				      "\x10\x0f\x0e\x0d"
				      "\x14\x13\x12\x11"
				      "\x18\x17\x16\x15"
				      "\x1c\x1b\x1a\x19"
				      "0123456789abcdef"
				      "RRRRRRRRRRRR";

static void super_bytes(void **state)
{
	struct crx_super s = sample_super();
	struct guard g = guard_new(128);
	uint8_t *p = guard_buf(&g, CRX_SUPER_LEN);

	(void)state;
	assert_int_equal(sizeof(SUPER_BIG) - 1, CRX_SUPER_LEN);
	crx_super_encode(&s, CRX_ORDER_BIG, p);
	assert_memory_equal(p, SUPER_BIG, 64);
	assert_memory_equal(p + 64, INODE_BIG, 12);
	crx_super_encode(&s, CRX_ORDER_LITTLE, p);
	assert_memory_equal(p, SUPER_LITTLE, 64);
	assert_memory_equal(p + 64, INODE_LITTLE, 12);
	assert_memory_equal(p + CRX_SUPER_OFF_CRC, "\x10\x0f\x0e\x0d", 4);
	guard_free(&g);
}

static void super_there_and_back(void **state)
{
	struct crx_super s = sample_super(), out;
	uint8_t buf[CRX_SUPER_LEN];
	int order;

	(void)state;
	for (order = CRX_ORDER_LITTLE; order <= CRX_ORDER_BIG; order++) {
		memset(&out, 0xee, sizeof(out));
		crx_super_encode(&s, (enum crx_order)order, buf);
		crx_super_decode(buf, (enum crx_order)order, &out);
		assert_int_equal(out.magic, s.magic);
		assert_int_equal(out.size, s.size);
		assert_int_equal(out.flags, s.flags);
		assert_int_equal(out.future, s.future);
		assert_memory_equal(out.signature, s.signature, 16);
		assert_int_equal(out.crc, s.crc);
		assert_int_equal(out.edition, s.edition);
		assert_int_equal(out.blocks, s.blocks);
		assert_int_equal(out.files, s.files);
		assert_memory_equal(out.name, s.name, 16);
		inode_is(&out.root, &s.root);
	}
}

static void page_sizes(void **state)
{
	uint64_t p;
	int n = 0;

	(void)state;
	for (p = 0; p <= 200000; p++)
		n += crx_page_size_ok(p);
	assert_int_equal(n, 5);
	for (p = 4096; p <= 65536; p *= 2)
		assert_true(crx_page_size_ok(p));
	assert_false(crx_page_size_ok(1ull << 32));
	assert_false(crx_page_size_ok((1ull << 32) + 4096));
	assert_false(crx_page_size_ok(UINT64_MAX));
}

/* What the kernel's headers and the limits of the fields say. */
static void constants(void **state)
{
	(void)state;
	assert_int_equal(CRX_MAGIC, 0x28cd3d45);
	assert_int_equal(strlen(CRX_SIGNATURE), 16);
	assert_int_equal(CRX_DIRENT_READ_LEN, CRX_INODE_LEN + CRX_DIRENT_NAME_MAX);
	assert_int_equal(CRX_DIRENT_NAME_MAX, 63 * 4);
	assert_int_equal(CRX_INODE_OFF_MAX, ((1u << 26) - 1) * 4);
	assert_true(CRX_DIRECT_OFF_MAX == ((1ull << 30) - 1) << CRX_BLK_DIRECT_SHIFT);
	assert_int_equal(CRX_PLAIN_OFF_MAX, ~CRX_BLK_FLAGS);
	assert_int_equal(CRX_FLAGS_SUPPORTED, 0xfff & ~0x1000);
	assert_int_equal(CRX_FLAGS_SUPPORTED & (CRX_FLAG_FSID_VERSION_2 | CRX_FLAG_SORTED_DIRS), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words),
		cmocka_unit_test(inode_bytes),
		cmocka_unit_test(inode_like_the_compilers),
		cmocka_unit_test(inode_there_and_back),
		cmocka_unit_test(excess_stays_in_its_field),
		cmocka_unit_test(super_bytes),
		cmocka_unit_test(super_there_and_back),
		cmocka_unit_test(page_sizes),
		cmocka_unit_test(constants),
	};

	return cmocka_run_group_tests_name("codec", tests, NULL, NULL);
}
