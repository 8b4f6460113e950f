/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lib/input/source/dir: real directories, and files that change under our hands.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <limits.h>
#include <sys/socket.h>
#include <sys/sysmacros.h>
#include <sys/un.h>

#include "scratch.h"
#include "skip.h"
#include "input/source/source.h"
#include "tree_show.h"

/* A tree from a directory, and what else goes with it. */
struct read {
	struct crx_tree t;
	struct crx_source s;
	struct crx_err err;
	int fds;
};

static int read_path(struct read *r, const char *path)
{
	static const struct crx_source_opts o;

	*r = (struct read){ .fds = scratch_open_fds() };
	return crx_source_dir(path, &o, &r->t, &r->s, &r->err);
}

static void read_ok(struct read *r, const char *path)
{
	int ret = read_path(r, path);

	if (ret)
		fail_msg("%s: %s", r->err.path, r->err.text);
}

static void read_done(struct read *r)
{
	crx_tree_free(&r->t);
	crx_source_free(&r->s);
	crx_source_free(&r->s);
	assert_int_equal(scratch_open_fds(), r->fds);
}

static struct crx_node *node(struct read *r, const char *name)
{
	size_t i;

	for (i = 0; i < r->t.root->nchildren; i++)
		if (!strcmp(r->t.root->child[i]->name, name))
			return r->t.root->child[i];
	fail_msg("no %s", name);
	return NULL;
}

static int open_node(struct read *r, const char *name, void **handle)
{
	const struct crx_content *c = &node(r, name)->content;

	r->err = (struct crx_err)CRX_ERR_INIT;
	return c->ops->open(c, handle, &r->err);
}

static int pread_node(struct read *r, const char *name, void *handle, void *buf, size_t len,
		      uint64_t off)
{
	const struct crx_content *c = &node(r, name)->content;

	r->err = (struct crx_err)CRX_ERR_INIT;
	return c->ops->pread(c, handle, buf, len, off, &r->err);
}

static int close_node(struct read *r, const char *name, void *handle)
{
	const struct crx_content *c = &node(r, name)->content;

	r->err = (struct crx_err)CRX_ERR_INIT;
	return c->ops->close(c, handle, &r->err);
}

/* --- what is there --- */

static void an_empty_directory(void **state)
{
	struct scratch *s = *state;
	struct read r;

	assert_int_equal(chmod(s->dir, 0711), 0);
	read_ok(&r, s->dir);
	assert_int_equal(r.t.nnodes, 1);
	assert_int_equal(r.t.root->mode, S_IFDIR | 0711);
	assert_int_equal(r.t.root->uid, geteuid());
	read_done(&r);
}

/* In the working directory, since the path of a socket must be short. */
static void make_socket(struct scratch *s, const char *name)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), ret;
	int was = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	snprintf(a.sun_path, sizeof(a.sun_path), "%s", name);
	assert_int_equal(fchdir(s->fd), 0);
	ret = bind(fd, (struct sockaddr *)&a, sizeof(a));
	assert_int_equal(fchdir(was), 0);
	assert_int_equal(ret, 0);
	close(was);
	close(fd);
}

static void each_type(void **state)
{
	struct scratch *s = *state;
	struct read r;

	scratch_text(s, "file", "contents");
	assert_int_equal(chmod(scratch_at(s, "file"), 06751), 0);
	scratch_text(s, "empty", "");
	scratch_mkdir(s, "dir");
	assert_int_equal(chmod(scratch_at(s, "dir"), 01777), 0);
	scratch_symlink(s, "dir/../file", "link");
	assert_int_equal(mkfifo(scratch_at(s, "fifo"), 0600), 0);
	make_socket(s, "sock");
	read_ok(&r, s->dir);
	assert_int_equal(r.t.nnodes, 7);
	assert_int_equal(node(&r, "file")->mode, S_IFREG | 06751);
	assert_int_equal(node(&r, "file")->size, 8);
	assert_int_equal(node(&r, "file")->content.size, 8);
	assert_int_equal(node(&r, "file")->uid, geteuid());
	assert_int_equal(node(&r, "file")->link_ino, 0);
	assert_int_equal(node(&r, "empty")->size, 0);
	assert_null(node(&r, "empty")->content.ops);
	assert_int_equal(node(&r, "dir")->mode, S_IFDIR | 01777);
	/* a directory's own size has no meaning in the image */
	assert_int_equal(node(&r, "dir")->size, 0);
	assert_true(S_ISLNK(node(&r, "link")->mode));
	assert_string_equal(node(&r, "link")->target, "dir/../file");
	assert_int_equal(node(&r, "link")->size, 11);
	assert_int_equal(node(&r, "fifo")->mode, S_IFIFO | 0600);
	assert_int_equal(node(&r, "sock")->mode & S_IFMT, S_IFSOCK);
	assert_int_equal(r.t.nfiles, 2);
	read_done(&r);
}

static void devices(void **state)
{
	struct scratch *s = *state;
	struct read r;

	if (mknod(scratch_at(s, "c"), S_IFCHR | 0600, makedev(4, 300)) ||
	    mknod(scratch_at(s, "b"), S_IFBLK | 0600, makedev(259, 3)))
		SKIP("devices cannot be made");
	assert_int_equal(chmod(scratch_at(s, "c"), 0620), 0);
	read_ok(&r, s->dir);
	assert_int_equal(node(&r, "c")->mode, S_IFCHR | 0620);
	assert_int_equal(node(&r, "c")->dev_major, 4);
	assert_int_equal(node(&r, "c")->dev_minor, 300);
	assert_int_equal(node(&r, "c")->size, 0);
	assert_int_equal(node(&r, "b")->dev_major, 259);
	assert_int_equal(node(&r, "b")->dev_minor, 3);
	read_done(&r);
}

static void hard_links(void **state)
{
	struct scratch *s = *state;
	struct read r;

	scratch_text(s, "a", "x");
	scratch_text(s, "single", "x");
	assert_int_equal(link(scratch_at(s, "a"), scratch_at(s, "b")), 0);
	scratch_mkdir(s, "d");
	read_ok(&r, s->dir);
	assert_true(node(&r, "a")->link_ino != 0);
	assert_int_equal(node(&r, "a")->link_ino, node(&r, "b")->link_ino);
	assert_int_equal(node(&r, "a")->link_dev, node(&r, "b")->link_dev);
	assert_int_equal(node(&r, "single")->link_ino, 0);
	/* a directory has several links and one name */
	assert_int_equal(node(&r, "d")->link_ino, 0);
	read_done(&r);
}

static void names_of_any_bytes(void **state)
{
	struct scratch *s = *state;
	char name[256];
	struct read r;
	int c, n = 0;

	for (c = 1; c < 256; c++) {
		if (c == '/')
			continue;
		snprintf(name, sizeof(name), "%c%c", c, c == '.' ? 'x' : c);
		scratch_text(s, name, name);
		n++;
	}
	memset(name, 0xfe, 255);
	name[255] = '\0';
	scratch_text(s, name, "long");
	read_ok(&r, s->dir);
	assert_int_equal(r.t.root->nchildren, n + 1);
	for (c = 1; c < n + 1; c++)
		assert_true(strcmp(r.t.root->child[c - 1]->name, r.t.root->child[c]->name) < 0);
	assert_int_equal(strlen(node(&r, name)->name), 255);
	read_done(&r);
}

static void link_targets(void **state)
{
	static const size_t len[] = { 1, 255, 256, 257, 511, 512, 4094, 4095 };
	struct scratch *s = *state;
	char target[4096], name[16];
	struct read r;
	size_t i;

	for (i = 0; i < sizeof(len) / sizeof(len[0]); i++) {
		memset(target, i % 2 ? '\xff' : 't', len[i]);
		target[len[i]] = '\0';
		snprintf(name, sizeof(name), "l%u", (unsigned)len[i]);
		if (symlink(target, scratch_at(s, name)))
			SKIP("a file system without long links");
	}
	scratch_symlink(s, s->dir, "self"); /* not to be entered */
	read_ok(&r, s->dir);
	assert_int_equal(r.t.nnodes, 2 + sizeof(len) / sizeof(len[0]));
	for (i = 0; i < sizeof(len) / sizeof(len[0]); i++) {
		snprintf(name, sizeof(name), "l%u", (unsigned)len[i]);
		assert_int_equal(strlen(node(&r, name)->target), len[i]);
		assert_int_equal(node(&r, name)->size, len[i]);
		assert_int_equal(node(&r, name)->content.size, len[i]);
	}
	read_done(&r);
}

static void many_in_one_directory(void **state)
{
	struct scratch *s = *state;
	char name[16];
	struct read r;
	int i;

	scratch_mkdir(s, "d");
	for (i = 0; i < 3000; i++) {
		snprintf(name, sizeof(name), "d/f%d", i);
		scratch_text(s, name, "");
	}
	read_ok(&r, s->dir);
	assert_int_equal(node(&r, "d")->nchildren, 3000);
	read_done(&r);
}

/* Paths of more than PATH_MAX cannot be named in one call: this has 24,000
 * bytes, and pieces of which some end with a name and some within. */
static void deeper_than_path_max(void **state)
{
	enum { DEEP = 1000 };
	static const char *const name[] = { "a directory", "another, with a longer name",
					    "and a third, which is the longest" };
	struct scratch *s = *state;
	struct crx_node *n;
	struct read r;
	char buf[4];
	void *h;
	int i, at = dup(s->fd), next;

	for (i = 0; i < DEEP; i++) {
		assert_int_equal(mkdirat(at, name[i % 3], 0755), 0);
		next = openat(at, name[i % 3], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		assert_true(next >= 0);
		close(at);
		at = next;
	}
	next = openat(at, "f", O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	assert_int_equal(write(next, "deep", 4), 4);
	close(next);
	close(at);
	read_ok(&r, s->dir);
	assert_int_equal(r.t.nnodes, DEEP + 2);
	n = r.t.node[DEEP + 1];
	assert_string_equal(n->name, "f");
	assert_int_equal(n->content.ops->open(&n->content, &h, &r.err), 0);
	assert_int_equal(n->content.ops->pread(&n->content, h, buf, 4, 0, &r.err), 0);
	assert_memory_equal(buf, "deep", 4);
	assert_int_equal(n->content.ops->close(&n->content, h, &r.err), 0);
	read_done(&r);
}

/* The source stays what it was opened as, wherever we go. */
static void relative_and_through_a_link(void **state)
{
	struct scratch *s = *state;
	int was = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct read r;
	char buf[1];
	void *h;

	scratch_mkdir(s, "src");
	scratch_text(s, "src/f", "x");
	scratch_symlink(s, "src", "link");
	assert_int_equal(fchdir(s->fd), 0);
	read_ok(&r, "link");
	assert_int_equal(r.t.nnodes, 2);
	assert_true(S_ISDIR(r.t.root->mode));
	assert_int_equal(fchdir(was), 0);
	assert_int_equal(open_node(&r, "f", &h), 0);
	assert_int_equal(pread_node(&r, "f", h, buf, 1, 0), 0);
	assert_int_equal(close_node(&r, "f", h), 0);
	read_done(&r);
	close(was);
}

static void sources_that_are_none(void **state)
{
	struct scratch *s = *state;
	struct read r;

	scratch_text(s, "file", "x");
	assert_int_equal(mkfifo(scratch_at(s, "fifo"), 0600), 0);
	assert_int_equal(read_path(&r, scratch_at(s, "none")), CRX_EIO);
	assert_int_equal(r.err.sys_errno, ENOENT);
	read_done(&r);
	assert_int_equal(read_path(&r, scratch_at(s, "file")), CRX_EIO);
	assert_non_null(strstr(r.err.text, "not a directory"));
	read_done(&r);
	/* without waiting for a writer */
	assert_int_equal(read_path(&r, scratch_at(s, "fifo")), CRX_EIO);
	read_done(&r);
}

static void unreadable(void **state)
{
	struct scratch *s = *state;
	struct read r;
	void *h;

	scratch_as_user(s);
	scratch_text(s, "f", "x");
	assert_int_equal(chmod(scratch_at(s, "f"), 0), 0);
	read_ok(&r, s->dir);
	assert_int_equal(open_node(&r, "f", &h), CRX_EIO);
	assert_int_equal(r.err.sys_errno, EACCES);
	assert_string_equal(r.err.path, "/f");
	read_done(&r);
	scratch_mkdir(s, "d");
	assert_int_equal(chmod(scratch_at(s, "d"), 0), 0);
	scratch_mkdir(s, "names");
	scratch_text(s, "names/inside", "x");
	assert_int_equal(chmod(scratch_at(s, "names"), 0600), 0);
	read_ok(&r, s->dir); /* all are found, and the caller reports them */
	assert_int_equal(node(&r, "d")->unreadable, EACCES);
	assert_int_equal(node(&r, "names")->unreadable, 0);
	assert_int_equal(node(&r, "names")->child[0]->unreadable, EACCES);
	read_done(&r);
	assert_int_equal(chmod(scratch_at(s, "d"), 0700), 0);
	assert_int_equal(chmod(scratch_at(s, "names"), 0700), 0);
}

/* What patterns take is as if it were not there: not even opened. */
static void excluded(void **state)
{
	static char any[] = "gone", dirs[] = "dirs/", path[] = "/keep/this",
		    *patterns[] = { any, dirs, path };
	struct crx_source_opts o = { .exclude = { .pattern = patterns, .n = 3 } };
	struct scratch *s = *state;
	struct read r = { .fds = scratch_open_fds() };
	char *shown;

	scratch_mkdir(s, "gone");
	scratch_mkdir(s, "gone/below");
	scratch_mkdir(s, "keep");
	scratch_mkdir(s, "keep/dirs");
	scratch_text(s, "keep/gone", "1");
	scratch_text(s, "keep/this", "2");
	scratch_text(s, "keep/stays", "3");
	scratch_text(s, "this", "4");
	scratch_text(s, "dirs", "5");
	assert_int_equal(chmod(scratch_at(s, "gone"), 0), 0);
	assert_int_equal(crx_source_dir(s->dir, &o, &r.t, &r.s, &r.err), 0);
	assert_int_equal(chmod(scratch_at(s, "gone"), 0700), 0);
	shown = tree_show(&r.t, true);
	assert_string_equal(shown, "/dirs f 5\n/keep d\n/this f 4\n/keep/stays f 3\n");
	free(shown);
	read_done(&r);
	o.exclude.n = 0;
	assert_int_equal(crx_source_dir(s->dir, &o, &r.t, &r.s, &r.err), 0);
	assert_int_equal(r.t.nnodes, 10);
	read_done(&r);
}

/* --- contents, and what changes --- */

static void contents_by_two_readers(void **state)
{
	struct scratch *s = *state;
	char buf[16] = "";
	struct read r;
	void *a, *b;

	scratch_text(s, "f", "0123456789");
	read_ok(&r, s->dir);
	assert_int_equal(open_node(&r, "f", &a), 0);
	assert_int_equal(open_node(&r, "f", &b), 0);
	assert_int_equal(pread_node(&r, "f", a, buf, 10, 0), 0);
	assert_string_equal(buf, "0123456789");
	assert_int_equal(close_node(&r, "f", a), 0);
	assert_int_equal(pread_node(&r, "f", b, buf, 3, 7), 0);
	assert_memory_equal(buf, "789", 3);
	assert_int_equal(close_node(&r, "f", b), 0);
	read_done(&r);
}

static void changed_before_opening(void **state)
{
	struct scratch *s = *state;
	struct read r;
	void *h;

	scratch_text(s, "grown", "1234");
	scratch_text(s, "shrunk", "1234");
	scratch_text(s, "emptied", "1234");
	scratch_text(s, "gone", "1234");
	scratch_text(s, "fifo", "1234");
	scratch_text(s, "link", "1234");
	scratch_text(s, "dir", "1234");
	read_ok(&r, s->dir);
	scratch_text(s, "grown", "12345");
	scratch_text(s, "shrunk", "123");
	scratch_text(s, "emptied", "");
	unlink(scratch_at(s, "gone"));
	unlink(scratch_at(s, "fifo"));
	assert_int_equal(mkfifo(scratch_at(s, "fifo"), 0600), 0);
	unlink(scratch_at(s, "link"));
	scratch_symlink(s, "grown", "link");
	unlink(scratch_at(s, "dir"));
	scratch_mkdir(s, "dir");
	assert_int_equal(open_node(&r, "grown", &h), CRX_ECHANGED);
	assert_string_equal(r.err.path, "/grown");
	assert_non_null(strstr(r.err.text, "4 bytes, and has 5 now"));
	assert_int_equal(open_node(&r, "shrunk", &h), CRX_ECHANGED);
	assert_int_equal(open_node(&r, "emptied", &h), CRX_ECHANGED);
	assert_int_equal(open_node(&r, "gone", &h), CRX_EIO);
	assert_int_equal(r.err.sys_errno, ENOENT);
	assert_string_equal(r.err.path, "/gone");
	/* opened without waiting, then seen */
	assert_int_equal(open_node(&r, "fifo", &h), CRX_ECHANGED);
	assert_int_equal(open_node(&r, "link", &h), CRX_EIO);
	assert_int_equal(open_node(&r, "dir", &h), CRX_ECHANGED);
	read_done(&r);
}

/* A directory of as many bytes as the file had is not a file all the same. */
static void a_directory_instead(void **state)
{
	struct scratch *s = *state;
	struct stat st;
	struct read r;
	char *zeros;
	void *h;

	scratch_mkdir(s, "d");
	assert_int_equal(stat(scratch_at(s, "d"), &st), 0);
	if (st.st_size < 1 || st.st_size > 1 << 20)
		SKIP("directories have no size here");
	zeros = calloc(1, (size_t)st.st_size);
	assert_non_null(zeros);
	scratch_put(s, "f", zeros, (size_t)st.st_size);
	free(zeros);
	read_ok(&r, s->dir);
	unlink(scratch_at(s, "f"));
	scratch_mkdir(s, "f");
	assert_int_equal(open_node(&r, "f", &h), CRX_ECHANGED);
	read_done(&r);
}

static void changed_while_open(void **state)
{
	struct scratch *s = *state;
	struct read r;
	char buf[8];
	void *h;

	scratch_text(s, "f", "12345678");
	read_ok(&r, s->dir);
	assert_int_equal(open_node(&r, "f", &h), 0);
	scratch_text(s, "f", "1234");
	assert_int_equal(pread_node(&r, "f", h, buf, 8, 0), CRX_ECHANGED);
	assert_string_equal(r.err.path, "/f");
	assert_int_equal(pread_node(&r, "f", h, buf, 4, 0), 0);
	assert_int_equal(close_node(&r, "f", h), CRX_ECHANGED);
	/* larger by the end: what was read is not the whole */
	scratch_text(s, "f", "12345678");
	assert_int_equal(open_node(&r, "f", &h), 0);
	assert_int_equal(pread_node(&r, "f", h, buf, 8, 0), 0);
	scratch_text(s, "f", "123456789");
	assert_int_equal(close_node(&r, "f", h), CRX_ECHANGED);
	assert_string_equal(r.err.path, "/f");
	/* removed by now, but it was whole */
	scratch_text(s, "f", "12345678");
	assert_int_equal(open_node(&r, "f", &h), 0);
	unlink(scratch_at(s, "f"));
	assert_int_equal(pread_node(&r, "f", h, buf, 8, 0), 0);
	assert_int_equal(close_node(&r, "f", h), 0);
	read_done(&r);
}

#define DIR_TEST(f) cmocka_unit_test_setup_teardown(f, scratch_setup, scratch_teardown)

int main(void)
{
	struct CMUnitTest tests[] = {
		DIR_TEST(an_empty_directory),
		DIR_TEST(each_type),
		DIR_TEST(devices),
		DIR_TEST(hard_links),
		DIR_TEST(names_of_any_bytes),
		DIR_TEST(link_targets),
		DIR_TEST(many_in_one_directory),
		DIR_TEST(deeper_than_path_max),
		DIR_TEST(relative_and_through_a_link),
		DIR_TEST(sources_that_are_none),
		DIR_TEST(unreadable),
		DIR_TEST(excluded),
		DIR_TEST(contents_by_two_readers),
		DIR_TEST(changed_before_opening),
		DIR_TEST(a_directory_instead),
		DIR_TEST(changed_while_open),
	};

	skip_in(tests);
	return cmocka_run_group_tests_name("source_dir", tests, NULL, NULL);
}
