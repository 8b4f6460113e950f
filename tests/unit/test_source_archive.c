/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lib/input/source: trees from archives, as GNU tar would extract them: paths, links,
 * what is excluded, and what is dropped.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scratch.h"
#include "base/xattr.h"
#include "input/edit/dropped.h"
#include "input/source/source.h"
#include "tar_make.h"
#include "tree_show.h"
#include "archive_tree.h"

#if HAVE_LIBARCHIVE

/* --- entry by entry --- */

static void paths(void **state)
{
	struct tar_make m = { 0 };

	tar_file(&m, "./a//b/./c", "1");
	tar_dir(&m, "d//");
	tar_file(&m, "d/e", "2");
	tar_file(&m, "TRAILER!!!", "3");
	tar_file(&m, "n\xe4\xff\x01", "4");
	tar_end(&m);
	gives(*state, &m,
	      "/TRAILER!!! f 3\n/a d\n/d d\n/n\xe4\xff\x01 f 4\n/a/b d\n/d/e f 2\n/a/b/c f 1\n",
	      "");
	tar_file(&m, "/etc/x", "1");
	tar_file(&m, "//etc/y", "2");
	tar_hard(&m, "z", "/etc/x");
	tar_end(&m);
	gives(*state, &m, "/etc d\n/z f 1\n/etc/x f =/z 1\n/etc/y f 2\n",
	      "warning: 2 paths begin with '/', which is removed\n");
	tar_file(&m, "/x", "1");
	tar_end(&m);
	gives(*state, &m, "/x f 1\n", "warning: 1 path begins with '/', which is removed\n");
}

static void paths_upwards(void **state)
{
	static const char *const bad[] = { "..",     "../x", "a/../../x", "a/..",
					   "a/../b", "./..", "/..",       "x/./../y" };
	struct tar_make m = { 0 };
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		tar_dir(&m, "a");
		tar_file(&m, bad[i], "1");
		tar_end(&m);
		refused(*state, &m, CRX_EFORMAT, bad[i], "\"..\"");
		tar_file(&m, "a", "1");
		tar_hard(&m, "b", bad[i]);
		tar_end(&m);
		refused(*state, &m, CRX_EFORMAT, bad[i], "\"..\"");
	}
	/* no step up */
	tar_file(&m, "..a/...", "1");
	tar_end(&m);
	gives(*state, &m, "/..a d\n/..a/... f 1\n", "");
}

static void the_root(void **state)
{
	static const char *const names[] = { "./", ".", "/", ".//." };
	struct crx_source_opts o = { 0 };
	struct tar_make m = { 0 };
	struct result r;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		tar_put(&m, '5', names[i], NULL, NULL, 0);
		memcpy(m.bytes + 100, "0000711", 7);
		memcpy(m.bytes + 108, "0000012", 7);
		/* the sum, again */
		{
			unsigned sum = 0, k;

			memset(m.bytes + 148, ' ', 8);
			for (k = 0; k < TAR_BLOCK; k++)
				sum += m.bytes[k];
			snprintf((char *)m.bytes + 148, 8, "%06o", sum);
		}
		tar_end(&m);
		unpack_with(*state, &m, &o, &r);
		tree_is(&r.t, false, "/ d 711 10:0\n");
		end(&r);
		free(m.bytes);
		m = (struct tar_make){ 0 };
	}
	tar_put(&m, '0', "./", NULL, NULL,
		0); /* of type file, with a '/': old tars have directories so */
	tar_end(&m);
	gives(*state, &m, "", "");
	tar_link(&m, ".", "x");
	tar_end(&m);
	refused(*state, &m, CRX_EFORMAT, "root", "");
}

static void implied_parents(void **state)
{
	struct crx_source_opts o = { 0 };
	struct tar_make m = { 0 };
	struct result r;

	tar_file(&m, "a/b/c", "1");
	tar_dir(&m, "a");
	tar_end(&m);
	unpack_with(*state, &m, &o, &r);
	tree_is(&r.t, false,
		"/ d 755 0:0 implied\n/a d 755 0:0\n/a/b d 755 0:0 implied\n/a/b/c f 644 0:0 1\n");
	end(&r);
	free(m.bytes);
}

static void later_ones_replace(void **state)
{
	struct tar_make m = { 0 };

	tar_file(&m, "a", "1");
	tar_file(&m, "b", "1");
	tar_link(&m, "c", "b");
	tar_dir(&m, "d");
	tar_file(&m, "e", "1");
	tar_file(&m, "a", "22");
	tar_link(&m, "b", "x");
	tar_file(&m, "c", "3"); /* the link, not what it leads to */
	tar_file(&m, "d", "4"); /* an empty directory */
	tar_dir(&m, "e");
	tar_file(&m, "e/f", "5");
	tar_dir(&m, "e"); /* keeps what it holds */
	tar_end(&m);
	gives(*state, &m, "/a f 22\n/b l x\n/c f 3\n/d f 4\n/e d\n/e/f f 5\n", "");
	tar_file(&m, "d/x", "1");
	tar_link(&m, "d", "e");
	tar_end(&m);
	refused(*state, &m, CRX_EFORMAT, "d replaces", "not empty");
	tar_file(&m, "d/x", "1");
	tar_file(&m, "./d", "2");
	tar_end(&m);
	refused(*state, &m, CRX_EFORMAT, "./d replaces", "not empty");
	tar_file(&m, "d", "1");
	tar_file(&m, "d/x", "2");
	tar_end(&m);
	refused(*state, &m, CRX_EFORMAT, "d/x is below /d", "not a directory");
}

static void below_links(void **state)
{
	static const char *const leads_nowhere[] = { "missing",   "..",   "/",    "/etc",
						     "../../etc", "self", "file", "" };
	struct tar_make m = { 0 };
	size_t i;

	/* a merged /usr */
	tar_dir(&m, "usr/lib");
	tar_link(&m, "lib", "usr/lib");
	tar_link(&m, "lib64", "/lib");
	tar_file(&m, "lib/a", "1");
	tar_file(&m, "lib64/b", "2");
	tar_dir(&m, "./lib64/"); /* stays a link */
	tar_dir(&m, "lib/sub");
	tar_hard(&m, "c", "lib64/a");
	tar_end(&m);
	gives(*state, &m,
	      "/c f 1\n/lib l usr/lib\n/lib64 l /lib\n/usr d\n/usr/lib d\n/usr/lib/a f =/c "
	      "1\n/usr/lib/b f 2\n/usr/lib/sub d\n",
	      "");
	for (i = 0; i < sizeof(leads_nowhere) / sizeof(leads_nowhere[0]); i++) {
		const char *to = leads_nowhere[i];

		tar_file(&m, "file", "1");
		tar_link(&m, "self", to);
		tar_file(&m, "self/x", "2");
		tar_end(&m);
		/* ".." of the root is the root, and so is "/" */
		if (!strcmp(to, "..") || !strcmp(to, "/"))
			gives(*state, &m,
			      *to == '/' ? "/file f 1\n/self l /\n/x f 2\n"
					 : "/file f 1\n/self l ..\n/x f 2\n",
			      "");
		else if (*to)
			refused(*state, &m, CRX_EFORMAT, "self/x is below the symbolic link /self",
				to);
		else
			refused(*state, &m, CRX_EFORMAT,
				"self: the target of the link cannot be read", "");
	}
}

static void hard_links(void **state)
{
	struct tar_make m = { 0 };

	tar_file(&m, "a", "1");
	tar_hard(&m, "b", "a");
	tar_hard(&m, "c", "./b");
	tar_hard(&m, "a", "a"); /* itself */
	tar_link(&m, "l", "x");
	tar_hard(&m, "m", "l"); /* of a symbolic link: another one */
	tar_put(&m, '3', "null", NULL, NULL, 0);
	tar_hard(&m, "null2", "null");
	tar_end(&m);
	gives(*state, &m,
	      "/a f 1\n/b f =/a 1\n/c f =/a 1\n/l l x\n/m l x\n/null c 5,1\n/null2 c 5,1\n", "");
	/* what replaces one name leaves the others */
	tar_file(&m, "a", "1");
	tar_hard(&m, "b", "a");
	tar_file(&m, "a", "2");
	tar_hard(&m, "c", "b");
	tar_end(&m);
	gives(*state, &m, "/a f 2\n/b f 1\n/c f =/b 1\n", "");
	tar_hard(&m, "b", "a");
	tar_file(&m, "a", "1");
	tar_end(&m);
	refused(*state, &m, CRX_EFORMAT, "b is a hard link to a", "not an earlier entry");
	tar_hard(&m, "b", "no/where");
	tar_end(&m);
	refused(*state, &m, CRX_EFORMAT, "b is a hard link to no/where", "not an earlier entry");
	tar_dir(&m, "d");
	tar_hard(&m, "b", "d");
	tar_end(&m);
	refused(*state, &m, CRX_EFORMAT, "b is a hard link to d", "a directory");
	tar_file(&m, "a", "1");
	tar_file(&m, "d/x", "1");
	tar_hard(&m, "d", "a");
	tar_end(&m);
	refused(*state, &m, CRX_EFORMAT, "d replaces", "not empty");
}

/* --- cpio --- */

static void cpio_links(void **state)
{
	struct tar_make m = { 0 };

	/* the data comes with the last name */
	cpio_put(&m, ".", S_IFDIR | 0700, 1, 3, NULL);
	cpio_put(&m, "a", S_IFREG | 0640, 9, 3, NULL);
	cpio_put(&m, "d", S_IFDIR | 0755, 5, 2, NULL);
	cpio_put(&m, "e", S_IFDIR | 0755, 5, 2, NULL); /* no link: a directory */
	cpio_put(&m, "d/b", S_IFREG | 0640, 9, 3, NULL);
	cpio_put(&m, "c", S_IFREG | 0640, 9, 3, "data");
	cpio_put(&m, "sock", S_IFSOCK | 0600, 10, 1, NULL);
	cpio_put(&m, "fifo", S_IFIFO | 0600, 11, 1, NULL);
	cpio_put(&m, "null", S_IFCHR | 0600, 12, 1, NULL);
	cpio_end(&m);
	gives(*state, &m,
	      "/a f data\n/c f =/a data\n/d d\n/e d\n/fifo p\n/null c 5,1\n/sock s\n/d/b f =/a "
	      "data\n",
	      "");
	cpio_put(&m, "x", 0644, 12, 1, NULL);
	cpio_end(&m);
	refused(*state, &m, CRX_EFORMAT, "x: unknown file type", "");
}

static void cpio_excluded(void **state)
{
	static const char *const names[] = { "a", "b", "c" };
	char *const all[] = { strdup("a"), strdup("b"), strdup("c") };
	static const char *const want[] = { "/b f data\n/c f =/b data\n",
					    "/a f data\n/c f =/a data\n",
					    "/a f data\n/b f =/a data\n" };
	struct crx_source_opts o = { .exclude = { .n = 1 } };
	struct tar_make m = { 0 };
	struct result r;
	size_t i, with;

	/* with the last name, with the first, with each */
	for (with = 0; with < 3; with++) {
		m.len = 0;
		for (i = 0; i < 3; i++)
			cpio_put(&m, names[i], S_IFREG | 0640, 9, 3,
				 with == 2 || i == 2 - 2 * with ? "data" : NULL);
		cpio_end(&m);
		for (i = 0; i < 3; i++) {
			o.exclude.pattern = &all[i];
			unpack_with(*state, &m, &o, &r);
			assert_int_equal(r.ret, 0);
			tree_is(&r.t, true, want[i]);
			end(&r);
		}
	}
	for (i = 0; i < 3; i++)
		free(all[i]);
	free(m.bytes);
}

/* In pax too, data may come with a link. */
static void pax_links(void **state)
{
	char a[] = "a", *const pattern[] = { a };
	struct crx_source_opts o = { .exclude = { .pattern = pattern } };
	struct tar_make m = { 0 };
	struct result r;

	tar_file(&m, "a", "1");
	tar_pax(&m, "comment", "x", 1);
	tar_put(&m, '1', "b", "a", "2222", 4);
	tar_hard(&m, "c", "b");
	tar_end(&m);
	for (o.exclude.n = 0; o.exclude.n < 2; o.exclude.n++) {
		unpack_with(*state, &m, &o, &r);
		if (r.ret)
			fail_msg("%s", r.err.text);
		tree_is(&r.t, true,
			o.exclude.n ? "/b f 2222\n/c f =/b 2222\n"
				    : "/a f 2222\n/b f =/a 2222\n/c f =/a 2222\n");
		end(&r);
	}
	free(m.bytes);
}

/* --- what is excluded --- */

static void excluded(void **state)
{
	char skip[] = "skip/", o_files[] = "*.o", deep[] = "/a/b/c";
	char *const pattern[] = { skip, o_files, deep };
	struct crx_source_opts o = { .exclude = { .pattern = pattern, .n = 3 }, .max_size = 4096 };
	struct tar_make m = { 0 };
	struct result r;
	static char big[20 << 20];
	struct stat st;

	memset(big, 'x', sizeof(big));
	tar_put(&m, '0', "skip/big", NULL, big, 15 << 20);
	tar_put(&m, '0', "big.o", NULL, big, 15 << 20);
	tar_put(&m, '0', "a/b/c/big", NULL, big, 15 << 20);
	tar_pax(&m, "SCHILY.xattr.user.x", "1", 1);
	tar_file(&m, "a/b/c/lost", "1");
	tar_file(&m, "a/b/d", "kept");
	tar_file(&m, "skip", "no"); /* not empty */
	tar_end(&m);
	unpack_with(*state, &m, &o, &r);
	assert_int_equal(r.ret, CRX_EFORMAT);
	end(&r);
	m.len -= 2 * TAR_BLOCK + 2 * TAR_BLOCK;
	tar_file(&m, "x/skip", "a file");
	tar_hard(&m, "h", "a/b/d");
	tar_hard(&m, "h.o", "big.o"); /* excluded as well */
	tar_end(&m);
	unpack_with(*state, &m, &o, &r);
	if (r.ret)
		fail_msg("%s", r.err.text);
	tree_is(&r.t, true, "/a d\n/h f kept\n/x d\n/a/b d\n/x/skip f a file\n/a/b/d f =/h kept\n");
	assert_string_equal(r.k.text, "");
	/* nothing of it came to the disk: the spool is the newest descriptor */
	{
		int fd, last = -1;

		for (fd = 3; fd < 64; fd++)
			if (!fstat(fd, &st) && S_ISREG(st.st_mode) && !st.st_nlink)
				last = fd;
		assert_true(last >= 0);
		assert_int_equal(fstat(last, &st), 0);
		assert_true(st.st_size < 65536);
	}
	end(&r);
	m.len -= 2 * TAR_BLOCK;
	tar_hard(&m, "i", "big.o");
	tar_end(&m);
	unpack_with(*state, &m, &o, &r);
	assert_int_equal(r.ret, CRX_EFORMAT);
	assert_non_null(strstr(r.err.text, "i is a hard link to big.o, which a pattern excludes"));
	end(&r);
	free(m.bytes);
}

/* --- what is lost --- */

static void lost(void **state)
{
	static char acl[] = "acl", *exclude[] = { acl };
	struct crx_source_opts o = { .exclude = { .pattern = exclude, .n = 1 } };
	struct tar_make m = { 0 };
	struct result r;
	int i;

	for (i = 0; i < 5; i++) {
		char name[16];

		snprintf(name, sizeof(name), "bin/%d", i);
		tar_pax(&m, "SCHILY.xattr.security.capability",
			"\1\0\0\2\0\4\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 20);
		tar_file(&m, name, "1");
	}
	tar_pax(&m, "SCHILY.acl.access", "user::rwx,user:5:r--,group::r--,mask::r--,other::---",
		52);
	tar_file(&m, "acl", "1");
	tar_pax(&m, "RHT.security.selinux", "system_u:object_r:bin_t:s0", 26);
	tar_file(&m, "label", "1");
	tar_pax(&m, "SCHILY.xattr.user.colour", "red", 3);
	tar_dir(&m, "./");
	tar_put(&m, '1', "same", "bin/4", "", 0);
	tar_pax(&m, "SCHILY.xattr.user.colour", "red", 3);
	tar_file(&m, "label2", "1");
	tar_file(&m, "label2", "2");
	tar_end(&m);
	unpack_with(*state, &m, &o, &r);
	assert_int_equal(r.ret, 0);
	crx_dropped_report(&r.t, &r.k.log);
	/* not what is excluded or replaced; both names of a file */
	assert_string_equal(r.k.text, "warning: 6 entries have file capabilities, which cramfs "
				      "cannot hold: a program that relies on them does not work "
				      "(/same, /bin/0, /bin/1, /bin/2, /bin/3, /bin/4)\n"
				      "warning: 1 entry has SELinux labels, which cramfs cannot "
				      "hold (/label)\n"
				      "warning: 1 entry has extended attributes, which cramfs "
				      "cannot hold (/)\n");
	end(&r);
	free(m.bytes);
}

static void opaque_directories(void **state)
{
	struct crx_source_opts o = { 0 };
	struct tar_make m = { 0 };
	struct result r;

	tar_pax(&m, "SCHILY.xattr.trusted.overlay.opaque", "y", 1);
	tar_dir(&m, "a/");
	tar_pax(&m, "SCHILY.xattr.user.overlay.opaque", "n", 1);
	tar_dir(&m, "b/");
	tar_end(&m);
	unpack_with(*state, &m, &o, &r);
	assert_int_equal(r.ret, 0);
	assert_int_equal(r.t.root->child[0]->dropped, CRX_XATTR_OPAQUE);
	assert_int_equal(r.t.root->child[1]->dropped, CRX_XATTR_OTHER);
	end(&r);
	free(m.bytes);
}

static void posix_acls(void **state)
{
	struct crx_source_opts o = { 0 };
	struct tar_make m = { 0 };
	struct result r;

	tar_pax(&m, "SCHILY.acl.access", "user::rwx,user:5:r--,group::r--,mask::r--,other::---",
		52);
	tar_file(&m, "acl", "1");
	tar_end(&m);
	unpack_with(*state, &m, &o, &r);
	assert_int_equal(r.ret, 0);
	crx_dropped_report(&r.t, &r.k.log);
	assert_string_equal(r.k.text, "warning: 1 entry has ACLs, which cramfs cannot hold: only "
				      "the permission bits are stored (/acl)\n");
	end(&r);
	free(m.bytes);
}

static void large_numbers(void **state)
{
	struct crx_source_opts o = { 0 };
	struct tar_make m = { 0 };
	struct result r;

	tar_pax(&m, "uid", "70000", 5);
	tar_file(&m, "a", "1");
	tar_pax(&m, "uid", "99999999999", 11);
	tar_file(&m, "b", "1");
	tar_pax(&m, "gid", "4294967296", 10);
	tar_file(&m, "c", "1");
	tar_end(&m);
	unpack_with(*state, &m, &o, &r);
	assert_int_equal(r.ret, 0);
	tree_is(&r.t, false,
		"/ d 755 0:0 implied\n/a f 644 70000:0 1\n/b f 644 4294967295:0 1\n/c f 644 "
		"0:4294967295 1\n");
	end(&r);
	free(m.bytes);
}

#else

static void without_libarchive(void **state)
{
	struct crx_source_opts o = { 0 };
	struct crx_source src = { 0 };
	struct crx_tree t = { 0 };
	struct crx_err err = CRX_ERR_INIT;

	scratch_text(*state, "a.tar", "text");
	assert_int_equal(crx_source_open(scratch_at(*state, "a.tar"), &o, &t, &src, &err),
			 CRX_EFORMAT);
	assert_non_null(strstr(err.text, "without libarchive"));
	crx_tree_free(&t);
	crx_source_free(&src);
}

#endif

#define WITH_SCRATCH(f) cmocka_unit_test_setup_teardown(f, scratch_setup, scratch_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
#if HAVE_LIBARCHIVE
		WITH_SCRATCH(paths),
		WITH_SCRATCH(paths_upwards),
		WITH_SCRATCH(the_root),
		WITH_SCRATCH(implied_parents),
		WITH_SCRATCH(later_ones_replace),
		WITH_SCRATCH(below_links),
		WITH_SCRATCH(hard_links),
		WITH_SCRATCH(cpio_links),
		WITH_SCRATCH(cpio_excluded),
		WITH_SCRATCH(pax_links),
		WITH_SCRATCH(excluded),
		WITH_SCRATCH(lost),
		WITH_SCRATCH(posix_acls),
		WITH_SCRATCH(opaque_directories),
		WITH_SCRATCH(large_numbers),
#else
		WITH_SCRATCH(without_libarchive),
#endif
	};

	return cmocka_run_group_tests_name("source_archive", tests, NULL, NULL);
}
