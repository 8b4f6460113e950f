/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Blocks that are stored once: who leads, who follows, what it may cost.
 */
#include "config.h"

#include "plan_oracle.h"

static void plan_and_check(struct scene *s)
{
	scene_plan(s);
	scene_layout(s);
	oracle_check(s);
}

/* The shared block of two files first, in the middle, last. */
static void test_places(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s, 4096);
	scene_file(&s, "abc", NULL, 0);
	scene_file(&s, "axy", NULL, 0);
	scene_file(&s, "ubv", NULL, 0);
	scene_file(&s, "pqc", NULL, 0);
	plan_and_check(&s);
	assert_kinds(&s, 0, "dsdsds");
	assert_kinds(&s, 1, "dsdss");
	assert_kinds(&s, 2, "sdsds");
	assert_kinds(&s, 3, "ssds");
	assert_int_equal(s.plan.record[0].users, 2);
	assert_int_equal(s.plan.nrecords, 9);
	scene_free(&s);
}

/* blocks that are shared in the order of their offsets need one direct pointer */
static void test_consecutive(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s, 4096);
	scene_file(&s, "abcd", NULL, 0);
	scene_file(&s, "xabcdy", NULL, 0);
	scene_file(&s, "bcd", NULL, 0);
	plan_and_check(&s);
	assert_kinds(&s, 0, "dsdsss");
	assert_kinds(&s, 1, "sdsdsssds");
	assert_kinds(&s, 2, "dsss");
	scene_free(&s);
}

static void test_within_a_file(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s, 4096);
	scene_file(&s, "aaaaaaaa", NULL, 0);
	scene_file(&s, "bcbcbcbc", NULL, 0);
	scene_file(&s, "d.d..d.", NULL, 0);
	scene_file(&s, "effe", NULL, 0);
	plan_and_check(&s);
	assert_kinds(&s, 0, "dsdsdsdsdsdsdsds");
	assert_int_equal(s.plan.table[0].nrecords, 1);
	assert_int_equal(s.plan.record[0].users, 8);
	assert_kinds(&s, 1, "dssdssdssdss");
	assert_kinds(&s, 2, "ds-ds--ds-");
	assert_kinds(&s, 3, "dsdsdsds");
	scene_free(&s);
}

/* a shared block that does not shrink is wrapped: a direct pointer wants a stream */
static void test_wrapped(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s, 4096);
	scene_file(&s, "aBc", NULL, 0);
	scene_file(&s, "xBy", NULL, 0);
	scene_file(&s, "Dz", NULL, 0);
	plan_and_check(&s);
	assert_kinds(&s, 0, "sdws");
	assert_int_equal(s.plan.record[1].len, 4096 + 11);
	assert_kinds(&s, 1, "sdwds");
	assert_kinds(&s, 2, "us");
	scene_free(&s);
}

/* after a run: a block that is shared does not follow it */
static void test_after_runs(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s, 4096);
	scene_file(&s, "rBc", "#..", 0);
	scene_file(&s, "xB", NULL, 0);
	scene_file(&s, "qc.", "#..", 0);
	scene_file(&s, "cwc", "..#", 9);
	plan_and_check(&s);
	assert_kinds(&s, 0, "Rdwds");
	assert_kinds(&s, 1, "sdw");
	assert_kinds(&s, 2, "Rds-");
	assert_kinds(&s, 3, "dsdsR");
	scene_free(&s);
}

/* a page in place lends its bytes to nobody */
static void test_runs_lend_nothing(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s, 4096);
	scene_file(&s, "ab", "#.", 0);
	scene_file(&s, "xa", NULL, 0);
	plan_and_check(&s);
	assert_kinds(&s, 1, "ss");
	scene_free(&s);
}

/* the same bytes at other lengths are other blocks */
static void test_tails(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s, 4096);
	scene_file(&s, "xa", NULL, 2000);
	scene_file(&s, "ya", NULL, 2000);
	scene_file(&s, "za", NULL, 2001);
	plan_and_check(&s);
	assert_kinds(&s, 0, "sds");
	assert_kinds(&s, 1, "sds");
	assert_kinds(&s, 2, "ss");
	scene_free(&s);
}

static void test_off(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s, 4096);
	s.dedupe = false;
	scene_file(&s, "aab", NULL, 0);
	plan_and_check(&s);
	assert_kinds(&s, 0, "sss");
	scene_free(&s);
	/* plain pointers alone cannot share */
	scene_init(&s, 4096);
	s.ext = false;
	scene_file(&s, "aab", NULL, 0);
	scene_file(&s, "xab", NULL, 0);
	plan_and_check(&s);
	assert_kinds(&s, 0, "sss");
	assert_kinds(&s, 1, "sss");
	scene_free(&s);
}

/* 64K: what would be too long as stored deflate is not shared */
static void test_too_long(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s, 65536);
	scene_file(&s, "aB", NULL, 65525);
	scene_file(&s, "bB", NULL, 65525);
	scene_file(&s, "cD", NULL, 65524);
	scene_file(&s, "dD", NULL, 65524);
	plan_and_check(&s);
	assert_kinds(&s, 0, "su");
	assert_kinds(&s, 1, "su");
	assert_kinds(&s, 2, "sdw");
	assert_int_equal(s.plan.record[s.plan.table[2].first_record + 1].len, 65535);
	scene_free(&s);
}

/* Files, their letters that matter, and the length of the last blocks. */
struct shape {
	const char *file[4], *letters;
	uint32_t page, last;
};

/* At small lengths of the shared block a, and at all alignments of what stands
 * around it, bytes with sharing and without. Returns how often something was
 * shared. */
static unsigned all_lengths(const struct shape *h)
{
	unsigned shared = 0, records, v, i;
	uint64_t bytes[2];
	struct scene s;
	uint32_t len;
	int plain;

	for (v = 0; v < 1u << 2 * strlen(h->letters); v++) {
		/* around where 1, 2 and 3 direct pointers begin to pay */
		for (len = 12; len < 32; len += len % 8 == 7 ? 5 : 1) {
			scene_init(&s, h->page);
			s.stream_len['a'] = len;
			for (i = 0; h->letters[i]; i++)
				s.stream_len[(unsigned char)h->letters[i]] = 200 + (v >> 2 * i) % 4;
			for (i = 0; i < 4 && h->file[i]; i++)
				scene_file(&s, h->file[i], NULL, h->last);
			for (plain = 0, records = 0; plain < 2; plain++) {
				s.dedupe = !plain;
				plan_and_check(&s);
				bytes[plain] = oracle_bytes(&s);
				shared += plain && s.plan.nrecords > records;
				records = (unsigned)s.plan.nrecords;
				scene_undo(&s);
			}
			if (bytes[0] > bytes[1])
				fail_msg("%s %s %s ..., last %u, a %u, %s %#x: %llu bytes with "
					 "sharing, %llu without",
					 h->file[0], h->file[1], h->file[2], h->last, len,
					 h->letters, v, (unsigned long long)bytes[0],
					 (unsigned long long)bytes[1]);
			crx_tree_free(&s.tree);
		}
	}
	return shared;
}

static void test_never_larger(void **state)
{
	static const struct shape shapes[] = {
		{ { "xa", "ya", "u" }, "xy", 4096, 0 },
		{ { "xay", "waz", "u" }, "wxyz", 4096, 0 },
		{ { "ax", "ay", "az" }, "xyz", 4096, 0 },
		{ { "xaa", "ya", "u" }, "xy", 4096, 0 },
		{ { "axaya", "waz", "u" }, "xyz", 4096, 0 },
		{ { "x.a", "y.a.z", "u" }, "xyz", 4096, 0 },
		{ { "xaZ", "yaX", "u" }, "xy", 4096, 0 },
		/* last blocks of this length do not shrink */
		{ { "xa", "ya", "za" }, "xyz", 4096, 20 },
		{ { "xa", "ya", "za" }, "xyz", 4096, 17 },
		{ { "xa", "ya", "za", "wa" }, "xyzw", 4096, 6 },
		{ { "xa", "ya", "za", "wa" }, "xyzw", 4096, 8 },
		/* at 64K: what must be before B keeps its place, shared or not */
		{ { "ub", "zay", "xabB" }, "zyxb", 65536, 0 },
		{ { "xa", "aB", "ya" }, "xy", 65536, 0 },
		{ { "xa", "aB", "yaz" }, "xyz", 65536, 0 }
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++)
		if (!all_lengths(&shapes[i]) && shapes[i].last != 6)
			fail_msg("nothing of %s %s %s was shared", shapes[i].file[0],
				 shapes[i].file[1], shapes[i].file[2]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_places),        cmocka_unit_test(test_consecutive),
		cmocka_unit_test(test_within_a_file), cmocka_unit_test(test_wrapped),
		cmocka_unit_test(test_after_runs),    cmocka_unit_test(test_runs_lend_nothing),
		cmocka_unit_test(test_tails),         cmocka_unit_test(test_off),
		cmocka_unit_test(test_too_long),      cmocka_unit_test(test_never_larger),
	};

	return cmocka_run_group_tests_name("share", tests, NULL, NULL);
}
