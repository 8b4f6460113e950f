/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is reported of a budget beside the choice: the next steps, and the curve.
 */
#include "config.h"

#include "budget_world.h"

static void test_next(void **unused)
{
	struct world *w = calloc(1, sizeof(*w));
	struct crx_budget b, more;
	size_t i;

	(void)unused;
	assert_non_null(w);
	make_many(w, 4);
	b = chosen_for(w, 0, 0);
	more = chosen_for(w, b.least_size + 40 * 4096 + CRX_BUDGET_NEXT_LEN, 0);
	b = chosen_for(w, b.least_size + 40 * 4096, 0);
	assert_int_equal(b.ram_len + b.next_ram_len, more.ram_len);
	assert_int_equal(b.next_pages, b.next_ram_len / 4096);
	assert_int_equal(b.nmissed, CRX_BUDGET_STEPS);
	for (i = 0; i < b.nmissed; i++) {
		const struct crx_budget_step *s = &b.missed[i];

		/* continues where the choice ends, and is not a bargain that was passed over */
		assert_int_equal(s->first_pg,
				 w->s.wishes.cand[s->cand].first_pg + chosen(w, s->cand));
		assert_int_equal(s->ram_pages, s->npg);
		assert_true(s->flash_len > 0);
		if (i)
			assert_true(s[-1].ram_pages * s->flash_len >=
				    s->ram_pages * s[-1].flash_len);
	}
	stop(w);
	free(w);
}

/* With more flash the best may be one page that is used a lot, for many that
 * are not. What is reported is by how much the same choice would grow. */
static void test_next_is_no_loss(void **unused)
{
	struct crx_budget b;
	struct world w;
	uint32_t i;

	(void)unused;
	init(&w, 4096);
	w.profiled = true;
	add_file(&w, "..................x", 5);
	add_cand(&w, 0, 18)->unit = true;
	w.heat[0][3] = 1000;
	for (i = 1; i <= 8; i++) {
		add_file(&w,
			 (const char *[]){ "ax", "bx", "cx", "dx", "ex", "fx", "gx", "hx" }[i - 1],
			 5);
		add_cand(&w, 0, 1);
		w.heat[i][0] = 1;
	}
	start(&w);
	b = chosen_for(&w, 0, 0);
	b = chosen_for(&w, b.least_size + 3 * 4096, 0);
	assert_true(!chosen(&w, 0) && b.ram_len >= 3 * 4096 && b.ram_len < 8 * 4096);
	assert_int_equal(b.ram_len + b.next_ram_len, 8 * 4096);
	stop(&w);
}

static void test_curve(void **unused)
{
	struct crx_budget_opts o = { .curve = true };
	struct world *w = calloc(1, sizeof(*w));
	struct crx_err err = CRX_ERR_INIT;
	struct crx_budget b;
	uint64_t seed, size, padding;
	size_t i;

	(void)unused;
	assert_non_null(w);
	for (seed = 1; seed <= 2; seed++) {
		make_many(w, seed);
		w->s.wishes.cand[5].must = w->s.wishes.cand[50].must = true;
		assert_int_equal(choose(w, &o, &b, &err), 0);
		assert_true(w->measured <= 100);
		/* the wishes are the choice's, not the last point's */
		assert_int_equal(measure(w, &w->s.wishes, &size, &padding, &err), 0);
		assert_int_equal(size, b.image_size);
		assert_true(b.npoints >= 40 && b.npoints <= 100);
		assert_int_equal(b.point[0].image_size, b.least_size);
		assert_true(b.point[0].ram_len > 0 && b.point[0].pages > 0);
		assert_int_equal(b.point[b.npoints - 1].image_size, b.most_size);
		assert_int_equal(b.point[b.npoints - 1].ram_len, b.ram_len_max);
		for (i = 1; i < b.npoints; i++) {
			assert_true(b.point[i].image_size > b.point[i - 1].image_size);
			assert_true(b.point[i].ram_len >= b.point[i - 1].ram_len);
			assert_true(b.point[i].pages * 4096 >= b.point[i].ram_len);
			/* and a budget of that size does no worse */
			if (i % 16 == 0)
				assert_true(chosen_for(w, b.point[i].image_size, 0).ram_len * 100 >=
					    b.point[i].ram_len * (w->profiled ? 90 : 100));
		}
		crx_budget_free(&b);
		stop(w);
	}
	free(w);
}

/* What is in place at no cost comes only after the musts, though it is no larger. */
static void test_curve_of_free_pages(void **unused)
{
	struct crx_budget_opts o = { .curve = true };
	struct crx_err err = CRX_ERR_INIT;
	struct crx_budget b;
	struct world w;

	(void)unused;
	init(&w, 4096);
	add_file(&w, "XY.", 5);
	add_cand(&w, 0, 2);
	add_file(&w, "abcde", 5);
	add_cand(&w, 0, 4);
	start(&w);
	assert_int_equal(choose(&w, &o, &b, &err), 0);
	assert_true(b.npoints >= 3);
	assert_true(b.point[0].image_size == b.least_size && !b.point[0].ram_len &&
		    !b.point[0].pages);
	assert_true(b.point[1].image_size == b.least_size && b.point[1].ram_len >= 2 * 4096);
	assert_true(b.point[b.npoints - 1].image_size == b.most_size &&
		    b.point[b.npoints - 1].pages == 6);
	crx_budget_free(&b);
	stop(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_next),
		cmocka_unit_test(test_next_is_no_loss),
		cmocka_unit_test(test_curve),
		cmocka_unit_test(test_curve_of_free_pages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
