/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lib/input/edit/filter: what patterns leave of a tree, lists of patterns, owners.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/glob.h"
#include "kept_log.h"
#include "scratch.h"
#include "input/edit/filter.h"
#include "tree_make.h"

/* /a.o /bin/ /bin/a.o /bin/sh /doc /lib/ /lib/doc/ /lib/doc/x /lib/x/ /lib/x/doc/ /lib/x/doc/y.o */
static struct crx_tree sample(void)
{
	struct crx_node *bin, *lib, *x;
	struct crx_tree t;

	tree_make_init(&t);
	tree_make_file(t.root, "a.o", "1", 1);
	tree_make_file(t.root, "doc", "1", 1); /* a file of that name */
	bin = tree_make_dir(t.root, "bin");
	tree_make_file(bin, "a.o", "1", 1);
	tree_make_file(bin, "sh", "1", 1);
	lib = tree_make_dir(t.root, "lib");
	tree_make_file(tree_make_dir(lib, "doc"), "x", "1", 1);
	x = tree_make_dir(lib, "x");
	tree_make_file(tree_make_dir(x, "doc"), "y.o", "1", 1);
	tree_make_finish(&t);
	return t;
}

#define ALL                                                                           \
	"/a.o /bin /doc /lib /bin/a.o /bin/sh /lib/doc /lib/x /lib/doc/x /lib/x/doc " \
	"/lib/x/doc/y.o"

/* The paths of t but for the root's, a blank between them. */
static void list(const struct crx_tree *t, char *out, size_t cap)
{
	char path[128];
	size_t i, used = 0;

	out[0] = '\0';
	for (i = 1; i < t->nnodes; i++)
		used += (size_t)snprintf(out + used, cap - used, "%s%s", i > 1 ? " " : "",
					 crx_tree_path(t->node[i], path, sizeof(path)));
	assert_true(used < cap);
}

static void exclude_leaves(char *const *pattern, size_t n, const char *want,
			   const size_t *want_hits)
{
	struct crx_err err = CRX_ERR_INIT;
	struct crx_tree t = sample();
	size_t hits[8] = { 0 }, i;
	char got[512];

	assert_int_equal(crx_filter_exclude(&(struct crx_filter){ pattern, n,
								  want_hits ? hits : NULL },
					    &t, &err),
			 0);
	tree_make_finish(&t);
	list(&t, got, sizeof(got));
	if (strcmp(got, want))
		fail_msg("'%s' leaves %s, not %s", n ? pattern[0] : "nothing", got, want);
	for (i = 0; want_hits && i < n; i++)
		assert_int_equal(hits[i], want_hits[i]);
	crx_tree_free(&t);
}

static void one_pattern(void **state)
{
	static const struct {
		const char *pattern, *left;
	} cases[] = {
		{ "none", ALL },
		{ "", ALL },
		{ "/", ALL },
		/* without '/': the name, at every level */
		{ "a.o",
		  "/bin /doc /lib /bin/sh /lib/doc /lib/x /lib/doc/x /lib/x/doc /lib/x/doc/y.o" },
		{ "*.o", "/bin /doc /lib /bin/sh /lib/doc /lib/x /lib/doc/x /lib/x/doc" },
		{ "doc", "/a.o /bin /lib /bin/a.o /bin/sh /lib/x" },
		{ "x", "/a.o /bin /doc /lib /bin/a.o /bin/sh /lib/doc" },
		{ "*", "" },
		/* '/' at the end: directories only */
		{ "doc/", "/a.o /bin /doc /lib /bin/a.o /bin/sh /lib/x" },
		{ "a.o/", ALL },
		{ "*/", "/a.o /doc" },
		/* '/' elsewhere: the path from the root */
		{ "/doc", "/a.o /bin /lib /bin/a.o /bin/sh /lib/doc /lib/x /lib/doc/x /lib/x/doc "
			  "/lib/x/doc/y.o" },
		{ "/doc/", ALL },
		{ "/a.o", "/bin /doc /lib /bin/a.o /bin/sh /lib/doc /lib/x /lib/doc/x /lib/x/doc "
			  "/lib/x/doc/y.o" },
		{ "bin/a.o", "/a.o /bin /doc /lib /bin/sh /lib/doc /lib/x /lib/doc/x /lib/x/doc "
			     "/lib/x/doc/y.o" },
		{ "/bin/a.o", "/a.o /bin /doc /lib /bin/sh /lib/doc /lib/x /lib/doc/x /lib/x/doc "
			      "/lib/x/doc/y.o" },
		{ "lib/doc",
		  "/a.o /bin /doc /lib /bin/a.o /bin/sh /lib/x /lib/x/doc /lib/x/doc/y.o" },
		{ "lib/doc/",
		  "/a.o /bin /doc /lib /bin/a.o /bin/sh /lib/x /lib/x/doc /lib/x/doc/y.o" },
		{ "x/doc", ALL }, /* from the root, not from anywhere */
		{ "**/doc", "/a.o /bin /lib /bin/a.o /bin/sh /lib/x" },
		{ "**/doc/", "/a.o /bin /doc /lib /bin/a.o /bin/sh /lib/x" },
		{ "lib/**", "/a.o /bin /doc /lib /bin/a.o /bin/sh" },
		{ "/lib/**/doc", "/a.o /bin /doc /lib /bin/a.o /bin/sh /lib/x" },
		{ "/*", "" },
		{ "/*/*", "/a.o /bin /doc /lib" },
		{ "/**", "" },
		{ "/lib", "/a.o /bin /doc /bin/a.o /bin/sh" },
	};
	char *pattern;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		pattern = strdup(cases[i].pattern);
		exclude_leaves(&pattern, 1, cases[i].left, NULL);
		free(pattern);
	}
}

static void several_patterns_and_their_hits(void **state)
{
	char a[] = "a.o", b[] = "*.o", c[] = "/lib/x", d[] = "none", e[] = "doc/";
	char *const pattern[] = { a, b, c, d, e };
	/* each node counts for all that match it; what is below counts for none */
	static const size_t hits[] = { 2, 2, 1, 0, 1 };

	(void)state;
	exclude_leaves(NULL, 0, ALL, NULL);
	exclude_leaves(pattern, 5, "/bin /doc /lib /bin/sh", hits);
}

static void unmatched_patterns(void **state)
{
	char a[] = "a.o", b[] = "none", c[] = "/lib/z";
	char *const pattern[] = { a, b, c };
	size_t hits[] = { 2, 0, 0 };
	static struct kept_log kept;
	struct crx_log *log = &kept.log;

	(void)state;
	kept_begin(&kept);
	crx_filter_warn_unmatched(&(struct crx_filter){ pattern, 3, hits }, log);
	assert_int_equal(log->warnings, 2);
	kept_has(&kept, "'none' of --exclude matches nothing that the others leave");
	kept_has(&kept, "'/lib/z' of --exclude");
	kept_clear(&kept);
	crx_filter_warn_unmatched(&(struct crx_filter){ pattern, 1, hits + 1 }, log);
	assert_int_equal(log->warnings, 1);
}

static void adding_patterns(void **state)
{
	static const struct {
		const char *pattern, *want;
	} cases[] = {
		{ "lib", "lib" },
		{ "lib/", "lib/" },
		{ "lib//", "lib/" },
		{ "lib/.", "lib/" },
		{ "lib/./", "lib/" },
		{ "lib/./x", "lib/x" },
		{ "lib//x", "lib/x" },
		{ "./lib", "/lib" },
		{ "././lib/", "/lib/" },
		{ ".//lib", "/lib" },
		{ "//lib", "/lib" },
		{ "/", "/" },
		{ "//", "/" },
		{ ".", "/" },
		{ "./", "/" },
		{ ".x", ".x" },
		{ "..", ".." },
		{ "x/..", "x/.." },
		{ "/**/x", "/**/x" },
		{ "*.[ao]", "*.[ao]" },
		{ "\\!x", "\\!x" },
		{ "x!", "x!" },
		{ "\\{a,b}", "\\{a,b}" },
		{ "{ab}", "{ab}" },
		{ "a,b}", "a,b}" },
		{ "{a,b", "{a,b" },
	};
	static const char *const bad[] = { "", "!x", "!", "{a,b}", "/lib/*.{a,la}", "{{,}}" };
	struct crx_strings list = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct crx_err err = CRX_ERR_INIT;

		assert_int_equal(crx_filter_add(&list, cases[i].pattern, NULL, &err), 0);
		assert_string_equal(list.at[i], cases[i].want);
	}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct crx_err err = CRX_ERR_INIT;

		assert_int_equal(crx_filter_add(&list, bad[i], "list:7", &err), CRX_EARG);
		assert_non_null(strstr(err.text, bad[i]));
		assert_string_equal(err.path, "list:7");
	}
	assert_int_equal(list.n, sizeof(cases) / sizeof(cases[0]));
	crx_strings_free(&list);
}

static void a_pattern_too_long(void **state)
{
	struct crx_err err = CRX_ERR_INIT;
	struct crx_strings list = { 0 };
	char *pattern = malloc(CRX_GLOB_MAX + 2);

	(void)state;
	assert_non_null(pattern);
	memset(pattern, '*', CRX_GLOB_MAX + 1);
	pattern[CRX_GLOB_MAX + 1] = '\0';
	assert_int_equal(crx_filter_add(&list, pattern, NULL, &err), CRX_EARG);
	assert_non_null(strstr(err.text, "4097"));
	err = (struct crx_err)CRX_ERR_INIT;
	pattern[CRX_GLOB_MAX] = '\0';
	assert_int_equal(crx_filter_add(&list, pattern, NULL, &err), 0);
	exclude_leaves(list.at, 1, "", NULL);
	crx_strings_free(&list);
	free(pattern);
}

/* A pattern may begin with the source's name, unless that is the name of something in it. */
static void names_of_the_source(void **state)
{
	struct scratch *s = *state;
	static const struct {
		const char *pattern, *want;
	} cases[] = {
		{ "root/usr/doc", "/usr/doc" },
		{ "./root/usr/*", "/usr/*" },
		{ "root/bin/x", "/bin/x" },
		{ "root/usr/", "/usr/" },
		{ "root", "root" },
		{ "root/", "root/" },
		{ "roots/usr", "roots/usr" },
		{ "usr/root/x", "usr/root/x" },
		{ "**/root/x", "**/root/x" },
	};
	struct crx_strings list = { 0 };
	struct crx_err err = CRX_ERR_INIT;
	char full[600], dir[512];
	size_t i, n = sizeof(cases) / sizeof(cases[0]);

	snprintf(dir, sizeof(dir), "%s", scratch_at(s, "root"));
	assert_int_equal(mkdir(dir, 0777), 0);
	for (i = 0; i < n; i++)
		assert_int_equal(crx_filter_add(&list, cases[i].pattern, NULL, &err), 0);
	snprintf(full, sizeof(full), "%s/usr/doc", dir);
	assert_int_equal(crx_filter_add(&list, full, NULL, &err), 0);
	crx_filter_strip_source(&list, dir);
	for (i = 0; i < n; i++)
		assert_string_equal(list.at[i], cases[i].want);
	assert_string_equal(list.at[n], "/usr/doc");
	crx_strings_free(&list);

	/* /root is in the tree */
	snprintf(full, sizeof(full), "%s/root", dir);
	assert_int_equal(mkdir(full, 0777), 0);
	assert_int_equal(crx_filter_add(&list, "root/usr", NULL, &err), 0);
	crx_filter_strip_source(&list, dir);
	assert_string_equal(list.at[0], "root/usr");
	/* what is not a directory has no tree of that name */
	scratch_text(s, "archive", "x");
	assert_int_equal(crx_filter_add(&list, "archive/usr", NULL, &err), 0);
	crx_filter_strip_source(&list, scratch_at(s, "archive"));
	crx_filter_strip_source(&list, scratch_at(s, "missing"));
	crx_filter_strip_source(&list, "-");
	assert_string_equal(list.at[1], "archive/usr");
	crx_strings_free(&list);
}

/* Thousands of levels and of siblings, each in its turn. */
static void deep_and_wide(void **state)
{
	struct crx_err err = CRX_ERR_INIT;
	char p[] = "odd", name[16];
	char *pattern = p;
	struct crx_node *n;
	struct crx_tree t;
	int i;

	(void)state;
	tree_make_init(&t);
	n = t.root;
	for (i = 0; i < 1000; i++) {
		tree_make_dir(tree_make_dir(n, "odd"), "below");
		tree_make_dir(n, "aside");
		n = tree_make_dir(n, "on");
	}
	for (i = 0; i < 1000; i++) {
		snprintf(name, sizeof(name), "w%d", i);
		tree_make_dir(tree_make_dir(t.root, name), "odd");
	}
	tree_make_finish(&t);
	assert_int_equal(crx_filter_exclude(&(struct crx_filter){ &pattern, 1, NULL }, &t, &err),
			 0);
	tree_make_finish(&t);
	assert_int_equal(t.nnodes, 1 + 1000 * 2 + 1000);
	crx_tree_free(&t);
}

/* --- lists --- */

static void lists_of_patterns(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "", "" },
		{ "\n\n", "" },
		{ "a", "a|" },
		{ "a\n", "a|" },
		{ "a\nb", "a|b|" },
		{ "# a\nb\n#c", "b|" },
		{ "a \t\r\nb\r\n", "a|b|" },
		{ " \t\n\r\nc", "c|" },
		{ " a", " a|" },
		{ " # a", " # a|" },
		{ "\\# a", "\\# a|" },
		{ "a#b", "a#b|" },
		{ "\xff\xfe\n", "\xff\xfe|" },
		{ "a b\n", "a b|" },
	};
	struct scratch *s = *state;
	char got[64];
	size_t i, j;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct crx_err err = CRX_ERR_INIT;
		struct crx_strings list = { 0 };

		scratch_text(s, "list", cases[i].text);
		assert_int_equal(crx_filter_read_patterns(scratch_at(s, "list"), &list, &err), 0);
		got[0] = '\0';
		for (j = 0; j < list.n; j++)
			strcat(strcat(got, list.at[j]), "|");
		assert_string_equal(got, cases[i].want);
		crx_strings_free(&list);
	}
}

/* --exclude-from twice, after an --exclude: the list goes on. */
static void lists_add_up(void **state)
{
	struct scratch *s = *state;
	struct crx_err err = CRX_ERR_INIT;
	struct crx_strings list = { 0 };
	char text[512] = "";
	size_t i;

	assert_int_equal(crx_strings_add(&list, "zero", &err), 0);
	for (i = 0; i < 50; i++)
		strcat(text, "pattern\n");
	scratch_text(s, "list", text);
	assert_int_equal(crx_filter_read_patterns(scratch_at(s, "list"), &list, &err), 0);
	scratch_text(s, "list", "last");
	assert_int_equal(crx_filter_read_patterns(scratch_at(s, "list"), &list, &err), 0);
	assert_int_equal(list.n, 52);
	assert_string_equal(list.at[0], "zero");
	assert_string_equal(list.at[50], "pattern");
	assert_string_equal(list.at[51], "last");
	crx_strings_free(&list);
}

static void lists_that_are_none(void **state)
{
	struct scratch *s = *state;
	struct crx_err err = CRX_ERR_INIT;
	struct crx_strings list = { 0 };
	char *big;

	assert_int_equal(crx_filter_read_patterns(scratch_at(s, "none"), &list, &err), CRX_EIO);
	assert_non_null(strstr(err.path, "none"));
	err = (struct crx_err)CRX_ERR_INIT;
	/* a NUL byte would cut a pattern short */
	scratch_put(s, "nul", "a\0b\n", 4);
	assert_int_equal(crx_filter_read_patterns(scratch_at(s, "nul"), &list, &err), CRX_EFORMAT);
	assert_int_equal(list.n, 0);
	err = (struct crx_err)CRX_ERR_INIT;
	big = calloc(1, (1 << 20) + 2);
	assert_non_null(big);
	memset(big, '\n', (1 << 20) + 1);
	scratch_text(s, "big", big);
	assert_int_equal(crx_filter_read_patterns(scratch_at(s, "big"), &list, &err), CRX_EBIG);
	big[1 << 20] = '\0';
	scratch_text(s, "big", big);
	err = (struct crx_err)CRX_ERR_INIT;
	assert_int_equal(crx_filter_read_patterns(scratch_at(s, "big"), &list, &err), 0);
	assert_int_equal(list.n, 0);
	free(big);
	crx_strings_free(&list);
}

/* --- owners --- */

static void owners(void **state)
{
	struct crx_tree t = sample();
	size_t i;

	(void)state;
	for (i = 0; i < t.nnodes; i++) {
		t.node[i]->uid = 1000;
		t.node[i]->gid = (uint32_t)i;
	}
	assert_null(crx_filter_find_owned(&t, 1000, true));
	assert_non_null(crx_filter_find_owned(&t, 0, true));
	/* the root counts, and the last does */
	t.root->uid = 0;
	assert_non_null(crx_filter_find_owned(&t, 1000, true));
	t.root->uid = 1000;
	t.node[t.nnodes - 1]->uid = 0;
	assert_non_null(crx_filter_find_owned(&t, 1000, true));
	crx_filter_all_root(&t);
	for (i = 0; i < t.nnodes; i++)
		assert_int_equal(t.node[i]->uid | t.node[i]->gid, 0);
	assert_null(crx_filter_find_owned(&t, 0, true));
	crx_tree_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_pattern),
		cmocka_unit_test(several_patterns_and_their_hits),
		cmocka_unit_test(unmatched_patterns),
		cmocka_unit_test(adding_patterns),
		cmocka_unit_test_setup_teardown(names_of_the_source, scratch_setup,
						scratch_teardown),
		cmocka_unit_test(a_pattern_too_long),
		cmocka_unit_test(deep_and_wide),
		cmocka_unit_test_setup_teardown(lists_of_patterns, scratch_setup, scratch_teardown),
		cmocka_unit_test_setup_teardown(lists_add_up, scratch_setup, scratch_teardown),
		cmocka_unit_test_setup_teardown(lists_that_are_none, scratch_setup,
						scratch_teardown),
		cmocka_unit_test(owners),
	};

	return cmocka_run_group_tests_name("filter", tests, NULL, NULL);
}
