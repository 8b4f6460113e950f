/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lib/proof/verify: a good image, which of several differences is reported, and an
 * image that cannot be read. test_verify_damage has the differences.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "verify_image.h"

static void test_good(void **state)
{
	uint32_t page;
	unsigned i;

	(void)state;
	for (page = CRX_PAGE_MIN; page <= CRX_PAGE_MAX; page *= 4)
		for (i = 0; i < 4; i++) {
			struct crx_err err = CRX_ERR_INIT;
			struct made m;

			make(&m, i & 1 ? CRX_ORDER_BIG : CRX_ORDER_LITTLE, page, 1 + i / 2);
			if (verify(&m, &err))
				print_error("%s: %s\n", err.path, err.text);
			assert_int_equal(err.code, 0);
			/* the tests below need these to be there */
			assert_int_equal(crx_plan_promised_pages(&m.p, find(&m, "/prog")->file, 0,
								 9),
					 4);
			assert_int_equal(crx_plan_promised_pages(&m.p, find(&m, "/exact")->file, 0,
								 9),
					 1);
			assert_int_equal(m.p.table_of[find(&m, "/a")->file],
					 m.p.table_of[find(&m, "/b")->file]);
			assert_int_not_equal(m.p.table_of[find(&m, "/a")->file],
					     m.p.table_of[find(&m, "/c")->file]);
			unmake(&m);
		}
}

/* of several that differ, the lowest file, whatever the number of workers */
static void test_lowest_file(void **state)
{
	unsigned workers;

	(void)state;
	for (workers = 1; workers <= 4; workers++) {
		struct crx_err err = CRX_ERR_INIT;
		struct made m;

		make(&m, CRX_ORDER_BIG, 65536, workers);
		put_pointer(&m, "/prog2", 1, 0x3fffffffu);
		put_pointer(&m, "/exact", 0, 0x3fffffffu);
		put_pointer(&m, "/dir/d2", 1, 0x3fffffffu);
		assert_int_equal(verify(&m, &err), CRX_EVERIFY);
		assert_string_equal(err.path, "/exact");
		assert_int_equal(err.off, get_inode(&m, "/exact").off);
		unmake(&m);
	}
}

/* also when tables are not in the order of files */
static void test_lowest_file_not_offset(void **state)
{
	struct crx_err err = CRX_ERR_INIT;
	struct crx_inode in1, in2;
	uint32_t b1, b2, off, i;
	struct made m;

	(void)state;
	make(&m, CRX_ORDER_LITTLE, 4096, 1);
	in1 = get_inode(&m, "/dir/d1");
	in2 = get_inode(&m, "/dir/d2");
	off = in1.off;
	in1.off = in2.off;
	in2.off = off;
	put_inode(&m, "/dir/d1", in1);
	put_inode(&m, "/dir/d2", in2);
	b1 = m.f.file[find(&m, "/dir/d1")->file].first_blk;
	b2 = m.f.file[find(&m, "/dir/d2")->file].first_blk;
	for (i = 0; i < 2; i++) {
		struct crx_hash h = m.f.blk[b1 + i].hash;

		m.f.blk[b1 + i].hash = m.f.blk[b2 + i].hash;
		m.f.blk[b2 + i].hash = h;
	}
	fix_crc(&m);
	assert_int_equal(verify(&m, &err), 0);
	put_pointer(&m, "/dir/d1", 1, 0x3fffffffu);
	put_pointer(&m, "/dir/d2", 1, 0x3fffffffu);
	assert_int_equal(verify(&m, &err), CRX_EVERIFY);
	assert_string_equal(err.path, "/dir/d1");
	unmake(&m);
}

static void test_unreadable(void **state)
{
	struct crx_err err = CRX_ERR_INIT;
	struct made m;

	(void)state;
	make(&m, CRX_ORDER_LITTLE, 4096, 1);
	assert_int_equal(crx_verify(-1, &m.t, &m.f, &m.p, &m.o, &err), CRX_EIO);
	assert_string_equal(err.path, "the.img");
	assert_int_not_equal(err.sys_errno, 0);
	unmake(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_lowest_file),
		cmocka_unit_test(test_lowest_file_not_offset),
		cmocka_unit_test(test_unreadable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
