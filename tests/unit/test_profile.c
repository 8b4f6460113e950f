/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lib/wishes/profile: both forms of a profile, and which errors one can have.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <inttypes.h>
#include <stdio.h>

#include "wishes/profile/profile.h"
#include "scratch.h"
#include "profile_parse.h"

/* --- texts --- */

/* An error at that line, with these words in it. */
static void text_len_fails(const char *text, size_t len, const char *place, const char *words)
{
	struct crx_profile p = { 0 };
	struct crx_err err = CRX_ERR_INIT;
	int ret = parse(&p, text, len, &err);

	if (ret != CRX_EFORMAT || err.code != ret || strcmp(err.path, place) ||
	    !strstr(err.text, words))
		fail_msg("'%s': %d, %s: %s; not %s: %s", text, ret, err.path, err.text, place,
			 words);
	assert_int_equal(p.nfiles, 0);
	crx_profile_free(&p);
}

static void text_fails(const char *text, const char *place, const char *words)
{
	text_len_fails(text, strlen(text), place, words);
}

/* --- CSV --- */

static void csv_as_axfs_writes_it(void **state)
{
	(void)state;
	text_is("./bin/busybox,28672,3\n", "./bin/busybox@28672*3;");
	text_is("a,0,1\nb,1,2\r\n/c,4095,3", "a@0*1;b@1*2;/c@4095*3;");
	text_is("a,0,1\r", "a@0*1;");
	/* the last two commas count */
	text_is("a,b,,c,5,6\n,,7,8\n", "a,b,,c@5*6;,@7*8;");
	text_is("with \"marks\" and blanks ,0,1\n", "with \"marks\" and blanks @0*1;");
	text_is("odd\xff\tname,0,1\n", "odd\xff\tname@0*1;");
	text_is("[,0,1\n", "[@0*1;");
}

static void csv_numbers(void **state)
{
	(void)state;
	text_is("a,0x1000,1\na,0XfFe,1\na,007,08\n", "a@4096*1;a@4094*1;a@7*8;");
	text_is("a,18446744073709551615,18446744073709551615\n",
		"a@18446744073709551615*18446744073709551615;");
	text_is("a,0xffffffffffffffff,1\n", "a@18446744073709551615*1;");
	text_is("a,1,0\nb,1,00\nc,1,1\n", "c@1*1;");
	text_fails("a,18446744073709551616,1\n", "board.csv:1",
		   "offset '18446744073709551616' is out of range");
	text_fails("a,0x10000000000000000,1\n", "board.csv:1", "out of range");
	text_fails("a,1,99999999999999999999999999\n", "board.csv:1",
		   "count '99999999999999999999999999' is out of range");
	text_fails("a,1,0x10\n", "board.csv:1", "count '0x10' is not a number");
	text_fails("a,0x,1\n", "board.csv:1", "offset '0x' is not a number");
	text_fails("a,0xg,1\n", "board.csv:1", "not a number");
	text_fails("a,-1,1\n", "board.csv:1", "not a number");
	text_fails("a,+1,1\n", "board.csv:1", "not a number");
	text_fails("a, 1,1\n", "board.csv:1", "offset ' 1' is not a number");
	text_fails("a,1,1 \n", "board.csv:1", "not a number");
	text_fails("a,1.0,1\n", "board.csv:1", "not a number");
	text_fails("a,1e3,1\n", "board.csv:1", "not a number");
	text_fails("a,,1\n", "board.csv:1", "offset is empty");
	text_fails("a,1,\n", "board.csv:1", "count is empty");
	text_fails("a,1,1\r\r\n", "board.csv:1", "not a number");
}

static void csv_lines_that_are_none(void **state)
{
	(void)state;
	text_is("", "");
	text_is("\n\r\n \t\n\r", "");
	text_is("path,offset,count\n", "");
	text_is("path,offset,count\r\na,0,1\n", "a@0*1;");
	text_is("\xef\xbb\xbfpath,offset,count\na,0,1\n", "a@0*1;");
	text_is("# of the board\n\npath,offset,count\n#a,0,1\na,0,1\n#", "a@0*1;");
	text_is("a#,0,1\n", "a#@0*1;");
	text_fails("a,0,1\npath,offset,count\n", "board.csv:2", "offset 'offset' is not a number");
	text_fails("path,offset,count\npath,offset,count\n", "board.csv:2", "not a number");
	text_fails("\"a\",0,1\npath,offset,count\n", "board.csv:2", "not a number");
	text_fails("Path,offset,count\n", "board.csv:1", "not a number");
	text_fails("path,offset,counts\n", "board.csv:1", "not a number");
}

static void csv_quoted(void **state)
{
	(void)state;
	text_is("\"a,b\",0,1\n", "a,b@0*1;");
	text_is("\"a\"\"b\"\"\",0x10,2\r\n\"\"\"\",1,1", "a\"b\"@16*2;\"@1*1;");
	text_is("\"a\nb\r\nc\",0,1\nd,0,1\n", "a\nb\r\nc@0*1;d@0*1;");
	text_is("\"#a\",0,1\n\" b\",0,1\n\"{\",0,1\n", "#a@0*1; b@0*1;{@0*1;");
	text_fails("x,0,1\n\"a,0,1\nb,0,1\n", "board.csv:2", "never closed");
	text_fails("\"", "board.csv:1", "never closed");
	text_fails("\"a\"\"", "board.csv:1", "never closed");
	text_fails("\"a\"", "board.csv:1", "after the quoted path");
	text_fails("\"a\"b,0,1\n", "board.csv:1", "after the quoted path");
	text_fails("\"a\",b,0,1\n", "board.csv:1", "after the quoted path");
	text_fails("\"a\",0\n", "board.csv:1", "after the quoted path");
	text_fails("\"a\" ,0,1\n", "board.csv:1", "after the quoted path");
	text_fails("\"\",0,1\n", "board.csv:1", "path is empty");
	/* lines inside of a path count; its first one is named */
	text_fails("\"a\n\n\",0,1\n\"b\nc\",0,x\n", "board.csv:4", "count 'x'");
	text_fails("\"a\n\n\",0,1\nb\n", "board.csv:4", "expected path,offset,count");
}

static void csv_that_is_something_else(void **state)
{
	(void)state;
	text_fails("a,0,1\nb\n", "board.csv:2", "expected path,offset,count");
	text_fails("a,0\n", "board.csv:1", "expected path,offset,count");
	text_fails(",0,1\n", "board.csv:1", "path is empty");
	text_fails(",,\n", "board.csv:1", "offset is empty");
	text_fails("[{\"path\": \"a\", \"offset\": 0}]\n", "board.csv:1", "JSON lines");
	text_fails("a,0,1\n{\"path\": \"a\", \"offset\": 0}\n", "board.csv:2", "JSON lines");
	text_len_fails("a\0b,0,1\n", 8, "board.csv:1", "NUL");
	text_len_fails("\"a\0b\",0,1\n", 10, "board.csv:1", "NUL");
	text_len_fails("a,0\0,1\n", 7, "board.csv:1", "not a number");
	text_len_fails("a,0,0\0\n", 7, "board.csv:1", "not a number");
	/* an entry that is dropped is looked at all the same */
	text_fails(",0,0\n", "board.csv:1", "path is empty");
}

/* A name that is too long for a message keeps its end and the line. */
static void a_long_name_keeps_the_line(void **state)
{
	struct crx_profile p = { 0 };
	struct crx_err err = CRX_ERR_INIT;
	char name[5000];

	(void)state;
	memset(name, 'x', sizeof(name) - 1);
	strcpy(name + sizeof(name) - 10, "board.csv");
	assert_int_equal(crx_profile_parse(&p, name, "\nb\n", 3, &err), CRX_EFORMAT);
	assert_int_equal(strncmp(err.path, "...xxx", 6), 0);
	assert_string_equal(err.path + strlen(err.path) - 11, "board.csv:2");
	crx_profile_free(&p);
}

/* --- JSON lines --- */

#define O(path, rest) "{\"path\": \"" path "\", \"offset\": " rest "}"

#if HAVE_JSON_C

static void json_lines(void **state)
{
	(void)state;
	text_is(O("a", "4096, \"count\": 3") "\n" O("/b", "0"), "a@4096*3;/b@0*1;");
	text_is("\r\n \t" O("a", "1") " \t\r\n\n  \n" O("b", "2, \"count\": 0") "\n", "a@1*1;");
	text_is("\xef\xbb\xbf{\"count\":2,\"extra\":[{\"path\":1},1e3,null],\"offset\":"
		"18446744073709551614,\"path\":\"a,\\\"\\n\\u00e9\\/\"}",
		"a,\"\n\xc3\xa9/@18446744073709551614*2;");
	text_is(O("odd\xff", "1"), "odd\xff@1*1;");
}

static void json_that_is_wrong(void **state)
{
	(void)state;
	text_fails("{}\n", "board.csv:1", "no \"path\"");
	text_fails(O("a", "1") "\n{\"path\":\"a\"}\n", "board.csv:2", "no \"offset\"");
	text_fails("{\"path\":5,\"offset\":0}", "board.csv:1", "\"path\" is not a string");
	text_fails("{\"path\":null,\"offset\":0}", "board.csv:1", "\"path\" is not a string");
	text_fails(O("", "1"), "board.csv:1", "path is empty");
	text_fails(O("a\\u0000b", "1"), "board.csv:1", "NUL");
	text_fails(O("a", "\"1\""), "board.csv:1", "\"offset\" is not a whole number");
	text_fails(O("a", "1.5"), "board.csv:1", "\"offset\" is not a whole number");
	text_fails(O("a", "1.0"), "board.csv:1", "\"offset\" is not a whole number");
	text_fails(O("a", "null"), "board.csv:1", "\"offset\" is not a whole number");
	text_fails(O("a", "true"), "board.csv:1", "\"offset\" is not a whole number");
	text_fails(O("a", "-1"), "board.csv:1", "\"offset\" is negative");
	text_fails(O("a", "1, \"count\": -9223372036854775808"), "board.csv:1",
		   "\"count\" is negative");
	text_fails(O("a", "1, \"count\": null"), "board.csv:1", "\"count\" is not a whole number");
	text_fails(O("a", "18446744073709551616"), "board.csv:1", "");
	text_fails(O("a", "1, \"count\": 99999999999999999999999"), "board.csv:1", "");
	text_fails(O("a", "1, \"count\": -99999999999999999999999"), "board.csv:1", "");
	text_fails(O("a", "1") "\n[1]\n", "board.csv:2", "expected a JSON object");
	text_fails(O("a", "1") "\na,0,1\n", "board.csv:2", "expected a JSON object");
	text_fails(O("a", "1") "\n# none\n", "board.csv:2", "expected a JSON object");
	text_fails(O("a", "1") O("b", "1"), "board.csv:1", "column");
	text_fails(O("a", "1") ",", "board.csv:1", "column");
	text_fails("{\"path\": \"a\",\n\"offset\": 1}\n", "board.csv:1",
		   "does not end on its line");
	text_fails("{", "board.csv:1", "does not end on its line");
	text_fails("{'path': 'a', 'offset': 1}", "board.csv:1", "column");
	text_fails("{\"path\": \"a\", \"offset\": 1,}", "board.csv:1", "column");
	text_fails("{\"path\": \"a\", \"offset\": 01}", "board.csv:1", "column");
	text_fails("{\"path\": \"a\", /* */ \"offset\": 1}", "board.csv:1", "column");
	text_len_fails(O("a", "1") "\0", sizeof(O("a", "1")), "board.csv:1", "NUL");
}

/* Depth and length are bounded: a line of brackets costs json-c dearly. */
static void json_without_measure(void **state)
{
	enum { LEN = 3 << 20 };
	char *text = malloc(LEN);
	size_t i, n;

	(void)state;
	assert_non_null(text);
	n = (size_t)sprintf(text, "{\"x\": ");
	memset(text + n, '[', 1000);
	text_len_fails(text, n + 1000, "board.csv:1", "column");
	for (i = n; i + 3 < LEN; i += 3)
		memcpy(text + i, "[],", 3);
	text_len_fails(text, i, "board.csv:1", "longer than");
	/* blanks at the end are not part of it, a long line that is good is read */
	n = (size_t)sprintf(text, O("a", "1"));
	memset(text + n, ' ', LEN - n);
	text_len_is(text, LEN, "a@1*1;");
	memset(text, ' ', LEN);
	memcpy(text, "{\"x\": \"", 7);
	memset(text + 7, 'x', 1 << 19);
	n = 7 + (1 << 19);
	n += (size_t)sprintf(text + n, "\", \"path\": \"a\", \"offset\": 1}");
	text_len_is(text, n, "a@1*1;");
	free(text);
}

#else

static void json_without_json_c(void **state)
{
	struct crx_profile p = { 0 };
	struct crx_err err = CRX_ERR_INIT;

	(void)state;
	assert_int_equal(parse(&p, " " O("a", "1"), strlen(O("a", "1")) + 1, &err), CRX_EARG);
	assert_string_equal(err.path, "board.csv");
	assert_non_null(strstr(err.text, "json-c"));
	assert_non_null(strstr(err.text, "CSV"));
	crx_profile_free(&p);
}

#endif

/* --- files, memory, length --- */

static void several_files_are_one_profile(void **state)
{
	struct scratch *s = *state;
	struct crx_profile p = { 0 };
	struct crx_err err = CRX_ERR_INIT;
	char got[200];

	scratch_text(s, "one", "a,0,1\n");
	scratch_text(s, "none", "");
	scratch_text(s, "two", "path,offset,count\na,4096,2\n");
	scratch_text(s, "bad", "a,1,1\n\nx\n");
	assert_int_equal(crx_profile_read(&p, scratch_at(s, "one"), &err), 0);
	assert_int_equal(crx_profile_read(&p, scratch_at(s, "none"), &err), 0);
	assert_int_equal(crx_profile_read(&p, scratch_at(s, "two"), &err), 0);
	dump(&p, got, sizeof(got));
	assert_string_equal(got, "a@0*1;a@4096*2;");
	assert_int_equal(p.nfiles, 3);
	assert_int_equal(crx_profile_read(&p, scratch_at(s, "bad"), &err), CRX_EFORMAT);
	assert_string_equal(err.path + strlen(err.path) - 6, "/bad:3");
	err = (struct crx_err)CRX_ERR_INIT;
	assert_int_equal(crx_profile_read(&p, scratch_at(s, "missing"), &err), CRX_EIO);
	err = (struct crx_err)CRX_ERR_INIT;
	assert_int_equal(crx_profile_read(&p, s->dir, &err), CRX_EIO);
	assert_int_equal(p.nfiles, 3);
	crx_profile_free(&p);
	crx_profile_free(&p);
}

/* A file of zeros that takes no room: too large by one byte. */
static void a_file_too_large(void **state)
{
	struct scratch *s = *state;
	struct crx_profile p = { 0 };
	struct crx_err err = CRX_ERR_INIT;

	scratch_text(s, "large", "");
	assert_int_equal(truncate(scratch_at(s, "large"), (256 << 20) + 1), 0);
	assert_int_equal(crx_profile_read(&p, scratch_at(s, "large"), &err), CRX_EBIG);
	crx_profile_free(&p);
}

/* --- random texts --- */

static uint64_t seed;

static uint32_t random_below(uint32_t n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (uint32_t)(seed >> 32) % n;
}

/* Whatever comes, it is an entry as promised or a message with its line. */
static void check_parsed(const char *text, size_t len)
{
	struct crx_profile p = { 0 };
	struct crx_err err = CRX_ERR_INIT;
	int ret = parse(&p, text, len, &err);
	unsigned line = 0, lines = 1;
	size_t i;

	for (i = 0; i < len; i++)
		lines += text[i] == '\n';
	for (i = 0; i < p.nentries; i++)
		if (!p.entry[i].count || !*p.entry[i].path)
			fail_msg("seed %" PRIu64 ": entry %zu", seed, i);
	if (ret == CRX_EFORMAT &&
	    (sscanf(err.path, "board.csv:%u", &line) != 1 || !line || line > lines || !*err.text))
		fail_msg("seed %" PRIu64 ": %s: %s", seed, err.path, err.text);
	if (ret && ret != CRX_EFORMAT && (HAVE_JSON_C || ret != CRX_EARG))
		fail_msg("seed %" PRIu64 ": %d, %s", seed, ret, err.text);
	crx_profile_free(&p);
}

static void random_bytes(void **state)
{
	static const char *const piece[] = {
		"a",
		",",
		",0",
		",1\n",
		"\n",
		"\r\n",
		"\"",
		"\"\"",
		"#",
		"path,offset,count",
		"0x",
		"9999999999",
		"\xef\xbb\xbf",
		" ",
		"{",
		"}",
		"\"path\"",
		"\"offset\"",
		"\"count\"",
		":",
		"\"a\"",
		"1",
		"-",
		"[",
		"\\u0000",
		"\\",
		O("a", "1"),
		"\xff",
	};
	char text[200];
	size_t len, n;
	int round;

	(void)state;
	seed = 20240229;
	for (round = 0; round < 30000; round++) {
		len = 0;
		if (round % 3 == 0)
			text[len++] = '{';
		for (n = random_below(24); n; n--) {
			const char *add = piece[random_below(sizeof(piece) / sizeof(piece[0]))];

			if (random_below(12)) {
				memcpy(text + len, add, strlen(add));
				len += strlen(add);
			} else {
				text[len++] = (char)random_below(256);
			}
			if (len > 150)
				break;
		}
		check_parsed(text, len);
	}
}

/* What is written as RFC 4180 wants it comes back. */
static void random_paths_come_back(void **state)
{
	static const char letters[] = "ab,,\"\"\n\r#{ \xff/.";
	struct crx_profile p = { 0 };
	struct crx_err err = CRX_ERR_INIT;
	char path[200][8], text[10000];
	uint32_t i, k, n, len = 0;

	(void)state;
	seed = 4180;
	for (i = 0; i < 200; i++) {
		n = 1 + random_below(7);
		text[len++] = '"';
		for (k = 0; k < n; k++) {
			path[i][k] = letters[random_below(sizeof(letters) - 1)];
			text[len++] = path[i][k];
			if (path[i][k] == '"')
				text[len++] = '"';
		}
		path[i][n] = '\0';
		len += (uint32_t)sprintf(text + len, "\",%u,%u%s\n", i, i + 1,
					 random_below(2) ? "\r" : "");
	}
	if (parse(&p, text, len, &err))
		fail_msg("%s: %s", err.path, err.text);
	assert_int_equal(p.nentries, 200);
	for (i = 0; i < 200; i++) {
		assert_string_equal(p.entry[i].path, path[i]);
		assert_int_equal(p.entry[i].off, i);
		assert_int_equal(p.entry[i].count, i + 1);
	}
	crx_profile_free(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(csv_as_axfs_writes_it),
		cmocka_unit_test(csv_numbers),
		cmocka_unit_test(csv_lines_that_are_none),
		cmocka_unit_test(csv_quoted),
		cmocka_unit_test(csv_that_is_something_else),
		cmocka_unit_test(a_long_name_keeps_the_line),
#if HAVE_JSON_C
		cmocka_unit_test(json_lines),
		cmocka_unit_test(json_that_is_wrong),
		cmocka_unit_test(json_without_measure),
#else
		cmocka_unit_test(json_without_json_c),
#endif
		cmocka_unit_test_setup_teardown(several_files_are_one_profile, scratch_setup,
						scratch_teardown),
		cmocka_unit_test_setup_teardown(a_file_too_large, scratch_setup, scratch_teardown),
		cmocka_unit_test(random_bytes),
		cmocka_unit_test(random_paths_come_back),
	};

	return cmocka_run_group_tests_name("profile", tests, NULL, NULL);
}
