/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lib/gate: the JSON of an older image. It must be what mkcramfs-xip writes, and may be hostile.
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

#include "failing_alloc.h"
#include "gate/gate.h"
#include "guard.h"

static const char GOOD[] =
	"{ \"version\": 1, \"generator\": \"x\",\n"
	"\t\"image\": {\"path\": null, \"size\": 20480, \"page_size\": 8192, \"xip\": true},\n"
	"\t\"budget\": {\"missed\": [], \"gap\": -1.5E+3, \"next\": {}},\r\n"
	"\t\"files\": [\n"
	"{\"path\": \"/b\", \"type\": \"file\", \"size\": 9000, \"blocks\": {\"hole\": 1, "
	"\"in_place\": 3}, \"same_as\": null, \"segments\": [{\"index\": 0}, {}]},\n"
	"{\"same_as\": \"/b\", \"blocks\": {\"in_place\": 3}, \"size\": 9000, \"type\": \"file\", "
	"\"path\": \"/c\"},\n"
	"{\"path\": \"/a\\n\\\"\\\\\\/\\u00e9\\u20ac\\ud83d\\ude00\\udcff\\udc80\", \"type\": "
	"\"file\", \"size\": 1, \"blocks\": {\"in_place\": 0}},\n"
	"{\"path\": \"/\\ue000\", \"type\": \"file\", \"size\": 2, \"blocks\": {\"in_place\": "
	"0}},\n"
	"{\"path\": \"/l\", \"type\": \"symlink\", \"size\": 2, \"blocks\": {\"in_place\": 0}}\n"
	"] }\n";

static int read_json(const char *text, size_t len, struct crx_gate_image *g, struct crx_err *err)
{
	*err = (struct crx_err)CRX_ERR_INIT;
	return crx_gate_summary(text, len, "old.json", g, err);
}

static void test_good(void **state CRX_UNUSED)
{
	struct crx_gate_image g;
	struct crx_err err;

	assert_int_equal(read_json(GOOD, sizeof(GOOD) - 1, &g, &err), 0);
	assert_int_equal(g.size, 20480);
	assert_int_equal(g.page_size, 8192);
	assert_int_equal(g.pages, 3);
	assert_int_equal(g.n, 4);
	assert_string_equal(g.file[3].path, "/\xee\x80\x80");
	assert_string_equal(g.file[0].path,
			    "/a\n\"\\/\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\xff\x80");
	assert_int_equal(g.file[0].size, 1);
	assert_string_equal(g.file[1].path, "/b");
	assert_int_equal(g.file[1].size, 9000);
	assert_int_equal(g.file[1].pages, 3);
	assert_string_equal(g.file[2].path, "/c");
	assert_int_equal(g.file[2].pages, 3);
	crx_gate_free(&g);
}

/* Every beginning of it is an error, and nothing after it is read. */
static void test_cut(void **state CRX_UNUSED)
{
	struct guard guard = guard_new(sizeof(GOOD));
	size_t len = strlen(GOOD) - 1, i; /* without the newline */
	struct crx_gate_image g;
	struct crx_err err;

	for (i = 0; i < len; i++) {
		uint8_t *at = guard_buf(&guard, i);

		memcpy(at, GOOD, i);
		assert_int_equal(read_json((const char *)at, i, &g, &err), CRX_EFORMAT);
		assert_string_equal(err.path, "old.json");
		crx_gate_free(&g);
	}
	guard_free(&guard);
}

#define IMAGE "\"image\": {\"size\": 1, \"page_size\": 4096}"
#define REST "\"version\": 1, " IMAGE
#define FILES(f) "{" REST ", \"files\": [" f "]}"

static void test_wrong(void **state CRX_UNUSED)
{
	static const struct {
		const char *text, *said;
	} bad[] = {
		{ "[]", "line 1: an object is missing" },
		{ "{}", "is JSON, but not what mkcramfs-xip --json writes" },
		{ "{" REST "}", "is JSON, but not what mkcramfs-xip --json writes" },
		{ "{\"version\": 1, \"files\": []}", "is JSON, but not" },
		{ "{\"version\": 1, \"files\": [], \"image\": {\"size\": 4096}}", "is JSON, but" },
		{ "{\"version\": 1, \"image\": {\"size\": 4096, \"page_size\": 4096}}",
		  "is JSON, but not" },
		{ "{\"files\": [], \"image\": {\"size\": 4096, \"page_size\": 4096}}",
		  "is JSON, but not" },
		{ "{\"version\": 2}", "another version" },
		{ "{\"version\": \"1\"}", "a number is missing" },
		{ "{\n\n\"version\": -1}", "line 3: a number is missing" },
		{ "{\"version\": 1.0}", "not a whole number" },
		{ "{\"version\": 1e0}", "not a whole number" },
		{ "{\"version\": 1E0}", "not a whole number" },
		{ "{\"version\": 1", "a comma or } is missing" },
		{ "{\"version\": 99999999999999999999}", "not a whole number" },
		{ "{\"image\": []}", "an object is missing" },
		{ "{\"image\": {\"page_size\": 0}}", "page_size is not that of a kernel" },
		{ "{\"image\": {\"page_size\": 4294971392}}", "page_size is not that" },
		{ FILES("") "x", "something follows the object" },
		{ FILES("{}"), "a file without path, size or blocks" },
		{ FILES("{\"path\": \"/a\", \"size\": 1, \"blocks\": {}}"), "a file without" },
		{ FILES("{\"path\": \"/a\", \"blocks\": {\"in_place\": 0}}"), "a file without" },
		{ FILES("{\"path\": null"), "a string is missing" },
		{ FILES("{\"same_as\": nil}"), "a string is missing" },
		{ FILES("{\"same_as\": nul}"), "a string is missing" },
		{ FILES("1"), "an object is missing" },
		{ FILES(","), "an object is missing" },
		{ FILES("{} {}"), "a file without" },
		{ "{" REST ", \"x\": [1 2]}", "a comma or ] is missing" },
		{ "{" REST ", \"x\": [1,]}", "a value is missing" },
		{ "{" REST ", \"x\": {\"a\": 1 \"b\": 2}}", "a comma or } is missing" },
		{ "{" REST ", \"x\": {\"a\": 1,}}", "a string is missing" },
		{ "{" REST ", \"x\": {\"a\" 1}}", "a colon is missing" },
		{ "{" REST ", \"x\": {1: 1}}", "a string is missing" },
		{ "{" REST ", \"x\": ]}", "a value is missing" },
		{ "{" REST ", \"x\": [}}", "a value is missing" },
		{ "{" REST ", \"x\": \"\n\"}", "a string does not end" },
		{ "{" REST ", \"x\": \"\\x\"}", "invalid characters after \\" },
		{ "{" REST ", \"x\": \"\\u12\"}", "invalid characters after \\" },
		{ "{" REST ", \"x\": \"\\u0000\"}", "invalid characters after \\" },
		{ "{" REST ", \"x\": \"\\udc7f\"}", "invalid characters after \\" },
		{ "{" REST ", \"x\": \"\\ud83d\"}", "invalid characters after \\" },
		{ "{" REST ", \"x\": \"\\ud83d\\u0041\"}", "invalid characters after \\" },
		{ "{" REST ", \"x\": \"\\ud83d\\ue000\"}", "invalid characters after \\" },
		{ "{" REST ", \"x\": \"\\ud83d\\n\"}", "invalid characters after \\" },
		{ "{" REST ", \"x\": \"\\udd00\"}", "invalid characters after \\" },
	};
	struct crx_gate_image g;
	struct crx_err err;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(read_json(bad[i].text, strlen(bad[i].text), &g, &err),
				 CRX_EFORMAT);
		if (!strstr(err.text, bad[i].said))
			fail_msg("%s: said %s, not %s", bad[i].text, err.text, bad[i].said);
		crx_gate_free(&g);
	}
}

/* However deep it is, the stack is not. */
static void test_deep(void **state CRX_UNUSED)
{
	enum { DEPTH = 1 << 20 };
	static const char begin[] = "{\"x\": ";
	char *text = malloc(sizeof(begin) + DEPTH);
	struct crx_gate_image g;
	struct crx_err err;

	assert_non_null(text);
	memcpy(text, begin, sizeof(begin) - 1);
	memset(text + sizeof(begin) - 1, '[', DEPTH);
	assert_int_equal(read_json(text, sizeof(begin) - 1 + DEPTH, &g, &err), CRX_EFORMAT);
	assert_non_null(strstr(err.text, "nested too deeply"));
	crx_gate_free(&g);
	free(text);
}

static void test_nomem(void **state CRX_UNUSED)
{
	struct crx_gate_image g;
	struct crx_err err;
	long n, live;
	int ret;

	for (n = 1;; n++) {
		live = alloc_live();
		alloc_fail(n, false);
		ret = read_json(GOOD, sizeof(GOOD) - 1, &g, &err);
		alloc_succeed();
		crx_gate_free(&g);
		assert_int_equal(alloc_live(), live);
		if (!ret && alloc_count() < n)
			break;
		assert_int_equal(ret, CRX_ENOMEM);
	}
	assert_true(n > 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),  cmocka_unit_test(test_cut),
		cmocka_unit_test(test_wrong), cmocka_unit_test(test_deep),
		cmocka_unit_test(test_nomem),
	};

	return cmocka_run_group_tests_name("gate_json", tests, NULL, NULL);
}
