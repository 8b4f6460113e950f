/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lib/read/extract: a good image becomes a tree, and no image writes outside.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "../nasty/forge.h"
#include "read/extract.h"
#include "scratch.h"
#include "skip.h"

enum { PAGE = 4096, SAID_MAX = 16384 };

/* The system refuses these calls with EPERM. */
static bool no_fchmod, no_fchown, no_mknod;

int __real_fchmod(int fd, mode_t mode);
int __wrap_fchmod(int fd, mode_t mode);
int __real_fchown(int fd, uid_t uid, gid_t gid);
int __wrap_fchown(int fd, uid_t uid, gid_t gid);
int __real_mknodat(int at, const char *name, mode_t mode, dev_t dev);
int __wrap_mknodat(int at, const char *name, mode_t mode, dev_t dev);

static int refuse(void)
{
	errno = EPERM;
	return -1;
}

int __wrap_fchmod(int fd, mode_t mode)
{
	return no_fchmod ? refuse() : __real_fchmod(fd, mode);
}

int __wrap_fchown(int fd, uid_t uid, gid_t gid)
{
	return no_fchown ? refuse() : __real_fchown(fd, uid, gid);
}

int __wrap_mknodat(int at, const char *name, mode_t mode, dev_t dev)
{
	return no_mknod ? refuse() : __real_mknodat(at, name, mode, dev);
}

/* All that was logged: "path: text\n" after text. */
struct said {
	char text[SAID_MAX];
	size_t len;
};

static void emit(void *ctx, enum crx_level level, const char *path, const char *text)
{
	struct said *s = ctx;
	int n = snprintf(s->text + s->len, SAID_MAX - s->len, "%d %s: %s\n", (int)level,
			 path ? path : "", text);

	assert_true(n >= 0 && (size_t)n < SAID_MAX - s->len);
	s->len += (size_t)n;
}

struct fixture {
	struct scratch *s;
	struct forge g;
	struct forge_base b;
	struct said said;
	struct crx_extract_result r;
	struct crx_err err;
};

static struct fixture *fixture_new(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	assert_non_null(f);
	f->s = *state;
	return f;
}

static void fixture_free(struct fixture *f)
{
	forge_free(&f->g);
	free(f);
}

static int extract(struct fixture *f, const char *name, unsigned workers, bool owners)
{
	struct crx_log log = { emit, &f->said, 0 };
	struct crx_extract_opts o = { .workers = workers, .owners = owners, .log = &log };
	char dir[SCRATCH_PATH_MAX + 300];
	struct crx_listing l;
	struct crx_image img;
	int ret, fds = scratch_open_fds();

	f->said = (struct said){ .len = 0 };
	f->err = (struct crx_err)CRX_ERR_INIT;
	strcpy(dir, scratch_at(f->s, name));
	assert_int_equal(forge_view(&f->g, &img, &f->err), 0);
	assert_int_equal(crx_listing_read(&img, &l, &f->err), 0);
	ret = crx_extract(&img, &l, dir, &o, &f->r, &f->err);
	assert_int_equal(ret, f->err.code);
	crx_listing_free(&l);
	crx_image_close(&img);
	assert_int_equal(scratch_open_fds(), fds);
	return ret;
}

static void is_said(const struct fixture *f, const char *text)
{
	if (!strstr(f->said.text, text))
		fail_msg("'%s' is not in: %s", text, f->said.text);
}

static struct stat stat_of(struct fixture *f, const char *name)
{
	struct stat st;

	assert_int_equal(lstat(scratch_at(f->s, name), &st), 0);
	return st;
}

static void is_absent(struct fixture *f, const char *name)
{
	struct stat st;

	assert_int_equal(lstat(scratch_at(f->s, name), &st), -1);
	assert_int_equal(errno, ENOENT);
}

static void mode_is(struct fixture *f, const char *name, mode_t mode)
{
	struct stat st = stat_of(f, name);

	assert_int_equal(st.st_mode, mode);
	assert_int_equal(st.st_mtime, 0);
}

/* len bytes at off are the pattern of this seed */
static void holds(struct fixture *f, const char *name, size_t off, size_t len, unsigned seed)
{
	uint8_t *want = malloc(len);
	size_t have;
	char *got = scratch_get(f->s, name, &have);

	assert_non_null(want);
	assert_true(off + len <= have);
	forge_pattern(want, len, seed);
	assert_memory_equal(got + off, want, len);
	free(want);
	free(got);
}

static void test_good(void **state)
{
	struct fixture *f = fixture_new(state);
	char target[100] = { 0 };
	uint8_t want[10] = { 0 };
	struct stat st;

	forge_base(&f->g, &f->b, CRX_ORDER_BIG, PAGE);
	assert_int_equal(extract(f, "good", 4, false), 0);
	assert_int_equal(f->r.made, FORGE_ENTRIES);
	assert_int_equal(f->r.failed, 0);
	mode_is(f, "good", S_IFDIR | 0755);
	mode_is(f, "good/dir", S_IFDIR | 0755);
	mode_is(f, "good/plain", S_IFREG | 0644);
	mode_is(f, "good/run", S_IFREG | 0755);
	holds(f, "good/run", 0, 2 * PAGE + 100, 7);
	holds(f, "good/plain", 0, PAGE, 2);
	holds(f, "good/plain", 2 * PAGE, PAGE, 3);
	holds(f, "good/plain", 3 * PAGE, 100, 4);
	holds(f, "good/dir/direct", 0, PAGE, 5);
	assert_int_equal(stat_of(f, "good/plain").st_size, 3 * PAGE + 100);
	st = stat_of(f, "good/hole");
	assert_int_equal(st.st_size, PAGE + 1);
	assert_int_equal(st.st_blocks, 0);
	forge_pattern(want, 9, 1);
	assert_int_equal(readlink(scratch_at(f->s, "good/link"), target, sizeof(target)), 9);
	assert_memory_equal(target, want, 9);
	assert_int_equal(stat_of(f, "good/link").st_mtime, 0);
	fixture_free(f);
}

static void test_where(void **state)
{
	struct fixture *f = fixture_new(state);

	forge_base(&f->g, &f->b, CRX_ORDER_LITTLE, PAGE);
	scratch_mkdir(f->s, "full");
	scratch_text(f->s, "full/file", "mine");
	assert_int_equal(extract(f, "full", 1, false), CRX_EIO);
	assert_non_null(strstr(f->err.text, "not empty"));
	assert_int_equal(scratch_count(f->s, "full"), 1);
	scratch_mkdir(f->s, "empty");
	scratch_symlink(f->s, "empty", "link");
	assert_int_equal(extract(f, "link", 1, false), CRX_EIO);
	assert_non_null(strstr(f->err.text, "symbolic link"));
	assert_int_equal(scratch_count(f->s, "empty"), 0);
	assert_int_equal(extract(f, "full/file", 1, false), CRX_EIO);
	assert_int_equal(extract(f, "no/way", 1, false), CRX_EIO);
	assert_int_equal(extract(f, "empty", 1, false), 0);
	assert_int_equal(scratch_count(f->s, "empty"), 5);
	fixture_free(f);
}

/* --- images of directories by hand: one entry after the other --- */

static struct crx_inode an_inode(uint32_t mode, uint32_t off, uint32_t size)
{
	return (struct crx_inode){
		.mode = (uint16_t)mode,
		.uid = (uint16_t)geteuid(),
		.gid = (uint8_t)getegid(),
		.off = off,
		.size = size,
	};
}

/* A table of one block, and the block: a link's or file's contents at off. */
static void put_text(struct forge *g, uint32_t off, const char *text)
{
	forge_put32(g, off, forge_ptr_stored(off + 4 + strlen(text)));
	forge_bytes(g, off + 4, text, strlen(text));
}

static void put_root(struct forge *g, uint64_t end, uint32_t mode)
{
	struct crx_inode root = an_inode(S_IFDIR | mode, FORGE_ROOT, (uint32_t)(end - FORGE_ROOT));

	forge_super(g, 0, CRX_FLAG_FSID_VERSION_2 | CRX_FLAG_HOLES | CRX_FLAG_EXT_BLOCK_POINTERS,
		    &root);
}

enum { SUB = 2048, TEXT = 3000, TARGET = 3100, SELF = 3200 };

/* The same names twice, names that lead away, a link that a directory would
 * be written through. */
static void make_evil(struct forge *g)
{
	struct crx_inode sub, file = an_inode(S_IFREG | 0644, TEXT, 4);
	uint64_t off, sub_end;

	forge_init(g, CRX_ORDER_LITTLE, PAGE, 2 * PAGE);
	put_text(g, TEXT, "evil");
	put_text(g, TARGET, "../victim");
	sub_end = forge_entry(g, SUB, "in", file);
	sub_end = forge_entry(g, sub_end, "self", an_inode(S_IFDIR | 0755, FORGE_ROOT, 100));
	sub = an_inode(S_IFDIR | 0755, SUB, (uint32_t)(sub_end - SUB));
	off = forge_entry(g, FORGE_ROOT, "..", file);
	off = forge_entry(g, off, ".", an_inode(S_IFDIR | 0755, 0, 0));
	off = forge_entry(g, off, "../victim/file", file);
	off = forge_entry(g, off, "/slash", file);
	off = forge_entry(g, off, "door", an_inode(S_IFLNK | 0777, TARGET, 9));
	off = forge_entry(g, off, "door", sub);
	off = forge_entry(g, off, "door", file);
	off = forge_entry(g, off, "notype", an_inode(0644, TEXT, 4));
	off = forge_entry(g, off, "nowhere", an_inode(S_IFLNK | 0777, 0, 0));
	off = forge_entry(g, off, "ok", file);
	off = forge_entry(g, off, "self", an_inode(S_IFDIR | 0755, FORGE_ROOT, 100));
	put_root(g, off, 0755);
}

static void test_evil(void **state)
{
	struct fixture *f = fixture_new(state);
	char target[100] = { 0 };

	make_evil(&f->g);
	scratch_mkdir(f->s, "victim");
	assert_int_equal(extract(f, "evil", 2, false), 0);
	assert_int_equal(scratch_count(f->s, "victim"), 0);
	assert_int_equal(scratch_count(f->s, "evil"), 3);
	scratch_is(f->s, "evil/ok", "evil");
	assert_int_equal(readlink(scratch_at(f->s, "evil/door"), target, sizeof(target)), 9);
	assert_int_equal(scratch_count(f->s, "evil/self"), 0);
	/* ".." "." "../victim/file" "/slash" door door notype nowhere, and self is empty */
	assert_int_equal(f->r.failed, 9);
	assert_int_equal(f->r.made, 4);
	is_said(f, "/door: not extracted: the name exists already");
	is_said(f, "/..: not extracted: its name would lead out");
	is_said(f, "/../victim/file: not extracted: its name contains a slash");
	is_said(f, "/notype: not extracted: its type is not valid");
	is_said(f, "/nowhere: not extracted: a link without a target");
	is_said(f, "/self: left empty");
	fixture_free(f);
}

static void test_damaged(void **state)
{
	struct fixture *f = fixture_new(state);
	uint8_t want[2 * PAGE + 100];
	size_t len;
	char *got;

	forge_base(&f->g, &f->b, CRX_ORDER_LITTLE, PAGE);
	/* the second block of "direct" does not inflate; "run" ends outside */
	forge_put32(&f->g, f->b.direct_table + 4, forge_ptr_direct(f->b.end));
	forge_put16(&f->g, f->b.end, 5);
	forge_put32(&f->g, f->b.run_table, forge_ptr_direct(f->b.end));
	assert_int_equal(extract(f, "damaged", 3, false), 0);
	assert_int_equal(f->r.failed, 2);
	assert_int_equal(f->r.made, FORGE_ENTRIES);
	is_said(f, "2 /run: 1 of 3 pages cannot be read, the first is page 0: error while "
		   "decompressing");
	is_said(f, "2 /dir/direct: 1 of 4 pages cannot be read, the first is page 1:");
	/* a hole, and what could be read */
	got = scratch_get(f->s, "damaged/run", &len);
	assert_int_equal(len, sizeof(want));
	forge_pattern(want, sizeof(want), 7);
	memset(want, 0, PAGE);
	assert_memory_equal(got, want, len);
	free(got);
	fixture_free(f);
}

static void test_modes(void **state)
{
	static const char *const dirs[] = { "m/0", "m/1", "m/2" };
	static const uint32_t mode[] = { 0, 0555, 01777 };
	struct fixture *f = fixture_new(state);
	struct forge *g = &f->g;
	uint64_t off = FORGE_ROOT, end;
	char name[2] = "0";
	uint32_t i;

	forge_init(g, CRX_ORDER_LITTLE, PAGE, 2 * PAGE);
	put_text(g, TEXT, "text");
	for (i = 0; i < 3; i++) {
		end = forge_entry(g, SUB + 200 * i, "file", an_inode(S_IFREG | 06755, TEXT, 4));
		name[0] = (char)('0' + i);
		off = forge_entry(g, off, name,
				  an_inode(S_IFDIR | mode[i], SUB + 200 * i,
					   (uint32_t)(end - SUB - 200 * i)));
	}
	put_root(g, off, 0);
	assert_int_equal(extract(f, "m", 1, false), 0);
	assert_int_equal(f->r.failed, 0);
	assert_int_equal(f->r.not_set, 3);
	assert_int_equal(f->r.denied, 0);
	is_said(f, "0 /0/file: setuid or setgid bits (mode 6755) not set");
	/* cramfs_read_super() */
	mode_is(f, "m", S_IFDIR | 0555);
	for (i = 0; i < 3; i++) {
		mode_is(f, dirs[i], S_IFDIR | mode[i]);
		chmod(scratch_at(f->s, dirs[i]), 0755);
	}
	scratch_is(f->s, "m/0/file", "text");
	mode_is(f, "m/1/file", S_IFREG | 0755);
	/* with owners, and these are the caller's own */
	assert_int_equal(extract(f, "o", 1, true), 0);
	assert_int_equal(f->r.not_set, 0);
	mode_is(f, "o/1/file", S_IFREG | 06755);
	fixture_free(f);
}

/* What was asked for and is refused makes the tree a part of the image. */
static void test_denied(void **state)
{
	struct fixture *f = fixture_new(state);
	uint64_t off;

	forge_init(&f->g, CRX_ORDER_LITTLE, PAGE, 2 * PAGE);
	put_text(&f->g, TEXT, "text");
	off = forge_entry(&f->g, FORGE_ROOT, "file", an_inode(S_IFREG | 0640, TEXT, 4));
	off = forge_entry(&f->g, off, "sock", an_inode(S_IFSOCK | 0600, 0, 0));
	off = forge_entry(&f->g, off, "su", an_inode(S_IFREG | 04755, TEXT, 4));
	put_root(&f->g, off, 0755);
	/* a mode is always asked for */
	no_fchmod = true;
	assert_int_equal(extract(f, "mode", 1, false), 0);
	no_fchmod = false;
	is_said(f, "2 /file: cannot set mode 0640: ");
	assert_int_equal(f->r.denied, 3);
	assert_int_equal(f->r.failed, 0);
	assert_true(crx_extract_in_part(&f->r));
	/* owners, and the bits that depend on them, if they are */
	no_fchown = true;
	assert_int_equal(extract(f, "free", 1, false), 0);
	assert_int_equal(f->r.denied, 0);
	assert_false(crx_extract_in_part(&f->r));
	is_said(f, "0 /su: setuid or setgid bits (mode 4755) not set");
	assert_int_equal(extract(f, "owned", 1, true), 0);
	no_fchown = false;
	is_said(f, "2 /file: cannot set owner ");
	is_said(f, "2 /su: setuid or setgid bits (mode 4755) not set: it does not have its owner");
	assert_null(strstr(f->said.text, "--owners"));
	mode_is(f, "owned/su", S_IFREG | 0755);
	assert_int_equal(f->r.denied, 3);
	/* and nodes */
	no_mknod = true;
	assert_int_equal(extract(f, "nodes", 1, true), 0);
	no_mknod = false;
	is_said(f, "2 /sock: socket not made: the system does not allow it");
	assert_int_equal(f->r.denied, 1);
	assert_int_equal(f->r.not_set, 1);
	fixture_free(f);
}

static void test_nodes(void **state)
{
	struct fixture *f = fixture_new(state);
	uint64_t off;

	forge_init(&f->g, CRX_ORDER_LITTLE, PAGE, 2 * PAGE);
	off = forge_entry(&f->g, FORGE_ROOT, "dev", an_inode(S_IFCHR | 0666, 0, 0x103));
	off = forge_entry(&f->g, off, "fifo", an_inode(S_IFIFO | 0640, 0, 0));
	off = forge_entry(&f->g, off, "sock", an_inode(S_IFSOCK | 0600, 0, 0));
	put_root(&f->g, off, 0755);
	assert_int_equal(extract(f, "n", 1, false), 0);
	assert_int_equal(scratch_count(f->s, "n"), 0);
	assert_int_equal(f->r.not_set, 3);
	assert_int_equal(f->r.failed, 0);
	assert_int_equal(f->r.denied, 0);
	is_said(f, "/dev: device not made");
	is_said(f, "3 devices, FIFOs or sockets not made");
	/* with owners, but not asked for devices: none, root or not */
	assert_int_equal(extract(f, "w", 1, true), 0);
	is_absent(f, "w/dev");
	mode_is(f, "w/fifo", S_IFIFO | 0640);
	mode_is(f, "w/sock", S_IFSOCK | 0600);
	assert_int_equal(f->r.not_set, 1);
	fixture_free(f);
}

/* Deeper than a path can say, and than there are descriptors. */
static void test_deep(void **state)
{
	enum { LEVELS = 4000, ENTRY = 264 };
	struct fixture *f = fixture_new(state);
	char name[CRX_DIRENT_NAME_MAX + 1];
	uint32_t off = FORGE_ROOT;
	int i;

	memset(name, 'd', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	forge_init(&f->g, CRX_ORDER_LITTLE, PAGE, LEVELS * ENTRY + PAGE);
	for (i = 0; i < LEVELS; i++, off += ENTRY)
		forge_entry(&f->g, off, name,
			    an_inode(S_IFDIR | 0555, i + 1 < LEVELS ? off + ENTRY : 0,
				     i + 1 < LEVELS ? ENTRY : 0));
	put_root(&f->g, FORGE_ROOT + ENTRY, 0755);
	assert_int_equal(extract(f, "deep", 1, false), 0);
	assert_int_equal(f->r.made, LEVELS + 1);
	assert_int_equal(f->r.failed, 0);
	fixture_free(f);
}

/* n files of one page each, all of the same block. */
static void make_many(struct forge *g, unsigned n, uint32_t size)
{
	uint32_t text = FORGE_ROOT + n * 20;
	uint64_t off = FORGE_ROOT;
	char name[16];
	unsigned i;

	forge_init(g, CRX_ORDER_LITTLE, PAGE, text + 2 * PAGE);
	forge_put32(g, text, forge_ptr_stored(text + 4 + PAGE));
	forge_fill(g, text + 4, PAGE, 1);
	for (i = 0; i < n; i++) {
		snprintf(name, sizeof(name), "f%06u", i);
		off = forge_entry(g, off, name, an_inode(S_IFREG | 0644, text, size));
	}
	put_root(g, off, 0755);
}

static void test_many_denied(void **state)
{
	struct fixture *f = fixture_new(state);

	make_many(&f->g, 30, PAGE);
	no_fchown = true;
	assert_int_equal(extract(f, "many", 1, true), 0);
	no_fchown = false;
	assert_int_equal(f->r.denied, 31);
	is_said(f, "and 11 more without their owner");
	fixture_free(f);
}

static void test_few_descriptors(void **state)
{
	struct fixture *f;
	struct rlimit old, few;

	if (getenv("CRX_VALGRIND"))
		SKIP("valgrind has descriptors of its own");
	f = fixture_new(state);
	make_many(&f->g, 300, PAGE);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &old), 0);
	few = old;
	few.rlim_cur = (rlim_t)scratch_open_fds() + 9;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	assert_int_equal(extract(f, "few", 2, false), 0);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &old), 0);
	assert_int_equal(f->r.made, 301);
	assert_int_equal(f->r.failed, 0);
	holds(f, "few/f000299", 0, PAGE, 1);
	fixture_free(f);
}

static void test_no_room(void **state)
{
	struct fixture *f = fixture_new(state);
	struct rlimit old, small;

	make_many(&f->g, 10, PAGE);
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	small = old;
	small.rlim_cur = 100;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	assert_int_equal(extract(f, "room", 2, false), CRX_EIO);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	assert_int_equal(f->err.sys_errno, EFBIG);
	assert_string_equal(f->err.path, "/f000000");
	fixture_free(f);
}

static void test_bomb(void **state)
{
	struct fixture *f = fixture_new(state);

	make_many(&f->g, 300, CRX_SIZE_MAX);
	assert_int_equal(extract(f, "bomb", 2, false), CRX_EBIG);
	is_absent(f, "bomb");
	fixture_free(f);
}

/* What is said does not depend on the workers. */
static void test_same_words(void **state)
{
	struct fixture *f = fixture_new(state);
	char *first;

	make_many(&f->g, 300, PAGE + 1);
	assert_int_equal(extract(f, "one", 1, false), 0);
	assert_int_equal(f->r.failed, 300);
	is_said(f, "and 280 more");
	first = strdup(f->said.text);
	assert_non_null(first);
	assert_int_equal(extract(f, "two", 7, false), 0);
	memcpy(strstr(f->said.text, "/two"), "/one", 4);
	assert_string_equal(f->said.text, first);
	free(first);
	fixture_free(f);
}

int main(void)
{
#define WITH_SCRATCH(test) cmocka_unit_test_setup_teardown(test, scratch_setup, scratch_teardown)
	struct CMUnitTest tests[] = {
		WITH_SCRATCH(test_good),       WITH_SCRATCH(test_where),
		WITH_SCRATCH(test_evil),       WITH_SCRATCH(test_damaged),
		WITH_SCRATCH(test_modes),      WITH_SCRATCH(test_nodes),
		WITH_SCRATCH(test_denied),     WITH_SCRATCH(test_many_denied),
		WITH_SCRATCH(test_deep),       WITH_SCRATCH(test_few_descriptors),
		WITH_SCRATCH(test_no_room),    WITH_SCRATCH(test_bomb),
		WITH_SCRATCH(test_same_words),
	};

	skip_in(tests);
	return cmocka_run_group_tests_name("extract", tests, NULL, NULL);
}
