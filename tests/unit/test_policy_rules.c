/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lib/wishes/policy on facts made by hand: what the action and the options of a
 * rule do to the files it decides about, and what is reported.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "policy_world.h"

/* --- rules --- */

static void actions_of_rules(void **state)
{
	struct world *x = new_world();

	(void)state;
	add_program(x, "bin/a", ARM, NULL);
	add_program(x, "bin/b", ARM, NULL);
	add_program(x, "bin/c", ARM, NULL);
	add_program(x, "free", ARM, NULL);
	add_file(x, "etc/data", 2 * P + 5);
	add_file(x, "etc/more", 5);
	add_link(x, "etc/link", "data");
	add_rules(x, "/bin/* compress\n/bin/b xip\n/bin/c store\n/etc/data store\n/etc/* "
		     "compress\n/etc/more store\n");
	decide_for(x, true, CRX_ORDER_LITTLE, P);
	no_warning(x);
	action_is(x, "/bin/a", CRX_ACTION_COMPRESS, 0);
	action_is(x, "/bin/b", CRX_ACTION_XIP, 1);
	action_is(x, "/bin/c", CRX_ACTION_STORE, 2);
	action_is(x, "/free", CRX_ACTION_XIP, CRX_NO_RULE);
	action_is(x, "/etc/data", CRX_ACTION_COMPRESS, 4);
	action_is(x, "/etc/more", CRX_ACTION_STORE, 5);
	wish_is(x, "/bin/a", RULED);
	wish_is(x, "/bin/b", "0-3");
	wish_is(x, "/bin/c", RULED);
	wish_is(x, "/etc/more", "");
	assert_int_equal(x->w.skipped[CRX_SKIP_RULE], 2);
	assert_int_equal(x->w.hits[0], 3);
	assert_int_equal(x->w.hits[1], 1);
	assert_int_equal(x->w.hits[4], 2);
	/* the link has a place among the files, and no wish */
	assert_int_equal(x->w.file[x->t.root->child[1]->child[1]->file].rule, CRX_NO_RULE);
	assert_int_equal(x->w.file[x->t.root->child[1]->child[1]->file].action,
			 CRX_ACTION_COMPRESS);
	end(x);
}

static void only_what_rules_name(void **state)
{
	struct world *x = new_world();

	(void)state;
	add_program(x, "bin/a", ARM, NULL);
	add_program(x, "bin/b", ARM, NULL);
	add_name(x, "bin/b2");
	add_elf(x, "lib/x86.so", X86, ET_DYN);
	add_file(x, "data", 10);
	decide_by(x, "/bin/a xip\n");
	no_warning(x);
	wish_is(x, "/bin/a", "0-3");
	wish_is(x, "/bin/b", RULED);
	wish_is(x, "/bin/b2", RULED);
	wish_is(x, "/lib/x86.so", FOREIGN);
	wish_is(x, "/data", "");
	assert_int_equal(x->w.skipped[CRX_SKIP_RULE], 1);
	assert_int_equal(x->w.skipped[CRX_SKIP_MACHINE], 1);
	end(x);
}

/* An executable that -X would leave out as well is not the rules' doing. */
static void what_rules_are_not_to_blame_for(void **state)
{
	struct world *x = new_world();

	(void)state;
	add_program(x, "prog", ARM, NULL);
	add_elf(x, "data-only", ARM, ET_DYN)->seg[0].flags = RW;
	add_elf(x, "tail", ARM, ET_DYN)->seg[0] =
		(struct crx_exec_segment){ .flags = R, .off = 9 * P, .filesz = P, .memsz = P };
	add_elf(x, "module.ko", ARM, ET_REL);
	add_elf(x, "debug", ARM, ET_DYN)->debug = true;
	add_elf(x, "odd", ARM, ET_DYN)->seg[0].vaddr = 5;
	add_flat(x, "gzipped", 3 * P, 2 * P)->constdisp = true;
	add_flat(x, "flat", 3 * P, 2 * P);
	decide_by(x, "** compress\n");
	wish_is(x, "/prog", RULED);
	wish_is(x, "/flat", RULED);
	wish_is(x, "/data-only", "");
	wish_is(x, "/tail", "");
	wish_is(x, "/module.ko", "");
	wish_is(x, "/debug", DEBUGGED);
	wish_is(x, "/odd", UNALIGNED);
	wish_is(x, "/gzipped", FLAT_RAM);
	assert_int_equal(x->w.skipped[CRX_SKIP_RULE], 2);
	no_warning(x);
	end(x);
}

static void selected_segments(void **state)
{
	static const struct {
		const char *rule, *cands, *wish;
		unsigned long warnings;
	} cases[] = {
		{ "/p xip", "0:1/1 1@1:2/2 3@5:2/2 5@8:1/1", "0-2 5-6 8-8", 0 },
		{ "/p xip segments=r-x", "1@1:2/2 5@8:1/1", "1-2 8-8", 0 },
		{ "/p xip segments=r--", "0:1/1", "0-0", 0 },
		{ "/p xip segments=---", "3@5:2/2", "5-6", 0 },
		{ "/p xip segments=#0,#1", "0:1/1 1@1:2/2", "0-2", 0 },
		{ "/p xip segments=#7", "3@5:2/2", "5-6",
		  0 }, /* the program header's number, not ours */
		{ "/p xip segments=r--,#7", "0:1/1 3@5:2/2", "0-0 5-6", 0 },
		{ "/p xip segments=r-x pages=..1", "1@1:1/2 5@8:1/1", "1-1 8-8", 0 },
		{ "/p xip pages=..2", "0:1/1 1@1:2/2 3@5:2/2 5@8:1/1", "0-2 5-6 8-8", 0 },
		{ "/p xip must pages=..1", "0:1/1m 1@1:1/2m 3@5:1/2m 5@8:1/1m", "0-1 5-5 8-8", 0 },
		/* nothing of these */
		{ "/p xip segments=#2,#4", "", RULED, 1 },
		{ "/p xip segments=#3", "", RULED, 1 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct world *x = new_world();
		struct crx_exec *e = add_program(x, "p", ARM, NULL);

		e->nseg = 0;
		add_segment(e, R, 0, P);
		add_segment(e, RX, P, 2 * P);
		add_segment(e, RW, 3 * P, P);
		add_segment(e, 0, 5 * P, 2 * P);
		e->seg[3].index = 7;
		add_segment(e, RW, 7 * P, P);
		add_segment(e, RX | 0xff00000, 8 * P, P);
		decide_by(x, cases[i].rule);
		cands_are(x, "/p", cases[i].cands);
		wish_is(x, "/p", cases[i].wish);
		action_is(x, "/p", *cases[i].cands ? CRX_ACTION_XIP : CRX_ACTION_COMPRESS, 0);
		assert_int_equal(x->kept.log.warnings, cases[i].warnings);
		if (cases[i].warnings)
			kept_has(&x->kept, "p:1: nothing that it matches can be in place (/p: it "
					   "has no such segment that is not writable)\n");
		end(x);
	}
}

/* A policy file cannot say so, but a rule could. */
static void writable_segments_by_rule(void **state)
{
	struct world *x = new_world();
	struct crx_exec *e = add_program(x, "p", ARM, NULL);

	(void)state;
	add_segment(e, RW, 4 * P, P);
	add_segment(e, RW | PF_X, 5 * P, P);
	add_segment(e, PF_W, 6 * P, P);
	add_rules(x, "/p xip segments=r-x\n");
	x->rules.rule[0].perms = 0xff;
	decide_for(x, false, CRX_ORDER_LITTLE, P);
	cands_are(x, "/p", "0:4/4");
	end(x);
}

/* Any regular file, whatever it is. */
static void whole_files(void **state)
{
	struct world *x = new_world();
	struct crx_exec *e;

	(void)state;
	add_file(x, "font", 3 * P + 1);
	add_name(x, "font2");
	add_file(x, "exact", 3 * P);
	add_file(x, "page", P);
	add_file(x, "small", 1);
	e = add_program(x, "prog", ARM, NULL);
	add_segment(e, RW, 5 * P, P);
	add_elf(x, "x86", X86, ET_DYN);
	add_elf(x, "usr/lib/debug/d", ARM, ET_DYN);
	e = add_file(x, "broken", 2 * P + 7);
	e->kind = CRX_EXEC_DAMAGED;
	add_link(x, "link", "font");
	decide_by(x, "** xip file\n");
	no_warning(x);
	cands_are(x, "/font", "f:4/4m");
	cands_are(x, "/font2", "f:4/4m");
	cands_are(x, "/exact", "f:2/3m");
	cands_are(x, "/page", "");
	cands_are(x, "/small", "f:1/1m");
	cands_are(x, "/prog", "f:9/10m");
	cands_are(x, "/x86", "f:9/10m");
	cands_are(x, "/usr/lib/debug/d", "f:9/10m");
	cands_are(x, "/broken", "f:3/3m");
	wish_is(x, "/broken", "0-2");
	wish_is(x, "/x86", "0-8");
	action_is(x, "/page", CRX_ACTION_COMPRESS, 0);
	action_is(x, "/font2", CRX_ACTION_XIP, 0);
	assert_int_equal(x->w.hits[0], 8);
	end(x);

	x = new_world();
	add_file(x, "page", P);
	decide_by(x, "/page xip file\n");
	one_warning(x, "p:1: nothing that it matches can be in place (/page: its only page is an "
		       "exact tail)\n");
	end(x);
}

/* Naming a file does not make it loadable; only `file` asks no questions. */
static void rules_for_what_cannot_run(void **state)
{
	struct world *x = new_world();

	(void)state;
	add_program(x, "arm", ARM, "/ld");
	add_elf(x, "ld", ARM, ET_DYN);
	add_elf(x, "x86", X86, ET_DYN);
	add_elf(x, "dbg", ARM, ET_DYN)->debug = true;
	decide_by(x, "/x86 xip\n/dbg xip segments=r-x\n");
	wish_is(x, "/x86", FOREIGN);
	wish_is(x, "/dbg", DEBUGGED);
	action_is(x, "/x86", CRX_ACTION_COMPRESS, 0);
	assert_int_equal(x->kept.log.warnings, 2);
	kept_has(&x->kept,
		 "p:1: nothing that it matches can be in place (/x86: for another processor)\n");
	kept_has(&x->kept,
		 "p:2: nothing that it matches can be in place (/dbg: separate debug file)\n");
	end(x);

	/* one file that can is enough */
	x = new_world();
	add_program(x, "arm", ARM, "/ld");
	add_elf(x, "ld", ARM, ET_DYN);
	add_elf(x, "a86", X86, ET_DYN);
	decide_by(x, "** xip\n");
	wish_is(x, "/a86", FOREIGN);
	wish_is(x, "/arm", "0-3");
	no_warning(x);
	end(x);
}

static void rules_that_come_to_nothing(void **state)
{
	struct world *x = new_world();

	(void)state;
	add_program(x, "arm", ARM, "/ld");
	add_elf(x, "ld", ARM, ET_DYN);
	add_elf(x, "etc/a", X86, ET_DYN);
	add_file(x, "etc/b", 5);
	add_elf(x, "etc/c", X86, ET_DYN);
	decide_by(x, "/etc/* xip\n/arm xip\n");
	one_warning(x, "p:1: nothing that it matches can be in place (/etc/a, the first of 3 "
		       "files: for another processor); for data, use `xip file`\n");
	end(x);

	x = new_world();
	add_program(x, "prog", ARM, NULL);
	add_file(x, "etc/a", 5);
	add_name(x, "etc/a2");
	add_file(x, "etc/b", 5);
	add_file(x, "etc/c", 5);
	decide_by(x, "/etc/* xip\n" /* 1: data */
		     "/prog xip\n"  /* 2: all of it taken away by 3 */
		     "/prog xip segments=r-x\n"
		     "/etc/c compress\n"
		     "/nowhere xip\n"); /* 5 */
	assert_int_equal(x->kept.log.warnings, 2);
	kept_has(&x->kept, "p:1: nothing that it matches can be in place (/etc/a, the first of 2 "
			   "files: not a "
			   "program or library); for data, use `xip file`\n");
	kept_has(&x->kept, "p:5: matches no file\n");
	assert_int_equal(x->w.hits[0], 3);
	assert_int_equal(x->w.hits[1], 1);
	assert_int_equal(x->w.hits[4], 0);
	wish_is(x, "/etc/a", "");
	end(x);
}

/* --- damaged files and rules --- */

static void damaged_files_and_rules(void **state)
{
	static const struct {
		const char *rules;
		bool xip;
		unsigned long warnings;
	} cases[] = {
		{ "/broken xip", false, 2 }, /* the file, and the rule without effect */
		{ "/broken xip", true, 2 },   { "/prog xip", true, 1 },
		{ "/prog xip", false, 0 },    { "/broken compress", true, 0 },
		{ "/broken store", true, 0 }, { "/broken xip file", true, 0 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct world *x = new_world();
		struct crx_exec *e = add_file(x, "broken", P - 1);

		e->kind = CRX_EXEC_DAMAGED;
		strcpy(e->why, "it is cut off");
		add_program(x, "prog", ARM, NULL);
		add_rules(x, cases[i].rules);
		decide_for(x, cases[i].xip, CRX_ORDER_LITTLE, P);
		if (x->kept.log.warnings != cases[i].warnings)
			fail_msg("%s: %s", cases[i].rules, x->kept.text);
		assert_int_equal(wish(x, "/broken")->skip,
				 i == 6 ? CRX_SKIP_NONE : CRX_SKIP_DAMAGED);
		end(x);
	}
}

/* --- without an MMU --- */

/* The rule of one name is that of all; the path still decides about debug files. */
static void hard_links_and_rules(void **state)
{
	struct world *x = new_world();

	(void)state;
	add_program(x, "a", ARM, NULL);
	add_name(x, "d/b");
	add_name(x, "usr/lib/debug/c");
	add_program(x, "z", ARM, NULL);
	decide_by(x, "/d/* xip\n/z compress\n");
	no_warning(x);
	action_is(x, "/a", CRX_ACTION_XIP, 0);
	action_is(x, "/d/b", CRX_ACTION_XIP, 0);
	action_is(x, "/usr/lib/debug/c", CRX_ACTION_COMPRESS, 0);
	wish_is(x, "/usr/lib/debug/c", DEBUGGED);
	assert_int_equal(x->w.hits[0], 1);
	end(x);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(actions_of_rules),
		cmocka_unit_test(only_what_rules_name),
		cmocka_unit_test(what_rules_are_not_to_blame_for),
		cmocka_unit_test(selected_segments),
		cmocka_unit_test(writable_segments_by_rule),
		cmocka_unit_test(whole_files),
		cmocka_unit_test(rules_for_what_cannot_run),
		cmocka_unit_test(rules_that_come_to_nothing),
		cmocka_unit_test(damaged_files_and_rules),
		cmocka_unit_test(hard_links_and_rules),
	};

	return cmocka_run_group_tests_name("policy_rules", tests, NULL, NULL);
}
