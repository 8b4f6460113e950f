/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lib/input/source/mtree: manifests, as a source and over another tree.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "kept_log.h"
#include "scratch.h"
#include "input/source/source.h"
#include "tree_show.h"

/* It can be said of every file. */
static bool is_file(const char *path)
{
	struct crx_err err = CRX_ERR_INIT;
	bool is = false;

	assert_int_equal(crx_source_is_file(path, &is, &err), 0);
	return is;
}

struct result {
	struct crx_tree t;
	struct crx_source base, s;
	struct crx_err err;
	struct kept_log k;
	int ret;
};

static int setup(void **state)
{
	int ret = scratch_setup(state);
	struct scratch *s = *state;

	if (ret)
		return ret;
	scratch_mkdir(s, "base");
	scratch_mkdir(s, "base/bin");
	scratch_text(s, "base/bin/su", "su");
	chmod(scratch_at(s, "base/bin/su"), 0755);
	scratch_symlink(s, "bin", "base/sbin");
	scratch_mkdir(s, "etc");
	scratch_text(s, "etc/passwd", "root");
	scratch_text(s, "other", "12345");
	scratch_symlink(s, "other", "link");
	scratch_symlink(s, "etc", "dirlink");
	return 0;
}

/* The manifest over the base directory, or on its own. */
static void apply(struct scratch *s, const char *text, bool over, struct result *r)
{
	struct crx_source_opts o = { 0 };
	size_t i;

	*r = (struct result){ .err = CRX_ERR_INIT };
	kept_begin(&r->k);
	scratch_text(s, "m", text);
	assert_true(is_file(scratch_at(s, "m")));
	if (!over) {
		r->ret = crx_source_open(scratch_at(s, "m"), &o, &r->t, &r->s, &r->err);
		return;
	}
	assert_int_equal(crx_source_dir(scratch_at(s, "base"), &o, &r->t, &r->base, &r->err), 0);
	for (i = 0; i < r->t.nnodes; i++)
		r->t.node[i]->uid = r->t.node[i]->gid = 1;
	r->ret = crx_source_overlay(scratch_at(s, "m"), &o, &r->t, &r->s, &r->err);
}

static void end(struct result *r)
{
	crx_tree_free(&r->t);
	crx_source_free(&r->base);
	crx_source_free(&r->s);
}

static void gives(struct scratch *s, const char *text, bool over, const char *want)
{
	struct result r;

	apply(s, text, over, &r);
	if (r.ret)
		fail_msg("%s: %s", text, r.err.text);
	assert_string_equal(r.k.text, "");
	tree_is(&r.t, false, want);
	end(&r);
}

static void refused(struct scratch *s, const char *text, bool over, int code, const char *why)
{
	char said[CRX_ERR_PATH_MAX + CRX_ERR_TEXT_MAX + 2];
	struct result r;

	apply(s, text, over, &r);
	snprintf(said, sizeof(said), "%s: %s", r.err.path, r.err.text);
	if (r.ret != code || !strstr(said, why))
		fail_msg("%s: %d: %s (not %s)", text, r.ret, said, why);
	assert_non_null(strstr(r.err.path, "/m"));
	end(&r);
}

#define BASE_ROOT "/ d 755 1:1\n/bin d 755 1:1\n/sbin l bin\n"

static void as_a_source(void **state)
{
	/* a whole manifest: directories are entered and left */
	gives(*state,
	      "#mtree v2.0\n"
	      "/set type=file uid=3 gid=4 mode=0640 nlink=1\n"
	      ". type=dir mode=0711\n"
	      "    etc type=dir uid=0 gid=0 mode=0755\n"
	      "        passwd \\\n"
	      "            mode=0600 sha256digest=00\n"
	      "    ..\n"
	      "dev type=dir mode=0755\n"
	      "# a comment\n"
	      "\n"
	      "null type=char device=native,1,3 mode=0666\n"
	      "sda type=block device=linux,8,0x10\n"
	      "pipe type=fifo\n"
	      "sock type=socket\n"
	      "..\n"
	      "l type=link link=a\\040b\\\\ mode=0777\n"
	      "n\\303\\244\\sx contents=other\n"
	      "/unset uid gid mode\n"
	      "later contents=./etc//passwd\n",
	      false,
	      "/ d 711 3:4\n/dev d 755 3:4\n/etc d 755 0:0\n/l l a b\\\n/later f 644 0:0 "
	      "root\n/n\xc3\xa4 x f 640 3:4 12345\n"
	      "/dev/null c 666 3:4 1,3\n/dev/pipe p 640 3:4\n/dev/sda b 640 3:4 8,16\n/dev/sock s "
	      "640 3:4\n/etc/passwd f 600 3:4 root\n");
	/* full paths, parents without a line, owners by the one name that is known */
	gives(*state,
	      "#mtree\n./a/b/c type=dir uname=root gname=root mode=1777\n./a type=dir "
	      "uid=5\n./etc/passwd type=file uid=9 uname=fred gname=x gid=8 optional\n"
	      "gone type=file optional\n",
	      false,
	      "/ d 755 0:0\n/a d 755 5:0\n/etc d 755 0:0 implied\n/a/b d 755 0:0 "
	      "implied\n/etc/passwd f 644 9:8 root\n/a/b/c d 1777 0:0\n");
}

/* Names without '/' are in the latest directory, wherever a link or "." led to it. */
static void the_latest_directory(void **state)
{
	gives(*state,
	      "#mtree\n. type=dir\na type=dir\nb type=dir\n..\n. type=dir\nc type=fifo\n..\n"
	      "d type=fifo\n./a/e type=dir\nf type=fifo\n..\ng type=fifo\n..\n..\nh type=fifo\n",
	      false,
	      "/ d 755 0:0\n/a d 755 0:0\n/g p 644 0:0\n/h p 644 0:0\n/a/b d 755 0:0\n/a/c p "
	      "644 0:0\n/a/d p 644 0:0\n/a/e d 755 0:0\n/a/f p 644 0:0\n");
	gives(*state, "#mtree\nsbin type=dir\nx type=fifo\n..\ny type=fifo\n", true,
	      BASE_ROOT "/y p 644 0:0\n/bin/su f 755 1:1 su\n/bin/x p 644 0:0\n");
}

/* As deep as a path may be. In quadratic time this takes a minute. */
static void deep(void **state)
{
	enum { DEPTH = 32768 };
	static const char head[] = "#mtree\n", line[] = "a type=dir\n", up[] = "..\n";
	size_t len = sizeof(head) + DEPTH * (sizeof(line) + sizeof(up)) + 64, depth = 0;
	char *text = malloc(len), *at = text;
	struct crx_node *n;
	struct result r;
	int i;

	at += sprintf(at, "%s", head);
	for (i = 0; i < DEPTH; i++)
		at += sprintf(at, "%s", line);
	for (i = 0; i < DEPTH; i++)
		at += sprintf(at, "%s", up);
	sprintf(at, "b type=fifo\n");
	apply(*state, text, false, &r);
	assert_int_equal(r.ret, 0);
	assert_int_equal(r.t.nnodes, DEPTH + 2);
	for (n = r.t.root; n->nchildren; n = n->child[0])
		depth++;
	assert_int_equal(depth, DEPTH);
	assert_string_equal(r.t.root->child[1]->name, "b");
	end(&r);
	at = text + sprintf(text, "%s", head);
	for (i = 0; i <= DEPTH; i++)
		at += sprintf(at, "%s", line);
	refused(*state, text, false, CRX_EFORMAT, "path of more than 65535 bytes");
	free(text);
}

/* What vis(3) makes of bytes that are not text */
static void names_of_any_bytes(void **state)
{
	gives(*state,
	      "#mtree\n\\^A\\^[\\^? type=fifo\n\\M-d\\M^A\\M^?\\240\\*\\?\\[ type=link "
	      "link=^A\\^AM-d\\M-d\n",
	      false,
	      "/ d 755 0:0\n/\x01\x1b\x7f p 644 0:0\n/\xe4\x81\xff\xa0*?[ l ^A\x01M-d\xe4\n");
	refused(*state, "#mtree\nb\\M^@c\\M\n", false, CRX_EFORMAT,
		"/m:2: cannot read the name: b\\M^@c\\M");
	refused(*state, "#mtree\nb\\^\n", false, CRX_EFORMAT, "/m:2: cannot read the name: b\\^");
	refused(*state, "#mtree\nb\\^@\n", false, CRX_EFORMAT, "/m:2: cannot read the name: b\\^@");
	refused(*state, "#mtree\nb\\M-\n", false, CRX_EFORMAT, "/m:2: cannot read the name: b\\M-");
}

static void over_a_tree(void **state)
{
	gives(*state, "#mtree\n./bin/su uid=0 mode=4755\n", true,
	      BASE_ROOT "/bin/su f 4755 0:1 su\n");
	/* type= agrees, and a link to a directory is one */
	gives(*state, "#mtree\n./sbin/su type=file gid=0\n", true,
	      BASE_ROOT "/bin/su f 755 1:0 su\n");
	gives(*state, "#mtree\n./sbin type=dir mode=0700\n", true,
	      "/ d 755 1:1\n/bin d 700 1:1\n/sbin l bin\n/bin/su f 755 1:1 su\n");
	gives(*state, "#mtree\n. uid=0 gid=0\n", true,
	      "/ d 755 0:0\n/bin d 755 1:1\n/sbin l bin\n/bin/su f 755 1:1 su\n");
	gives(*state, "#mtree\n./sbin link=usr/bin\n", true,
	      "/ d 755 1:1\n/bin d 755 1:1\n/sbin l usr/bin\n/bin/su f 755 1:1 su\n");
	gives(*state, "#mtree\n./bin/su contents=other\n", true,
	      BASE_ROOT "/bin/su f 755 1:1 12345\n");
	gives(*state, "#mtree\n./bin/x type=char device=native,4,64\n", true,
	      BASE_ROOT "/bin/su f 755 1:1 su\n/bin/x c 644 0:0 4,64\n");
	refused(*state, "#mtree\n./bin/su type=dir\n", true, CRX_EFORMAT,
		"/m:2: ./bin/su: already exists, with another type");
	refused(*state, "#mtree\n\n./bin/none mode=0755\n", true, CRX_EFORMAT,
		"/m:3: ./bin/none: is not in the tree and has no type=");
	refused(*state, "#mtree\n./bin/none type=file\n", true, CRX_EIO,
		"/m:2: ./bin/none: cannot open its contents");
	refused(*state, "#mtree\n./bin/su/x type=dir\n", true, CRX_EFORMAT, "not a directory");
}

static void contents_stay_inside(void **state)
{
	static const char *const bad[] = { "../x",           "etc/../other", "link",
					   "dirlink/passwd", "etc/..",       ".." };
	struct scratch *s = *state;
	char text[200];
	size_t i;
	int fds = scratch_open_fds();

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(text, sizeof(text), "#mtree\n./f type=file contents=%s\n", bad[i]);
		refused(s, text, false, CRX_EIO, "cannot open its contents");
	}
	refused(s, "#mtree\n./f type=file contents=/etc/passwd\n", false, CRX_EFORMAT, "relative");
	refused(s, "#mtree\n./f type=file contents=etc\n", false, CRX_EFORMAT,
		"not a regular file");
	refused(s, "#mtree\n./f type=file contents=.\n", false, CRX_EFORMAT, "not a regular file");
	refused(s, "#mtree\n./link type=file\n", false, CRX_EIO, "without following a link");
	refused(s, "#mtree\n./../x type=dir\n", false, CRX_EFORMAT, "\"..\"");
	assert_int_equal(scratch_open_fds(), fds);
}

static void nonsense(void **state)
{
	static const char *const lines[] = {
		"a type=thing",
		"a type=dir mode=8",
		"a type=dir mode=10000",
		"a type=dir mode=",
		"a type=dir mode=u+x",
		"a type=dir uid=-1",
		"a type=dir uid=4294967296",
		"a type=dir gid=1x",
		"a type=char device=x",
		"a type=char device=native,1",
		"a type=char device=native,1,-1",
		"a\\0",
		"a\\",
		"a\\9 type=dir",
		"/sett type=dir",
		"a type=link link=\\000",
	};
	char text[200];
	size_t i;

	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		snprintf(text, sizeof(text), "#mtree\n%s\n", lines[i]);
		refused(*state, text, false, CRX_EFORMAT, "/m:2: ");
	}
	refused(*state, "#mtree\na type=link\n", false, CRX_EFORMAT, "without link=");
	refused(*state, "#mtree\na type=char\n", false, CRX_EFORMAT, "without device=");
	/* ".." at the root stays there */
	gives(*state, "#mtree\n..\n..\na type=dir", false, "/ d 755 0:0\n/a d 755 0:0\n");
}

static void names_of_owners(void **state)
{
	static const struct {
		const char *user, *group;
		uint32_t uid;
	} want[] = { { "fred", NULL, 0 }, { NULL, NULL, 3 },  { NULL, NULL, 0 },
		     { NULL, "x", 0 },    { "fred", "x", 0 }, { "ann", "fred", 0 } };
	struct result r;
	size_t i;

	apply(*state,
	      "#mtree\n/set uname=root\na type=dir uname=fred\n..\nb type=dir uname=fred "
	      "uid=3\n..\nc type=dir\n..\nd type=dir gname=x\n..\n"
	      "e type=dir uname=fred gname=x\n..\nf type=dir uname=ann gname=fred\n..\nd "
	      "gid=5\n..\nd gname=x\n",
	      false, &r);
	assert_int_equal(r.ret, 0);
	assert_string_equal(r.k.text, "");
	/* left in the nodes; a number is worth more than a name, the latest line most */
	for (i = 0; i < 6; i++) {
		struct crx_node *n = r.t.root->child[i];

		assert_int_equal(n->uid, want[i].uid);
		assert_int_equal(n->user != NULL, want[i].user != NULL);
		assert_int_equal(n->group != NULL, want[i].group != NULL);
		if (n->user)
			assert_string_equal(n->user, want[i].user);
		if (n->group)
			assert_string_equal(n->group, want[i].group);
	}
	end(&r);
}

static void what_is_one(void **state)
{
	static const struct {
		const char *text;
		bool is;
	} cases[] = {
		{ "#mtree\n", true },
		{ "#mtree v2.0\n. type=dir\n", true },
		{ "#\t   user: root\n#\n\n/set type=file\n", true },
		{ ". type=dir\n", true },
		{ "./a type=dir\n", true },
		{ "", false },
		{ "#!/bin/sh\n./configure\n", true },
		{ "#!/bin/sh\necho\n", false },
		{ "hello\n", false },
		{ "#\n#", false },
		{ "..\n", false },
		{ "./", false },
	};
	struct scratch *s = *state;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		scratch_text(s, "x", cases[i].text);
		if (is_file(scratch_at(s, "x")) != cases[i].is)
			fail_msg("%s", cases[i].text);
	}
	scratch_put(s, "x", "#mtree\0", 7);
	assert_false(is_file(scratch_at(s, "x")));
	assert_false(is_file(scratch_at(s, "none")));
	assert_false(is_file(s->dir));
	assert_int_equal(mkfifo(scratch_at(s, "fifo"), 0600), 0);
	assert_false(is_file(scratch_at(s, "fifo")));
}

#define WITH_SCRATCH(f) cmocka_unit_test_setup_teardown(f, setup, scratch_teardown)

/* each word of /unset takes back one of /set */
static void unset(void **state)
{
#define SET "#mtree\n. type=dir mode=0755\n/set type=file uid=3 gid=4 mode=0640 optional\n"
	gives(*state,
	      SET
	      "a contents=other\n/unset uname\nb contents=other\n/unset gname\nc contents=other\n"
	      "/unset mode nlink\nd contents=other mode=0600\n",
	      false,
	      "/ d 755 0:0\n/a f 640 3:4 12345\n/b f 640 0:4 12345\n/c f 640 0:0 12345\n"
	      "/d f 600 0:0 12345\n");
	gives(*state, SET "/unset uid\nb contents=other\n/unset gid\nc contents=other\n", false,
	      "/ d 755 0:0\n/b f 640 0:4 12345\n/c f 640 0:0 12345\n");
	gives(*state, SET "/unset all\na type=file mode=0600 contents=other\n", false,
	      "/ d 755 0:0\n/a f 600 0:0 12345\n");
	gives(*state, SET "gone contents=nowhere\n", false, "/ d 755 0:0\n");
	refused(*state, SET "/unset optional\ngone contents=nowhere\n", false, CRX_EIO, "nowhere");
	refused(*state, SET "/unset type\na mode=0600\n", false, CRX_EFORMAT, "type");
#undef SET
}

static void devices(void **state)
{
#define LINE "#mtree\n. type=dir mode=0755\nx type=char mode=0600 device="
	gives(*state, LINE "0x103\n", false, "/ d 755 0:0\n/x c 600 0:0 1,3\n");
	gives(*state, LINE "any,4,64\n", false, "/ d 755 0:0\n/x c 600 0:0 4,64\n");
	refused(*state, LINE "native,a,1\n", false, CRX_EFORMAT, "cannot read the value of");
#undef LINE
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_SCRATCH(as_a_source), WITH_SCRATCH(the_latest_directory),
		WITH_SCRATCH(deep),        WITH_SCRATCH(names_of_any_bytes),
		WITH_SCRATCH(over_a_tree), WITH_SCRATCH(contents_stay_inside),
		WITH_SCRATCH(nonsense),    WITH_SCRATCH(names_of_owners),
		WITH_SCRATCH(what_is_one), WITH_SCRATCH(unset),
		WITH_SCRATCH(devices),
	};

	umask(022);
	return cmocka_run_group_tests_name("mtree", tests, NULL, NULL);
}
