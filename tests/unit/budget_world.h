/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A small tree with candidates and a profile, for the tests of budget. Sizes are
 * those of the real plan and layout.
 */
#ifndef CRX_TESTS_BUDGET_WORLD_H
#define CRX_TESTS_BUDGET_WORLD_H

#include "plan_scene.h"

#include "place/budget/budget.h"

enum { CANDS = 64, TEXT_MAX = 24 };

struct world {
	struct scene s;
	char text[SCENE_FILES][TEXT_MAX];
	struct crx_candidate cand[CANDS]; /* by file, ascending */
	size_t ncands;
	uint32_t heat[SCENE_FILES][TEXT_MAX];
	bool profiled;
	struct crx_heat h;
	unsigned measured;
	unsigned fails_at;   /* this call of measure(); 0: none */
	const uint8_t *kept; /* for each block, or NULL */
};

static inline struct crx_node *add_file(struct world *w, const char *text, uint32_t last_len)
{
	size_t i = w->s.nfiles;

	snprintf(w->text[i], TEXT_MAX, "%s", text);
	return scene_file(&w->s, w->text[i], NULL, last_len);
}

static inline struct crx_candidate *add_cand(struct world *w, uint32_t first_pg, uint32_t npg)
{
	struct crx_candidate *c = &w->cand[w->ncands++];

	assert_true(w->ncands <= CANDS);
	*c = (struct crx_candidate){ .file = (uint32_t)w->s.nfiles - 1,
				     .first_pg = first_pg,
				     .map_pg = npg,
				     .max_pg = npg };
	return c;
}

static inline void init(struct world *w, uint32_t page)
{
	memset(w, 0, sizeof(*w));
	scene_init(&w->s, page);
}

/* Facts, wishes, slots, heat. */
static inline void start(struct world *w)
{
	struct scene *s = &w->s;
	struct crx_err err = CRX_ERR_INIT;
	size_t i, j;

	assert_int_equal(crx_tree_finish(&s->tree, &err), 0);
	scene_facts(s);
	scene_wishes(s);
	s->wishes.cand = calloc(w->ncands + 1, sizeof(*s->wishes.cand));
	assert_non_null(s->wishes.cand);
	memcpy(s->wishes.cand, w->cand, w->ncands * sizeof(w->cand[0]));
	s->wishes.ncands = w->ncands;
	for (i = j = 0; i < s->nfiles; i++) {
		s->wishes.file[i].first_cand = j;
		for (; j < w->ncands && w->cand[j].file == i; j++)
			s->wishes.file[i].ncands++;
	}
	assert_int_equal(j, w->ncands);
	scene_slots(s);
	w->h = (struct crx_heat){ .given = w->profiled };
	if (!w->profiled)
		return;
	w->h.count = calloc(s->facts.nblks + 1, sizeof(*w->h.count));
	assert_non_null(w->h.count);
	for (i = 0; i < s->nfiles; i++)
		for (j = 0; j < s->facts.file[i].nblks; j++)
			w->h.count[s->facts.file[i].first_blk + j] = w->heat[i][j];
}

static inline void stop(struct world *w)
{
	free(w->h.count);
	scene_free(&w->s);
}

static inline int measure(void *ctx, const struct crx_wishes *wishes, uint64_t *image_size,
			  uint64_t *padding, struct crx_err *err)
{
	struct world *w = ctx;
	struct crx_plan_opts o = { .ext = true, .holes = true, .dedupe = w->s.dedupe };
	struct crx_offences far = { 0 };
	struct crx_layout l = { 0 };
	struct crx_plan p = { 0 };
	int ret;

	if (++w->measured == w->fails_at)
		return crx_err_set(err, CRX_EINTERNAL, 0, NULL, "no size today");
	ret = crx_plan(&w->s.facts, wishes, &w->s.packed, &o, &p, err);
	if (!ret)
		ret = crx_layout(&w->s.tree, &p, &w->s.lo, &l, &far, err);
	*image_size = l.image_size;
	*padding = p.nruns ? l.runs_off - l.data_end : l.image_size - l.data_end;
	crx_layout_free(&l);
	crx_plan_free(&p);
	return ret;
}

static inline uint64_t size_now(struct world *w)
{
	uint64_t size = 0, padding = 0;
	struct crx_err err = CRX_ERR_INIT;

	assert_int_equal(crx_wishes_update_ranges(&w->s.wishes, &err), 0);
	assert_int_equal(measure(w, &w->s.wishes, &size, &padding, &err), 0);
	return size;
}

static inline int choose(struct world *w, const struct crx_budget_opts *o, struct crx_budget *out,
			 struct crx_err *err)
{
	const struct crx_budget_input in = {
		&w->s.facts, &w->h, &w->s.packed, { measure, w }, w->kept
	};
	struct crx_budget_opts opts = *o;

	opts.dedupe = w->s.dedupe;
	return crx_budget_choose(&in, &opts, &w->s.wishes, out, err);
}

static inline uint32_t chosen(const struct world *w, size_t cand)
{
	return w->s.wishes.cand[cand].chosen_pg;
}

static inline struct crx_budget chosen_for(struct world *w, uint64_t flash_len, uint64_t ram_len)
{
	struct crx_budget_opts o = { .flash_len = flash_len, .ram_len = ram_len };
	struct crx_err err = CRX_ERR_INIT;
	struct crx_budget b;

	if (choose(w, &o, &b, &err))
		fail_msg("%s", err.text);
	assert_int_equal(size_now(w), b.image_size);
	return b;
}

static uint64_t state;

static inline uint32_t rnd(uint32_t below)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)((state >> 33) % below);
}

/* Prefixes of many programs, each block of its own. */
static inline void make_many(struct world *w, uint64_t seed)
{
	char text[TEXT_MAX];
	uint32_t i, j, n;

	state = seed;
	init(w, 4096);
	w->s.dedupe = false;
	w->profiled = seed & 1;
	for (i = 'a'; i <= 'z'; i++)
		w->s.stream_len[i] = 500 + rnd(3500);
	for (i = 0; i < 60; i++) {
		n = 2 + rnd(13);
		for (j = 0; j < n; j++)
			text[j] = (char)('a' + rnd(26));
		text[n] = '\0';
		add_file(w, text, 1 + rnd(4095));
		add_cand(w, rnd(2), n - 1);
		for (j = 0; j < n; j++)
			w->heat[i][j] = rnd(3) ? 0 : 1 + rnd(100);
	}
	start(w);
}

#endif
