/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The budget at random, against trying every choice there is.
 */
#include "config.h"

#include "budget_world.h"

#include "place/budget/search.h"

/* --- what a choice is worth, in other words than the code's --- */

/* Do two files have one table, whatever is chosen? */
static bool one_table(const struct world *w, size_t a, size_t b)
{
	const struct crx_file_wish *x = &w->s.wishes.file[a], *y = &w->s.wishes.file[b];
	const struct crx_candidate *c = w->s.wishes.cand;
	size_t i;

	if (w->s.facts.file[a].same != w->s.facts.file[b].same ||
	    w->s.node[a]->mode != w->s.node[b]->mode || x->ncands != y->ncands)
		return false;
	for (i = 0; i < x->ncands; i++)
		if (c[x->first_cand + i].first_pg != c[y->first_cand + i].first_pg ||
		    c[x->first_cand + i].max_pg != c[y->first_cand + i].max_pg)
			return false;
	return true;
}

static size_t leader(const struct world *w, size_t file)
{
	size_t i;

	for (i = 0; !one_table(w, i, file); i++)
		;
	return i;
}

static void value(const struct world *w, uint64_t *gain, uint64_t *hot)
{
	uint64_t most, c;
	size_t i, j;
	uint32_t pg;

	*gain = *hot = 0;
	for (i = 0; i < w->s.nfiles; i++) {
		if (leader(w, i) != i)
			continue;
		for (pg = 0; w->text[i][pg]; pg++) {
			if (!crx_wish_in_place(&w->s.wishes.file[i], pg))
				continue;
			for (j = i, most = 0; j < w->s.nfiles; j++) {
				c = leader(w, j) != i ? 0 : w->profiled ? w->heat[j][pg] : 1;
				most = c > most ? c : most;
			}
			*gain += most;
			*hot += most > 0;
		}
	}
}

static bool must_of(const struct world *w, size_t cand)
{
	const struct crx_wishes *wi = &w->s.wishes;
	size_t file = wi->cand[cand].file, i, k = cand - wi->file[file].first_cand;

	for (i = 0; i < w->s.nfiles; i++)
		if (leader(w, i) == file && wi->cand[wi->file[i].first_cand + k].must)
			return true;
	return false;
}

static void copy_to_followers(struct world *w)
{
	struct crx_wishes *wi = &w->s.wishes;
	size_t i, k;

	for (i = 0; i < w->s.nfiles; i++)
		for (k = 0; k < wi->file[i].ncands; k++)
			wi->cand[wi->file[i].first_cand + k].chosen_pg =
				wi->cand[wi->file[leader(w, i)].first_cand + k].chosen_pg;
}

/* The next choice of all there are, the musts being whole; false after the last. */
static bool advance(struct world *w)
{
	struct crx_wishes *wi = &w->s.wishes;
	size_t i;

	for (i = 0; i < wi->ncands; i++) {
		struct crx_candidate *c = &wi->cand[i];

		if (leader(w, c->file) != c->file || must_of(w, i))
			continue;
		if (c->chosen_pg == c->max_pg) {
			c->chosen_pg = 0;
			continue;
		}
		c->chosen_pg = c->unit ? c->max_pg : c->chosen_pg + 1;
		return true;
	}
	return false;
}

struct truth {
	uint64_t least, most, top_hot;
	uint64_t best_gain; /* within flash_len */
	uint64_t best_size; /* with ram_len */
	bool fits, reached;
};

static struct truth try_all(struct world *w, const struct crx_budget_opts *o)
{
	struct truth t = { .best_size = UINT64_MAX };
	uint64_t size, gain, hot;
	size_t i;

	for (i = 0; i < w->s.wishes.ncands; i++)
		w->s.wishes.cand[i].chosen_pg = w->s.wishes.cand[i].max_pg;
	t.most = size_now(w);
	value(w, &gain, &t.top_hot);
	for (i = 0; i < w->s.wishes.ncands; i++)
		if (leader(w, w->s.wishes.cand[i].file) == w->s.wishes.cand[i].file &&
		    !must_of(w, i))
			w->s.wishes.cand[i].chosen_pg = 0;
	copy_to_followers(w);
	t.least = size_now(w);
	do {
		copy_to_followers(w);
		size = size_now(w);
		value(w, &gain, &hot);
		if (size <= o->flash_len && (!t.fits || gain > t.best_gain)) {
			t.fits = true;
			t.best_gain = gain;
		}
		if (hot * w->s.page >= o->ram_len && size < t.best_size) {
			t.reached = true;
			t.best_size = size;
		}
	} while (advance(w));
	return t;
}

/* A file's candidates; a few begin where the one before has not ended yet. */
static void make_cands(struct world *w, uint32_t nblks, uint32_t last_len, bool units, size_t *left)
{
	uint32_t at = rnd(3) ? 0 : rnd(nblks), n;
	unsigned i;
	struct crx_candidate *c;

	for (i = 0; i < 2 && at < nblks; i++) {
		n = 1 + rnd(nblks - at);
		if (at + n == nblks && !last_len)
			n--;
		if (!n || *left < n + 1)
			break;
		*left /= units ? 2 : n + 1;
		c = add_cand(w, at, n);
		c->unit = units;
		c->must = !rnd(8);
		at += n - (n > 1 && !rnd(3)) + (rnd(3) ? 0 : rnd(3));
	}
}

/* alike: most blocks equal to others, some of them tiny. */
static void make(struct world *w, uint64_t seed, bool alike)
{
	static const char letter[] = "abcdefghijkl..ABC";
	uint32_t n, i, j, like, last_len[SCENE_FILES];
	size_t files, left = 400; /* choices to try */
	bool units;
	char text[TEXT_MAX];

	state = seed * 977;
	init(w, rnd(6) ? 4096 : 65536);
	w->s.dedupe = rnd(5);
	w->profiled = rnd(2);
	units = !rnd(4);
	for (i = 'a'; i <= 'l'; i++)
		w->s.stream_len[i] =
			rnd(alike ? 2 : 6) ? 1 + rnd(w->s.page - 1) : 1 + rnd(alike ? 40 : 80);
	files = 1 + rnd(5);
	for (i = 0; i < files; i++) {
		size_t before = w->ncands, k;

		n = 1 + rnd(7);
		for (j = 0; j < n; j++)
			text[j] = alike && rnd(5) ? letter[rnd(3)]
						  : letter[rnd(rnd(3) ? sizeof(letter) - 1 : 4)];
		text[n] = '\0';
		last_len[i] = rnd(3) ? 1 + rnd(w->s.page - 1) : 0;
		like = rnd(4) ? i : rnd(i + 1);
		if (like < i) {
			strcpy(text, w->text[like]);
			last_len[i] = last_len[like];
		}
		add_file(w, text, last_len[i])->mode = S_IFREG | (rnd(4) ? 0644u : 0600u);
		if (like < i && rnd(3)) {
			/* the same candidates, perhaps as musts */
			for (k = 0; k < before; k++)
				if (w->cand[k].file == like) {
					struct crx_candidate *c =
						add_cand(w, w->cand[k].first_pg, w->cand[k].max_pg);

					c->unit = units;
					c->must = w->cand[k].must || !rnd(8);
				}
		} else if (rnd(5)) {
			make_cands(w, (uint32_t)strlen(text), last_len[i], units, &left);
		}
		for (j = 0; text[j]; j++)
			w->heat[i][j] = rnd(2) ? 0 : rnd(2) ? 1 : rnd(1000);
	}
	start(w);
}

struct tally {
	unsigned cases, best;
};

static void check_outcome(struct world *w, const struct crx_budget *b, const struct truth *t,
			  uint64_t seed)
{
	uint64_t gain, hot;
	size_t i;

	assert_int_equal(size_now(w), b->image_size);
	value(w, &gain, &hot);
	assert_int_equal(hot * w->s.page, b->ram_len);
	assert_int_equal(b->least_size, t->least);
	assert_int_equal(b->most_size, t->most);
	assert_int_equal(b->ram_len_max, t->top_hot * w->s.page);
	for (i = 0; i < w->s.wishes.ncands; i++) {
		const struct crx_candidate *c = &w->s.wishes.cand[i];

		if (c->chosen_pg > c->max_pg || (c->must && c->chosen_pg < c->max_pg) ||
		    (c->unit && c->chosen_pg && c->chosen_pg < c->max_pg))
			fail_msg("seed %llu: %u of %u pages", (unsigned long long)seed,
				 c->chosen_pg, c->max_pg);
	}
}

static void flash_case(struct world *w, uint64_t seed, struct tally *tally)
{
	struct crx_budget_opts o = { 0 };
	struct crx_err err = CRX_ERR_INIT;
	struct crx_budget b;
	struct truth t;
	uint64_t gain, hot;
	int ret;

	make(w, seed, false);
	t = try_all(w, &o);
	o.flash_len = t.least +
		      rnd((uint32_t)(t.most > t.least ? t.most - t.least : 0) + 2 * w->s.page) -
		      rnd(2) * rnd(w->s.page);
	t = try_all(w, &o);
	ret = choose(w, &o, &b, &err);
	assert_int_equal(ret, t.least <= o.flash_len ? 0 : CRX_EBIG);
	if (!ret) {
		check_outcome(w, &b, &t, seed);
		value(w, &gain, &hot);
		if (b.image_size > o.flash_len || b.gain != gain || b.gain > t.best_gain ||
		    b.bound < t.best_gain)
			fail_msg("seed %llu: %llu bytes of %llu; gain %llu (%llu) of %llu, bound "
				 "%llu",
				 (unsigned long long)seed, (unsigned long long)b.image_size,
				 (unsigned long long)o.flash_len, (unsigned long long)b.gain,
				 (unsigned long long)gain, (unsigned long long)t.best_gain,
				 (unsigned long long)b.bound);
		tally->cases++;
		tally->best += b.gain == t.best_gain;
	}
	crx_budget_free(&b);
	stop(w);
}

static void goal_case(struct world *w, uint64_t seed, struct tally *tally)
{
	struct crx_budget_opts o = { 0 };
	struct crx_err err = CRX_ERR_INIT;
	struct crx_budget b;
	struct truth t;
	int ret;

	make(w, seed, false);
	t = try_all(w, &o);
	o.ram_len = 1 + rnd((uint32_t)t.top_hot * w->s.page + w->s.page / 2);
	t = try_all(w, &o);
	ret = choose(w, &o, &b, &err);
	assert_int_equal(ret, t.reached ? 0 : CRX_EBIG);
	if (!ret) {
		check_outcome(w, &b, &t, seed);
		if (b.ram_len < o.ram_len || b.gain != b.image_size || b.image_size < t.best_size ||
		    b.bound > t.best_size)
			fail_msg("seed %llu: %llu bytes of RAM for %llu; size %llu, least %llu, "
				 "bound %llu",
				 (unsigned long long)seed, (unsigned long long)b.ram_len,
				 (unsigned long long)o.ram_len, (unsigned long long)b.image_size,
				 (unsigned long long)t.best_size, (unsigned long long)b.bound);
		tally->cases++;
		tally->best += b.image_size == t.best_size;
	}
	crx_budget_free(&b);
	stop(w);
}

static void test_flash_at_random(void **unused)
{
	struct world *w = calloc(1, sizeof(*w));
	struct tally tally = { 0 };
	uint64_t seed;

	(void)unused;
	assert_non_null(w);
	for (seed = 1; seed <= 3000; seed++)
		flash_case(w, seed, &tally);
	assert_true(tally.cases > 2000);
	/* the others are those where equal blocks or overlapping units mislead the model */
	assert_true(tally.best * 1000 >= tally.cases * 980);
	free(w);
}

static void test_goal_at_random(void **unused)
{
	struct world *w = calloc(1, sizeof(*w));
	struct tally tally = { 0 };
	uint64_t seed;

	(void)unused;
	assert_non_null(w);
	for (seed = 1; seed <= 3000; seed++)
		goal_case(w, seed, &tally);
	assert_true(tally.cases > 2000);
	/* the others are those where equal blocks or overlapping units mislead the model */
	assert_true(tally.best * 1000 >= tally.cases * 960);
	free(w);
}

/*
 * What the bound rests on: options never cost more than the image grows by. Any
 * choice of options will do, however little it gains.
 */
static void cost_case(struct world *w, uint64_t seed)
{
	struct crx_budget_input in = { &w->s.facts, &w->h, &w->s.packed, { measure, w }, NULL };
	struct crx_budget_model m = { .f = &w->s.facts, .in = &in, .w = &w->s.wishes };
	struct crx_budget_choice musts, c;
	struct crx_err err = CRX_ERR_INIT;
	uint64_t cost;
	unsigned i;
	size_t g;

	make(w, seed, seed & 1);
	m.dedupe = w->s.dedupe;
	assert_int_equal(crx_budget_model_init(&m, &err), 0);
	assert_int_equal(crx_budget_choice_init(&musts, &m, &err), 0);
	assert_int_equal(crx_budget_choice_init(&c, &m, &err), 0);
	assert_int_equal(crx_budget_measure(&m, &musts, &err), 0);
	for (i = 0; i < 30; i++) {
		for (g = cost = 0; g < m.ngroups; g++) {
			const struct crx_budget_group *group = &m.group[g];

			c.option[g] = rnd(3) ? rnd(group->nopts + 1) : group->nopts;
			if (c.option[g])
				cost += m.option[group->first_opt + c.option[g] - 1].cost;
		}
		assert_int_equal(crx_budget_measure(&m, &c, &err), 0);
		if (c.unpadded_len + m.slack < musts.unpadded_len + cost)
			fail_msg("seed %llu: %lld bytes more, at least %llu by the costs, slack "
				 "%llu",
				 (unsigned long long)seed,
				 (long long)(c.unpadded_len - musts.unpadded_len),
				 (unsigned long long)cost, (unsigned long long)m.slack);
	}
	crx_budget_choice_free(&musts);
	crx_budget_choice_free(&c);
	crx_budget_model_free(&m);
	stop(w);
}

static void test_costs_at_random(void **unused)
{
	/* short blocks that become worth sharing; records that come to lie side by
	 * side; a pointer after what follows a run; another block that becomes the first
	 * to hold shared bytes */
	static const uint64_t rare[] = { 21259, 63489, 20778, 17544 };
	struct world *w = calloc(1, sizeof(*w));
	uint64_t seed;
	size_t i;

	(void)unused;
	assert_non_null(w);
	for (seed = 1; seed <= 10000; seed++)
		cost_case(w, seed);
	for (i = 0; i < sizeof(rare) / sizeof(*rare); i++)
		cost_case(w, rare[i]);
	free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_flash_at_random),
		cmocka_unit_test(test_goal_at_random),
		cmocka_unit_test(test_costs_at_random),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
