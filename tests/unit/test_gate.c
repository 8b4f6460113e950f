/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lib/gate: the language of conditions, when they hold, and what of two images is compared.
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
#include "gate/gate.h"

static struct crx_gate_conditions parse(const char *text)
{
	struct crx_err err = CRX_ERR_INIT;
	struct crx_gate_conditions c = { 0 };

	if (crx_gate_parse(&c, text, "--fail-if", &err))
		fail_msg("%s: %s", text, err.text);
	return c;
}

static void test_conditions(void **state CRX_UNUSED)
{
	static const struct crx_gate_condition one[] = {
		{ "size>+64K", CRX_GATE_SIZE, CRX_GATE_CHANGE, true, 65536 },
		{ "pages<-10", CRX_GATE_PAGES, CRX_GATE_CHANGE, false, -10 },
		{ "file>+8K", CRX_GATE_FILE, CRX_GATE_CHANGE, true, 8192 },
		{ "ram-saved<0x1000", CRX_GATE_RAM_SAVED, CRX_GATE_VALUE, false, 4096 },
		{ "file-pages>010", CRX_GATE_FILE_PAGES, CRX_GATE_VALUE, true, 10 },
		{ "size>16MiB", CRX_GATE_SIZE, CRX_GATE_VALUE, true, 16 << 20 },
		{ "size>0", CRX_GATE_SIZE, CRX_GATE_VALUE, true, 0 },
		{ "size>1024G", CRX_GATE_SIZE, CRX_GATE_VALUE, true, CRX_GATE_MAX },
		{ "size>+2%", CRX_GATE_SIZE, CRX_GATE_PERCENT, true, 200 },
		{ "pages<-0.5%", CRX_GATE_PAGES, CRX_GATE_PERCENT, false, -50 },
		{ "file>+12.34%", CRX_GATE_FILE, CRX_GATE_PERCENT, true, 1234 },
		{ "size>+10000%", CRX_GATE_SIZE, CRX_GATE_PERCENT, true, 1000000 },
		{ "size<+0.07%", CRX_GATE_SIZE, CRX_GATE_PERCENT, false, 7 },
	};
	struct crx_gate_conditions c;
	size_t i;

	for (i = 0; i < sizeof(one) / sizeof(one[0]); i++) {
		c = parse(one[i].text);
		assert_int_equal(c.n, 1);
		assert_string_equal(c.at[0].text, one[i].text);
		assert_int_equal(c.at[0].measure, one[i].measure);
		assert_int_equal(c.at[0].kind, one[i].kind);
		assert_int_equal(c.at[0].above, one[i].above);
		assert_int_equal(c.at[0].limit, one[i].limit);
		crx_gate_conditions_free(&c);
	}
	c = parse(" size > + 64K ,\tpages<-10,\nfile>+8K ");
	assert_int_equal(c.n, 3);
	for (i = 0; i < 3; i++)
		assert_string_equal(c.at[i].text, one[i].text);
	crx_gate_conditions_free(&c);
}

static void test_wrong_conditions(void **state CRX_UNUSED)
{
	static const struct {
		const char *text, *said;
	} bad[] = {
		{ "", "a condition is empty (expected one such as size>+64K)" },
		{ " , ", "a condition is empty" },
		{ "size>1,", "a condition is empty" },
		{ ">1", "unknown measure in '>1' (expected size, pages, ram-saved, file or "
			"file-pages)" },
		{ "{>1", "unknown measure in '{>1'" },
		{ "size[>1", "> or < is missing" },
		{ "size>1,ram>1", "unknown measure in 'ram>1' (expected size" },
		{ "file-page>1", "unknown measure in 'file-page>1' (did you mean file-pages?)" },
		{ "Size>1", "did you mean size?" },
		{ "s\x01ze>1", "unknown measure in 's\\x01ze>1'" },
		{ "size", "in 'size', > or < and a limit are missing (put the whole" },
		{ "size=1", "> or < is missing" },
		{ "size>=1", "= has no meaning" },
		{ "size>", "in 'size>', a size is missing" },
		{ "size>>1", "a size is missing" },
		{ "size>+-1", "a size is missing" },
		{ "pages<-", "a number of pages is missing" },
		{ "pages<-4K", "something follows the number of pages" },
		{ "size>1KB", "something follows the limit" },
		{ "size>1 2", "something follows the limit" },
		{ "size>+1%%", "something follows the limit" },
		{ "size>1099511627777", "the limit is too large" },
		{ "size>99999999999999999999999999", "the limit is too large" },
		{ "size>2%", "the percentage needs a sign" },
		{ "size>+10001%", "the percentage is larger than 10000" },
		{ "size>+99999999999999999999.5%", "the percentage is larger than 10000" },
		{ "size>+1.%", "only a percentage has decimal places" },
		{ "size>+1.5", "only a percentage has decimal places" },
		{ "size>+1.5K", "only a percentage has decimal places" },
		{ "size>+.5%", "a size is missing" },
		{ "size>+1.234%", "more than two decimal places" },
		{ "size>0000000000000000000000000000000000000000000000000000000000000001",
		  "too many characters" },
		{ "size>1000000000000000000000000000000000000000000000000000000000000000000000000"
		  "00000000000000000000000000000000000000000000000000000000000000000000000000000"
		  "00000000000000000000000000000000000000000000000000000000000000000000000000000"
		  "00000000000000000000000000000000000000000000000000000000000000000000000000000",
		  "the limit is too large" },
	};
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct crx_gate_conditions c = { 0 };
		struct crx_err err = CRX_ERR_INIT;

		assert_int_equal(crx_gate_parse(&c, bad[i].text, "--fail-if", &err), CRX_EARG);
		if (strncmp(err.text, "--fail-if: ", 11) || !strstr(err.text, bad[i].said))
			fail_msg("%s: said %s, not %s", bad[i].text, err.text, bad[i].said);
		crx_gate_conditions_free(&c);
	}
}

/* --- when they hold --- */

struct world {
	struct crx_gate_image old, now;
	struct crx_gate_conditions c;
	struct crx_gate_pair p;
};

static void add(struct crx_gate_image *g, const char *path, uint64_t size, uint64_t pages,
		bool shared)
{
	struct crx_err err = CRX_ERR_INIT;

	assert_int_equal(crx_gate_add(g, path, size, pages, shared, &err), 0);
}

static struct world *world_new(void)
{
	struct world *w = calloc(1, sizeof(*w));

	assert_non_null(w);
	w->old.size = 100000;
	w->now.size = 101000;
	w->old.page_size = 4096;
	w->now.page_size = 16384;
	add(&w->old, "/same", 500, 1, false);
	add(&w->old, "/less", 50000, 90, false);
	add(&w->old, "/less2", 50000, 90, true);
	add(&w->old, "/gone", 7000, 2, false);
	add(&w->now, "/same", 500, 1, false);
	add(&w->now, "/new", 9000, 3, false);
	add(&w->now, "/less", 49000, 80, false);
	add(&w->now, "/less2", 60000, 80, false);
	crx_gate_sort(&w->old);
	crx_gate_sort(&w->now);
	w->p = (struct crx_gate_pair){ &w->old, &w->now, &w->c, "new.img" };
	return w;
}

static void world_free(struct world *w)
{
	crx_gate_free(&w->old);
	crx_gate_free(&w->now);
	free(w);
}

static void note_path(void *ctx, const struct crx_gate_change *c)
{
	strcat(ctx, c->path ? c->path : "image");
	strcat(ctx, " ");
}

static void test_holds(void **state CRX_UNUSED)
{
	static const struct {
		const char *text, *where;
	} row[] = {
		{ "size>+999", "image " },
		{ "size>+1000", "" },
		{ "size<+1000", "" },
		{ "size<+1001", "image " },
		{ "size>+0.99%", "image " },
		{ "size>+1%", "" },
		{ "size>-1", "image " },
		{ "size>100999", "image " },
		{ "size>101000", "" },
		{ "size<101001", "image " },
		/* 93 -> 164: the old image has a table that two files share */
		{ "pages>+70", "image " },
		{ "pages>+71", "" },
		{ "pages>163", "image " },
		{ "pages>164", "" },
		/* 93 * 4096 -> 164 * 16384 */
		{ "ram-saved>+2306047", "image " },
		{ "ram-saved>+2306048", "" },
		{ "file>+8999", "/less2 /new " },
		{ "file>+9000", "/less2 " },
		{ "file>+10000", "" },
		{ "file<-999", "/gone /less " },
		{ "file<-1000", "/gone " },
		/* a percentage needs both */
		{ "file>+0%", "/less2 " },
		{ "file<-1.99%", "/less " },
		{ "file<-2%", "" },
		/* a limit is for what there is */
		{ "file<501", "/same " },
		{ "file>8999", "/less /less2 /new " },
		{ "file-pages<-9", "/less /less2 " },
		{ "file-pages<-1", "/gone /less /less2 " },
		{ "file-pages>2", "/less /less2 /new " },
	};
	struct world *w = world_new();
	char where[200];
	size_t i, n;

	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		w->c = parse(row[i].text);
		*where = '\0';
		n = crx_gate_check(&w->p, &w->c.at[0], note_path, where);
		if (strcmp(where, row[i].where) || (n > 0) != (*where != '\0'))
			fail_msg("%s holds at %s, not %s", row[i].text, where, row[i].where);
		assert_int_equal(crx_gate_check(&w->p, &w->c.at[0], NULL, NULL), n);
		crx_gate_conditions_free(&w->c);
	}
	world_free(w);
}

/* Hostile values are limited, and so are products. */
static void test_large(void **state CRX_UNUSED)
{
	struct world w = { .old = { .page_size = UINT32_MAX } };

	add(&w.old, "/a", 0, 1, false);
	add(&w.now, "/a", UINT64_MAX, UINT64_MAX, false);
	add(&w.now, "/b", UINT64_MAX, UINT64_MAX, false);
	assert_int_equal(w.now.file[0].size, CRX_GATE_MAX);
	assert_int_equal(w.now.pages, CRX_GATE_MAX);
	w.now.page_size = 65536;
	assert_int_equal(crx_gate_value(&w.now, CRX_GATE_RAM_SAVED), CRX_GATE_MAX);
	w.old.size = w.now.size = CRX_GATE_MAX;
	w.p = (struct crx_gate_pair){ &w.old, &w.now, &w.c, "new.img" };
	w.c = parse("size<+10000%,size>-10000%,pages>+10000%,file>+10000%");
	assert_int_equal(crx_gate_check(&w.p, &w.c.at[0], NULL, NULL), 1);
	assert_int_equal(crx_gate_check(&w.p, &w.c.at[1], NULL, NULL), 1);
	assert_int_equal(crx_gate_check(&w.p, &w.c.at[2], NULL, NULL), 1);
	assert_int_equal(crx_gate_check(&w.p, &w.c.at[3], NULL, NULL), 1);
	crx_gate_conditions_free(&w.c);
	crx_gate_free(&w.old);
	crx_gate_free(&w.now);
}

/* --- what is shown --- */

static void test_grown(void **state CRX_UNUSED)
{
	static const struct {
		const char *path;
		unsigned size;
	} file[] = {
		{ "/a", 5 }, { "/b", 3 }, { "/c", 7 }, { "/d", 5 }, { "/e", 0 },
		{ "/f", 9 }, { "/g", 4 }, { "/h", 5 }, { "/i", 5 },
	};
	struct world w = { .old = { .size = 1 } };
	struct crx_gate_files f;
	char paths[40] = "";
	size_t i;

	for (i = 0; i < sizeof(file) / sizeof(file[0]); i++)
		add(&w.now, file[i].path, file[i].size, 0, false);
	w.p = (struct crx_gate_pair){ &w.old, &w.now, &w.c, "new.img" };
	crx_gate_compare_files(&w.p, &f);
	for (i = 0; i < f.ngrown; i++)
		strcat(paths, f.grown[i].path);
	assert_string_equal(paths, "/f/c/a/d/h");
	assert_int_equal(f.added, 9);
	assert_int_equal(f.removed + f.larger + f.smaller, 0);
	crx_gate_free(&w.now);
}

static void put_row(void *ctx, const char *label, const char *text, const char *path)
{
	fprintf(ctx, "%s|%s|%s\n", label, text, path ? path : "-");
}

static char *shown(const struct crx_gate_pair *p, bool json)
{
	char *out = NULL;
	size_t len;
	FILE *f = open_memstream(&out, &len);
	struct crx_cli_json j = { .out = f };

	assert_non_null(f);
	if (json) {
		crx_cli_json_open(&j, NULL, '{', true);
		crx_gate_put_json(&j, p);
		crx_cli_json_close(&j);
	} else {
		crx_gate_rows(p, put_row, f);
	}
	fclose(f);
	return out;
}

static void emit(void *ctx, enum crx_level level, const char *path, const char *text)
{
	assert_int_equal(level, CRX_LEVEL_ERROR);
	fprintf(ctx, "%s: %s\n", path, text);
}

static void test_put(void **state CRX_UNUSED)
{
	struct world *w = world_new();
	struct crx_log log = { .emit = emit };
	char *text;
	size_t len;
	FILE *f;

	w->c = parse("size>+1%,file>+9%,file<-1");
	text = shown(&w->p, false);
	assert_string_equal(text, "size|100,000 -> 101,000 bytes (+1,000, +1.00 %)|-\n"
				  "in place|93 -> 164 pages (+71, +76.34 %)|-\n"
				  "RAM saved|380,928 -> 2,686,976 bytes (+2,306,048, +605.38 %)|-\n"
				  "files|1 added, 1 removed, 1 larger, 1 smaller|-\n"
				  "|+10,000 bytes|/less2\n"
				  "|+9,000 bytes, added|/new\n");
	free(text);
	text = shown(&w->p, true);
	assert_string_equal(text,
			    "{\"size\": {\"old\": 100000, \"new\": 101000}, "
			    "\"pages\": {\"old\": 93, \"new\": 164}, "
			    "\"ram_saved_bytes\": {\"old\": 380928, \"new\": 2686976}, "
			    "\"files\": {\"added\": 1, \"removed\": 1, \"larger\": 1, \"smaller\": "
			    "1}, "
			    "\"grown\": [{\"path\": \"/less2\", \"old\": 50000, \"new\": 60000}, "
			    "{\"path\": \"/new\", \"old\": null, \"new\": 9000}], "
			    "\"conditions\": [{\"condition\": \"size>+1%\", \"holds\": false, "
			    "\"cases\": []}, "
			    "{\"condition\": \"file>+9%\", \"holds\": true, "
			    "\"cases\": [{\"path\": \"/less2\", \"old\": 50000, \"new\": 60000}]}, "
			    "{\"condition\": \"file<-1\", \"holds\": true, "
			    "\"cases\": [{\"path\": \"/gone\", \"old\": 7000, \"new\": null}, "
			    "{\"path\": \"/less\", \"old\": 50000, \"new\": 49000}]}], \"failed\": "
			    "true}\n");
	free(text);
	f = open_memstream(&text, &len);
	assert_non_null(f);
	log.ctx = f;
	assert_int_equal(crx_gate_report(&w->p, &log), 2);
	fclose(f);
	assert_string_equal(text,
			    "/less2: file>+9% holds: 50,000 -> 60,000 bytes (+10,000, +20.00 %)\n"
			    "/gone: file<-1 holds: 7,000 -> 0 bytes (-7,000, -100.00 %, removed)\n"
			    "/less: file<-1 holds: 50,000 -> 49,000 bytes (-1,000, -2.00 %)\n");
	free(text);
	crx_gate_conditions_free(&w->c);
	world_free(w);
}

/* One row of files alone. */
static void files_are(unsigned old, unsigned now, const char *wanted)
{
	struct world w = { .old = { .size = 1 } };
	char *text;

	if (old)
		add(&w.old, "/a", old - 1, 0, false);
	if (now)
		add(&w.now, "/a", now - 1, 0, false);
	w.p = (struct crx_gate_pair){ &w.old, &w.now, &w.c, "new.img" };
	text = shown(&w.p, false);
	if (!strstr(text, wanted))
		fail_msg("%s, not %s", text, wanted);
	free(text);
	crx_gate_free(&w.old);
	crx_gate_free(&w.now);
}

static void test_put_files(void **state CRX_UNUSED)
{
	files_are(2, 2, "files|none added, removed, larger or smaller|");
	files_are(0, 1, "files|1 added, 0 removed, 0 larger, 0 smaller|");
	files_are(1, 0, "files|0 added, 1 removed, 0 larger, 0 smaller|");
	files_are(1, 2, "files|0 added, 0 removed, 1 larger, 0 smaller|");
	files_are(2, 1, "files|0 added, 0 removed, 0 larger, 1 smaller|");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_conditions), cmocka_unit_test(test_wrong_conditions),
		cmocka_unit_test(test_holds),      cmocka_unit_test(test_large),
		cmocka_unit_test(test_grown),      cmocka_unit_test(test_put),
		cmocka_unit_test(test_put_files),
	};

	return cmocka_run_group_tests_name("gate", tests, NULL, NULL);
}
