/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lib/input/edit/lossy: what is cut, where exactly, and what is said of it.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>

#include "input/edit/lossy.h"
#include "kept_log.h"
#include "tree/limits.h"
#include "tree_make.h"

static int lossy(struct crx_tree *t, struct kept_log *k, struct crx_err *err)
{
	int ret;

	kept_begin_paths(k, CRX_LEVEL_WARNING);
	tree_make_finish(t);
	ret = crx_filter_lossy(t, &k->log, err);
	assert_int_equal(k->log.warnings, k->n);
	return ret;
}

static size_t offences(const struct crx_tree *t)
{
	struct crx_err err = CRX_ERR_INIT;
	struct crx_offences o;
	size_t n;

	assert_int_equal(crx_tree_check(t, 4096, &o, &err), 0);
	n = o.count;
	crx_offences_free(&o);
	return n;
}

static void owners_to_16_and_8_bits(void **state)
{
	static const struct {
		uint32_t uid, gid, mode, want_uid, want_gid;
		const char *said;
	} cases[] = {
		{ 0, 0, 0755, 0, 0, "" },
		{ 65535, 255, 06755, 65535, 255, "" },
		{ 65536, 255, 0755, 0, 255, "/f: uid 65536 becomes 0 (--lossy)\n" },
		{ 65536, 1, 04755, 0, 1, "/f: uid 65536 becomes 0 (and it is setuid) (--lossy)\n" },
		{ 1, 256, 02755, 1, 0, "/f: gid 256 becomes 0 (and it is setgid) (--lossy)\n" },
		{ 1, 1000, 04755, 1, 232, "/f: gid 1000 becomes 232 (--lossy)\n" },
		{ UINT32_MAX, UINT32_MAX, 0, 65535, 255,
		  "/f: uid 4294967295 becomes 65535, gid 4294967295 becomes 255 (--lossy)\n" },
	};
	struct crx_err err = CRX_ERR_INIT;
	struct crx_node *n;
	struct crx_tree t;
	struct kept_log k;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		tree_make_init(&t);
		n = tree_make_file(t.root, "f", "1", 1);
		n->uid = cases[i].uid;
		n->gid = cases[i].gid;
		n->mode = S_IFREG | cases[i].mode;
		assert_int_equal(lossy(&t, &k, &err), 0);
		assert_string_equal(k.text, cases[i].said);
		assert_int_equal(n->uid, cases[i].want_uid);
		assert_int_equal(n->gid, cases[i].want_gid);
		assert_int_equal(offences(&t), 0);
		crx_tree_free(&t);
	}
}

/* The root has an owner too. */
static void the_root(void **state)
{
	struct crx_err err = CRX_ERR_INIT;
	struct crx_tree t;
	struct kept_log k;

	(void)state;
	tree_make_init(&t);
	t.root->gid = 300;
	assert_int_equal(lossy(&t, &k, &err), 0);
	assert_string_equal(k.text, "/: gid 300 becomes 44 (--lossy)\n");
	assert_int_equal(t.root->gid, 44);
	crx_tree_free(&t);
}

static void devices_to_8_bits_each(void **state)
{
	struct crx_err err = CRX_ERR_INIT;
	struct crx_node *a, *b, *fits, *file;
	struct crx_tree t;
	struct kept_log k;

	(void)state;
	tree_make_init(&t);
	a = tree_make_node(t.root, "a", S_IFCHR | 0600);
	a->dev_major = 259;
	b = tree_make_node(t.root, "b", S_IFBLK | 0600);
	b->dev_minor = 1048575;
	fits = tree_make_node(t.root, "c", S_IFCHR | 0600);
	fits->dev_major = fits->dev_minor = 255;
	file = tree_make_file(t.root, "d", "1", 1);
	assert_int_equal(lossy(&t, &k, &err), 0);
	assert_string_equal(k.text,
			    "/a: device 259,0 becomes another one, 3,0 (--lossy)\n/b: device "
			    "0,1048575 becomes another one, 0,255 (--lossy)\n");
	assert_int_equal(a->dev_major, 3);
	assert_int_equal(b->dev_minor, 255);
	assert_int_equal(fits->dev_major, 255);
	assert_int_equal(file->dev_major, 0);
	assert_int_equal(offences(&t), 0);
	crx_tree_free(&t);
}

static void files_below_16_mib(void **state)
{
	struct crx_err err = CRX_ERR_INIT;
	struct crx_node *fits, *cut;
	struct crx_tree t;
	struct kept_log k;
	char *data = calloc(1, CRX_SIZE_MAX + 1);

	(void)state;
	assert_non_null(data);
	tree_make_init(&t);
	fits = tree_make_file(t.root, "fits", data, CRX_SIZE_MAX);
	cut = tree_make_file(t.root, "cut", data, CRX_SIZE_MAX + 1);
	assert_int_equal(lossy(&t, &k, &err), 0);
	assert_string_equal(k.text,
			    "/cut: 16777216 bytes become 16777215: the end is cut off (--lossy)\n");
	assert_int_equal(cut->size, CRX_SIZE_MAX);
	assert_int_equal(cut->content.size, CRX_SIZE_MAX);
	assert_int_equal(cut->content.whole, CRX_SIZE_MAX + 1);
	assert_int_equal(fits->content.whole, 0);
	assert_int_equal(offences(&t), 0);
	crx_tree_free(&t);
	free(data);
}

/* Contents that a source has not kept cannot be cut: crx_tree_check refuses the file. */
static void a_large_file_without_contents(void **state)
{
	struct crx_err err = CRX_ERR_INIT;
	struct crx_tree t;
	struct kept_log k;

	(void)state;
	tree_make_init(&t);
	tree_make_file(t.root, "large", NULL, 0)->size = CRX_SIZE_MAX + 1;
	assert_int_equal(lossy(&t, &k, &err), 0);
	assert_int_equal(k.n, 0);
	assert_int_equal(t.root->nchildren, 1);
	assert_int_equal(offences(&t), 1);
	crx_tree_free(&t);
}

/* A name of `as` times 'a' and then the tail. */
static void cut_name_is(int as, const char *tail, int want_as, const char *want_tail)
{
	struct crx_err err = CRX_ERR_INIT;
	char name[300], want[300];
	struct crx_node *n;
	struct crx_tree t;
	struct kept_log k;

	memset(name, 'a', (size_t)as);
	strcpy(name + as, tail);
	memset(want, 'a', (size_t)want_as);
	strcpy(want + want_as, want_tail);
	tree_make_init(&t);
	n = tree_make_file(t.root, name, "1", 1);
	assert_int_equal(lossy(&t, &k, &err), 0);
	assert_string_equal(n->name, want);
	assert_int_equal(k.n, strcmp(name, want) != 0);
	crx_tree_free(&t);
}

static void names_at_the_beginning_of_a_character(void **state)
{
	(void)state;
	cut_name_is(252, "", 252, "");
	cut_name_is(253, "", 252, "");
	cut_name_is(255, "", 252, "");
	/* characters of 2, 3 and 4 bytes at each place that they can be cut at */
	cut_name_is(250, "\xc3\xa4", 250, "\xc3\xa4");
	cut_name_is(250, "\xc3\xa4x", 250, "\xc3\xa4");
	cut_name_is(251, "\xc3\xa4", 251, "");
	cut_name_is(252, "\xc3\xa4", 252, "");
	cut_name_is(249, "\xe2\x82\xacx", 249, "\xe2\x82\xac");
	cut_name_is(250, "\xe2\x82\xac", 250, "");
	cut_name_is(251, "\xe2\x82\xac", 251, "");
	cut_name_is(252, "\xe2\x82\xac", 252, "");
	cut_name_is(248, "\xf0\x9f\x98\x80x", 248, "\xf0\x9f\x98\x80");
	cut_name_is(249, "\xf0\x9f\x98\x80", 249, "");
	cut_name_is(250, "\xf0\x9f\x98\x80", 250, "");
	cut_name_is(251, "\xf0\x9f\x98\x80", 251, "");
	/* Latin-1, whose letters look like first bytes */
	cut_name_is(252, "\xe4\xe4\xe4", 252, "");
	/* no UTF-8 at the cut: left to crx_tree_check */
	cut_name_is(250, "\x80\x80\x80", 250, "\x80\x80\x80");
	cut_name_is(248, "\xf0\x80\x80\x80\x80\x80", 248, "\xf0\x80\x80\x80\x80\x80");
	cut_name_is(249, "\x80\x80\x80\x80\x80", 249, "\x80\x80\x80\x80\x80");
}

static void names_that_become_equal(void **state)
{
	struct crx_err err = CRX_ERR_INIT;
	char name[256];
	struct crx_tree t;
	struct kept_log k;

	(void)state;
	memset(name, 'a', 255);
	name[255] = '\0';
	tree_make_init(&t);
	tree_make_dir(t.root, name);
	assert_int_equal(lossy(&t, &k, &err), 0);
	assert_int_equal(crx_tree_finish(&t, &err), 0);
	name[254] = 'b';
	tree_make_dir(t.root, name);
	assert_int_equal(lossy(&t, &k, &err), 0);
	assert_int_equal(crx_tree_finish(&t, &err), CRX_EFORMAT);
	crx_tree_free(&t);
}

/* --- what cannot be opened --- */

static int opened, closed;

static int open_by_key(const struct crx_content *c, void **handle, struct crx_err *err)
{
	const char *key = c->key;

	*handle = NULL;
	if (*key == 'e')
		return crx_err_set(err, CRX_EIO, EACCES, "somewhere", "cannot open");
	if (*key == 'm')
		return crx_err_nomem(err, "opening a file");
	opened++;
	return 0;
}

static int close_by_key(const struct crx_content *c, void *handle, struct crx_err *err)
{
	const char *key = c->key;

	(void)handle;
	closed++;
	return *key == 'c' ? crx_err_set(err, CRX_ECHANGED, 0, "somewhere", "changed") : 0;
}

static const struct crx_content_ops by_key = { open_by_key, NULL, close_by_key };

static struct crx_node *keyed(struct crx_node *dir, const char *name, const char *key)
{
	struct crx_node *n = tree_make_file(dir, name, key, 1);

	n->content.ops = &by_key;
	return n;
}

static void files_that_cannot_be_opened(void **state)
{
	struct crx_err err = CRX_ERR_INIT;
	struct crx_node *dir;
	struct crx_tree t;
	struct kept_log k;

	(void)state;
	tree_make_init(&t);
	keyed(t.root, "a", "e");
	keyed(t.root, "b", "good");
	tree_make_file(t.root, "empty", NULL, 0);
	tree_make_link(t.root, "link", "target");
	dir = tree_make_dir(tree_make_dir(t.root, "x"), "y");
	keyed(dir, "c", "e");
	keyed(dir, "d", "good");
	opened = closed = 0;
	assert_int_equal(lossy(&t, &k, &err), 0);
	assert_int_equal(err.code, 0);
	assert_string_equal(k.text, "/a: cannot open: Permission denied; it is not in the image "
				    "(--lossy)\n/x/y/c: cannot "
				    "open: Permission denied; it is not in the image (--lossy)\n");
	assert_int_equal(opened, 2);
	assert_int_equal(closed, 2);
	assert_int_equal(t.root->nchildren, 4);
	assert_int_equal(dir->nchildren, 1);
	assert_string_equal(dir->child[0]->name, "d");
	crx_tree_free(&t);
}

static void other_failures_are_failures(void **state)
{
	static const struct {
		const char *key;
		int code;
	} cases[] = { { "m", CRX_ENOMEM }, { "c", CRX_ECHANGED } };
	struct crx_tree t;
	struct kept_log k;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct crx_err err = CRX_ERR_INIT;

		tree_make_init(&t);
		keyed(t.root, "a", cases[i].key);
		keyed(t.root, "b", "e");
		assert_int_equal(lossy(&t, &k, &err), cases[i].code);
		assert_int_equal(err.code, cases[i].code);
		assert_int_equal(k.n, 0);
		crx_tree_free(&t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(owners_to_16_and_8_bits),
		cmocka_unit_test(the_root),
		cmocka_unit_test(devices_to_8_bits_each),
		cmocka_unit_test(files_below_16_mib),
		cmocka_unit_test(a_large_file_without_contents),
		cmocka_unit_test(names_at_the_beginning_of_a_character),
		cmocka_unit_test(names_that_become_equal),
		cmocka_unit_test(files_that_cannot_be_opened),
		cmocka_unit_test(other_failures_are_failures),
	};

	return cmocka_run_group_tests_name("lossy", tests, NULL, NULL);
}
