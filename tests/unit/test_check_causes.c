/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * crx_check: one cause makes one finding, with a count.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "../nasty/forge.h"
#include "read/check.h"

enum { PAGE = 4096, SAID_MAX = 65536 };

struct said {
	char text[SAID_MAX];         /* "id path; " for each finding */
	uint64_t count[CRX_F_KINDS]; /* of what the findings stand for */
	char last[256];              /* the text of the last one */
};

static void say(void *ctx, const struct crx_finding *f)
{
	struct said *s = ctx;
	size_t used = strlen(s->text);

	snprintf(s->text + used, sizeof(s->text) - used, "%s%s%s; ", crx_finding_info(f->kind)->id,
		 *f->path ? " " : "", f->path);
	s->count[f->kind] += f->count;
	snprintf(s->last, sizeof(s->last), "%s", f->text);
}

static struct crx_check_opts opts(struct said *s)
{
	return (struct crx_check_opts){
		.workers = 1, .max_findings = SIZE_MAX, .emit = say, .ctx = s
	};
}

static void check(struct forge *g, const struct crx_check_opts *o, struct said *s,
		  struct crx_check_result *r)
{
	struct crx_err err = CRX_ERR_INIT;
	struct crx_image img;

	*s = (struct said){ 0 };
	assert_int_equal(forge_view(g, &img, &err), 0);
	assert_int_equal(crx_check(&img, o, r, &err), 0);
}

/* The good image, whose superblock counts right. */
static void make(struct forge *g, struct forge_base *b)
{
	struct crx_super s;

	forge_base(g, b, CRX_ORDER_LITTLE, PAGE);
	crx_super_decode(g->data, g->order, &s);
	s.files = FORGE_ENTRIES;
	s.blocks = 14;
	crx_super_encode(&s, g->order, g->data);
	forge_seal(g);
}

/* An image that ends too soon makes one finding of each kind, whatever is missing. */
static void test_cut(void **state)
{
	struct said *s = *state;
	struct crx_check_opts o = opts(s);
	struct crx_check_result r;
	struct forge_base b;
	struct forge g;
	size_t len, cut;
	uint64_t n;

	make(&g, &b);
	len = g.len;
	for (cut = 76; cut < len; cut += 44) {
		g.len = cut;
		check(&g, &o, s, &r);
		assert_true(r.errors >= 1 && r.errors <= 5);
		assert_int_equal(r.warnings + r.notes, 0);
		assert_null(strstr(s->text, "files-count"));
	}
	/* the last two blocks, of one file */
	g.len = b.end - PAGE - 100;
	check(&g, &o, s, &r);
	assert_string_equal(s->text, "truncated; block-outside /dir/direct; ");
	assert_int_equal(s->count[CRX_F_BLOCK_OUTSIDE], 2);
	snprintf(s->text, sizeof(s->text),
		 "2 blocks; the first: block 2 of 4, 4096 bytes at %lu, is not within the image",
		 (unsigned long)b.end - 2 * PAGE);
	assert_string_equal(s->last, s->text);
	/* a table as well */
	g.len = b.run_table + 12;
	check(&g, &o, s, &r);
	assert_string_equal(s->text, "truncated; table-outside /dir/direct; block-outside /run; ");
	assert_int_equal(s->count[CRX_F_BLOCK_OUTSIDE], 3);
	/* all blocks of two files */
	g.len = b.direct_table + 16;
	check(&g, &o, s, &r);
	assert_string_equal(s->text, "truncated; block-outside; ");
	assert_true(s->count[CRX_F_BLOCK_OUTSIDE] > 5);
	assert_non_null(strstr(s->last, " blocks of 2 files; the first: /run: block 0 of 3, "));
	/* what points outside by itself is another finding */
	n = s->count[CRX_F_BLOCK_OUTSIDE];
	forge_put32(&g, b.run_table + 4, forge_ptr_run(1 << 24));
	check(&g, &o, s, &r);
	assert_string_equal(s->text, "truncated; block-outside /run; block-outside; ");
	assert_int_equal(s->count[CRX_F_BLOCK_OUTSIDE], n);
	g.len = len;
	forge_free(&g);
}

/* Faults of one table make one finding; with each, one for each block. */
static void test_each(void **state)
{
	struct said *s = *state;
	struct crx_check_opts o = opts(s);
	struct crx_check_result r;
	struct forge_base b;
	struct forge g;
	uint32_t i;

	make(&g, &b);
	for (i = 0; i < 3; i++)
		forge_put32(&g, b.run_table + i * 4, 100 - i);
	forge_seal(&g);
	check(&g, &o, s, &r);
	assert_string_equal(s->text, "block-length /run; ");
	assert_int_equal(s->count[CRX_F_BLOCK_LENGTH], 3);
	assert_int_equal(r.errors, 1);
	assert_memory_equal(s->last, "3 blocks; the first: block 0 of 3, ", 35);
	o.each = true;
	check(&g, &o, s, &r);
	assert_string_equal(s->text, "block-length /run; block-length /run; block-length /run; ");
	assert_int_equal(s->count[CRX_F_BLOCK_LENGTH], 3);
	assert_int_equal(r.errors, 3);
	assert_memory_equal(s->last, "block 2 of 3, ", 14);
	forge_free(&g);
}

/* Not the size of the image, as the caller found out: one finding, if anything is wrong at all. */
static void test_wrong_page_size(void **state)
{
	struct said *s = *state;
	struct crx_check_opts o = opts(s);
	struct crx_err err = CRX_ERR_INIT;
	struct crx_check_result r;
	struct forge_base b;
	struct crx_image img;
	struct forge g;

	make(&g, &b);
	assert_int_equal(forge_view(&g, &img, &err), 0);
	img.page_size = 16384;
	o.candidates = 1 | 2;
	*s = (struct said){ 0 };
	assert_int_equal(crx_check(&img, &o, &r, &err), 0);
	assert_string_equal(s->text, "page-size; ");
	assert_int_equal(r.errors, 1);
	assert_true(s->count[CRX_F_PAGE_SIZE] > 1);
	assert_memory_equal(s->last, "the image fits pages of 4, 8 KiB, not of 16 KiB, with which ",
			    60);
	o.each = true;
	*s = (struct said){ 0 };
	assert_int_equal(crx_check(&img, &o, &r, &err), 0);
	assert_true(r.errors > 1);
	assert_null(strstr(s->text, "page-size"));
	forge_free(&g);
}

static int set_up(void **state)
{
	*state = malloc(sizeof(struct said));
	return *state ? 0 : -1;
}

static int tear_down(void **state)
{
	free(*state);
	return 0;
}

/* The same bytes as a plain block of one table, and in place in others: only these share pages. */
static void test_plain_and_in_place(void **state)
{
	struct crx_inode in = { .mode = S_IFREG | 0644, .uid = 1000, .gid = 100, .size = 2 * PAGE };
	struct said *s = *state;
	struct crx_check_opts o = opts(s);
	struct crx_check_result r;
	struct forge_base b;
	struct forge g;

	make(&g, &b);
	in.off = (uint32_t)b.hole_table;
	forge_entry(&g, b.entry[1], "hole", in);
	forge_put32(&g, b.hole_table, forge_ptr_run(b.run));
	forge_put32(&g, b.hole_table + 4, forge_ptr_stored(b.run + 2 * PAGE));
	forge_seal(&g);
	check(&g, &o, s, &r);
	assert_string_equal(s->text, "run-in-two-tables /run; ");
	assert_int_equal(s->count[CRX_F_RUN_IN_TWO_TABLES], 1);
	forge_put32(&g, b.direct_table + 8, forge_ptr_run(b.run + PAGE));
	forge_put32(&g, b.direct_table + 12, forge_ptr_stored(b.run + 2 * PAGE));
	forge_seal(&g);
	check(&g, &o, s, &r);
	assert_string_equal(s->text, "run-in-two-tables /run; run-in-two-tables /dir/direct; ");
	forge_free(&g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_each),
		cmocka_unit_test(test_wrong_page_size),
		cmocka_unit_test(test_plain_and_in_place),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
