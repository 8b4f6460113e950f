/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lib/old: what is used of an old image that any tool may have made, and that
 * may be damaged.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "kmodel_image.h"
#include "old/old.h"
#include "read/walk.h"

struct world {
	struct forge g;
	struct forge_base b;
	struct crx_image img;
	struct crx_listing l;
	struct crx_old old;
};

static void begin(struct world *w)
{
	*w = (struct world){ 0 };
	forge_base(&w->g, &w->b, CRX_ORDER_LITTLE, P);
}

static void read_old(struct world *w)
{
	struct crx_err err = CRX_ERR_INIT;

	open_view(&w->g, &w->img);
	assert_int_equal(crx_listing_read(&w->img, &w->l, &err), 0);
	assert_int_equal(crx_old_read(&w->img, &w->l, 2, &w->old, &err), 0);
}

static void end(struct world *w)
{
	crx_old_free(&w->old);
	crx_listing_free(&w->l);
	forge_free(&w->g);
}

static const struct crx_old_table *table(const struct world *w, uint64_t off)
{
	size_t i;

	for (i = 0; i < w->old.ntables; i++)
		if (w->old.table[i].off == off)
			return &w->old.table[i];
	fail_msg("no table at %u", (unsigned)off);
	return NULL;
}

/* A character for each block: 's' stream, 'w' with a direct pointer, 'u' uncompressed, 'P' page,
 * '-' hole; '!' after one that overlaps something. */
static void assert_table(const struct world *w, uint64_t off, const char *want)
{
	const struct crx_old_table *t = table(w, off);
	const struct crx_old_block *b;
	char text[64] = "";
	uint32_t i;

	for (i = 0; i < t->nblks && t->usable; i++) {
		b = crx_old_block_of(&w->old, t, i);
		strcat(text, !b                        ? "-"
			     : b->kind == CRX_OLD_PAGE ? "P"
			     : b->kind == CRX_OLD_RAW  ? "u"
			     : b->direct               ? "w"
						       : "s");
		if (b && b->overlaps)
			strcat(text, "!");
	}
	assert_string_equal(text, want);
}

static void test_good(void **state)
{
	struct world w;
	const struct crx_old_table *run;

	(void)state;
	begin(&w);
	read_old(&w);
	assert_int_equal(w.old.ntables, 5);
	assert_int_equal(w.old.nunusable, 0);
	assert_int_equal(w.old.size, w.g.len);
	assert_table(&w, w.b.hole_table, "--");
	assert_table(&w, w.b.link_table, "s");
	assert_table(&w, w.b.plain_table, "s-us");
	assert_table(&w, w.b.run_table, "PPP");
	assert_table(&w, w.b.direct_table, "wsPu");
	run = table(&w, w.b.run_table);
	assert_int_equal(crx_old_pages_in_place(&w.old, run, 0, 2), 2);
	assert_int_equal(crx_old_pages_in_place(&w.old, run, 1, 9), 2);
	assert_int_equal(crx_old_pages_in_place(&w.old, run, 3, 1), 0);
	assert_int_equal(crx_old_pages_in_place(&w.old, table(&w, w.b.hole_table), 0, 2), 0);
	assert_int_equal(crx_old_pages_in_place(&w.old, table(&w, w.b.plain_table), 0, 2), 0);
	end(&w);
}

/* No table of blocks that cannot be read. */
static void test_unreadable(void **state)
{
	static const uint8_t zeros[64];
	struct world w;

	(void)state;
	begin(&w);
	/* a block after the end of the image, one that begins there, one without bytes */
	forge_put32(&w.g, w.b.run_table + 8, forge_ptr_run(w.g.len + 4096));
	forge_put32(&w.g, w.b.plain_table + 8, forge_ptr_stored(w.g.len + 4));
	forge_put32(&w.g, w.b.direct_table + 12, forge_ptr_stored(w.b.end + P - 4 * P));
	/* what does not inflate */
	forge_bytes(&w.g, w.b.link_table + 4, zeros, 8);
	read_old(&w);
	assert_int_equal(w.old.nunusable, 4);
	assert_table(&w, w.b.hole_table, "--");
	end(&w);

	/* more pointers than the image has bytes */
	begin(&w);
	read_old(&w);
	crx_old_free(&w.old);
	w.l.entry[1 + 1].de.inode.size = CRX_SIZE_MAX;
	w.l.entry[1 + 3].de.inode.size = CRX_SIZE_MAX;
	assert_int_equal(crx_old_read(&w.img, &w.l, 1, &w.old, &(struct crx_err)CRX_ERR_INIT), 0);
	assert_int_equal(w.old.nunusable, 2);
	assert_table(&w, w.b.run_table, "PPP");
	end(&w);
}

/* What overlaps something else cannot keep its place. */
static void test_overlaps(void **state)
{
	struct world w;

	(void)state;
	begin(&w);
	/* a page over everything from the superblock on */
	forge_put32(&w.g, w.b.run_table, forge_ptr_run(0));
	read_old(&w);
	assert_table(&w, w.b.run_table, "P!PP");
	assert_table(&w, w.b.hole_table, "");
	assert_table(&w, w.b.link_table, "");
	assert_table(&w, w.b.plain_table, "");
	assert_table(&w, w.b.direct_table, "wsPu");
	assert_int_equal(w.old.nunusable, 3);
	end(&w);

	/* one over half of another */
	begin(&w);
	forge_put32(&w.g, w.b.run_table + 8, forge_ptr_run(w.b.run + P + P / 2));
	read_old(&w);
	assert_table(&w, w.b.run_table, "PP!P!");
	assert_table(&w, w.b.direct_table, "wsPu");
	assert_int_equal(w.old.nunusable, 0);
	end(&w);
}

/* Two files with one table, and two of different sizes. Without FSID, the image ends where its file
 * does. */
static void test_tables(void **state)
{
	struct world w;

	(void)state;
	begin(&w);
	read_old(&w);
	crx_old_free(&w.old);
	w.l.entry[5].de.inode = w.l.entry[4].de.inode;
	w.img.super.flags &= ~(uint32_t)CRX_FLAG_FSID_VERSION_2;
	w.img.super.size = 4096;
	assert_int_equal(crx_old_read(&w.img, &w.l, 1, &w.old, &(struct crx_err)CRX_ERR_INIT), 0);
	assert_int_equal(w.old.ntables, 4);
	assert_int_equal(w.old.nunusable, 0);
	assert_int_equal(w.old.size, w.g.len);
	crx_old_free(&w.old);
	w.l.entry[5].de.inode.size -= P;
	assert_int_equal(crx_old_read(&w.img, &w.l, 1, &w.old, &(struct crx_err)CRX_ERR_INIT), 0);
	assert_int_equal(w.old.ntables, 5);
	assert_int_equal(w.old.nunusable, 2);
	end(&w);
}

static struct crx_node *add_node(struct crx_node *dir, const char *name, uint32_t mode)
{
	struct crx_err err = CRX_ERR_INIT;
	struct crx_node *n;

	assert_int_equal(crx_tree_add(dir, name, &n, &err), 0);
	n->mode = mode;
	return n;
}

/* What paths of a tree are in the old image; of a name that occurs twice, the first. */
static void match(struct world *w, bool dir_is_file)
{
	const struct crx_facts none = { .page_size = P };
	struct crx_err err = CRX_ERR_INIT;
	const struct crx_node *direct, *hole, *plain, *gone;
	struct crx_node *dir;
	const struct crx_old_entry *e;
	struct crx_tree t;

	read_old(w);
	w->l.entry[5].de.name = "plain"; /* it is "run" */
	w->l.entry[5].de.name_len = 5;
	assert_int_equal(crx_tree_init(&t, &err), 0);
	dir = add_node(t.root, "dir", dir_is_file ? S_IFREG : S_IFDIR);
	direct = dir_is_file ? NULL : add_node(dir, "direct", S_IFREG);
	hole = add_node(t.root, "hole", S_IFDIR);
	plain = add_node(t.root, "plain", S_IFREG);
	gone = add_node(t.root, "gone", S_IFREG);
	assert_int_equal(crx_tree_finish(&t, &err), 0);
	assert_int_equal(crx_old_match(&w->old, &w->l, &t, &none, &err), 0);
	e = w->old.node;
	assert_int_equal(e[0].dir_off, FORGE_ROOT);
	assert_true(e[dir->index].exists && e[dir->index].dir_len);
	if (direct)
		assert_int_equal(w->old.table[e[direct->index].table].off, w->b.direct_table);
	assert_true(e[hole->index].exists && !e[hole->index].dir_off);
	assert_int_equal(w->old.table[e[plain->index].table].off, w->b.plain_table);
	assert_true(!e[gone->index].exists && e[gone->index].table == CRX_OLD_NONE);
	crx_tree_free(&t);
}

static void test_match(void **state)
{
	struct world w;
	int i;

	(void)state;
	for (i = 0; i < 2; i++) {
		begin(&w);
		match(&w, i);
		end(&w);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),     cmocka_unit_test(test_unreadable),
		cmocka_unit_test(test_overlaps), cmocka_unit_test(test_tables),
		cmocka_unit_test(test_match),
	};

	return cmocka_run_group_tests_name("old", tests, NULL, NULL);
}
