/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lib/gate: what is compared of an image, by hand. Real ones: tests/cli/gate.sh.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "gate/gate.h"
#include "kmodel_image.h"
#include "read/walk.h"

enum { ENTRIES = 4096 };

struct world {
	struct forge g;
	struct crx_image img;
	struct crx_listing l;
	struct crx_entry entry[ENTRIES];
	struct crx_gate_image out;
};

static struct world *world_new(size_t pages, uint32_t flags)
{
	struct world *w = calloc(1, sizeof(*w));

	assert_non_null(w);
	forge_init(&w->g, CRX_ORDER_LITTLE, P, pages * P);
	forge_super(&w->g, 0, flags, &root_inode);
	open_view(&w->g, &w->img);
	w->l = (struct crx_listing){ .entry = w->entry, .n = 1 };
	w->entry[0] = (struct crx_entry){ .de = { .name = "", .inode = root_inode } };
	return w;
}

static void world_free(struct world *w)
{
	crx_gate_free(&w->out);
	forge_free(&w->g);
	free(w);
}

/* name stays with the caller. */
static struct crx_entry *add(struct world *w, const struct crx_entry *parent, const char *name,
			     struct crx_inode inode)
{
	struct crx_entry *e = &w->entry[w->l.n];

	assert_true(w->l.n < ENTRIES);
	*e = (struct crx_entry){
		.parent = parent,
		.de = { .name = name, .inode = inode, .name_len = (uint8_t)strlen(name) },
		.index = (uint32_t)w->l.n++,
	};
	return e;
}

static void compare(struct world *w)
{
	struct crx_err err = CRX_ERR_INIT;

	crx_gate_free(&w->out);
	assert_int_equal(crx_gate_image(&w->img, &w->l, &w->out, &err), 0);
}

static void put_pointer(struct world *w, uint32_t off, uint32_t pointer)
{
	forge_put32(&w->g, off, pointer);
	open_view(&w->g, &w->img);
}

/* What counts as in place is uncompressed, aligned and whole in the image, except for a last part
 * of a page. */
static void test_pages(void **state CRX_UNUSED)
{
	static const struct {
		uint64_t at;
		uint32_t flags, size, pages;
		bool incomplete;
	} c[] = {
		{ P, CRX_BLK_DIRECT | CRX_BLK_UNCOMPRESSED, P, 1, false },
		{ 3 * P, CRX_BLK_DIRECT | CRX_BLK_UNCOMPRESSED, P, 1, false },
		{ P + 4, CRX_BLK_DIRECT | CRX_BLK_UNCOMPRESSED, 100, 0, false },
		{ 3 * P, CRX_BLK_DIRECT | CRX_BLK_UNCOMPRESSED, 100, 1, false },
		{ 4 * P, CRX_BLK_DIRECT | CRX_BLK_UNCOMPRESSED, 100, 0, true },
		/* read() takes nothing of it, so it need not be there */
		{ 4 * P, CRX_BLK_DIRECT | CRX_BLK_UNCOMPRESSED, P, 0, false },
		{ P, CRX_BLK_DIRECT, 100, 0, false },
	};
	struct world *w = world_new(4, FLAGS);
	struct crx_entry *e = add(w, w->entry, "f", file_inode(2 * P, P));
	size_t i;

	for (i = 0; i < sizeof(c) / sizeof(c[0]); i++) {
		e->de.inode.size = c[i].size;
		put_pointer(w, 2 * P, (uint32_t)(c[i].at / 4) | c[i].flags);
		compare(w);
		if (w->out.pages != c[i].pages || w->out.incomplete != c[i].incomplete)
			fail_msg("%zu: %d pages, incomplete %d", i, (int)w->out.pages,
				 w->out.incomplete);
	}
	world_free(w);
}

/* The same place is not the same table. */
static void test_tables(void **state CRX_UNUSED)
{
	struct world *w = world_new(4, FLAGS);

	add(w, w->entry, "c", file_inode(2 * P, 2 * P));
	add(w, w->entry, "a", file_inode(2 * P, P));
	add(w, w->entry, "b", file_inode(2 * P, P));
	put_pointer(w, 2 * P, P / 4 | CRX_BLK_DIRECT | CRX_BLK_UNCOMPRESSED);
	put_pointer(w, 2 * P + 4, 3 * P / 4 | CRX_BLK_DIRECT | CRX_BLK_UNCOMPRESSED);
	compare(w);
	assert_int_equal(w->out.n, 3);
	assert_int_equal(w->out.pages, 1 + 2);
	assert_string_equal(w->out.file[1].path, "/b");
	assert_int_equal(w->out.file[1].pages, 1);
	assert_int_equal(w->out.file[2].pages, 2);
	world_free(w);
}

static void test_size(void **state CRX_UNUSED)
{
	struct world *w = world_new(4, FLAGS);

	compare(w);
	assert_int_equal(w->out.n, 0);
	assert_int_equal(w->out.size, w->img.super.size);
	assert_false(w->out.incomplete);
	w->img.super.size = 5 * P;
	compare(w);
	assert_int_equal(w->out.size, 5 * P);
	assert_true(w->out.incomplete);
	w->img.super.flags = 0; /* an old image has no size */
	compare(w);
	assert_int_equal(w->out.size, 4 * P);
	assert_false(w->out.incomplete);
	world_free(w);
}

/* However many blocks a hostile image claims, only so many are looked at. */
static void test_many_blocks(void **state CRX_UNUSED)
{
	struct world *w = world_new(4, FLAGS);
	uint32_t i;

	for (i = 0; i < 2100; i++)
		add(w, w->entry, "f", file_inode(3 * P + 4 * (i % 1000), CRX_SIZE_MAX - i));
	compare(w);
	assert_true(w->out.incomplete);
	assert_int_equal(w->out.n, 2100);
	assert_int_equal(w->out.pages, 0);
	world_free(w);
}

/* Files deep inside of directories with long names. */
static void test_long_paths(void **state CRX_UNUSED)
{
	struct world *w = world_new(4, FLAGS);
	const struct crx_entry *dir = w->entry;
	char name[CRX_DIRENT_NAME_MAX + 1];
	int i;

	memset(name, 'd', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	for (i = 0; i < 1000; i++)
		dir = add(w, dir, name, root_inode);
	for (i = 0; i < 200; i++)
		add(w, dir, "f", file_inode(0, 0));
	compare(w);
	assert_false(w->out.incomplete);
	assert_int_equal(w->out.n, 200);
	for (i = 0; i < 100; i++)
		add(w, dir, "f", file_inode(0, 0));
	compare(w);
	assert_true(w->out.incomplete);
	assert_int_equal(w->out.n, 0);
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pages),      cmocka_unit_test(test_tables),
		cmocka_unit_test(test_size),       cmocka_unit_test(test_many_blocks),
		cmocka_unit_test(test_long_paths),
	};

	return cmocka_run_group_tests_name("gate image", tests, NULL, NULL);
}
