/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lib/cli: which characters reach a terminal, or a page, as they are.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli/json.h"
#include "cli/text.h"

/* UTF-8 of a character below 0x10000. */
static const char *utf8(uint32_t c, char out[4])
{
	if (c < 0x80)
		snprintf(out, 4, "%c", (char)c);
	else if (c < 0x800)
		snprintf(out, 4, "%c%c", (char)(0xc0 | c >> 6), (char)(0x80 | (c & 0x3f)));
	else
		snprintf(out, 4, "%c%c%c", (char)(0xe0 | (c >> 12 & 0xf)),
			 (char)(0x80 | (c >> 6 & 0x3f)), (char)(0x80 | (c & 0x3f)));
	return out;
}

/* What is written by put_path(), or else as a JSON string. */
static char *written(const char *text, bool json, bool in_html)
{
	char *out = NULL;
	size_t len;
	FILE *f = open_memstream(&out, &len);
	struct crx_cli_json j = { .out = f, .in_html = in_html };

	assert_non_null(f);
	if (json)
		crx_cli_json_string(&j, NULL, text);
	else
		crx_cli_put_path(f, text);
	fclose(f);
	return out;
}

/* Controls, marks of direction, separators of lines: first and last of each range. */
static void test_harmful(void **state)
{
	static const uint32_t ranges[][2] = {
		{ 0x7f, 0x9f },     { 0x61c, 0x61c },   { 0x200e, 0x200f },
		{ 0x2028, 0x202e }, { 0x2066, 0x2069 }, { 0xfeff, 0xfeff },
	};
	char in[4], want[16], *out;
	uint32_t c, last = 0;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
		for (c = ranges[i][0] - 1; c <= ranges[i][1] + 1; c++) {
			bool harmful = c >= ranges[i][0] && c <= ranges[i][1];

			assert_true(c > last);
			last = c == ranges[i][1] + 1 ? c - 1 : c;
			snprintf(want, sizeof(want), c < 0x80 ? "\\x%02x" : "\\u%04x", (unsigned)c);
			out = written(utf8(c, in), false, false);
			assert_string_equal(out, harmful ? want : in);
			free(out);
		}
	}
}

/* A string in JSON, which may be part of a page. */
static void test_markup(void **state)
{
	static const char text[] = "a</script>&'\xe2\x80\xa7\xe2\x80\xa8\xe2\x80\xa9\xe2\x80\xaa";
	char *out;

	(void)state;
	out = written(text, true, false);
	assert_int_equal(strlen(out), strlen(text) + 2);
	assert_memory_equal(out + 1, text, strlen(text));
	free(out);
	out = written(text, true, true);
	assert_non_null(strstr(out, "\"a\\u003c/script\\u003e\\u0026'\xe2\x80\xa7"
				    "\\u2028\\u2029\xe2\x80\xaa\""));
	free(out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_harmful),
		cmocka_unit_test(test_markup),
	};

	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
