/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lib/base: errors, warnings, memory, checked arithmetic.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/offenders.h"
#include "guard.h"

/* What an address sanitizer reads: allocations that cannot be fail, as without it. */
const char *__asan_default_options(void);

const char *__asan_default_options(void)
{
	return "allocator_may_return_null=1";
}

/* --- err --- */

static void err_is_filled(void **state)
{
	struct crx_err err = CRX_ERR_INIT;

	(void)state;
	assert_int_equal(crx_err_set(&err, CRX_EIO, ENOENT, "/a", "cannot %s %d", "open", 7),
			 CRX_EIO);
	assert_int_equal(err.code, CRX_EIO);
	assert_int_equal(err.sys_errno, ENOENT);
	assert_string_equal(err.path, "/a");
	assert_string_equal(err.text, "cannot open 7");
	assert_false(err.has_off);
}

static void err_first_fill_wins(void **state)
{
	struct crx_err err = CRX_ERR_INIT;

	(void)state;
	crx_err_set(&err, CRX_EIO, ENOENT, "/a", "first");
	assert_int_equal(crx_err_set(&err, CRX_ELIMIT, 0, "/b", "second"), CRX_EIO);
	assert_int_equal(crx_err_set_at(&err, CRX_EFORMAT, 12, "/c", "third"), CRX_EIO);
	assert_int_equal(crx_err_nomem(&err, "testing"), CRX_EIO);
	assert_int_equal(err.sys_errno, ENOENT);
	assert_string_equal(err.path, "/a");
	assert_string_equal(err.text, "first");
	/* an offset of the third in the message of the first would mislead */
	assert_false(err.has_off);
	assert_int_equal(err.off, 0);
}

static void err_with_offset(void **state)
{
	struct crx_err err = CRX_ERR_INIT;

	(void)state;
	assert_int_equal(crx_err_set_at(&err, CRX_EFORMAT, 0, NULL, "at the very beginning"),
			 CRX_EFORMAT);
	assert_true(err.has_off);
	assert_int_equal(err.off, 0);
	assert_string_equal(err.path, "");
	err = (struct crx_err)CRX_ERR_INIT;
	crx_err_set_at(&err, CRX_EVERIFY, UINT64_MAX, "/x", "far");
	assert_true(err.off == UINT64_MAX);
	assert_int_equal(err.sys_errno, 0);
}

static void err_out_of_memory(void **state)
{
	struct crx_err err = CRX_ERR_INIT;

	(void)state;
	assert_int_equal(crx_err_nomem(&err, "counting sheep"), CRX_ENOMEM);
	assert_non_null(strstr(err.text, "out of memory"));
	assert_non_null(strstr(err.text, "counting sheep"));
	assert_int_equal(err.sys_errno, 0);
}

static void err_long_text_is_cut(void **state)
{
	struct crx_err err = CRX_ERR_INIT;
	char text[2 * CRX_ERR_TEXT_MAX];

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	crx_err_set(&err, CRX_EIO, 0, NULL, "%s", text);
	assert_int_equal(strlen(err.text), CRX_ERR_TEXT_MAX - 1);
}

/* A path of up to 1023 bytes is whole; a longer one keeps both ends. */
static void err_long_path_loses_its_middle(void **state)
{
	static const size_t len[] = { 1, 1022, 1023, 1024, 1025, 1026, 1500, 5000, 100000 };
	char *path;
	size_t i, j;

	(void)state;
	for (i = 0; i < sizeof(len) / sizeof(len[0]); i++) {
		struct crx_err err = CRX_ERR_INIT;

		path = malloc(len[i] + 1);
		assert_non_null(path);
		for (j = 0; j < len[i]; j++)
			path[j] = (char)('a' + j % 26);
		path[len[i]] = '\0';
		crx_err_set(&err, CRX_EIO, 0, path, "x");
		if (len[i] < CRX_ERR_PATH_MAX) {
			assert_string_equal(err.path, path);
		} else {
			assert_int_equal(strlen(err.path), CRX_ERR_PATH_MAX - 1);
			assert_memory_equal(err.path, path, 500);
			assert_string_equal(err.path + CRX_ERR_PATH_MAX - 1 - 500,
					    path + len[i] - 500);
			assert_non_null(strstr(err.path, "..."));
		}
		free(path);
	}
}

/* --- log --- */

struct heard {
	int n;
	enum crx_level level;
	char path[64];
	char text[CRX_ERR_TEXT_MAX + 1];
};

static void hear(void *ctx, enum crx_level level, const char *path, const char *text)
{
	struct heard *h = ctx;

	h->n++;
	h->level = level;
	snprintf(h->path, sizeof(h->path), "%s", path ? path : "(none)");
	snprintf(h->text, sizeof(h->text), "%s", text);
}

static void log_levels_and_count(void **state)
{
	struct heard h = { 0 };
	struct crx_log log = { hear, &h, 0 };

	(void)state;
	crx_log_warn(&log, "/w", "%d%%", 5);
	assert_int_equal(h.level, CRX_LEVEL_WARNING);
	assert_string_equal(h.path, "/w");
	assert_string_equal(h.text, "5%");
	assert_int_equal(log.warnings, 1);
	crx_log_note(&log, NULL, "a note");
	assert_int_equal(h.level, CRX_LEVEL_NOTE);
	assert_string_equal(h.path, "(none)");
	crx_log_error(&log, "/e", "an error");
	assert_int_equal(h.level, CRX_LEVEL_ERROR);
	/* -E fails on warnings: nothing else may count */
	assert_int_equal(log.warnings, 1);
	assert_int_equal(h.n, 3);
}

static void log_that_nobody_reads(void **state)
{
	struct crx_log log = { NULL, NULL, 0 };

	(void)state;
	crx_log_warn(NULL, "/w", "x");
	crx_log_note(NULL, "/w", "x");
	crx_log_error(NULL, "/w", "x");
	crx_log_warn(&log, NULL, "x");
	crx_log_note(&log, NULL, "x");
	crx_log_error(&log, NULL, "x");
	/* a warning is one under -E though nobody hears it */
	assert_int_equal(log.warnings, 1);
}

static void log_long_text_is_cut(void **state)
{
	struct heard h = { 0 };
	struct crx_log log = { hear, &h, 0 };
	char text[2 * CRX_ERR_TEXT_MAX];

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	crx_log_warn(&log, NULL, "%s", text);
	assert_int_equal(strlen(h.text), CRX_ERR_TEXT_MAX - 1);
}

/* --- offenders --- */

static void offenders_of_a_kind(void **state)
{
	struct heard h = { 0 };
	struct crx_log log = { hear, &h, 0 };
	struct crx_offenders o = { &log, CRX_LEVEL_WARNING, 2, 0 };
	struct crx_offenders silent = { NULL, CRX_LEVEL_ERROR, 1, 0 };

	(void)state;
	crx_offenders_end(&o, "/end", NULL);
	assert_int_equal(h.n, 0);
	crx_offenders_add(&o, "/1", "%s", "is odd");
	crx_offenders_add(&o, "/2", "%d%%", 2);
	assert_int_equal(h.level, CRX_LEVEL_WARNING);
	assert_string_equal(h.path, "/2");
	assert_string_equal(h.text, "2%");
	/* exactly as many as are logged: nothing was omitted */
	crx_offenders_end(&o, "/end", NULL);
	assert_int_equal(h.n, 2);
	crx_offenders_add(&o, "/3", "is odd");
	assert_int_equal(h.n, 2);
	assert_int_equal(o.count, 3);
	crx_offenders_end(&o, "/end", NULL);
	assert_int_equal(h.n, 3);
	assert_int_equal(h.level, CRX_LEVEL_WARNING);
	assert_string_equal(h.path, "/end");
	assert_string_equal(h.text, "and 1 more");
	o.count += 41;
	crx_offenders_end(&o, NULL, "that are odd");
	assert_string_equal(h.path, "(none)");
	assert_string_equal(h.text, "and 42 more that are odd");
	assert_int_equal(log.warnings, 4);
	/* errors are not counted as warnings, and the log may be NULL */
	o.level = CRX_LEVEL_ERROR;
	crx_offenders_end(&o, NULL, NULL);
	assert_int_equal(h.level, CRX_LEVEL_ERROR);
	assert_int_equal(log.warnings, 4);
	crx_offenders_add(&silent, NULL, "x");
	crx_offenders_add(&silent, NULL, "x");
	crx_offenders_end(&silent, NULL, NULL);
	assert_int_equal(silent.count, 2);
}

/* --- mem --- */

static void sums_and_products(void **state)
{
	const size_t half = (size_t)1 << (sizeof(size_t) * 4); /* its square is one too many */
	size_t out;

	(void)state;
	assert_true(crx_add_size(SIZE_MAX - 1, 1, &out) && out == SIZE_MAX);
	assert_true(crx_add_size(0, 0, &out) && out == 0);
	assert_false(crx_add_size(SIZE_MAX, 1, &out));
	assert_false(crx_add_size(1, SIZE_MAX, &out));
	assert_false(crx_add_size(SIZE_MAX, SIZE_MAX, &out));
	assert_true(crx_mul_size(0, SIZE_MAX, &out) && out == 0);
	assert_true(crx_mul_size(SIZE_MAX, 0, &out) && out == 0);
	assert_true(crx_mul_size(1, SIZE_MAX, &out) && out == SIZE_MAX);
	assert_true(crx_mul_size(SIZE_MAX / 2, 2, &out) && out == SIZE_MAX - 1);
	assert_true(crx_mul_size(half - 1, half + 1, &out) && out == SIZE_MAX);
	assert_false(crx_mul_size(half, half, &out));
	assert_false(crx_mul_size(SIZE_MAX / 2 + 1, 2, &out));
	/* wraps to 2^(n-1): larger than either factor, wrong all the same */
	assert_false(crx_mul_size(SIZE_MAX / 2 + 1, 3, &out));
}

static void comparing(void **state)
{
	(void)state;
	assert_int_equal(crx_compare(0, 0), 0);
	assert_int_equal(crx_compare(0, 1), -1);
	assert_int_equal(crx_compare(UINT64_MAX, 1), 1);
	assert_int_equal(crx_compare(1, UINT64_MAX), -1);
	assert_int_equal(crx_compare(UINT64_MAX, UINT64_MAX), 0);
}

static void rounding_up(void **state)
{
	(void)state;
	assert_int_equal(crx_round_up(0, 4096), 0);
	assert_int_equal(crx_round_up(1, 4096), 4096);
	assert_int_equal(crx_round_up(4095, 4096), 4096);
	assert_int_equal(crx_round_up(4096, 4096), 4096);
	assert_int_equal(crx_round_up(4097, 4096), 8192);
	assert_int_equal(crx_round_up(5, 1), 5);
	assert_true(crx_round_up(0xffffffffu, 4) == 0x100000000u);
	assert_true(crx_round_up(UINT64_MAX - 4096, 4096) == UINT64_MAX - 4095);
}

static void allocations(void **state)
{
	unsigned char *p;
	size_t i;

	(void)state;
	assert_null(crx_alloc(SIZE_MAX / 2, 3));
	assert_null(crx_zalloc(SIZE_MAX / 2, 3));
	p = crx_alloc(0, 16);
	assert_non_null(p);
	free(p);
	p = crx_alloc(16, 0);
	assert_non_null(p);
	free(p);
	p = crx_zalloc(0, 16);
	assert_non_null(p);
	free(p);
	p = crx_zalloc(100, 7);
	assert_non_null(p);
	for (i = 0; i < 700; i++)
		assert_int_equal(p[i], 0);
	free(p);
}

static void strings_are_copied(void **state)
{
	struct guard g = guard_new(64);
	char *p;

	(void)state;
	/* three bytes without an end, before an unreadable page */
	p = crx_strndup((const char *)guard_copy(&g, "abc", 3), 3);
	assert_string_equal(p, "abc");
	free(p);
	p = crx_strndup("abc", 2);
	assert_string_equal(p, "ab");
	free(p);
	p = crx_strndup("a\0c", 3);
	assert_string_equal(p, "a");
	free(p);
	p = crx_strndup((const char *)guard_buf(&g, 0), 0);
	assert_string_equal(p, "");
	free(p);
	p = crx_strdup((const char *)guard_copy(&g, "\xff\x01", 3));
	assert_string_equal(p, "\xff\x01");
	free(p);
	guard_free(&g);
}

static void arrays_grow(void **state)
{
	uint32_t *a = NULL;
	size_t cap = 0, had, i, moves = 0;

	(void)state;
	for (i = 0; i < 100000; i++) {
		had = cap;
		assert_true(crx_grow(&a, &cap, i + 1, sizeof(*a)));
		assert_true(cap > i);
		moves += cap != had;
		a[i] = (uint32_t)i;
	}
	for (i = 0; i < 100000; i++)
		assert_int_equal(a[i], i);
	/* by half at least: one by one would be 100,000 */
	assert_true(moves < 40);
	had = cap;
	assert_true(crx_grow(&a, &cap, had, sizeof(*a)));
	assert_int_equal(cap, had);
	assert_true(crx_grow(&a, &cap, 1000000, sizeof(*a)));
	assert_true(cap >= 1000000);
	assert_int_equal(a[99999], 99999);
	free(a);
}

static void arrays_that_cannot_grow(void **state)
{
	uint64_t *a = NULL, *before;
	size_t cap = 0;

	(void)state;
	assert_true(crx_grow(&a, &cap, 10, sizeof(*a)));
	a[9] = 42;
	before = a;
	assert_false(crx_grow(&a, &cap, SIZE_MAX / 8 + 1, sizeof(*a)));
	assert_false(crx_grow(&a, &cap, SIZE_MAX, sizeof(*a)));
	assert_ptr_equal(a, before);
	assert_int_equal(cap, 10);
	assert_int_equal(a[9], 42);
	free(a);
}

/* Pieces of all sizes around those of a chunk: aligned, apart, kept. */
static void arena_pieces(void **state)
{
	static const size_t len[] = { 1,      7, 8,       9, 0,      4096,   262143, 262144,
				      262145, 3, 1000000, 5, 131072, 131072, 1 };
	enum { N = sizeof(len) / sizeof(len[0]) };
	struct crx_arena a = { 0 };
	unsigned char *p[N * 20];
	size_t i, j;

	(void)state;
	for (i = 0; i < N * 20; i++) {
		p[i] = crx_arena_alloc(&a, len[i % N]);
		assert_non_null(p[i]);
		assert_int_equal((uintptr_t)p[i] % 8, 0);
		memset(p[i], (int)i, len[i % N]);
	}
	for (i = 0; i < N * 20; i++)
		for (j = 0; j < len[i % N]; j++)
			if (p[i][j] != (unsigned char)i)
				fail_msg("piece %zu was written over", i);
	assert_null(crx_arena_alloc(&a, SIZE_MAX));
	assert_null(crx_arena_alloc(&a, SIZE_MAX - 7));
	assert_null(crx_arena_alloc(&a, SIZE_MAX - 15));
	crx_arena_free(&a);
	assert_null(a.chunk);
	assert_non_null(crx_arena_alloc(&a, 10));
	crx_arena_free(&a);
	crx_arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(err_is_filled),
		cmocka_unit_test(err_first_fill_wins),
		cmocka_unit_test(err_with_offset),
		cmocka_unit_test(err_out_of_memory),
		cmocka_unit_test(err_long_text_is_cut),
		cmocka_unit_test(err_long_path_loses_its_middle),
		cmocka_unit_test(log_levels_and_count),
		cmocka_unit_test(log_that_nobody_reads),
		cmocka_unit_test(log_long_text_is_cut),
		cmocka_unit_test(offenders_of_a_kind),
		cmocka_unit_test(sums_and_products),
		cmocka_unit_test(comparing),
		cmocka_unit_test(rounding_up),
		cmocka_unit_test(allocations),
		cmocka_unit_test(strings_are_copied),
		cmocka_unit_test(arrays_grow),
		cmocka_unit_test(arrays_that_cannot_grow),
		cmocka_unit_test(arena_pieces),
	};

	return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
