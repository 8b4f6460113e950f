/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Kinds of blocks, runs, tables: by hand, and at random against the oracle.
 */
#include "config.h"

#include "plan_oracle.h"

static void plan_and_check(struct scene *s)
{
	scene_plan(s);
	scene_layout(s);
	oracle_check(s);
}

static void test_plain_chain(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s, 4096);
	scene_file(&s, "abAc", NULL, 100);
	s.stream_len['c'] = 50;
	plan_and_check(&s);
	assert_kinds(&s, 0, "ssus");
	assert_int_equal(s.plan.nrecords, 4);
	assert_true(s.plan.record[0].first_of_table && !s.plan.record[1].first_of_table);
	assert_int_equal(s.plan.record[2].len, 4096);
	assert_int_equal(s.layout.record_off[0], s.layout.table_off[0] + 16);
	assert_int_equal(s.layout.bytes.headers, 0);
	scene_free(&s);
}

static void test_holes_are_passed_over(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s, 4096);
	scene_file(&s, "..a..Ab..", NULL, 0);
	plan_and_check(&s);
	assert_kinds(&s, 0, "--s--us--");
	scene_free(&s);
	/* without holes, zeros are streams */
	scene_init(&s, 4096);
	s.ext = s.holes = false;
	scene_file(&s, "..a.", NULL, 0);
	plan_and_check(&s);
	assert_kinds(&s, 0, "ssss");
	scene_free(&s);
}

static void test_only_holes(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s, 4096);
	scene_file(&s, "...", NULL, 0);
	scene_file(&s, ".", NULL, 1);
	plan_and_check(&s);
	assert_int_equal(s.plan.nrecords, 0);
	assert_int_equal(s.layout.blocks, 4);
	scene_free(&s);
}

static void test_run_makes_the_next_direct(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s, 4096);
	scene_file(&s, "abcdef", "##....", 0);
	plan_and_check(&s);
	assert_kinds(&s, 0, "RRdssss");
	assert_int_equal(s.plan.nruns, 1);
	assert_int_equal(s.layout.run_off[0], s.layout.runs_off);
	scene_free(&s);
}

/* a zero page inside a run is data: a hole would end what is in place */
static void test_zero_page_in_a_run(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s, 4096);
	scene_file(&s, "a.b.", "###.", 0);
	plan_and_check(&s);
	assert_kinds(&s, 0, "RRR-");
	assert_int_equal(s.layout.bytes.in_place, 3 * 4096);
	scene_free(&s);
}

static void test_exact_tail(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s, 4096);
	scene_file(&s, "abc", "###", 0); /* whole pages: the last one is not */
	scene_file(&s, "abC", "###", 0); /* and one that does not shrink is after it */
	scene_file(&s, "abc", "###", 4095);
	scene_file(&s, "a", "#", 0);
	scene_file(&s, "a", "#", 1);
	scene_file(&s, "ab.", "###", 0);
	plan_and_check(&s);
	assert_kinds(&s, 0, "RRds");
	assert_kinds(&s, 1, "RRB");
	assert_kinds(&s, 2, "RRR");
	assert_kinds(&s, 3, "s");
	assert_kinds(&s, 4, "R");
	assert_kinds(&s, 5, "RR-");
	assert_int_equal(crx_plan_promised_pages(&s.plan, 0, 0, 3), 2);
	assert_int_equal(crx_plan_promised_pages(&s.plan, 0, 1, 2), 1);
	assert_int_equal(crx_plan_promised_pages(&s.plan, 0, 2, 1), 0);
	assert_int_equal(crx_plan_promised_pages(&s.plan, 2, 0, 3), 3);
	assert_int_equal(crx_plan_promised_pages(&s.plan, 2, 0, 9), 3);
	scene_free(&s);
}

/* two ranges, and what is between and after them */
static void test_two_runs(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s, 4096);
	s.dedupe = false;
	scene_file(&s, "abcdefg", "##..##.", 0);
	scene_file(&s, "abCdEF", "#.#...", 0);
	plan_and_check(&s);
	assert_kinds(&s, 0, "RRdssRRds");
	assert_int_equal(s.plan.table[0].nruns, 2);
	assert_kinds(&s, 1, "RdsRdsuu");
	scene_free(&s);
}

/* what does not shrink continues after a run at no cost, past holes, up to the
 * first that shrinks */
static void test_behind(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s, 4096);
	s.dedupe = false;
	scene_file(&s, "aBCd", "#...", 0);
	scene_file(&s, "a.B..CdE", "#.......", 0);
	scene_file(&s, "aBcD.E.", "#.#....", 0);
	scene_file(&s, "a..", "#..", 0);
	scene_file(&s, "a..B", "#...", 700);
	plan_and_check(&s);
	assert_kinds(&s, 0, "RBBds");
	assert_kinds(&s, 1, "R-B--Bdsu");
	assert_int_equal(s.plan.run[s.plan.table[1].first_run].nafter, 5);
	/* 8 pointers, a run with two blocks after it but not the holes, d and its length, E */
	assert_int_equal(s.plan.table[1].bytes, 8 * 4 + 3 * 4096 + 1000 + 2 + 4096);
	assert_kinds(&s, 2, "RBRB-B-");
	assert_kinds(&s, 3, "R--");
	/* a piece of a block would waste the rest of its page */
	assert_kinds(&s, 4, "R--dw");
	scene_free(&s);
}

/* 64K blocks that do not shrink have no direct form: their length has 16 bits */
static void test_plain_only(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s, 65536);
	s.stream_len['a'] = s.stream_len['b'] = 30000;
	scene_file(&s, "aB", "#.", 65524); /* 65535 as stored deflate */
	scene_file(&s, "aB", "#.", 65525);
	scene_file(&s, "aB.C", "#...", 0);
	scene_file(&s, "BCa", NULL, 0);
	scene_file(&s, "aBC", NULL, 0);
	scene_file(&s, "xaB", NULL, 0);
	scene_file(&s, "xab", NULL, 0);
	plan_and_check(&s);
	assert_kinds(&s, 0, "Rdw");
	assert_kinds(&s, 1, "RB");
	assert_kinds(&s, 2, "RB-B");
	/* a is stored once, but what must follow it keeps its own copy before it */
	assert_kinds(&s, 4, "suu");
	assert_kinds(&s, 5, "dssu");
	assert_kinds(&s, 6, "dsdsds");
	scene_free(&s);
}

/* a slot that no direct pointer can refer to is a bug, and never becomes an image */
static void test_slot_too_long(void **state)
{
	struct crx_plan_opts o = { .ext = true, .holes = true };
	struct crx_err err = CRX_ERR_INIT;
	struct scene s;

	(void)state;
	scene_init(&s, 65536);
	scene_file(&s, "abc", "#..", 0);
	assert_int_equal(crx_tree_finish(&s.tree, &err), 0);
	scene_facts(&s);
	scene_wishes(&s);
	scene_slots(&s);
	s.packed.slot[1].len = 65536; /* directly after the run */
	assert_int_equal(crx_plan(&s.facts, &s.wishes, &s.packed, &o, &s.plan, &err),
			 CRX_EINTERNAL);
	assert_string_equal(err.path, "f000");
	assert_string_equal(err.text, "a block of 65536 bytes cannot have a direct pointer");
	crx_plan_free(&s.plan);
	s.packed.slot[1].len = 65535;
	assert_int_equal(crx_plan(&s.facts, &s.wishes, &s.packed, &o, &s.plan, &err), 0);
	scene_free(&s);
}

/* tables are shared by equals in bytes, type, mode, owner and wish */
static void test_equals_share_a_table(void **state)
{
	struct scene s;
	size_t i;

	(void)state;
	scene_init(&s, 4096);
	for (i = 0; i < 9; i++)
		scene_file(&s, "abC", i == 7 || i == 8 ? "#.." : NULL, 77);
	s.node[2]->mode = S_IFREG | 04755;
	s.node[3]->uid = 1;
	s.node[4]->gid = 1;
	plan_and_check(&s);
	assert_int_equal(crx_plan_owner(&s.plan, 1), 0);
	assert_int_equal(crx_plan_owner(&s.plan, 2), 2);
	assert_int_equal(crx_plan_owner(&s.plan, 3), 3);
	assert_int_equal(crx_plan_owner(&s.plan, 4), 4);
	assert_int_equal(crx_plan_owner(&s.plan, 5), 0);
	assert_int_equal(crx_plan_owner(&s.plan, 6), 0);
	assert_int_equal(crx_plan_owner(&s.plan, 7), 7);
	assert_int_equal(crx_plan_owner(&s.plan, 8), 7);
	assert_int_equal(s.plan.table[s.plan.table_of[0]].users, 4);
	assert_int_equal(s.plan.ntables, 5);
	assert_int_equal(s.layout.blocks, 15);
	assert_int_equal(s.plan.nruns, 1);
	scene_free(&s);
}

/* without an MMU, a page in place belongs to one table: never shared */
static void test_runs_are_not_shared(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s, 4096);
	scene_file(&s, "aBc", "##.", 5);
	scene_file(&s, "aBc", "##.", 5)->uid = 7;
	scene_file(&s, "aB", NULL, 0);
	plan_and_check(&s);
	assert_kinds(&s, 0, "RRdw");
	assert_kinds(&s, 1, "RRdw");
	assert_kinds(&s, 2, "su");
	assert_int_not_equal(s.layout.run_off[0], s.layout.run_off[1]);
	scene_free(&s);
}

/* Random scenes. */

/* stored by wish: plain pointers all through, nothing shared, no slot needed */
static void test_stored_by_wish(void **state)
{
	struct scene s;
	size_t i;

	(void)state;
	scene_init(&s, 4096);
	scene_file(&s, "ab.cA..d", "========", 100);
	scene_file(&s, "abc", NULL, 0);
	scene_file(&s, "xabc", NULL, 0);
	scene_file(&s, "..", "==", 0);
	plan_and_check(&s);
	assert_kinds(&s, 0, "uu-uu--u");
	assert_kinds(&s, 1, "dsss");
	assert_kinds(&s, 2, "sdsss");
	assert_kinds(&s, 3, "--");
	for (i = 0; i < s.plan.table[0].nrecords; i++) {
		assert_int_equal(s.plan.record[i].users, 1);
		assert_int_equal(s.plan.record[i].len, i == 4 ? 100 : 4096);
	}
	assert_int_equal(s.layout.bytes.stored, 4 * 4096 + 100);
	scene_free(&s);
}

/* equal files share a table only where they are wished for alike */
static void test_stored_tables(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s, 4096);
	scene_file(&s, "ab", "==", 0);
	scene_file(&s, "ab", NULL, 0);
	scene_file(&s, "ab", "==", 0);
	plan_and_check(&s);
	assert_kinds(&s, 0, "uu");
	assert_kinds(&s, 1, "ss");
	assert_true(s.plan.table_of[0] != s.plan.table_of[1]);
	assert_int_equal(s.plan.table_of[0], s.plan.table_of[2]);
	scene_free(&s);
}

enum { TEXT_MAX = 24 };

struct texts {
	char text[SCENE_FILES][TEXT_MAX + 1], wish[SCENE_FILES][TEXT_MAX + 1];
};

static void random_text(struct random *r, const char *letters, char *text, char *wish, bool xip,
			bool store)
{
	uint32_t n = 1 + below(r, below(r, 3) ? 6 : TEXT_MAX), i, k = (uint32_t)strlen(letters);

	memset(wish, '.', n);
	for (i = 0; i < n; i++)
		text[i] = i && !below(r, 3) ? text[below(r, i)] : letters[below(r, k)];
	text[n] = wish[n] = '\0';
	while (xip && below(r, 2)) {
		for (i = below(r, n); i < n && below(r, 4); i++)
			wish[i] = '#';
	}
	if (store && !below(r, 4))
		memset(wish, '=', n);
}

static void random_scene(struct random *r, struct scene *s, struct texts *t)
{
	static const char *const palette[] = { "ab",    "aB",         "abc.",
					       "aABC.", "abcdABCD..", "abcdefghABCDEF." };
	static const uint32_t lens[] = { 0, 0, 0, 1, 2, 3, 11, 12, 17, 18, 40, 1000, 4085, 4095 };
	const char *letters = palette[below(r, 6)];
	uint32_t page = 4096u << (below(r, 2) ? below(r, 5) : 0), i, n, last, from;
	bool xip = below(r, 2);

	scene_init(s, page);
	s->ext = xip || below(r, 2);
	s->holes = s->ext || below(r, 2);
	s->lo.boot_pad = below(r, 2);
	s->lo.insert_len = below(r, 3) ? 0 : below(r, 5000);
	for (i = 0; i < SCENE_LETTERS; i++)
		s->stream_len[i] = below(r, 3) ? 9 + below(r, 40) : 1 + below(r, page - 1);
	n = 1 + below(r, below(r, 4) ? 6 : SCENE_FILES - 1);
	for (i = 0; i < n; i++) {
		random_text(r, letters, t->text[i], t->wish[i], xip, s->ext);
		last = lens[below(r, sizeof(lens) / sizeof(lens[0]))];
		if (page == 65536 && !below(r, 4))
			last = 65520 + below(r, 16);
		if (i && !below(r, 4)) {
			from = below(r, i);
			strcpy(t->text[i], t->text[from]);
			strcpy(t->wish[i], t->wish[from]);
			last = s->last_len[from] % page;
		}
		scene_file(s, t->text[i], t->wish[i], last)->uid = below(r, 4) ? 0 : below(r, 3);
	}
}

static void print_scene(const struct scene *s)
{
	size_t i;

	print_message("# page %u, ext %d, holes %d\n", s->page, s->ext, s->holes);
	for (i = 0; i < s->nfiles; i++)
		print_message("# %s %s last %u uid %u\n", s->text[i], s->wish[i], s->last_len[i],
			      s->node[i]->uid);
	for (i = 0; i < SCENE_LETTERS; i++)
		if (strchr("abcdefgh", (int)i) && i)
			print_message("# %c: %u bytes\n", (int)i, s->stream_len[i]);
}

static void test_random(void **state)
{
	const char *seeds = getenv("CRX_PLAN_SEEDS"), *first = getenv("CRX_PLAN_FIRST_SEED");
	uint64_t n = seeds ? strtoull(seeds, NULL, 10) : 2000,
		 seed = first ? strtoull(first, NULL, 10) : 1, end = seed + n;
	static struct texts t;
	struct random r;
	struct scene s;
	uint64_t shared, size;

	(void)state;
	for (; seed < end; seed++) {
		r.x = seed * 0x9e3779b97f4a7c15ull | 1;
		random_scene(&r, &s, &t);
		plan_and_check(&s);
		shared = oracle_bytes(&s);
		size = s.layout.image_size;
		scene_undo(&s);
		s.dedupe = false;
		plan_and_check(&s);
		if (shared > oracle_bytes(&s) || size > s.layout.image_size) {
			print_scene(&s);
			fail_msg("seed %llu: %llu bytes with sharing, %llu without",
				 (unsigned long long)seed, (unsigned long long)shared,
				 (unsigned long long)oracle_bytes(&s));
		}
		scene_free(&s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain_chain),
		cmocka_unit_test(test_holes_are_passed_over),
		cmocka_unit_test(test_only_holes),
		cmocka_unit_test(test_run_makes_the_next_direct),
		cmocka_unit_test(test_zero_page_in_a_run),
		cmocka_unit_test(test_exact_tail),
		cmocka_unit_test(test_two_runs),
		cmocka_unit_test(test_behind),
		cmocka_unit_test(test_plain_only),
		cmocka_unit_test(test_slot_too_long),
		cmocka_unit_test(test_equals_share_a_table),
		cmocka_unit_test(test_runs_are_not_shared),
		cmocka_unit_test(test_stored_by_wish),
		cmocka_unit_test(test_stored_tables),
		cmocka_unit_test(test_random),
	};

	return cmocka_run_group_tests_name("plan", tests, NULL, NULL);
}
