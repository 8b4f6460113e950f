/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lib/tree: adding, sorting, numbering, pruning, paths, finding.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "fake_content.h"
#include "tree_make.h"

static void a_new_tree(void **state)
{
	struct crx_tree t, none = { 0 };

	(void)state;
	tree_make_init(&t);
	assert_int_equal(t.root->mode, S_IFDIR | 0755);
	assert_string_equal(t.root->name, "");
	assert_null(t.root->parent);
	tree_make_finish(&t);
	assert_int_equal(t.nnodes, 1);
	assert_ptr_equal(t.node[0], t.root);
	assert_int_equal(t.nfiles, 0);
	crx_tree_free(&t);
	assert_null(t.root);
	crx_tree_free(&t);
	crx_tree_free(&none);
}

static void names_that_cannot_be(void **state)
{
	static const char *const bad[] = { "", ".", "..", "/", "a/b", "/a", "a/" };
	static const char *const good[] = { "...",  ".a", "..a", " ",  "a b",
					    "\xff", "\n", "*",   "a.", "-" };
	struct crx_node *n = NULL;
	struct crx_tree t;
	size_t i;

	(void)state;
	tree_make_init(&t);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct crx_err err = CRX_ERR_INIT;

		assert_int_equal(crx_tree_add(t.root, bad[i], &n, &err), CRX_EFORMAT);
		assert_string_equal(err.path, bad[i]);
	}
	assert_int_equal(t.root->nchildren, 0);
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		n = tree_make_node(t.root, good[i], S_IFIFO);
		assert_string_equal(n->name, good[i]);
		assert_ptr_not_equal(n->name, good[i]);
		assert_ptr_equal(n->parent, t.root);
		assert_int_equal(n->uid | n->gid | n->size | n->link_ino, 0);
		assert_int_equal(n->file, CRX_NO_FILE);
	}
	tree_make_finish(&t);
	assert_int_equal(t.nnodes, 1 + sizeof(good) / sizeof(good[0]));
	crx_tree_free(&t);
}

/* cramfs_lookup stops at the first name that is greater: by unsigned bytes. */
static void sorted_by_unsigned_bytes(void **state)
{
	static const char *const want[] = { "\x01",     "\n",   "!",        "-",       ".a",
					    "A",        "Z",    "a",        "a!",      "a.",
					    "aa",       "ab",   "b",        "\x7f",    "\x80",
					    "\xc3\xa4", "\xff", "\xff\x01", "\xff\xff" };
	enum { N = sizeof(want) / sizeof(want[0]) };
	struct crx_tree t;
	size_t i;

	(void)state;
	tree_make_init(&t);
	for (i = 0; i < N; i++)
		tree_make_node(t.root, want[i * 7 % N], S_IFIFO);
	tree_make_finish(&t);
	for (i = 0; i < N; i++)
		assert_string_equal(t.root->child[i]->name, want[i]);
	crx_tree_free(&t);
}

static void numbered_breadth_first(void **state)
{
	static const char *const want[] = { "/",    "/a",   "/b",        "/c",    "/a/x",
					    "/a/y", "/c/p", "/a/x/deep", "/c/p/q" };
	struct crx_node *a, *c;
	struct crx_tree t;
	char path[64];
	size_t i;

	(void)state;
	tree_make_init(&t);
	c = tree_make_dir(t.root, "c");
	tree_make_file(t.root, "b", "", 0);
	a = tree_make_dir(t.root, "a");
	tree_make_file(tree_make_dir(c, "p"), "q", "data", 4);
	tree_make_link(a, "y", "target");
	tree_make_file(tree_make_dir(a, "x"), "deep", "1", 1);
	tree_make_finish(&t);
	assert_int_equal(t.nnodes, 9);
	for (i = 0; i < t.nnodes; i++) {
		assert_int_equal(t.node[i]->index, i);
		assert_string_equal(crx_tree_path(t.node[i], path, sizeof(path)), want[i]);
	}
	/* contents: not the empty file, but the link */
	assert_int_equal(t.nfiles, 3);
	assert_string_equal(t.file[0]->name, "y");
	assert_string_equal(t.file[1]->name, "deep");
	assert_string_equal(t.file[2]->name, "q");
	for (i = 0; i < t.nnodes; i++)
		assert_true(t.node[i]->file == CRX_NO_FILE || t.file[t.node[i]->file] == t.node[i]);
	assert_int_equal(t.file[0]->size, 6);
	assert_int_equal(t.file[0]->content.size, 6);
	crx_tree_free(&t);
}

static void a_name_twice(void **state)
{
	struct crx_err err = CRX_ERR_INIT;
	struct crx_node *d;
	struct crx_tree t;

	(void)state;
	tree_make_init(&t);
	d = tree_make_dir(t.root, "d");
	tree_make_node(d, "x", S_IFIFO);
	tree_make_node(d, "y", S_IFIFO);
	tree_make_dir(d, "x");
	assert_int_equal(crx_tree_finish(&t, &err), CRX_EFORMAT);
	assert_string_equal(err.path, "/d/x");
	crx_tree_free(&t);
}

static void finished_again(void **state)
{
	struct crx_node *f, *l;
	struct crx_tree t;

	(void)state;
	tree_make_init(&t);
	f = tree_make_file(t.root, "f", "abc", 3);
	l = tree_make_link(t.root, "l", "f");
	tree_make_finish(&t);
	tree_make_finish(&t);
	assert_int_equal(t.nnodes, 3);
	assert_int_equal(t.nfiles, 2);
	/* a file emptied, a target made longer, a node more */
	f->size = 0;
	free(l->target);
	l->target = strdup("longer");
	tree_make_file(t.root, "a", "12", 2);
	tree_make_finish(&t);
	assert_int_equal(t.nnodes, 4);
	assert_int_equal(t.nfiles, 2);
	assert_int_equal(f->file, CRX_NO_FILE);
	assert_int_equal(l->size, 6);
	assert_ptr_equal(t.file[0], t.root->child[0]);
	assert_ptr_equal(t.file[1], l);
	crx_tree_free(&t);
}

/* --- prune --- */

struct dropper {
	unsigned asked;
	unsigned every; /* drop the others; 1: keep none */
};

static bool drop(void *ctx, const struct crx_node *n)
{
	struct dropper *d = ctx;

	(void)n;
	return d->asked++ % d->every != d->every - 1 || d->every == 1;
}

static void fill(struct crx_node *dir, unsigned n, const char *prefix)
{
	struct crx_node *d;
	char name[32];
	unsigned i;

	for (i = 0; i < n; i++) {
		snprintf(name, sizeof(name), "%s%05u", prefix, i);
		d = tree_make_dir(dir, name);
		tree_make_file(tree_make_dir(d, "sub"), "f", "x", 1);
	}
}

/* Any number of children, some or all removed, and more added after them. */
static void pruned_and_added_to(void **state)
{
	static const unsigned had[] = { 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 33, 100 };
	static const unsigned every[] = { 1, 2, 3, 4, 8 };
	size_t i, j, k;

	(void)state;
	for (i = 0; i < sizeof(had) / sizeof(had[0]); i++) {
		for (j = 0; j < sizeof(every) / sizeof(every[0]); j++) {
			struct dropper d = { 0, every[j] };
			size_t want = every[j] == 1 ? 0 : had[i] / every[j];
			struct crx_tree t;

			tree_make_init(&t);
			fill(t.root, had[i], "old");
			tree_make_finish(&t);
			crx_tree_prune(t.root, drop, &d);
			assert_int_equal(d.asked, had[i]);
			assert_int_equal(t.root->nchildren, want);
			fill(t.root, 40, "new");
			tree_make_finish(&t);
			assert_int_equal(t.root->nchildren, want + 40);
			assert_int_equal(t.nfiles, want + 40);
			for (k = 0; k < t.root->nchildren; k++)
				assert_ptr_equal(t.root->child[k]->parent, t.root);
			crx_tree_free(&t);
		}
	}
}

/* --- paths --- */

static void paths_that_fit_and_do_not(void **state)
{
	static const struct {
		size_t cap;
		const char *want;
	} cases[] = {
		{ 100, "/usr/share/doc" },
		{ 15 + 3, "/usr/share/doc" },
		{ 15, ".../share/doc" }, /* room for "..." is kept until the root is reached */
		{ 14, ".../share/doc" },
		{ 13, ".../doc" },
		{ 8, ".../doc" },
		{ 7, "..." },
		{ 4, "..." },
		{ 3, "" },
		{ 1, "" },
	};
	struct crx_node *n;
	struct crx_tree t;
	char buf[100];
	size_t i;

	(void)state;
	tree_make_init(&t);
	n = tree_make_dir(tree_make_dir(tree_make_dir(t.root, "usr"), "share"), "doc");
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		memset(buf, 'X', sizeof(buf));
		assert_ptr_equal(crx_tree_path(n, buf, cases[i].cap), buf);
		assert_string_equal(buf, cases[i].want);
		if (cases[i].cap < sizeof(buf))
			assert_int_equal(buf[cases[i].cap], 'X');
	}
	assert_string_equal(crx_tree_path(t.root, buf, 2), "/");
	assert_string_equal(crx_tree_path(t.root, buf, 1), "");
	crx_tree_free(&t);
}

/* Deeper than PATH_MAX, than any stack of calls should be. */
static void ten_thousand_deep(void **state)
{
	enum { DEEP = 10000 };
	struct crx_node *n;
	struct crx_tree t;
	char *path, cut[1024];
	size_t i;

	(void)state;
	tree_make_init(&t);
	n = t.root;
	for (i = 0; i < DEEP; i++)
		n = tree_make_dir(n, i % 2 ? "odd" : "even");
	tree_make_finish(&t);
	assert_int_equal(t.nnodes, DEEP + 1);
	path = crx_tree_path_dup(n);
	assert_non_null(path);
	assert_int_equal(strlen(path), DEEP / 2 * (4 + 5));
	assert_memory_equal(path, "/even/odd/even", 14);
	assert_ptr_equal(crx_tree_find(&t, path), n);
	crx_tree_path(n, cut, sizeof(cut));
	assert_memory_equal(cut, ".../", 4);
	assert_string_equal(cut + 3, path + strlen(path) - strlen(cut + 3));
	assert_true(strlen(cut) > sizeof(cut) - 10);
	free(path);
	path = crx_tree_path_dup(t.root);
	assert_string_equal(path, "/");
	free(path);
	crx_tree_free(&t);
}

/* --- find --- */

static struct crx_tree find_tree(void)
{
	struct crx_node *usr, *lib;
	struct crx_tree t;
	char name[16], to[16];
	int i;

	tree_make_init(&t);
	usr = tree_make_dir(t.root, "usr");
	lib = tree_make_dir(usr, "lib");
	tree_make_file(lib, "ld.so", "x", 1);
	tree_make_file(lib, "ld.so.1", "x", 1);
	tree_make_file(lib, "ld", "x", 1);
	tree_make_link(lib, "up", "..");
	tree_make_link(lib, "abs", "/usr/lib/ld.so");
	tree_make_link(lib, "near", "./ld.so");
	tree_make_link(lib, "loop", "loop");
	tree_make_link(lib, "gone", "nowhere");
	tree_make_link(lib, "slashed", "/usr//lib/");
	tree_make_link(lib, "badly", "ld.so/");
	tree_make_link(t.root, "lib", "usr/lib");
	tree_make_link(t.root, "ping", "pong");
	tree_make_link(t.root, "pong", "ping");
	tree_make_link(t.root, "out", "../../usr");
	/* c0 -> c1 -> ... -> c40 -> usr: from c0 41 links, from c1 40 */
	for (i = 0; i <= 40; i++) {
		snprintf(name, sizeof(name), "c%d", i);
		snprintf(to, sizeof(to), "c%d", i + 1);
		tree_make_link(t.root, name, i < 40 ? to : "usr");
	}
	tree_make_finish(&t);
	return t;
}

static void found_or_not(void **state)
{
	static const struct {
		const char *path, *want;
	} cases[] = {
		{ "/", "/" },
		{ "", "/" },
		{ "//", "/" },
		{ "/.", "/" },
		{ "/..", "/" },
		{ "/../..", "/" },
		{ "/usr", "/usr" },
		{ "usr", "/usr" },
		{ "/usr/", "/usr" },
		{ "//usr//lib", "/usr/lib" },
		{ "/usr/lib/ld.so", "/usr/lib/ld.so" },
		{ "/usr/lib/ld.so.1", "/usr/lib/ld.so.1" },
		{ "/usr/lib/ld", "/usr/lib/ld" },
		{ "/usr/lib/ld.", NULL },
		{ "/usr/lib/l", NULL },
		{ "/usr/lib/ld.so.", NULL },
		{ "/usr/lib/zz", NULL },
		{ "/a", NULL },
		{ "/usr/lib/ld.so/x", NULL },
		{ "/usr/lib/ld.so/.", NULL },
		{ "/usr/lib/ld.so/..", NULL },
		{ "/usr/lib/ld.so/", NULL },
		{ "/lib/near/", NULL },
		{ "/lib/", "/usr/lib" },
		{ "/lib/up/", "/usr" },
		{ "/lib/badly", NULL },
		{ "/usr/../usr/./lib", "/usr/lib" },
		{ "/lib", "/usr/lib" },
		{ "/lib/ld.so", "/usr/lib/ld.so" },
		{ "/lib/up", "/usr" },
		{ "/lib/up/lib/abs", "/usr/lib/ld.so" },
		{ "/lib/..", "/usr" }, /* of the directory, not of the link */
		{ "/lib/near", "/usr/lib/ld.so" },
		{ "/lib/abs/x", NULL },
		{ "/lib/slashed/ld", "/usr/lib/ld" },
		{ "/lib/loop", NULL },
		{ "/lib/gone", NULL },
		{ "/lib/gone/..", NULL },
		{ "/ping", NULL },
		{ "/ping/x", NULL },
		{ "/out/lib", "/usr/lib" },
		{ "/c40", "/usr" },
		{ "/c1", "/usr" },
		{ "/c1/lib", "/usr/lib" },
		{ "/c0", NULL },
		{ "/c1/lib/near", NULL },
	};
	struct crx_tree t = find_tree();
	struct crx_node *n;
	char path[64];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		n = crx_tree_find(&t, cases[i].path);
		if (!n != !cases[i].want)
			fail_msg("%s is %s", cases[i].path, n ? "found" : "not found");
		if (n)
			assert_string_equal(crx_tree_path(n, path, sizeof(path)), cases[i].want);
	}
	crx_tree_free(&t);
}

static void children_by_name(void **state)
{
	static const char *const names[] = { "a", "ab", "abc", "b", "\x80" };
	struct crx_tree t;
	size_t i, len;

	(void)state;
	tree_make_init(&t);
	assert_null(crx_tree_find_child(t.root, "a", 1));
	for (i = 0; i < 5; i++)
		tree_make_dir(t.root, names[4 - i]);
	tree_make_finish(&t);
	for (i = 0; i < 5; i++) {
		len = strlen(names[i]);
		assert_ptr_equal(crx_tree_find_child(t.root, names[i], len), t.root->child[i]);
	}
	/* len counts, not a NUL */
	assert_ptr_equal(crx_tree_find_child(t.root, "abcd", 2), t.root->child[1]);
	assert_null(crx_tree_find_child(t.root, "abcd", 4));
	assert_null(crx_tree_find_child(t.root, "", 0));
	assert_null(crx_tree_find_child(t.root, "\xff", 1));
	crx_tree_free(&t);
}

/* --- contents in memory --- */

static void contents_in_memory(void **state)
{
	const struct crx_content c = {
		.ops = &crx_content_memory,
		.key = "0123456789",
		.size = 10,
	};
	struct crx_err err = CRX_ERR_INIT;
	void *h = NULL;
	char buf[10];

	(void)state;
	assert_int_equal(c.ops->open(&c, &h, &err), 0);
	assert_int_equal(c.ops->pread(&c, h, buf, 4, 6, &err), 0);
	assert_memory_equal(buf, "6789", 4);
	assert_int_equal(c.ops->pread(&c, h, buf, 0, 10, &err), 0);
	assert_int_equal(c.ops->pread(&c, h, buf, 5, 6, &err), CRX_EINTERNAL);
	err = (struct crx_err)CRX_ERR_INIT;
	assert_int_equal(c.ops->pread(&c, h, buf, 1, UINT64_MAX, &err), CRX_EINTERNAL);
	assert_int_equal(c.ops->pread(&c, h, buf, 1, 11, &err), CRX_EINTERNAL);
	assert_int_equal(c.ops->close(&c, h, &err), 0);
}

static void contents_read_whole(void **state)
{
	static const uint8_t data[] = "0123456789";
	struct fake f = { .data = data, .name = "f" };
	struct crx_content c = fake_content(&f, 10), none = { .size = 0 };
	struct crx_err err = CRX_ERR_INIT;
	char *text;

	(void)state;
	assert_int_equal(crx_content_read(&c, &text, &err), 0);
	assert_string_equal(text, "0123456789");
	free(text);
	assert_int_equal(crx_content_read(&none, &text, &err), 0);
	assert_string_equal(text, "");
	free(text);
	/* whatever fails, the first reason is reported and what was opened is closed */
	f.fail_close = CRX_ECHANGED;
	assert_int_equal(crx_content_read(&c, &text, &err), CRX_ECHANGED);
	assert_null(text);
	err = (struct crx_err)CRX_ERR_INIT;
	f.fail_pread = 3;
	assert_int_equal(crx_content_read(&c, &text, &err), CRX_EIO);
	assert_string_equal(err.text, "pread fails");
	err = (struct crx_err)CRX_ERR_INIT;
	f.fail_close = 0;
	f.fail_pread = 4;
	assert_int_equal(crx_content_read(&c, &text, &err), CRX_EIO);
	err = (struct crx_err)CRX_ERR_INIT;
	f.fail_open = CRX_EIO;
	assert_int_equal(crx_content_read(&c, &text, &err), CRX_EIO);
	assert_string_equal(err.text, "open fails");
	assert_null(text);
	assert_int_equal(f.opens, 4);
	assert_int_equal(f.closes, 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_new_tree),
		cmocka_unit_test(names_that_cannot_be),
		cmocka_unit_test(sorted_by_unsigned_bytes),
		cmocka_unit_test(numbered_breadth_first),
		cmocka_unit_test(a_name_twice),
		cmocka_unit_test(finished_again),
		cmocka_unit_test(pruned_and_added_to),
		cmocka_unit_test(paths_that_fit_and_do_not),
		cmocka_unit_test(ten_thousand_deep),
		cmocka_unit_test(found_or_not),
		cmocka_unit_test(children_by_name),
		cmocka_unit_test(contents_in_memory),
		cmocka_unit_test(contents_read_whole),
	};

	return cmocka_run_group_tests_name("tree", tests, NULL, NULL);
}
