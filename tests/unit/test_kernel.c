/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * read/kernel.h: versions of the kernel, and where they differ.
 */
#include "config.h"
#include "read/kernel.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define V CRX_KERNEL_VERSION

static struct crx_kernel kernel(const char *text)
{
	struct crx_err err = CRX_ERR_INIT;
	struct crx_kernel k;

	assert_int_equal(crx_kernel_parse(text, &k, &err), 0);
	return k;
}

static void test_parse(void **state)
{
	char name[CRX_KERNEL_NAME_MAX];
	struct crx_kernel k = { 0 };

	(void)state;
	assert_string_equal(crx_kernel_name(&k, name), "");
	k = kernel("6.1");
	assert_int_equal(k.version, V(6, 1, 0));
	assert_false(k.signed_char);
	assert_string_equal(crx_kernel_name(&k, name), "6.1");
	k = kernel("4.15.0");
	assert_int_equal(k.version, V(4, 15, 0));
	assert_string_equal(crx_kernel_name(&k, name), "4.15");
	k = kernel("5.4.301");
	assert_int_equal(k.version, V(5, 4, 301));
	assert_string_equal(crx_kernel_name(&k, name), "5.4.301");
	assert_int_equal(kernel("255.255.65535").version, UINT32_MAX);
	assert_true(kernel("6.10").version > kernel("6.9.999").version);
}

static void test_parse_refuses(void **state)
{
	static const char *const bad[] = {
		"",      "6",     "6.",        "6.1.", ".1",      "6..1",     "6.1.1.1",
		"6.1x",  " 6.1",  "6.1 ",      "v6.1", "6.1-rc1", "6.1.38-1", "6,1",
		"256.1", "6.256", "6.1.65536", "-6.1", "0x6.1",   "latest",   "6.+1",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct crx_err err = CRX_ERR_INIT;
		struct crx_kernel k;

		if (crx_kernel_parse(bad[i], &k, &err) != CRX_EARG)
			fail_msg("'%s' is taken for a version", bad[i]);
		assert_non_null(strstr(err.text, "such as 6.1 or 6.1.38"));
	}
}

static void test_too_old(void **state)
{
	static const char *const old[] = { "0.0", "2.6.38", "4.14.336" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(old) / sizeof(old[0]); i++) {
		struct crx_err err = CRX_ERR_INIT;
		struct crx_kernel k;

		assert_int_equal(crx_kernel_parse(old[i], &k, &err), CRX_EARG);
		assert_non_null(strstr(err.text, "before 4.15"));
	}
}

/* The last release without it, and the first that has it; NULL if there is none. */
static void test_types(void **state)
{
	static const char *const series[][2] = {
		{ "4.15", NULL },           { "4.19.325", NULL },
		{ "5.4.300", "5.4.301" },   { "5.9.16", NULL },
		{ "5.10.245", "5.10.246" }, { "5.15.194", "5.15.195" },
		{ "6.0.19", NULL },         { "6.1.156", "6.1.157" },
		{ "6.6.112", "6.6.113" },   { "6.12.53", "6.12.54" },
		{ "6.16.12", NULL },        { "6.17.3", "6.17.4" },
		{ NULL, "6.18" },           { NULL, "7.0" },
	};
	struct crx_kernel k = { 0 };
	size_t i;

	(void)state;
	assert_true(crx_kernel_refuses_types(&k));
	for (i = 0; i < sizeof(series) / sizeof(series[0]); i++) {
		if (series[i][0]) {
			k = kernel(series[i][0]);
			assert_false(crx_kernel_refuses_types(&k));
		}
		if (series[i][1]) {
			k = kernel(series[i][1]);
			assert_true(crx_kernel_refuses_types(&k));
		}
	}
}

static void test_signed_char(void **state)
{
	struct crx_kernel k = { .signed_char = true };

	(void)state;
	assert_false(crx_kernel_compares_signed(&k));
	k.version = V(6, 1, 999);
	assert_true(crx_kernel_compares_signed(&k));
	k.version = V(6, 2, 0);
	assert_false(crx_kernel_compares_signed(&k));
	k = kernel("6.1");
	assert_false(crx_kernel_compares_signed(&k));
}

static void test_wrong_memory(void **state)
{
	static const char *const right[] = { "6.16.12", "6.17.3", "6.18", "7.3.4" };
	static const char *const wrong[] = { "6.17", "6.17.0", "6.17.1", "6.17.2" };
	struct crx_kernel k = { 0 };
	size_t i;

	(void)state;
	assert_false(crx_kernel_maps_wrong_memory(&k));
	for (i = 0; i < sizeof(right) / sizeof(right[0]); i++) {
		k = kernel(right[i]);
		assert_false(crx_kernel_maps_wrong_memory(&k));
	}
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		k = kernel(wrong[i]);
		assert_true(crx_kernel_maps_wrong_memory(&k));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),       cmocka_unit_test(test_parse_refuses),
		cmocka_unit_test(test_too_old),     cmocka_unit_test(test_types),
		cmocka_unit_test(test_signed_char), cmocka_unit_test(test_wrong_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
