/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lib/input/edit/dropped, lib/input/source/dir_xattrs and lib/base/xattr: which extended attributes
 * count, and what is said of them. The calls of the C library answer from a table: by path, the
 * names there are and the SELinux label.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <sys/xattr.h>

#include "base/xattr.h"
#include "kept_log.h"
#include "scratch.h"
#include "input/edit/dropped.h"
#include "input/source/dir_xattrs.h"
#include "input/source/source.h"
#include "tree_make.h"
#include "tree_show.h"

struct on_disk {
	const char *path;  /* what it ends in */
	const char *names; /* separated by spaces; NULL: the call fails */
	const char *label; /* or another value that is asked for */
	int error;
};

static const struct on_disk *disk;
static unsigned calls;

static const struct on_disk *look_up(const char *path)
{
	const struct on_disk *d;
	size_t len = strlen(path), end;

	calls++;
	for (d = disk; d && d->path; d++) {
		end = strlen(d->path);
		if (len >= end && !strcmp(path + len - end, d->path))
			return d;
	}
	return NULL;
}

ssize_t __wrap_llistxattr(const char *path, char *list, size_t size);
ssize_t __wrap_getxattr(const char *path, const char *name, void *value, size_t size);
ssize_t __wrap_lgetxattr(const char *path, const char *name, void *value, size_t size);

ssize_t __wrap_llistxattr(const char *path, char *list, size_t size)
{
	const struct on_disk *d = look_up(path);
	size_t i, len;

	if (!d)
		return 0;
	if (!d->names) {
		errno = d->error;
		return -1;
	}
	len = *d->names ? strlen(d->names) + 1 : 0;
	assert_true(len <= size);
	for (i = 0; i < len; i++)
		list[i] = d->names[i] == ' ' ? '\0' : d->names[i];
	return (ssize_t)len;
}

ssize_t __wrap_lgetxattr(const char *path, const char *name, void *value, size_t size)
{
	const struct on_disk *d = look_up(path);

	assert_true(!strcmp(name, "security.selinux") || strstr(name, ".overlay.opaque"));
	if (!d || !d->label) {
		errno = ENODATA;
		return -1;
	}
	assert_true(strlen(d->label) <= size);
	memcpy(value, d->label, strlen(d->label));
	return (ssize_t)strlen(d->label);
}

ssize_t __wrap_getxattr(const char *path, const char *name, void *value, size_t size)
{
	return __wrap_lgetxattr(path, name, value, size);
}

/* --- names --- */

static void kinds(void **state)
{
	(void)state;
	assert_int_equal(crx_xattr_kind("security.capability"), CRX_XATTR_CAPABILITY);
	assert_int_equal(crx_xattr_kind("security.selinux"), CRX_XATTR_SELINUX);
	assert_int_equal(crx_xattr_kind("system.posix_acl_access"), CRX_XATTR_ACL);
	assert_int_equal(crx_xattr_kind("system.posix_acl_default"), CRX_XATTR_ACL);
	assert_int_equal(crx_xattr_kind("system.nfs4_acl"), CRX_XATTR_ACL);
	assert_int_equal(crx_xattr_kind("user.security.capability"), CRX_XATTR_OTHER);
	assert_int_equal(crx_xattr_kind("security.capabilit"), CRX_XATTR_OTHER);
	assert_int_equal(crx_xattr_kind("security.capability2"), CRX_XATTR_OTHER);
	assert_int_equal(crx_xattr_kind(""), CRX_XATTR_OTHER);
	assert_int_equal(crx_xattr_kind("trusted.overlay.opaque"), CRX_XATTR_OPAQUE);
	assert_int_equal(crx_xattr_kind("user.overlay.opaque"), CRX_XATTR_OPAQUE);
	assert_int_equal(crx_xattr_kind("trusted.overlay.redirect"), CRX_XATTR_OTHER);
	assert_int_equal(crx_xattr_opaque("y", 1), CRX_XATTR_OPAQUE);
	assert_int_equal(crx_xattr_opaque("x", 1), CRX_XATTR_OTHER);
	assert_int_equal(crx_xattr_opaque("yy", 2), CRX_XATTR_OTHER);
	assert_int_equal(crx_xattr_opaque("y", 0), CRX_XATTR_OTHER);
}

/* --- on disk --- */

static unsigned ask(const struct on_disk *d, const char *path)
{
	struct crx_err err = CRX_ERR_INIT;
	struct crx_dir_xattrs l;
	unsigned got;

	disk = d;
	assert_int_equal(crx_dir_xattrs_open(&l, "root", &err), 0);
	got = crx_dir_xattrs_find(&l, path, 1);
	crx_dir_xattrs_close(&l);
	crx_dir_xattrs_close(&l);
	disk = NULL;
	return got;
}

static void what_counts(void **state)
{
	static const struct {
		const char *names;
		unsigned want;
	} cases[] = {
		{ "", 0 },
		{ "security.capability", CRX_XATTR_CAPABILITY },
		{ "user.colour", CRX_XATTR_OTHER },
		{ "trusted.overlay.origin", CRX_XATTR_OTHER },
		{ "security.ima", CRX_XATTR_OTHER },
		{ "system.posix_acl_default", CRX_XATTR_ACL },
		{ "system.nfs4_acl system.cifs_acl btrfs.compression lustre.lov", 0 },
		{ "system.nfs4_acl user.a security.capability",
		  CRX_XATTR_OTHER | CRX_XATTR_CAPABILITY },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct on_disk d[] = { { "root/f", cases[i].names, NULL, 0 }, { 0 } };

		assert_int_equal(ask(d, "root/f"), cases[i].want);
	}
}

static void opaque_directories(void **state)
{
	static const struct on_disk d[] = {
		{ "root/yes", "user.overlay.opaque user.a", "y", 0 },
		{ "root/no", "trusted.overlay.opaque", "n", 0 },
		{ "root/gone", "trusted.overlay.opaque", NULL, 0 },
		{ 0 },
	};
	struct crx_tree t;
	struct kept_log k;

	(void)state;
	assert_int_equal(ask(d, "root/yes"), CRX_XATTR_OPAQUE | CRX_XATTR_OTHER);
	assert_int_equal(ask(d, "root/no"), CRX_XATTR_OTHER);
	assert_int_equal(ask(d, "root/gone"), CRX_XATTR_OTHER);
	/* where nobody honours it, it is one attribute more that is lost */
	tree_make_init(&t);
	tree_make_dir(t.root, "d")->dropped = CRX_XATTR_OPAQUE;
	tree_make_finish(&t);
	kept_begin(&k);
	crx_dropped_report(&t, &k.log);
	assert_string_equal(k.text, "warning: 1 entry has extended attributes, which cramfs "
				    "cannot hold (/d)\n");
	crx_tree_free(&t);
}

static void inherited_labels(void **state)
{
	static const struct on_disk d[] = {
		{ "root/mine", "security.selinux", "user_home_t", 0 },
		{ "root/longer", "security.selinux", "user_home_t2", 0 },
		{ "root/bin", "security.selinux", "bin_t", 0 },
		{ "root", "", "user_home_t", 0 },
		{ 0 },
	};
	static const struct on_disk bare[] = { { "root/bin", "security.selinux", "bin_t", 0 },
					       { "root/gone", "security.selinux", NULL, 0 },
					       { 0 } };

	(void)state;
	assert_int_equal(ask(d, "root/mine"), 0);
	assert_int_equal(ask(d, "root/longer"), CRX_XATTR_SELINUX);
	assert_int_equal(ask(d, "root/bin"), CRX_XATTR_SELINUX);
	/* no label on the directory itself */
	assert_int_equal(ask(bare, "root/bin"), CRX_XATTR_SELINUX);
	assert_int_equal(ask(bare, "root/gone"), CRX_XATTR_SELINUX);
}

static void file_systems_without(void **state)
{
	static const struct on_disk d[] = { { "none", NULL, NULL, ENOTSUP },
					    { "secret", NULL, NULL, EACCES },
					    { "f", "user.a", NULL, 0 },
					    { 0 } };
	struct crx_err err = CRX_ERR_INIT;
	struct crx_dir_xattrs l;

	(void)state;
	disk = d;
	assert_int_equal(crx_dir_xattrs_open(&l, "root", &err), 0);
	assert_int_equal(crx_dir_xattrs_find(&l, "secret", 1), 0);
	assert_int_equal(crx_dir_xattrs_find(&l, "f", 1), CRX_XATTR_OTHER);
	/* asked once; another one is mounted below */
	assert_int_equal(crx_dir_xattrs_find(&l, "none", 1), 0);
	calls = 0;
	assert_int_equal(crx_dir_xattrs_find(&l, "f", 1), 0);
	assert_int_equal(calls, 0);
	assert_int_equal(crx_dir_xattrs_find(&l, "f", 2), CRX_XATTR_OTHER);
	crx_dir_xattrs_close(&l);
	disk = NULL;
}

/* --- a directory as source --- */

static void a_directory(void **state)
{
	static const struct on_disk d[] = {
		{ "/src/", "system.posix_acl_default", NULL, 0 },
		{ "/src/link", "security.selinux", "x", 0 },
		{ "/src/sub/f", "security.capability", NULL, 0 },
		{ "/src/sub", "user.a", NULL, 0 },
		{ 0 },
	};
	struct scratch *s = *state;
	struct crx_err err = CRX_ERR_INIT;
	struct crx_source src = { 0 };
	struct crx_tree t = { 0 };
	struct kept_log k;

	scratch_mkdir(s, "src");
	scratch_mkdir(s, "src/sub");
	scratch_text(s, "src/sub/f", "x");
	scratch_text(s, "src/sub/plain", "x");
	scratch_symlink(s, "sub", "src/link");
	kept_begin(&k);
	disk = d;
	assert_int_equal(crx_source_dir(scratch_at(s, "src"), &(struct crx_source_opts){ 0 }, &t,
					&src, &err),
			 0);
	disk = NULL;
	crx_dropped_report(&t, &k.log);
	assert_string_equal(k.text, "warning: 1 entry has file capabilities, which cramfs cannot "
				    "hold: a program that relies on them does not work (/sub/f)\n"
				    "warning: 1 entry has SELinux labels, which cramfs cannot "
				    "hold (/link)\n"
				    "warning: 1 entry has ACLs, which cramfs cannot hold: only "
				    "the permission bits are stored (/)\n"
				    "warning: 1 entry has extended attributes, which cramfs "
				    "cannot hold (/sub)\n");
	assert_int_equal(k.log.warnings, 4);
	crx_tree_free(&t);
	crx_source_free(&src);
}

/* Longer than a path may be: no file is omitted. */
static void deep_directories(void **state)
{
	static const struct on_disk d[] = { { "/deepest", "user.a", NULL, 0 }, { 0 } };
	struct scratch *s = *state;
	struct crx_err err = CRX_ERR_INIT;
	struct crx_source src = { 0 };
	struct crx_tree t = { 0 };
	char name[201];
	int i, fd = dup(s->fd), next;
	size_t marked = 0, n;

	memset(name, 'd', 200);
	name[200] = '\0';
	for (i = 0; i < 30; i++) {
		assert_int_equal(mkdirat(fd, name, 0777), 0);
		next = openat(fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		close(fd);
		fd = next;
		assert_true(fd >= 0);
	}
	assert_int_equal(mkdirat(fd, "deepest", 0777), 0);
	close(fd);
	disk = d;
	assert_int_equal(crx_source_dir(s->dir, &(struct crx_source_opts){ 0 }, &t, &src, &err), 0);
	disk = NULL;
	for (n = 0; n < t.nnodes; n++)
		marked += t.node[n]->dropped != 0;
	assert_int_equal(marked, 1);
	assert_int_equal(t.node[t.nnodes - 1]->dropped, CRX_XATTR_OTHER);
	crx_tree_free(&t);
	crx_source_free(&src);
}

/* --- what is reported --- */

static void report_is(struct crx_tree *t, const char *want)
{
	struct kept_log k;

	tree_make_finish(t);
	kept_begin(&k);
	crx_dropped_report(t, &k.log);
	assert_string_equal(k.text, want);
	crx_dropped_report(t, NULL);
	crx_tree_free(t);
}

static void nothing_is_lost(void **state)
{
	struct crx_tree t;

	(void)state;
	tree_make_init(&t);
	tree_make_dir(t.root, "d");
	report_is(&t, "");
}

/* Twenty at most; and none after one that does not fit, however short. */
static void many(void **state)
{
	static const char capability[] = " entries have file capabilities, which cramfs cannot "
					 "hold: a program that relies on them does not work (";
	char want[2048], name[252];
	struct crx_tree t;
	int i, at;

	(void)state;
	tree_make_init(&t);
	at = snprintf(want, sizeof(want), "warning: 21%s", capability);
	for (i = 0; i < 21; i++) {
		snprintf(name, sizeof(name), "%02d", i);
		tree_make_dir(t.root, name)->dropped = CRX_XATTR_CAPABILITY;
		if (i < 20)
			at += snprintf(want + at, sizeof(want) - (size_t)at, "%s/%s", i ? ", " : "",
				       name);
	}
	snprintf(want + at, sizeof(want) - (size_t)at, ", ...)\n");
	report_is(&t, want);

	tree_make_init(&t);
	at = snprintf(want, sizeof(want), "warning: 5%s", capability);
	memset(name, 'x', 250);
	for (i = 0; i < 4; i++) {
		snprintf(name + 249, 2, "%d", i);
		tree_make_dir(t.root, name)->dropped = CRX_XATTR_CAPABILITY;
		if (i < 2)
			at += snprintf(want + at, sizeof(want) - (size_t)at, "%s/%s", i ? ", " : "",
				       name);
	}
	snprintf(want + at, sizeof(want) - (size_t)at, ", ...)\n");
	tree_make_dir(t.root, "y")->dropped = CRX_XATTR_CAPABILITY;
	report_is(&t, want);
}

/* The last that fits in 699 bytes, and the first that does not. */
static void exact_fit(void **state)
{
	char name[252];
	struct crx_tree t;
	struct kept_log k;
	int extra, i;

	(void)state;
	for (extra = 0; extra < 2; extra++) {
		tree_make_init(&t);
		for (i = 0; i < 3; i++) {
			memset(name, 'a' + i, sizeof(name));
			name[i < 2 ? 250 : 699 - 2 * (251 + 2) - 1 + extra] = '\0';
			tree_make_dir(t.root, name)->dropped = CRX_XATTR_ACL;
		}
		tree_make_finish(&t);
		kept_begin(&k);
		crx_dropped_report(&t, &k.log);
		assert_int_equal(strstr(k.text, "c)\n") != NULL, !extra);
		assert_int_equal(strstr(k.text, "b, ...)\n") != NULL, extra);
		crx_tree_free(&t);
	}
}

/* A path that is too long by itself is cut at its start, not omitted. */
static void one_long_path(void **state)
{
	struct crx_node *n;
	char name[253];
	struct crx_tree t;
	struct kept_log k;
	int i;

	(void)state;
	memset(name, 'x', 252);
	name[252] = '\0';
	tree_make_init(&t);
	for (n = t.root, i = 0; i < 8; i++)
		n = tree_make_dir(n, name);
	n = tree_make_dir(n, "end");
	n->dropped = CRX_XATTR_OTHER;
	tree_make_finish(&t);
	kept_begin(&k);
	crx_dropped_report(&t, &k.log);
	assert_non_null(strstr(k.text, "warning: 1 entry has extended attributes, which cramfs "
				       "cannot hold (.../xxx"));
	assert_string_equal(k.text + strlen(k.text) - 7, "x/end)\n");
	crx_tree_free(&t);
}

#define WITH_SCRATCH(f) cmocka_unit_test_setup_teardown(f, scratch_setup, scratch_teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(kinds),
		cmocka_unit_test(what_counts),
		cmocka_unit_test(inherited_labels),
		cmocka_unit_test(opaque_directories),
		cmocka_unit_test(file_systems_without),
		WITH_SCRATCH(a_directory),
		WITH_SCRATCH(deep_directories),
		cmocka_unit_test(nothing_is_lost),
		cmocka_unit_test(many),
		cmocka_unit_test(exact_fit),
		cmocka_unit_test(one_long_path),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
