/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Plans and layouts around an old image, at random: trees that change again and
 * again, each laid out like the one before. test_keep.c has cases by hand.
 */
#include "config.h"

#include "failing_alloc.h"
#include "like_scene.h"
#include "like_world.h"

/* --- laying it out --- */

static void plan_like(struct scene *s, const struct crx_old *old)
{
	struct crx_plan_opts o = {
		.ext = s->ext, .holes = s->holes, .dedupe = s->dedupe, .old = old
	};
	struct crx_err err = CRX_ERR_INIT;

	if (crx_plan(&s->facts, &s->wishes, &s->packed, &o, &s->plan, &err))
		fail_msg("plan: %s", err.text);
}

static void lay_out(struct scene *s, const struct crx_old *old)
{
	s->lo.old = old;
	scene_layout(s);
	oracle_check(s);
}

/* What is not proven to be readable in the old image is not used. */
static void damage(struct random *r, struct crx_old *old)
{
	size_t i;

	for (i = 0; i < old->nblocks && !below(r, 4); i++)
		old->block[below(r, (uint32_t)old->nblocks)].overlaps = true;
	if (old->ntables && !below(r, 4))
		old->table[below(r, (uint32_t)old->ntables)].usable = false;
}

/* Directories come before everything else, and the lowest table follows them. */
static void check_seam(const struct scene *s)
{
	uint64_t lowest = UINT64_MAX;
	size_t i;

	for (i = 0; i < s->plan.ntables; i++)
		if (s->layout.table_off[i] < lowest)
			lowest = s->layout.table_off[i];
	if (s->plan.ntables)
		assert_int_equal(lowest, s->layout.dirs_end);
	for (i = 0; i < s->plan.nrecords; i++)
		assert_true(s->layout.record_off[i] >= s->layout.dirs_end);
	for (i = 0; i < s->plan.nruns; i++)
		assert_true(s->layout.run_off[i] >= s->layout.dirs_end);
}

static bool same_layout(const struct scene *a, const struct scene *b)
{
	const struct crx_layout *x = &a->layout, *y = &b->layout;
	size_t i;

	if (x->image_size != y->image_size || a->plan.ntables != b->plan.ntables ||
	    a->plan.nruns != b->plan.nruns)
		return false;
	for (i = 0; i < a->tree.nnodes; i++)
		if (x->dir_off[i] != y->dir_off[i])
			return false;
	return !memcmp(x->table_off, y->table_off, a->plan.ntables * sizeof(*x->table_off)) &&
	       !memcmp(x->run_off, y->run_off, a->plan.nruns * sizeof(*x->run_off));
}

/* s is prepared; the old image is that of before. */
static void update(struct random *r, struct scene *s, const struct scene *before)
{
	bool recompress = !below(r, 4), damaged = !below(r, 4);
	struct old_scene o;
	uint64_t fresh;

	old_scene_of(&o, before);
	if (damaged)
		damage(r, &o.old);
	old_scene_match(&o, s);
	if (!recompress)
		old_scene_streams(&o, s);
	plan_like(s, &o.old);
	s->lo.reserve = 0;
	lay_out(s, NULL);
	fresh = s->layout.image_size;
	crx_layout_free(&s->layout);
	s->lo.max_size = below(r, 4) ? fresh + below(r, 30) * 4096 : below(r, 100000);
	lay_out(s, &o.old);
	check_seam(s);
	if (s->layout.image_size > fresh && s->layout.image_size > s->lo.max_size)
		fail_msg("%llu bytes, a fresh image has %llu, and the limit is %llu",
			 (unsigned long long)s->layout.image_size, (unsigned long long)fresh,
			 (unsigned long long)s->lo.max_size);
	old_scene_free(&o);
}

/* Like itself, an image is the same. */
static void like_itself(const struct scene *s, const struct world *w)
{
	struct old_scene o;
	struct scene again;

	make_scene(w, &again);
	old_scene_of(&o, s);
	old_scene_match(&o, &again);
	old_scene_streams(&o, &again);
	again.lo.max_size = s->layout.image_size;
	plan_like(&again, &o.old);
	lay_out(&again, &o.old);
	assert_true(same_layout(s, &again));
	scene_free(&again);
	old_scene_free(&o);
}

static void chain(uint64_t seed)
{
	static struct scene scene[STEPS + 1];
	static struct world w[STEPS + 1];
	struct random r = { seed * 0x9e3779b97f4a7c15ull | 1 };
	int i;

	random_world(&r, &w[0]);
	make_scene(&w[0], &scene[0]);
	plan_like(&scene[0], NULL);
	lay_out(&scene[0], NULL);
	for (i = 1; i <= STEPS; i++) {
		w[i] = w[i - 1];
		change_world(&r, &w[i]);
		make_scene(&w[i], &scene[i]);
		update(&r, &scene[i], &scene[i - 1]);
		like_itself(&scene[i], &w[i]);
	}
	for (i = 0; i <= STEPS; i++)
		scene_free(&scene[i]);
}

static void test_chains(void **state)
{
	const char *seeds = getenv("CRX_PLAN_SEEDS"), *first = getenv("CRX_PLAN_FIRST_SEED");
	uint64_t n = seeds ? strtoull(seeds, NULL, 10) : 1000,
		 seed = first ? strtoull(first, NULL, 10) : 1, end = seed + n;

	(void)state;
	for (; seed < end; seed++) {
		if (getenv("CRX_PLAN_VERBOSE"))
			print_message("# seed %llu\n", (unsigned long long)seed);
		chain(seed);
	}
}

/* --- memory that runs out --- */

static int try_update(struct scene *s, const struct crx_old *old, struct crx_err *err)
{
	struct crx_plan_opts o = {
		.ext = s->ext, .holes = s->holes, .dedupe = s->dedupe, .old = old
	};
	struct crx_offences far = { 0 };
	struct crx_plan plan;
	struct crx_layout layout = { 0 };
	int ret = crx_plan(&s->facts, &s->wishes, &s->packed, &o, &plan, err);

	if (!ret)
		ret = crx_layout(&s->tree, &plan, &s->lo, &layout, &far, err);
	crx_layout_free(&layout);
	crx_plan_free(&plan);
	return ret;
}

static void fail_each(struct scene *s, const struct crx_old *old)
{
	long n, live = alloc_live();
	int ret;

	for (n = 1;; n++) {
		struct crx_err err = CRX_ERR_INIT;

		alloc_fail(n, false);
		ret = try_update(s, old, &err);
		alloc_succeed();
		assert_int_equal(alloc_live(), live);
		if (!ret && alloc_count() < n)
			break;
		assert_int_equal(ret, CRX_ENOMEM);
	}
}

static void test_no_memory(void **state)
{
	static struct world before, after;
	struct scene a, b;
	struct old_scene o;
	struct random r;
	uint64_t seed;

	(void)state;
	for (seed = 1; seed <= 200; seed++) {
		r.x = seed * 0x9e3779b97f4a7c15ull | 1;
		random_world(&r, &before);
		after = before;
		change_world(&r, &after);
		make_scene(&before, &a);
		plan_like(&a, NULL);
		lay_out(&a, NULL);
		make_scene(&after, &b);
		old_scene_of(&o, &a);
		old_scene_match(&o, &b);
		b.lo.old = &o.old;
		b.lo.max_size = a.layout.image_size + 8192;
		fail_each(&b, &o.old);
		old_scene_free(&o);
		scene_free(&b);
		scene_free(&a);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_chains),
		cmocka_unit_test(test_no_memory),
	};

	return cmocka_run_group_tests_name("like", tests, NULL, NULL);
}
