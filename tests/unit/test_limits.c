/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lib/tree/limits: the largest that fits and the smallest that does not, of
 * everything that has a limit; all offenders are reported.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "tree/limits.h"
#include "tree_make.h"

enum { P = 4096 };

/* What is wrong with t at this page size: "" or the text of the only offence. */
static const char *offence_at(const struct crx_tree *t, uint32_t page_size,
			      const struct crx_node *of, char *buf, size_t cap)
{
	struct crx_err err = CRX_ERR_INIT;
	struct crx_offences o;

	assert_int_equal(crx_tree_check(t, page_size, &o, &err), 0);
	assert_true(o.count <= 1);
	assert_int_equal(o.listed, o.count);
	buf[0] = '\0';
	if (o.count) {
		assert_ptr_equal(o.list[0].node, of);
		snprintf(buf, cap, "%s", o.list[0].text);
	}
	crx_offences_free(&o);
	crx_offences_free(&o);
	return buf;
}

static struct crx_tree tree_of_one(uint32_t mode, struct crx_node **n)
{
	struct crx_tree t;

	tree_make_init(&t);
	*n = tree_make_node(t.root, "n", mode);
	return t;
}

struct limit {
	uint64_t fits, does_not;
	const char *say[5]; /* what the message must hold */
};

static void says(const char *text, const struct limit *l)
{
	int i;

	for (i = 0; i < 5 && l->say[i]; i++)
		if (!strstr(text, l->say[i]))
			fail_msg("'%s' does not say '%s'", text, l->say[i]);
	/* whole, not cut */
	assert_int_equal(text[strlen(text) - 1], ')');
}

static void owners(void **state)
{
	static const struct limit uid = { 65535,
					  65536,
					  { "uid 65536", "65535", "--all-root", "--map-uid 65536:N",
					    "--lossy its lowest 16 bits, 0" } };
	static const struct limit gid = { 255,
					  256,
					  { "gid 256", "255", "--all-root", "--map-gid 256:N",
					    "--lossy its lowest 8 bits, 0" } };
	static const struct limit last = { 0, UINT32_MAX, { "4294967295", "--all-root" } };
	struct crx_node *n;
	struct crx_tree t = tree_of_one(S_IFREG | 0644, &n);
	char buf[256];

	(void)state;
	tree_make_finish(&t);
	n->uid = (uint32_t)uid.fits;
	n->gid = (uint32_t)gid.fits;
	assert_string_equal(offence_at(&t, P, n, buf, sizeof(buf)), "");
	n->uid = (uint32_t)uid.does_not;
	says(offence_at(&t, P, n, buf, sizeof(buf)), &uid);
	n->uid = UINT32_MAX;
	says(offence_at(&t, P, n, buf, sizeof(buf)), &last);
	n->uid = 0;
	n->gid = (uint32_t)gid.does_not;
	says(offence_at(&t, P, n, buf, sizeof(buf)), &gid);
	n->gid = 0;
	/* the root is a node like any other */
	t.root->gid = 256;
	says(offence_at(&t, P, t.root, buf, sizeof(buf)), &gid);
	crx_tree_free(&t);
}

static void file_sizes(void **state)
{
	static const struct limit l = { 16777215,
					16777216,
					{ "16777216 bytes", "16 MiB", "--exclude",
					  "cut it with --lossy" } };
	static const struct limit huge = { 0, UINT64_MAX, { "18446744073709551615" } };
	struct crx_node *n;
	struct crx_tree t = tree_of_one(S_IFREG | 0644, &n);
	char buf[256];

	(void)state;
	tree_make_finish(&t);
	n->size = l.fits;
	assert_string_equal(offence_at(&t, P, n, buf, sizeof(buf)), "");
	n->size = l.does_not;
	says(offence_at(&t, P, n, buf, sizeof(buf)), &l);
	/* modulo 2^24 this would be 1, modulo 2^32 0 */
	n->size = 0x100000001;
	says(offence_at(&t, P, n, buf, sizeof(buf)), &(struct limit){ 0, 0, { "4294967297" } });
	n->size = huge.does_not;
	says(offence_at(&t, P, n, buf, sizeof(buf)), &huge);
	n->size = 0;
	assert_string_equal(offence_at(&t, P, n, buf, sizeof(buf)), "");
	crx_tree_free(&t);
}

static void link_targets(void **state)
{
	static const uint32_t page[] = { 4096, 65536 };
	struct crx_node *n;
	struct crx_tree t = tree_of_one(S_IFLNK | 0777, &n);
	char buf[256], want[32];
	size_t i;

	(void)state;
	n->target = calloc(1, 65537);
	assert_non_null(n->target);
	tree_make_finish(&t);
	says(offence_at(&t, P, n, buf, sizeof(buf)),
	     &(struct limit){ 0, 0, { "0 bytes", "1 to 4095", "--exclude" } });
	for (i = 0; i < 2; i++) {
		memset(n->target, 'x', page[i] - 1);
		tree_make_finish(&t);
		assert_string_equal(offence_at(&t, page[i], n, buf, sizeof(buf)), "");
		n->target[page[i] - 1] = 'x';
		tree_make_finish(&t);
		snprintf(want, sizeof(want), "%u bytes", (unsigned)page[i]);
		says(offence_at(&t, page[i], n, buf, sizeof(buf)),
		     &(struct limit){ 0, 0, { want } });
	}
	crx_tree_free(&t);
}

static void device_numbers(void **state)
{
	static const uint32_t type[] = { S_IFCHR, S_IFBLK };
	struct crx_node *n;
	struct crx_tree t;
	char buf[256];
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		t = tree_of_one(type[i] | 0600, &n);
		tree_make_finish(&t);
		n->dev_major = 255;
		n->dev_minor = 255;
		assert_string_equal(offence_at(&t, P, n, buf, sizeof(buf)), "");
		n->dev_minor = 256;
		says(offence_at(&t, P, n, buf, sizeof(buf)),
		     &(struct limit){
			     0,
			     0,
			     { "255,256", "255,255", "--exclude", "--lossy stores another" } });
		n->dev_major = 256;
		n->dev_minor = 0;
		says(offence_at(&t, P, n, buf, sizeof(buf)), &(struct limit){ 0, 0, { "256,0" } });
		/* numbers of a regular file mean nothing */
		n->mode = S_IFREG | 0600;
		assert_string_equal(offence_at(&t, P, n, buf, sizeof(buf)), "");
		crx_tree_free(&t);
	}
}

static void names(void **state)
{
	struct crx_tree t;
	struct crx_node *n;
	char name[256], buf[256];

	(void)state;
	tree_make_init(&t);
	memset(name, 'n', sizeof(name));
	name[252] = '\0';
	tree_make_node(t.root, name, S_IFIFO);
	tree_make_finish(&t);
	assert_string_equal(offence_at(&t, P, NULL, buf, sizeof(buf)), "");
	name[252] = 'n';
	name[253] = '\0';
	n = tree_make_node(t.root, name, S_IFIFO);
	tree_make_finish(&t);
	says(offence_at(&t, P, n, buf, sizeof(buf)),
	     &(struct limit){
		     0,
		     0,
		     { "253 bytes", "252", "--exclude", "if it is UTF-8, cut it with --lossy" } });
	crx_tree_free(&t);
}

static void types(void **state)
{
	static const uint32_t ok[] = { S_IFREG, S_IFDIR, S_IFCHR, S_IFBLK, S_IFIFO, S_IFSOCK };
	struct crx_node *n;
	struct crx_tree t = tree_of_one(0, &n);
	char buf[256];
	size_t i;

	(void)state;
	tree_make_finish(&t);
	for (i = 0; i < sizeof(ok) / sizeof(ok[0]); i++) {
		n->mode = ok[i] | 07777;
		assert_string_equal(offence_at(&t, P, n, buf, sizeof(buf)), "");
	}
	n->mode = 0644;
	says(offence_at(&t, P, n, buf, sizeof(buf)),
	     &(struct limit){ 0, 0, { "unknown file type" } });
	n->mode = 0160644;
	says(offence_at(&t, P, n, buf, sizeof(buf)), &(struct limit){ 0, 0, { "0160000" } });
	crx_tree_free(&t);
}

/* --- directories: made by hand, of one entry many times over --- */

enum { ENTRY = 264, MOST = (1 << 24) / ENTRY }; /* 63,550 entries: 16,777,200 bytes */

struct forged {
	struct crx_node leaf, small, root, dir[20];
	struct crx_node *child[MOST + 1], *sub[20], *all[21];
	char name[256];
	struct crx_tree t;
};

static struct forged *forge(size_t ndirs)
{
	struct forged *f = calloc(1, sizeof(*f));
	size_t i;

	assert_non_null(f);
	memset(f->name, 'n', 252);
	f->leaf.name = f->name;
	f->small.name = f->name + 251; /* "n": 12 + 4 bytes */
	f->leaf.mode = f->small.mode = S_IFIFO | 0644;
	for (i = 0; i < MOST; i++)
		f->child[i] = &f->leaf;
	f->child[MOST] = &f->small;
	f->root.name = f->name + 252;
	f->root.mode = S_IFDIR | 0755;
	f->root.child = f->sub;
	f->root.nchildren = ndirs;
	f->all[0] = &f->root;
	for (i = 0; i < ndirs; i++) {
		f->dir[i].name = f->name + 251;
		f->dir[i].mode = S_IFDIR | 0755;
		f->dir[i].child = f->child;
		f->dir[i].nchildren = MOST;
		f->sub[i] = f->all[i + 1] = &f->dir[i];
	}
	f->t = (struct crx_tree){ .root = &f->root, .node = f->all, .nnodes = ndirs + 1 };
	return f;
}

static void directory_lengths(void **state)
{
	static const struct {
		const char *name;
		unsigned len;
	} cases[] = { { "a", 16 },     { "abc", 16 },      { "abcd", 16 },
		      { "abcde", 20 }, { "abcdefgh", 20 }, { "abcdefghi", 24 } };
	struct crx_tree t;
	uint64_t want = 0;
	size_t i;

	(void)state;
	tree_make_init(&t);
	assert_int_equal(crx_tree_dir_len(t.root), 0);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		tree_make_node(t.root, cases[i].name, S_IFIFO);
		want += cases[i].len;
		assert_int_equal(crx_tree_dir_len(t.root), want);
	}
	crx_tree_free(&t);
}

static void directories_below_16_mib(void **state)
{
	struct forged *f = forge(1);
	char buf[256];

	(void)state;
	assert_int_equal(crx_tree_dir_len(&f->dir[0]), (1 << 24) - 16);
	assert_string_equal(offence_at(&f->t, P, NULL, buf, sizeof(buf)), "");
	f->dir[0].nchildren = MOST + 1;
	assert_int_equal(crx_tree_dir_len(&f->dir[0]), 1 << 24);
	says(offence_at(&f->t, P, &f->dir[0], buf, sizeof(buf)),
	     &(struct limit){ 0, 0, { "63551 entries", "16777216 bytes", "--exclude" } });
	free(f);
}

/* 16 full directories end at 256 MiB less 256 bytes; the 17th would begin there. */
static void directories_below_256_mib(void **state)
{
	struct forged *f = forge(17);
	struct crx_err err = CRX_ERR_INIT;
	struct crx_offences o;
	char buf[256];

	(void)state;
	/* root: 17 × 16 bytes, and the superblock with its boot pad: over */
	says(offence_at(&f->t, P, &f->dir[16], buf, sizeof(buf)),
	     &(struct limit){ 0, 0, { "256 MiB", "--exclude" } });
	/* an empty directory has no place */
	f->dir[16].nchildren = 0;
	assert_string_equal(offence_at(&f->t, P, NULL, buf, sizeof(buf)), "");
	f->dir[15].nchildren = MOST - 4;
	f->dir[16].nchildren = MOST;
	assert_string_equal(offence_at(&f->t, P, NULL, buf, sizeof(buf)), "");
	free(f);
	/* the first one is reported for all after it */
	f = forge(20);
	assert_int_equal(crx_tree_check(&f->t, P, &o, &err), 0);
	assert_int_equal(o.count, 1);
	assert_ptr_equal(o.list[0].node, &f->dir[16]);
	crx_offences_free(&o);
	free(f);
}

/* --- all of them --- */

static void all_are_counted_the_first_are_listed(void **state)
{
	static const size_t many[] = { 1, 19, 20, 21, 1000 };
	struct crx_err err = CRX_ERR_INIT;
	struct crx_offences o;
	struct crx_tree t;
	char name[32];
	size_t i, j;

	(void)state;
	for (i = 0; i < sizeof(many) / sizeof(many[0]); i++) {
		tree_make_init(&t);
		for (j = 0; j < many[i]; j++) {
			snprintf(name, sizeof(name), "f%06zu", j);
			tree_make_node(t.root, name, S_IFREG | 0644)->gid = 256 + (uint32_t)j;
		}
		tree_make_finish(&t);
		assert_int_equal(crx_tree_check(&t, P, &o, &err), 0);
		assert_int_equal(o.count, many[i]);
		assert_int_equal(o.listed,
				 many[i] < CRX_OFFENCES_LISTED ? many[i] : CRX_OFFENCES_LISTED);
		for (j = 0; j < o.listed; j++)
			assert_ptr_equal(o.list[j].node, t.root->child[j]);
		crx_offences_free(&o);
		crx_tree_free(&t);
	}
}

static void one_node_may_offend_several_times(void **state)
{
	struct crx_err err = CRX_ERR_INIT;
	struct crx_offences o;
	struct crx_node *n;
	struct crx_tree t = tree_of_one(S_IFREG | 0644, &n);
	char *name = malloc(301);

	(void)state;
	assert_non_null(name);
	memset(name, 'n', 300);
	name[300] = '\0';
	free(n->name);
	n->name = name;
	n->uid = 100000;
	n->gid = 1000;
	n->size = 1ull << 40;
	tree_make_finish(&t);
	assert_int_equal(crx_tree_check(&t, P, &o, &err), 0);
	assert_int_equal(o.count, 4);
	/* a later stage adds its own, and long texts are cut */
	crx_offend(&o, t.root, "%0300d", 7);
	assert_int_equal(o.count, 5);
	assert_int_equal(strlen(o.list[4].text), sizeof(o.list[4].text) - 1);
	crx_offences_free(&o);
	crx_tree_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(owners),
		cmocka_unit_test(file_sizes),
		cmocka_unit_test(link_targets),
		cmocka_unit_test(device_numbers),
		cmocka_unit_test(names),
		cmocka_unit_test(types),
		cmocka_unit_test(directory_lengths),
		cmocka_unit_test(directories_below_16_mib),
		cmocka_unit_test(directories_below_256_mib),
		cmocka_unit_test(all_are_counted_the_first_are_listed),
		cmocka_unit_test(one_node_may_offend_several_times),
	};

	return cmocka_run_group_tests_name("limits", tests, NULL, NULL);
}
