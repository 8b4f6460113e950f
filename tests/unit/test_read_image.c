/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "../nasty/forge.h"

static const struct crx_inode empty_root = { .mode = S_IFDIR | 0755 };

/* An image with nothing but a superblock at off. */
static void forge_only_super(struct forge *g, enum crx_order order, uint64_t off)
{
	forge_init(g, order, 4096, 4096);
	forge_super(g, off, CRX_FLAG_FSID_VERSION_2, &empty_root);
}

static void test_view_finds_order_and_place(void **state)
{
	static const enum crx_order orders[] = { CRX_ORDER_LITTLE, CRX_ORDER_BIG };
	static const uint64_t offs[] = { 0, 512 };
	struct crx_image img;
	struct forge g;
	size_t i;

	(void)state;
	for (i = 0; i < 4; i++) {
		struct crx_err err = CRX_ERR_INIT;

		forge_only_super(&g, orders[i & 1], offs[i >> 1]);
		assert_int_equal(forge_view(&g, &img, &err), 0);
		assert_int_equal(img.order, orders[i & 1]);
		assert_int_equal(img.super_off, offs[i >> 1]);
		assert_int_equal(img.len, 4096);
		assert_int_equal(img.page_size, 4096);
		assert_int_equal(img.super.size, 4096);
		assert_int_equal(img.super.root.mode, S_IFDIR | 0755);
		assert_memory_equal(img.super.name, "forged", 7);
		forge_free(&g);
	}
}

/* a boot pad may hold anything but a superblock: the first one counts */
static void test_view_prefers_offset_0(void **state)
{
	struct crx_err err = CRX_ERR_INIT;
	struct crx_image img;
	struct forge g;

	(void)state;
	forge_only_super(&g, CRX_ORDER_BIG, 0);
	g.order = CRX_ORDER_LITTLE;
	forge_super(&g, 512, CRX_FLAG_FSID_VERSION_2, &empty_root);
	assert_int_equal(forge_view(&g, &img, &err), 0);
	assert_int_equal(img.super_off, 0);
	assert_int_equal(img.order, CRX_ORDER_BIG);
	forge_free(&g);
}

static void test_view_refuses(void **state)
{
	static const size_t lens[] = { 0, 1, 4, 75, 512, 587 };
	struct crx_image img;
	struct forge g;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
		struct crx_err err = CRX_ERR_INIT;

		/* cut: the superblock is not whole */
		forge_only_super(&g, CRX_ORDER_LITTLE, lens[i] < 76 ? 0 : 512);
		g.len = lens[i];
		assert_int_equal(forge_view(&g, &img, &err), CRX_EFORMAT);
		assert_int_equal(err.code, CRX_EFORMAT);
		assert_string_not_equal(err.text, "");
		g.len = 4096;
		forge_free(&g);
	}
}

static void test_view_wants_a_page_size(void **state)
{
	struct crx_err err = CRX_ERR_INIT;
	struct crx_image img;
	struct forge g;

	(void)state;
	forge_only_super(&g, CRX_ORDER_LITTLE, 0);
	g.page = 5000;
	assert_int_equal(forge_view(&g, &img, &err), CRX_EARG);
	forge_free(&g);
}

static FILE *file_of(const void *data, size_t len)
{
	FILE *f = tmpfile();

	assert_non_null(f);
	assert_int_equal(fwrite(data, 1, len, f), len);
	assert_int_equal(fflush(f), 0);
	return f;
}

static void test_map(void **state)
{
	struct crx_err err = CRX_ERR_INIT;
	struct crx_image img;
	struct forge g;
	FILE *f;

	(void)state;
	forge_only_super(&g, CRX_ORDER_BIG, 512);
	g.data[4095] = 0x5a;
	f = file_of(g.data, g.len);
	assert_int_equal(crx_image_map(&img, fileno(f), "x", 8192, &err), 0);
	fclose(f);
	assert_int_equal(img.len, 4096);
	assert_int_equal(img.super_off, 512);
	assert_int_equal(img.page_size, 8192);
	assert_int_equal(img.data[4095], 0x5a);
	crx_image_close(&img);
	assert_null(img.data);
	crx_image_close(&img);
	crx_image_close(NULL);
	forge_free(&g);
}

static void test_map_refuses(void **state)
{
	static const char noise[100] = "no cramfs";
	static const size_t lens[] = { 0, 75, 100 };
	struct crx_image img;
	struct crx_err err = CRX_ERR_INIT;
	int fds[2];
	size_t i;
	FILE *f;

	(void)state;
	for (i = 0; i < 3; i++) {
		err = (struct crx_err)CRX_ERR_INIT;
		f = file_of(noise, lens[i]);
		assert_int_equal(crx_image_map(&img, fileno(f), "some.img", 4096, &err),
				 CRX_EFORMAT);
		assert_string_equal(err.path, "some.img");
		assert_null(img.map);
		fclose(f);
	}
	err = (struct crx_err)CRX_ERR_INIT;
	assert_int_equal(pipe(fds), 0);
	assert_int_equal(crx_image_map(&img, fds[0], "pipe", 4096, &err), CRX_EFORMAT);
	close(fds[0]);
	close(fds[1]);
	err = (struct crx_err)CRX_ERR_INIT;
	assert_int_equal(crx_image_map(&img, -1, "closed", 4096, &err), CRX_EIO);
	assert_int_not_equal(err.sys_errno, 0);
}

static void test_dirents_of_base(void **state)
{
	static const char *const names[] = { "dir", "hole", "link", "plain", "run" };
	struct crx_err err = CRX_ERR_INIT;
	struct crx_dirent d;
	struct crx_image img;
	struct forge_base b;
	struct forge g;
	uint32_t pos = 0;
	size_t i;

	(void)state;
	forge_base(&g, &b, CRX_ORDER_BIG, 4096);
	assert_int_equal(forge_view(&g, &img, &err), 0);
	for (i = 0; i < 5; i++) {
		assert_int_equal(crx_image_dirent(&img, &img.super.root, &pos, &d, &err), 1);
		assert_string_equal(d.name, names[i]);
		assert_int_equal(d.name_len, strlen(names[i]));
		assert_int_equal(d.off, b.entry[i]);
	}
	assert_int_equal(d.inode.mode, S_IFREG | 0755);
	assert_int_equal(d.inode.uid, 1000);
	assert_int_equal(d.inode.gid, 100);
	assert_int_equal(d.inode.off, b.run_table);
	assert_int_equal(d.inode.size, 2 * 4096 + 100);
	assert_int_equal(pos, img.super.root.size);
	assert_int_equal(crx_image_dirent(&img, &img.super.root, &pos, &d, &err), 0);
	forge_free(&g);
}

/* the longest name, at the very end of the image */
static void test_dirent_longest(void **state)
{
	struct crx_inode root = { .mode = S_IFDIR | 0755, .off = 4096 - 264, .size = 264 };
	char name[CRX_DIRENT_NAME_MAX + 1];
	struct crx_err err = CRX_ERR_INIT;
	struct crx_dirent d;
	struct crx_image img;
	struct forge g;
	uint32_t pos = 0;

	(void)state;
	memset(name, 'n', CRX_DIRENT_NAME_MAX);
	name[CRX_DIRENT_NAME_MAX] = '\0';
	forge_init(&g, CRX_ORDER_LITTLE, 4096, 4096);
	forge_super(&g, 0, 1, &root);
	forge_entry(&g, root.off, name, (struct crx_inode){ .mode = S_IFIFO });
	assert_int_equal(forge_view(&g, &img, &err), 0);
	assert_int_equal(crx_image_dirent(&img, &root, &pos, &d, &err), 1);
	assert_string_equal(d.name, name);
	assert_int_equal(crx_image_dirent(&img, &root, &pos, &d, &err), 0);
	/* one byte fewer in the image */
	g.len--;
	pos = 0;
	assert_int_equal(forge_view(&g, &img, &err), 0);
	assert_int_equal(crx_image_dirent(&img, &root, &pos, &d, &err), CRX_EFORMAT);
	assert_true(err.has_off);
	assert_int_equal(err.off, root.off);
	assert_int_equal(pos, 0);
	forge_free(&g);
}

struct bad_dirent {
	uint32_t dir_off, dir_size, pos;
	uint8_t namelen4;
	const char *name; /* 8 bytes */
	const char *says;
};

static void test_dirent_refuses(void **state)
{
	static const struct bad_dirent bad[] = {
		{ 1024, 20, 0, 0, "\0\0\0\0\0\0\0", "without a name" },
		{ 1024, 20, 0, 2, "\0\0\0\0\0\0\0", "without a name" },
		{ 1024, 20, 0, 2, "a\0b\0\0\0\0", "NUL" },
		{ 1024, 11, 0, 2, "abcdefg", "end of its directory" },
		{ 1024, 19, 0, 2, "abcdefg", "end of its directory" },
		{ 1024, 20, 0, 63, "abcdefg", "end of its directory" },
		{ 1024, 20, 2, 2, "abcdefg", "multiple of 4" },
		{ 0, 20, 0, 2, "abcdefg", "no offset" },
		{ 4092, 400, 0, 2, "abcdefg", "outside the image" },
		{ CRX_INODE_OFF_MAX, CRX_SIZE_MAX, CRX_SIZE_MAX - 15, 2, "abcdefg",
		  "outside the image" },
	};
	struct crx_image img;
	struct crx_dirent d;
	struct forge g;
	size_t i;

	(void)state;
	forge_only_super(&g, CRX_ORDER_LITTLE, 0);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct crx_inode dir = {
			.mode = S_IFDIR,
			.off = bad[i].dir_off,
			.size = bad[i].dir_size,
		};
		struct crx_inode in = { .mode = S_IFIFO, .namelen4 = bad[i].namelen4 };
		struct crx_err err = CRX_ERR_INIT;
		uint32_t pos = bad[i].pos;

		crx_inode_encode(&in, g.order, g.data + 1024);
		forge_bytes(&g, 1036, bad[i].name, 8);
		assert_int_equal(forge_view(&g, &img, &err), 0);
		assert_int_equal(crx_image_dirent(&img, &dir, &pos, &d, &err), CRX_EFORMAT);
		assert_non_null(strstr(err.text, bad[i].says));
		assert_int_equal(pos, bad[i].pos);
	}
	forge_free(&g);
}

static void test_pointer(void **state)
{
	struct crx_err err = CRX_ERR_INIT;
	struct crx_image img;
	struct forge g;
	uint32_t v = 0;

	(void)state;
	forge_only_super(&g, CRX_ORDER_BIG, 0);
	forge_put32(&g, 4092, 0xc0000001u);
	assert_int_equal(forge_view(&g, &img, &err), 0);
	assert_true(crx_image_pointer(&img, 4088, 1, &v));
	assert_int_equal(v, 0xc0000001u);
	assert_false(crx_image_pointer(&img, 4093, 0, &v));
	assert_false(crx_image_pointer(&img, 4092, 1, &v));
	assert_false(crx_image_pointer(&img, 4096, 0, &v));
	assert_false(crx_image_pointer(&img, 0, UINT32_MAX, &v));
	assert_false(crx_image_pointer(&img, UINT64_MAX - 3, 0, &v));
	assert_false(crx_image_pointer(&img, UINT64_MAX - 3, 1, &v));
	assert_false(crx_image_pointer(&img, UINT64_MAX, UINT32_MAX, &v));
	forge_free(&g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_view_finds_order_and_place),
		cmocka_unit_test(test_view_prefers_offset_0),
		cmocka_unit_test(test_view_refuses),
		cmocka_unit_test(test_view_wants_a_page_size),
		cmocka_unit_test(test_map),
		cmocka_unit_test(test_map_refuses),
		cmocka_unit_test(test_dirents_of_base),
		cmocka_unit_test(test_dirent_longest),
		cmocka_unit_test(test_dirent_refuses),
		cmocka_unit_test(test_pointer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
