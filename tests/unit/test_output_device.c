/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lib/write/output on a block device, and system calls that fail. The device is
 * a file which stat() and fstat() say is one.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sys/file.h>
#include <sys/sysmacros.h>

#include "scratch.h"
#include "skip.h"
#include "write/output.h"

enum { IMAGE = 300000, DEVICE = 400000 };

enum call { STAT, FSTAT, OPEN, OPENAT, FLOCK, LSEEK, FSYNC, CLOSE, PREAD, WRITE, READ_FILE, CALLS };

static struct {
	ino_t ino; /* of the device; 0: there is none */
	dev_t rdev;
	ino_t mounted; /* fstat() says that this inode is on another device; 0: none */
	struct {
		unsigned n, fail_at; /* the call that fails, from 1; 0: none */
		int why;             /* errno, or for crx_io_*() a code */
	} call[CALLS];
	int flags;  /* of the last open */
	int closed; /* the last descriptor */
	bool terminal;
} sys;

static bool fails(enum call c)
{
	if (++sys.call[c].n != sys.call[c].fail_at)
		return false;
	errno = sys.call[c].why;
	return true;
}

static void let_fail(enum call c, unsigned at, int why)
{
	memset(sys.call, 0, sizeof(sys.call));
	sys.call[c].fail_at = at;
	sys.call[c].why = why;
}

int __real_stat(const char *path, struct stat *st);
int __wrap_stat(const char *path, struct stat *st);
int __real_fstat(int fd, struct stat *st);
int __wrap_fstat(int fd, struct stat *st);
int __real_flock(int fd, int how);
int __wrap_flock(int fd, int how);
off_t __real_lseek(int fd, off_t off, int whence);
off_t __wrap_lseek(int fd, off_t off, int whence);
int __real_close(int fd);
int __wrap_close(int fd);
int __wrap_isatty(int fd);
int __real_crx_io_open(const char *path, int flags);
int __wrap_crx_io_open(const char *path, int flags);
int __real_crx_io_openat(int at, const char *path, int flags, mode_t mode);
int __wrap_crx_io_openat(int at, const char *path, int flags, mode_t mode);
int __real_crx_io_fsync(int fd);
int __wrap_crx_io_fsync(int fd);
int __real_crx_io_pread(int fd, void *buf, size_t len, uint64_t off, const char *path,
			struct crx_err *err);
int __wrap_crx_io_pread(int fd, void *buf, size_t len, uint64_t off, const char *path,
			struct crx_err *err);
int __real_crx_io_write(int fd, const void *buf, size_t len, const char *path, struct crx_err *err);
int __wrap_crx_io_write(int fd, const void *buf, size_t len, const char *path, struct crx_err *err);
int __real_crx_io_read_file(const char *path, size_t max, char **out, size_t *len,
			    struct crx_err *err);
int __wrap_crx_io_read_file(const char *path, size_t max, char **out, size_t *len,
			    struct crx_err *err);

static int as_device(int ret, struct stat *st)
{
	if (!ret && sys.ino && st->st_ino == sys.ino) {
		st->st_mode = S_IFBLK | 0600;
		st->st_rdev = sys.rdev;
	}
	return ret;
}

int __wrap_stat(const char *path, struct stat *st)
{
	return fails(STAT) ? -1 : as_device(__real_stat(path, st), st);
}

int __wrap_fstat(int fd, struct stat *st)
{
	int ret = fails(FSTAT) ? -1 : as_device(__real_fstat(fd, st), st);

	if (!ret && sys.mounted && st->st_ino == sys.mounted)
		st->st_dev++;
	return ret;
}

int __wrap_flock(int fd, int how)
{
	return fails(FLOCK) ? -1 : __real_flock(fd, how);
}

off_t __wrap_lseek(int fd, off_t off, int whence)
{
	return fails(LSEEK) ? -1 : __real_lseek(fd, off, whence);
}

int __wrap_close(int fd)
{
	int ret = __real_close(fd);

	sys.closed = fd;
	return fails(CLOSE) ? -1 : ret;
}

int __wrap_isatty(int fd)
{
	(void)fd;
	return sys.terminal;
}

int __wrap_crx_io_open(const char *path, int flags)
{
	sys.flags = flags;
	return fails(OPEN) ? -1 : __real_crx_io_open(path, flags & ~O_EXCL);
}

int __wrap_crx_io_openat(int at, const char *path, int flags, mode_t mode)
{
	return fails(OPENAT) ? -1 : __real_crx_io_openat(at, path, flags, mode);
}

int __wrap_crx_io_fsync(int fd)
{
	return fails(FSYNC) ? -1 : __real_crx_io_fsync(fd);
}

int __wrap_crx_io_pread(int fd, void *buf, size_t len, uint64_t off, const char *path,
			struct crx_err *err)
{
	if (fails(PREAD))
		return crx_err_set(err, sys.call[PREAD].why, EIO, path, "fails");
	return __real_crx_io_pread(fd, buf, len, off, path, err);
}

int __wrap_crx_io_write(int fd, const void *buf, size_t len, const char *path, struct crx_err *err)
{
	if (fails(WRITE))
		return crx_err_set(err, sys.call[WRITE].why, ENOSPC, path, "fails");
	return __real_crx_io_write(fd, buf, len, path, err);
}

int __wrap_crx_io_read_file(const char *path, size_t max, char **out, size_t *len,
			    struct crx_err *err)
{
	if (fails(READ_FILE))
		return crx_err_set(err, sys.call[READ_FILE].why, 0, path, "fails");
	return __real_crx_io_read_file(path, max, out, len, err);
}

static uint8_t image[DEVICE];

static int setup(void **state)
{
	size_t i;

	memset(&sys, 0, sizeof(sys));
	for (i = 0; i < DEVICE; i++)
		image[i] = (uint8_t)(i * 7 + i / 253);
	return scratch_setup(state);
}

/* A device full of x. NULL if it cannot be made: the C library may know stat() by another name. */
static const char *make_device(struct scratch *s)
{
	uint8_t x[DEVICE];
	struct stat st;

	memset(x, 'x', sizeof(x));
	scratch_put(s, "disk", x, sizeof(x));
	assert_int_equal(stat(scratch_at(s, "disk"), &st), 0);
	sys.ino = st.st_ino;
	sys.rdev = makedev(4095, 7);
	assert_int_equal(stat(scratch_at(s, "disk"), &st), 0);
	return S_ISBLK(st.st_mode) ? scratch_at(s, "disk") : NULL;
}

#define DEVICE_OR_SKIP(path)                                  \
	do {                                                  \
		if (!(path))                                  \
			SKIP("stat() has another name here"); \
	} while (0)

/* The first len bytes of the device are the image's, the others as they were. */
static void assert_device(struct scratch *s, size_t image_len)
{
	size_t len, i;
	char *got = scratch_get(s, "disk", &len);

	assert_int_equal(len, DEVICE);
	assert_memory_equal(got, image, image_len);
	for (i = image_len; i < len; i++)
		assert_int_equal(got[i], 'x');
	free(got);
}

/* Writes an image. After a failure, its message begins with `says`. */
static int put(const struct crx_output_opts *o, size_t len, int want, const char *says)
{
	struct crx_err err = CRX_ERR_INIT;
	int fds = scratch_open_fds(), ret;
	struct crx_output out;

	ret = crx_output_open(&out, o, &err);
	if (!ret)
		ret = crx_io_pwrite(out.temp.fd, image, len, 0, "temp", &err);
	if (!ret)
		ret = crx_output_fits(&out, len, &err);
	if (!ret)
		ret = crx_output_commit(&out, len, &err);
	crx_output_abort(&out);
	memset(sys.call, 0, sizeof(sys.call));
	if (ret != want || strncmp(err.text, says, strlen(says)))
		fail_msg("%d, '%s', and not %d, '%s'", ret, err.text, want, says);
	assert_int_equal(scratch_open_fds(), fds);
	return err.sys_errno;
}

static void a_device(void **state)
{
	struct scratch *s = *state;
	struct crx_output_opts o = { .path = make_device(s), .lock = CRX_LOCK_YES };

	DEVICE_OR_SKIP(o.path);
	put(&o, IMAGE, 0, "");
	assert_true(sys.flags & O_EXCL);
	assert_device(s, IMAGE);
	o.force = true;
	put(&o, DEVICE, 0, "");
	assert_false(sys.flags & O_EXCL);
	assert_device(s, DEVICE);
	assert_int_equal(scratch_count(s, "."), 1);
}

static void a_device_too_small(void **state)
{
	struct scratch *s = *state;
	struct crx_output_opts o = { .path = make_device(s) };

	DEVICE_OR_SKIP(o.path);
	memset(image, 'x', sizeof(image));
	assert_int_equal(truncate(o.path, 4096), 0);
	put(&o, 4097, CRX_EBIG, "has 4096 bytes, but the image needs 4097");
	put(&o, 4096, 0, "");
	/* if it cannot say its size, writing does */
	let_fail(LSEEK, 1, ESPIPE);
	put(&o, 4097, 0, "");
	let_fail(LSEEK, 2, ESPIPE);
	put(&o, 4096, 0, "");
	let_fail(FSTAT, 1, EIO);
	put(&o, 4096, 0, "");
}

static void a_device_in_use(void **state)
{
	struct scratch *s = *state;
	struct crx_output_opts o = { .path = make_device(s) };

	DEVICE_OR_SKIP(o.path);
	let_fail(OPEN, 1, EBUSY);
	assert_int_equal(put(&o, IMAGE, CRX_EIO, "is in use: mounted, or part of"), 0);
	let_fail(OPEN, 1, EACCES);
	assert_int_equal(put(&o, IMAGE, CRX_EIO, "cannot open for writing"), EACCES);
	o.force = true;
	let_fail(OPEN, 1, EBUSY);
	assert_int_equal(put(&o, IMAGE, CRX_EIO, "cannot open for writing"), EBUSY);
	assert_device(s, 0);
}

static void a_device_that_is_mounted(void **state)
{
	struct scratch *s = *state;
	struct crx_output_opts o = { .path = make_device(s) };
	struct stat st;

	DEVICE_OR_SKIP(o.path);
	if (stat("/proc/self", &st))
		SKIP("/proc is not mounted");
	sys.rdev = st.st_dev;
	put(&o, IMAGE, CRX_EIO, "is mounted on /");
	/* without the list of mounts, nothing is known; without memory, nothing is done */
	let_fail(READ_FILE, 1, CRX_ENOMEM);
	put(&o, IMAGE, CRX_ENOMEM, "");
	assert_device(s, 0);
	let_fail(READ_FILE, 1, CRX_EIO);
	put(&o, 1000, 0, "");
	assert_device(s, 1000);
	o.force = true;
	put(&o, IMAGE, 0, "");
	assert_device(s, IMAGE);
}

static void a_device_that_is_locked(void **state)
{
	struct scratch *s = *state;
	struct crx_output_opts o = { .path = make_device(s), .lock = CRX_LOCK_NONBLOCK };
	int other;

	DEVICE_OR_SKIP(o.path);
	other = open(o.path, O_RDONLY | O_CLOEXEC);
	assert_int_equal(flock(other, LOCK_EX), 0);
	put(&o, IMAGE, CRX_EIO, "is locked by another process");
	assert_device(s, 0);
	o.lock = CRX_LOCK_NO;
	put(&o, 1000, 0, "");
	assert_device(s, 1000);
	close(other);
	o.lock = CRX_LOCK_YES;
	let_fail(FLOCK, 1, ENOLCK);
	assert_int_equal(put(&o, IMAGE, CRX_EIO, "cannot lock"), ENOLCK);
	assert_device(s, 1000);
	let_fail(FLOCK, 1, EINTR);
	put(&o, IMAGE, 0, "");
	assert_device(s, IMAGE);
}

static void a_device_that_fails_late(void **state)
{
	struct scratch *s = *state;
	struct crx_output_opts o = { .path = make_device(s), .sync = true };
	struct crx_err err = CRX_ERR_INIT;
	struct crx_output out;
	int fd;

	DEVICE_OR_SKIP(o.path);
	let_fail(FSYNC, 1, EIO);
	assert_int_equal(put(&o, IMAGE, CRX_EIO, "cannot fsync"), EIO);
	let_fail(FSYNC, 1, EINVAL);
	put(&o, IMAGE, 0, "");
	let_fail(FSYNC, 1, EROFS);
	put(&o, IMAGE, 0, "");
	assert_int_equal(crx_output_open(&out, &o, &err), 0);
	fd = out.fd;
	let_fail(CLOSE, 1, ENOSPC);
	assert_int_equal(crx_output_commit(&out, 0, &err), CRX_EIO);
	assert_int_equal(sys.closed, fd);
	assert_string_equal(err.text, "cannot write");
	assert_int_equal(err.sys_errno, ENOSPC);
	crx_output_abort(&out);
}

/* Two writes of the image, two of padding: nothing is written after one that fails. */
static void a_full_device(void **state)
{
	struct scratch *s = *state;
	struct crx_output_opts o = { .path = make_device(s), .pad_to = IMAGE + 400000 };
	struct crx_err err = CRX_ERR_INIT;
	struct crx_output out;
	unsigned i;

	DEVICE_OR_SKIP(o.path);
	let_fail(PREAD, 1, CRX_EIO);
	put(&o, IMAGE, CRX_EIO, "fails");
	assert_device(s, 0);
	for (i = 1; i <= 5; i++) {
		err = (struct crx_err)CRX_ERR_INIT;
		assert_int_equal(crx_output_open(&out, &o, &err), 0);
		assert_int_equal(crx_io_pwrite(out.temp.fd, image, IMAGE, 0, "temp", &err), 0);
		let_fail(WRITE, i, CRX_EIO);
		assert_int_equal(crx_output_commit(&out, IMAGE, &err), i < 5 ? CRX_EIO : 0);
		assert_int_equal(sys.call[WRITE].n, i < 5 ? i : 4);
		crx_output_abort(&out);
	}
}

/* Standard output is this program's own: no assertion while it is away. */
static void a_terminal_by_force(void **state)
{
	struct scratch *s = *state;
	struct crx_output_opts o = { .path = "-", .force = true };
	int saved = dup(1), fd = open(scratch_at(s, "out"), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	struct crx_err err = CRX_ERR_INIT;
	struct crx_output out;
	int ret;

	sys.terminal = true;
	fflush(stdout);
	dup2(fd, 1);
	ret = crx_output_open(&out, &o, &err);
	if (!ret)
		ret = crx_io_pwrite(out.temp.fd, "image", 5, 0, "temp", &err);
	if (!ret)
		ret = crx_output_commit(&out, 5, &err);
	crx_output_abort(&out);
	dup2(saved, 1);
	close(saved);
	close(fd);
	assert_int_equal(ret, 0);
	scratch_is(s, "out", "image");
}

static void names_that_are_refused(void **state)
{
	struct scratch *s = *state;
	struct crx_output_opts o = { .path = "" };

	DEVICE_OR_SKIP(make_device(s));
	assert_int_equal(put(&o, 1, CRX_EIO, "the name of the image is empty"), ENOENT);
	sys.terminal = true;
	o.path = "-";
	put(&o, 1, CRX_EIO, "is a terminal (redirect it");
	/* what cannot be looked at: when it is checked, and when it is opened */
	o.path = scratch_at(s, "file");
	sys.terminal = false;
	let_fail(STAT, 1, EIO);
	assert_int_equal(put(&o, 1, CRX_EIO, ""), EIO);
	let_fail(STAT, 2, EIO);
	assert_int_equal(put(&o, 1, CRX_EIO, ""), EIO);
	put(&o, 1000, 0, "");
	let_fail(LSEEK, 1, EINVAL);
	assert_int_equal(put(&o, 2000, CRX_EIO, "cannot seek"), EINVAL);
	assert_int_equal(scratch_count(s, "."), 2);
}

/* Is the image inside the source? What cannot be looked at, above it, cannot be the source. */
static void looking_upwards(void **state)
{
	struct scratch *s = *state;
	const char *path = scratch_at(s, "d/image"), *source = scratch_at(s, "d/source");
	struct crx_err err = CRX_ERR_INIT, gone = CRX_ERR_INIT, broken = CRX_ERR_INIT;
	int fds = scratch_open_fds();

	DEVICE_OR_SKIP(make_device(s));
	scratch_mkdir(s, "d");
	assert_int_equal(crx_output_check_outside(path, source, &gone), CRX_EIO);
	assert_string_equal(gone.path, source);
	assert_string_equal(gone.text, "cannot stat");
	assert_int_equal(gone.sys_errno, ENOENT);
	scratch_mkdir(s, "d/source");
	let_fail(STAT, 1, EOVERFLOW);
	err = (struct crx_err)CRX_ERR_INIT;
	assert_int_equal(crx_output_check_outside(path, source, &err), CRX_EIO);
	assert_int_equal(err.sys_errno, EOVERFLOW);
	err = (struct crx_err)CRX_ERR_INIT;
	let_fail(FSTAT, 1, EIO);
	assert_int_equal(crx_output_check_outside(path, source, &broken), CRX_EIO);
	assert_int_equal(broken.sys_errno, EIO);
	let_fail(OPENAT, 1, EACCES);
	assert_int_equal(crx_output_check_outside(path, source, &err), 0);
	assert_int_equal(sys.call[OPENAT].n, 1);
	let_fail(FSTAT, 2, EACCES);
	assert_int_equal(crx_output_check_outside(path, source, &err), 0);
	/* but up to there it is looked for */
	let_fail(OPENAT, 2, EACCES);
	assert_int_equal(crx_output_check_outside(path, s->dir, &err), CRX_EIO);
	assert_non_null(strstr(err.text, "is inside the source tree"));
	assert_int_equal(scratch_open_fds(), fds);
}

/* Inodes of two file systems may have the same number. */
static void looking_across_a_mount(void **state)
{
	struct scratch *s = *state;
	const char *path = scratch_at(s, "d/image"), *source = scratch_at(s, "d");
	struct crx_err err = CRX_ERR_INIT;
	struct stat st;

	DEVICE_OR_SKIP(make_device(s));
	scratch_mkdir(s, "d");
	assert_int_equal(crx_output_check_outside(path, source, &err), CRX_EIO);
	assert_int_equal(stat(source, &st), 0);
	sys.mounted = st.st_ino;
	assert_int_equal(crx_output_check_outside(path, source, &err), 0);
	assert_int_equal(crx_output_check_outside(path, s->dir, &err), CRX_EIO);
}

#define DEVICE_TEST(f) cmocka_unit_test_setup_teardown(f, setup, scratch_teardown)

int main(void)
{
	struct CMUnitTest tests[] = {
		DEVICE_TEST(a_device),
		DEVICE_TEST(a_device_too_small),
		DEVICE_TEST(a_device_in_use),
		DEVICE_TEST(a_device_that_is_mounted),
		DEVICE_TEST(a_device_that_is_locked),
		DEVICE_TEST(a_device_that_fails_late),
		DEVICE_TEST(a_full_device),
		DEVICE_TEST(a_terminal_by_force),
		DEVICE_TEST(names_that_are_refused),
		DEVICE_TEST(looking_upwards),
		DEVICE_TEST(looking_across_a_mount),
	};

	skip_in(tests);
	return cmocka_run_group_tests_name("output_device", tests, NULL, NULL);
}
