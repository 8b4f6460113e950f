/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The operations of cramfs-xip-fuse without FUSE: each is called as libfuse would, and what it
 * replies is caught at link time.
 */
#include "config.h"

#define FUSE_USE_VERSION 312
#include <fuse_lowlevel.h>

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "kmodel_image.h"

#include "cramfs-xip-fuse/serve.h"

/* The reply to the operation that was called last. */
static struct {
	int n; /* replies since it was called */
	int error;
	struct fuse_entry_param entry;
	struct stat attr;
	double timeout;
	struct statvfs fs;
	char buf[2 * P];
	size_t len;
	bool keep_cache;
} reply;

int __wrap_fuse_reply_err(fuse_req_t req, int error);
int __wrap_fuse_reply_entry(fuse_req_t req, const struct fuse_entry_param *e);
int __wrap_fuse_reply_attr(fuse_req_t req, const struct stat *attr, double timeout);
int __wrap_fuse_reply_readlink(fuse_req_t req, const char *target);
int __wrap_fuse_reply_open(fuse_req_t req, const struct fuse_file_info *fi);
int __wrap_fuse_reply_buf(fuse_req_t req, const char *buf, size_t len);
int __wrap_fuse_reply_statfs(fuse_req_t req, const struct statvfs *fs);
int __wrap_fuse_reply_xattr(fuse_req_t req, size_t len);
void *__wrap_fuse_req_userdata(fuse_req_t req);

int __wrap_fuse_reply_err(fuse_req_t req CRX_UNUSED, int error)
{
	reply.n++;
	reply.error = error;
	return 0;
}

int __wrap_fuse_reply_entry(fuse_req_t req CRX_UNUSED, const struct fuse_entry_param *e)
{
	reply.n++;
	reply.entry = *e;
	return 0;
}

int __wrap_fuse_reply_attr(fuse_req_t req CRX_UNUSED, const struct stat *attr, double timeout)
{
	reply.n++;
	reply.attr = *attr;
	reply.timeout = timeout;
	return 0;
}

int __wrap_fuse_reply_readlink(fuse_req_t req CRX_UNUSED, const char *target)
{
	return __wrap_fuse_reply_buf(req, target, strlen(target));
}

int __wrap_fuse_reply_open(fuse_req_t req CRX_UNUSED, const struct fuse_file_info *fi)
{
	reply.n++;
	reply.keep_cache = fi->keep_cache;
	return 0;
}

int __wrap_fuse_reply_buf(fuse_req_t req CRX_UNUSED, const char *buf, size_t len)
{
	assert_true(len <= sizeof(reply.buf));
	reply.n++;
	reply.len = len;
	if (len)
		memcpy(reply.buf, buf, len);
	return 0;
}

int __wrap_fuse_reply_statfs(fuse_req_t req CRX_UNUSED, const struct statvfs *fs)
{
	reply.n++;
	reply.fs = *fs;
	return 0;
}

int __wrap_fuse_reply_xattr(fuse_req_t req CRX_UNUSED, size_t len)
{
	reply.n++;
	reply.len = len;
	return 0;
}

/* A request is a pointer to what libfuse keeps; here it is the user data. */
void *__wrap_fuse_req_userdata(fuse_req_t req)
{
	return req;
}

struct scene {
	struct forge g;
	struct forge_base at;
	struct crx_image img;
	struct crx_mount m;
	fuse_req_t req;
};

static void begin(struct scene *s)
{
	s->m = (struct crx_mount){ .img = NULL };
	s->req = (fuse_req_t)(void *)&s->m;
	forge_base(&s->g, &s->at, CRX_ORDER_LITTLE, P);
}

static void mount_it(struct scene *s)
{
	struct crx_err err = CRX_ERR_INIT;

	open_view(&s->g, &s->img);
	assert_int_equal(crx_mount_init(&s->m, &s->img, "image", &err), 0);
}

static void end(struct scene *s)
{
	crx_mount_free(&s->m);
	forge_free(&s->g);
}

/* Calls an operation, which must reply once, with this error or 0. */
#define CALL(want, op, ...)                          \
	do {                                         \
		memset(&reply, 0, sizeof(reply));    \
		serve_ops.op(s.req, __VA_ARGS__);    \
		assert_int_equal(reply.n, 1);        \
		assert_int_equal(reply.error, want); \
	} while (0)

static void test_lookup(void **state)
{
	struct scene s;
	fuse_ino_t node;

	(void)state;
	begin(&s);
	forge_entry(&s.g, s.at.entry[4], "run", (struct crx_inode){ .mode = 0644 });
	mount_it(&s);
	CALL(0, lookup, FUSE_ROOT_ID, "dir");
	assert_int_equal(reply.entry.ino, s.at.sub_entry);
	assert_int_equal(reply.entry.attr.st_ino, s.at.sub_entry);
	assert_true(reply.entry.attr_timeout > 1e6 && reply.entry.entry_timeout > 1e6);
	node = reply.entry.ino;
	CALL(0, lookup, node, "direct");
	assert_int_equal(reply.entry.ino, s.at.direct_table);
	/* the kernel keeps the answer that there is none */
	CALL(0, lookup, FUSE_ROOT_ID, "absent");
	assert_int_equal(reply.entry.ino, 0);
	assert_true(reply.entry.entry_timeout > 1e6);
	CALL(EIO, lookup, FUSE_ROOT_ID, "run");
	CALL(ESTALE, lookup, 12345, "dir");
	end(&s);
}

/* The root below itself is answered here, and no other node has its number. */
static void test_root(void **state)
{
	struct scene s;

	(void)state;
	begin(&s);
	forge_entry(&s.g, FORGE_ROOT, "dir",
		    (struct crx_inode){ .mode = S_IFDIR | 0755, .off = FORGE_ROOT, .size = 16 });
	mount_it(&s);
	CALL(ELOOP, lookup, FUSE_ROOT_ID, "dir");
	CALL(0, getattr, FUSE_ROOT_ID, NULL);
	assert_int_equal(reply.attr.st_ino, FORGE_ROOT);
	assert_int_equal(reply.attr.st_mode, S_IFDIR | 0755);
	assert_true(reply.timeout > 1e6);
	CALL(ESTALE, getattr, 4, NULL);
	end(&s);
}

static void test_file(void **state)
{
	struct fuse_file_info fi = { .flags = 0 };
	uint8_t want[P];
	struct scene s;
	fuse_ino_t node;

	(void)state;
	begin(&s);
	s.g.data[s.at.plain_table + 16 + 50] ^= 1;
	mount_it(&s);
	CALL(0, lookup, FUSE_ROOT_ID, "plain");
	node = reply.entry.ino;
	CALL(0, open, node, &fi);
	assert_true(reply.keep_cache);
	CALL(EIO, read, node, P, 0, &fi);
	CALL(EIO, read, node, 2 * P, 0, &fi);
	CALL(0, read, node, P, 2 * P, &fi);
	forge_pattern(want, P, 3);
	assert_int_equal(reply.len, P);
	assert_memory_equal(reply.buf, want, P);
	CALL(0, read, node, P, 3 * P, &fi);
	assert_int_equal(reply.len, 100);
	CALL(0, read, node, P, 4 * P, &fi);
	assert_int_equal(reply.len, 0);
	CALL(ESTALE, read, 4, P, 0, &fi);
	CALL(0, lookup, FUSE_ROOT_ID, "link");
	node = reply.entry.ino;
	CALL(0, readlink, node);
	forge_pattern(want, 9, 1);
	assert_int_equal(reply.len, 9);
	assert_memory_equal(reply.buf, want, 9);
	CALL(ESTALE, readlink, 4);
	end(&s);
}

/* What struct fuse_dirent of linux/fuse.h has. */
struct entry {
	uint64_t ino, off;
	uint32_t len, type;
	char name[];
};

/* Lists the root in buffers of cap bytes; *error is how it ends. */
static void names(struct scene *at, size_t cap, char *out, int *error)
{
	struct scene s = *at;
	const struct entry *e = NULL;
	off_t off = 0;
	size_t i;

	*out = '\0';
	do {
		memset(&reply, 0, sizeof(reply));
		serve_ops.readdir(s.req, FUSE_ROOT_ID, cap, off, NULL);
		assert_int_equal(reply.n, 1);
		assert_true(reply.len <= cap);
		for (i = 0; i < reply.len; i += (24 + e->len + 7) / 8 * 8) {
			e = (const struct entry *)(const void *)(reply.buf + i);
			strncat(out, e->name, e->len);
			strcat(out, e->type == S_IFDIR >> 12 ? "/ " : " ");
			off = (off_t)e->off;
		}
	} while (reply.len);
	*error = reply.error;
}

static void test_readdir(void **state)
{
	char got[100];
	struct scene s;
	int error;

	(void)state;
	begin(&s);
	mount_it(&s);
	names(&s, P, got, &error);
	assert_string_equal(got, "dir/ hole link plain run ");
	assert_int_equal(error, 0);
	/* entries of 32 bytes, one or two at a time */
	names(&s, 40, got, &error);
	assert_string_equal(got, "dir/ hole link plain run ");
	names(&s, 64, got, &error);
	assert_string_equal(got, "dir/ hole link plain run ");
	CALL(0, readdir, FUSE_ROOT_ID, P, (off_t)s.img.super.root.size, NULL);
	assert_int_equal(reply.len, 0);
	CALL(EINVAL, readdir, FUSE_ROOT_ID, P, -1, NULL);
	CALL(EINVAL, readdir, FUSE_ROOT_ID, P, (off_t)UINT32_MAX + 1, NULL);
	CALL(ESTALE, readdir, 4, P, 0, NULL);
	end(&s);
	/* a name with NUL bytes has its full length */
	begin(&s);
	s.g.data[s.at.entry[2] + CRX_INODE_LEN] = '\0';
	mount_it(&s);
	names(&s, P, got, &error);
	assert_string_equal(got, "dir/ hole  plain run ");
	assert_int_equal(error, 0);
	end(&s);
	/* what is before the error is listed first */
	begin(&s);
	s.g.data[s.at.entry[3] + CRX_INODE_LEN] = '/';
	mount_it(&s);
	names(&s, P, got, &error);
	assert_string_equal(got, "dir/ hole link ");
	assert_int_equal(error, EIO);
	end(&s);
}

static void test_others(void **state)
{
	struct scene s;

	(void)state;
	begin(&s);
	mount_it(&s);
	CALL(0, statfs, FUSE_ROOT_ID);
	assert_int_equal(reply.fs.f_bsize, P);
	assert_int_equal(reply.fs.f_namemax, 252);
	CALL(0, listxattr, FUSE_ROOT_ID, 0);
	assert_int_equal(reply.len, 0);
	CALL(0, listxattr, FUSE_ROOT_ID, 100);
	assert_int_equal(reply.len, 0);
	end(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lookup), cmocka_unit_test(test_root),
		cmocka_unit_test(test_file),   cmocka_unit_test(test_readdir),
		cmocka_unit_test(test_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
