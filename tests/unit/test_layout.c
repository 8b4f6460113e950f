/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Offsets by hand, and the limits of their fields. What holds for every layout
 * is in plan_oracle.h.
 */
#include "config.h"

#include "plan_oracle.h"

static struct crx_node *add(struct crx_node *dir, const char *name, uint32_t mode)
{
	struct crx_err err = CRX_ERR_INIT;
	struct crx_node *n;

	assert_int_equal(crx_tree_add(dir, name, &n, &err), 0);
	n->mode = mode;
	return n;
}

static void test_head_and_directories(void **state)
{
	struct crx_node *a, *b, *c;
	struct scene s;

	(void)state;
	scene_init(&s, 4096);
	a = add(s.tree.root, "a", S_IFDIR | 0755);
	b = add(s.tree.root, "bcdef", S_IFDIR | 0755);
	c = add(a, "four", S_IFDIR | 0755);
	add(c, "x", S_IFIFO | 0600);
	scene_plan(&s);
	scene_layout(&s);
	assert_int_equal(s.layout.super_off, 0);
	assert_int_equal(s.layout.root_off, 76);
	assert_int_equal(s.layout.entry_off[a->index], 76);
	assert_int_equal(s.layout.entry_off[b->index], 76 + 16);
	assert_int_equal(s.layout.dir_off[a->index], 76 + 16 + 20);
	assert_int_equal(s.layout.entry_off[c->index], 76 + 16 + 20);
	assert_int_equal(s.layout.dir_off[b->index], 0);
	assert_int_equal(s.layout.dir_off[c->index], 76 + 16 + 20 + 16);
	assert_int_equal(s.layout.dirs_end, 76 + 16 + 20 + 16 + 16);
	assert_int_equal(s.layout.bytes.dirs, 68);
	assert_int_equal(s.layout.image_size, 4096);
	assert_int_equal(s.layout.files, 5);
	assert_int_equal(s.layout.blocks, 0);
	scene_undo(&s);
	s.lo = (struct crx_layout_opts){ .boot_pad = true, .insert_len = 1001 };
	scene_plan(&s);
	scene_layout(&s);
	assert_int_equal(s.layout.super_off, 512);
	assert_int_equal(s.layout.insert_off, 588);
	assert_int_equal(s.layout.root_off, 588 + 1004);
	assert_int_equal(s.layout.bytes.head, 588 + 1004);
	scene_free(&s);
}

static void test_empty_tree(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s, 16384);
	scene_plan(&s);
	scene_layout(&s);
	oracle_check(&s);
	assert_int_equal(s.layout.root_off, 76);
	assert_int_equal(s.layout.dirs_end, 76);
	assert_int_equal(s.layout.image_size, 16384);
	assert_int_equal(s.layout.files, 1);
	crx_layout_free(&s.layout);
	s.lo.boot_pad = true;
	scene_layout(&s);
	assert_int_equal(s.layout.root_off, 588);
	scene_free(&s);
}

/* The last entry is read as 264 bytes: a page more where they would not fit. */
static void test_last_264_bytes(void **state)
{
	struct scene s;
	char name[16];
	int i, n;

	(void)state;
	for (n = 230; n < 250; n++) {
		scene_init(&s, 4096);
		for (i = 0; i < n; i++) {
			snprintf(name, sizeof(name), "p%03d", i);
			add(s.tree.root, name, S_IFIFO | 0600);
		}
		scene_plan(&s);
		scene_layout(&s);
		oracle_check(&s);
		assert_int_equal(s.layout.image_size,
				 76 + (n - 1) * 16 + 264 <= 4096 ? 4096 : 8192);
		scene_free(&s);
	}
}

static void test_words(void **state)
{
	const uint32_t U = 0x80000000, D = 0x40000000;
	uint32_t w[8], t, r;
	struct scene s;

	(void)state;
	scene_init(&s, 4096);
	s.stream_len['a'] = 101;
	s.stream_len['b'] = 202;
	s.stream_len['c'] = 303;
	scene_file(&s, ".a.Bxy.c", "....##..", 0);
	scene_file(&s, "xyZ.cC", "##....", 9);
	scene_plan(&s);
	scene_layout(&s);
	oracle_check(&s);
	/* one directory with two entries of 12 + 4 bytes */
	t = 76 + 32;
	assert_int_equal(s.layout.table_off[0], t);
	t += 32;
	crx_layout_pointers(&s.plan, &s.layout, 0, w);
	r = (uint32_t)s.layout.runs_off;
	assert_int_equal(r, 8192);
	assert_int_equal(w[0], t);
	assert_int_equal(w[1], t + 101);
	assert_int_equal(w[2], t + 101);
	assert_int_equal(w[3], (t + 101 + 4096) | U);
	assert_int_equal(w[4], r / 4 | U | D);
	assert_int_equal(w[5], (r + 4096) / 4 | U | D);
	assert_int_equal(w[6], r + 8192);
	/* after a run: direct, aligned to 4, with its length before it */
	t = (t + 101 + 4096 + 3) / 4 * 4;
	assert_int_equal(w[7], t / 4 | D);
	/* the other table, aligned */
	t = (t + 2 + 303 + 3) / 4 * 4;
	assert_int_equal(s.layout.table_off[1], t);
	r += 8192;
	crx_layout_pointers(&s.plan, &s.layout, 1, w);
	assert_int_equal(w[0], r / 4 | U | D);
	assert_int_equal(w[1], (r + 4096) / 4 | U | D);
	assert_int_equal(w[2], (r + 3 * 4096) | U);
	assert_int_equal(w[3], r + 3 * 4096);
	/* shared with the first file's last block */
	assert_int_equal(w[4], (uint32_t)s.layout.record_off[2] / 4 | D);
	scene_free(&s);
}

/* The fields of inodes: 26 bits, counted in 4 bytes. */
static void test_limits_of_offsets(void **state)
{
	struct crx_offences far = { 0 };
	struct crx_err err = CRX_ERR_INIT;
	struct scene s;
	uint64_t len = 0x10000000 - 76 - 16 * 3;
	uint32_t past;

	(void)state;
	scene_init(&s, 4096);
	scene_file(&s, ".", NULL, 0);
	scene_file(&s, "cd", NULL, 0);
	scene_file(&s, "efgh", NULL, 0);
	scene_plan(&s);
	far.list = calloc(CRX_OFFENCES_LISTED, sizeof(*far.list));
	assert_non_null(far.list);
	/* tables at 2^28 - 4 ... : the first fits, two do not */
	s.lo.insert_len = len - 4;
	assert_int_equal(crx_layout(&s.tree, &s.plan, &s.lo, &s.layout, &far, &err), 0);
	assert_int_equal(s.layout.table_off[0], CRX_INODE_OFF_MAX);
	assert_int_equal(s.layout.table_off[1], CRX_INODE_OFF_MAX + 4);
	assert_int_equal(far.count, 2);
	assert_ptr_equal(far.list[0].node, s.node[1]);
	assert_ptr_equal(far.list[1].node, s.node[2]);
	crx_layout_free(&s.layout);
	/* what ends beyond that cannot be located by file */
	s.lo.insert_len = len + 4;
	assert_int_equal(crx_layout(&s.tree, &s.plan, &s.lo, &s.layout, &far, &err), CRX_ELIMIT);
	assert_non_null(strstr(err.text, "256 MiB"));
	crx_layout_free(&s.layout);
	/* plain pointers: 30 bits */
	s.lo.insert_len = 0;
	s.plan.record[5].len = 0x40000000;
	assert_int_equal(crx_layout(&s.tree, &s.plan, &s.lo, &s.layout, &far, &err), CRX_ELIMIT);
	past = (uint32_t)(s.layout.data_end - 0x3fffffff);
	crx_layout_free(&s.layout);
	s.plan.record[5].len -= past;
	assert_int_equal(crx_layout(&s.tree, &s.plan, &s.lo, &s.layout, &far, &err), 0);
	assert_int_equal(s.layout.data_end, 0x3fffffff);
	crx_layout_free(&s.layout);
	s.plan.record[5].len++;
	assert_int_equal(crx_layout(&s.tree, &s.plan, &s.lo, &s.layout, &far, &err), CRX_ELIMIT);
	crx_layout_free(&s.layout);
	crx_offences_free(&far);
	scene_free(&s);
}

/* A run's end may be where a plain pointer goes on: below 1 GiB as well. */
static void test_limit_of_runs(void **state)
{
	struct crx_offences far = { 0 };
	struct crx_err err = CRX_ERR_INIT;
	struct scene s;

	(void)state;
	scene_init(&s, 4096);
	scene_file(&s, "abC", "##.", 0);
	scene_file(&s, "d", NULL, 0);
	scene_plan(&s);
	s.plan.record[0].len = 0x3fff0000;
	assert_int_equal(crx_layout(&s.tree, &s.plan, &s.lo, &s.layout, &far, &err), 0);
	crx_layout_free(&s.layout);
	s.plan.record[0].len = 0x3ffff000 - 2 * 4096;
	assert_int_equal(crx_layout(&s.tree, &s.plan, &s.lo, &s.layout, &far, &err), CRX_ELIMIT);
	assert_non_null(strstr(err.text, "1 GiB"));
	crx_layout_free(&s.layout);
	scene_free(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_head_and_directories), cmocka_unit_test(test_empty_tree),
		cmocka_unit_test(test_last_264_bytes),       cmocka_unit_test(test_words),
		cmocka_unit_test(test_limits_of_offsets),    cmocka_unit_test(test_limit_of_runs),
	};

	return cmocka_run_group_tests_name("layout", tests, NULL, NULL);
}
