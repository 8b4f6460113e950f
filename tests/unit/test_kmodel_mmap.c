/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lib/read/kmodel: what a kernel answers to mmap, on forged images.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>
#include <sys/stat.h>

#include "../nasty/forge.h"
#include "read/kmodel.h"
#include "kmodel_image.h"

/* ---- mapping ---- */

static void test_mmap_reasons_in_order(void **state)
{
	struct crx_k_map map;
	struct crx_image img;
	struct forge_base b;
	struct crx_inode in;
	struct forge g;

	(void)state;
	forge_base(&g, &b, CRX_ORDER_LITTLE, P);
	open_view(&g, &img);
	in = file_inode(b.run_table, 2 * P + 100);
	ASSERT_MAP(&img, &in, 0, 3, 3, b.run, CRX_K_OK);
	ASSERT_MAP(&img, &in, 0, 1, 1, b.run, CRX_K_OK);
	ASSERT_MAP(&img, &in, 0, 4, 3, b.run, CRX_K_BEYOND_FILE);
	ASSERT_MAP(&img, &in, 0, UINT32_MAX, 3, b.run, CRX_K_BEYOND_FILE);
	ASSERT_MAP(&img, &in, 3, 1, 0, 0, CRX_K_BEYOND_FILE);
	ASSERT_MAP(&img, &in, UINT32_MAX, UINT32_MAX, 0, 0, CRX_K_BEYOND_FILE);
	ASSERT_MAP(&img, &in, 0, 0, 0, 0, CRX_K_OK);
	map = crx_k_physmem_mmap(&img, &in, 3, 1, true); /* before the limit */
	assert_int_equal(map.why, CRX_K_WRITABLE);
	assert_int_equal(map.pages, 0);
	in = file_inode(b.plain_table, 3 * P + 100);
	ASSERT_MAP(&img, &in, 0, 4, 0, 0, CRX_K_BLOCK_LAYOUT);
	in = file_inode(b.direct_table, 4 * P);
	ASSERT_MAP(&img, &in, 0, 4, 0, 0, CRX_K_BLOCK_LAYOUT);
	ASSERT_MAP(&img, &in, 2, 2, 1, b.run + 3 * P, CRX_K_BLOCK_LAYOUT);
	in = file_inode(b.run_table, 0);
	ASSERT_MAP(&img, &in, 0, 1, 0, 0, CRX_K_BEYOND_FILE);
	in = (struct crx_inode){ .mode = S_IFLNK | 0777, .off = (uint32_t)b.run_table, .size = P };
	ASSERT_MAP(&img, &in, 0, 1, 0, 0, CRX_K_NOT_REGULAR);
	in = file_inode(b.run_table, 2 * P + 100);
	img.super.flags &= ~CRX_FLAG_EXT_BLOCK_POINTERS;
	ASSERT_MAP(&img, &in, 0, 3, 0, 0, CRX_K_NO_EXT_POINTERS);
	forge_free(&g);
}

static void test_mmap_last_page_shared(void **state)
{
	struct crx_image img;
	struct forge_base b;
	struct crx_inode in;
	struct forge g;
	uint64_t tail, i;

	(void)state;
	forge_base(&g, &b, CRX_ORDER_BIG, P);
	in = file_inode(b.run_table, 2 * P + 100);
	tail = b.run + 2 * P + 100;
	for (i = 0; i < 2; i++) {
		uint64_t at = i ? b.run + 3 * P - 1 : tail; /* its first and last byte */

		g.data[at] = 1;
		open_view(&g, &img);
		assert_true(crx_k_last_page_is_shared(&img, &in));
		ASSERT_MAP(&img, &in, 0, 3, 2, b.run, CRX_K_LAST_PAGE_SHARED);
		ASSERT_MAP(&img, &in, 0, 9, 2, b.run, CRX_K_LAST_PAGE_SHARED);
		ASSERT_MAP(&img, &in, 0, 2, 2, b.run, CRX_K_OK);
		ASSERT_MAP(&img, &in, 2, 1, 0, 0, CRX_K_NO_BLOCK_LEFT);
		g.data[at] = 0;
	}
	g.data[tail - 1] = 1;
	g.data[b.run + 3 * P] = 1;
	open_view(&g, &img);
	assert_false(crx_k_last_page_is_shared(&img, &in));
	forge_free(&g);
}

static void test_mmap_alignment(void **state)
{
	struct crx_inode in = file_inode(1024, 2 * P + 100);
	struct crx_image img;
	struct forge g;
	uint32_t i;

	(void)state;
	forge_begin(&g, 8);
	for (i = 0; i < 3; i++)
		forge_put32(&g, 1024 + i * 4, forge_ptr_run(P + 4 + i * P));
	open_view(&g, &img);
	ASSERT_MAP(&img, &in, 0, 3, 0, 0, CRX_K_NOT_ALIGNED);
	assert_block(&img, &in, 0, 0, 0); /* read() does not mind */
	/* a run of which the middle jumps */
	forge_put32(&g, 1024, forge_ptr_run(P));
	forge_put32(&g, 1028, forge_ptr_run(3 * P));
	forge_put32(&g, 1032, forge_ptr_run(4 * P));
	open_view(&g, &img);
	ASSERT_MAP(&img, &in, 0, 3, 1, P, CRX_K_BLOCK_LAYOUT);
	ASSERT_MAP(&img, &in, 1, 2, 2, 3 * P, CRX_K_OK);
	/* offset 0 is how the kernel says 'none' */
	forge_put32(&g, 1024, forge_ptr_run(0));
	open_view(&g, &img);
	ASSERT_MAP(&img, &in, 0, 1, 0, 0, CRX_K_BLOCK_LAYOUT);
	forge_free(&g);
}

static void test_mmap_out_of_bounds(void **state)
{
	struct crx_image img;
	struct crx_inode in;
	struct forge g;

	(void)state;
	forge_begin(&g, 4);
	/* a table at the very end: the last pointer is the image's last word */
	forge_put32(&g, 4 * P - 8, forge_ptr_run(P));
	forge_put32(&g, 4 * P - 4, forge_ptr_run(2 * P));
	open_view(&g, &img);
	in = file_inode(4 * P - 8, P + 100);
	ASSERT_MAP(&img, &in, 0, 2, 2, P, CRX_K_OK);
	in = file_inode(4 * P - 8, 2 * P + 100); /* one pointer too many */
	ASSERT_MAP(&img, &in, 0, 2, 2, P, CRX_K_OK);
	ASSERT_MAP(&img, &in, 0, 3, 0, 0, CRX_K_OUT_OF_BOUNDS);
	assert_true(crx_k_last_page_is_shared(&img, &in));
	/* super.size is what was mapped, not the flash */
	img.super.size = 4 * P - 4;
	ASSERT_MAP(&img, &in, 0, 2, 0, 0, CRX_K_OUT_OF_BOUNDS);
	ASSERT_MAP(&img, &in, 0, 1, 1, P, CRX_K_OK);
	/* a table beyond */
	in = file_inode(CRX_INODE_OFF_MAX, CRX_SIZE_MAX);
	ASSERT_MAP(&img, &in, 0, 4096, 0, 0, CRX_K_OUT_OF_BOUNDS);
	forge_free(&g);
}

static void test_mmap_run_out_of_bounds(void **state)
{
	struct crx_inode in = file_inode(1024, 3 * P);
	struct crx_image img;
	struct forge g;
	uint32_t i;

	(void)state;
	forge_begin(&g, 4);
	for (i = 0; i < 3; i++)
		forge_put32(&g, 1024 + i * 4, forge_ptr_run((2 + i) * P));
	open_view(&g, &img);
	ASSERT_MAP(&img, &in, 0, 3, 2, 2 * P, CRX_K_OUT_OF_BOUNDS);
	ASSERT_MAP(&img, &in, 2, 1, 0, 0, CRX_K_OUT_OF_BOUNDS);
	/* super.size is what was mapped, not the flash */
	img.super.size = 3 * P;
	ASSERT_MAP(&img, &in, 0, 3, 1, 2 * P, CRX_K_OUT_OF_BOUNDS);
	/* the run's last page is there, but not its tail */
	in.size = P + 100;
	g.len = 3 * P + 100;
	open_view(&g, &img);
	ASSERT_MAP(&img, &in, 0, 2, 1, 2 * P, CRX_K_OUT_OF_BOUNDS);
	g.len = 4 * P;
	/* from the end of 32 bits on to 0: the carry is lost among the flags */
	forge_put32(&g, 1024, forge_ptr_run(0xfffff000u));
	forge_put32(&g, 1028, forge_ptr_run(0));
	in.size = P + 100;
	open_view(&g, &img);
	ASSERT_MAP(&img, &in, 0, 2, 0, 0, CRX_K_OUT_OF_BOUNDS);
	forge_free(&g);
}

/* ---- mapping without an MMU ---- */

static void assert_nommu(const struct crx_image *img, const struct crx_inode *in,
			 const uint32_t range[2], enum crx_k_why why, uint64_t at)
{
	uint64_t off = 1;

	assert_int_equal(crx_k_physmem_get_unmapped_area(img, in, range[0], range[1], &off), why);
	assert_int_equal(off, at);
}

#define ASSERT_NOMMU(img, in, first, n, why, at) \
	assert_nommu(img, in, (const uint32_t[]){ first, n }, why, at)

static void test_nommu_reasons_in_order(void **state)
{
	struct crx_image img;
	struct forge_base b;
	struct crx_inode in;
	struct forge g;

	(void)state;
	forge_base(&g, &b, CRX_ORDER_LITTLE, P);
	open_view(&g, &img);
	in = file_inode(b.run_table, 2 * P + 100);
	ASSERT_NOMMU(&img, &in, 0, 3, CRX_K_OK, b.run);
	ASSERT_NOMMU(&img, &in, 1, 1, CRX_K_OK, b.run + P);
	ASSERT_NOMMU(&img, &in, 7, 0, CRX_K_OK, 0);
	ASSERT_NOMMU(&img, &in, 0, 4, CRX_K_BEYOND_FILE, 0);
	ASSERT_NOMMU(&img, &in, 3, 1, CRX_K_BEYOND_FILE, 0);
	ASSERT_NOMMU(&img, &in, UINT32_MAX, UINT32_MAX, CRX_K_BEYOND_FILE, 0);
	in = file_inode(b.direct_table, 4 * P);
	ASSERT_NOMMU(&img, &in, 2, 2, CRX_K_BLOCK_LAYOUT, 0);
	in.mode = S_IFLNK | 0777;
	ASSERT_NOMMU(&img, &in, 0, 1, CRX_K_NOT_REGULAR, 0);
	in = file_inode(b.run_table, 2 * P + 100);
	img.super.flags &= ~CRX_FLAG_EXT_BLOCK_POINTERS;
	ASSERT_NOMMU(&img, &in, 0, 3, CRX_K_NO_EXT_POINTERS, 0);
	ASSERT_NOMMU(&img, &in, 0, 0, CRX_K_OK, 0);
	forge_free(&g);
}

static void test_nommu_out_of_bounds(void **state)
{
	struct crx_inode in = file_inode(1024, 3 * P);
	struct crx_image img;
	struct forge g;
	uint32_t i;

	(void)state;
	forge_begin(&g, 4);
	for (i = 0; i < 3; i++)
		forge_put32(&g, 1024 + i * 4, forge_ptr_run((2 + i) * P));
	open_view(&g, &img);
	/* of the third page nothing is in the image, then of all */
	ASSERT_NOMMU(&img, &in, 0, 2, CRX_K_OK, 2 * P);
	ASSERT_NOMMU(&img, &in, 0, 3, CRX_K_OUT_OF_BOUNDS, 0);
	ASSERT_NOMMU(&img, &in, 2, 1, CRX_K_OUT_OF_BOUNDS, 0);
	img.super.size = 2 * P - 4;
	ASSERT_NOMMU(&img, &in, 0, 1, CRX_K_OUT_OF_BOUNDS, 0);
	/* the second pointer passes the end: of super.size, not of the flash */
	img.super.size = 1024 + 7;
	ASSERT_NOMMU(&img, &in, 0, 2, CRX_K_OUT_OF_BOUNDS, 0);
	forge_free(&g);
}

static void test_get_block_range(void **state)
{
	struct crx_image img;
	struct forge_base b;
	struct crx_inode in;
	struct forge g;
	uint64_t off;

	(void)state;
	forge_base(&g, &b, CRX_ORDER_LITTLE, P);
	open_view(&g, &img);
	in = file_inode(b.run_table, 2 * P + 100);
	assert_int_equal(crx_k_get_block_range(&img, &in, 0, 3, &off), 3);
	assert_int_equal(off, b.run);
	assert_int_equal(crx_k_get_block_range(&img, &in, 1, 1, &off), 1);
	assert_int_equal(off, b.run + P);
	assert_int_equal(crx_k_get_block_range(&img, &in, 0, 0, &off), 0);
	assert_int_equal(crx_k_get_block_range(&img, &in, UINT32_MAX, UINT32_MAX, &off), 0);
	assert_int_equal(off, 0);
	in = file_inode(b.plain_table, 3 * P + 100);
	assert_int_equal(crx_k_get_block_range(&img, &in, 0, 4, &off), 0);
	in = file_inode(0, P);
	assert_int_equal(crx_k_get_block_range(&img, &in, 0, 1, &off), 0);
	forge_free(&g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mmap_reasons_in_order),
		cmocka_unit_test(test_mmap_last_page_shared),
		cmocka_unit_test(test_mmap_alignment),
		cmocka_unit_test(test_mmap_out_of_bounds),
		cmocka_unit_test(test_mmap_run_out_of_bounds),
		cmocka_unit_test(test_nommu_reasons_in_order),
		cmocka_unit_test(test_nommu_out_of_bounds),
		cmocka_unit_test(test_get_block_range),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
