/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lib/wishes/profile: from paths in a profile to pages of files, on facts made by
 * hand; time and memory.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <time.h>

#include "failing_alloc.h"
#include "kept_log.h"
#include "wishes/profile/profile.h"
#include "scan/equal.h"
#include "tree_make.h"
#include "profile_parse.h"

enum { P = 4096 };

/* --- JSON lines --- */

#define O(path, rest) "{\"path\": \"" path "\", \"offset\": " rest "}"

/* --- files, memory, length --- */

static double cpu_seconds(void)
{
	return (double)clock() / CLOCKS_PER_SEC;
}

enum {
	MANY = 300000,
	MUCH_TOO_LONG = 20
}; /* seconds; a fraction of one is right, minutes are quadratic */

/* `MANY` lines, of paths in turns. */
static char *many_lines(unsigned paths, size_t *len)
{
	char *text = malloc((size_t)MANY * 32);
	size_t n = 0, i;

	assert_non_null(text);
	for (i = 0; i < MANY; i++)
		n += (size_t)sprintf(text + n, "d/f%u,%u,1\n", (unsigned)i % paths,
				     (unsigned)(i % 40 * 1000));
	*len = n;
	return text;
}

static void equal_paths_in_a_row_are_kept_once(void **state)
{
	struct crx_profile p = { 0 };
	struct crx_err err = CRX_ERR_INIT;
	size_t len, i;
	char *text = many_lines(1, &len);

	(void)state;
	alloc_start_count();
	assert_int_equal(crx_profile_parse(&p, "x", text, len, &err), 0);
	assert_true(alloc_count() < 100);
	assert_int_equal(p.nentries, MANY);
	for (i = 1; i < MANY; i++)
		assert_ptr_equal(p.entry[i].path, p.entry[0].path);
	crx_profile_free(&p);
	free(text);
	/* but not where one only begins like the other */
	text_is("ab,0,1\na,0,1\nabc,0,1\n\"ab\"\"\",0,1\n", "ab@0*1;a@0*1;abc@0*1;ab\"@0*1;");
}

/* --- from paths to pages --- */

struct world {
	struct crx_tree t;
	struct crx_facts f;
	struct crx_profile p;
	struct crx_heat heat;
	struct crx_err err;
	struct kept_log kept; /* the warnings, with their paths */
};

static struct crx_node *hard_link(struct crx_node *a, struct crx_node *b, uint64_t ino)
{
	a->link_dev = b->link_dev = 1;
	a->link_ino = b->link_ino = ino;
	return b;
}

/*
 * /bin/sh of 3 pages and a byte, with the names /bin/ash and /usr/sh;
 * /bin/same, which is equal but another file; /lib -> usr/lib, /usr/lib/libc of
 * 2 pages, /lib/libc.so -> libc; /empty, /dev/null, and links to nowhere.
 */
static struct world *new_world(uint32_t page_size)
{
	struct world *x = calloc(1, sizeof(*x));
	struct crx_node *bin, *usr, *lib, *sh;
	struct crx_err err = CRX_ERR_INIT;
	size_t i, j;

	assert_non_null(x);
	tree_make_init(&x->t);
	kept_begin_paths(&x->kept, CRX_LEVEL_WARNING);
	bin = tree_make_dir(x->t.root, "bin");
	usr = tree_make_dir(x->t.root, "usr");
	lib = tree_make_dir(usr, "lib");
	sh = tree_make_file(bin, "sh", "never read", 3 * P + 1);
	hard_link(sh, tree_make_file(bin, "ash", "never read", 3 * P + 1), 7);
	hard_link(sh, tree_make_file(usr, "sh", "never read", 3 * P + 1), 7);
	tree_make_file(bin, "same", "never read", 3 * P + 1);
	tree_make_file(lib, "libc", "never read", 2 * P);
	tree_make_link(lib, "libc.so", "libc");
	tree_make_link(x->t.root, "lib", "usr/lib");
	tree_make_link(x->t.root, "nowhere", "/gone");
	tree_make_link(x->t.root, "loop", "loop");
	tree_make_file(x->t.root, "empty", NULL, 0);
	tree_make_node(tree_make_dir(x->t.root, "dev"), "null", S_IFCHR | 0666);
	tree_make_finish(&x->t);
	x->f = (struct crx_facts){ .page_size = page_size, .nfiles = x->t.nfiles };
	x->f.file = calloc(x->t.nfiles, sizeof(*x->f.file));
	assert_non_null(x->f.file);
	for (i = 0; i < x->t.nfiles; i++) {
		struct crx_file_fact *file = &x->f.file[i];

		*file = (struct crx_file_fact){
			.node = x->t.file[i],
			.first_blk = (uint32_t)x->f.nblks,
			.same = (uint32_t)i,
			.link = (uint32_t)i,
		};
		file->nblks = (uint32_t)((file->node->size + page_size - 1) / page_size);
		x->f.nblks += file->nblks;
		for (j = i; file->node->link_ino && j--;)
			if (x->f.file[j].node->link_ino == file->node->link_ino)
				file->same = file->link = (uint32_t)j;
	}
	assert_int_equal(crx_scan_find_inodes(&x->f, &err), 0);
	return x;
}

static void end(struct world *x)
{
	crx_heat_free(&x->heat);
	crx_heat_free(&x->heat);
	crx_profile_free(&x->p);
	free(x->f.file);
	crx_tree_free(&x->t);
	free(x);
}

static void heat(struct world *x, const char *csv)
{
	if (crx_profile_parse(&x->p, "x", csv, strlen(csv), &x->err) ||
	    crx_profile_heat(&x->p, &x->t, &x->f, &x->kept.log, &x->heat, &x->err))
		fail_msg("%s: %s", x->err.path, x->err.text);
	assert_true(x->heat.given);
	assert_non_null(x->heat.count);
}

static size_t file_at(const struct world *x, const char *path)
{
	const struct crx_node *n = crx_tree_find(&x->t, path);

	assert_non_null(n);
	return n->file;
}

/* "1 0 0 2": the counts of all pages. */
static void heat_is(const struct world *x, const char *path, const char *want)
{
	size_t file = file_at(x, path), n = 0;
	char got[200] = "";
	uint32_t pg;

	for (pg = 0; pg < x->f.file[file].nblks; pg++)
		n += (size_t)snprintf(got + n, sizeof(got) - n, "%s%lu", pg ? " " : "",
				      (unsigned long)crx_heat_of(&x->heat, &x->f, file, pg));
	if (strcmp(got, want))
		fail_msg("%s: %s, not %s", path, got, want);
	assert_int_equal(crx_heat_of(&x->heat, &x->f, file, pg), 0);
	assert_int_equal(crx_heat_of(&x->heat, &x->f, file, UINT32_MAX), 0);
}

static void counts_of_pages_add_up(void **state)
{
	struct world *x = new_world(P);

	(void)state;
	heat(x, "usr/lib/libc,0,1\n/usr/lib/libc,4095,2\n./usr/lib/libc,4096,10\nusr//lib/./"
		"libc,8191,20\nusr/lib/libc,1,4\n");
	heat_is(x, "/usr/lib/libc", "7 30");
	heat_is(x, "/bin/sh", "0 0 0 0");
	assert_string_equal(x->kept.text, "");
	end(x);
}

static void links_are_followed(void **state)
{
	struct world *x = new_world(P);

	(void)state;
	heat(x, "lib/libc.so,0,1\nlib/libc,0,2\nusr/lib/../lib/libc.so,4096,4\n");
	heat_is(x, "/usr/lib/libc", "3 4");
	assert_string_equal(x->kept.text, "");
	end(x);
}

/* Under whichever name it was used: the first in the tree or not. Merely equal is not the same. */
static void all_names_share_counts(void **state)
{
	struct world *x = new_world(P);

	(void)state;
	heat(x, "usr/sh,0,1\nbin/sh,4096,2\nbin/ash,12288,3\nbin/sh,0,10\nbin/same,8192,5\n");
	/* a page in RAM is listed under every name: the highest count is meant, not the sum */
	heat_is(x, "/bin/sh", "10 2 0 3");
	heat_is(x, "/bin/ash", "10 2 0 3");
	heat_is(x, "/usr/sh", "10 2 0 3");
	heat_is(x, "/bin/same", "0 0 5 0");
	end(x);
}

static void counts_saturate(void **state)
{
	struct world *x = new_world(P);

	(void)state;
	heat(x, "bin/sh,0,4294967294\nbin/sh,0,1\nbin/sh,4096,4294967294\nbin/sh,4097,2\nbin/"
		"sh,8192,18446744073709551615\nbin/sh,8193,1\n");
	heat_is(x, "/bin/sh", "4294967295 4294967295 4294967295 0");
	end(x);
}

static void other_page_sizes(void **state)
{
	struct world *x = new_world(2 * P);

	(void)state;
	heat(x, "bin/sh,4096,1\nbin/sh,8191,1\nbin/sh,12288,1\n");
	heat_is(x, "/bin/sh", "2 1");
	assert_string_equal(x->kept.text, "");
	end(x);
}

static void what_is_not_there_is_summed_up(void **state)
{
	struct world *x = new_world(P);

	(void)state;
	/* sorted, "a" would come first; in the profile, "z" does */
	heat(x, "bin/sh,0,1\nz,0,1\nz,4096,1\na,0,1\nnowhere,0,1\nloop,0,1\nz,0,1\nbin/sh/x,0,1\n"
		"usr,0,1\ndev/null,0,1\nusr,0,1\n/,0,1\n"
		"bin/sh,12288,1\nbin/sh,12289,1\nempty,0,1\nbin/ash,18446744073709551615,1\nbin/"
		"sh,16384,1\n");
	heat_is(x, "/bin/sh", "1 0 0 1");
	assert_string_equal(x->kept.text, "z: is in a profile, but not in the tree (ignored 7 such "
					  "entries for 5 paths)\n"
					  "usr: is in a profile, but is not a regular file "
					  "(ignored 4 such entries for 3 paths)\n"
					  "bin/sh: is in a profile with pages after its end "
					  "(ignored 4 such entries for 3 paths)\n");
	assert_int_equal(x->kept.log.warnings, 3);
	end(x);
	x = new_world(P);
	heat(x, "z,0,1\n");
	assert_string_equal(x->kept.text, "z: is in a profile, but not in the tree (ignored 1 such "
					  "entry for 1 path)\n");
	end(x);
}

static void no_profile_and_an_empty_one(void **state)
{
	struct world *x = new_world(P);

	(void)state;
	assert_int_equal(crx_profile_heat(&x->p, &x->t, &x->f, &x->kept.log, &x->heat, &x->err), 0);
	assert_false(x->heat.given);
	assert_null(x->heat.count);
	assert_int_equal(crx_heat_of(&x->heat, &x->f, 0, 0), 1);
	assert_string_equal(x->kept.text, "");
	heat(x, "path,offset,count\nbin/sh,0,0\n");
	heat_is(x, "/bin/sh", "0 0 0 0");
	assert_string_equal(x->kept.text, ": the profile lists no used page\n");
	end(x);
}

/* --- candidates --- */

static void only_the_hot_prefix_stays(void **state)
{
	static const struct {
		uint32_t first_pg, max_pg;
		bool must, unit;
		uint32_t want, want_without; /* profile */
	} cases[] = {
		/* page 1 is hot, and page 2 */
		{ 0, 4, false, false, 3, 4 },
		{ 0, 2, false, false, 2, 2 }, /* no further than it may go */
		{ 0, 1, false, false, 0, 1 },
		{ 1, 3, false, false, 2, 3 },
		{ 2, 2, false, false, 1, 2 },
		{ 3, 1, false, false, 0, 1 },
		{ 0, 4, true, false, 4, 4 },
		{ 3, 1, true, false, 1, 1 },
		{ 3, 1, true, true, 1, 1 },
		{ 0, 4, false, true, 4, 4 },
		{ 2, 2, false, true, 2, 2 },
		{ 3, 1, false, true, 0, 1 },
	};
	enum { N = sizeof(cases) / sizeof(cases[0]) };
	struct crx_candidate cand[N];
	struct world *x = new_world(P);
	struct crx_wishes w = { .cand = cand, .ncands = N };
	size_t i, names;

	(void)state;
	for (names = 0; names < 3; names++) {
		for (i = 0; i < N; i++)
			cand[i] = (struct crx_candidate){
				.file = (uint32_t)file_at(x, names ? "/usr/sh" : "/bin/sh"),
				.first_pg = cases[i].first_pg,
				.map_pg = 4,
				.max_pg = cases[i].max_pg,
				.must = cases[i].must,
				.unit = cases[i].unit,
				.chosen_pg = cases[i].max_pg
			};
		if (names == 1)
			heat(x, "bin/sh,4096,1\nbin/ash,8192,1\n");
		crx_heat_choose(&x->heat, &x->f, &w);
		for (i = 0; i < N; i++)
			if (cand[i].chosen_pg != (names ? cases[i].want : cases[i].want_without))
				fail_msg("case %zu: %lu", i, (unsigned long)cand[i].chosen_pg);
	}
	end(x);
}

/* --- time and memory --- */

/* Paths in turns, so that no two in a row are equal, and none of them long. */
static void many_lines_take_no_time(void **state)
{
	struct world *x = new_world(P);
	static const unsigned paths[] = { 2, 1000, MANY };
	double begun = cpu_seconds();
	size_t len, i;
	char *text;

	(void)state;
	for (i = 0; i < 3; i++) {
		text = many_lines(paths[i], &len);
		assert_int_equal(crx_profile_parse(&x->p, "x", text, len, &x->err), 0);
		free(text);
	}
	assert_int_equal(crx_profile_heat(&x->p, &x->t, &x->f, &x->kept.log, &x->heat, &x->err), 0);
	assert_non_null(strstr(x->kept.text, "(ignored 900000 such entries for 300000 paths)"));
	assert_true(cpu_seconds() - begun < MUCH_TOO_LONG);
	end(x);
}

/* A line without end, of what might make a parser look back. */
static void one_long_line_takes_no_time(void **state)
{
	static const char *const unit[] = { ",", "\"", "\"\n", "\"\"x", "a,", "/", "../", "0" };
	enum { LEN = 4 << 20 };
	double begun = cpu_seconds();
	char *text = malloc(LEN + 16);
	size_t i, k, n;

	(void)state;
	assert_non_null(text);
	for (i = 0; i < sizeof(unit) / sizeof(unit[0]); i++) {
		struct world *x = new_world(P);
		int ret;

		n = strlen(unit[i]);
		for (k = 0; k + n <= LEN; k += n)
			memcpy(text + k, unit[i], n);
		strcpy(text + k, "x,0,1\n");
		ret = crx_profile_parse(&x->p, "x", text, k + 6, &x->err);
		if (!ret)
			ret = crx_profile_heat(&x->p, &x->t, &x->f, &x->kept.log, &x->heat,
					       &x->err);
		assert_true(!ret || ret == CRX_EFORMAT);
		end(x);
	}
	free(text);
	assert_true(cpu_seconds() - begun < MUCH_TOO_LONG);
}

static int all_of_it(struct world *x, const char *text)
{
	int ret = crx_profile_parse(&x->p, "x", text, strlen(text), &x->err);

	return ret ? ret : crx_profile_heat(&x->p, &x->t, &x->f, &x->kept.log, &x->heat, &x->err);
}

/* Each allocation of ours fails, alone or with all after it; json-c's own do not. */
static void fail_each(const char *text, bool for_good)
{
	long n;
	int ret = CRX_ENOMEM;

	for (n = 1; ret; n++) {
		struct world *x = new_world(P);

		alloc_fail(n, for_good);
		ret = all_of_it(x, text);
		alloc_succeed();
		if (ret && (ret != CRX_ENOMEM || x->err.code != ret))
			fail_msg("allocation %ld: %d, %s", n, ret, x->err.text);
		assert_true(!ret || !x->heat.count);
		assert_true(ret || alloc_count() < n);
		end(x);
	}
	assert_true(n > 4);
}

static void memory_that_runs_out(void **state)
{
	static const char *const text[] = {
		"bin/sh,0,1\n\"bin/ash\",0,1\nbin/same,1,1\nusr/"
		"lib,1,1\ngone,1,1\n5,0,1\n6,0,1\n7,0,1\n8,0,1\n9,0,1\n\"a\"\"b\",0,1\n",
		O("bin/sh", "1") "\n" O("bin/ash", "1") "\n",
	};
	size_t i;

	(void)state;
	for (i = 0; i < 1 + HAVE_JSON_C; i++) {
		fail_each(text[i], false);
		fail_each(text[i], true);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equal_paths_in_a_row_are_kept_once),
		cmocka_unit_test(counts_of_pages_add_up),
		cmocka_unit_test(links_are_followed),
		cmocka_unit_test(all_names_share_counts),
		cmocka_unit_test(counts_saturate),
		cmocka_unit_test(other_page_sizes),
		cmocka_unit_test(what_is_not_there_is_summed_up),
		cmocka_unit_test(no_profile_and_an_empty_one),
		cmocka_unit_test(only_the_hot_prefix_stays),
		cmocka_unit_test(many_lines_take_no_time),
		cmocka_unit_test(one_long_line_takes_no_time),
		cmocka_unit_test(memory_that_runs_out),
	};

	return cmocka_run_group_tests_name("profile_heat", tests, NULL, NULL);
}
