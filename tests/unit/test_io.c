/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lib/base/io: whole reads and writes, and files that appear by rename.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <limits.h>
#include <sys/types.h>

#include "base/io.h"
#include "scratch.h"
#include "skip.h"

/* --- calls in pieces: linked with --wrap=pread, pwrite and write --- */

static struct {
	size_t piece;   /* at most so many bytes a call; 0: as ever */
	unsigned eintr; /* so many calls are interrupted first */
	unsigned calls;
	bool nothing; /* write() takes 0 bytes */
} calls;

ssize_t __real_pread(int fd, void *buf, size_t len, off_t off);
ssize_t __real_pwrite(int fd, const void *buf, size_t len, off_t off);
ssize_t __real_write(int fd, const void *buf, size_t len);
ssize_t __wrap_pread(int fd, void *buf, size_t len, off_t off);
ssize_t __wrap_pwrite(int fd, const void *buf, size_t len, off_t off);
ssize_t __wrap_write(int fd, const void *buf, size_t len);

static bool interrupted(size_t *len)
{
	calls.calls++;
	if (calls.piece && *len > calls.piece)
		*len = calls.piece;
	if (!calls.eintr)
		return false;
	calls.eintr--;
	errno = EINTR;
	return true;
}

ssize_t __wrap_pread(int fd, void *buf, size_t len, off_t off)
{
	return interrupted(&len) ? -1 : __real_pread(fd, buf, len, off);
}

ssize_t __wrap_pwrite(int fd, const void *buf, size_t len, off_t off)
{
	if (calls.nothing)
		return 0;
	return interrupted(&len) ? -1 : __real_pwrite(fd, buf, len, off);
}

ssize_t __wrap_write(int fd, const void *buf, size_t len)
{
	if (calls.nothing)
		return 0;
	return interrupted(&len) ? -1 : __real_write(fd, buf, len);
}

static int setup(void **state)
{
	memset(&calls, 0, sizeof(calls));
	umask(022);
	return scratch_setup(state);
}

static int teardown(void **state)
{
	memset(&calls, 0, sizeof(calls));
	umask(022);
	return scratch_teardown(state);
}

/* --- reads and writes --- */

static void pread_is_exact(void **state)
{
	struct scratch *s = *state;
	struct crx_err err = CRX_ERR_INIT;
	char buf[11] = "";
	int fd;

	scratch_text(s, "f", "0123456789");
	fd = open(scratch_at(s, "f"), O_RDONLY | O_CLOEXEC);
	assert_int_equal(crx_io_pread(fd, buf, 10, 0, "/f", &err), 0);
	assert_string_equal(buf, "0123456789");
	assert_int_equal(crx_io_pread(fd, buf, 3, 7, "/f", &err), 0);
	assert_memory_equal(buf, "789", 3);
	assert_int_equal(crx_io_pread(fd, buf, 0, 10, "/f", &err), 0);
	assert_int_equal(crx_io_pread(fd, buf, 4, 7, "/f", &err), CRX_ECHANGED);
	assert_int_equal(err.code, CRX_ECHANGED);
	assert_string_equal(err.path, "/f");
	close(fd);
	err = (struct crx_err)CRX_ERR_INIT;
	assert_int_equal(crx_io_pread(fd, buf, 1, 0, "/f", &err), CRX_EIO);
	assert_int_equal(err.sys_errno, EBADF);
}

static void writes_are_exact(void **state)
{
	struct scratch *s = *state;
	struct crx_err err = CRX_ERR_INIT;
	int fd = open(scratch_at(s, "f"), O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	assert_int_equal(crx_io_write(fd, "abcdef", 6, "/f", &err), 0);
	assert_int_equal(crx_io_pwrite(fd, "XY", 2, 1, "/f", &err), 0);
	assert_int_equal(crx_io_write(fd, "g", 1, "/f", &err), 0);
	assert_int_equal(crx_io_write(fd, "", 0, "/f", &err), 0);
	scratch_is(s, "f", "aXYdefg");
	close(fd);
	assert_int_equal(crx_io_write(fd, "a", 1, "/f", &err), CRX_EIO);
	assert_int_equal(err.sys_errno, EBADF);
	assert_string_equal(err.path, "/f");
}

static void in_pieces_and_interrupted(void **state)
{
	struct scratch *s = *state;
	struct crx_err err = CRX_ERR_INIT;
	char buf[27] = "";
	int fd = open(scratch_at(s, "f"), O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	calls.piece = 3;
	calls.eintr = 2;
	assert_int_equal(crx_io_write(fd, "abcdefghijklm", 13, "/f", &err), 0);
	assert_int_equal(calls.calls, 2 + 5);
	calls.eintr = 2;
	assert_int_equal(crx_io_pwrite(fd, "nopqrstuvwxyz", 13, 13, "/f", &err), 0);
	calls.eintr = 2;
	assert_int_equal(crx_io_pread(fd, buf, 26, 0, "/f", &err), 0);
	assert_string_equal(buf, "abcdefghijklmnopqrstuvwxyz");
	close(fd);
}

static void a_write_of_nothing_ends(void **state)
{
	struct scratch *s = *state;
	struct crx_err err = CRX_ERR_INIT;
	int fd = open(scratch_at(s, "f"), O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	calls.nothing = true;
	assert_int_equal(crx_io_write(fd, "a", 1, "/f", &err), CRX_EIO);
	assert_int_equal(err.sys_errno, ENOSPC);
	close(fd);
}

static void a_full_device(void **state)
{
	struct crx_err err = CRX_ERR_INIT;
	int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);

	(void)state;
	if (fd < 0)
		SKIP("no /dev/full");
	assert_int_equal(crx_io_write(fd, "a", 1, "/dev/full", &err), CRX_EIO);
	assert_int_equal(err.sys_errno, ENOSPC);
	close(fd);
}

static void read_file_up_to_its_limit(void **state)
{
	static const size_t len[] = { 0, 1, 65534, 65535, 65536, 65537, 131071, 131072, 300000 };
	struct scratch *s = *state;
	size_t i, j, got;
	char *data = malloc(300000), *out;

	assert_non_null(data);
	for (j = 0; j < 300000; j++)
		data[j] = (char)(j * 7 + j / 251);
	for (i = 0; i < sizeof(len) / sizeof(len[0]); i++) {
		struct crx_err err = CRX_ERR_INIT;

		scratch_put(s, "f", data, len[i]);
		assert_int_equal(crx_io_read_file(scratch_at(s, "f"), len[i], &out, &got, &err), 0);
		assert_int_equal(got, len[i]);
		assert_memory_equal(out, data, len[i]);
		assert_int_equal(out[got], 0);
		free(out);
		if (!len[i])
			continue;
		assert_int_equal(crx_io_read_file(scratch_at(s, "f"), len[i] - 1, &out, &got, &err),
				 CRX_EBIG);
		assert_non_null(strstr(err.path, "/f"));
	}
	free(data);
}

/* What has been read of a pipe comes first. */
static void read_rest_of_a_pipe(void **state)
{
	struct crx_err err = CRX_ERR_INIT;
	struct crx_io_rest rest = { .path = "pipe", .head = "head, ", .head_len = 6 };
	size_t max, len;
	char *out;
	int fd[2];

	(void)state;
	for (max = 9; max <= 10; max++) {
		assert_int_equal(pipe(fd), 0);
		assert_int_equal(write(fd[1], "rest", 4), 4);
		close(fd[1]);
		rest.fd = fd[0];
		if (max == 9) {
			assert_int_equal(crx_io_read_rest(&rest, max, &out, &len, &err), CRX_EBIG);
			assert_string_equal(err.path, "pipe");
		} else {
			err = (struct crx_err)CRX_ERR_INIT;
			assert_int_equal(crx_io_read_rest(&rest, max, &out, &len, &err), 0);
			assert_int_equal(len, 10);
			assert_string_equal(out, "head, rest");
			free(out);
		}
		close(fd[0]);
	}
}

static void read_file_that_is_none(void **state)
{
	struct scratch *s = *state;
	struct crx_err err = CRX_ERR_INIT;
	int fds = scratch_open_fds();
	char *out = NULL;
	size_t len;

	assert_int_equal(crx_io_read_file(scratch_at(s, "none"), 10, &out, &len, &err), CRX_EIO);
	assert_int_equal(err.sys_errno, ENOENT);
	err = (struct crx_err)CRX_ERR_INIT;
	assert_int_equal(crx_io_read_file(s->dir, 10, &out, &len, &err), CRX_EIO);
	assert_int_equal(err.sys_errno, EISDIR);
	assert_null(out);
	assert_int_equal(scratch_open_fds(), fds);
}

/* --- a file that appears when it is complete --- */

struct events {
	int created, gone;
	char tmp[PATH_MAX];
	bool there; /* did it exist when the hook was called? */
};

static void on_create(void *ctx, const char *tmp_path)
{
	struct events *t = ctx;

	t->created++;
	snprintf(t->tmp, sizeof(t->tmp), "%s", tmp_path);
	t->there = access(tmp_path, F_OK) == 0;
}

static void on_gone(void *ctx)
{
	struct events *t = ctx;

	t->gone++;
	t->there = access(t->tmp, F_OK) == 0;
}

static void put(struct crx_io_temp *t, const char *text)
{
	struct crx_err err = CRX_ERR_INIT;

	assert_int_equal(crx_io_write(t->fd, text, strlen(text), "temp", &err), 0);
}

/* Replace path with text, from nothing to done. */
static void replace(const char *path, const char *text, bool sync)
{
	struct crx_err err = CRX_ERR_INIT;
	struct crx_io_temp t;

	assert_int_equal(crx_io_temp_beside(&t, path, NULL, &err), 0);
	put(&t, text);
	assert_int_equal(crx_io_temp_commit(&t, sync, &err), 0);
	assert_int_equal(err.code, 0);
	assert_int_equal(t.fd, -1);
	assert_null(t.tmp_path);
	crx_io_temp_abort(&t);
}

static unsigned mode_of(struct scratch *s, const char *name)
{
	struct stat st;

	assert_int_equal(stat(scratch_at(s, name), &st), 0);
	return st.st_mode & 07777;
}

static void new_file(void **state)
{
	struct scratch *s = *state;
	struct crx_err err = CRX_ERR_INIT;
	struct events events = { 0 };
	const struct crx_io_hooks hooks = { on_create, on_gone, &events };
	int fds = scratch_open_fds();
	struct crx_io_temp t;

	assert_int_equal(crx_io_temp_beside(&t, scratch_at(s, "img"), &hooks, &err), 0);
	assert_int_equal(events.created, 1);
	assert_true(events.there);
	assert_string_equal(events.tmp, t.tmp_path);
	assert_ptr_equal(strstr(events.tmp, s->dir), events.tmp);
	assert_non_null(strstr(events.tmp, "/.img."));
	put(&t, "hello");
	/* nothing of it is to be seen yet */
	assert_int_equal(access(scratch_at(s, "img"), F_OK), -1);
	assert_int_equal(events.gone, 0);
	assert_int_equal(crx_io_temp_commit(&t, false, &err), 0);
	assert_int_equal(events.gone, 1);
	assert_false(events.there);
	scratch_is(s, "img", "hello");
	assert_int_equal(scratch_count(s, "."), 1);
	assert_int_equal(scratch_open_fds(), fds);
}

static void abort_leaves_nothing(void **state)
{
	struct scratch *s = *state;
	struct crx_err err = CRX_ERR_INIT;
	struct events events = { 0 };
	const struct crx_io_hooks hooks = { on_create, on_gone, &events };
	struct crx_io_temp t;
	int fds = scratch_open_fds();

	scratch_text(s, "img", "old");
	assert_int_equal(crx_io_temp_beside(&t, scratch_at(s, "img"), &hooks, &err), 0);
	put(&t, "new");
	crx_io_temp_abort(&t);
	assert_int_equal(events.gone, 1);
	assert_false(events.there);
	crx_io_temp_abort(&t);
	assert_int_equal(events.gone, 1);
	scratch_is(s, "img", "old");
	assert_int_equal(scratch_count(s, "."), 1);
	assert_int_equal(scratch_open_fds(), fds);
	t = (struct crx_io_temp){ 0 };
	crx_io_temp_abort(&t);
	assert_int_equal(scratch_open_fds(), fds); /* not descriptor 0 */
}

static void old_file_stays_until_commit(void **state)
{
	struct scratch *s = *state;
	struct crx_err err = CRX_ERR_INIT;
	struct crx_io_temp t;

	scratch_text(s, "img", "old");
	assert_int_equal(link(scratch_at(s, "img"), scratch_at(s, "other")), 0);
	assert_int_equal(crx_io_temp_beside(&t, scratch_at(s, "img"), NULL, &err), 0);
	put(&t, "new");
	scratch_is(s, "img", "old");
	assert_int_equal(crx_io_temp_commit(&t, true, &err), 0);
	scratch_is(s, "img", "new");
	/* replaced, not written over */
	scratch_is(s, "other", "old");
}

/* Where a link leads, and what must not have changed. */
static void through_links(void **state)
{
	struct scratch *s = *state;
	char buf[64];

	scratch_mkdir(s, "d");
	scratch_mkdir(s, "e");
	scratch_text(s, "e/file", "old");
	scratch_symlink(s, "file", "e/near");
	scratch_symlink(s, "../e/near", "d/relative");
	scratch_symlink(s, scratch_at(s, "d/relative"), "absolute");
	replace(scratch_at(s, "absolute"), "one", false);
	scratch_is(s, "e/file", "one");
	assert_int_equal(readlink(scratch_at(s, "e/near"), buf, sizeof(buf)), 4);
	assert_int_equal(scratch_count(s, "e"), 2);
	assert_int_equal(scratch_count(s, "d"), 1);
	/* one that leads nowhere yet */
	scratch_symlink(s, "../e/fresh", "d/dangling");
	replace(scratch_at(s, "d/dangling"), "two", false);
	scratch_is(s, "e/fresh", "two");
	scratch_is(s, "d/dangling", "two");
	assert_int_equal(scratch_count(s, "d"), 2);
	/* ".." after a link to a directory is that of the directory */
	scratch_symlink(s, "e", "to_e");
	scratch_symlink(s, "../sideways", "e/up");
	replace(scratch_at(s, "to_e/up"), "three", false);
	scratch_is(s, "sideways", "three");
}

static void link_chains_end(void **state)
{
	struct scratch *s = *state;
	struct crx_err err = CRX_ERR_INIT;
	struct crx_io_temp t;
	char from[16], to[16];
	int i;

	for (i = 0; i < 30; i++) {
		snprintf(from, sizeof(from), "l%d", i);
		snprintf(to, sizeof(to), "l%d", i + 1);
		scratch_symlink(s, to, from);
	}
	replace(scratch_at(s, "l0"), "end", false);
	scratch_is(s, "l30", "end");
	scratch_symlink(s, "b", "a");
	scratch_symlink(s, "a", "b");
	assert_int_equal(crx_io_temp_beside(&t, scratch_at(s, "a"), NULL, &err), CRX_EIO);
	assert_int_equal(err.sys_errno, ELOOP);
	assert_null(t.tmp_path);
	assert_int_equal(t.fd, -1);
}

static void mode_is_kept(void **state)
{
	struct scratch *s = *state;

	scratch_text(s, "img", "old");
	assert_int_equal(chmod(scratch_at(s, "img"), 0604), 0);
	replace(scratch_at(s, "img"), "new", false);
	assert_int_equal(mode_of(s, "img"), 0604);
	/* through a link the mode of what it points at */
	scratch_symlink(s, "img", "link");
	replace(scratch_at(s, "link"), "newer", false);
	assert_int_equal(mode_of(s, "img"), 0604);
	/* but nobody asked for a setuid image */
	assert_int_equal(chmod(scratch_at(s, "img"), 04755), 0);
	replace(scratch_at(s, "img"), "newest", false);
	assert_int_equal(mode_of(s, "img"), 0755);
	/* read-only: the directory's rights count */
	assert_int_equal(chmod(scratch_at(s, "img"), 0444), 0);
	replace(scratch_at(s, "img"), "last", false);
	assert_int_equal(mode_of(s, "img"), 0444);
}

static void mode_of_a_new_file(void **state)
{
	static const unsigned mask[] = { 0, 022, 027, 077, 0777 };
	struct scratch *s = *state;
	char name[16];
	size_t i;

	if (access("/proc/self/status", R_OK))
		SKIP("no /proc");
	for (i = 0; i < sizeof(mask) / sizeof(mask[0]); i++) {
		snprintf(name, sizeof(name), "f%zu", i);
		umask(mask[i]);
		replace(scratch_at(s, name), "x", false);
		assert_int_equal(mode_of(s, name), 0666 & ~mask[i]);
		/* and it is as it was */
		assert_int_equal(umask(022), mask[i]);
	}
}

static void longest_names(void **state)
{
	struct scratch *s = *state;
	char name[256];

	memset(name, 'n', 255);
	name[255] = '\0';
	replace(scratch_at(s, name), "long", false);
	scratch_is(s, name, "long");
	/* cut in the middle of a character, with what printf would take for a format */
	memset(name, '\xe4', 255);
	memcpy(name, "%s%n%d", 6);
	replace(scratch_at(s, name), "bytes", false);
	scratch_is(s, name, "bytes");
	replace(scratch_at(s, "s"), "short", false);
	assert_int_equal(scratch_count(s, "."), 3);
}

static void in_the_working_directory(void **state)
{
	struct scratch *s = *state;
	int was = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	assert_int_equal(fchdir(s->fd), 0);
	replace("img", "here", true);
	scratch_is(s, "img", "here");
	scratch_symlink(s, "elsewhere", "link");
	replace("link", "there", true);
	scratch_is(s, "elsewhere", "there");
	assert_int_equal(fchdir(was), 0);
	close(was);
}

static void places_that_cannot_be(void **state)
{
	static const struct {
		const char *path;
		int sys_errno;
	} cases[] = {
		{ "no/img", ENOENT },
		{ "file/img", ENOTDIR },
		{ "new/", ENOENT },
		{ "to_nowhere/img", ENOENT },
	};
	struct scratch *s = *state;
	struct crx_io_temp t;
	int fds = scratch_open_fds();
	size_t i;

	scratch_text(s, "file", "x");
	scratch_symlink(s, "nowhere", "to_nowhere");
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct events events = { 0 };
		const struct crx_io_hooks hooks = { on_create, on_gone, &events };
		struct crx_err err = CRX_ERR_INIT;

		assert_int_equal(crx_io_temp_beside(&t, scratch_at(s, cases[i].path), &hooks, &err),
				 CRX_EIO);
		assert_int_equal(err.sys_errno, cases[i].sys_errno);
		assert_non_null(strstr(err.path, cases[i].path));
		assert_int_equal(events.created, events.gone);
		crx_io_temp_abort(&t);
	}
	assert_int_equal(scratch_count(s, "."), 2);
	assert_int_equal(scratch_open_fds(), fds);
}

/* A directory appears where the image is to be written. */
static void commit_that_fails(void **state)
{
	struct scratch *s = *state;
	struct crx_err err = CRX_ERR_INIT;
	struct events events = { 0 };
	const struct crx_io_hooks hooks = { on_create, on_gone, &events };
	int fds = scratch_open_fds();
	struct crx_io_temp t;

	assert_int_equal(crx_io_temp_beside(&t, scratch_at(s, "img"), &hooks, &err), 0);
	put(&t, "x");
	scratch_mkdir(s, "img");
	scratch_text(s, "img/inside", "kept");
	assert_int_equal(crx_io_temp_commit(&t, false, &err), CRX_EIO);
	assert_int_equal(err.sys_errno, EISDIR);
	assert_int_equal(events.gone, 1);
	assert_false(events.there);
	scratch_is(s, "img/inside", "kept");
	assert_int_equal(scratch_count(s, "."), 1);
	assert_int_equal(t.fd, -1);
	assert_int_equal(scratch_open_fds(), fds);
}

static void unwritable_directory(void **state)
{
	struct scratch *s = *state;
	struct crx_err err = CRX_ERR_INIT;
	struct crx_io_temp t;

	scratch_as_user(s);
	scratch_mkdir(s, "d");
	scratch_text(s, "d/img", "old");
	assert_int_equal(chmod(scratch_at(s, "d"), 0555), 0);
	assert_int_equal(crx_io_temp_beside(&t, scratch_at(s, "d/img"), NULL, &err), CRX_EIO);
	assert_int_equal(err.sys_errno, EACCES);
	assert_int_equal(chmod(scratch_at(s, "d"), 0755), 0);
	scratch_is(s, "d/img", "old");
}

/* --- a file without a name --- */

static void nameless_file(void **state)
{
	struct scratch *s = *state;
	struct crx_err err = CRX_ERR_INIT;
	const char *was = getenv("TMPDIR");
	char *kept = was ? strdup(was) : NULL, buf[3], link[64], to[64];
	int fds = scratch_open_fds();
	struct crx_io_temp t;

	setenv("TMPDIR", s->dir, 1);
	assert_int_equal(crx_io_temp_nameless(&t, &err), 0);
	assert_int_equal(scratch_count(s, "."), 0);
	put(&t, "abc");
	assert_int_equal(crx_io_pread(t.fd, buf, 3, 0, "temp", &err), 0);
	assert_memory_equal(buf, "abc", 3);
	crx_io_temp_abort(&t);
	setenv("TMPDIR", scratch_at(s, "none"), 1);
	assert_int_equal(crx_io_temp_nameless(&t, &err), CRX_EIO);
	assert_int_equal(err.sys_errno, ENOENT);
	assert_non_null(strstr(err.text, "TMPDIR"));
	crx_io_temp_abort(&t);
	err = (struct crx_err)CRX_ERR_INIT;
	setenv("TMPDIR", "", 1);
	assert_int_equal(crx_io_temp_nameless(&t, &err), 0);
	snprintf(link, sizeof(link), "/proc/self/fd/%d", t.fd);
	if (readlink(link, to, sizeof(to)) > 0)
		assert_memory_equal(to, "/tmp/", 5);
	crx_io_temp_abort(&t);
	if (kept)
		setenv("TMPDIR", kept, 1);
	else
		unsetenv("TMPDIR");
	free(kept);
	assert_int_equal(scratch_open_fds(), fds);
}

static void target_is(struct scratch *s, const char *path, const char *want)
{
	struct crx_err err = CRX_ERR_INIT;
	char *dir = NULL;

	assert_int_equal(crx_io_target_dir(path, &dir, &err), 0);
	if (*want == '.')
		assert_string_equal(dir, want);
	else
		assert_string_equal(dir, scratch_at(s, want));
	free(dir);
}

static void directory_of_the_target(void **state)
{
	struct scratch *s = *state;
	struct crx_err err = CRX_ERR_INIT;
	char *dir = NULL;

	scratch_mkdir(s, "d");
	scratch_symlink(s, "d/far", "link");
	target_is(s, "img", ".");
	target_is(s, "./img", "./");
	target_is(s, scratch_at(s, "img"), "");
	target_is(s, scratch_at(s, "d/img"), "d/");
	target_is(s, scratch_at(s, "link"), "d/");
	scratch_symlink(s, "loop", "loop");
	assert_int_equal(crx_io_target_dir(scratch_at(s, "loop"), &dir, &err), CRX_EIO);
	assert_null(dir);
}

#define IO_TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	struct CMUnitTest tests[] = {
		IO_TEST(pread_is_exact),
		IO_TEST(writes_are_exact),
		IO_TEST(in_pieces_and_interrupted),
		IO_TEST(a_write_of_nothing_ends),
		IO_TEST(a_full_device),
		IO_TEST(read_file_up_to_its_limit),
		IO_TEST(read_rest_of_a_pipe),
		IO_TEST(read_file_that_is_none),
		IO_TEST(new_file),
		IO_TEST(abort_leaves_nothing),
		IO_TEST(old_file_stays_until_commit),
		IO_TEST(through_links),
		IO_TEST(link_chains_end),
		IO_TEST(mode_is_kept),
		IO_TEST(mode_of_a_new_file),
		IO_TEST(longest_names),
		IO_TEST(in_the_working_directory),
		IO_TEST(places_that_cannot_be),
		IO_TEST(commit_that_fails),
		IO_TEST(unwritable_directory),
		IO_TEST(nameless_file),
		IO_TEST(directory_of_the_target),
	};

	skip_in(tests);
	return cmocka_run_group_tests_name("io", tests, NULL, NULL);
}
