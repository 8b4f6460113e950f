/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Free space: where new data goes, and how it is taken.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "place/layout/space.h"

enum { E = 4096 };

static struct crx_space space_of(uint64_t off, uint64_t blocks)
{
	struct crx_err err = CRX_ERR_INIT;
	struct crx_space s;

	assert_int_equal(crx_space_init(&s, off, blocks * E, E, &err), 0);
	return s;
}

static void take(struct crx_space *s, uint64_t off, uint64_t len)
{
	struct crx_err err = CRX_ERR_INIT;

	assert_int_equal(crx_space_take(s, off, len, &err), 0);
}

static uint64_t find(const struct crx_space *s, uint64_t len, uint64_t align)
{
	uint64_t off;

	assert_true(crx_space_find(s, len, align, 0, CRX_SPACE_END / 2, &off));
	assert_true(crx_space_is_free(s, off, len));
	assert_int_equal(off % align, 0);
	return off;
}

static void test_take(void **state)
{
	struct crx_space s = space_of(100, 4);
	struct crx_err err = CRX_ERR_INIT;

	(void)state;
	assert_false(crx_space_is_free(&s, 96, 8));
	take(&s, 200, 50); /* in the middle */
	assert_int_equal(s.n, 2);
	take(&s, 100, 20); /* at the beginning */
	take(&s, 180, 20); /* at the end */
	assert_int_equal(s.n, 2);
	assert_true(crx_space_is_free(&s, 120, 60));
	assert_false(crx_space_is_free(&s, 120, 61));
	assert_false(crx_space_is_free(&s, 119, 2));
	assert_int_equal(crx_space_take(&s, 120, 61, &err), CRX_EINTERNAL);
	take(&s, 120, 60); /* all of it */
	assert_int_equal(s.n, 1);
	assert_int_equal(crx_space_take(&s, 249, 4, &err), CRX_EINTERNAL);
	crx_space_free(&s);
}

static void test_fewest_blocks(void **state)
{
	struct crx_space s = space_of(0, 16);
	uint64_t off;

	(void)state;
	/* gaps: 1000 bytes in block 1, 3000 in block 3, and all after block 8 */
	take(&s, 0, E);
	take(&s, E + 1000, 2 * E - 1000);
	take(&s, 3 * E + 3000, 5 * E - 3000);
	/* as each costs one block: the largest inside */
	assert_int_equal(find(&s, 500, 4), 3 * E);
	/* where nothing fits inside: the end */
	assert_int_equal(find(&s, 3500, 4), 8 * E);
	/* a block that is written anyway is better, wherever it is */
	crx_space_soil(&s, E + 10, 1);
	assert_int_equal(find(&s, 500, 4), E);
	assert_int_equal(find(&s, 1500, 4), 3 * E);
	crx_space_soil(&s, 10 * E, 2 * E);
	assert_int_equal(find(&s, E, E), 8 * E); /* not in the middle of the unlimited space */
	/* limits of where it may begin */
	assert_true(crx_space_find(&s, 500, 4, 2 * E, CRX_SPACE_END / 2, &off));
	assert_int_equal(off, 3 * E);
	assert_false(crx_space_find(&s, 3500, 4, 0, 3 * E, &off));
	crx_space_free(&s);
}

/* A part of a large gap is in blocks that are written anyway. */
static void test_parts_of_gaps(void **state)
{
	struct crx_space s = space_of(0, 16);

	(void)state;
	take(&s, 0, 100);
	take(&s, 10 * E, 100);
	crx_space_soil(&s, 4 * E, 2 * E);
	assert_int_equal(find(&s, 2 * E, E), 4 * E);
	assert_int_equal(find(&s, 3 * E, E), 4 * E);
	assert_int_equal(find(&s, 600, 4), 4 * E);
	/* at the end of the gap */
	crx_space_soil(&s, 9 * E, 1);
	take(&s, 4 * E, 2 * E);
	assert_int_equal(find(&s, E, 4), 9 * E);
	crx_space_free(&s);
}

/* What has at least a block goes into the smallest gap, to keep the large ones. */
static void test_large(void **state)
{
	struct crx_space s = space_of(0, 32);

	(void)state;
	take(&s, 0, E);
	take(&s, 9 * E, E);
	take(&s, 12 * E, E);
	assert_int_equal(find(&s, 2 * E, E), 10 * E);
	assert_int_equal(find(&s, 3 * E, E), E);
	assert_int_equal(find(&s, 9 * E, E), 13 * E);
	crx_space_free(&s);
}

/* Space comes back, next to what is free and away from it. */
static void test_give(void **state)
{
	struct crx_err err = CRX_ERR_INIT;
	struct crx_space s = space_of(100, 4);

	(void)state;
	take(&s, 100, 900);
	assert_int_equal(crx_space_give(&s, 100, 100, &err), 0); /* before all others */
	assert_int_equal(s.n, 2);
	assert_int_equal(crx_space_give(&s, 400, 100, &err), 0); /* alone */
	assert_int_equal(s.n, 3);
	assert_int_equal(crx_space_count_free(&s, 50, 350), 100);
	assert_int_equal(crx_space_count_free(&s, 150, 300), 100);
	assert_int_equal(crx_space_count_free(&s, 150, 1000), 50 + 100 + 150);
	assert_int_equal(crx_space_count_free(&s, 200, 200), 0);
	assert_int_equal(crx_space_give(&s, 200, 50, &err), 0); /* after a gap */
	assert_int_equal(crx_space_give(&s, 350, 50, &err), 0); /* before one */
	assert_int_equal(s.n, 3);
	assert_int_equal(crx_space_give(&s, 250, 100, &err), 0); /* between two */
	assert_int_equal(s.n, 2);
	assert_true(crx_space_is_free(&s, 100, 400));
	assert_false(crx_space_is_free(&s, 100, 401));
	assert_int_equal(crx_space_give(&s, 500, 500, &err), 0); /* all of it */
	assert_int_equal(s.n, 1);
	crx_space_soil(&s, E, 1);
	assert_int_equal(crx_space_count_clean(&s, E - 1, 2), 1);
	assert_int_equal(crx_space_count_clean(&s, E, E), 0);
	crx_space_free(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_take),          cmocka_unit_test(test_fewest_blocks),
		cmocka_unit_test(test_parts_of_gaps), cmocka_unit_test(test_large),
		cmocka_unit_test(test_give),
	};

	return cmocka_run_group_tests_name("space", tests, NULL, NULL);
}
