/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lib/source: trees from archives, as GNU tar would extract them, and from
 * hostile ones.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "kept_log.h"
#include "scratch.h"
#include "skip.h"
#include "base/xattr.h"
#include "input/edit/lost.h"
#include "input/source/source.h"
#include "tar_make.h"
#include "tree_show.h"

#if HAVE_LIBARCHIVE

struct result {
	struct crx_tree t;
	struct crx_source s;
	struct crx_err err;
	struct kept_log k;
	int ret;
};

static void unpack_with(struct scratch *s, const struct tar_make *m,
			const struct crx_source_opts *o, struct result *r)
{
	struct crx_source_opts logged = *o;

	memset(r, 0, sizeof(*r));
	kept_begin(&r->k);
	logged.log = &r->k.log;
	scratch_put(s, "a", m->bytes, m->len);
	r->ret = crx_source_open(scratch_at(s, "a"), &logged, &r->t, &r->s, &r->err);
	assert_int_equal(r->ret, r->err.code);
}

static void end(struct result *r)
{
	crx_tree_free(&r->t);
	crx_source_free(&r->s);
}

/* m makes that tree, and says that */
static void gives(struct scratch *s, struct tar_make *m, const char *tree, const char *said)
{
	struct crx_source_opts o = { 0 };
	struct result r;

	unpack_with(s, m, &o, &r);
	if (r.ret)
		fail_msg("%s: %s", r.err.path, r.err.text);
	tree_is(&r.t, true, tree);
	assert_string_equal(r.k.text, said);
	end(&r);
	free(m->bytes);
	*m = (struct tar_make){ 0 };
}

/* m is refused, in these words among others */
static void refused(struct scratch *s, struct tar_make *m, int code, const char *a, const char *b)
{
	struct crx_source_opts o = { 0 };
	struct result r;

	unpack_with(s, m, &o, &r);
	if (r.ret != code || !strstr(r.err.text, a) || !strstr(r.err.text, b))
		fail_msg("%d: %s (not %s, %s)", r.ret, r.err.text, a, b);
	assert_non_null(strstr(r.err.path, "/a"));
	end(&r);
	free(m->bytes);
	*m = (struct tar_make){ 0 };
}

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
	      "warning: 2 paths begin with '/', which is taken off\n");
	tar_file(&m, "/x", "1");
	tar_end(&m);
	gives(*state, &m, "/x f 1\n", "warning: 1 path begins with '/', which is taken off\n");
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
	refused(*state, &m, CRX_EFORMAT, "d/x lies below /d", "no directory");
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
			refused(*state, &m, CRX_EFORMAT,
				"self/x lies below the symbolic link /self", to);
		else
			refused(*state, &m, CRX_EFORMAT, "self: its target cannot be read", "");
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
	refused(*state, &m, CRX_EFORMAT, "b is a hard link to a", "not come before");
	tar_hard(&m, "b", "no/where");
	tar_end(&m);
	refused(*state, &m, CRX_EFORMAT, "b is a hard link to no/where", "not come before");
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
	struct crx_source_opts o = { .nexcludes = 1 };
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
			o.exclude = &all[i];
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
	struct crx_source_opts o = { .exclude = pattern };
	struct tar_make m = { 0 };
	struct result r;

	tar_file(&m, "a", "1");
	tar_pax(&m, "comment", "x", 1);
	tar_put(&m, '1', "b", "a", "2222", 4);
	tar_hard(&m, "c", "b");
	tar_end(&m);
	for (o.nexcludes = 0; o.nexcludes < 2; o.nexcludes++) {
		unpack_with(*state, &m, &o, &r);
		if (r.ret)
			fail_msg("%s", r.err.text);
		tree_is(&r.t, true,
			o.nexcludes ? "/b f 2222\n/c f =/b 2222\n"
				    : "/a f 2222\n/b f =/a 2222\n/c f =/a 2222\n");
		end(&r);
	}
	free(m.bytes);
}

/* --- what is left out --- */

static void excluded(void **state)
{
	char skip[] = "skip/", o_files[] = "*.o", deep[] = "/a/b/c";
	char *const pattern[] = { skip, o_files, deep };
	struct crx_source_opts o = { .exclude = pattern, .nexcludes = 3, .max_size = 4096 };
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

static void a_pattern_too_long(void **state)
{
	char *pattern = calloc(1, 5000);
	struct crx_source_opts o = { .exclude = &pattern, .nexcludes = 1 };
	struct tar_make m = { 0 };
	struct result r;

	memset(pattern, 'x', 4999);
	tar_end(&m);
	unpack_with(*state, &m, &o, &r);
	assert_int_equal(r.ret, CRX_EARG);
	end(&r);
	free(m.bytes);
	free(pattern);
}

/* --- what is lost --- */

static void lost(void **state)
{
	static char acl[] = "acl", *exclude[] = { acl };
	struct crx_source_opts o = { .exclude = exclude, .nexcludes = 1 };
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
	crx_lost_tell(&r.t, &r.k.log);
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
	assert_int_equal(r.t.root->child[0]->lost, CRX_XATTR_OPAQUE);
	assert_int_equal(r.t.root->child[1]->lost, CRX_XATTR_OTHER);
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
	crx_lost_tell(&r.t, &r.k.log);
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

/* --- sizes --- */

static void too_large_files(void **state)
{
	struct crx_source_opts o = { 0 };
	struct tar_make m = { 0 };
	static char big[1 << 24];
	struct result r;

	big[0] = big[(1 << 24) - 2] = 'x';
	tar_put(&m, '0', "fits", NULL, big, (1 << 24) - 1);
	tar_put(&m, '0', "not", NULL, big, 1 << 24);
	tar_file(&m, "z", "1");
	tar_end(&m);
	unpack_with(*state, &m, &o, &r);
	assert_int_equal(r.ret, 0);
	assert_int_equal(r.t.root->child[0]->size, (1 << 24) - 1);
	assert_int_equal(r.t.root->child[1]->size, 1 << 24);
	assert_null(r.t.root->child[1]->content.ops);
	{
		char *got = tree_contents(r.t.root->child[0]);

		assert_memory_equal(got, big, (1 << 24) - 1);
		free(got);
	}
	end(&r);
	free(m.bytes);
}

static void bombs(void **state)
{
	struct crx_source_opts o = { .max_size = 16384, .page_size = 4096 };
	struct tar_make m = { 0 };
	static char zeros[8 << 20];
	char name[32];
	struct result r;
	int i;

	/* 4,096 pages are as many as 16,384 bytes hold pointers for */
	tar_put(&m, '0', "a", NULL, zeros, 8 << 20);
	tar_put(&m, '0', "b", NULL, zeros, 8 << 20);
	tar_end(&m);
	unpack_with(*state, &m, &o, &r);
	assert_int_equal(r.ret, 0);
	end(&r);
	m.len -= 2 * TAR_BLOCK;
	tar_file(&m, "c", "1");
	tar_end(&m);
	unpack_with(*state, &m, &o, &r);
	assert_int_equal(r.ret, CRX_EBIG);
	assert_non_null(strstr(r.err.text, "16384 bytes"));
	end(&r);
	o.page_size = 65536;
	unpack_with(*state, &m, &o, &r);
	assert_int_equal(r.ret, 0);
	end(&r);
	free(m.bytes);
	/* one file of which nothing is kept: its size is enough, and its data need not be there */
	o.page_size = 4096;
	m = (struct tar_make){ 0 };
	tar_put(&m, '0', "huge", NULL, NULL, (16 << 20) + 1);
	unpack_with(*state, &m, &o, &r);
	assert_int_equal(r.ret, CRX_EBIG);
	end(&r);
	o.lossy = true;
	unpack_with(*state, &m, &o, &r);
	assert_int_equal(r.ret, CRX_EFORMAT);
	end(&r);
	o.lossy = false;
	free(m.bytes);
	m = (struct tar_make){ 0 };
	for (i = 0; i < 1025; i++) {
		if (i == 1024) {
			tar_end(&m);
			unpack_with(*state, &m, &o, &r);
			assert_int_equal(r.ret, 0);
			end(&r);
			m.len -= 2 * TAR_BLOCK;
		}
		snprintf(name, sizeof(name), "%d", i);
		tar_dir(&m, name);
	}
	unpack_with(*state, &m, &o, &r);
	assert_int_equal(r.ret, CRX_EBIG);
	end(&r);
	free(m.bytes);
}

/* What patterns take is not counted, however often it comes, and as what. */
static void excluded_bombs(void **state)
{
	static char files[] = "*.o", dirs[] = "d*/", *patterns[] = { files, dirs };
	struct crx_source_opts o = { .max_size = 16384, .exclude = patterns, .nexcludes = 2 };
	struct tar_make m = { 0 };
	struct result r;
	char name[32];
	int i, too_many;

	for (too_many = 0; too_many < 2; too_many++) {
		for (i = 0; i < 2000; i++) {
			snprintf(name, sizeof(name), i % 2 ? "%d.o" : "d%d/x", i * 3 / 4);
			tar_file(&m, name, "1");
		}
		for (i = 0; i < 1023; i++) {
			tar_file(&m, "d", "");
			tar_dir(&m, "d");
			snprintf(name, sizeof(name), "%d", i);
			tar_file(&m, name, "");
		}
		tar_file(&m, "d", "");
		if (too_many)
			tar_file(&m, "e", "");
		tar_end(&m);
		unpack_with(*state, &m, &o, &r);
		assert_int_equal(r.ret, too_many ? CRX_EBIG : 0);
		end(&r);
		free(m.bytes);
		m = (struct tar_make){ 0 };
	}
}

/* A path of 60,000 parts; and one that is too long. */
static void deep(void **state)
{
	struct crx_source_opts o = { 0 };
	struct tar_make m = { 0 };
	static char path[70001];
	struct result r;
	size_t i;

	for (i = 0; i < 60000; i += 2)
		memcpy(path + i, "d/", 2);
	path[59999] = 'f';
	tar_pax(&m, "path", path, 60000);
	tar_file(&m, "x", "1");
	tar_end(&m);
	unpack_with(*state, &m, &o, &r);
	assert_int_equal(r.ret, 0);
	assert_int_equal(r.t.nnodes, 30001);
	end(&r);
	free(m.bytes);
	m = (struct tar_make){ 0 };
	memset(path, 'p', 70000);
	tar_pax(&m, "path", path, 70000);
	tar_file(&m, "x", "1");
	tar_end(&m);
	refused(*state, &m, CRX_EFORMAT, "65535", "ppp");
}

/* --- truncation --- */

static void truncated(void **state)
{
	struct scratch *s = *state;
	struct crx_source_opts o = { 0 };
	struct tar_make m = { 0 }, cut;
	struct result r;
	char text[1400];
	size_t i;

	memset(text, 't', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	tar_dir(&m, "d");
	tar_file(&m, "d/a", text);
	tar_link(&m, "l", "d");
	tar_pax(&m, "path", "long/er", 7);
	tar_file(&m, "x", text);
	tar_hard(&m, "h", "d/a");
	tar_end(&m);
	for (i = 0; i <= m.len; i += 64) {
		cut = (struct tar_make){ m.bytes, i };
		unpack_with(s, &cut, &o, &r);
		/* one block of the mark of the end is enough to know that all is there */
		assert_int_equal(r.ret, i < m.len - TAR_BLOCK ? CRX_EFORMAT : 0);
		if (!r.ret)
			assert_string_equal(r.k.text, "");
		end(&r);
	}
	free(m.bytes);
}

/* Every byte of a small archive, changed: no crash, no leak. */
static void damaged(void **state)
{
	struct scratch *s = *state;
	struct crx_source_opts o = { 0 };
	struct tar_make m = { 0 };
	struct result r;
	size_t i;

	cpio_put(&m, "d", S_IFDIR | 0755, 5, 2, NULL);
	cpio_put(&m, "d/a", S_IFREG | 0755, 6, 2, NULL);
	cpio_put(&m, "b", S_IFREG | 0755, 6, 2, "text");
	cpio_put(&m, "l", S_IFLNK | 0755, 7, 1, "d");
	cpio_put(&m, "l/x", S_IFREG | 0755, 8, 1, "more");
	cpio_end(&m);
	for (i = 0; i < m.len; i++) {
		uint8_t was = m.bytes[i];

		m.bytes[i] = (uint8_t)(was ^ (1u << i % 8));
		unpack_with(s, &m, &o, &r);
		end(&r);
		m.bytes[i] = was;
	}
	free(m.bytes);
}

/* --- other tools --- */

static bool run(struct scratch *s, const char *command)
{
	char line[8192];

	snprintf(line, sizeof(line), "cd '%s' && { %s; } >/dev/null 2>&1", s->dir, command);
	return system(line) == 0;
}

static uint32_t next_random(uint32_t *x)
{
	*x = *x * 1664525u + 1013904223u;
	return *x >> 8;
}

/* Directories, files with holes, links of both kinds, FIFOs, odd names. */
/* What libarchive would pass over to go on behind it */
static void damage_that_is_passed_over(void **state)
{
	struct tar_make m = { 0 };

	cpio_put(&m, "a", S_IFREG | 0755, 6, 1, "1");
	tar_raw(&m, "x", 1, 1);
	cpio_put(&m, "b", S_IFREG | 0755, 7, 1, "2");
	cpio_end(&m);
	refused(*state, &m, CRX_EFORMAT, "b: ", "Skipped");
	tar_pax(&m, "path", "long/er", 7);
	m.bytes[TAR_BLOCK] = 'x';
	tar_file(&m, "x", "1");
	tar_end(&m);
	refused(*state, &m, CRX_EFORMAT, "x: ", "pax");
}

static void random_tree(struct scratch *s, uint32_t seed)
{
	char dirs[12][160] = { "tree" }, path[200], to[200], text[9000];
	size_t ndirs = 1, i, nfiles = 0;
	uint32_t x = seed;

	scratch_mkdir(s, "tree");
	for (i = 0; i < 40; i++) {
		uint32_t what = next_random(&x) % 10, len = next_random(&x) % sizeof(text);

		snprintf(path, sizeof(path), "%.140s/%s%zu", dirs[next_random(&x) % ndirs],
			 what % 3 ? "n" : "\xc3\xa4\xff ", i);
		if (what < 2 && ndirs < 12) {
			scratch_mkdir(s, path);
			snprintf(dirs[ndirs++], sizeof(dirs[0]), "%.159s", path);
		} else if (what < 6) {
			memset(text, next_random(&x) % 2 ? 0 : 'a' + (int)(i % 26), sizeof(text));
			text[len] = 'z';
			/* some are nothing but a hole, some end in one */
			scratch_put(s, path, text, what == 5 ? 0 : len);
			if (what > 3)
				assert_int_equal(truncate(scratch_at(s, path), 200000 + (off_t)len),
						 0);
			chmod(scratch_at(s, path), (mode_t)(next_random(&x) % 07777) | 0400);
			snprintf(to, sizeof(to), "%s", path);
			nfiles++;
		} else if (what < 7 && nfiles) {
			assert_int_equal(link(scratch_at(s, to), scratch_at(s, path)), 0);
		} else if (what < 9) {
			scratch_symlink(s, what == 7 ? "n1" : "/else/where/\xff", path);
		} else {
			assert_int_equal(mkfifo(scratch_at(s, path), 0640), 0);
		}
	}
}

static void same_as_directory(struct scratch *s, const char *archive, bool links)
{
	struct crx_source_opts o = { 0 };
	struct result a = { 0 }, b = { 0 };
	char *want, *got;

	assert_int_equal(crx_source_open(scratch_at(s, "tree"), &o, &a.t, &a.s, &a.err), 0);
	if (crx_source_open(scratch_at(s, archive), &o, &b.t, &b.s, &b.err))
		fail_msg("%s: %s", archive, b.err.text);
	if (!links) {
		size_t i;

		for (i = 0; i < a.t.nnodes; i++)
			a.t.node[i]->link_ino = a.t.node[i]->link_dev = 0;
	}
	want = tree_show(&a.t, false);
	got = tree_show(&b.t, false);
	if (strcmp(want, got))
		fail_msg("%s:\n%s\nis not\n%s", archive, got, want);
	free(want);
	free(got);
	crx_tree_free(&a.t);
	crx_source_free(&a.s);
	crx_tree_free(&b.t);
	crx_source_free(&b.s);
}

static void from_other_tools(void **state)
{
	static const struct {
		const char *name, *command;
	} tools[] = {
		{ "gnu.tar", "tar --format=gnu -cf gnu.tar -C tree ." },
		{ "pax.tar.gz", "tar --format=posix -czf pax.tar.gz -C tree ." },
		{ "ustar.tar", "tar --format=ustar -cf ustar.tar -C tree ." },
		{ "sparse.tar", "tar -cSf sparse.tar -C tree ." },
		{ "sparse.pax", "tar --format=posix -cSf sparse.pax -C tree ." },
		{ "newc.cpio", "cd tree && find . | cpio -o -H newc >../newc.cpio" },
		{ "odc.cpio", "cd tree && find . | cpio -o -H odc >../odc.cpio" },
		{ "newc.cpio.xz", "xz -k newc.cpio" },
	};
	struct scratch *s = *state;
	size_t i, done = 0;
	uint32_t seed;

	for (seed = 1; seed <= 5; seed++) {
		assert_true(run(s, "rm -rf tree *.tar *.gz *.xz *.pax *.cpio"));
		random_tree(s, seed);
		for (i = 0; i < sizeof(tools) / sizeof(tools[0]); i++) {
			if (!run(s, tools[i].command))
				continue;
			same_as_directory(s, tools[i].name, true);
			done++;
		}
	}
	if (!done)
		SKIP("neither tar nor cpio can be run");
}

/* --- layers --- */

/* A layer's hard link may lead to what only a layer below has. */
static void links_to_what_is_below(void **state)
{
	struct scratch *s = *state;
	struct crx_source_opts o = { .whiteouts = true };
	struct crx_source over = { 0 }, third = { 0 };
	struct tar_make m = { 0 };
	struct result r;

	tar_file(&m, "usr/bin/box", "1");
	tar_link(&m, "bin", "usr/bin");
	tar_file(&m, "x", "5");
	tar_hard(&m, "y", "x");
	tar_put(&m, '3', "dev", NULL, NULL, 0);
	tar_end(&m);
	unpack_with(s, &m, &o, &r);
	assert_int_equal(r.ret, 0);
	free(m.bytes);
	m = (struct tar_make){ 0 };
	tar_hard(&m, "sh", "/bin/box");
	tar_hard(&m, "ls", "sh");
	tar_hard(&m, "z", "./x");
	tar_hard(&m, "bin2", "bin");
	tar_hard(&m, "dev2", "dev");
	tar_file(&m, "own", "7");
	tar_hard(&m, "own2", "own");
	tar_pax(&m, "path", "data", 4);
	tar_put(&m, '1', "data", "x", "8", 1);
	tar_file(&m, "x", "6");
	tar_hard(&m, "x2", "x");
	tar_file(&m, "usr/bin/.wh.box", "");
	tar_end(&m);
	scratch_put(s, "over", m.bytes, m.len);
	crx_tree_find(&r.t, "/x")->user = "fred"; /* as a manifest leaves it */
	if (crx_source_lay(scratch_at(s, "over"), &o, &r.t, &over, &r.err))
		fail_msg("%s", r.err.text);
	assert_string_equal(crx_tree_find(&r.t, "/z")->user, "fred");
	assert_null(crx_tree_find(&r.t, "/x")->user);
	tree_is(&r.t, true,
		"/bin l usr/bin\n/bin2 l usr/bin\n/data f 8\n/dev c 5,1\n/dev2 c 5,1\n/ls f "
		"1\n/own f 7\n/own2 f =/own 7\n/sh f =/ls 1\n/usr d\n"
		"/x f 6\n/x2 f =/x 6\n/y f 5\n/z f =/y 5\n/usr/bin d\n");
	free(m.bytes);
	m = (struct tar_make){ 0 };
	tar_hard(&m, "a", "nowhere");
	tar_end(&m);
	scratch_put(s, "third", m.bytes, m.len);
	assert_int_equal(crx_source_lay(scratch_at(s, "third"), &o, &r.t, &third, &r.err),
			 CRX_EFORMAT);
	crx_tree_free(&r.t);
	crx_source_free(&over);
	crx_source_free(&third);
	end(&r);
	free(m.bytes);
}

/* Patterns take both names of a file, in whichever layer they are; or one only. */
static void excluded_links_to_what_is_below(void **state)
{
	static char one[] = "a", *both[] = { one };
	struct scratch *s = *state;
	struct crx_source_opts o = { .exclude = both, .nexcludes = 1 };
	struct crx_source over = { 0 }, third = { 0 };
	struct tar_make m = { 0 };
	struct result r;

	tar_file(&m, "a/x", "1");
	tar_file(&m, "b", "2");
	tar_end(&m);
	unpack_with(s, &m, &o, &r);
	assert_int_equal(r.ret, 0);
	free(m.bytes);
	m = (struct tar_make){ 0 };
	tar_hard(&m, "a/y", "a/x");
	tar_hard(&m, "c/a", "a/y");
	tar_end(&m);
	scratch_put(s, "over", m.bytes, m.len);
	if (crx_source_lay(scratch_at(s, "over"), &o, &r.t, &over, &r.err))
		fail_msg("%s", r.err.text);
	tree_is(&r.t, true, "/b f 2\n/c d\n");
	free(m.bytes);
	m = (struct tar_make){ 0 };
	tar_hard(&m, "y", "a/x");
	tar_end(&m);
	scratch_put(s, "third", m.bytes, m.len);
	assert_int_equal(crx_source_lay(scratch_at(s, "third"), &o, &r.t, &third, &r.err),
			 CRX_EFORMAT);
	assert_non_null(strstr(r.err.text, "y is a hard link to a/x, which has not come before it, "
					   "nor is it below, unless a pattern excludes it there"));
	crx_tree_free(&r.t);
	crx_source_free(&over);
	crx_source_free(&third);
	end(&r);
	free(m.bytes);
}

/* A merged directory's files are still found where they are on disk. */
static void a_directory_over_an_archive(void **state)
{
	struct scratch *s = *state;
	struct crx_source_opts o = { .whiteouts = true };
	struct crx_source over = { 0 }, third = { 0 };
	struct tar_make m = { 0 };
	struct result r;

	tar_file(&m, "usr/lib/a", "1");
	tar_link(&m, "lib", "usr/lib");
	tar_file(&m, "old", "1");
	tar_file(&m, "x", "5");
	tar_hard(&m, "y", "x");
	tar_end(&m);
	unpack_with(s, &m, &o, &r);
	assert_int_equal(r.ret, 0);
	scratch_mkdir(s, "over");
	scratch_mkdir(s, "over/lib");
	scratch_text(s, "over/lib/b", "22");
	scratch_text(s, "over/lib/a", "33");
	scratch_text(s, "over/.wh.old", "");
	assert_int_equal(crx_source_lay(scratch_at(s, "over"), &o, &r.t, &over, &r.err), 0);
	free(m.bytes);
	m = (struct tar_make){ 0 };
	tar_file(&m, "lib64/c", "4");
	tar_hard(&m, "y", "lib64/c");
	tar_end(&m);
	scratch_put(s, "third", m.bytes, m.len);
	assert_int_equal(crx_source_lay(scratch_at(s, "third"), &o, &r.t, &third, &r.err), 0);
	tree_is(&r.t, true,
		"/lib l usr/lib\n/lib64 d\n/usr d\n/x f 5\n/y f 4\n/lib64/c f =/y 4\n/usr/lib "
		"d\n/usr/lib/a f 33\n/usr/lib/b f 22\n");
	crx_tree_free(&r.t);
	crx_source_free(&over);
	crx_source_free(&third);
	end(&r);
	free(m.bytes);
}

/* A directory of the caller's own comes as root's, if that is asked for; one
 * that is not all his own does not. root is someone else for that. */
static void a_directory_of_ones_own(void **state)
{
	struct scratch *s = *state;
	struct crx_source_opts o = { .squash = true };
	uid_t me = geteuid() ? geteuid() : 65534;
	int round;

	scratch_mkdir(s, "own");
	scratch_text(s, "own/f", "1");
	assert_int_equal(chmod(s->dir, 0755), 0);
	if (!geteuid()) {
		assert_int_equal(chown(scratch_at(s, "own"), me, 100), 0);
		assert_int_equal(chown(scratch_at(s, "own/f"), me, 100), 0);
	}
	for (round = 0; round < (geteuid() ? 2 : 3); round++) {
		struct tar_make m = { 0 };
		struct crx_source over = { 0 }, first = { 0 };
		struct crx_tree own = { 0 };
		bool root = !geteuid();
		struct result r;
		int ret;

		o.squash = round != 1;
		if (round == 2)
			assert_int_equal(chown(scratch_at(s, "own/f"), 0, 0), 0);
		tar_dir(&m, "./");
		tar_end(&m);
		unpack_with(s, &m, &o, &r);
		assert_int_equal(r.ret, 0);
		if (root)
			assert_int_equal(seteuid(me), 0);
		o.log = &r.k.log;
		ret = crx_source_lay(scratch_at(s, "own"), &o, &r.t, &over, &r.err);
		o.log = NULL;
		if (!ret)
			ret = crx_source_open(scratch_at(s, "own"), &o, &own, &first, &r.err);
		if (root)
			assert_int_equal(seteuid(0), 0);
		assert_int_equal(ret, 0);
		assert_int_equal(r.t.root->uid, round ? me : 0);
		assert_int_equal(r.t.root->child[0]->uid, round == 1 ? me : 0);
		assert_int_equal(r.k.n, !round);
		assert_int_equal(over.squashed, !round);
		assert_int_equal(own.root->uid, round ? me : 0);
		assert_int_equal(first.squashed, !round);
		crx_tree_free(&own);
		crx_source_free(&first);
		crx_tree_free(&r.t);
		crx_source_free(&over);
		end(&r);
		free(m.bytes);
	}
}

static void what_is_none(void **state)
{
	struct scratch *s = *state;
	struct crx_source_opts o = { 0 };
	struct tar_make m = { 0 };
	struct result r = { 0 };
	int fds = scratch_open_fds();

	tar_raw(&m, "#!/bin/sh\n", 10, 1);
	refused(s, &m, CRX_EFORMAT, "no archive", "");
	tar_raw(&m, "", 0, 1);
	refused(s, &m, CRX_EFORMAT, "empty", "");
	assert_int_equal(crx_source_open(scratch_at(s, "none"), &o, &r.t, &r.s, &r.err), CRX_EIO);
	assert_int_equal(r.err.sys_errno, ENOENT);
	crx_tree_free(&r.t);
	crx_source_free(&r.s);
	tar_end(&m);
	gives(s, &m, "", "warning: holds no entry\n");
	assert_int_equal(scratch_open_fds(), fds);
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
	struct CMUnitTest tests[] = {
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
		WITH_SCRATCH(a_pattern_too_long),
		WITH_SCRATCH(lost),
		WITH_SCRATCH(posix_acls),
		WITH_SCRATCH(opaque_directories),
		WITH_SCRATCH(large_numbers),
		WITH_SCRATCH(too_large_files),
		WITH_SCRATCH(bombs),
		WITH_SCRATCH(excluded_bombs),
		WITH_SCRATCH(deep),
		WITH_SCRATCH(truncated),
		WITH_SCRATCH(damaged),
		WITH_SCRATCH(damage_that_is_passed_over),
		WITH_SCRATCH(from_other_tools),
		WITH_SCRATCH(links_to_what_is_below),
		WITH_SCRATCH(excluded_links_to_what_is_below),
		WITH_SCRATCH(a_directory_over_an_archive),
		WITH_SCRATCH(a_directory_of_ones_own),
		WITH_SCRATCH(what_is_none),
#else
		WITH_SCRATCH(without_libarchive),
#endif
	};

	skip_in(tests);
	return cmocka_run_group_tests_name("source_archive", tests, NULL, NULL);
}
