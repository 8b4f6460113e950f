/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * read/mount.h: the operations of a mounted image. That a kernel answers so is what
 * tests/kernel/test-arm-model.sh shows.
 */
#include "config.h"
#include "read/mount.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/sysmacros.h>

#include <cmocka.h>

#include "kmodel_image.h"

#include "failing_alloc.h"

struct scene {
	struct forge g;
	struct forge_base at;
	struct crx_image img;
	struct crx_mount m;
};

static void mount_it(struct scene *s)
{
	struct crx_err err = CRX_ERR_INIT;

	open_view(&s->g, &s->img);
	assert_int_equal(crx_mount_init(&s->m, &s->img, "image", &err), 0);
}

static void begin(struct scene *s, uint32_t page)
{
	*s = (struct scene){ .at = { .end = 0 } };
	forge_base(&s->g, &s->at, page > P ? CRX_ORDER_BIG : CRX_ORDER_LITTLE, page);
}

static void end(struct scene *s)
{
	crx_mount_free(&s->m);
	forge_free(&s->g);
}

/* An entry of the root, which has no others. */
static void only_entry(struct scene *s, const char *name, struct crx_inode inode)
{
	uint64_t off = forge_entry(&s->g, FORGE_ROOT, name, inode);

	forge_super(&s->g, 0, FLAGS,
		    &(struct crx_inode){ .mode = S_IFDIR | 0700,
					 .off = FORGE_ROOT,
					 .size = (uint32_t)off - FORGE_ROOT });
}

static struct stat look(struct scene *s, const char *name)
{
	struct stat st, again;

	assert_int_equal(crx_mount_lookup(&s->m, s->m.root_ino, name, &st), 0);
	assert_int_equal(crx_mount_getattr(&s->m, st.st_ino, &again), 0);
	assert_memory_equal(&st, &again, sizeof(st));
	return st;
}

static void test_refused(void **state)
{
	struct crx_inode file = { .mode = S_IFREG | 0644, .off = FORGE_ROOT };
	struct crx_err err = CRX_ERR_INIT;
	struct scene s;

	(void)state;
	begin(&s, P);
	forge_super(&s.g, 0, FLAGS, &file);
	open_view(&s.g, &s.img);
	assert_int_equal(crx_mount_init(&s.m, &s.img, "image", &err), CRX_EFORMAT);
	assert_string_equal(err.path, "image");
	assert_non_null(strstr(err.text, "root is not a directory"));
	end(&s);
}

static void test_stat(void **state)
{
	struct scene s;
	struct stat st;

	(void)state;
	begin(&s, P);
	mount_it(&s);
	assert_int_equal(crx_mount_getattr(&s.m, s.m.root_ino, &st), 0);
	assert_int_equal(st.st_ino, FORGE_ROOT);
	assert_int_equal(st.st_mode, S_IFDIR | 0755);
	assert_int_equal(st.st_size, s.img.super.root.size);
	st = look(&s, "plain");
	assert_int_equal(st.st_ino, s.at.plain_table);
	assert_int_equal(st.st_mode, S_IFREG | 0644);
	assert_int_equal(st.st_uid, 1000);
	assert_int_equal(st.st_gid, 100);
	assert_int_equal(st.st_size, 3 * P + 100);
	assert_int_equal(st.st_blocks, 25);
	assert_int_equal(st.st_blksize, P);
	assert_int_equal(st.st_nlink, 1);
	assert_int_equal(st.st_mtime, 0);
	assert_int_equal(crx_mount_lookup(&s.m, s.m.root_ino, "none", &st), ENOENT);
	assert_int_equal(crx_mount_getattr(&s.m, s.at.direct_table, &st), ESTALE);
	assert_int_equal(crx_mount_getattr(&s.m, 0, &st), ESTALE);
	assert_int_equal(crx_mount_getattr(&s.m, UINT64_MAX, &st), ESTALE);
	end(&s);
}

/* Sizes of nodes without data are device numbers, or mean nothing. */
static void test_nodes(void **state)
{
	static const mode_t types[] = { S_IFCHR, S_IFBLK, S_IFIFO, S_IFSOCK };
	struct scene s;
	struct stat st;
	size_t i;

	(void)state;
	for (i = 0; i < 4; i++) {
		begin(&s, P);
		only_entry(&s, "node",
			   (struct crx_inode){ .mode = (uint16_t)(types[i] | 0620),
					       .size = 0x10203 });
		mount_it(&s);
		st = look(&s, "node");
		assert_int_equal(st.st_ino, FORGE_ROOT + 1);
		assert_int_equal(st.st_mode, types[i] | 0620);
		assert_int_equal(st.st_size, 0);
		assert_int_equal(st.st_blocks, 0);
		assert_int_equal(st.st_rdev, i < 2 ? makedev(2, 3) : 0);
		end(&s);
	}
}

/* A type that does not exist is EIO, and was none before 6.18. */
static void test_invalid_type(void **state)
{
	struct scene s;
	struct stat st;

	(void)state;
	begin(&s, P);
	only_entry(&s, "odd", (struct crx_inode){ .mode = 0644, .size = 5, .off = 1024 });
	mount_it(&s);
	assert_int_equal(crx_mount_lookup(&s.m, s.m.root_ino, "odd", &st), EIO);
	s.img.kernel.version = CRX_KERNEL_VERSION(5, 10, 0);
	assert_int_equal(look(&s, "odd").st_mode, 0644);
	end(&s);
}

/* The first entry with a number decides what all of them are, and the root is the first of all. */
static void test_same_number(void **state)
{
	static const char *const names[] = { "file", "link" };
	static const mode_t modes[] = { S_IFREG | 0600, S_IFLNK | 0777 };
	struct crx_inode root = { .mode = S_IFDIR | 0700, .uid = 7, .off = FORGE_ROOT };
	struct crx_inode in = { .off = 1024, .size = 9 };
	struct scene s;
	uint64_t off;
	int i;

	(void)state;
	for (i = 0; i < 2; i++) {
		begin(&s, P);
		in.mode = (uint16_t)modes[0];
		off = forge_entry(&s.g, FORGE_ROOT, names[0], in);
		in.mode = (uint16_t)modes[1];
		off = forge_entry(&s.g, off, names[1], in);
		root.size = 4;
		off = forge_entry(&s.g, off, "root", root);
		root.size = (uint32_t)off - FORGE_ROOT;
		forge_super(&s.g, 0, FLAGS, &root);
		mount_it(&s);
		assert_int_equal(look(&s, names[i]).st_ino, 1024);
		assert_int_equal(look(&s, names[!i]).st_mode, modes[i]);
		assert_int_equal(look(&s, names[i]).st_mode, modes[i]);
		assert_int_equal(look(&s, "root").st_ino, s.m.root_ino);
		assert_int_equal(look(&s, "root").st_size, root.size);
		/* cramfs_read_super() adds bits */
		assert_int_equal(look(&s, "root").st_mode, S_IFDIR | 0755);
		end(&s);
	}
}

/* More inodes than the first table has room for. */
static void test_many(void **state)
{
	enum { N = 1000 };
	struct crx_inode file = { .mode = S_IFREG | 0644 };
	uint64_t off = FORGE_ROOT;
	struct scene s;
	char name[8];
	struct stat st[N], now;
	int i;

	(void)state;
	begin(&s, P);
	for (i = 0; i < N; i++) {
		snprintf(name, sizeof(name), "%04d", i);
		file.uid = (uint16_t)i;
		off = forge_entry(&s.g, off, name, file);
	}
	forge_super(&s.g, 0, FLAGS,
		    &(struct crx_inode){ .mode = S_IFDIR | 0700,
					 .off = FORGE_ROOT,
					 .size = (uint32_t)off - FORGE_ROOT });
	mount_it(&s);
	for (i = 0; i < N; i++) {
		snprintf(name, sizeof(name), "%04d", i);
		st[i] = look(&s, name);
		assert_int_equal(st[i].st_uid, i);
	}
	for (i = 0; i < N; i++) {
		assert_int_equal(crx_mount_getattr(&s.m, st[i].st_ino, &now), 0);
		assert_memory_equal(&now, &st[i], sizeof(now));
	}
	end(&s);
}

/* len bytes from off on are those of the whole file, and got of them. */
static void reads(struct scene *s, uint64_t ino, const uint8_t *whole, const size_t range[3])
{
	uint8_t *buf = malloc(range[1] + 1);
	size_t got;

	memset(buf, 0xa5, range[1] + 1);
	assert_int_equal(crx_mount_read(&s->m, ino, range[0], range[1], buf, &got), 0);
	assert_int_equal(got, range[2]);
	assert_memory_equal(buf, whole + range[0], got);
	assert_int_equal(buf[got], 0xa5);
	free(buf);
}

static void test_read(void **state)
{
	static const uint32_t pages[] = { P, CRX_PAGE_MAX };
	uint8_t *whole = calloc(4, CRX_PAGE_MAX);
	struct scene s;
	uint64_t ino;
	size_t i, p;

	(void)state;
	for (i = 0; i < 2; i++) {
		p = pages[i];
		begin(&s, pages[i]);
		mount_it(&s);
		ino = look(&s, "plain").st_ino;
		forge_pattern(whole, p, 2);
		memset(whole + p, 0, p);
		forge_pattern(whole + 2 * p, p, 3);
		forge_pattern(whole + 3 * p, 100, 4);
#define READS(off, len, got) reads(&s, ino, whole, (const size_t[]){ off, len, got })
		READS(0, 3 * p + 100, 3 * p + 100);
		READS(0, 4 * p, 3 * p + 100);
		READS(0, 0, 0);
		READS(1, 1, 1);
		READS(p - 1, 2, 2);
		READS(p - 1, p + 2, p + 2);
		READS(2 * p, p, p);
		READS(3 * p + 99, 7, 1);
		READS(3 * p + 100, 7, 0);
		READS(4 * p, 7, 0);
		end(&s);
	}
	free(whole);
}

/* Only what touches a damaged page is an error. */
static void test_damage(void **state)
{
	uint8_t buf[4 * P];
	struct scene s;
	uint64_t ino;
	size_t got;

	(void)state;
	begin(&s, P);
	s.g.data[s.at.plain_table + 16 + 50] ^= 1;
	mount_it(&s);
	ino = look(&s, "plain").st_ino;
	assert_int_equal(crx_mount_read(&s.m, ino, 0, 1, buf, &got), EIO);
	assert_int_equal(crx_mount_read(&s.m, ino, P - 1, 2, buf, &got), EIO);
	assert_int_equal(crx_mount_read(&s.m, ino, 0, sizeof(buf), buf, &got), EIO);
	assert_int_equal(crx_mount_read(&s.m, ino, P, sizeof(buf), buf, &got), 0);
	assert_int_equal(got, 2 * P + 100);
	end(&s);
}

/* A page outside of the file in hand, which a kernel would read from somewhere else. */
static void test_truncated(void **state)
{
	uint8_t buf[P];
	struct scene s;
	uint64_t ino;
	size_t got;

	(void)state;
	begin(&s, P);
	s.g.len = s.at.run + P;
	mount_it(&s);
	ino = look(&s, "run").st_ino;
	assert_int_equal(crx_mount_read(&s.m, ino, 0, P, buf, &got), 0);
	assert_int_equal(crx_mount_read(&s.m, ino, P, P, buf, &got), EIO);
	end(&s);
}

static void test_readlink(void **state)
{
	struct scene s;
	uint8_t want[10] = "";
	char *target;
	uint64_t ino;

	(void)state;
	begin(&s, P);
	mount_it(&s);
	ino = look(&s, "link").st_ino;
	forge_pattern(want, 9, 1);
	assert_int_equal(crx_mount_readlink(&s.m, ino, &target), 0);
	assert_string_equal(target, (char *)want);
	free(target);
	assert_int_equal(crx_mount_readlink(&s.m, 4, &target), ESTALE);
	assert_null(target);
	end(&s);
	/* longer than a page: the kernel ends it at the page's last byte */
	begin(&s, P);
	only_entry(&s, "link",
		   (struct crx_inode){
			   .mode = S_IFLNK, .off = (uint32_t)s.at.run_table, .size = 2 * P });
	mount_it(&s);
	ino = look(&s, "link").st_ino;
	assert_int_equal(crx_mount_readlink(&s.m, ino, &target), 0);
	assert_int_equal(strlen(target), P - 1);
	free(target);
	end(&s);
	begin(&s, P);
	s.g.data[s.at.link_table + 4 + 3] ^= 1;
	mount_it(&s);
	ino = look(&s, "link").st_ino;
	assert_int_equal(crx_mount_readlink(&s.m, ino, &target), EIO);
	assert_null(target);
	end(&s);
}

static void test_readdir(void **state)
{
	struct crx_dirent de;
	uint32_t pos = 0;
	struct scene s;

	(void)state;
	begin(&s, P);
	s.g.data[s.at.entry[4] + CRX_INODE_LEN] = '/';
	mount_it(&s);
	assert_int_equal(crx_mount_readdir(&s.m, s.m.root_ino, &pos, &de), 0);
	assert_string_equal(de.name, "dir");
	assert_int_equal(pos, s.at.entry[1] - FORGE_ROOT);
	pos = (uint32_t)s.at.entry[3] - FORGE_ROOT;
	assert_int_equal(crx_mount_readdir(&s.m, s.m.root_ino, &pos, &de), 0);
	assert_string_equal(de.name, "plain");
	assert_int_equal(crx_mount_readdir(&s.m, s.m.root_ino, &pos, &de), EIO);
	pos = s.img.super.root.size;
	assert_int_equal(crx_mount_readdir(&s.m, s.m.root_ino, &pos, &de), ENOENT);
	assert_int_equal(crx_mount_readdir(&s.m, 4, &pos, &de), ESTALE);
	end(&s);
}

static void test_statfs(void **state)
{
	struct statvfs fs;
	struct scene s;

	(void)state;
	begin(&s, CRX_PAGE_MAX);
	mount_it(&s);
	s.img.super.blocks = 5;
	s.img.super.files = 7;
	crx_mount_statfs(&s.m, &fs);
	assert_int_equal(fs.f_bsize, CRX_PAGE_MAX);
	assert_int_equal(fs.f_frsize, CRX_PAGE_MAX);
	assert_int_equal(fs.f_blocks, 5);
	assert_int_equal(fs.f_bfree, 0);
	assert_int_equal(fs.f_files, 7);
	assert_int_equal(fs.f_namemax, 252);
	/* version 1 has no counts */
	s.img.super.flags = 0;
	crx_mount_statfs(&s.m, &fs);
	assert_int_equal(fs.f_blocks, 0);
	assert_int_equal(fs.f_files, 0);
	end(&s);
}

/* A lookup, a link and a page; 0 or ENOMEM. */
static int work(struct scene *s)
{
	struct stat st;
	uint8_t buf[P];
	char *target;
	size_t got;
	int error = crx_mount_lookup(&s->m, s->m.root_ino, "link", &st);

	if (error)
		return error;
	error = crx_mount_readlink(&s->m, st.st_ino, &target);
	free(target);
	if (!error)
		error = crx_mount_lookup(&s->m, s->m.root_ino, "run", &st);
	return error ? error : crx_mount_read(&s->m, st.st_ino, 0, P, buf, &got);
}

static void test_nomem(void **state)
{
	long n, live;
	struct scene s;
	int error = ENOMEM;

	(void)state;
	for (n = 1; error; n++) {
		begin(&s, P);
		live = alloc_live();
		mount_it(&s);
		alloc_fail(n, false);
		error = work(&s);
		alloc_succeed();
		assert_true(!error || error == ENOMEM);
		crx_mount_free(&s.m);
		assert_int_equal(alloc_live(), live);
		forge_free(&s.g);
	}
	assert_true(n > 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused),     cmocka_unit_test(test_stat),
		cmocka_unit_test(test_nodes),       cmocka_unit_test(test_invalid_type),
		cmocka_unit_test(test_same_number), cmocka_unit_test(test_many),
		cmocka_unit_test(test_read),        cmocka_unit_test(test_damage),
		cmocka_unit_test(test_truncated),   cmocka_unit_test(test_readlink),
		cmocka_unit_test(test_readdir),     cmocka_unit_test(test_statfs),
		cmocka_unit_test(test_nomem),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
