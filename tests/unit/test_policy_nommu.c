/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lib/wishes/policy on facts made by hand: flat binaries, and kernels without an
 * MMU, where a mapping is in place as a whole or not at all.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "policy_world.h"

/* --- flat binaries --- */

static void flat_binaries(void **state)
{
	static const struct {
		uint64_t size, text;
		bool ram;
		const char *rule, *cands, *wish;
	} cases[] = {
		{ 5 * P, 2 * P, false, NULL, "0:2/2u", "0-1" },
		{ 5 * P, 2 * P + 1, false, NULL, "0:3/3u", "0-2" },
		{ 5 * P, 64, false, NULL, "0:1/1u", "0-0" },
		{ 5 * P + 1, 5 * P + 1, false, NULL, "0:6/6u", "0-5" },
		{ 5 * P, 4 * P + 1, false, NULL, "", PART }, /* exact tail */
		{ 5 * P, 5 * P, false, NULL, "", PART },
		{ 5 * P, 2 * P, true, NULL, "", FLAT_RAM },
		{ P / 2, 9 * P, true, NULL, "", FLAT_RAM }, /* compressed, so it may be shorter */
		{ 5 * P, 2 * P, false, "/f xip must", "0:2/2um", "0-1" },
		{ 5 * P, 2 * P, false, "/f xip segments=r-x", "0:2/2u", "0-1" },
		{ 5 * P, 2 * P, false, "/f xip segments=#0", "0:2/2u", "0-1" },
		{ 5 * P, 2 * P, false, "/f xip segments=r--", "", RULED },
		{ 5 * P, 2 * P, false, "/f xip pages=..2", "0:2/2u", "0-1" },
		{ 5 * P, 2 * P, false, "/f xip pages=..1", "", PART },
		{ 5 * P, 2 * P, true, "/f xip", "", FLAT_RAM },
		{ 5 * P, 2 * P, false, "/f compress", "", RULED },
		{ 5 * P, 5 * P, false, "/f compress", "", PART },
		{ 5 * P, 2 * P, true, "/f xip file", "f:4/5m", "0-3" },
	};
	size_t i;
	int no_mmu;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		for (no_mmu = 0; no_mmu <= (cases[i].rule && strstr(cases[i].rule, "file") ? 0 : 1);
		     no_mmu++) {
			struct world *x = new_world();

			add_flat(x, "f", cases[i].size, cases[i].text)->constdisp = cases[i].ram;
			x->no_mmu = no_mmu;
			add_rules(x, cases[i].rule ? cases[i].rule : "");
			/* has no processor, and elects none */
			decide_for(x, !cases[i].rule, CRX_ORDER_BIG, P);
			cands_are(x, "/f", cases[i].cands);
			wish_is(x, "/f", cases[i].wish);
			assert_int_equal(x->w.nabis, 0);
			end(x);
		}
	}
}

static void flat_binaries_beside_others(void **state)
{
	struct world *x = new_world();

	(void)state;
	add_program(x, "bin/sh", MIPS, "/ld");
	add_elf(x, "ld", MIPS, ET_DYN);
	add_flat(x, "flat", 5 * P, 2 * P);
	add_flat(x, "usr/lib/debug/flat", 5 * P, 2 * P);
	decide_for(x, true, CRX_ORDER_BIG, P);
	wish_is(x, "/flat", "0-1");
	wish_is(x, "/usr/lib/debug/flat", DEBUGGED);
	assert_int_equal(x->w.nabis, 1);
	end(x);
}

/* --- without an MMU --- */

static void without_an_mmu(void **state)
{
	static const struct {
		uint64_t size;
		bool fdpic, constdisp;
		struct {
			uint32_t flags;
			uint64_t off, filesz, memsz;
		} seg[3];
		const char *cands, *wish;
	} cases[] = {
		{ 10 * P,
		  true,
		  false,
		  { { RX, 0, 3 * P, 3 * P }, { RW, 3 * P, P, 2 * P } },
		  "0:3/3u",
		  "0-2" },
		{ 10 * P, false, false, { { RX, 0, 3 * P, 3 * P } }, "", NOT_FDPIC },
		{ 10 * P, true, true, { { RX, 0, 3 * P, 3 * P } }, "", NOT_FDPIC },
		/* p_memsz counts */
		{ 10 * P, true, false, { { R, 0, P, 3 * P } }, "0:3/3u", "0-2" },
		{ 10 * P - 1, true, false, { { R, 8 * P, P, 2 * P } }, "0@8:2/2u", "8-9" },
		{ 10 * P - 1, true, false, { { R, 8 * P, P, 2 * P + 1 } }, "", PART },
		{ 10 * P - 1, true, false, { { R, 8 * P, P, UINT64_MAX - 1 } }, "", PART },
		{ 10 * P - 1, true, false, { { R, 0, P, UINT32_MAX * (uint64_t)P } }, "", PART },
		{ 10 * P - 1, true, false, { { R, 12 * P, P, P } }, "", PART },
		/* the exact tail */
		{ 10 * P, true, false, { { RX, 0, 10 * P, 10 * P } }, "", PART },
		{ 10 * P - 1,
		  true,
		  false,
		  { { RX, 0, 10 * P - 1, 10 * P - 1 } },
		  "0:10/10u",
		  "0-9" },
		{ 10 * P, true, false, { { RX, 0, P, P }, { R, 9 * P, P, P } }, "0:1/1u", "0-0" },
		/* one in pages that another covers */
		{ 10 * P,
		  true,
		  false,
		  { { RX, 0, 5 * P, 5 * P }, { R, P, P, P } },
		  "0:5/5u 1@1:1/1u",
		  "0-4" },
		{ 10 * P, true, false, { { RW, 0, 5 * P, 5 * P } }, "", "" },
	};
	size_t i, j;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct world *x = new_world();
		struct crx_exec *e = add_program(x, "p", ARM, NULL);

		x->no_mmu = true;
		x->file[0].n->size = x->file[0].n->content.size = cases[i].size;
		e->nseg = 0;
		e->fdpic = cases[i].fdpic;
		e->constdisp = cases[i].constdisp;
		for (j = 0; j < 3 && cases[i].seg[j].filesz; j++) {
			add_segment(e, cases[i].seg[j].flags, cases[i].seg[j].off,
				    cases[i].seg[j].filesz);
			e->seg[j].memsz = cases[i].seg[j].memsz;
		}
		decide(x);
		cands_are(x, "/p", cases[i].cands);
		wish_is(x, "/p", cases[i].wish);
		assert_int_equal(x->w.skipped[wish(x, "/p")->skip], wish(x, "/p")->skip ? 1 : 0);
		no_warning(x);
		end(x);
	}
}

static struct crx_exec *add_fdpic(struct world *x, const char *path)
{
	struct crx_exec *e = add_program(x, path, ARM, NULL);

	e->fdpic = true;
	return e;
}

static void parts_without_an_mmu(void **state)
{
	struct world *x = new_world();
	struct crx_exec *e;

	(void)state;
	x->no_mmu = true;
	add_segment(add_fdpic(x, "bin/a"), R, 5 * P, P);
	e = add_fdpic(x, "bin/b");
	e->seg[0].index = 3;
	add_name(x, "bin/b2");
	add_elf(x, "bin/static", ARM, ET_EXEC)->program = true;
	add_fdpic(x, "c");
	decide_by(x, "/bin/* xip pages=..2\n/c xip pages=..4\n");
	cands_are(x, "/bin/a", "1@5:1/1u");
	wish_is(x, "/bin/a", "5-5");
	wish_is(x, "/bin/b", PART);
	wish_is(x, "/bin/b2", PART);
	wish_is(x, "/bin/static", NOT_FDPIC);
	cands_are(x, "/c", "0:4/4u");
	assert_int_equal(x->w.skipped[CRX_SKIP_PART], 1);
	one_warning(x, "p:1: pages=..2 selects a part of a mapping (/bin/a segment #0 has 4 "
		       "pages, the first of 2 files), but without an MMU a mapping is in place as "
		       "a whole or not at all\n");
	end(x);

	/* one warning, though nothing comes of the rule either; the first of two segments */
	x = new_world();
	x->no_mmu = true;
	e = add_fdpic(x, "d");
	e->seg[0].index = 3;
	add_segment(e, R, 4 * P, 5 * P);
	decide_by(x, "/d xip pages=..3\n");
	one_warning(x,
		    "p:1: pages=..3 selects a part of a mapping (/d segment #3 has 4 pages), but");
	end(x);

	/* where pages= is not the reason, the warning does not name it */
	x = new_world();
	x->no_mmu = true;
	add_fdpic(x, "d")->seg[0].filesz = 10 * P;
	x->file[0].exec.seg[0].memsz = 10 * P;
	decide_by(x, "/d xip pages=..3\n");
	one_warning(x, "p:1: nothing that it matches can be in place (/d: cannot be in place as a "
		       "whole)\n");
	end(x);
}

static void whole_files_without_an_mmu(void **state)
{
	struct world *x = new_world();

	(void)state;
	x->no_mmu = true;
	add_file(x, "font", 3 * P + 1);
	add_file(x, "exact", 3 * P);
	add_program(x, "prog", ARM, NULL);
	x->file[2].n->size = x->file[2].n->content.size = 10 * P - 1;
	decide_by(x, "** xip file\n");
	cands_are(x, "/font", "f:4/4um");
	cands_are(x, "/exact", "");
	wish_is(x, "/exact", PART);
	cands_are(x, "/prog", "f:10/10um");
	wish_is(x, "/prog", "0-9");
	no_warning(x);
	end(x);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(flat_binaries),
		cmocka_unit_test(flat_binaries_beside_others),
		cmocka_unit_test(without_an_mmu),
		cmocka_unit_test(parts_without_an_mmu),
		cmocka_unit_test(whole_files_without_an_mmu),
	};

	return cmocka_run_group_tests_name("policy_nommu", tests, NULL, NULL);
}
