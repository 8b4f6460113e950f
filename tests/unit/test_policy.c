/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lib/wishes/policy on facts made by hand: which pages may be in place, and why
 * files are skipped. Which rule decides about a file is the subject of test_match.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "policy_world.h"

/* --- pages --- */

static void without_xip_no_wishes(void **state)
{
	struct world *x = new_world();

	(void)state;
	add_program(x, "prog", ARM, NULL);
	add_file(x, "damaged", P)->kind = CRX_EXEC_DAMAGED;
	decide_for(x, false, CRX_ORDER_BIG, P);
	wish_is(x, "/prog", "");
	wish_is(x, "/damaged", "");
	assert_int_equal(x->w.nabis, 0);
	assert_int_equal(x->kept.log.warnings, 0);
	end(x);
}

static void segments_become_ranges(void **state)
{
	static const struct {
		const char *want;
		struct {
			uint32_t flags;
			uint64_t off, filesz;
		} seg[4];
	} cases[] = {
		{ "0-4", { { RX, 0, 5 * P } } },
		{ "0-4", { { RX, 0, 4 * P + 1 } } },
		{ "0-0", { { R, 0, 1 } } },
		{ "1-1", { { R, P + 100, P - 100 } } },
		{ "1-2", { { R, P + 100, P - 99 } } },
		{ "", { { RW, 0, 5 * P } } },
		{ "", { { RW | PF_X, 0, 5 * P } } },
		{ "0-8", { { 0, 0, 9 * P } } },               /* PROT_NONE is not writable */
		{ "0-2", { { R, 0, P }, { RX, P, 2 * P } } }, /* they touch */
		{ "0-2",
		  { { R, 0, P + 100 }, { RX, P + 100, P + P / 2 } } }, /* they share a page */
		{ "0-0 2-3", { { R, 0, P }, { RX, 2 * P, 2 * P } } },
		{ "0-0 2-3", { { RX, 2 * P, 2 * P }, { R, 0, P } } }, /* not in order of address */
		{ "0-8", { { RX, 0, 9 * P }, { R, 2 * P, P }, { R, 5 * P, P } } },
		{ "0-5", { { R, 2 * P, P }, { R, 0, 2 * P }, { R, 3 * P, 3 * P } } },
		{ "0-0 2-2 4-4", { { R, 4 * P, P }, { R, 0, P }, { R, 2 * P, P } } },
		{ "0-1 3-3", { { RX, 0, 2 * P }, { RW, 2 * P, P }, { R, 3 * P, P } } },
		{ "0-1", { { R, 0, P }, { R, 0, 2 * P }, { R, 0, P } } },
		{ "8-8", { { RX, 8 * P, 5 * P } } }, /* no page after the file's last, nor that
							one: the file is of whole pages */
		{ "0-0", { { R, 0, P }, { RX, 10 * P, P } } },
		{ "0-0", { { R, 0, P }, { RX, 9 * P, P } } },
		{ "0-0", { { R, 0, P }, { RX, 11 * P, P } } },
	};
	size_t i, j;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct world *x = new_world();
		struct crx_exec *e = add_program(x, "prog", ARM, NULL);

		e->nseg = 0;
		for (j = 0; j < 4 && cases[i].seg[j].filesz; j++)
			add_segment(e, cases[i].seg[j].flags, cases[i].seg[j].off,
				    cases[i].seg[j].filesz);
		decide(x);
		wish_is(x, "/prog", cases[i].want);
		end(x);
	}
}

static void pages_of_wishes(void **state)
{
	struct crx_wish r[] = { { 0, 1 }, { 3, 2 }, { 0xfffffff0u, 4 } };
	const struct crx_file_wish w = { .range = r, .nranges = 3 }, none = { 0 };
	static const uint32_t in[] = { 0, 3, 4, 0xfffffff0u, 0xfffffff3u },
			      out[] = { 1, 2, 5, 0xffffffefu, 0xfffffff4u, 0xffffffffu };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(in) / sizeof(in[0]); i++)
		assert_true(crx_wish_in_place(&w, in[i]));
	for (i = 0; i < sizeof(out) / sizeof(out[0]); i++)
		assert_false(crx_wish_in_place(&w, out[i]));
	assert_false(crx_wish_in_place(&none, 0));
}

/* --- reasons --- */

static void reasons_have_names(void **state)
{
	int i, j;

	(void)state;
	assert_null(crx_skip_text(CRX_SKIP_NONE));
	for (i = CRX_SKIP_NONE + 1; i < CRX_SKIP_KINDS; i++) {
		assert_true(*crx_skip_text((enum crx_skip)i) != '\0');
		for (j = CRX_SKIP_NONE + 1; j < i; j++)
			assert_string_not_equal(crx_skip_text((enum crx_skip)i),
						crx_skip_text((enum crx_skip)j));
	}
}

static void debug_files(void **state)
{
	static const char *const debug[] = { "usr/lib/debug/prog", "usr/lib/debug/usr/bin/prog",
					     "usr/lib/debug/.build-id/ab/cd.debug" };
	static const char *const plain[] = { "usr/lib/debugger/prog",  "usr/lib/x/debug/prog",
					     "opt/usr/lib/debug/prog", "usr/debug/lib/prog",
					     "usr/share/debug/prog",   "opt/lib/debug/prog",
					     "lib/debug/prog",         "usr/lib/prog.debug" };
	struct world *x = new_world();
	char path[64];
	size_t i;

	(void)state;
	add_elf(x, "flagged", ARM, ET_DYN)->debug = true;
	for (i = 0; i < sizeof(debug) / sizeof(debug[0]); i++)
		add_elf(x, debug[i], ARM, ET_DYN);
	for (i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
		add_elf(x, plain[i], ARM, ET_DYN);
	decide(x);
	wish_is(x, "/flagged", DEBUGGED);
	for (i = 0; i < sizeof(debug) / sizeof(debug[0]); i++) {
		snprintf(path, sizeof(path), "/%s", debug[i]);
		wish_is(x, path, DEBUGGED);
	}
	for (i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
		snprintf(path, sizeof(path), "/%s", plain[i]);
		wish_is(x, path, "0-3");
	}
	assert_int_equal(x->w.skipped[CRX_SKIP_DEBUG], 4);
	end(x);
	/* a file of that name is not the directory */
	x = new_world();
	add_elf(x, "usr/lib/debug", ARM, ET_DYN);
	decide(x);
	wish_is(x, "/usr/lib/debug", "0-3");
	end(x);
}

static void page_size_of_the_target(void **state)
{
	struct world *x;
	struct crx_exec *e;
	uint32_t page;

	(void)state;
	for (page = 4096; page <= 65536; page *= 2) {
		x = new_world();
		e = add_program(x, "prog", ARM, NULL);
		e->nseg = 0;
		add_segment(e, RX, 0, 4 * P);
		/* one that no wish is for, but that must be loaded: p_vaddr 16 KiB on */
		add_segment(e, RW, 4 * P, P);
		e->seg[1].vaddr += 0x4000;
		decide_for(x, true, CRX_ORDER_LITTLE, page);
		if (page <= 16384) {
			wish_is(x, "/prog", page == 4096 ? "0-3" : page == 8192 ? "0-1" : "0-0");
			assert_int_equal(x->w.skipped[CRX_SKIP_UNALIGNED], 0);
		} else {
			wish_is(x, "/prog", UNALIGNED);
			assert_int_equal(x->w.skipped[CRX_SKIP_UNALIGNED], 1);
		}
		end(x);
	}
}

static void damaged_files(void **state)
{
	struct world *x = new_world();
	struct crx_exec *e = add_file(x, "d/broken", P);

	(void)state;
	e->kind = CRX_EXEC_DAMAGED;
	strcpy(e->why, "it is cut off");
	add_name(x, "d/e/again");
	add_program(x, "prog", ARM, NULL);
	decide(x);
	wish_is(x, "/d/broken", DAMAGED);
	wish_is(x, "/d/e/again", DAMAGED);
	wish_is(x, "/prog", "0-3");
	/* reported and counted once, under the first name */
	assert_int_equal(x->kept.log.warnings, 1);
	assert_ptr_equal(strstr(x->kept.text, "/d/broken: "), x->kept.text);
	assert_non_null(strstr(x->kept.text, "it is cut off"));
	assert_int_equal(x->w.skipped[CRX_SKIP_DAMAGED], 1);
	end(x);
}

static void what_nobody_maps(void **state)
{
	static const uint16_t type[] = { ET_NONE, ET_REL, ET_CORE, 0xfe00 };
	struct world *x = new_world();
	char name[16];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(type) / sizeof(type[0]); i++) {
		snprintf(name, sizeof(name), "f%u", (unsigned)i);
		add_elf(x, name, X86, type[i]);
	}
	add_file(x, "data", P);
	add_program(x, "prog", ARM, NULL);
	decide(x);
	for (i = 0; i < sizeof(type) / sizeof(type[0]); i++) {
		snprintf(name, sizeof(name), "/f%u", (unsigned)i);
		/* not an executable, so not skipped */
		wish_is(x, name, "");
	}
	wish_is(x, "/data", "");
	wish_is(x, "/prog", "0-3");
	for (i = 0; i < CRX_SKIP_KINDS; i++)
		assert_int_equal(x->w.skipped[i], 0);
	end(x);
}

static void hard_links(void **state)
{
	struct world *x = new_world();

	(void)state;
	add_program(x, "a", ARM, NULL);
	add_name(x, "d/b");
	add_name(x, "usr/lib/debug/c");
	add_program(x, "x86", X86, NULL);
	x->file[1].n->mode = S_IFREG | 0644;
	add_name(x, "d/x86");
	decide(x);
	wish_is(x, "/a", "0-3");
	wish_is(x, "/d/b", "0-3");
	/* the path decides, for each name */
	wish_is(x, "/usr/lib/debug/c", DEBUGGED);
	wish_is(x, "/x86", FOREIGN);
	wish_is(x, "/d/x86", FOREIGN);
	assert_int_equal(x->w.skipped[CRX_SKIP_MACHINE], 1);
	assert_int_equal(x->w.skipped[CRX_SKIP_DEBUG], 0);
	end(x);
}

/* --- candidates --- */

static void candidates_in_order(void **state)
{
	struct world *x = new_world();
	struct crx_exec *e;
	size_t i;

	(void)state;
	e = add_program(x, "b", ARM, NULL);
	e->nseg = 0;
	add_segment(e, RX, 6 * P, 2 * P);
	add_segment(e, R, 0, 2 * P + 1);
	add_segment(e, RW, 3 * P, P);
	add_segment(e, R, 9 * P - 5, 4 * P);
	add_name(x, "d/b2");
	/* with an MMU the rest of a page, and what follows it, does not map the file */
	add_program(x, "a", ARM, NULL)->seg[0].memsz = 9 * P;
	add_link(x, "l", "a");
	decide(x);
	cands_are(x, "/a", "0:4/4");
	cands_are(x, "/b", "0@6:2/2 1:3/3 3@8:1/2");
	cands_are(x, "/d/b2", "0@6:2/2 1:3/3 3@8:1/2");
	assert_int_equal(x->w.ncands, 7);
	for (i = 1; i < x->w.ncands; i++)
		assert_true(x->w.cand[i - 1].file <= x->w.cand[i].file);
	wish_is(x, "/b", "0-2 6-8");
	action_is(x, "/a", CRX_ACTION_XIP, CRX_NO_RULE);
	action_is(x, "/d/b2", CRX_ACTION_XIP, CRX_NO_RULE);
	assert_null(x->w.hits);
	end(x);
}

/* The last page of a file of whole pages may not be direct and uncompressed. */
static void exact_tails(void **state)
{
	static const struct {
		uint64_t size, off, filesz;
		const char *cands;
	} cases[] = {
		{ 4 * P, 0, 4 * P, "0:3/4" },
		{ 4 * P, 0, 3 * P, "0:3/3" },
		{ 4 * P, 2 * P, 2 * P, "0@2:1/2" },
		{ 4 * P, 3 * P, P, "" },
		{ P, 0, P, "" },
		{ 4 * P - 1, 0, 4 * P - 1, "0:4/4" },
		{ 4 * P - 1, 0, 9 * P, "0:4/4" },
		{ 4 * P + 1, 0, 4 * P + 1, "0:5/5" },
		{ 4 * P + 1, 4 * P, 1, "0@4:1/1" },
		{ 1, 0, 1, "0:1/1" },
		{ 4 * P, 4 * P, P, "" },
		{ 4 * P, 900 * (uint64_t)P, P, "" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct world *x = new_world();
		struct crx_exec *e = add_program(x, "prog", ARM, NULL);

		x->file[0].n->size = x->file[0].n->content.size = cases[i].size;
		e->nseg = 0;
		add_segment(e, RX, cases[i].off, cases[i].filesz);
		decide(x);
		cands_are(x, "/prog", cases[i].cands);
		/* nothing speaks against the file */
		assert_int_equal(wish(x, "/prog")->skip, CRX_SKIP_NONE);
		action_is(x, "/prog", *cases[i].cands ? CRX_ACTION_XIP : CRX_ACTION_COMPRESS,
			  CRX_NO_RULE);
		end(x);
	}
}

static void chosen_prefixes(void **state)
{
	struct world *x = new_world();
	struct crx_exec *e = add_program(x, "prog", ARM, NULL);
	struct crx_candidate *c;
	const struct crx_file_wish *w;

	(void)state;
	e->nseg = 0;
	add_segment(e, RX, 4 * P, 3 * P);
	add_segment(e, R, 0, 4 * P);
	add_segment(e, R, 2 * P, 7 * P);
	add_program(x, "other", ARM, NULL);
	decide(x);
	wish_is(x, "/prog", "0-8");
	w = wish(x, "/prog");
	c = &x->w.cand[w->first_cand];
	c[2].chosen_pg = 0;
	assert_int_equal(crx_wishes_update_ranges(&x->w, &x->err), 0);
	wish_is(x, "/prog", "0-6"); /* they touch */
	c[1].chosen_pg = 3;
	assert_int_equal(crx_wishes_update_ranges(&x->w, &x->err), 0);
	wish_is(x, "/prog", "0-2 4-6");
	c[2].chosen_pg = 1; /* within another */
	assert_int_equal(crx_wishes_update_ranges(&x->w, &x->err), 0);
	wish_is(x, "/prog", "0-2 4-6");
	c[2].chosen_pg = 4; /* overlaps both */
	assert_int_equal(crx_wishes_update_ranges(&x->w, &x->err), 0);
	wish_is(x, "/prog", "0-6");
	c[0].chosen_pg = c[1].chosen_pg = c[2].chosen_pg = 0;
	assert_int_equal(crx_wishes_update_ranges(&x->w, &x->err), 0);
	wish_is(x, "/prog", "");
	assert_null(w->range);
	/* what may be does not depend on what was chosen */
	assert_true(crx_wish_may_be_in_place(&x->w, (size_t)(w - x->w.file), 0));
	assert_true(crx_wish_may_be_in_place(&x->w, (size_t)(w - x->w.file), 8));
	assert_false(crx_wish_may_be_in_place(&x->w, (size_t)(w - x->w.file), 9));
	c[0].chosen_pg = 1;
	assert_int_equal(crx_wishes_update_ranges(&x->w, &x->err), 0);
	wish_is(x, "/prog", "4-4");
	wish_is(x, "/other", "0-3");
	end(x);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_xip_no_wishes),
		cmocka_unit_test(segments_become_ranges),
		cmocka_unit_test(pages_of_wishes),
		cmocka_unit_test(reasons_have_names),
		cmocka_unit_test(debug_files),
		cmocka_unit_test(page_size_of_the_target),
		cmocka_unit_test(damaged_files),
		cmocka_unit_test(what_nobody_maps),
		cmocka_unit_test(hard_links),
		cmocka_unit_test(candidates_in_order),
		cmocka_unit_test(exact_tails),
		cmocka_unit_test(chosen_prefixes),
	};

	return cmocka_run_group_tests_name("policy", tests, NULL, NULL);
}
