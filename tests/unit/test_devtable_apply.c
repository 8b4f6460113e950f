/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lib/input/edit/devtable: what a table does to a tree; files of any bytes,
 * memory that runs out.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "failing_alloc.h"
#include "guard.h"
#include "kept_log.h"
#include "input/edit/devtable.h"
#include "tree_make.h"
#include "devtable_parse.h"

/* --- trees --- */

static struct crx_node *own(struct crx_node *n, uint32_t uid, uint32_t gid)
{
	n->uid = uid;
	n->gid = gid;
	return n;
}

static struct crx_tree sample(void)
{
	static const char passwd[] = "root:x:0:0::/:\nwww:x:33:34::/:\n",
			  group[] = "root:x:0:\nwww:x:35:a,b\n";
	struct crx_node *bin, *etc, *usr, *a, *b;
	struct crx_tree t;

	tree_make_init(&t);
	bin = tree_make_dir(t.root, "bin");
	a = tree_make_file(bin, "a", "1", 1);
	b = tree_make_file(t.root, "b", "1", 1);
	a->link_dev = b->link_dev = 1;
	a->link_ino = b->link_ino = 7;
	tree_make_file(t.root, "c", "1", 1)->link_ino = 7; /* another device */
	etc = tree_make_dir(t.root, "etc");
	own(tree_make_file(etc, "passwd", passwd, sizeof(passwd) - 1), 8, 9);
	tree_make_file(etc, "group", group, sizeof(group) - 1);
	tree_make_node(tree_make_dir(t.root, "dev"), "zero", S_IFCHR | 0600)->dev_minor = 5;
	usr = tree_make_dir(t.root, "usr");
	tree_make_file(tree_make_dir(usr, "lib"), "x", "1", 1);
	tree_make_link(t.root, "lib", "usr/lib");
	tree_make_link(usr, "up", "../../../etc");
	tree_make_link(usr, "gone", "nowhere");
	tree_make_link(usr, "loop", "loop");
	tree_make_link(bin, "ax", "a");
	tree_make_finish(&t);
	return t;
}

#define BEFORE                                                                                \
	"/b 100644 0:0\n/bin 40755 0:0\n/c 100644 0:0\n/dev 40755 0:0\n/etc 40755 0:0\n/lib " \
	"120777 0:0\n/usr 40755 0:0\n"                                                        \
	"/bin/a 100644 0:0\n/bin/ax 120777 0:0\n/dev/zero 20600 0:0 0,5\n/etc/group 100644 "  \
	"0:0\n/etc/passwd 100644 8:9\n"                                                       \
	"/usr/gone 120777 0:0\n/usr/lib 40755 0:0\n/usr/loop 120777 0:0\n/usr/up 120777 "     \
	"0:0\n/usr/lib/x 100644 0:0\n"

static void list(const struct crx_tree *t, char *out, size_t cap)
{
	char path[256];
	size_t i, used = 0;

	out[0] = '\0';
	for (i = 0; i < t->nnodes; i++) {
		const struct crx_node *n = t->node[i];

		used += (size_t)snprintf(out + used, cap - used, "%s %o %u:%u",
					 crx_tree_path(n, path, sizeof(path)), n->mode, n->uid,
					 n->gid);
		if (S_ISCHR(n->mode) || S_ISBLK(n->mode))
			used += (size_t)snprintf(out + used, cap - used, " %u,%u", n->dev_major,
						 n->dev_minor);
		used += (size_t)snprintf(out + used, cap - used, "\n");
		assert_true(used < cap);
	}
}

/* The lines of what are those of the list that are not in BEFORE, in order. */
static void check_changes(const char *name, const struct crx_tree *t, const char *what)
{
	static char all[100000];
	char changed[4000] = "", *line, *save = NULL;
	size_t before = 0;
	char with[300];

	list(t, all, sizeof(all));
	for (line = strtok_r(all, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		snprintf(with, sizeof(with), "\n%s\n", line);
		if (strstr("\n/ 40755 0:0\n" BEFORE, with))
			before++;
		else
			strcat(strcat(changed, line), "\n");
	}
	if (strcmp(changed, what))
		fail_msg("'%s' changes\n%s-- not\n%s(%zu are as before)", name, changed, what,
			 before);
}

static int run(struct crx_tree *t, enum crx_devtable_style style, const char *table,
	       struct crx_err *err)
{
	struct crx_devtable dt = { .style = style };
	struct crx_strings none[CRX_USERS_KINDS] = { { 0 } };
	struct crx_users u = { 0 };
	int ret;

	ret = crx_devtable_parse(&dt, "t", table, strlen(table), &said.log, err);
	if (!ret)
		ret = crx_users_load(&u, none, t, err);
	if (!ret)
		ret = crx_devtable_apply(&dt, &u, t, &said.log, err);
	crx_users_free(&u);
	crx_devtable_free(&dt);
	return ret;
}

static const struct {
	const char *table, *change, *mkcramfs; /* the last where it differs */
} APPLY[] = {
	{ "", "", NULL },
	{ "# nothing\n", "", NULL },
	{ "/c f 4711 1 2", "/c 104711 1:2\n", NULL },
	{ "c F 4711 www www", "/c 104711 33:35\n", NULL },
	{ "/none F 1 1 1\n/none/x F 1 1 1\n/bin F 1 1 1\n/dev/zero F 1 1 1\n/c/x F 1 1 "
	  "1\n/usr/loop F 1 1 1\n/usr/loop/x F 1 1 1",
	  "", NULL },
	/* all names of a file, but not of another one */
	{ "/b f 600 1 2", "/b 100600 1:2\n/bin/a 100600 1:2\n", "/b 100600 1:2\n" },
	{ "/bin/ax f -1 1 -1", "/b 100644 1:0\n/bin/a 100644 1:0\n", "/bin/a 100644 1:0\n" },
	{ "/etc/passwd f -1 -1 7", "/etc/passwd 100644 8:7\n", NULL },
	{ "/etc/passwd f 600 -1 -1", "/etc/passwd 100600 8:9\n", NULL },
	{ "/lib d 700 1 1", "/usr/lib 40700 1:1\n", NULL },
	{ "/lib/ d -1 1 1", "/usr/lib 40755 1:1\n", NULL },
	{ "/ d 711 3 4", "/ 40711 3:4\n", NULL },
	{ "../.. d 711 3 4", "/ 40711 3:4\n", NULL },
	/* made, with what is above */
	{ "/n d 2750 1 2", "/n 42750 1:2\n", NULL },
	{ "/n d 700 -1 -1", "/n 40700 0:0\n", NULL },
	{ "/n//o/./p/ d 750 1 2", "/n 40777 0:0\n/n/o 40777 0:0\n/n/o/p 40750 1:2\n", NULL },
	{ "/n/../m d 750 1 2", "/m 40750 1:2\n/n 40777 0:0\n", NULL },
	{ "/lib/n d 700 1 1", "/usr/lib/n 40700 1:1\n", NULL },
	{ "/usr/up/n/o d 700 1 1", "/etc/n 40777 0:0\n/etc/n/o 40700 1:1\n", NULL },
	{ "/n/x c 600 1 2 3 4", "/n 40755 0:0\n/n/x 20600 1:2 3,4\n", NULL },
	{ "x b 4660 1 2 300 4000", "/x 64660 1:2 300,4000\n", NULL },
	{ "/lib/x2 p 0 1 2 8 8", "/usr/lib/x2 10000 1:2\n", NULL },
	{ "/x c 600 0 0 3 64 8 2 3",
	  "/x10 20600 0:0 3,68\n/x8 20600 0:0 3,64\n/x9 20600 0:0 3,66\n", NULL },
	{ "/x c 600 0 0 3 64 8 2 1", "/x 20600 0:0 3,64\n", "/x8 20600 0:0 3,64\n" },
	{ "/x/ c 600 0 0 3 64 8 2 2", "/x 40755 0:0\n/x/8 20600 0:0 3,64\n/x/9 20600 0:0 3,66\n",
	  NULL },
	{ "/x p 600 0 0 0 0 1048575 1048575 2", "/x1048575 10600 0:0\n/x1048576 10600 0:0\n",
	  "/x 10600 0:0\n" },
	/* there already */
	{ "/dev/zero c 666 1 2 0 5", "/dev/zero 20666 1:2 0,5\n", NULL },
	{ "/x p 600 0 0\n/x p 644 5 -1\n", "/x 10644 5:0\n", NULL },
	{ "/d d 700 1 1\n/d d 755 2 2\n/d r -1 3 3\n", "/d 40755 3:3\n", NULL },
	/* with all below */
	{ "/usr r 4700 5 6",
	  "/usr 44700 5:6\n/usr/gone 120777 5:6\n/usr/lib 44700 5:6\n/usr/loop 120777 5:6\n/usr/up "
	  "120777 5:6\n/usr/lib/x 104700 5:6\n",
	  NULL },
	{ "/lib r 700 5 -1", "/lib 120777 5:0\n", NULL },
	{ "/lib/. r 700 5 -1", "/usr/lib 40700 5:0\n/usr/lib/x 100700 5:0\n", NULL },
	{ "/lib/ r 700 5 -1", "/lib 120777 5:0\n", NULL },
	{ "/usr/lib// r 700 5 -1", "/usr/lib 40700 5:0\n/usr/lib/x 100700 5:0\n", NULL },
	{ "/c/ r 700 5 -1", "/c 100700 5:0\n", NULL },
	{ "/c/ F 600 1 1\n/c/. F 600 1 1\n/bin/ax/ F 600 1 1", "", NULL },
	{ "/bin r 700 5 5",
	  "/b 100700 5:5\n/bin 40700 5:5\n/bin/a 100700 5:5\n/bin/ax 120777 5:5\n",
	  "/bin 40700 5:5\n/bin/a 100700 5:5\n/bin/ax 120777 5:5\n" },
	{ "/n/o d 700 1 1\n/n/p p 700 1 1\n/n r 755 2 2",
	  "/n 40755 2:2\n/n/o 40755 2:2\n/n/p 10755 2:2\n", NULL },
	{ "/usr/gone r -1 1 1", "/usr/gone 120777 1:1\n", NULL },
};

static void applied(void **state)
{
	size_t i;
	int style;

	(void)state;
	for (i = 0; i < sizeof(APPLY) / sizeof(APPLY[0]); i++) {
		for (style = CRX_DEVTABLE_MAKEDEVS; style <= CRX_DEVTABLE_MKCRAMFS; style++) {
			struct crx_err err = CRX_ERR_INIT;
			struct crx_tree t = sample();
			size_t j;

			kept_begin_paths(&said, CRX_LEVEL_ERROR);
			if (run(&t, (enum crx_devtable_style)style, APPLY[i].table, &err))
				fail_msg("'%s': %s %s", APPLY[i].table, err.text, said.text);
			check_changes(APPLY[i].table, &t,
				      style == CRX_DEVTABLE_MKCRAMFS && APPLY[i].mkcramfs
					      ? APPLY[i].mkcramfs
					      : APPLY[i].change);
			for (j = 0; j < t.nnodes; j++)
				assert_int_equal(t.node[j]->index, j);
			crx_tree_free(&t);
		}
	}
}

static void what_cannot_be_done(void **state)
{
	static const struct {
		const char *table, *said;
	} cases[] = {
		{ "/none f 1 1 1", "t:1:1: /none: does not exist" },
		{ "/bin f 1 1 1", "/bin: is not a regular file but a directory" },
		{ "/usr/loop f 1 1 1", "does not exist" },
		{ "/usr/gone f 1 1 1", "does not exist" },
		{ "/none r 1 1 1", "/none: does not exist, and r changes" },
		{ "/none/ r 1 1 1", "does not exist, and r changes" },
		{ "/none/x r 1 1 1", "does not exist, and r changes" },
		{ "/c/ f 1 1 1", "/c/: does not exist" },
		{ "/c/.. f 1 1 1", "/c/..: does not exist" },
		{ "/c/. r 1 1 1", "/c: is not a directory but a regular file" },
		{ "/c/x r 1 1 1", "/c: is not a directory but a regular file" },
		{ "/c d 1 1 1", "/c: is not a directory but a regular file" },
		{ "/c/x d 1 1 1", "/c: is not a directory but a regular file" },
		{ "/dev/zero/x/y p 1 1 1", "/dev/zero: is not a directory but a character device" },
		{ "/usr/loop/x d 1 1 1",
		  "/usr/loop: is a symbolic link that does not lead to a directory" },
		{ "/usr/gone d 1 1 1",
		  "/usr/gone: is a symbolic link that does not lead to a directory" },
		{ "/n d -1 1 1", "-1 cannot keep its mode" },
		{ "/c c 1 1 1 0 5", "already a regular file" },
		{ "/lib p 1 1 1", "already a symbolic link" },
		{ "/lib/../bin p 1 1 1\n/bin p 1 1 1",
		  "t:2:1: /bin: cannot be created, since there is already a directory" },
		{ "\n/x c 1 nobody 1 1 1", "t:2:8: no user is called 'nobody'" },
		{ "/x c 1 www a", "t:1:12: no group is called 'a'" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct crx_err err = CRX_ERR_INIT;
		struct crx_tree t = sample();
		int ret;

		kept_begin_paths(&said, CRX_LEVEL_ERROR);
		ret = run(&t, CRX_DEVTABLE_MAKEDEVS, cases[i].table, &err);
		if (ret != CRX_EFORMAT || !said.errors || !is_said(cases[i].said))
			fail_msg("'%s': %d, %s", cases[i].table, ret, said.text);
		crx_tree_free(&t);
	}
}

static void all_that_cannot_be_done(void **state)
{
	struct crx_err err = CRX_ERR_INIT;
	struct crx_tree t = sample();

	(void)state;
	kept_begin_paths(&said, CRX_LEVEL_ERROR);
	assert_int_equal(run(&t, CRX_DEVTABLE_MAKEDEVS,
			     "/none f 1 1 1\n/c f 600 0 0\n/c d 1 1 1\n/b p 1 1 1\n", &err),
			 CRX_EFORMAT);
	assert_int_equal(said.errors, 3);
	assert_string_equal(err.text, "3 errors; nothing was written");
	assert_string_equal(err.path, "t");
	crx_tree_free(&t);
}

/* The last line has it, as when makedevs runs under fakeroot. */
static void nodes_in_place_of_nodes(void **state)
{
	static const struct {
		const char *table, *change, *said, *mkcramfs;
	} cases[] = {
		{ "/dev/zero c 600 1 2 0 6", "/dev/zero 20600 1:2 0,6\n",
		  "warning: t:1:1: /dev/zero replaces a character device, 0,5\n",
		  "such a device with other numbers" },
		{ "/dev/zero c 600 1 2 1 5", "/dev/zero 20600 1:2 1,5\n", "device, 0,5",
		  "such a device with other numbers" },
		{ "/dev/zero b 600 1 2 0 5", "/dev/zero 60600 1:2 0,5\n", "device, 0,5",
		  "already a character device" },
		{ "/dev/zero p 600 1 2", "/dev/zero 10600 1:2\n", "device, 0,5",
		  "already a character device" },
		{ "/x p 600 0 0\n/x b 600 1 2 3 4", "/x 60600 1:2 3,4\n",
		  "warning: t:2:1: /x replaces a FIFO\n", "already a FIFO" },
		{ "/x c 600 0 0 1 1 1 1 2\n/x2 c 640 1 2 7 7",
		  "/x1 20600 0:0 1,1\n/x2 20640 1:2 7,7\n",
		  "/x2 replaces a character device, 1,2\n", "t:2:1: /x2: cannot be created" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct crx_err err = CRX_ERR_INIT;
		struct crx_tree t = sample();

		kept_begin_paths(&said, CRX_LEVEL_ERROR);
		assert_int_equal(run(&t, CRX_DEVTABLE_MAKEDEVS, cases[i].table, &err), 0);
		check_changes(cases[i].table, &t, cases[i].change);
		if (said.log.warnings != 1 || !is_said(cases[i].said))
			fail_msg("'%s': %s", cases[i].table, said.text);
		crx_tree_free(&t);
		t = sample();
		kept_begin_paths(&said, CRX_LEVEL_ERROR);
		assert_int_equal(run(&t, CRX_DEVTABLE_MKCRAMFS, cases[i].table, &err), CRX_EFORMAT);
		if (said.errors != 1 || !is_said(cases[i].mkcramfs))
			fail_msg("'%s': %s", cases[i].table, said.text);
		crx_tree_free(&t);
	}
}

static void capabilities_are_lost(void **state)
{
	struct crx_err err = CRX_ERR_INIT;
	struct crx_tree t = sample();
	struct crx_devtable dt = { 0 };

	(void)state;
	kept_begin_paths(&said, CRX_LEVEL_ERROR);
	assert_int_equal(run(&t, CRX_DEVTABLE_MAKEDEVS,
			     "/c f 755 0 0\n\t|xattr cap_net_raw+p # why\n  # between\n|xattr "
			     "cap_chown=ep\n/none F 755 0 0\n|xattr cap_kill+p\n",
			     &err),
			 0);
	assert_int_equal(said.log.warnings, 2);
	assert_true(is_said("warning: t:2:2: /c: capability cap_net_raw+p is dropped, "));
	assert_true(is_said("warning: t:4:1: /c: capability cap_chown=ep is dropped, "));
	crx_tree_free(&t);
	/* a file's lines do not belong to the file before */
	assert_int_equal(parse(&dt, "/c f 0 0 0\n", 11), 0);
	assert_int_equal(parse(&dt, "|xattr cap_kill+p\n", 18), CRX_EFORMAT);
	crx_devtable_free(&dt);
}

static void links_of_device_0(void **state)
{
	struct crx_err err = CRX_ERR_INIT;
	struct crx_node *a, *b;
	struct crx_tree t;

	(void)state;
	tree_make_init(&t);
	a = tree_make_file(t.root, "a", "1", 1);
	b = tree_make_file(t.root, "b", "1", 1);
	a->link_ino = b->link_ino = 3;
	tree_make_finish(&t);
	assert_int_equal(run(&t, CRX_DEVTABLE_MAKEDEVS, "/a f 4755 1 2\n", &err), 0);
	assert_true(b->mode == (S_IFREG | 04755) && b->uid == 1 && b->gid == 2);
	crx_tree_free(&t);
}

/* Nobody becomes root for want of a name. */
static void names_not_known(void **state)
{
	static const char table[] = "/c f 600 0 www\n/none f 600 no-user 0\n/n d 700 no-user "
				    "1\n/n/x f 600 1 1\n/n r -1 1 no-group\n";
	struct crx_devtable dt = { 0 };
	struct crx_err err = CRX_ERR_INIT;
	struct crx_users none = { 0 };
	struct crx_tree t = sample();

	(void)state;
	assert_int_equal(parse(&dt, table, strlen(table)), 0);
	assert_true(crx_devtable_has_names(&dt));
	assert_int_equal(crx_devtable_apply(&dt, &none, &t, &said.log, &err), CRX_EFORMAT);
	/* with other errors, in the order of lines */
	assert_string_equal(err.text, "6 errors; nothing was written");
	assert_ptr_equal(strstr(said.text, "t:1:12: no group is called 'www'"), said.text);
	assert_true(is_said("\nt:2:13: no user is called 'no-user': expected a number, or a name "
			    "in a file given with --passwd"));
	assert_true(is_said("\nt:2:1: /none: does not exist"));
	assert_true(is_said("\nt:3:10: no user") && is_said("\nt:4:1: /n/x: does not exist") &&
		    is_said("\nt:5:11: no group is called 'no-group'"));
	crx_devtable_free(&dt);
	crx_tree_free(&t);
}

static void lines_to_blame(void **state)
{
	static const char table[] =
		"/a p 600 65535 255\n/b p 600 65536 -1\n/c f -1 big 256\n/d c 600 0 0 255 255\n/e "
		"b 600 0 0 256 0\n/f c 600 0 0 5 254 0 1 3\n/g p 600 no 0\n";
	struct crx_users u = { 0 };
	struct crx_user one = { "big", 99999, 0 };
	struct crx_devtable dt = { 0 };

	(void)state;
	u.user[CRX_USERS_USER] = &one;
	u.n[CRX_USERS_USER] = 1;
	assert_int_equal(parse(&dt, table, strlen(table)), 0);
	kept_begin_paths(&said, CRX_LEVEL_ERROR);
	crx_devtable_report_limits(&dt, &u, &said.log);
	assert_int_equal(said.errors, 5);
	assert_true(is_said("t:2:1: this line asks for user 65536, and is applied after -q and "
			    "--map-uid: change it here"));
	assert_true(is_said("t:3:1: this line asks for user 99999") &&
		    is_said("t:3:1: this line asks for group 256, and is applied after -q and "
			    "--map-gid"));
	assert_true(is_said("t:5:1: this line creates device 256,0") &&
		    is_said("t:6:1: this line creates device 5,256"));
	crx_devtable_free(&dt);
}

/* --- large and hostile --- */

static void deep_and_wide(void **state)
{
	char *table = malloc(100000);
	struct crx_err err = CRX_ERR_INIT;
	struct crx_tree t;
	size_t i, n = 0;

	(void)state;
	tree_make_init(&t);
	tree_make_finish(&t);
	/* 2,047 directories one in the other, and 100,000 nodes in one */
	for (i = 0; i < 2047; i++)
		n += (size_t)sprintf(table + n, "/d");
	sprintf(table + n, " d 700 1 1\n/w/x c 600 0 0 1 0 0 0 100000\n/ r -1 2 3\n");
	kept_begin_paths(&said, CRX_LEVEL_ERROR);
	assert_int_equal(run(&t, CRX_DEVTABLE_MAKEDEVS, table, &err), 0);
	assert_int_equal(t.nnodes, 1 + 2047 + 1 + 100000);
	for (i = 0; i < t.nnodes; i++)
		assert_true(t.node[i]->uid == 2 && t.node[i]->gid == 3);
	crx_tree_free(&t);
	free(table);
}

/* Lines that each go through a large tree come to an end. */
static void over_and_over_again(void **state)
{
	char *table = malloc(100000);
	struct crx_err err = CRX_ERR_INIT;
	struct crx_tree t;
	size_t i, n;

	(void)state;
	tree_make_init(&t);
	tree_make_finish(&t);
	n = (size_t)sprintf(table, "/w/x c 600 0 0 1 0 0 0 1000000\n");
	for (i = 0; i < 1000; i++)
		n += (size_t)sprintf(table + n, "/w r -1 %zu 0\n", i);
	assert_int_equal(run(&t, CRX_DEVTABLE_MAKEDEVS, table, &err), CRX_ELIMIT);
	crx_tree_free(&t);
	free(table);
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
	static const char *const piece[] = {
		"/",
		"/bin",
		"/dev/zero",
		"/lib",
		"/usr/loop",
		"..",
		".",
		"x",
		"/a/b/c",
		" ",
		"\t",
		"\n",
		"\n",
		"\n",
		" f ",
		" F ",
		" d ",
		" r ",
		" c ",
		" b ",
		" p ",
		"755",
		"-1",
		"-",
		" 0 ",
		" 1 ",
		" 0 0 ",
		" 755 0 0 ",
		" 1 2 3 4 5",
		"root",
		"www",
		"4294967295",
		"1048575",
		"99999999999",
		"|xattr ",
		"#",
		"\r",
		"\xff",
		"\x01",
		"/x c 600 0 0 1 2 3 1 5\n",
		"/n d 755 www www\n",
		"/bin r 700 1 1\n",
	};
	struct guard g = guard_new(4096);
	char text[1024];
	unsigned round, pieces;

	(void)state;
	for (round = 0; round < 20000; round++) {
		struct crx_devtable dt = { .style = (enum crx_devtable_style)random_below(2) };
		struct crx_err err = CRX_ERR_INIT;
		size_t len = 0;

		for (pieces = random_below(30); pieces; pieces--) {
			const char *p = piece[random_below(sizeof(piece) / sizeof(piece[0]))];
			size_t n = strlen(p);

			if (round % 4 == 0) {
				text[len++] = (char)random_below(256);
			} else {
				memcpy(text + len, p, n);
				len += n;
			}
		}
		kept_begin_paths(&said, CRX_LEVEL_ERROR);
		if (!crx_devtable_parse(&dt, "t", (char *)guard_copy(&g, text, len), len, &said.log,
					&err)) {
			struct crx_strings none[CRX_USERS_KINDS] = { { 0 } };
			struct crx_tree t = sample();
			struct crx_users u;

			assert_int_equal(crx_users_load(&u, none, &t, &err), 0);
			if (crx_devtable_apply(&dt, &u, &t, &said.log, &err))
				assert_true(said.errors > 0);
			crx_users_free(&u);
			crx_tree_free(&t);
		} else {
			assert_true(said.errors > 0);
		}
		crx_devtable_free(&dt);
	}
	guard_free(&g);
}

static void out_of_memory(void **state)
{
	static const char table[] = "/b f 600 1 2\n|xattr cap_kill+p\n/n/m d 755 www www\n/x c 600 "
				    "0 0 1 1 0 1 20\n/bin r -1 3 3\n/none F 1 1 1\n";
	long n;

	(void)state;
	for (n = 1;; n++) {
		struct crx_err err = CRX_ERR_INIT;
		struct crx_tree t = sample();
		int ret;

		kept_begin_paths(&said, CRX_LEVEL_ERROR);
		alloc_fail(n, false);
		ret = run(&t, CRX_DEVTABLE_MAKEDEVS, table, &err);
		alloc_succeed();
		crx_tree_free(&t);
		if (!ret && alloc_count() < n)
			break;
		if (ret != CRX_ENOMEM || err.code != CRX_ENOMEM || said.errors)
			fail_msg("allocation %ld: %d %s %s", n, ret, err.text, said.text);
	}
	assert_true(n > 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(applied),
		cmocka_unit_test(what_cannot_be_done),
		cmocka_unit_test(all_that_cannot_be_done),
		cmocka_unit_test(nodes_in_place_of_nodes),
		cmocka_unit_test(capabilities_are_lost),
		cmocka_unit_test(links_of_device_0),
		cmocka_unit_test(names_not_known),
		cmocka_unit_test(lines_to_blame),
		cmocka_unit_test(deep_and_wide),
		cmocka_unit_test(over_and_over_again),
		cmocka_unit_test(any_bytes),
		cmocka_unit_test(out_of_memory),
	};

	return cmocka_run_group_tests_name("devtable_apply", tests, NULL, NULL);
}
