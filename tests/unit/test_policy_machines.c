/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lib/wishes/policy on facts made by hand: which machines a tree is for, and
 * programs of another byte order than the image.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "policy_world.h"

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
	add_link(x, "usr/lib/ld-linux.so", "/lib/arch/ld-2.so");
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

/* The interpreter's facts are at its first name. */
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_programs_at_all),
		cmocka_unit_test(a_program_with_its_interpreter),
		cmocka_unit_test(several_processors),
		cmocka_unit_test(interpreters_behind_links),
		cmocka_unit_test(interpreter_with_two_names),
		cmocka_unit_test(the_most_runnable),
		cmocka_unit_test(as_many_of_each),
		cmocka_unit_test(programs_without_the_right_to_run),
		cmocka_unit_test(programs_of_the_other_order),
	};

	return cmocka_run_group_tests_name("policy_machines", tests, NULL, NULL);
}
