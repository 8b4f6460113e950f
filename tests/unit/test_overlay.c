/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lib/tree/names and lib/tree/overlay: one tree over another.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/xattr.h"
#include "tree/names.h"
#include "tree/overlay.h"
#include "kept_log.h"
#include "tree_make.h"
#include "tree_show.h"

static const char *literal(const char *value)
{
	static const char *const all[] = { "1", "2", "3", "4", "5", "longer" };
	size_t i;

	for (i = 0; strcmp(all[i], value); i++)
		assert_true(i + 1 < sizeof(all) / sizeof(all[0]));
	return all[i];
}

/*
 * A tree of one letter and a path each: "d/usr f/usr/a=text l/lib>usr/lib
 * c/null i/dir", where i is a directory that is only implied. Parents first.
 */
static struct crx_tree plant(const char *spec)
{
	char *copy = strdup(spec), *word, *save = NULL, *value, *name;
	struct crx_node *dir, *n;
	struct crx_tree t;

	tree_make_init(&t);
	for (word = strtok_r(copy, " ", &save); word; word = strtok_r(NULL, " ", &save)) {
		value = strpbrk(word, "=>");
		if (value)
			*value++ = '\0';
		name = strrchr(word, '/');
		*name++ = '\0';
		tree_make_finish(&t);
		dir = crx_tree_find(&t, word[1] ? word + 1 : "/");
		assert_non_null(dir);
		if (*word == 'd' || *word == 'i') {
			n = tree_make_dir(dir, name);
			n->implied = *word == 'i';
		} else if (*word == 'l') {
			n = tree_make_link(dir, name, value);
		} else if (*word == 'c') {
			n = tree_make_node(dir, name, S_IFCHR | 0600);
		} else {
			n = tree_make_node(dir, name, S_IFREG | 0644);
			n->size = strlen(value);
			if (n->size)
				n->content = (struct crx_content){
					.ops = &crx_content_memory,
					.key = literal(value),
					.size = n->size,
				};
		}
	}
	tree_make_finish(&t);
	free(copy);
	return t;
}

static void one(const char *base_spec, const char *top_spec, bool whiteouts, const char *want)
{
	struct crx_tree base = plant(base_spec), top = plant(top_spec);
	struct crx_err err = CRX_ERR_INIT;
	struct crx_overlay_opts o = { .whiteouts = whiteouts };
	char *got;

	assert_int_equal(crx_tree_overlay(&base, &top, &o, &err), 0);
	got = tree_show(&base, true);
	if (strcmp(got, want))
		fail_msg("%s over %s gives\n%s", top_spec, base_spec, got);
	free(got);
	crx_tree_free(&top);
	crx_tree_free(&base);
}

static void laid_over(void **state)
{
	static const struct {
		const char *base, *top, *want;
	} cases[] = {
		{ "f/a=1 f/b=2", "f/b=3 f/c=4", "/a f 1\n/b f 3\n/c f 4\n" },
		{ "", "d/d f/d/x=1", "/d d\n/d/x f 1\n" },
		{ "d/d f/d/x=1 f/d/y=2", "d/d f/d/x=3", "/d d\n/d/x f 3\n/d/y f 2\n" },
		/* a directory over what is not one, and the other way round */
		{ "f/d=1", "d/d f/d/x=3", "/d d\n/d/x f 3\n" },
		{ "d/d d/d/e f/d/e/x=1 f/d/y=2", "f/d=3", "/d f 3\n" },
		{ "d/d f/d/x=1", "l/d>e", "/d l e\n" },
		{ "f/d=longer", "c/d", "/d c 0,0\n" },
		{ "l/d>e", "f/d=1", "/d f 1\n" },
		/* links of base that lead to a directory are followed by directories */
		{ "d/usr d/usr/lib f/usr/lib/a=1 l/lib>usr/lib", "d/lib f/lib/b=2",
		  "/lib l usr/lib\n/usr d\n/usr/lib d\n/usr/lib/a f 1\n/usr/lib/b f 2\n" },
		{ "d/usr d/usr/lib l/lib>/usr/lib l/lib64>lib", "d/lib64 d/lib64/x f/lib64/x/b=2",
		  "/lib l /usr/lib\n/lib64 l lib\n/usr d\n/usr/lib d\n/usr/lib/x d\n/usr/lib/x/b f "
		  "2\n" },
		{ "l/up>../../.. d/etc", "d/up f/up/a=1", "/a f 1\n/etc d\n/up l ../../..\n" },
		/* but not by files, nor where they lead nowhere, to a file, or in a circle */
		{ "d/d l/l>d", "f/l=1", "/d d\n/l f 1\n" },
		{ "l/l>d", "d/l f/l/x=1", "/l d\n/l/x f 1\n" },
		{ "f/d=1 l/l>d", "d/l f/l/x=1", "/d f 1\n/l d\n/l/x f 1\n" },
		{ "l/l>l", "d/l f/l/x=1", "/l d\n/l/x f 1\n" },
		{ "d/d l/d/l>", "d/d d/d/l f/d/l/x=1", "/d d\n/d/l d\n/d/l/x f 1\n" },
		/* two ways to one place */
		{ "d/usr d/usr/lib l/lib>usr/lib",
		  "d/lib f/lib/a=1 d/usr d/usr/lib f/usr/lib/a=2 f/usr/lib/b=3",
		  "/lib l usr/lib\n/usr d\n/usr/lib d\n/usr/lib/a f 2\n/usr/lib/b f 3\n" },
		/* a link of top is not a link of base */
		{ "d/lib f/lib/a=1", "d/usr l/lib>usr", "/lib l usr\n/usr d\n" },
		/* not asked for, whiteouts are files */
		{ "f/a=1", "f/.wh.a=", "/.wh.a f\n/a f 1\n" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		one(cases[i].base, cases[i].top, false, cases[i].want);
}

static void whiteouts(void **state)
{
	static const struct {
		const char *base, *top, *want;
	} cases[] = {
		{ "f/a=1 f/b=2", "f/.wh.a=", "/b f 2\n" },
		{ "d/d f/d/x=1 f/b=2", "f/.wh.d=", "/b f 2\n" },
		{ "f/b=2", "f/.wh.a=", "/b f 2\n" },
		{ "d/d f/d/x=1 f/d/y=2", "d/d f/d/.wh.x=", "/d d\n/d/y f 2\n" },
		/* carried out first, whatever the order */
		{ "d/d f/d/x=1", "f/.wh.d= d/d f/d/y=2", "/d d\n/d/y f 2\n" },
		{ "f/d=1", "f/.wh.d= f/d=2", "/d f 2\n" },
		{ "d/d f/d/x=1 d/d/e f/d/e/z=1", "d/d f/d/.wh..wh..opq= f/d/a=3",
		  "/d d\n/d/a f 3\n" },
		{ "f/x=1", "f/.wh..wh..opq=", "" },
		{ "d/d f/d/x=1", "d/new f/new/.wh..wh..opq=", "/d d\n/new d\n/d/x f 1\n" },
		/* through a link of base, and the link itself */
		{ "d/usr d/usr/lib f/usr/lib/a=1 l/lib>usr/lib",
		  "d/lib f/lib/.wh.a=", "/lib l usr/lib\n/usr d\n/usr/lib d\n" },
		{ "d/usr d/usr/lib f/usr/lib/a=1 l/lib>usr/lib",
		  "f/.wh.lib=", "/usr d\n/usr/lib d\n/usr/lib/a f 1\n" },
		/* of overlayfs */
		{ "f/a=1 f/b=2", "c/a", "/b f 2\n" },
		{ "", "c/a", "" },
		/* of aufs, without a meaning here */
		{ "f/a=1", "f/.wh..wh.aufs= d/.wh..wh.plnk f/.wh..wh.plnk/1=2", "/a f 1\n" },
		{ "f/a=1 f/.wh.aufs=2", "f/.wh..wh.aufs=", "/.wh.aufs f 2\n/a f 1\n" },
		/* what is gone leads nowhere */
		{ "d/usr f/usr/x=1 l/lib>usr", "f/.wh.usr= d/lib f/lib/y=2",
		  "/lib d\n/lib/y f 2\n" },
		{ "d/usr f/usr/x=1 d/usr/e", "f/.wh.usr= f/usr=3", "/usr f 3\n" },
		{ "d/usr d/usr/e f/usr/e/x=1", "f/.wh.usr= d/usr d/usr/e f/usr/e/y=2",
		  "/usr d\n/usr/e d\n/usr/e/y f 2\n" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		one(cases[i].base, cases[i].top, true, cases[i].want);
}

/* By way of a link, top replaces the directory that it is just filling: an
 * error, or at least nothing that is used after it is gone. */
static void biting_its_tail(void **state)
{
	static const char *const tops[][2] = {
		{ "d/l d/l/x l/l/x/up>/", "d/l d/l/x d/l/x/up f/l/x/up/l=1" },
		{ "d/a d/a/b d/a/b/c l/z>/", "d/a d/a/b d/a/b/c f/a/b/c/f=1 d/z f/z/a=2" },
		{ "d/a d/a/b d/a/b/c d/a/b/c/d d/m l/m/n>/",
		  "d/a d/a/b d/a/b/c d/a/b/c/d f/a/b/c/d/f=1 d/m d/m/n f/m/n/.wh.a= f/m/n/a=2" },
		{ "d/l l/l/self>/l",
		  "d/l d/l/self d/l/self/self d/l/self/self/self f/l/self/self/self/x=1" },
	};
	size_t i, on;

	(void)state;
	for (i = 0; i < sizeof(tops) / sizeof(tops[0]); i++)
		for (on = 0; on < 2; on++) {
			struct crx_tree base = plant(tops[i][0]), top = plant(tops[i][1]);
			struct crx_overlay_opts o = { .whiteouts = on };
			struct crx_err err = CRX_ERR_INIT;
			int ret;

			ret = crx_tree_overlay(&base, &top, &o, &err);
			assert_true(!ret || (ret == CRX_EFORMAT && *err.path));
			crx_tree_free(&top);
			crx_tree_free(&base);
		}
}

/* A directory of an overlayfs' upper layer that was made anew */
static void opaque_directories(void **state)
{
	int honoured;

	(void)state;
	for (honoured = 0; honoured < 2; honoured++) {
		struct crx_overlay_opts o = { .whiteouts = honoured };
		struct crx_err err = CRX_ERR_INIT;
		struct crx_tree base, top;
		struct crx_node *n;

		tree_make_init(&base);
		tree_make_init(&top);
		tree_make_file(tree_make_dir(base.root, "d"), "old", "1", 1);
		tree_make_file(tree_make_dir(base.root, "e"), "old", "1", 1);
		tree_make_link(base.root, "l", "e");
		n = tree_make_dir(top.root, "d");
		n->dropped = CRX_XATTR_OPAQUE | CRX_XATTR_ACL;
		tree_make_file(n, "new", "2", 1);
		n = tree_make_dir(top.root, "l");
		n->dropped = CRX_XATTR_OPAQUE;
		tree_make_file(n, "new", "3", 1);
		tree_make_dir(top.root, "z")->dropped = CRX_XATTR_OPAQUE;
		tree_make_finish(&base);
		tree_make_finish(&top);
		assert_int_equal(crx_tree_overlay(&base, &top, &o, &err), 0);
		tree_is(&base, true,
			honoured ? "/d d\n/e d\n/l d\n/z d\n/d/new f 2\n/e/old f 1\n/l/new f 3\n"
				 : "/d d\n/e d\n/l l e\n/z d\n/d/new f 2\n/d/old f 1\n/e/new f "
				   "3\n/e/old f 1\n");
		assert_int_equal(base.root->child[0]->dropped,
				 honoured ? CRX_XATTR_ACL : CRX_XATTR_OPAQUE | CRX_XATTR_ACL);
		assert_int_equal(base.root->child[3]->dropped, honoured ? 0 : CRX_XATTR_OPAQUE);
		crx_tree_free(&base);
		crx_tree_free(&top);
	}
}

/* Names of owners stay with the nodes that have them. */
static void names_of_owners(void **state)
{
	struct crx_overlay_opts o = { 0 };
	struct crx_err err = CRX_ERR_INIT;
	struct crx_tree base, top;
	struct crx_node *n;

	(void)state;
	tree_make_init(&base);
	tree_make_init(&top);
	tree_make_dir(base.root, "d")->user = "below";
	tree_make_file(base.root, "f", "", 0)->user = "below";
	tree_make_file(base.root, "g", "", 0)->group = "below";
	tree_make_dir(top.root, "d")->group = "above";
	n = tree_make_file(top.root, "f", "", 0);
	n->user = "above";
	n->group = "too";
	tree_make_file(top.root, "g", "", 0);
	tree_make_finish(&base);
	tree_make_finish(&top);
	assert_int_equal(crx_tree_overlay(&base, &top, &o, &err), 0);
	assert_null(base.root->child[0]->user);
	assert_string_equal(base.root->child[0]->group, "above");
	assert_string_equal(base.root->child[1]->user, "above");
	assert_string_equal(base.root->child[1]->group, "too");
	assert_null(base.root->child[2]->group);
	crx_tree_free(&base);
	crx_tree_free(&top);
}

static void attributes_of_directories(void **state)
{
	struct crx_tree base = plant("d/tmp d/srv"), top = plant("i/tmp f/tmp/x=1 d/srv");
	struct crx_err err = CRX_ERR_INIT;
	struct crx_overlay_opts o = { 0 };

	(void)state;
	crx_tree_find(&base, "/tmp")->mode = S_IFDIR | 01777;
	crx_tree_find(&base, "/srv")->uid = 5;
	crx_tree_find(&top, "/srv")->mode = S_IFDIR | 0700;
	top.root->mode = S_IFDIR | 0711;
	top.root->gid = 9;
	assert_int_equal(crx_tree_overlay(&base, &top, &o, &err), 0);
	crx_tree_free(&top);
	tree_is(&base, false, "/ d 711 0:9\n/srv d 700 0:0\n/tmp d 1777 0:0\n/tmp/x f 644 0:0 1\n");
	top = plant("");
	top.root->implied = true;
	assert_int_equal(crx_tree_overlay(&base, &top, &o, &err), 0);
	crx_tree_free(&top);
	assert_int_equal(base.root->gid, 9);
	assert_false(base.root->implied);
	crx_tree_free(&base);
}

static void link_them(struct crx_tree *t, const char *a, const char *b, uint64_t dev, uint64_t ino)
{
	struct crx_node *x = crx_tree_find(t, a), *y = crx_tree_find(t, b);

	x->link_dev = y->link_dev = dev;
	x->link_ino = y->link_ino = ino;
}

static void links_stay_apart(void **state)
{
	struct crx_tree base = plant("f/a=1 f/b=1 f/x=5 f/y=5"),
			top = plant("f/c=2 f/d=2 f/e=3 f/x=3"), third = plant("f/f=4 f/g=4");
	struct crx_err err = CRX_ERR_INIT;
	struct crx_overlay_opts o = { 0 };

	(void)state;
	link_them(&base, "/a", "/b", CRX_LINK_NUMBERED, 1);
	link_them(&base, "/x", "/y", 7, 1);
	link_them(&top, "/c", "/d", CRX_LINK_NUMBERED, 1);
	link_them(&top, "/e", "/x", CRX_LINK_NUMBERED, 2);
	link_them(&third, "/f", "/g", CRX_LINK_NUMBERED, 1);
	assert_int_equal(crx_tree_overlay(&base, &top, &o, &err), 0);
	assert_int_equal(crx_tree_overlay(&base, &third, &o, &err), 0);
	tree_is(&base, true,
		"/a f 1\n/b f =/a 1\n/c f 2\n/d f =/c 2\n/e f 3\n/f f 4\n/g f =/f 4\n/x f =/e "
		"3\n/y f 5\n");
	crx_tree_free(&top);
	crx_tree_free(&third);
	crx_tree_free(&base);
}

static void a_word_on_whiteouts(void **state)
{
	struct crx_tree base = plant(""), top = plant("f/.wh.a= f/.wh.b= d/d");
	struct crx_err err = CRX_ERR_INIT;
	struct crx_overlay_opts o = { 0 };
	struct kept_log k;

	(void)state;
	kept_begin(&k);
	o.log = &k.log;
	assert_int_equal(crx_tree_overlay(&base, &top, &o, &err), 0);
	assert_int_equal(k.n, 1);
	assert_non_null(strstr(k.text, "warning: an overlay has 2 whiteouts"));
	crx_tree_free(&top);
	crx_tree_free(&base);
}

/* Names in rising, falling, and other orders: each is found, and nothing else. */
static void many_names(void **state)
{
	enum { N = 3000 };
	struct crx_err err = CRX_ERR_INIT;
	struct crx_names x;
	struct crx_node *n, *dir;
	struct crx_tree t;
	unsigned order, i, v;
	char name[16];

	(void)state;
	for (order = 0; order < 4; order++) {
		tree_make_init(&t);
		dir = tree_make_dir(t.root, "d");
		tree_make_finish(&t);
		assert_int_equal(crx_names_init(&x, &t, &err), 0);
		for (i = 0; i < N; i++) {
			v = order == 0   ? i
			    : order == 1 ? N - 1 - i
			    : order == 2 ? i * 1009 % N
					 : (i & 1 ? i : N - 2 - i);
			snprintf(name, sizeof(name), "%u", v);
			assert_null(crx_names_find(&x, dir, name, strlen(name)));
			assert_int_equal(crx_names_add(&x, dir, name, strlen(name), &n, &err), 0);
			n->mode = S_IFREG;
		}
		for (i = 0; i < N; i++) {
			snprintf(name, sizeof(name), "%u", i);
			n = crx_names_find(&x, dir, name, strlen(name));
			assert_non_null(n);
			assert_string_equal(n->name, name);
			assert_null(crx_names_find(&x, t.root, name, strlen(name)));
		}
		assert_null(crx_names_find(&x, dir, "3000", 4));
		assert_non_null(crx_names_find(&x, dir, "3000", 3)); /* by length */
		assert_null(crx_names_find(&x, dir, "", 0));
		crx_names_free(&x);
		tree_make_finish(&t);
		assert_int_equal(t.nnodes, N + 2);
		crx_tree_free(&t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(laid_over),        cmocka_unit_test(whiteouts),
		cmocka_unit_test(biting_its_tail),  cmocka_unit_test(attributes_of_directories),
		cmocka_unit_test(names_of_owners),  cmocka_unit_test(opaque_directories),
		cmocka_unit_test(links_stay_apart), cmocka_unit_test(a_word_on_whiteouts),
		cmocka_unit_test(many_names),
	};

	return cmocka_run_group_tests_name("overlay", tests, NULL, NULL);
}
