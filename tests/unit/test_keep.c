/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is kept of old images that this program would not make, and where they
 * leave no space. At random: test_like.c.
 */
#include "config.h"

#include "like_scene.h"

/* The scene `after` is laid out like the scene `before`, with the same files. */
struct update {
	struct scene before, after;
	struct old_scene o;
};

static void begin(struct update *u, uint32_t page)
{
	scene_init(&u->before, page);
	scene_init(&u->after, page);
}

static void file(struct update *u, const char *text, const char *wish, uint32_t last_len)
{
	scene_file(&u->before, text, wish, last_len);
	scene_file(&u->after, text, wish, last_len);
}

/* The old image is there; until finish(), it may be changed. */
static void prepare(struct update *u)
{
	scene_plan(&u->before);
	scene_layout(&u->before);
	scene_prepare(&u->after);
	old_scene_of(&u->o, &u->before);
	old_scene_match(&u->o, &u->after);
	old_scene_streams(&u->o, &u->after);
}

static void finish(struct update *u, uint64_t max_size)
{
	struct crx_plan_opts o = { .ext = true, .holes = true, .dedupe = true, .old = &u->o.old };
	struct crx_err err = CRX_ERR_INIT;
	struct scene *s = &u->after;

	assert_int_equal(crx_plan(&s->facts, &s->wishes, &s->packed, &o, &s->plan, &err), 0);
	s->lo.old = &u->o.old;
	s->lo.erase_len = 4096;
	s->lo.max_size = max_size;
	scene_layout(s);
	oracle_check(s);
}

static void end(struct update *u)
{
	old_scene_free(&u->o);
	scene_free(&u->after);
	scene_free(&u->before);
}

static const struct crx_table *table(const struct update *u, size_t i)
{
	return &u->after.plan.table[u->after.plan.table_of[i]];
}

/* Block i of the file in the old image. */
static uint32_t *ref(struct update *u, size_t f, uint32_t i)
{
	return &u->o.old.ref[u->o.old.table[u->o.old.node[u->after.node[f]->index].table]
				     .first_ref +
			     i];
}

static struct crx_old_block *block(struct update *u, size_t f, uint32_t i)
{
	return &u->o.old.block[*ref(u, f, i)];
}

enum { LARGE = 1 << 20 };

/* A block that does not shrink is shared, so it is a stream with a direct pointer. It is written as
 * stored deflate, so nothing else is kept. */
static void test_other_stored_deflate(void **state)
{
	struct update u;
	int longer;

	(void)state;
	for (longer = 0; longer < 2; longer++) {
		begin(&u, 4096);
		file(&u, "Aa", NULL, 0);
		file(&u, "bA", NULL, 0);
		prepare(&u);
		assert_int_equal(block(&u, 1, 1)->kind, CRX_OLD_STREAM);
		assert_ptr_equal(block(&u, 0, 0), block(&u, 1, 1));
		if (longer)
			block(&u, 0, 0)->stored_len++;
		finish(&u, LARGE);
		assert_kinds(&u.after, 0, "dws");
		assert_int_equal(table(&u, 0)->kept, !longer);
		assert_int_equal(table(&u, 1)->kept, !longer);
		end(&u);
	}
}

static void test_pages_apart(void **state)
{
	struct update u;

	(void)state;
	begin(&u, 4096);
	file(&u, "ABC", "##.", 0);
	file(&u, "DEF", "##.", 0);
	prepare(&u);
	block(&u, 0, 1)->off += 4096;
	finish(&u, LARGE);
	assert_false(table(&u, 0)->kept);
	assert_true(table(&u, 1)->kept);
	end(&u);
}

static void test_pages_of_two_tables(void **state)
{
	struct update u;

	(void)state;
	begin(&u, 4096);
	file(&u, "ABc", "##.", 0);
	file(&u, "ABd", "##.", 0);
	prepare(&u);
	*ref(&u, 1, 0) = *ref(&u, 0, 0);
	*ref(&u, 1, 1) = *ref(&u, 0, 1);
	finish(&u, LARGE);
	assert_true(table(&u, 0)->kept);
	assert_false(table(&u, 1)->kept);
	end(&u);
}

/* One of the two runs stays. */
static void test_page_of_two_runs(void **state)
{
	struct update u;
	const struct crx_run *run = NULL;

	(void)state;
	begin(&u, 4096);
	file(&u, "A.Ab", "#.#.", 0);
	prepare(&u);
	*ref(&u, 0, 2) = *ref(&u, 0, 0);
	finish(&u, LARGE);
	assert_true(table(&u, 0)->kept);
	assert_int_equal(u.after.plan.nruns, 2);
	run = u.after.plan.run;
	assert_int_equal(run[0].old_off, run[1].old_off);
	assert_int_equal(u.after.layout.run_off[0], run[0].old_off);
	assert_true(u.after.layout.run_off[1] >= run[0].old_off + 4096);
	end(&u);
}

/* Where the kernel would look for a stream with a plain pointer is not where a plan puts it. */
static void test_plain_stream_after_a_run(void **state)
{
	struct update u;

	(void)state;
	begin(&u, 4096);
	file(&u, "Ab", "#.", 0);
	prepare(&u);
	block(&u, 0, 1)->direct = false;
	finish(&u, LARGE);
	assert_false(table(&u, 0)->kept);
	assert_kinds(&u.after, 0, "Rds");
	end(&u);
}

/* With larger pages, the zeros after a short page reach into the next run. */
static void test_larger_pages(void **state)
{
	const struct crx_layout *l;
	struct update u;

	(void)state;
	begin(&u, 4096);
	u.after.page = 8192;
	file(&u, "A", "#", 100);
	file(&u, "B", "#", 100);
	prepare(&u);
	l = &u.before.layout;
	assert_int_equal(l->run_off[1], l->run_off[0] + 4096);
	finish(&u, LARGE);
	l = &u.after.layout;
	assert_true(l->run_off[0] % 8192 == 0 && l->run_off[1] % 8192 == 0);
	end(&u);
}

static void add_dir(struct scene *s, const char *name, int entries)
{
	struct crx_err err = CRX_ERR_INIT;
	struct crx_node *d, *n;
	char long_name[100];
	int i;

	assert_int_equal(crx_tree_add(s->tree.root, name, &d, &err), 0);
	d->mode = S_IFDIR | 0755;
	for (i = 0; i < entries; i++) {
		snprintf(long_name, sizeof(long_name), "%090d", i);
		assert_int_equal(crx_tree_add(d, long_name, &n, &err), 0);
		n->mode = S_IFIFO | 0600;
	}
}

/* A directory that has grown reaches beyond the limit, and so the image cannot be like the old one,
 * with free space where the directory was. */
static void test_directory_beyond_the_limit(void **state)
{
	struct update u;

	(void)state;
	begin(&u, 4096);
	file(&u, "a", NULL, 0);
	add_dir(&u.before, "d", 1);
	add_dir(&u.before, "e", 1);
	add_dir(&u.after, "d", 50);
	add_dir(&u.after, "e", 1);
	prepare(&u);
	assert_int_equal(u.before.layout.image_size, 4096);
	finish(&u, 4096);
	assert_int_equal(u.after.layout.image_size, 8192);
	assert_int_equal(u.after.layout.bytes.free, 0);
	crx_layout_free(&u.after.layout);
	crx_plan_free(&u.after.plan);
	finish(&u, 8192);
	assert_int_equal(u.after.layout.image_size, 8192);
	assert_int_equal(u.after.layout.bytes.free, 12 + 92);
	end(&u);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_other_stored_deflate),
		cmocka_unit_test(test_pages_apart),
		cmocka_unit_test(test_pages_of_two_tables),
		cmocka_unit_test(test_page_of_two_runs),
		cmocka_unit_test(test_plain_stream_after_a_run),
		cmocka_unit_test(test_larger_pages),
		cmocka_unit_test(test_directory_beyond_the_limit),
	};

	return cmocka_run_group_tests_name("keep", tests, NULL, NULL);
}
