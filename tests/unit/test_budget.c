/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The budget, by hand.
 */
#include "config.h"

#include "budget_world.h"
#include "failing_alloc.h"

/* all that is hot: with a profile the shortest prefixes that cover it */
static void test_no_limit(void **unused)
{
	struct crx_budget b;
	struct world w;

	(void)unused;
	init(&w, 4096);
	w.profiled = true;
	add_file(&w, "abcdef", 5);
	add_cand(&w, 0, 6);
	add_file(&w, "ghi", 5);
	add_cand(&w, 0, 3);
	add_file(&w, "jkl", 5);
	add_cand(&w, 0, 3)->unit = true;
	w.heat[0][1] = 7;
	w.heat[0][3] = 1;
	w.heat[2][0] = 2;
	start(&w);
	b = chosen_for(&w, 0, 0);
	assert_true(chosen(&w, 0) == 4 && chosen(&w, 1) == 0 && chosen(&w, 2) == 3);
	assert_int_equal(b.ram_len, 3 * 4096);
	assert_int_equal(b.ram_len_max, 3 * 4096);
	assert_true(b.gain == 10 && b.bound == 10 && b.gap == 0 && !b.nmissed);
	assert_true(b.least_size < b.image_size && b.image_size < b.most_size);
	stop(&w);

	init(&w, 4096);
	add_file(&w, "abcdef", 5);
	add_cand(&w, 1, 4);
	start(&w);
	b = chosen_for(&w, 0, 0);
	assert_int_equal(chosen(&w, 0), 4);
	assert_int_equal(b.ram_len, 4 * 4096);
	stop(&w);
}

/* nothing to choose from, and no file at all */
static void test_nothing(void **unused)
{
	struct crx_budget_opts o = { .flash_len = 1 << 20, .curve = true };
	struct crx_err err = CRX_ERR_INIT;
	struct crx_budget b;
	struct world w;

	(void)unused;
	init(&w, 4096);
	start(&w);
	assert_int_equal(choose(&w, &o, &b, &err), 0);
	assert_true(b.image_size == 4096 && !b.gain && !b.bound && b.gap == 0 && b.npoints == 1);
	crx_budget_free(&b);
	stop(&w);
	init(&w, 4096);
	add_file(&w, "abc", 5);
	start(&w);
	assert_int_equal(choose(&w, &o, &b, &err), 0);
	assert_true(b.image_size == 4096 && b.npoints == 1 && !b.nmissed && !b.next_pages);
	crx_budget_free(&b);
	stop(&w);
}

static void test_messages(void **unused)
{
	struct crx_budget_opts o = { .flash_len = 12287 };
	struct crx_budget b;
	struct world w;
	struct crx_err err = CRX_ERR_INIT;

	(void)unused;
	init(&w, 4096);
	add_file(&w, "abc", 5);
	add_cand(&w, 0, 2)->must = true;
	add_file(&w, "defghijklmnop", 5);
	add_cand(&w, 0, 13);
	start(&w);
	assert_int_equal(choose(&w, &o, &b, &err), CRX_EBIG);
	assert_string_equal(err.text, "the image with nothing but what must be in place has 20480 "
				      "bytes, 8193 more than the flash budget of 12287; take a "
				      "larger one, or have less that must be (policy)");
	crx_budget_free(&b);
	o = (struct crx_budget_opts){ .ram_len = 15 * 4096 + 1 };
	err = (struct crx_err)CRX_ERR_INIT;
	assert_int_equal(choose(&w, &o, &b, &err), CRX_EBIG);
	assert_string_equal(err.text,
			    "all candidates together save 61440 bytes of RAM, 1 less than the goal "
			    "of 61441; take a smaller one, or have more files in place (policy)");
	crx_budget_free(&b);
	o = (struct crx_budget_opts){ .ram_len = 15 * 4096, .flash_len = 24576 };
	err = (struct crx_err)CRX_ERR_INIT;
	assert_int_equal(choose(&w, &o, &b, &err), CRX_EBIG);
	assert_string_equal(err.text,
			    "to save 61440 bytes of RAM the image needs 65536 bytes, 40960 more "
			    "than the flash budget of 24576; take a larger one, or a smaller goal");
	crx_budget_free(&b);
	o.ram_len = 3 * 4096;
	o.flash_len = 65536;
	err = (struct crx_err)CRX_ERR_INIT;
	assert_int_equal(choose(&w, &o, &b, &err), 0);
	assert_true(b.ram_len == 3 * 4096 && b.image_size < 32768);
	crx_budget_free(&b);
	w.s.wishes.cand[0].must = false;
	o = (struct crx_budget_opts){ .flash_len = 4096 };
	err = (struct crx_err)CRX_ERR_INIT;
	assert_int_equal(choose(&w, &o, &b, &err), CRX_EBIG);
	assert_string_equal(err.text, "the image with nothing in place has 16384 bytes, 12288 more "
				      "than the flash budget of 4096; take a larger one, or leave "
				      "files out (--exclude)");
	crx_budget_free(&b);
	stop(&w);
}

/* equal files share a table: one cost, one gain, the heat of both, and what
 * must be in place of one is of all */
static void test_followers(void **unused)
{
	struct crx_budget b;
	struct world w;
	uint32_t i;

	(void)unused;
	init(&w, 4096);
	w.profiled = true;
	for (i = 0; i < 3; i++) {
		add_file(&w, "abcd", 5);
		add_cand(&w, 0, 4);
	}
	add_file(&w, "efgh", 5);
	add_cand(&w, 0, 4);
	w.heat[0][0] = 5;
	w.heat[2][1] = 6;
	w.heat[3][0] = 10;
	start(&w);
	w.s.facts.file[2].link = 1; /* another name, with the same counts */
	w.h.count[4] = w.h.count[8] = 1;
	w.h.count[5] = w.h.count[9] = 6;
	b = chosen_for(&w, 0, 0);
	assert_true(chosen(&w, 0) == 2 && chosen(&w, 1) == 2 && chosen(&w, 2) == 2 &&
		    chosen(&w, 3) == 1);
	assert_int_equal(b.ram_len, 3 * 4096);
	/* a page in RAM is reported under each name: the highest count, not the sum */
	assert_int_equal(b.gain, 5 + 6 + 10);
	stop(&w);

	init(&w, 4096);
	add_file(&w, "abcd", 5);
	add_cand(&w, 0, 4);
	add_file(&w, "abcd", 5);
	add_cand(&w, 0, 4)->must = true;
	start(&w);
	b = chosen_for(&w, 1 << 20, 0);
	assert_true(chosen(&w, 0) == 4 && chosen(&w, 1) == 4);
	assert_int_equal(b.least_size, b.most_size);
	assert_int_equal(b.ram_len, 4 * 4096);
	stop(&w);
}

/* where two overlap, the page between them counts once, and who has all its
 * pages in place is reported as such */
static void test_overlap(void **unused)
{
	struct crx_budget b;
	struct world w;
	size_t i, j, new;

	(void)unused;
	init(&w, 4096);
	add_file(&w, "abcdefg", 5);
	add_cand(&w, 0, 4);
	add_cand(&w, 3, 4);
	start(&w);
	b = chosen_for(&w, 0, 7 * 4096);
	assert_true(chosen(&w, 0) == 4 && chosen(&w, 1) == 4);
	assert_int_equal(b.ram_len_max, 7 * 4096);
	b = chosen_for(&w, b.image_size - 1, 0);
	assert_int_equal(b.ram_len, 6 * 4096);
	assert_true(b.gap < 0.15);
	/* six pages of seven: all of the first mapping, or all of the second */
	assert_true(chosen(&w, 0) == 4 || chosen(&w, 1) == 4);
	stop(&w);
	/* a must covers the end of the one and the beginning of the other */
	init(&w, 4096);
	add_file(&w, "abcdefg", 5);
	add_cand(&w, 0, 4);
	add_cand(&w, 2, 3)->must = true;
	add_cand(&w, 4, 3);
	start(&w);
	b = chosen_for(&w, 0, 3 * 4096);
	assert_int_equal(b.image_size, b.least_size);
	b = chosen_for(&w, 0, 4 * 4096);
	assert_int_equal(b.ram_len, 4 * 4096);
	assert_int_equal(b.nmissed, 2);
	for (i = 0; i < b.nmissed; i++) {
		for (j = 0, new = 0; j < b.missed[i].npg; j++)
			new += b.missed[i].first_pg + j < 2 || b.missed[i].first_pg + j >= 5;
		assert_int_equal(b.missed[i].ram_pages, new);
	}
	b = chosen_for(&w, 0, 7 * 4096);
	assert_int_equal(b.image_size, b.most_size);
	stop(&w);
}

/* zeros cost a page, what does not shrink costs nothing, and equal blocks that
 * somebody needs compressed cost all of theirs */
static void test_what_pages_cost(void **unused)
{
	struct crx_budget b;
	struct world w;
	size_t i;

	(void)unused;
	init(&w, 4096);
	add_file(&w, "..q", 5);
	add_cand(&w, 0, 2);
	add_file(&w, "XYr", 5);
	add_cand(&w, 0, 2);
	add_file(&w, "abs", 5);
	add_cand(&w, 0, 2);
	add_file(&w, "tabu", 5);
	add_file(&w, "cdv", 5);
	add_cand(&w, 0, 2);
	start(&w);
	b = chosen_for(&w, 0, 2 * 4096);
	assert_int_equal(chosen(&w, 1), 2);
	assert_true(b.image_size <= b.least_size + 4096);
	assert_int_equal(b.nmissed, 3);
	/* nearest first: c and d save 1000 each, zeros nothing, a and b are needed */
	assert_int_equal(b.missed[0].cand, 3);
	assert_in_range(b.missed[0].flash_len, 2 * 3096 - 4, 2 * 3096);
	assert_true(b.missed[0].first_pg == 0 && b.missed[0].npg == 2 &&
		    b.missed[0].ram_pages == 2);
	for (i = 1; i < 3; i++)
		assert_in_range(b.missed[i].flash_len, b.missed[i].npg * 4096 - 128,
				b.missed[i].npg * 4096);
	b = chosen_for(&w, 0, 4 * 4096);
	assert_true(chosen(&w, 1) == 2 && chosen(&w, 3) == 2 && !chosen(&w, 0) && !chosen(&w, 2));
	stop(&w);
}

/* None or all: half of a mapping that is a unit would be flash for nothing. */
static void test_unit(void **unused)
{
	struct crx_budget b;
	struct world w;

	(void)unused;
	init(&w, 4096);
	w.profiled = true;
	add_file(&w, "abcdefg", 5);
	add_cand(&w, 0, 6)->unit = true;
	add_file(&w, "hijk", 5);
	add_cand(&w, 0, 3);
	w.heat[0][0] = 1000;
	w.heat[1][2] = 1;
	start(&w);
	b = chosen_for(&w, 0, 0);
	assert_true(chosen(&w, 0) == 6 && chosen(&w, 1) == 3);
	b = chosen_for(&w, b.least_size + 3 * 4096, 0);
	assert_true(!chosen(&w, 0) && chosen(&w, 1) == 3);
	assert_int_equal(b.nmissed, 1);
	assert_true(b.missed[0].cand == 0 && b.missed[0].npg == 6 && b.missed[0].ram_pages == 1);
	assert_true(b.next_ram_len == 4096 && b.next_pages == 6);
	stop(&w);
}

/* Overlapping ones count the page between them for both, in the model alone:
 * the goal is met all the same. */
static void test_overlapping_units(void **unused)
{
	struct crx_budget b;
	struct world w;

	(void)unused;
	init(&w, 4096);
	add_file(&w, "abcd", 5);
	add_cand(&w, 0, 2)->unit = true;
	add_cand(&w, 1, 2)->unit = true;
	add_file(&w, "....e", 5);
	add_cand(&w, 0, 4)->unit = true;
	start(&w);
	b = chosen_for(&w, 0, 3 * 4096);
	assert_true(chosen(&w, 0) == 2 && chosen(&w, 1) == 2 && !chosen(&w, 2));
	b = chosen_for(&w, 0, 4 * 4096);
	assert_true(b.ram_len >= 4 * 4096 && chosen(&w, 2) == 4);
	stop(&w);
}

/* What is in the image is what the knapsack thought: near the bound, and full. */
static void test_near_the_bound(void **unused)
{
	struct world *w = calloc(1, sizeof(*w));
	struct crx_candidate *first = calloc(CANDS, sizeof(*first));
	struct crx_budget b, again;
	uint64_t seed, part, limit;

	(void)unused;
	assert_true(w && first);
	for (seed = 1; seed <= 8; seed++) {
		make_many(w, seed);
		b = chosen_for(w, 0, 0);
		for (part = 1; part < 8; part++) {
			limit = b.least_size + (b.most_size - b.least_size) * part / 8;
			again = chosen_for(w, limit, 0);
			assert_true(again.image_size <= limit && again.gap >= 0 &&
				    (again.gap <= 0.01 || again.bound - again.gain <= 1));
			memcpy(first, w->s.wishes.cand, w->ncands * sizeof(*first));
			assert_true(chosen_for(w, limit, 0).gain == again.gain);
			assert_memory_equal(first, w->s.wishes.cand, w->ncands * sizeof(*first));
			again = chosen_for(w, 0, b.ram_len * part / 8);
			assert_true(again.ram_len >= b.ram_len * part / 8 && again.gap >= 0 &&
				    again.gap <= 0.01);
			assert_true(again.missed[0].npg && again.next_ram_len);
		}
		stop(w);
	}
	free(first);
	free(w);
}

/* A little of everything: a must, a unit, an overlap, equal files, equal blocks. */
static void make_few(struct world *w)
{
	size_t i;

	init(w, 4096);
	w->profiled = true;
	add_file(w, "abcd", 5);
	add_cand(w, 0, 3)->must = true;
	add_file(w, "efghij", 5);
	add_cand(w, 0, 3);
	add_cand(w, 2, 3);
	add_file(w, "klax", 5);
	add_cand(w, 0, 3)->unit = true;
	for (i = 0; i < 2; i++) {
		add_file(w, "mnopqax", 5);
		add_cand(w, 0, 6);
	}
	for (i = 0; i < w->s.nfiles; i++)
		w->heat[i][1] = w->heat[i][2] = 1 + (uint32_t)i;
	start(w);
}

/* Calls choose() with the i-th allocation, or else the i-th measurement, failing. */
static int choose_with_failure(struct world *w, const struct crx_budget_opts *o, unsigned i,
			       bool measuring)
{
	struct crx_err err = CRX_ERR_INIT;
	struct crx_budget b;
	int ret;

	if (measuring)
		alloc_start_count();
	else
		alloc_fail(i, false);
	w->measured = 0;
	w->fails_at = measuring ? i : 0;
	ret = choose(w, o, &b, &err);
	alloc_succeed();
	w->fails_at = 0;
	assert_true(!ret || ret == (measuring ? CRX_EINTERNAL : CRX_ENOMEM));
	if (ret && measuring)
		assert_string_equal(err.text, "no size today");
	crx_budget_free(&b);
	return ret;
}

static void test_failures(void **unused)
{
	struct crx_budget_opts o = { .curve = true };
	struct crx_err err = CRX_ERR_INIT;
	struct crx_budget b;
	struct world w;
	unsigned i, goal, measuring;

	(void)unused;
	make_few(&w);
	assert_int_equal(choose(&w, &o, &b, &err), 0);
	for (goal = 0; goal < 2; goal++) {
		o.ram_len = goal ? b.ram_len_max / 2 : 0;
		o.flash_len = goal ? 0 : (b.least_size + b.most_size) / 2;
		for (measuring = 0; measuring < 2; measuring++) {
			for (i = 1; choose_with_failure(&w, &o, i, measuring); i++)
				;
			assert_true(i > (measuring ? 4 : 20));
		}
	}
	crx_budget_free(&b);
	stop(&w);
}

/* What was in place stays if it fits, even if something else would save more. */
static void test_kept(void **unused)
{
	struct crx_budget_opts o = { 0 };
	uint8_t kept[SCENE_FILES * TEXT_MAX];
	struct crx_budget b;
	struct world w;
	unsigned i;

	(void)unused;
	init(&w, 4096);
	w.profiled = true;
	add_file(&w, "abcd", 5);
	add_cand(&w, 0, 3);
	add_file(&w, "efgh", 5);
	add_cand(&w, 0, 3);
	add_file(&w, "ij", 0);
	add_cand(&w, 0, 2);
	for (i = 0; i < 3; i++)
		w.heat[0][i] = 9;
	w.heat[1][0] = w.heat[1][1] = 1;
	start(&w);
	w.s.wishes.cand[1].chosen_pg = 2;
	o.flash_len = size_now(&w);
	b = chosen_for(&w, o.flash_len, 0);
	assert_true(chosen(&w, 0) && !chosen(&w, 1));
	crx_budget_free(&b);

	memset(kept, 0, sizeof(kept));
	kept[4] = kept[5] = 1;
	/* a whole last page is never in place */
	kept[8] = 1;
	w.kept = kept;
	b = chosen_for(&w, o.flash_len, 0);
	assert_true(!chosen(&w, 0) && chosen(&w, 1) == 2);
	crx_budget_free(&b);
	for (i = 1; choose_with_failure(&w, &o, i, false); i++)
		;
	for (i = 1; choose_with_failure(&w, &o, i, true); i++)
		;
	assert_true(i > 3);
	/* not all of it fits, but as much as possible */
	kept[6] = 1;
	b = chosen_for(&w, o.flash_len, 0);
	assert_true(!chosen(&w, 0) && chosen(&w, 1) == 2);
	crx_budget_free(&b);
	stop(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_limit),       cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_messages),       cmocka_unit_test(test_followers),
		cmocka_unit_test(test_overlap),        cmocka_unit_test(test_what_pages_cost),
		cmocka_unit_test(test_unit),           cmocka_unit_test(test_overlapping_units),
		cmocka_unit_test(test_near_the_bound), cmocka_unit_test(test_failures),
		cmocka_unit_test(test_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
