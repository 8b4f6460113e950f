/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lib/read/kmodel: what a kernel answers to mount and read, on forged images.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "../nasty/forge.h"
#include "comp/comp.h"
#include "read/kcore.h"
#include "kmodel_image.h"

static const uint8_t zeros[CRX_PAGE_MAX];

static void assert_refused(const struct crx_image *img, const struct crx_inode *in, uint32_t i,
			   enum crx_k_why want)
{
	struct crx_inflate *z = crx_inflate_new();
	uint8_t *page = malloc(img->page_size);

	assert_int_equal(crx_k_read_folio(img, in, i, z, page), want);
	crx_inflate_free(z);
	free(page);
}

/* ---- reasons ---- */

/* The words of fs/cramfs/inode.c and uncompress.c. */
static void test_texts(void **state)
{
	static const struct {
		enum crx_k_why why;
		const char *text;
	} logged[] = {
		{ CRX_K_WRONG_MAGIC, "wrong magic" },
		{ CRX_K_WRONG_ENDIANNESS, "wrong endianness" },
		{ CRX_K_UNSUPPORTED_FEATURES, "unsupported filesystem features" },
		{ CRX_K_ROOT_NOT_DIRECTORY, "root is not a directory" },
		{ CRX_K_BAD_ROOT_OFFSET, "bad root offset" },
		{ CRX_K_NO_DIRECT_ACCESS, "unable to get direct memory access" },
		{ CRX_K_INVALID_TYPE, "Invalid file type" },
		{ CRX_K_BAD_BLOCKSIZE, "bad data blocksize" },
		{ CRX_K_DECOMPRESSION, "error while decompressing" },
		{ CRX_K_WRITABLE, "vma is writable" },
		{ CRX_K_BEYOND_FILE, "beyond file limit" },
		{ CRX_K_BLOCK_LAYOUT, "unsuitable block layout" },
		{ CRX_K_NOT_ALIGNED, "data is not page aligned" },
		{ CRX_K_LAST_PAGE_SHARED, "last page is shared" },
		{ CRX_K_NO_BLOCK_LEFT, "no suitable block remaining" },
	};
	size_t i, n = 0;

	(void)state;
	for (i = 0; i < sizeof(logged) / sizeof(logged[0]); i++) {
		assert_string_equal(crx_k_why_text(logged[i].why), logged[i].text);
		assert_true(crx_k_why_logged(logged[i].why));
	}
	assert_null(crx_k_why_text(CRX_K_OK));
	assert_false(crx_k_why_logged(CRX_K_OK));
	for (i = 1; i < CRX_K_WHYS; i++) {
		assert_non_null(crx_k_why_text((enum crx_k_why)i));
		n += crx_k_why_logged((enum crx_k_why)i);
	}
	assert_int_equal(n, sizeof(logged) / sizeof(logged[0]));
}

/* ---- mount ---- */

static enum crx_k_why mount_of(const struct crx_super *s, enum crx_order order, uint64_t off)
{
	struct crx_err err = CRX_ERR_INIT;
	struct crx_image img;
	enum crx_k_why why;
	struct forge g;

	forge_init(&g, order, P, P);
	crx_super_encode(s, order, g.data + off);
	assert_int_equal(forge_view(&g, &img, &err), 0);
	why = crx_k_read_super(&img);
	forge_free(&g);
	return why;
}

static void test_read_super(void **state)
{
	struct crx_super good = { .magic = CRX_MAGIC, .size = P, .flags = 3, .root = root_inode },
			 s;
	uint32_t bit;

	(void)state;
	assert_int_equal(mount_of(&good, CRX_ORDER_LITTLE, 0), CRX_K_OK);
	assert_int_equal(mount_of(&good, CRX_ORDER_BIG, 0), CRX_K_OK);
	assert_int_equal(mount_of(&good, CRX_ORDER_BIG, 512), CRX_K_OK);
	for (bit = 1; bit; bit <<= 1) {
		s = good;
		s.flags = bit;
		assert_int_equal(mount_of(&s, CRX_ORDER_LITTLE, 0),
				 bit < 0x1000 ? CRX_K_OK : CRX_K_UNSUPPORTED_FEATURES);
	}
	s = good;
	s.root.mode = S_IFREG | 0755;
	assert_int_equal(mount_of(&s, CRX_ORDER_LITTLE, 0), CRX_K_ROOT_NOT_DIRECTORY);
	s.flags |= 0x1000; /* features come first */
	assert_int_equal(mount_of(&s, CRX_ORDER_LITTLE, 0), CRX_K_UNSUPPORTED_FEATURES);
	s = good;
	s.root.off = 80;
	assert_int_equal(mount_of(&s, CRX_ORDER_LITTLE, 0), CRX_K_BAD_ROOT_OFFSET);
	s.flags |= CRX_FLAG_SHIFTED_ROOT_OFFSET;
	assert_int_equal(mount_of(&s, CRX_ORDER_LITTLE, 0), CRX_K_OK);
	s = good;
	s.root.off = 588; /* also in an image without boot pad */
	assert_int_equal(mount_of(&s, CRX_ORDER_LITTLE, 0), CRX_K_OK);
	s.root.off = 0;
	assert_int_equal(mount_of(&s, CRX_ORDER_LITTLE, 0), CRX_K_OK);
}

/* what the kernel says of another machine's image, once the caller has said which */
static void test_read_super_order(void **state)
{
	struct crx_image img;
	struct forge g;

	(void)state;
	forge_begin(&g, 1);
	open_view(&g, &img);
	img.order = CRX_ORDER_BIG;
	assert_int_equal(crx_k_read_super(&img), CRX_K_WRONG_ENDIANNESS);
	forge_put32(&g, 0, 0);
	forge_super(&g, 512, FLAGS, &root_inode);
	open_view(&g, &img);
	assert_int_equal(crx_k_read_super(&img), CRX_K_OK);
	img.order = CRX_ORDER_BIG;
	assert_int_equal(crx_k_read_super(&img), CRX_K_WRONG_ENDIANNESS);
	/* after the wrong order at 0, nothing is looked at */
	img.order = CRX_ORDER_LITTLE;
	forge_put32(&g, 0, 0x453dcd28u);
	memcpy(g.guarded + (img.data - g.guarded), g.data, P);
	assert_int_equal(crx_k_read_super(&img), CRX_K_WRONG_ENDIANNESS);
	forge_put32(&g, 0, 1);
	forge_put32(&g, 512, 1);
	memcpy(g.guarded + (img.data - g.guarded), g.data, P);
	assert_int_equal(crx_k_read_super(&img), CRX_K_WRONG_MAGIC);
	forge_free(&g);
}

/* an image that ends before its superblock does, or the other one, has no magic */
static void test_super_cut(void **state)
{
	struct crx_image img;
	struct forge g;

	(void)state;
	forge_begin(&g, 1);
	open_view(&g, &img);
	img.len = CRX_SUPER_LEN;
	assert_int_equal(crx_k_read_super(&img), CRX_K_OK);
	img.len--;
	assert_int_equal(crx_k_read_super(&img), CRX_K_WRONG_MAGIC);
	forge_free(&g);
}

/* cramfs_direct_read(): super.size decides between the zero page and the flash */
static void test_direct_read(void **state)
{
	struct crx_image img;
	const uint8_t *p;
	struct forge g;

	(void)state;
	forge_begin(&g, 1);
	open_view(&g, &img);
	assert_int_equal(crx_k_direct_read(&img, 8, 4, &p), CRX_K_OK);
	assert_ptr_equal(p, img.data + 8);
	assert_int_equal(crx_k_direct_read(&img, 0, P, &p), CRX_K_OK);
	assert_ptr_equal(p, img.data);
	assert_int_equal(crx_k_direct_read(&img, 8, 0, &p), CRX_K_OK);
	assert_null(p);
	assert_int_equal(crx_k_direct_read(&img, 0, P + 1, &p), CRX_K_OK);
	assert_null(p);
	assert_int_equal(crx_k_direct_read(&img, P - 3, 4, &p), CRX_K_OK);
	assert_null(p);
	img.super.size = P + 1;
	assert_int_equal(crx_k_direct_read(&img, P - 3, 4, &p), CRX_K_OUT_OF_BOUNDS);
	assert_null(p);
	forge_free(&g);
}

/* the pointer of block 1 passes super.size and reads as 0; that of block 0 is not in the image */
static void test_previous_pointer_cut(void **state)
{
	struct crx_inode in = file_inode(P - 4, 2 * P);
	struct crx_k_block b;
	struct crx_image img;
	struct forge g;

	(void)state;
	forge_begin(&g, 1);
	open_view(&g, &img);
	assert_int_equal(crx_k_find_block(&img, &in, 1, &b), CRX_K_OK);
	img.len = P - 4;
	assert_int_equal(crx_k_find_block(&img, &in, 1, &b), CRX_K_OUT_OF_BOUNDS);
	assert_int_equal(crx_k_find_block(&img, &in, 0, &b), CRX_K_OUT_OF_BOUNDS);
	forge_free(&g);
}

static void test_ino(void **state)
{
	static const uint16_t data[] = { S_IFREG, S_IFDIR, S_IFLNK };
	static const uint16_t none[] = { S_IFCHR, S_IFBLK, S_IFIFO, S_IFSOCK, 0 };
	struct crx_inode in = { .off = 400, .size = 7 };
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++) {
		in.mode = data[i] | 0644;
		assert_int_equal(crx_k_ino(&in, 76), 400);
	}
	for (i = 0; i < 5; i++) {
		in.mode = none[i] | 0644;
		assert_int_equal(crx_k_ino(&in, 76), 77);
	}
	in = file_inode(400, 0);
	assert_int_equal(crx_k_ino(&in, 76), 77);
	in = file_inode(0, 7);
	assert_int_equal(crx_k_ino(&in, 76), 77);
}

static void test_types(void **state)
{
	static const uint32_t none[] = { 0, 0030000, 0050000, 0070000, 0110000, 0160000, 0170000 };
	static const uint32_t valid[] = { S_IFREG, S_IFDIR, S_IFLNK, S_IFCHR,
					  S_IFBLK, S_IFIFO, S_IFSOCK };
	struct crx_image img = { .page_size = P };
	struct crx_inode in = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		in.mode = none[i] | 0644;
		img.kernel.version = 0;
		assert_int_equal(crx_k_get_cramfs_inode(&img, &in), CRX_K_INVALID_TYPE);
		img.kernel.version = CRX_KERNEL_VERSION(6, 1, 156);
		assert_int_equal(crx_k_get_cramfs_inode(&img, &in), CRX_K_OK);
	}
	for (i = 0; i < sizeof(valid) / sizeof(valid[0]); i++) {
		in.mode = valid[i] | 0644;
		img.kernel.version = 0;
		assert_int_equal(crx_k_get_cramfs_inode(&img, &in), CRX_K_OK);
	}
}

static void test_dirent_readable(void **state)
{
	struct crx_image img;
	struct forge g;

	(void)state;
	forge_begin(&g, 1);
	open_view(&g, &img);
	assert_true(crx_k_dirent_readable(&img, 76));
	assert_true(crx_k_dirent_readable(&img, P - 264));
	assert_false(crx_k_dirent_readable(&img, P - 263));
	assert_false(crx_k_dirent_readable(&img, UINT64_MAX));
	/* super.size counts, not the file */
	img.super.size = P - 4;
	assert_false(crx_k_dirent_readable(&img, P - 264));
	assert_true(crx_k_dirent_readable(&img, P - 268));
	img.super.size = 263;
	assert_false(crx_k_dirent_readable(&img, 0));
	/* and of version 1, the file */
	img.super.flags &= ~CRX_FLAG_FSID_VERSION_2;
	assert_true(crx_k_dirent_readable(&img, P - 264));
	assert_false(crx_k_dirent_readable(&img, P - 263));
	forge_free(&g);
}

/* ---- reading ---- */

static void check_base(enum crx_order order, uint32_t page)
{
	struct crx_image img;
	struct forge_base b;
	struct crx_inode in;
	struct forge g;
	uint32_t i;

	forge_base(&g, &b, order, page);
	open_view(&g, &img);
	assert_int_equal(crx_k_read_super(&img), CRX_K_OK);
	in = file_inode(b.plain_table, 3 * page + 100);
	assert_block(&img, &in, 0, page, 2);
	assert_block(&img, &in, 1, 0, 0);
	assert_block(&img, &in, 2, page, 3);
	assert_block(&img, &in, 3, 100, 4);
	assert_block(&img, &in, 4, 0, 0); /* beyond the end */
	assert_block(&img, &in, UINT32_MAX, 0, 0);
	in = file_inode(b.hole_table, page + 1);
	assert_block(&img, &in, 0, 0, 0);
	assert_block(&img, &in, 1, 0, 0);
	in = (struct crx_inode){ .mode = S_IFLNK | 0777, .off = (uint32_t)b.link_table, .size = 9 };
	assert_block(&img, &in, 0, 9, 1);
	in = file_inode(b.direct_table, 4 * page);
	assert_block(&img, &in, 0, forge_direct_len(page), 5);
	assert_block(&img, &in, 1, page, 6);
	in = file_inode(b.run_table, 2 * page + 100);
	for (i = 0; i < 3; i++)
		ASSERT_MAP(&img, &in, i, 3 - i, 3 - i, b.run + i * page, CRX_K_OK);
	assert_int_equal(g.len, 16 * page);
	forge_free(&g);
}

static void test_read_every_kind(void **state)
{
	uint32_t page;

	(void)state;
	for (page = CRX_PAGE_MIN; page <= CRX_PAGE_MAX; page *= 2) {
		check_base(CRX_ORDER_LITTLE, page);
		check_base(CRX_ORDER_BIG, page);
	}
}

/* a run is one pattern over its pages: compare the bytes of each */
static void test_read_run(void **state)
{
	struct crx_inflate *z = crx_inflate_new();
	uint8_t page[P], want[2 * P + 100];
	struct crx_image img;
	struct forge_base b;
	struct crx_inode in;
	struct forge g;

	(void)state;
	forge_base(&g, &b, CRX_ORDER_LITTLE, P);
	open_view(&g, &img);
	forge_pattern(want, sizeof(want), 7);
	in = file_inode(b.run_table, sizeof(want));
	assert_int_equal(crx_k_read_folio(&img, &in, 0, z, page), CRX_K_OK);
	assert_memory_equal(page, want, P);
	assert_int_equal(crx_k_read_folio(&img, &in, 1, z, page), CRX_K_OK);
	assert_memory_equal(page, want + P, P);
	assert_int_equal(crx_k_read_folio(&img, &in, 2, z, page), CRX_K_OK);
	assert_memory_equal(page, want + 2 * P, 100);
	assert_memory_equal(page + 100, zeros, P - 100);
	/* and a stored block right after a run: "previous ptr might be a direct ptr" */
	forge_pattern(want, 2 * P, 8);
	in = file_inode(b.direct_table, 4 * P);
	assert_int_equal(crx_k_read_folio(&img, &in, 2, z, page), CRX_K_OK);
	assert_memory_equal(page, want, P);
	assert_int_equal(crx_k_read_folio(&img, &in, 3, z, page), CRX_K_OK);
	assert_memory_equal(page, want + P, P);
	crx_inflate_free(z);
	forge_free(&g);
}

static void test_find_block(void **state)
{
	struct crx_k_block k;
	struct crx_image img;
	struct forge_base b;
	struct crx_inode in;
	struct forge g;

	(void)state;
	forge_base(&g, &b, CRX_ORDER_LITTLE, P);
	open_view(&g, &img);
	in = file_inode(b.plain_table, 3 * P + 100);
	assert_int_equal(crx_k_find_block(&img, &in, 0, &k), CRX_K_OK);
	assert_true(!k.hole && !k.direct && !k.uncompressed);
	assert_int_equal(k.start, b.plain_table + 16); /* after the table */
	assert_int_equal(k.len, P + 11);
	assert_int_equal(crx_k_find_block(&img, &in, 1, &k), CRX_K_OK);
	assert_true(k.hole);
	assert_int_equal(crx_k_find_block(&img, &in, 2, &k), CRX_K_OK);
	assert_true(!k.hole && !k.direct && k.uncompressed);
	assert_int_equal(k.start, b.plain_table + 16 + P + 11);
	assert_int_equal(k.len, P);
	in = file_inode(b.direct_table, 4 * P);
	assert_int_equal(crx_k_find_block(&img, &in, 0, &k), CRX_K_OK);
	assert_true(!k.hole && k.direct && !k.uncompressed);
	assert_int_equal(k.start, b.direct_table + 16 + 2); /* after its length */
	assert_int_equal(k.len, P + 11);
	assert_int_equal(crx_k_find_block(&img, &in, 1, &k), CRX_K_OK);
	assert_int_equal(k.start, b.direct_table + 16 + 2 + P + 11);
	assert_int_equal(crx_k_find_block(&img, &in, 2, &k), CRX_K_OK);
	assert_true(!k.hole && k.direct && k.uncompressed);
	assert_int_equal(k.start, b.run + 3 * P);
	assert_int_equal(k.len, P);
	assert_int_equal(crx_k_find_block(&img, &in, 3, &k), CRX_K_OK);
	assert_true(!k.hole && !k.direct && k.uncompressed);
	assert_int_equal(k.start, b.run + 4 * P);
	/* its last block is the file's remainder */
	in = file_inode(b.run_table, 2 * P + 100);
	assert_int_equal(crx_k_find_block(&img, &in, 2, &k), CRX_K_OK);
	assert_int_equal(k.len, 100);
	/* off or size 0: no data to the kernel, whatever the other says */
	in.off = 0;
	assert_int_equal(crx_k_find_block(&img, &in, 0, &k), CRX_K_OK);
	assert_true(k.hole);
	forge_free(&g);
}

/* the kernel's fault since 4.15: zeros, while a mapping shows the bytes */
static void test_exact_tail(void **state)
{
	struct crx_inode in = file_inode(1024, 2 * P);
	struct crx_image img;
	struct forge g;

	(void)state;
	forge_begin(&g, 4);
	forge_put32(&g, 1024, forge_ptr_run(P));
	forge_put32(&g, 1028, forge_ptr_run(2 * P));
	forge_fill(&g, P, P, 1);
	forge_fill(&g, 2 * P, 2 * P, 2);
	open_view(&g, &img);
	assert_block(&img, &in, 0, P, 1);
	assert_block(&img, &in, 1, 0, 0);
	ASSERT_MAP(&img, &in, 0, 2, 2, P, CRX_K_OK);
	assert_false(crx_k_last_page_is_shared(&img, &in));
	forge_free(&g);
}

/* One pointer at 1024 of a file of size bytes: what becomes of block 0? */
static void one_pointer(struct forge *g, struct crx_image *img, uint32_t ptr)
{
	forge_put32(g, 1024, ptr);
	open_view(g, img);
}

static void test_bad_blocksize(void **state)
{
	struct crx_inode in = file_inode(1024, 100);
	struct crx_k_block k;
	struct crx_image img;
	struct forge g;

	(void)state;
	forge_begin(&g, 8);
	one_pointer(&g, &img, 1028 + 2 * P);
	assert_int_equal(crx_k_find_block(&img, &in, 0, &k), CRX_K_OK);
	one_pointer(&g, &img, 1028 + 2 * P + 1);
	assert_int_equal(crx_k_find_block(&img, &in, 0, &k), CRX_K_BAD_BLOCKSIZE);
	assert_refused(&img, &in, 0, CRX_K_BAD_BLOCKSIZE);
	one_pointer(&g, &img, forge_ptr_stored(1028 + P));
	assert_int_equal(crx_k_find_block(&img, &in, 0, &k), CRX_K_OK);
	one_pointer(&g, &img, forge_ptr_stored(1028 + P + 1));
	assert_int_equal(crx_k_find_block(&img, &in, 0, &k), CRX_K_BAD_BLOCKSIZE);
	/* backwards: the difference wraps */
	one_pointer(&g, &img, 1027);
	assert_int_equal(crx_k_find_block(&img, &in, 0, &k), CRX_K_BAD_BLOCKSIZE);
	one_pointer(&g, &img, 0);
	assert_int_equal(crx_k_find_block(&img, &in, 0, &k), CRX_K_BAD_BLOCKSIZE);
	/* the length before a direct block */
	forge_put16(&g, 2048, 2 * P);
	one_pointer(&g, &img, forge_ptr_direct(2048));
	assert_int_equal(crx_k_find_block(&img, &in, 0, &k), CRX_K_OK);
	forge_put16(&g, 2048, 2 * P + 1);
	one_pointer(&g, &img, forge_ptr_direct(2048));
	assert_int_equal(crx_k_find_block(&img, &in, 0, &k), CRX_K_BAD_BLOCKSIZE);
	forge_put16(&g, 2048, 0);
	one_pointer(&g, &img, forge_ptr_direct(2048));
	assert_block(&img, &in, 0, 0, 0);
	forge_free(&g);
}

/* cramfs_direct_read() hands out the zero page for what passes super.size */
static void test_beyond_size(void **state)
{
	struct crx_inode in = file_inode(1024, 100);
	struct crx_image img;
	struct forge g;

	(void)state;
	forge_begin(&g, 2);
	forge_fill(&g, 2 * P - 100, 100, 3);
	one_pointer(&g, &img, forge_ptr_run(2 * P - 100));
	assert_block(&img, &in, 0, 100, 3);
	/* a single byte too far, and all of it is zero */
	in.size = 101;
	assert_block(&img, &in, 0, 0, 0);
	in.size = 100;
	img.super.size--;
	assert_block(&img, &in, 0, 0, 0);
	one_pointer(&g, &img, forge_ptr_run(0xfffffffcu));
	assert_block(&img, &in, 0, 0, 0);
	/* zeros are not a zlib stream */
	forge_put32(&g, 1028, 0x3ffffff0u);
	forge_put32(&g, 1024, forge_ptr_stored(0x3fffffe0u));
	in.size = 2 * P;
	open_view(&g, &img);
	assert_refused(&img, &in, 1, CRX_K_DECOMPRESSION);
	/* nor is a table there: pointers read as 0, which is backwards */
	in = file_inode(CRX_INODE_OFF_MAX, 100);
	assert_refused(&img, &in, 0, CRX_K_BAD_BLOCKSIZE);
	/* super.size below the length itself */
	forge_put32(&g, 40, forge_ptr_run(2 * P - 100));
	open_view(&g, &img);
	img.super.size = 50;
	in = file_inode(40, 100);
	assert_block(&img, &in, 0, 0, 0);
	img.super.size = 2 * P;
	in = file_inode(CRX_INODE_OFF_MAX, 100);
	/* version 1: up to 2^28 there should be something */
	img.super.flags &= ~CRX_FLAG_FSID_VERSION_2;
	assert_refused(&img, &in, 0, CRX_K_OUT_OF_BOUNDS);
	forge_free(&g);
}

static void test_previous_direct_wraps(void **state)
{
	struct crx_inode in = file_inode(1024, 2 * P);
	struct crx_k_block k;
	struct crx_image img;
	struct forge g;

	(void)state;
	forge_begin(&g, 2);
	/* the end of a run at 1 GiB - P is 1 GiB, of which the flags' mask leaves 0 */
	forge_put32(&g, 1024, forge_ptr_run(0x40000000u - P));
	forge_put32(&g, 1028, forge_ptr_stored(8));
	open_view(&g, &img);
	assert_int_equal(crx_k_find_block(&img, &in, 1, &k), CRX_K_OK);
	assert_int_equal(k.start, 0);
	assert_int_equal(k.len, 8);
	/* at the end of 32 bits the sum wraps */
	forge_put32(&g, 1024, forge_ptr_run(0xfffffffcu));
	forge_put32(&g, 1028, forge_ptr_stored(P));
	open_view(&g, &img);
	assert_int_equal(crx_k_find_block(&img, &in, 1, &k), CRX_K_OK);
	assert_int_equal(k.start, P - 4);
	assert_int_equal(k.len, 4);
	/* compressed before: its length reads as 0 beyond super.size, and 2 follow */
	forge_put32(&g, 1024, forge_ptr_direct(0xfffffffcu));
	forge_put32(&g, 1028, 0x3fffffffu);
	open_view(&g, &img);
	assert_int_equal(crx_k_find_block(&img, &in, 1, &k), CRX_K_OK);
	assert_int_equal(k.start, 0x3ffffffeu);
	assert_int_equal(k.len, 1);
	assert_int_equal(crx_k_find_block(&img, &in, 0, &k), CRX_K_OK);
	assert_true(k.hole);
	forge_free(&g);
}

/* within super.size, but not there: a model that guesses would be wrong */
static void test_truncated(void **state)
{
	struct crx_inode in;
	struct crx_k_block k;
	struct crx_image img;
	struct forge_base b;
	struct forge g;

	(void)state;
	forge_base(&g, &b, CRX_ORDER_LITTLE, P);
	g.len = (size_t)b.run + P + 50;
	open_view(&g, &img);
	in = file_inode(b.run_table, 2 * P + 100);
	assert_int_equal(crx_k_find_block(&img, &in, 1, &k), CRX_K_OK);
	assert_refused(&img, &in, 1, CRX_K_OUT_OF_BOUNDS);
	ASSERT_MAP(&img, &in, 0, 3, 1, b.run, CRX_K_OUT_OF_BOUNDS);
	ASSERT_MAP(&img, &in, 1, 2, 0, 0, CRX_K_OUT_OF_BOUNDS);
	assert_true(crx_k_last_page_is_shared(&img, &in));
	g.len = (size_t)b.direct_table + 16 + 100;
	open_view(&g, &img);
	in = file_inode(b.direct_table, 4 * P);
	assert_refused(&img, &in, 0, CRX_K_OUT_OF_BOUNDS);
	g.len = (size_t)b.direct_table + 16 + 1;
	open_view(&g, &img);
	assert_int_equal(crx_k_find_block(&img, &in, 0, &k), CRX_K_OUT_OF_BOUNDS);
	assert_int_equal(crx_k_find_block(&img, &in, 1, &k), CRX_K_OUT_OF_BOUNDS);
	g.len = (size_t)b.run_table + 6;
	open_view(&g, &img);
	in = file_inode(b.run_table, 2 * P + 100);
	assert_int_equal(crx_k_find_block(&img, &in, 0, &k), CRX_K_OK);
	assert_int_equal(crx_k_find_block(&img, &in, 1, &k), CRX_K_OUT_OF_BOUNDS);
	ASSERT_MAP(&img, &in, 0, 3, 0, 0, CRX_K_OUT_OF_BOUNDS);
	g.len = 16 * P;
	forge_free(&g);
}

static void test_inflate_refused(void **state)
{
	struct crx_inode in = file_inode(1024, 100);
	struct crx_image img;
	struct forge g;
	size_t len;

	(void)state;
	forge_begin(&g, 8);
	len = forge_stream(&g, 1028, 100, 1);
	one_pointer(&g, &img, (uint32_t)(1028 + len));
	assert_block(&img, &in, 0, 100, 1);
	/* bytes after the stream do not matter */
	one_pointer(&g, &img, (uint32_t)(1028 + len + 9));
	assert_block(&img, &in, 0, 100, 1);
	one_pointer(&g, &img, (uint32_t)(1028 + len - 1));
	assert_refused(&img, &in, 0, CRX_K_DECOMPRESSION);
	one_pointer(&g, &img, 1029);
	assert_refused(&img, &in, 0, CRX_K_DECOMPRESSION);
	g.data[1028 + len - 1] ^= 1; /* Adler */
	one_pointer(&g, &img, (uint32_t)(1028 + len));
	assert_refused(&img, &in, 0, CRX_K_DECOMPRESSION);
	/* a page and one byte more */
	len = forge_stream(&g, 1028, P, 2);
	one_pointer(&g, &img, (uint32_t)(1028 + len));
	assert_block(&img, &in, 0, P, 2);
	len = forge_stream(&g, 1028, P + 1, 2);
	one_pointer(&g, &img, (uint32_t)(1028 + len));
	assert_refused(&img, &in, 0, CRX_K_DECOMPRESSION);
	forge_free(&g);
}

/* Two blocks have the same stream if its bytes are the same, wherever they are. */
static void test_same_streams(void **state)
{
	enum { LEN = 4 * P };
	static const uint32_t at[] = { 1024, 4096, 6144, 8192, 10240, 12288, LEN - 8, LEN };
	struct crx_inode in[8];
	struct crx_image img;
	uint32_t a, b, end;
	struct forge g;
	size_t n;

	(void)state;
	forge_begin(&g, 4);
	for (a = 0; a < 8; a++)
		in[a] = file_inode(at[a], P);
	n = forge_stream(&g, at[0] + 4, 100, 1);
	forge_bytes(&g, at[1] + 4, g.data + at[0] + 4, n);
	forge_bytes(&g, at[2] + 4, g.data + at[0] + 4, n);
	g.data[at[2] + 4 + n - 1] ^= 1;
	for (a = 0; a < 3; a++)
		forge_put32(&g, at[a], (uint32_t)(at[a] + 4 + n));
	forge_put32(&g, at[3], (uint32_t)(at[3] + 4 + forge_stream(&g, at[3] + 4, 50, 2)));
	forge_put32(&g, at[4], at[4] + 4);                       /* a hole */
	forge_put32(&g, at[5], forge_ptr_stored(at[5] + 4 + P)); /* not a stream */
	end = (uint32_t)(LEN - 4 + n);                           /* not in the image */
	forge_put32(&g, at[6], end);
	open_view(&g, &img);
	for (a = 0; a < 8; a++)
		for (b = 0; b < 8; b++)
			assert_int_equal(crx_k_is_same_stream(&img, &in[a], 0, &in[b], 0),
					 (a == b && a < 4) || (a < 2 && b < 2));
	img.super.size += P; /* but the image is cut there */
	assert_false(crx_k_is_same_stream(&img, &in[6], 0, &in[6], 0));
	forge_free(&g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_read_super),
		cmocka_unit_test(test_read_super_order),
		cmocka_unit_test(test_super_cut),
		cmocka_unit_test(test_direct_read),
		cmocka_unit_test(test_previous_pointer_cut),
		cmocka_unit_test(test_ino),
		cmocka_unit_test(test_types),
		cmocka_unit_test(test_dirent_readable),
		cmocka_unit_test(test_read_every_kind),
		cmocka_unit_test(test_read_run),
		cmocka_unit_test(test_find_block),
		cmocka_unit_test(test_exact_tail),
		cmocka_unit_test(test_bad_blocksize),
		cmocka_unit_test(test_beyond_size),
		cmocka_unit_test(test_previous_direct_wraps),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_inflate_refused),
		cmocka_unit_test(test_same_streams),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
