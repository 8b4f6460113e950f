/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lib/wishes/policy on facts made by hand: which pages are wished for, and why others
 * are not. Which rule decides about a file is test_match's.
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
		{ "8-8", { { RX, 8 * P, 5 * P } } }, /* no page behind the file's last, nor that
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
		assert_true(crx_wish_has(&w, in[i]));
	for (i = 0; i < sizeof(out) / sizeof(out[0]); i++)
		assert_false(crx_wish_has(&w, out[i]));
	assert_false(crx_wish_has(&none, 0));
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
	/* a file of the directory's name is none */
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
	/* told and counted once, under the first name */
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
		/* no executable, so nothing that was left out */
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
	/* where it lies decides, for each name */
	wish_is(x, "/usr/lib/debug/c", DEBUGGED);
	wish_is(x, "/x86", FOREIGN);
	wish_is(x, "/d/x86", FOREIGN);
	assert_int_equal(x->w.skipped[CRX_SKIP_MACHINE], 1);
	assert_int_equal(x->w.skipped[CRX_SKIP_DEBUG], 0);
	end(x);
}

/* --- processors --- */

static bool same_abi(const struct crx_exec_abi *a, const struct crx_exec_abi *b)
{
	return a->elf_class == b->elf_class && a->big == b->big && a->machine == b->machine;
}

static void abis_are(struct world *x, const struct crx_exec_abi *const *want, size_t n)
{
	size_t i;

	assert_int_equal(x->w.nabis, n);
	for (i = 0; i < n; i++)
		assert_true(same_abi(&x->w.abi[i], want[i]));
}

static void abi_is(struct world *x, const struct crx_exec_abi *want)
{
	abis_are(x, &want, 1);
}

static void no_programs_at_all(void **state)
{
	struct world *x = new_world();

	(void)state;
	decide(x);
	abis_are(x, NULL, 0);
	end(x);
	x = new_world();
	add_file(x, "data", 1);
	add_elf(x, "module.ko", ARM, ET_REL);
	decide(x);
	abis_are(x, NULL, 0);
	end(x);
}

/* One program that can run outweighs any number that cannot. */
static void a_program_with_its_interpreter(void **state)
{
	struct world *x = new_world();
	char name[16];
	int i;

	(void)state;
	add_program(x, "bin/sh", ARM, "/lib/ld.so");
	add_elf(x, "lib/ld.so", ARM, ET_DYN);
	for (i = 0; i < 10; i++) {
		snprintf(name, sizeof(name), "fw/x%d", i);
		add_program(x, name, X86, i % 2 ? "/lib/ld-x86.so" : NULL);
	}
	add_program(x, "bin/static", ARM, NULL);
	decide(x);
	abi_is(x, &ARM);
	wish_is(x, "/bin/sh", "0-3");
	wish_is(x, "/lib/ld.so", "0-3");
	wish_is(x, "/bin/static", "0-3");
	wish_is(x, "/fw/x0", FOREIGN);
	assert_int_equal(x->w.skipped[CRX_SKIP_MACHINE], 10);
	end(x);
}

static void several_processors(void **state)
{
	static const struct crx_exec_abi *const both[] = { &ARM, &ARM64 };
	struct world *x = new_world();

	(void)state;
	/* by number, though there are more of the other */
	add_program(x, "a64", ARM64, "/lib/ld64.so");
	add_program(x, "another64", ARM64, "/lib/ld64.so");
	add_elf(x, "lib/ld64.so", ARM64, ET_DYN);
	add_program(x, "b32", ARM, "/lib/ld32.so");
	add_elf(x, "lib/ld32.so", ARM, ET_DYN);
	add_elf(x, "lib/libx86.so", X86, ET_DYN);
	/* the same machine in the other byte order, or class, is another one */
	add_elf(x, "lib/libeb.so", ARMEB, ET_DYN);
	decide(x);
	abis_are(x, both, 2);
	wish_is(x, "/a64", "0-3");
	wish_is(x, "/b32", "0-3");
	wish_is(x, "/lib/libx86.so", FOREIGN);
	wish_is(x, "/lib/libeb.so", FOREIGN);
	end(x);
}

/* How the interpreter is found: through links of the tree, never outside. */
static void interpreters_behind_links(void **state)
{
	struct world *x = new_world();

	(void)state;
	add_program(x, "bin/sh", ARM, "/lib/ld-linux.so");
	tree_make_link(x->t.root, "lib", "usr/lib");
	add_elf(x, "usr/lib/arch/ld-2.so", ARM, ET_DYN);
	tree_make_link(dir_at(x, "usr/lib", 7), "ld-linux.so", "/lib/arch/ld-2.so");
	add_program(x, "bin/x1", X86, "/usr/lib/ld-linux.so"); /* there, but not for it */
	add_program(x, "bin/x2", X86, "/usr/lib/arch");        /* a directory */
	add_program(x, "bin/x3", X86, "/lib/empty");
	add_file(x, "usr/lib/empty", 0);
	add_program(x, "bin/x4", X86, "/lib/data");
	add_file(x, "usr/lib/data", 100);
	add_program(x, "bin/x5", X86,
		    "/lib64/ld-linux-x86-64.so.2"); /* this machine's own, perhaps */
	decide(x);
	abi_is(x, &ARM);
	wish_is(x, "/bin/x1", FOREIGN);
	end(x);
}

/* The interpreter's facts stand with its first name. */
static void interpreter_with_two_names(void **state)
{
	struct world *x = new_world();

	(void)state;
	add_elf(x, "a-first", ARM, ET_DYN);
	add_name(x, "lib/ld.so");
	add_program(x, "sh", ARM, "/lib/ld.so");
	add_program(x, "x1", X86, NULL);
	add_program(x, "x2", X86, NULL);
	decide(x);
	abi_is(x, &ARM);
	end(x);
}

static void the_most_runnable(void **state)
{
	struct world *x = new_world();

	(void)state;
	add_program(x, "a1", ARM, "/lib/not-there.so");
	add_program(x, "a2", ARM, NULL);
	add_program(x, "m1", MIPS, NULL);
	x->file[2].n->size = x->file[2].n->content.size = 100 * P;
	/* five names, one program, though a large one */
	add_name(x, "m2");
	add_name(x, "m3");
	add_name(x, "m4");
	add_name(x, "m5");
	/* these do not count: not executable, debug, for the linker only, damaged */
	add_program(x, "m6", MIPS, NULL);
	x->file[x->nfiles - 1].n->mode = S_IFREG | 0644;
	add_program(x, "m7", MIPS, NULL)->debug = true;
	add_program(x, "usr/lib/debug/m8", MIPS, NULL);
	add_elf(x, "m9", MIPS, ET_REL)->program = true;
	add_elf(x, "libm1.so", MIPS, ET_DYN);
	add_elf(x, "libm2.so", MIPS, ET_DYN);
	add_program(x, "m10", MIPS, NULL)->kind = CRX_EXEC_DAMAGED;
	decide(x);
	abi_is(x, &ARM);
	end(x);
}

static void as_many_of_each(void **state)
{
	struct world *x = new_world();

	(void)state;
	/* then the larger ones, then the lower number */
	add_program(x, "a", X86, NULL);
	add_program(x, "b", MIPS, NULL);
	x->file[0].n->size++;
	x->file[0].n->content.size++;
	decide(x);
	abi_is(x, &X86);
	end(x);
	x = new_world();
	add_program(x, "a", X86, NULL);
	add_program(x, "b", MIPS, NULL);
	decide(x);
	abi_is(x, &MIPS);
	end(x);
}

static void programs_without_the_right_to_run(void **state)
{
	struct world *x = new_world();

	(void)state;
	/* an unpacked archive that lost its modes */
	add_program(x, "a1", ARM, NULL);
	x->file[0].n->mode = S_IFREG | 0644;
	add_elf(x, "libx1.so", X86, ET_DYN);
	add_elf(x, "libx2.so", X86, ET_DYN);
	decide(x);
	abi_is(x, &ARM);
	end(x);
	/* and a tree of libraries only */
	x = new_world();
	add_elf(x, "liba.so", ARM, ET_DYN);
	add_elf(x, "libx1.so", X86, ET_DYN);
	add_elf(x, "libx2.so", X86, ET_DYN);
	decide(x);
	abi_is(x, &X86);
	end(x);
}

/* --- byte order --- */

static void programs_of_the_other_order(void **state)
{
	struct world *x = new_world();

	(void)state;
	add_program(x, "prog", MIPS, NULL);
	decide_for(x, true, CRX_ORDER_LITTLE, P);
	assert_int_equal(x->kept.log.warnings, 1);
	assert_non_null(strstr(x->kept.text, "-N big"));
	assert_non_null(strstr(x->kept.text, "mips"));
	/* warned, and done as asked */
	wish_is(x, "/prog", "0-3");
	end(x);
	x = new_world();
	add_program(x, "prog", ARM, NULL);
	decide_for(x, true, CRX_ORDER_BIG, P);
	assert_int_equal(x->kept.log.warnings, 1);
	assert_non_null(strstr(x->kept.text, "-N little"));
	end(x);
	x = new_world();
	add_program(x, "prog", MIPS, NULL);
	decide_for(x, true, CRX_ORDER_BIG, P);
	assert_int_equal(x->kept.log.warnings, 0);
	end(x);
}

/* --- candidates --- */

/* "0:4/4" is segment 0, at page 0, all of its 4 pages; "2@5:1/3um" the first
 * of 3 from page 5, a unit, and a must; "f" for the whole file. */
static void cands_are(struct world *x, const char *path, const char *want)
{
	const struct crx_file_wish *w = wish(x, path);
	char got[300] = "", seg[16], at[16];
	size_t i, used = 0;

	for (i = 0; i < w->ncands; i++) {
		const struct crx_candidate *c = &x->w.cand[w->first_cand + i];

		assert_ptr_equal(&x->w.file[c->file], w);
		assert_int_equal(c->chosen_pg, c->max_pg);
		snprintf(seg, sizeof(seg), "%u", c->seg);
		snprintf(at, sizeof(at), "@%u", c->first_pg);
		used += (size_t)snprintf(got + used, sizeof(got) - used, "%s%s%s:%u/%u%s%s",
					 i ? " " : "", c->seg == CRX_WHOLE_FILE ? "f" : seg,
					 c->first_pg ? at : "", c->max_pg, c->map_pg,
					 c->unit ? "u" : "", c->must ? "m" : "");
	}
	if (strcmp(got, want))
		fail_msg("%s: '%s', not '%s'", path, got, want);
}

static void action_is(struct world *x, const char *path, enum crx_action want, uint32_t rule)
{
	const struct crx_file_wish *w = wish(x, path);

	if (w->action != want || w->rule != rule)
		fail_msg("%s: %s by rule %u, not %s by %u", path, crx_action_text(w->action),
			 w->rule, crx_action_text(want), rule);
}

static void one_warning(struct world *x, const char *text)
{
	kept_has(&x->kept, text);
	if (x->kept.log.warnings != 1)
		fail_msg("%lu warnings: %s", x->kept.log.warnings, x->kept.text);
}

static void no_warning(struct world *x)
{
	if (x->kept.log.warnings)
		fail_msg("warnings: %s", x->kept.text);
}

/* By file, then by segment; each name has its own. */
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
	/* with an MMU the rest of a page, and what is behind it, is no mapping of the file */
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
	assert_int_equal(crx_wishes_settle(&x->w, &x->err), 0);
	wish_is(x, "/prog", "0-6"); /* they touch */
	c[1].chosen_pg = 3;
	assert_int_equal(crx_wishes_settle(&x->w, &x->err), 0);
	wish_is(x, "/prog", "0-2 4-6");
	c[2].chosen_pg = 1; /* within another */
	assert_int_equal(crx_wishes_settle(&x->w, &x->err), 0);
	wish_is(x, "/prog", "0-2 4-6");
	c[2].chosen_pg = 4; /* overlaps both */
	assert_int_equal(crx_wishes_settle(&x->w, &x->err), 0);
	wish_is(x, "/prog", "0-6");
	c[0].chosen_pg = c[1].chosen_pg = c[2].chosen_pg = 0;
	assert_int_equal(crx_wishes_settle(&x->w, &x->err), 0);
	wish_is(x, "/prog", "");
	assert_null(w->range);
	/* what may be does not depend on what was chosen */
	assert_true(crx_wish_may_have(&x->w, (size_t)(w - x->w.file), 0));
	assert_true(crx_wish_may_have(&x->w, (size_t)(w - x->w.file), 8));
	assert_false(crx_wish_may_have(&x->w, (size_t)(w - x->w.file), 9));
	c[0].chosen_pg = 1;
	assert_int_equal(crx_wishes_settle(&x->w, &x->err), 0);
	wish_is(x, "/prog", "4-4");
	wish_is(x, "/other", "0-3");
	end(x);
}

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
			kept_has(&x->kept, "p:1: nothing that it matches can go in place (/p: no "
					   "such segment "
					   "that is not writable)\n");
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
	one_warning(x, "p:1: nothing that it matches can go in place (/page: its only page cannot "
		       "be, since the file ends with it)\n");
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
		 "p:1: nothing that it matches can go in place (/x86: for another processor)\n");
	kept_has(&x->kept,
		 "p:2: nothing that it matches can go in place (/dbg: separate debug file)\n");
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
	one_warning(x, "p:1: nothing that it matches can go in place (/etc/a, the first of 3 "
		       "files: for another processor); `xip file` is for data\n");
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
	kept_has(&x->kept, "p:1: nothing that it matches can go in place (/etc/a, the first of 2 "
			   "files: not a "
			   "program or library); `xip file` is for data\n");
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
		{ "/broken xip", false, 2 }, /* the file, and the rule that comes to nothing */
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
	one_warning(x, "p:1: pages=..2 asks for a part of a mapping (/bin/a segment #0 has 4 "
		       "pages, the first of 2 files), and without an MMU a mapping is in place as "
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
		    "p:1: pages=..3 asks for a part of a mapping (/d segment #3 has 4 pages), and");
	end(x);

	/* where pages= is not what stands in the way, it is not blamed */
	x = new_world();
	x->no_mmu = true;
	add_fdpic(x, "d")->seg[0].filesz = 10 * P;
	x->file[0].exec.seg[0].memsz = 10 * P;
	decide_by(x, "/d xip pages=..3\n");
	one_warning(x, "p:1: nothing that it matches can go in place (/d: cannot be in place as a "
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

/* The rule that one name gets is that of all; where it lies still decides. */
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
		cmocka_unit_test(without_xip_no_wishes),
		cmocka_unit_test(segments_become_ranges),
		cmocka_unit_test(pages_of_wishes),
		cmocka_unit_test(reasons_have_names),
		cmocka_unit_test(debug_files),
		cmocka_unit_test(page_size_of_the_target),
		cmocka_unit_test(damaged_files),
		cmocka_unit_test(what_nobody_maps),
		cmocka_unit_test(hard_links),
		cmocka_unit_test(no_programs_at_all),
		cmocka_unit_test(a_program_with_its_interpreter),
		cmocka_unit_test(several_processors),
		cmocka_unit_test(interpreters_behind_links),
		cmocka_unit_test(interpreter_with_two_names),
		cmocka_unit_test(the_most_runnable),
		cmocka_unit_test(as_many_of_each),
		cmocka_unit_test(programs_without_the_right_to_run),
		cmocka_unit_test(programs_of_the_other_order),
		cmocka_unit_test(candidates_in_order),
		cmocka_unit_test(exact_tails),
		cmocka_unit_test(chosen_prefixes),
		cmocka_unit_test(actions_of_rules),
		cmocka_unit_test(only_what_rules_name),
		cmocka_unit_test(what_rules_are_not_to_blame_for),
		cmocka_unit_test(selected_segments),
		cmocka_unit_test(writable_segments_by_rule),
		cmocka_unit_test(whole_files),
		cmocka_unit_test(rules_for_what_cannot_run),
		cmocka_unit_test(rules_that_come_to_nothing),
		cmocka_unit_test(damaged_files_and_rules),
		cmocka_unit_test(flat_binaries),
		cmocka_unit_test(flat_binaries_beside_others),
		cmocka_unit_test(without_an_mmu),
		cmocka_unit_test(parts_without_an_mmu),
		cmocka_unit_test(whole_files_without_an_mmu),
		cmocka_unit_test(hard_links_and_rules),
	};

	return cmocka_run_group_tests_name("policy", tests, NULL, NULL);
}
