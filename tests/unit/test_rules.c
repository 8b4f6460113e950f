/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lib/format/rules: a test for each rule, named after it.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "format/rules.h"

static const uint32_t PAGE[] = { 4096, 8192, 16384, 32768, 65536 };
enum { NPAGES = sizeof(PAGE) / sizeof(PAGE[0]) };

static void rule_may_be_direct_uncompressed(void **state)
{
	uint32_t p, blk, i;

	(void)state;
	for (i = 0; i < NPAGES; i++) {
		p = PAGE[i];
		/* a last block of a whole page: read() would give zeros */
		assert_false(crx_format_may_be_direct_uncompressed(p, p, 0));
		assert_false(crx_format_may_be_direct_uncompressed(2 * p, p, 1));
		assert_false(
			crx_format_may_be_direct_uncompressed(0x1000000 - p, p, 0x1000000 / p - 2));
		/* one byte more or less, and it is served */
		assert_true(crx_format_may_be_direct_uncompressed(p - 1, p, 0));
		assert_true(crx_format_may_be_direct_uncompressed(p + 1, p, 0));
		assert_true(crx_format_may_be_direct_uncompressed(p + 1, p, 1));
		assert_true(crx_format_may_be_direct_uncompressed(1, p, 0));
		assert_true(
			crx_format_may_be_direct_uncompressed(CRX_SIZE_MAX, p, CRX_SIZE_MAX / p));
		/* the blocks before the last always are */
		assert_true(crx_format_may_be_direct_uncompressed(2 * p, p, 0));
		for (blk = 0; blk < 9; blk++)
			assert_true(
				crx_format_may_be_direct_uncompressed(10 * (uint64_t)p, p, blk));
		assert_false(crx_format_may_be_direct_uncompressed(10 * (uint64_t)p, p, 9));
	}
	/* the page size decides, not 4096 */
	assert_true(crx_format_may_be_direct_uncompressed(4096, 8192, 0));
	assert_false(crx_format_may_be_direct_uncompressed(0, 4096, 0));
}

static void rule_may_share_table(void **state)
{
	const struct crx_identity a = { 0100755, 0, 0 }, b = { 0100755, 0, 0 };
	static const struct crx_identity other[] = {
		{ 0104755, 0, 0 },                    /* setuid would be lent */
		{ 0100600, 0, 0 }, { 0120755, 0, 0 }, /* a link of the same bytes */
		{ 0100755, 1, 0 }, { 0100755, 0, 1 },
	};
	size_t i;

	(void)state;
	assert_true(crx_format_may_share_table(&a, &b));
	assert_true(crx_format_may_share_table(&a, &a));
	for (i = 0; i < sizeof(other) / sizeof(other[0]); i++) {
		assert_false(crx_format_may_share_table(&a, &other[i]));
		assert_false(crx_format_may_share_table(&other[i], &a));
		assert_true(crx_format_may_share_table(&other[i], &other[i]));
	}
}

static void rule_may_share_block(void **state)
{
	(void)state;
	/* in two tables it would be BUG at add_nommu_region */
	assert_false(crx_format_may_share_block(true));
	assert_true(crx_format_may_share_block(false));
}

static void rule_min_size(void **state)
{
	(void)state;
	assert_int_equal(crx_format_min_size(0), 0); /* no entry, nothing to read */
	assert_int_equal(crx_format_min_size(76), 340);
	assert_int_equal(crx_format_min_size(588), 852);
	assert_true(crx_format_min_size(0xfffffffcu) == 0xfffffffcull + 264);
}

static void rule_image_size(void **state)
{
	uint32_t p, i;

	(void)state;
	for (i = 0; i < NPAGES; i++) {
		p = PAGE[i];
		assert_int_equal(crx_format_image_size(76, 0, p), p);
		assert_int_equal(crx_format_image_size(1, 0, p), p);
		assert_int_equal(crx_format_image_size(p, 0, p), p);
		assert_int_equal(crx_format_image_size(p + 1, 0, p), 2 * p);
		/* the last entry's 264 bytes fill the page to its end, or pass it by one word */
		assert_int_equal(crx_format_image_size(p - 264 + 16, p - 264, p), p);
		assert_int_equal(crx_format_image_size(p - 260 + 16, p - 260, p), 2 * p);
		assert_int_equal(crx_format_image_size(p - 16 + 16, p - 16, p), 2 * p);
		assert_int_equal(crx_format_image_size(5 * p, p - 260, p), 5 * p);
		/* no wrapping at 32 bits */
		assert_true(crx_format_image_size(0xffffffffu, 0, p) == 0x100000000ull);
	}
}

static void rule_tail_zeros(void **state)
{
	uint32_t p, i;

	(void)state;
	for (i = 0; i < NPAGES; i++) {
		p = PAGE[i];
		assert_int_equal(crx_format_tail_zeros(0, p), 0);
		assert_int_equal(crx_format_tail_zeros(1, p), p - 1);
		assert_int_equal(crx_format_tail_zeros(p - 1, p), 1);
		assert_int_equal(crx_format_tail_zeros(p, p), 0);
		assert_int_equal(crx_format_tail_zeros(p + 1, p), p - 1);
		assert_int_equal(crx_format_tail_zeros(CRX_SIZE_MAX, p), 1);
	}
}

static void rule_run_padding(void **state)
{
	uint32_t p, i;

	(void)state;
	for (i = 0; i < NPAGES; i++) {
		p = PAGE[i];
		assert_int_equal(crx_format_run_padding(0, p), 0);
		assert_int_equal(crx_format_run_padding(1, p), p - 1);
		assert_int_equal(crx_format_run_padding(76, p), p - 76);
		assert_int_equal(crx_format_run_padding(p - 1, p), 1);
		assert_int_equal(crx_format_run_padding(p, p), 0);
		assert_int_equal(crx_format_run_padding(p + 4, p), p - 4);
		assert_int_equal(crx_format_run_padding(0x100000000ull + 1, p), p - 1);
	}
}

static void rule_may_be_direct_compressed(void **state)
{
	(void)state;
	assert_true(crx_format_may_be_direct_compressed(1));
	assert_true(crx_format_may_be_direct_compressed(65535));
	assert_false(crx_format_may_be_direct_compressed(65536));
	assert_false(crx_format_may_be_direct_compressed(0x100000001ull));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rule_may_be_direct_uncompressed),
		cmocka_unit_test(rule_may_share_table),
		cmocka_unit_test(rule_may_share_block),
		cmocka_unit_test(rule_min_size),
		cmocka_unit_test(rule_image_size),
		cmocka_unit_test(rule_tail_zeros),
		cmocka_unit_test(rule_run_padding),
		cmocka_unit_test(rule_may_be_direct_compressed),
	};

	return cmocka_run_group_tests_name("rules", tests, NULL, NULL);
}
