/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * crx_check_page_size: for which page size an image was made.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "../nasty/forge.h"
#include "read/check.h"

/* The page size; 0 without a superblock. */
static uint32_t detect(const struct forge *g, uint64_t len, uint32_t *candidates)
{
	struct crx_err err = CRX_ERR_INIT;
	uint32_t size;
	int ret = crx_check_page_size(g->data, len, &size, candidates, &err);

	assert_int_equal(ret, size ? 0 : CRX_EFORMAT);
	return size;
}

static void test_page_size(void **state)
{
	uint32_t page, candidates;
	struct forge_base b;
	struct forge g;

	(void)state;
	for (page = CRX_PAGE_MIN; page <= CRX_PAGE_MAX; page *= 2) {
		forge_base(&g, &b, page & 0x5000 ? CRX_ORDER_BIG : CRX_ORDER_LITTLE, page);
		assert_int_equal(detect(&g, g.len, &candidates), page);
		/* at 64K the first block of a direct stream is short: it fits less well */
		assert_int_equal(candidates, page < CRX_PAGE_MAX ? page / CRX_PAGE_MIN : 0);
		forge_free(&g);
	}
}

/* One file of 5000 bytes: one block, or two. */
static void test_page_size_not_known(void **state)
{
	struct crx_inode root = { .mode = S_IFDIR | 0755, .off = FORGE_ROOT, .size = 16 };
	uint32_t candidates;
	struct forge g;

	(void)state;
	forge_init(&g, CRX_ORDER_LITTLE, 8192, 16384);
	forge_super(&g, 0, CRX_FLAG_FSID_VERSION_2, &root);
	forge_entry(&g, FORGE_ROOT, "file",
		    (struct crx_inode){ .mode = S_IFREG | 0644, .size = 5000, .off = 512 });
	forge_put32(&g, 512, 516 + (uint32_t)forge_stream(&g, 516, 5000, 1));
	assert_int_equal(detect(&g, g.len, &candidates), 8192);
	assert_int_equal(candidates, 2 | 4 | 8 | 16);

	/* damaged at every page size: still the best guess, and said to be one */
	g.data[1000] ^= 1;
	assert_int_equal(detect(&g, g.len, &candidates), CRX_PAGE_MIN);
	assert_int_equal(candidates, 0);

	/* no file of more than one block */
	forge_entry(&g, FORGE_ROOT, "file",
		    (struct crx_inode){ .mode = S_IFREG | 0644, .size = 4096, .off = 512 });
	assert_int_equal(detect(&g, g.len, &candidates), CRX_PAGE_MIN);
	assert_int_equal(candidates, 31);

	assert_int_equal(detect(&g, 75, &candidates), 0);
	assert_int_equal(candidates, 0);
	forge_free(&g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_page_size),
		cmocka_unit_test(test_page_size_not_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
