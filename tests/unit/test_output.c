/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lib/write/output: where an image may go, and what is there afterwards.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/sysmacros.h>
#include <sys/un.h>

#include "scratch.h"
#include "skip.h"
#include "write/mounted.h"
#include "write/output.h"

enum { IMAGE = 600000 }; /* more than two pieces of a copy */

static uint8_t image[IMAGE];

static int setup(void **state)
{
	size_t i;

	for (i = 0; i < IMAGE; i++)
		image[i] = (uint8_t)(i * 7 + i / 253);
	signal(SIGPIPE, SIG_IGN);
	return scratch_setup(state);
}

static int open_for(struct crx_output *out, const char *path, const char *source,
		    struct crx_err *err)
{
	struct crx_output_opts o = { .path = path, .fill = 0xff };
	int ret;

	*err = (struct crx_err)CRX_ERR_INIT;
	*out = (struct crx_output){ .fd = -1, .temp = { .fd = -1 } };
	ret = source ? crx_output_check_outside(path, source, err) : 0;
	return ret ? ret : crx_output_open(out, &o, err);
}

/* An image of len bytes, to path, padded. */
static int put_image(const struct crx_output_opts *o, size_t len, struct crx_err *err)
{
	struct crx_output out;
	int ret;

	*err = (struct crx_err)CRX_ERR_INIT;
	ret = crx_output_open(&out, o, err);
	if (!ret)
		ret = crx_io_pwrite(out.temp.fd, image, len, 0, "temp", err);
	if (!ret)
		ret = crx_output_fits(&out, len, err);
	if (!ret)
		ret = crx_output_commit(&out, len, err);
	crx_output_abort(&out);
	return ret;
}

/* image, then fill up to the end */
static void bytes_are(const uint8_t *p, size_t len, size_t image_len, uint8_t fill, size_t want)
{
	size_t i;

	assert_int_equal(len, want);
	assert_memory_equal(p, image, image_len);
	for (i = image_len; i < len; i++)
		if (p[i] != fill)
			fail_msg("byte %zu is %d", i, p[i]);
}

static void file_is(struct scratch *s, const char *name, size_t image_len, uint8_t fill,
		    size_t want)
{
	size_t len;
	char *p = scratch_get(s, name, &len);

	bytes_are((const uint8_t *)p, len, image_len, fill, want);
	free(p);
}

/* --- files --- */

static void a_new_file_and_an_old_one(void **state)
{
	struct scratch *s = *state;
	struct crx_err err;
	int fds = scratch_open_fds();
	struct crx_output_opts o = { .path = scratch_at(s, "img") };

	assert_int_equal(put_image(&o, 4096, &err), 0);
	file_is(s, "img", 4096, 0, 4096);
	assert_int_equal(put_image(&o, IMAGE, &err), 0);
	file_is(s, "img", IMAGE, 0, IMAGE);
	o.sync = true;
	assert_int_equal(put_image(&o, 8192, &err), 0);
	file_is(s, "img", 8192, 0, 8192);
	assert_int_equal(scratch_count(s, "."), 1);
	assert_int_equal(scratch_open_fds(), fds);
}

static void padded(void **state)
{
	static const struct {
		size_t len, pad;
		uint8_t fill;
	} cases[] = {
		{ 4096, 0, 0xff },
		{ 4096, 4095, 0xff },
		{ 4096, 4096, 0xff },
		{ 4096, 4097, 0xff },
		{ 4096, 10000, 0 },
		{ 4096, 10000, 'x' },
		{ 4096, 262144, 0xff },
		{ 4096, 4096 + 262144, 0xff },
		{ 4096, 4097 + 262144, 0xff },
		{ IMAGE, 2 * IMAGE, 0xff },
	};
	struct scratch *s = *state;
	struct crx_err err;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct crx_output_opts o = {
			.path = scratch_at(s, "img"),
			.pad_to = cases[i].pad,
			.fill = cases[i].fill,
		};

		assert_int_equal(put_image(&o, cases[i].len, &err), 0);
		file_is(s, "img", cases[i].len, cases[i].fill,
			cases[i].pad > cases[i].len ? cases[i].pad : cases[i].len);
	}
}

static void given_up(void **state)
{
	struct scratch *s = *state;
	struct crx_output out;
	struct crx_err err;
	int fds = scratch_open_fds();

	scratch_text(s, "img", "old");
	assert_int_equal(open_for(&out, scratch_at(s, "img"), NULL, &err), 0);
	assert_int_equal(crx_io_pwrite(out.temp.fd, image, 4096, 0, "temp", &err), 0);
	assert_int_equal(scratch_count(s, "."), 2);
	crx_output_abort(&out);
	crx_output_abort(&out);
	scratch_is(s, "img", "old");
	assert_int_equal(scratch_count(s, "."), 1);
	assert_int_equal(scratch_open_fds(), fds);
	assert_int_equal(fcntl(0, F_GETFD) < 0, 0);
}

static void told_of_the_temporary_name(void *ctx, const char *tmp_path)
{
	snprintf(ctx, SCRATCH_PATH_MAX, "%s", tmp_path);
}

static void hooks_are_passed_on(void **state)
{
	struct scratch *s = *state;
	char tmp[SCRATCH_PATH_MAX] = "";
	const struct crx_io_hooks hooks = { .on_create = told_of_the_temporary_name, .ctx = tmp };
	struct crx_output_opts o = { .path = scratch_at(s, "img"), .hooks = &hooks };
	struct crx_err err;

	assert_int_equal(put_image(&o, 4096, &err), 0);
	assert_ptr_equal(strstr(tmp, s->dir), tmp);
}

/* --- what cannot be an image --- */

static void refused(const char *path, const char *say)
{
	struct crx_err err, checked = CRX_ERR_INIT;
	struct crx_output out;
	int fds = scratch_open_fds();

	assert_int_equal(crx_output_check(&(struct crx_output_opts){ .path = path }, &checked),
			 CRX_EIO);
	assert_int_equal(open_for(&out, path, NULL, &err), CRX_EIO);
	assert_string_equal(err.path, path);
	assert_string_equal(err.text, checked.text);
	if (!strstr(err.text, say))
		fail_msg("'%s' does not say '%s'", err.text, say);
	crx_output_abort(&out);
	assert_int_equal(scratch_open_fds(), fds);
}

static void not_a_directory(void **state)
{
	struct scratch *s = *state;

	scratch_mkdir(s, "d");
	scratch_symlink(s, "d", "link");
	refused(scratch_at(s, "d"), "cannot be the image");
	refused(scratch_at(s, "d/."), "cannot be the image");
	refused(scratch_at(s, "link"), "cannot be the image");
	refused("/", "cannot be the image");
	assert_int_equal(scratch_count(s, "d"), 0);
	assert_int_equal(scratch_count(s, "."), 2);
}

static void not_a_socket(void **state)
{
	struct scratch *s = *state;
	struct sockaddr_un a = { .sun_family = AF_UNIX, .sun_path = "sock" };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), ret;
	int was = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	/* by a short path: a socket's must be */
	assert_int_equal(fchdir(s->fd), 0);
	ret = bind(fd, (struct sockaddr *)&a, sizeof(a));
	assert_int_equal(fchdir(was), 0);
	assert_int_equal(ret, 0);
	close(was);
	close(fd);
	refused(scratch_at(s, "sock"), "socket");
}

static void not_raw_flash(void **state)
{
	struct scratch *s = *state;

	/* the number is enough: the driver may be absent */
	if (mknod(scratch_at(s, "mtd0"), S_IFCHR | 0600, makedev(90, 0)))
		SKIP("devices cannot be made");
	scratch_symlink(s, "mtd0", "flash");
	refused(scratch_at(s, "mtd0"), "flashcp");
	refused(scratch_at(s, "flash"), "flashcp");
}

static void mounted_devices(void **state)
{
	static const char text[] =
		"22 1 0:21 / /proc rw,nosuid shared:5 - proc proc rw\n"
		"23 1 8:1 / / rw,relatime shared:1 - ext4 /dev/root rw\n"
		"24 23 8:17 /sub /mnt/with\\040blank\\134 ro master:1 shared:7 "
		"- ext4 /dev/sdb1 ro\n"
		"25 23 8:17 / /second ro - ext4 /dev/sdb1 ro\n"
		"26 23 31:0 / /flash ro - cramfs mtd0 ro\n"
		"27 23 31:1 / /named ro - cramfs mtd:root\\040fs ro\n"
		"28 23 131:10 / /8:33 rw - 8:33 8:33 8:33\n"
		"33 23 8:40 / /odd\\9\\08\\009\\-\\040\\:40\\0:0\\00: rw - a b c\n"
		"\n8:34\n29 23 8:35\n30 23 8:36 /\n31 23 8:37 / /\n"
		"32 23 253:0 / /last rw - ext4 /dev/mapper/a rw\n"
		"34 23 253:1 / /cut";
	static const struct {
		unsigned major, minor;
		const char *where; /* NULL: not mounted */
	} cases[] = {
		{ 8, 1, "/" },       { 8, 17, "/mnt/with blank\\" },
		{ 31, 0, "/flash" }, { 31, 1, "/named" },
		{ 253, 0, "/last" }, { 8, 37, "/" },
		{ 253, 1, "/cut" },  { 8, 40, "/odd\\9\\08\\009\\- \\:40\\0:0\\00:" },
		{ 8, 0, NULL },      { 8, 16, NULL },
		{ 8, 2, NULL },      { 31, 2, NULL },
		{ 31, 10, NULL },    { 131, 1, NULL },
		{ 53, 0, NULL },     { 8, 33, NULL },
		{ 8, 34, NULL },     { 8, 35, NULL },
		{ 8, 36, NULL },     { 23, 8, NULL },
		{ 21, 0, NULL },
	};
	char where[64];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bool got = crx_output_mounted(text, makedev(cases[i].major, cases[i].minor), where,
					      sizeof(where));

		if (got != !!cases[i].where)
			fail_msg("%u:%u: %d", cases[i].major, cases[i].minor, got);
		if (got)
			assert_string_equal(where, cases[i].where);
	}
	assert_false(crx_output_mounted("", makedev(8, 1), where, sizeof(where)));
	assert_true(crx_output_mounted(text, makedev(8, 17), where, 6));
	assert_string_equal(where, "/mnt/");
}

/* A dry run looks, and neither opens (a FIFO would wait) nor makes anything. */
static void looked_at_only(void **state)
{
	struct scratch *s = *state;
	const char *const name[] = { "-", "/dev/null", scratch_at(s, "fifo") };
	struct crx_err err = CRX_ERR_INIT;
	int fds = scratch_open_fds();
	size_t i;

	assert_int_equal(mkfifo(scratch_at(s, "fifo"), 0600), 0);
	for (i = 0; i < sizeof(name) / sizeof(name[0]); i++) {
		assert_int_equal(crx_output_check_outside(name[i], s->dir, &err), 0);
		assert_int_equal(crx_output_check(&(struct crx_output_opts){ .path = name[i] },
						  &err),
				 0);
	}
	assert_int_equal(crx_output_check(&(struct crx_output_opts){ .path = scratch_at(s, "new") },
					  &err),
			 0);
	assert_int_equal(scratch_count(s, "."), 1);
	assert_int_equal(crx_output_check_outside(scratch_at(s, "none/new"), s->dir, &err),
			 CRX_EIO);
	assert_int_equal(err.sys_errno, ENOENT);
	assert_int_equal(scratch_open_fds(), fds);
}

/* --- the source must not hold the image --- */

static void source_case(struct scratch *s, const char *image_name, const char *source, bool inside)
{
	struct crx_err err, checked = CRX_ERR_INIT;
	struct crx_output out;
	const char *src = *source == '/' ? source : scratch_at(s, source);
	int fds = scratch_open_fds();
	int ret = open_for(&out, scratch_at(s, image_name), src, &err);

	/* the same without touching anything */
	assert_int_equal(crx_output_check_outside(scratch_at(s, image_name), src, &checked), ret);
	if (ret != (inside ? CRX_EIO : 0))
		fail_msg("%s in %s: %d %s", image_name, source, ret, err.text);
	if (inside)
		assert_non_null(strstr(err.text, "inside the source"));
	crx_output_abort(&out);
	assert_int_equal(scratch_open_fds(), fds);
}

static void outside_the_source(void **state)
{
	struct scratch *s = *state;

	scratch_mkdir(s, "src");
	scratch_mkdir(s, "src/a");
	scratch_mkdir(s, "src/a/b");
	scratch_mkdir(s, "src2");
	scratch_symlink(s, "src", "to_src");
	scratch_symlink(s, "src/a/b", "to_b");
	scratch_symlink(s, "src/a/new", "img_inside");
	scratch_symlink(s, "../src2/img", "src/img_outside");
	scratch_symlink(s, "../src2", "src/to_src2");
	scratch_text(s, "src/a/old", "old");
	source_case(s, "src/img", "src", true);
	source_case(s, "src/a/old", "src", true);
	source_case(s, "src/a/b/img", "src", true);
	source_case(s, "src/a/../img", "src", true);
	source_case(s, "src2/../src/img", "src", true);
	source_case(s, "to_src/img", "src", true);
	source_case(s, "src/img", "to_src", true);
	source_case(s, "to_b/img", "src", true);
	source_case(s, "img_inside", "src", true);
	source_case(s, "img", "/", true);
	source_case(s, "img", "src", false);
	source_case(s, "src2/img", "src", false);
	source_case(s, "src/../img", "src", false);
	source_case(s, "src/a/img", "src/a/b", false);
	source_case(s, "to_b/../../../img", "src", false);
	/* lies elsewhere in truth */
	source_case(s, "src/img_outside", "src", false);
	source_case(s, "src/to_src2/img", "src", false);
	scratch_is(s, "src/a/old", "old");
	assert_int_equal(scratch_count(s, "src"), 3);
	assert_int_equal(scratch_count(s, "src/a"), 2);
}

static void relative_names(void **state)
{
	struct scratch *s = *state;
	int was = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct crx_output out;
	struct crx_err err;
	int in, up, beside;

	scratch_mkdir(s, "src");
	assert_int_equal(chdir(scratch_at(s, "src")), 0);
	in = open_for(&out, "img", ".", &err);
	crx_output_abort(&out);
	up = open_for(&out, "../img", ".", &err);
	crx_output_abort(&out);
	beside = open_for(&out, "img", "..", &err);
	crx_output_abort(&out);
	assert_int_equal(fchdir(was), 0);
	close(was);
	assert_int_equal(in, CRX_EIO);
	assert_int_equal(up, 0);
	assert_int_equal(beside, CRX_EIO);
}

/* --- what is copied through --- */

struct reader {
	int fd;
	uint8_t data[2 * IMAGE];
	size_t len;
};

static void *read_all(void *arg)
{
	struct reader *r = arg;
	ssize_t n;

	while ((n = read(r->fd, r->data + r->len, sizeof(r->data) - r->len)) > 0)
		r->len += (size_t)n;
	return NULL;
}

static void through_a_fifo(void **state)
{
	struct scratch *s = *state;
	struct reader *r = calloc(1, sizeof(*r));
	struct crx_output_opts o = {
		.path = scratch_at(s, "fifo"), .pad_to = IMAGE + 300000, .fill = 0xff, .sync = true
	};
	struct crx_err err;
	pthread_t t;
	struct stat st;

	assert_non_null(r);
	assert_int_equal(mkfifo(o.path, 0600), 0);
	r->fd = open(o.path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	assert_true(r->fd >= 0);
	assert_int_equal(fcntl(r->fd, F_SETFL, 0), 0);
	/* a writer, so that the thread does not see the end at once */
	{
		int writer = open(o.path, O_WRONLY | O_CLOEXEC), ret;

		assert_int_equal(pthread_create(&t, NULL, read_all, r), 0);
		ret = put_image(&o, IMAGE, &err);
		close(writer);
		pthread_join(t, NULL);
		assert_int_equal(ret, 0);
	}
	bytes_are(r->data, r->len, IMAGE, 0xff, IMAGE + 300000);
	assert_int_equal(stat(o.path, &st), 0);
	assert_true(S_ISFIFO(st.st_mode));
	assert_int_equal(scratch_count(s, "."), 1);
	close(r->fd);
	free(r);
}

static void a_fifo_that_nobody_reads_any_more(void **state)
{
	struct scratch *s = *state;
	const char *path = scratch_at(s, "fifo");
	struct crx_output out;
	struct crx_err err;
	int reader, fds = scratch_open_fds();

	assert_int_equal(mkfifo(path, 0600), 0);
	reader = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	assert_int_equal(open_for(&out, path, NULL, &err), 0);
	assert_int_equal(crx_io_pwrite(out.temp.fd, image, 4096, 0, "temp", &err), 0);
	close(reader);
	assert_int_equal(crx_output_commit(&out, 4096, &err), CRX_EIO);
	assert_int_equal(err.sys_errno, EPIPE);
	assert_string_equal(err.path, path);
	crx_output_abort(&out);
	assert_int_equal(scratch_open_fds(), fds);
}

static void devices(void **state)
{
	struct crx_output_opts o = { .path = "/dev/null", .pad_to = 3 * IMAGE, .sync = true };
	struct crx_err err;
	int fds = scratch_open_fds();
	struct stat st;

	(void)state;
	if (stat("/dev/full", &st) || !S_ISCHR(st.st_mode))
		SKIP("no /dev/full");
	assert_int_equal(put_image(&o, IMAGE, &err), 0);
	assert_int_equal(stat("/dev/null", &st), 0);
	assert_true(S_ISCHR(st.st_mode));
	o.path = "/dev/full";
	assert_int_equal(put_image(&o, IMAGE, &err), CRX_EIO);
	assert_int_equal(err.sys_errno, ENOSPC);
	assert_string_equal(err.path, "/dev/full");
	assert_int_equal(stat("/dev/full", &st), 0);
	assert_int_equal(scratch_open_fds(), fds);
}

/* Standard output is this program's own: no assertion while it is away. */
static int put_to_stdout(const char *path, size_t len, size_t pad, struct crx_err *err,
			 bool *still_open)
{
	struct crx_output_opts o = { .path = "-", .pad_to = pad, .fill = 0xff };
	int saved = dup(1), fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600), ret;

	fflush(stdout);
	dup2(fd, 1);
	close(fd);
	ret = put_image(&o, len, err);
	*still_open = fcntl(1, F_GETFD) >= 0;
	dup2(saved, 1);
	close(saved);
	return ret;
}

static void to_standard_output(void **state)
{
	struct scratch *s = *state;
	struct crx_err err;
	int fds = scratch_open_fds();
	struct stat st;
	bool still_open;

	assert_int_equal(put_to_stdout(scratch_at(s, "out"), IMAGE, 2 * IMAGE, &err, &still_open),
			 0);
	/* others may have more to say */
	assert_true(still_open);
	file_is(s, "out", IMAGE, 0xff, 2 * IMAGE);
	assert_int_equal(scratch_open_fds(), fds);
	if (stat("/dev/full", &st))
		return;
	assert_int_equal(put_to_stdout("/dev/full", IMAGE, 0, &err, &still_open), CRX_EIO);
	assert_int_equal(err.sys_errno, ENOSPC);
	assert_string_equal(err.path, "standard output");
	assert_int_equal(scratch_open_fds(), fds);
}

/* "-" alone is standard output; dir/- is a file. */
static void a_file_called_dash(void **state)
{
	struct scratch *s = *state;
	struct crx_output_opts o = { .path = scratch_at(s, "-") };
	struct crx_err err;

	assert_int_equal(put_image(&o, 4096, &err), 0);
	file_is(s, "-", 4096, 0, 4096);
}

#define OUTPUT_TEST(f) cmocka_unit_test_setup_teardown(f, setup, scratch_teardown)

int main(void)
{
	struct CMUnitTest tests[] = {
		OUTPUT_TEST(a_new_file_and_an_old_one),
		OUTPUT_TEST(padded),
		OUTPUT_TEST(given_up),
		OUTPUT_TEST(hooks_are_passed_on),
		OUTPUT_TEST(not_a_directory),
		OUTPUT_TEST(not_a_socket),
		OUTPUT_TEST(not_raw_flash),
		OUTPUT_TEST(mounted_devices),
		OUTPUT_TEST(looked_at_only),
		OUTPUT_TEST(outside_the_source),
		OUTPUT_TEST(relative_names),
		OUTPUT_TEST(through_a_fifo),
		OUTPUT_TEST(a_fifo_that_nobody_reads_any_more),
		OUTPUT_TEST(devices),
		OUTPUT_TEST(to_standard_output),
		OUTPUT_TEST(a_file_called_dash),
	};

	skip_in(tests);
	return cmocka_run_group_tests_name("output", tests, NULL, NULL);
}
