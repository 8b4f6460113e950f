/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lib/input/edit/owners and users: what options ask for, and what becomes of a
 * tree; names from passwd and group files.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "failing_alloc.h"
#include "kept_log.h"
#include "scratch.h"
#include "input/edit/owners.h"
#include "tree_make.h"

/* --- owners --- */

static void owners(void **state)
{
	static const struct {
		const char *text;
		uint32_t uid, gid;
		const char *user, *group;
	} cases[] = {
		{ "0:0", 0, 0, NULL, NULL },
		{ "5:6", 5, 6, NULL, NULL },
		{ "5", 5, CRX_OWNER_KEEP, NULL, NULL },
		{ ":6", CRX_OWNER_KEEP, 6, NULL, NULL },
		{ "4294967294:0", 4294967294u, 0, NULL, NULL },
		{ "www:a b", CRX_OWNER_KEEP, CRX_OWNER_KEEP, "www", "a b" },
		{ "5x:-1", CRX_OWNER_KEEP, CRX_OWNER_KEEP, "5x", "-1" },
		{ "00007:www", 7, CRX_OWNER_KEEP, NULL, "www" },
	};
	static const struct {
		const char *text;
		unsigned column;
	} bad[] = {
		{ "", 1 },
		{ ":", 2 },
		{ "5:", 3 },
		{ "5:6:7", 4 },
		{ "www::", 5 },
		{ "4294967295", 1 },
		{ "0:4294967295", 3 },
		{ "99999999999999999999999999:0", 1 },
	};
	char column[32];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct crx_err err = CRX_ERR_INIT;
		struct crx_owner o;

		assert_int_equal(crx_owner_parse(cases[i].text, &o, &err), 0);
		assert_int_equal(o.id[CRX_USERS_USER], cases[i].uid);
		assert_int_equal(o.id[CRX_USERS_GROUP], cases[i].gid);
		assert_int_equal(!o.name[CRX_USERS_USER], !cases[i].user);
		assert_int_equal(!o.name[CRX_USERS_GROUP], !cases[i].group);
		if (cases[i].user)
			assert_string_equal(o.name[CRX_USERS_USER], cases[i].user);
		if (cases[i].group)
			assert_string_equal(o.name[CRX_USERS_GROUP], cases[i].group);
		crx_owner_free(&o);
	}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct crx_err err = CRX_ERR_INIT;
		struct crx_owner o;

		assert_int_equal(crx_owner_parse(bad[i].text, &o, &err), CRX_EARG);
		snprintf(column, sizeof(column), "at column %u", bad[i].column);
		if (!strstr(err.text, column))
			fail_msg("'%s': %s", bad[i].text, err.text);
		crx_owner_free(&o);
	}
}

/* --- maps --- */

static void maps(void **state)
{
	static const struct {
		const char *text;
		uint32_t from, to, count;
	} good[] = {
		{ "0:0", 0, 0, 1 },
		{ "1000:0", 1000, 0, 1 },
		{ "100000:0:65536", 100000, 0, 65536 },
		{ "4294967294:4294967294", 4294967294u, 4294967294u, 1 },
		{ "0:0:4294967294", 0, 0, 4294967294u },
		{ "4294967290:5:5", 4294967290u, 5, 5 },
		{ "007:08:1", 7, 8, 1 },
	};
	static const struct {
		const char *text;
		unsigned column;
	} bad[] = {
		{ "", 1 },
		{ "5", 2 },
		{ ":5", 1 },
		{ "5:", 3 },
		{ "5:x", 3 },
		{ "5:6:", 5 },
		{ "5:6:0", 5 },
		{ "5:6:7:", 6 },
		{ "5:6x", 4 },
		{ "5x:6", 2 },
		{ "-1:5", 1 },
		{ "4294967295:0", 1 },
		{ "0:4294967295", 3 },
		{ "0:0:4294967295", 5 },
		{ "1:0:4294967295", 5 },
		{ "4294967290:0:6", 14 },
		{ "0:4294967290:6", 14 },
		{ "root:5", 1 },
		{ " 5:6", 1 },
	};
	char column[32];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct crx_err err = CRX_ERR_INIT;
		struct crx_id_map m;

		if (crx_id_map_parse(good[i].text, &m, &err))
			fail_msg("'%s': %s", good[i].text, err.text);
		assert_true(m.from == good[i].from && m.to == good[i].to &&
			    m.count == good[i].count);
	}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct crx_err err = CRX_ERR_INIT;
		struct crx_id_map m;

		assert_int_equal(crx_id_map_parse(bad[i].text, &m, &err), CRX_EARG);
		snprintf(column, sizeof(column), "at column %u ", bad[i].column);
		if (!strstr(err.text, column))
			fail_msg("'%s': %s", bad[i].text, err.text);
	}
}

static void mapped(void **state)
{
	static const struct crx_id_map m[] = {
		{ 10, 20, 5 }, { 20, 10, 5 }, { 12, 99, 1 }, { 0, 1000, 3 }
	};
	static const uint32_t cases[][2] = {
		{ 0, 1000 },    { 2, 1002 },
		{ 3, 3 },       { 9, 9 },
		{ 10, 20 },     { 12, 22 },
		{ 14, 24 },     { 15, 15 },
		{ 20, 10 },     { 24, 14 },
		{ 25, 25 },     { 99, 99 },
		{ 1000, 1000 }, { UINT32_MAX, UINT32_MAX },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(crx_id_map(m, 4, cases[i][0]), cases[i][1]);
	assert_int_equal(crx_id_map(NULL, 0, 7), 7);
	/* "0:0:4294967294" */
	assert_int_equal(crx_id_map(&(struct crx_id_map){ 5, 0, 4294967289u }, 1, 4294967293u),
			 4294967288u);
}

/* --- all together, on a tree --- */

static void in_order(void **state)
{
	const struct crx_owner owner = { .id = { 5, CRX_OWNER_KEEP } };
	static const struct crx_id_map uid[] = { { 5, 6, 1 }, { 6, 7, 1 }, { 0, 1, 1 } },
				       gid[] = { { 0, 300, 1 }, { 300, 3, 1 } };
	struct crx_chmod c[2];
	struct crx_err err = CRX_ERR_INIT;
	struct crx_owners o = { 0 };
	struct crx_node *f, *d, *l;
	struct crx_tree t;

	(void)state;
	assert_int_equal(crx_chmod_parse("f:u+s", &c[0], &err), 0);
	assert_int_equal(crx_chmod_parse("a-w", &c[1], &err), 0);
	tree_make_init(&t);
	f = tree_make_file(t.root, "f", "1", 1);
	d = tree_make_dir(t.root, "d");
	l = tree_make_link(d, "l", "x");
	f->uid = 6;
	f->gid = 300;
	tree_make_finish(&t);
	crx_owners_apply(&o, &t);
	assert_true(f->uid == 6 && f->gid == 300 && f->mode == (S_IFREG | 0644) && !d->uid);
	/* maps alone: of what was there, not of what another map made of it */
	o.map[CRX_USERS_USER] = uid;
	o.nmaps[CRX_USERS_USER] = 3;
	o.map[CRX_USERS_GROUP] = gid;
	o.nmaps[CRX_USERS_GROUP] = 2;
	crx_owners_apply(&o, &t);
	assert_true(f->uid == 7 && f->gid == 3 && d->uid == 1 && d->gid == 300 && l->uid == 1 &&
		    l->gid == 300 && t.root->uid == 1);
	/* and after one owner for all */
	o.owner = &owner;
	o.chmod = c;
	o.nchmods = 2;
	crx_owners_apply(&o, &t);
	assert_true(f->uid == 6 && d->uid == 6 && l->uid == 6 && t.root->uid == 6);
	assert_true(f->gid == 3 && d->gid == 3);
	assert_int_equal(f->mode, S_IFREG | 04444);
	assert_int_equal(d->mode, S_IFDIR | 0555);
	assert_int_equal(t.root->mode, S_IFDIR | 0555);
	assert_int_equal(l->mode, S_IFLNK | 0777);
	crx_chmod_free(&c[0]);
	crx_chmod_free(&c[1]);
	crx_tree_free(&t);
}

/* --- users --- */

static const char PASSWD[] =
	"# "
	"comment\n\n+nis::1:1\n-:x:2:2\nroot:x:0:0:root:/root:/bin/sh\nwww:x:33:34::/"
	":\nwww:x:44:44::/:\nzz:x:4294967294:1:::\nmax:x:4294967295:1:::\n"
	"short:x\nshorter\nno:x:12\nneg:x:-1:0\nhex:x:0x5:0\n:x:5:5\nblank: :6:6:\n  "
	"in:x:7:7:\nend:x:8:8";

static void users_of_files(void **state)
{
	static const char *const missing[] = { "+nis",    "nis",   "-",         "max", "short",
					       "shorter", "no",    "neg",       "hex", "",
					       "ro",      "roott", "# comment", "grp" };
	struct scratch *s = *state;
	char *passwd[] = { NULL, NULL }, *group[] = { NULL };
	struct crx_strings f[CRX_USERS_KINDS] = { { passwd, 2, 2 }, { group, 1, 1 } };
	struct crx_err err = CRX_ERR_INIT;
	struct crx_users u;
	struct crx_owner o;
	uint32_t id = 77;
	size_t i;

	scratch_text(s, "p1", PASSWD);
	scratch_text(s, "p2", "root:x:5:5:\nmore:x:6:6:\n");
	scratch_text(s, "g", "grp:x:9:a,b,c\nwww:*:35:\nends:x:36\nnone:x\nempty:x:\nlast:x:37");
	scratch_text(s, "none", "# nobody\n");
	passwd[0] = strdup(scratch_at(s, "p1"));
	passwd[1] = strdup(scratch_at(s, "p2"));
	group[0] = strdup(scratch_at(s, "g"));
	assert_int_equal(crx_users_load(&u, f, NULL, &err), 0);
	for (i = 0; i < sizeof(missing) / sizeof(missing[0]); i++)
		if (crx_users_find(&u, CRX_USERS_USER, missing[i], &id))
			fail_msg("'%s' is found: %u", missing[i], id);
	assert_int_equal(id, 77);
#define IS(kind, name, want) \
	(assert_true(crx_users_find(&u, kind, name, &id)), assert_int_equal(id, want))
	IS(CRX_USERS_USER, "root", 0);
	IS(CRX_USERS_USER, "www", 33);
	IS(CRX_USERS_USER, "zz", 4294967294u);
	IS(CRX_USERS_USER, "blank", 6);
	IS(CRX_USERS_USER, "in", 7);
	IS(CRX_USERS_USER, "end", 8);
	IS(CRX_USERS_USER, "more", 6);
	IS(CRX_USERS_GROUP, "www", 35);
	IS(CRX_USERS_GROUP, "grp", 9);
	IS(CRX_USERS_GROUP, "ends", 36);
	IS(CRX_USERS_GROUP, "last", 37);
	assert_false(crx_users_find(&u, CRX_USERS_GROUP, "none", &id) ||
		     crx_users_find(&u, CRX_USERS_GROUP, "empty", &id));
#undef IS
	assert_int_equal(crx_owner_parse("www:grp", &o, &err), 0);
	assert_int_equal(crx_owner_resolve(&o, &u, &err), 0);
	assert_true(o.id[CRX_USERS_USER] == 33 && o.id[CRX_USERS_GROUP] == 9 &&
		    !o.name[CRX_USERS_USER] && !o.name[CRX_USERS_GROUP]);
	crx_owner_free(&o);
	assert_int_equal(crx_owner_parse("0:root", &o, &err), 0);
	assert_int_equal(crx_owner_resolve(&o, &u, &err), CRX_EARG);
	assert_non_null(strstr(err.text, "no group is called 'root'"));
	crx_owner_free(&o);
	crx_users_free(&u);
	free(passwd[1]);
	passwd[1] = strdup(scratch_at(s, "none"));
	err = (struct crx_err)CRX_ERR_INIT;
	assert_int_equal(crx_users_load(&u, f, NULL, &err), CRX_EFORMAT);
	assert_string_equal(err.path, passwd[1]);
	crx_users_free(&u);
	free(passwd[1]);
	passwd[1] = strdup(scratch_at(s, "missing"));
	err = (struct crx_err)CRX_ERR_INIT;
	assert_int_equal(crx_users_load(&u, f, NULL, &err), CRX_EIO);
	crx_users_free(&u);
	free(passwd[0]);
	free(passwd[1]);
	free(group[0]);
}

/* What is not given is in the image, links and all. */
static void users_of_the_tree(void **state)
{
	struct scratch *s = *state;
	char *group[] = { NULL };
	struct crx_strings f[CRX_USERS_KINDS] = { { 0 } };
	struct crx_err err = CRX_ERR_INIT;
	struct crx_users u;
	struct crx_node *etc;
	struct crx_tree t;
	uint32_t id;

	tree_make_init(&t);
	tree_make_finish(&t);
	assert_int_equal(crx_users_load(&u, f, &t, &err), 0);
	assert_int_equal(u.n[CRX_USERS_USER] + u.n[CRX_USERS_GROUP], 0);
	crx_users_free(&u);
	etc = tree_make_dir(t.root, "etc");
	tree_make_file(t.root, "real", PASSWD, sizeof(PASSWD) - 1);
	tree_make_link(etc, "passwd", "../real");
	tree_make_file(etc, "group", "a:x:1:\n", 7);
	tree_make_finish(&t);
	assert_int_equal(crx_users_load(&u, f, &t, &err), 0);
	assert_true(crx_users_find(&u, CRX_USERS_USER, "www", &id));
	assert_true(crx_users_find(&u, CRX_USERS_GROUP, "a", &id));
	crx_users_free(&u);
	/* a file takes the place of the tree's, for its kind */
	scratch_text(s, "g", "b:x:2:\n");
	group[0] = strdup(scratch_at(s, "g"));
	f[CRX_USERS_GROUP] = (struct crx_strings){ group, 1, 1 };
	assert_int_equal(crx_users_load(&u, f, &t, &err), 0);
	assert_true(crx_users_find(&u, CRX_USERS_USER, "www", &id));
	assert_false(crx_users_find(&u, CRX_USERS_GROUP, "a", &id));
	assert_true(crx_users_find(&u, CRX_USERS_GROUP, "b", &id));
	crx_users_free(&u);
	free(group[0]);
	/* nothing that could be read */
	f[CRX_USERS_GROUP].n = 0;
	t.root->child[1]->content.size = (uint64_t)1 << 40;
	assert_string_equal(t.root->child[1]->name, "real");
	assert_int_equal(crx_users_load(&u, f, &t, &err), CRX_EBIG);
	crx_users_free(&u);
	t.root->child[1]->mode = S_IFDIR | 0755;
	err = (struct crx_err)CRX_ERR_INIT;
	assert_int_equal(crx_users_load(&u, f, &t, &err), 0);
	assert_int_equal(u.n[CRX_USERS_USER], 0);
	crx_users_free(&u);
	crx_tree_free(&t);
}

/* --- names in the nodes --- */

static void named_nodes(struct crx_tree *t, size_t unknown)
{
	struct crx_node *n;
	char name[24];
	size_t i;

	tree_make_init(t);
	tree_make_file(tree_make_dir(t->root, "etc"), "passwd", PASSWD, sizeof(PASSWD) - 1);
	n = tree_make_file(t->root, "a", "", 0);
	n->user = "www";
	n->uid = n->gid = 7;
	for (i = 0; i < unknown; i++) {
		snprintf(name, sizeof(name), "f%02zu", i);
		n = tree_make_file(t->root, name, "", 0);
		n->user = "nobody here";
		n->group = "nor\tthere";
	}
	tree_make_finish(t);
}

static int look_up(struct crx_tree *t, const char *owner, struct kept_log *k, struct crx_err *err)
{
	struct crx_strings none[CRX_USERS_KINDS] = { { 0 } };
	struct crx_users u = { 0 };
	struct crx_owner o;
	int ret = owner ? crx_owner_parse(owner, &o, err) : 0;

	kept_begin_paths(k, CRX_LEVEL_ERROR);
	assert_int_equal(ret, 0);
	assert_int_equal(crx_users_load(&u, none, t, err), 0);
	ret = crx_owners_look_up(t, owner ? &o : NULL, &u, &k->log, err);
	assert_int_equal(k->n, k->errors);
	crx_users_free(&u);
	if (owner)
		crx_owner_free(&o);
	return ret;
}

static void names_of_nodes(void **state)
{
	struct crx_owner both = { .id = { 1, 2 } }, user = { .id = { 1, CRX_OWNER_KEEP } },
			 group = { .id = { CRX_OWNER_KEEP, 2 } };
	struct crx_err err = CRX_ERR_INIT;
	struct kept_log k;
	struct crx_tree t;

	(void)state;
	named_nodes(&t, 0);
	assert_true(crx_owners_have_names(&t, NULL));
	assert_true(crx_owners_have_names(&t, &group));
	assert_false(crx_owners_have_names(&t, &user));
	assert_false(crx_owners_have_names(&t, &both));
	assert_int_equal(look_up(&t, NULL, &k, &err), 0);
	assert_int_equal(t.root->child[0]->uid, 33);
	assert_int_equal(t.root->child[0]->gid, 7);
	assert_false(crx_owners_have_names(&t, NULL));
	assert_int_equal(k.n, 0);
	crx_tree_free(&t);

	/* what an option replaces is not looked up */
	named_nodes(&t, 1);
	assert_int_equal(look_up(&t, "5:6", &k, &err), 0);
	assert_int_equal(k.n, 0);
	assert_int_equal(t.root->child[0]->uid, 7);
	assert_false(crx_owners_have_names(&t, NULL));
	crx_tree_free(&t);
	named_nodes(&t, 1);
	assert_int_equal(look_up(&t, "5", &k, &err), CRX_EFORMAT);
	assert_int_equal(k.n, 1);
	assert_ptr_equal(strstr(k.text, "/f00: no group is called 'nor\tt"), k.text);
	assert_non_null(strstr(err.text, "1 owner of a manifest is not known"));
	crx_tree_free(&t);

	named_nodes(&t, 11);
	err = (struct crx_err)CRX_ERR_INIT;
	assert_int_equal(look_up(&t, NULL, &k, &err), CRX_EFORMAT);
	assert_int_equal(k.n, 21);
	assert_non_null(strstr(k.text, "/f00: no user is called 'nobody"));
	assert_non_null(strstr(k.text, "/f09: no group is called"));
	assert_non_null(strstr(k.text, "\n: and 2 more\n"));
	assert_non_null(strstr(err.text, "22 owners of a manifest are not known"));
	crx_tree_free(&t);
}

static uint64_t rng = 88172645463325252u;

static unsigned random_below(unsigned n)
{
	rng ^= rng << 13;
	rng ^= rng >> 7;
	rng ^= rng << 17;
	return (unsigned)(rng % n);
}

static void any_bytes(void **state)
{
	static const char alphabet[] = "ugoa+-=rwxXst,:0123456789df4294967295\n#x \xff";
	struct crx_strings none[CRX_USERS_KINDS] = { { 0 } };
	struct crx_tree t;
	struct crx_node *f;
	unsigned round;
	char text[65];

	(void)state;
	tree_make_init(&t);
	f = tree_make_file(tree_make_dir(t.root, "etc"), "passwd", text, 1);
	tree_make_finish(&t);
	for (round = 0; round < 50000; round++) {
		struct crx_err err = CRX_ERR_INIT;
		struct crx_id_map m;
		struct crx_chmod c;
		struct crx_owner o;
		struct crx_users u;
		size_t len = random_below(64), i;

		for (i = 0; i < len; i++)
			text[i] = round % 3 ? alphabet[random_below(sizeof(alphabet) - 1)]
					    : (char)(1 + random_below(255));
		text[len] = '\0';
		if (!crx_chmod_parse(text, &c, &err)) {
			uint32_t mode = S_IFREG | random_below(010000);

			assert_int_equal(crx_chmod_mode(&c, mode) & ~07777u, S_IFREG);
		}
		crx_chmod_free(&c);
		if (!crx_owner_parse(text, &o, &err))
			assert_true(len > 0);
		crx_owner_free(&o);
		if (!crx_id_map_parse(text, &m, &err))
			assert_true(m.count > 0 && UINT32_MAX - m.count >= m.from &&
				    UINT32_MAX - m.count >= m.to);
		f->content.size = f->size = len;
		err = (struct crx_err)CRX_ERR_INIT;
		assert_int_equal(crx_users_load(&u, none, &t, &err), 0);
		crx_users_free(&u);
	}
	crx_tree_free(&t);
}

static int try_all(struct crx_tree *t, struct crx_err *err)
{
	struct crx_strings none[CRX_USERS_KINDS] = { { 0 } };
	struct crx_users u = { 0 };
	struct crx_chmod c = { 0 };
	struct crx_owner o;
	int ret = crx_owner_parse("www:www", &o, err);

	if (!ret)
		ret = crx_chmod_parse("u+r,g+r,o+r,a+x", &c, err);
	if (!ret)
		ret = crx_users_load(&u, none, t, err);
	if (!ret && !u.n[CRX_USERS_USER])
		ret = CRX_EINTERNAL; /* short of memory, it must not find less instead */
	crx_users_free(&u);
	crx_chmod_free(&c);
	crx_owner_free(&o);
	return ret;
}

static void out_of_memory(void **state)
{
	struct crx_tree t;
	long n;

	(void)state;
	tree_make_init(&t);
	tree_make_file(tree_make_dir(t.root, "etc"), "passwd", PASSWD, sizeof(PASSWD) - 1);
	tree_make_finish(&t);
	for (n = 1;; n++) {
		struct crx_err err = CRX_ERR_INIT;
		int ret;

		alloc_fail(n, false);
		ret = try_all(&t, &err);
		alloc_succeed();
		if (!ret && alloc_count() < n)
			break;
		if (ret != CRX_ENOMEM || err.code != CRX_ENOMEM)
			fail_msg("allocation %ld: %d %s", n, ret, err.text);
	}
	assert_true(n > 5);
	crx_tree_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(owners),
		cmocka_unit_test(maps),
		cmocka_unit_test(mapped),
		cmocka_unit_test(in_order),
		cmocka_unit_test_setup_teardown(users_of_files, scratch_setup, scratch_teardown),
		cmocka_unit_test_setup_teardown(users_of_the_tree, scratch_setup, scratch_teardown),
		cmocka_unit_test(names_of_nodes),
		cmocka_unit_test(any_bytes),
		cmocka_unit_test(out_of_memory),
	};

	return cmocka_run_group_tests_name("owners", tests, NULL, NULL);
}
