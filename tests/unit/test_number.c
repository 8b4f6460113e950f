/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lib/base/number: digits, prefixes, limits, units, and where reading stops.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <limits.h>
#include <string.h>

#include "base/number.h"
#include "guard.h"

#define MAX UINT64_MAX

struct number_case {
	const char *text;
	enum crx_number_base base;
	uint64_t max, value;
	int end, over; /* over: -1 if the value fits */
	bool whole;
};

static const struct number_case numbers[] = {
	/* nothing to read */
	{ "", CRX_NUMBER_DECIMAL, MAX, 0, 0, -1, false },
	{ "", CRX_NUMBER_PREFIXED, MAX, 0, 0, -1, false },
	{ "", CRX_NUMBER_AS_IN_C, MAX, 0, 0, -1, false },
	{ "x", CRX_NUMBER_DECIMAL, MAX, 0, 0, -1, false },
	/* no blanks, signs, separators or fractions */
	{ " 1", CRX_NUMBER_DECIMAL, MAX, 0, 0, -1, false },
	{ "\t1", CRX_NUMBER_AS_IN_C, MAX, 0, 0, -1, false },
	{ "-1", CRX_NUMBER_DECIMAL, MAX, 0, 0, -1, false },
	{ "+1", CRX_NUMBER_PREFIXED, MAX, 0, 0, -1, false },
	{ "1 ", CRX_NUMBER_DECIMAL, MAX, 1, 1, -1, false },
	{ "1,000", CRX_NUMBER_DECIMAL, MAX, 1, 1, -1, false },
	{ "1.5", CRX_NUMBER_DECIMAL, MAX, 1, 1, -1, false },
	{ "1_0", CRX_NUMBER_AS_IN_C, MAX, 1, 1, -1, false },
	{ "\xb2", CRX_NUMBER_DECIMAL, MAX, 0, 0, -1, false },
	/* bases */
	{ "0", CRX_NUMBER_DECIMAL, MAX, 0, 1, -1, true },
	{ "0123456789", CRX_NUMBER_DECIMAL, MAX, 123456789, 10, -1, true },
	{ "12a", CRX_NUMBER_DECIMAL, MAX, 12, 2, -1, false },
	{ "0755", CRX_NUMBER_OCTAL, MAX, 0755, 4, -1, true },
	{ "758", CRX_NUMBER_OCTAL, MAX, 075, 2, -1, false },
	{ "8", CRX_NUMBER_OCTAL, MAX, 0, 0, -1, false },
	{ "09aAfF", CRX_NUMBER_HEX, MAX, 0x09aaff, 6, -1, true },
	{ "fg", CRX_NUMBER_HEX, MAX, 0xf, 1, -1, false },
	{ "0x1", CRX_NUMBER_DECIMAL, MAX, 0, 1, -1, false },
	{ "0x1", CRX_NUMBER_OCTAL, MAX, 0, 1, -1, false },
	{ "0x1", CRX_NUMBER_HEX, MAX, 0, 1, -1, false },
	/* prefixes */
	{ "0", CRX_NUMBER_PREFIXED, MAX, 0, 1, -1, true },
	{ "010", CRX_NUMBER_PREFIXED, MAX, 10, 3, -1, true },
	{ "0x10", CRX_NUMBER_PREFIXED, MAX, 16, 4, -1, true },
	{ "0XfF", CRX_NUMBER_PREFIXED, MAX, 255, 4, -1, true },
	{ "0x", CRX_NUMBER_PREFIXED, MAX, 0, 1, -1, false },
	{ "0xg", CRX_NUMBER_PREFIXED, MAX, 0, 1, -1, false },
	{ "0x0x1", CRX_NUMBER_PREFIXED, MAX, 0, 3, -1, false },
	{ "x10", CRX_NUMBER_PREFIXED, MAX, 0, 0, -1, false },
	{ "00x10", CRX_NUMBER_PREFIXED, MAX, 0, 2, -1, false },
	{ "ff", CRX_NUMBER_PREFIXED, MAX, 0, 0, -1, false },
	{ "0", CRX_NUMBER_AS_IN_C, MAX, 0, 1, -1, true },
	{ "10", CRX_NUMBER_AS_IN_C, MAX, 10, 2, -1, true },
	{ "010", CRX_NUMBER_AS_IN_C, MAX, 8, 3, -1, true },
	{ "0x10", CRX_NUMBER_AS_IN_C, MAX, 16, 4, -1, true },
	{ "08", CRX_NUMBER_AS_IN_C, MAX, 0, 1, -1, false },
	{ "0x", CRX_NUMBER_AS_IN_C, MAX, 0, 1, -1, false },
	{ "0b1", CRX_NUMBER_AS_IN_C, MAX, 0, 1, -1, false },
	/* limits: the value, and the digit that passes it */
	{ "99", CRX_NUMBER_DECIMAL, 99, 99, 2, -1, true },
	{ "100", CRX_NUMBER_DECIMAL, 99, 99, 3, 2, true },
	{ "1005x", CRX_NUMBER_DECIMAL, 99, 99, 4, 2, false },
	{ "0000099", CRX_NUMBER_DECIMAL, 99, 99, 7, -1, true },
	{ "0", CRX_NUMBER_DECIMAL, 0, 0, 1, -1, true },
	{ "1", CRX_NUMBER_DECIMAL, 0, 0, 1, 0, true },
	{ "7", CRX_NUMBER_DECIMAL, 5, 5, 1, 0, true },
	{ "5", CRX_NUMBER_DECIMAL, 5, 5, 1, -1, true },
	{ "0x100", CRX_NUMBER_PREFIXED, 255, 255, 5, 4, true },
	{ "7777", CRX_NUMBER_OCTAL, 07777, 07777, 4, -1, true },
	{ "10000", CRX_NUMBER_OCTAL, 07777, 07777, 5, 4, true },
	{ "18446744073709551614", CRX_NUMBER_DECIMAL, MAX, MAX - 1, 20, -1, true },
	{ "18446744073709551615", CRX_NUMBER_DECIMAL, MAX, MAX, 20, -1, true },
	{ "18446744073709551616", CRX_NUMBER_DECIMAL, MAX, MAX, 20, 19, true },
	{ "18446744073709551615", CRX_NUMBER_DECIMAL, MAX - 1, MAX - 1, 20, 19, true },
	{ "184467440737095516150", CRX_NUMBER_DECIMAL, MAX, MAX, 21, 20, true },
	{ "36893488147419103232", CRX_NUMBER_DECIMAL, MAX, MAX, 20, 19, true }, /* 2^65 */
	{ "99999999999999999999999990", CRX_NUMBER_DECIMAL, MAX, MAX, 26, 19, true },
	{ "0xffffffffffffffff", CRX_NUMBER_PREFIXED, MAX, MAX, 18, -1, true },
	{ "0x10000000000000000", CRX_NUMBER_PREFIXED, MAX, MAX, 19, 18, true },
	{ "01777777777777777777777", CRX_NUMBER_AS_IN_C, MAX, MAX, 23, -1, true },
	{ "02000000000000000000000", CRX_NUMBER_AS_IN_C, MAX, MAX, 23, 22, true },
};

static const struct number_case sizes[] = {
	{ "", 0, MAX, 0, 0, -1, false },
	{ "K", 0, MAX, 0, 0, -1, false },
	{ "4096", 0, MAX, 4096, 4, -1, true },
	{ "0x1000", 0, MAX, 4096, 6, -1, true },
	{ "010", 0, MAX, 10, 3, -1, true },
	{ "0x", 0, MAX, 0, 1, -1, false },
	{ "0xK", 0, MAX, 0, 1, -1, false },
	{ "4K", 0, MAX, 4096, 2, -1, true },
	{ "4k", 0, MAX, 4096, 2, -1, true },
	{ "4KiB", 0, MAX, 4096, 4, -1, true },
	{ "4kiB", 0, MAX, 4096, 4, -1, true },
	{ "0x10m", 0, MAX, 16 << 20, 5, -1, true },
	{ "16MiB", 0, MAX, 16 << 20, 5, -1, true },
	{ "3g", 0, MAX, UINT64_C(3) << 30, 2, -1, true },
	{ "3GiB", 0, MAX, UINT64_C(3) << 30, 4, -1, true },
	{ "0G", 0, 0, 0, 2, -1, true },
	/* what a unit is not */
	{ "4 K", 0, MAX, 4, 1, -1, false },
	{ "4T", 0, MAX, 4, 1, -1, false },
	{ "4B", 0, MAX, 4, 1, -1, false },
	{ "4Ki", 0, MAX, 4096, 2, -1, false },
	{ "4KB", 0, MAX, 4096, 2, -1, false },
	{ "4KIB", 0, MAX, 4096, 2, -1, false },
	{ "4Kib", 0, MAX, 4096, 2, -1, false },
	{ "4KK", 0, MAX, 4096, 2, -1, false },
	{ "4KiB ", 0, MAX, 4096, 4, -1, false },
	{ "-4K", 0, MAX, 0, 0, -1, false },
	{ "1.5M", 0, MAX, 1, 1, -1, false },
	/* limits: passed by a digit, or by the unit */
	{ "4K", 0, 4096, 4096, 2, -1, true },
	{ "4K", 0, 4095, 4095, 2, 1, true },
	{ "5000K", 0, 4096, 4096, 5, 3, true },
	{ "17179869183G", 0, MAX, UINT64_C(17179869183) << 30, 12, -1, true },
	{ "17179869184G", 0, MAX, MAX, 12, 11, true },
	{ "0x40000000000000K", 0, MAX, MAX, 17, 16, true },
	{ "18446744073709551615", 0, MAX, MAX, 20, -1, true },
	{ "18446744073709551616", 0, MAX, MAX, 20, 19, true },
	{ "18446744073709551615K", 0, MAX, MAX, 21, 20, true },
	{ "18446744073709551616Gx", 0, MAX, MAX, 21, 19, false },
};

static void compare(const struct number_case *c, const char *text, struct crx_number n)
{
	if (n.value != c->value || n.end - text != c->end || n.whole != c->whole ||
	    (n.over ? n.over - text : -1) != c->over)
		fail_msg("'%s' in base %d up to %llx: %llx, ends at %ld, over at %ld, %s", c->text,
			 (int)c->base, (unsigned long long)c->max, (unsigned long long)n.value,
			 (long)(n.end - text), n.over ? (long)(n.over - text) : -1L,
			 n.whole ? "whole" : "not whole");
}

static void numbers_of_strings(void **state)
{
	const struct number_case *c;
	uint64_t v;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		c = &numbers[i];
		compare(c, c->text, crx_number_read(c->text, NULL, c->base, c->max));
		v = 77;
		assert_int_equal(crx_number_parse(c->text, NULL, c->base, c->max, &v),
				 c->whole && c->over < 0);
		assert_true(v == (c->whole && c->over < 0 ? c->value : 77));
	}
}

static void sizes_of_strings(void **state)
{
	const struct number_case *c;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		c = &sizes[i];
		compare(c, c->text, crx_number_read_size(c->text, NULL, c->max));
	}
}

/* Ranges end where they are said to: right before memory that cannot be read. */
static void ranges_end_where_they_end(void **state)
{
	const struct number_case *c;
	struct guard g = guard_new(64);
	const char *text;
	uint64_t v;
	size_t len, i;

	(void)state;
	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		c = &numbers[i];
		len = strlen(c->text);
		text = (const char *)guard_copy(&g, c->text, len);
		compare(c, text, crx_number_read(text, text + len, c->base, c->max));
		assert_int_equal(crx_number_parse(text, text + len, c->base, c->max, &v),
				 c->whole && c->over < 0);
	}
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		c = &sizes[i];
		len = strlen(c->text);
		text = (const char *)guard_copy(&g, c->text, len);
		compare(c, text, crx_number_read_size(text, text + len, c->max));
	}
	guard_free(&g);
}

/* More digits follow, but they are not part of the range. */
static void ranges_in_a_longer_text(void **state)
{
	static const char text[] = "0x12345MiB", nul[] = { '1', '\0', '2' };
	struct crx_number n;
	uint64_t v;

	(void)state;
	assert_true(crx_number_parse(text + 3, text + 5, CRX_NUMBER_DECIMAL, MAX, &v));
	assert_int_equal(v, 23);
	assert_false(crx_number_parse(text + 3, text + 3, CRX_NUMBER_DECIMAL, MAX, &v));
	n = crx_number_read(text, text + 2, CRX_NUMBER_PREFIXED, MAX);
	assert_int_equal(n.end - text, 1);
	assert_false(n.whole);
	n = crx_number_read(text, text + 1, CRX_NUMBER_PREFIXED, MAX);
	assert_true(n.whole);
	n = crx_number_read_size(text + 6, text + 8, MAX);
	assert_true(n.whole && n.value == 5 << 20);
	n = crx_number_read_size(text + 6, text + 9, MAX);
	assert_int_equal(n.end - text, 8);
	assert_false(n.whole);
	/* a NUL byte inside is just not a digit */
	n = crx_number_read(nul, nul + sizeof(nul), CRX_NUMBER_DECIMAL, MAX);
	assert_false(n.whole);
	assert_true(n.value == 1);
}

static void digits(void **state)
{
	static const char hex[] = "0123456789abcdefABCDEF";
	const char *found;
	int c;

	(void)state;
	for (c = CHAR_MIN; c <= CHAR_MAX; c++) {
		found = c ? strchr(hex, c) : NULL;
		if (!found)
			assert_true(crx_number_digit((char)c) >= 16);
		else
			assert_int_equal(crx_number_digit((char)c),
					 found - hex < 16 ? found - hex : found - hex - 6);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_of_strings),
		cmocka_unit_test(sizes_of_strings),
		cmocka_unit_test(ranges_end_where_they_end),
		cmocka_unit_test(ranges_in_a_longer_text),
		cmocka_unit_test(digits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
