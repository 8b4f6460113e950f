/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What ld.so loads for a program, on trees and facts made by hand: the order of the
 * search, what is missing, what cannot be read, and hostile trees.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <elf.h>
#include <stdio.h>
#include <time.h>

#include "fake_content.h"
#include "facts_world.h"
#include "loader_world.h"

/* --- the walk --- */

static void whole_closure(void **state)
{
	struct world *x = new_world();

	(void)state;
	add_prog(x, "/bin/app", "liba.so libc.so.6 libc.so.6");
	add_prog(x, "/bin/other", "libd.so");
	add_lib(x, "/lib/ld.so", "");
	add_lib(x, "/lib/liba.so", "libb.so libc.so.6");
	add_lib(x, "/lib/libb.so", "liba.so libb.so libc.so.6");
	add_lib(x, "/lib/libc.so.6", "ld.so");
	add_lib(x, "/lib/libd.so", "");
	needs_are(x, "/bin/app", "/bin/app /lib/ld.so /lib/liba.so /lib/libb.so /lib/libc.so.6",
		  "");
	needs_are(x, "/bin/other", "/bin/other /lib/ld.so /lib/libd.so", "");
	end(x);
}

/* A merged /usr, a link to the program, links to libraries, hard links. */
static void links(void **state)
{
	struct world *x = new_world();

	(void)state;
	add_link(x, "/bin", "usr/bin");
	add_link(x, "/lib", "/usr/lib");
	add_prog(x, "/usr/bin/app", "liba.so.1");
	add_link(x, "/usr/bin/alias", "../bin/app");
	add_lib(x, "/usr/lib/ld-2.so", "");
	add_link(x, "/usr/lib/ld.so", "ld-2.so");
	add_lib(x, "/usr/lib/liba.so.1.2", "libh.so")->soname = copy("liba.so.1");
	add_link(x, "/usr/lib/liba.so.1", "liba.so.1.2");
	add_lib(x, "/usr/lib/first.so", "");
	x->file[3].n->link_ino = x->file[3].n->link_dev = 7;
	{
		struct crx_node *n = add_text(x, "/usr/lib/libh.so", "never read");

		n->link_ino = n->link_dev = 7;
	}
	needs_are(x, "/bin/alias",
		  "/usr/bin/app /usr/lib/first.so /usr/lib/ld-2.so /usr/lib/liba.so.1.2", "");
	needs_are(x, "/bin/app",
		  "/usr/bin/app /usr/lib/first.so /usr/lib/ld-2.so /usr/lib/liba.so.1.2", "");
	end(x);
}

/* libb asks for libd before libx does, which depth first would ask earlier. */
static void breadth_first(void **state)
{
	struct world *x = new_world();

	(void)state;
	add_prog(x, "/bin/app", "liba.so libb.so");
	add_lib(x, "/lib/ld.so", "");
	add_lib(x, "/lib/liba.so", "libx.so");
	add_lib_runpath(x, "/lib/libb.so", "libd.so", "/b");
	add_lib_runpath(x, "/lib/libx.so", "libd.so", "/deep");
	add_lib(x, "/b/libd.so", "");
	add_lib(x, "/deep/libd.so", "");
	app_needs(x, "/b/libd.so /bin/app /lib/ld.so /lib/liba.so /lib/libb.so /lib/libx.so");
}

/* What was loaded as a path is known by its DT_SONAME, with glibc. */
static void soname(void **state)
{
	static const char *const interp[] = { "/lib/ld.so", "/lib/ld-musl-arm.so.1" };
	struct world *x;
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		x = new_world();
		add_prog_interp(x, "/bin/app", "/opt/x.so liba.so", interp[i]);
		add_lib(x, interp[i], "");
		add_lib(x, "/opt/x.so", "")->soname = copy("libx.so.1");
		add_lib(x, "/lib/liba.so", "libx.so.1");
		add_lib(x, "/lib/libx.so.1", "");
		app_needs(x,
			  i ? "/bin/app /lib/ld-musl-arm.so.1 /lib/liba.so /lib/libx.so.1 /opt/x.so"
			    : "/bin/app /lib/ld.so /lib/liba.so /opt/x.so");
	}
	/* the interpreter has one as well: this is not a second one */
	x = new_world();
	add_prog(x, "/bin/app", "libc.so");
	add_lib(x, "/lib/ld.so", "")->soname = copy("ld-linux.so.3");
	add_lib(x, "/lib/ld-linux.so.3", "");
	add_lib(x, "/lib/libc.so", "ld-linux.so.3");
	app_needs(x, "/bin/app /lib/ld.so /lib/libc.so");
}

static void programs(void **state)
{
	static const char no_program[] =
		": is not a program, so the files it needs are unknown (name the program itself "
		"or, for a script, its interpreter)\n";
	struct world *x = new_world();
	struct crx_exec *e;
	char want[300];

	(void)state;
	add_lib(x, "/bin/static", "")->program = true;
	x->file[x->nfiles - 1].exec.rpath = copy("/x");
	e = add_lib(x, "/bin/flat", "");
	e->kind = CRX_EXEC_BFLT;
	e->program = true;
	add_lib(x, "/bin/damaged", "")->kind = CRX_EXEC_DAMAGED;
	add_lib(x, "/bin/module.o", "")->type = ET_REL;
	add_lib(x, "/bin/debug", "libp.so")->debug = true;
	add_text(x, "/bin/script", "#!/bin/sh\n");
	add_text(x, "/bin/empty", "");
	add_link(x, "/bin/gone", "nowhere");
	add_lib(x, "/plugin.so", "libp.so");
	add_lib(x, "/lib/libp.so", "");
	needs_are(x, "/bin/static", "/bin/static", "");
	needs_are(x, "/bin/flat", "/bin/flat", "");
	needs_are(x, "/plugin.so", "/plugin.so /lib/libp.so", "");
	snprintf(want, sizeof(want), "/bin/damaged%s", no_program);
	needs_are(x, "/bin/damaged", "", want);
	snprintf(want, sizeof(want), "/bin/module.o%s", no_program);
	needs_are(x, "/bin/module.o", "", want);
	snprintf(want, sizeof(want), "/bin/debug%s", no_program);
	needs_are(x, "/bin/debug", "", want);
	snprintf(want, sizeof(want), "/bin/script%s", no_program);
	needs_are(x, "/bin/script", "", want);
	snprintf(want, sizeof(want), "/bin/empty%s", no_program);
	needs_are(x, "/bin/empty", "", want);
	snprintf(want, sizeof(want), "/bin%s", no_program);
	needs_are(x, "/bin", "", want);
	needs_are(x, "/bin/gone", "",
		  "/bin/gone: is not in the tree, so it needs no files (name a program by its path "
		  "from the root)\n");
	needs_are(x, "/none", "",
		  "/none: is not in the tree, so it needs no files (name a program by its path "
		  "from the root)\n");
	end(x);
}

/* --- what is missing --- */

static void missing(void **state)
{
	struct world *x = new_world();

	(void)state;
	add_prog(x, "/bin/app", "libgone.so liba.so libgone.so");
	add_lib(x, "/lib/liba.so", "libgone.so libb.so libworse.so");
	add_lib_runpath(x, "/lib/libb.so", "libhidden.so libgone.so", "/b");
	add_lib_runpath(x, "/lib/libhidden.so", "", "");
	add_lib(x, "/b/libgone.so", "");
	/* found after all, where another one looks */
	needs_are(x, "/bin/app",
		  "/b/libgone.so /bin/app /lib/liba.so /lib/libb.so /lib/libhidden.so",
		  "/bin/app: its interpreter /lib/ld.so is not in the tree, or is for another "
		  "machine\n"
		  "/bin/app" NEEDS("libgone.so") "/lib/liba.so" NEEDS("libworse.so"));
	end(x);
}

static void many_missing(void **state)
{
	struct world *x = new_world();
	struct crx_err err = CRX_ERR_INIT;
	struct crx_exec *e = add_prog(x, "/bin/app", "");
	char name[32];
	size_t i;

	(void)state;
	add_lib(x, "/lib/ld.so", "");
	add_needed(e, "all.so");
	for (i = 0; i < 4096; i++) {
		snprintf(name, sizeof(name), "lib%zu.so", i);
		add_needed(e, name);
	}
	/* what another one needs too is not said again */
	e = add_lib(x, "/lib/all.so", "");
	for (i = 0; i < 4096; i++)
		add_needed(e, x->file[0].exec.needed[i + 1]);
	make_facts(x, P);
	assert_int_equal(find_needed(x, "/bin/app", &err), 0);
	assert_int_equal(x->kept.log.warnings, 51);
	assert_non_null(strstr(x->kept.text, "needs lib49.so,"));
	assert_null(strstr(x->kept.text, "needs lib50.so,"));
	assert_non_null(strstr(x->kept.text, "/bin/app: and 4046 more that it needs"));
	end(x);
}

/* Passed over, and the search goes on. */
static void other_kinds(void **state)
{
	struct world *x = new_world();

	(void)state;
	add_lib_runpath(x, "/bin/app",
			"libm.so lib64.so libtext.so libdbg.so libo.so libdir.so libempty.so "
			"libloop.so",
			"/x")
		->interp = copy("/lib/ld.so");
	x->abi = MIPS;
	add_lib(x, "/x/libm.so", "");
	x->abi = (struct crx_exec_abi){ 64, 0, EM_ARM };
	add_lib(x, "/x/lib64.so", "");
	x->abi = ARM;
	add_text(x, "/x/libtext.so", "/* GNU ld script */");
	add_lib(x, "/x/libdbg.so", "")->debug = true;
	add_lib(x, "/x/libo.so", "")->type = ET_REL;
	add_dir(x, "/x/libdir.so");
	add_text(x, "/x/libempty.so", "");
	add_link(x, "/x/libloop.so", "libloop.so");
	add_lib(x, "/lib/ld.so", "");
	add_lib(x, "/lib/libm.so", "");
	add_lib(x, "/lib/lib64.so", "");
	add_lib(x, "/lib/libtext.so", "");
	add_lib(x, "/lib/libdbg.so", "");
	add_lib(x, "/lib/libo.so", "")->type = ET_EXEC;
	add_lib(x, "/lib/libdir.so", "");
	add_lib(x, "/lib/libempty.so", "");
	add_lib(x, "/lib/libloop.so", "");
	app_needs(x, "/bin/app /lib/ld.so /lib/lib64.so /lib/libdbg.so /lib/libdir.so "
		     "/lib/libempty.so "
		     "/lib/libloop.so /lib/libm.so /lib/libo.so /lib/libtext.so");
}

static void foreign_interpreter(void **state)
{
	struct world *x = new_world();

	(void)state;
	add_prog(x, "/bin/app", "/lib/ld.so");
	x->abi = MIPS;
	add_lib(x, "/lib/ld.so", "");
	needs_are(x, "/bin/app", "/bin/app",
		  "/bin/app: its interpreter /lib/ld.so is not in the tree, or is for another "
		  "machine\n/bin/app" NEEDS("/lib/ld.so"));
	end(x);
}

/* --- contents that cannot be read --- */

static void unreadable(void **state)
{
	static const uint8_t conf[] = "/opt/a\n";
	static const char *const path[] = { "/etc/ld.so.conf", "/etc/ld.so.preload" };
	struct crx_err err;
	struct world *x;
	struct fake fake;
	size_t i, k;

	(void)state;
	for (i = 0; i < 2; i++) {
		for (k = 0; k < 4; k++) {
			x = with_conf(NULL);
			fake = (struct fake){ .data = conf, .name = "conf" };
			fake.fail_open = k == 1 ? CRX_EIO : 0;
			fake.fail_pread = k == 2;
			fake.fail_close = k == 3 ? CRX_ECHANGED : 0;
			add_text(x, path[i], "longer")->content = fake_content(&fake, 6);
			add_lib(x, "/opt/a/liba.so", "");
			add_lib(x, "/opt/liba.so", "");
			add_lib(x, "/lib/liba.so", "");
			make_facts(x, P);
			err = (struct crx_err)CRX_ERR_INIT;
			assert_int_equal(find_needed(x, "/bin/app", &err), k == 3 ? CRX_ECHANGED
									   : k    ? CRX_EIO
										  : 0);
			assert_int_equal(err.code, k == 3 ? CRX_ECHANGED : k ? CRX_EIO : 0);
			assert_int_equal(fake.opens, fake.closes);
			assert_int_equal(fake.out_of_bounds, 0);
			end(x);
		}
	}
}

/* --- hostile trees --- */

static void quickly(struct world *x)
{
	struct crx_err err = CRX_ERR_INIT;
	clock_t begin;

	make_facts(x, P);
	begin = clock();
	assert_int_equal(find_needed(x, "/bin/app", &err), 0);
	/* emulated on a slow machine; without a bound it is far longer */
	assert_true((clock() - begin) / CLOCKS_PER_SEC < 300);
}

/* Libraries in a chain, each with 4,096 names and as many directories. */
static void many_names_and_dirs(void **state)
{
	enum { LIBS = 200, NAMES = 4096, DIRS = 4096 };
	char *list = malloc(DIRS * 8), name[64];
	struct world *x = new_world();
	struct crx_exec *e;
	const char *more;
	size_t i, k;

	(void)state;
	assert_non_null(list);
	for (k = 0; k < DIRS; k++) {
		sprintf(list + k * 7, "/d/%03zx:", k);
		snprintf(name, sizeof(name), "/d/%03zx", k);
		if (k < 1024)
			add_dir(x, name);
	}
	list[DIRS * 7 - 1] = '\0';
	add_lib(x, "/lib/ld.so", "");
	for (i = 0; i < LIBS; i++) {
		snprintf(name, sizeof(name), i ? "/lib/lib%zu.so" : "/bin/app", i);
		e = add_lib_rpath(x, name, "", list);
		for (k = 0; k < NAMES - 1; k++) {
			snprintf(name, sizeof(name), "none%zu-%zu.so", i, k);
			add_needed(e, name);
		}
		snprintf(name, sizeof(name), "lib%zu.so", i + 1);
		add_needed(e, name);
	}
	free(list);
	quickly(x);
	assert_non_null(strstr(x->kept.text, "/bin/app: only a part of what it loads was found"));
	/* each directory is a step, so that is soon */
	more = strstr(x->kept.text, " more that it needs");
	assert_non_null(more);
	while (more[-1] != ' ')
		more--;
	assert_true(strtoul(more, NULL, 10) < 4 * NAMES);
	assert_true(x->kept.log.warnings <= 52);
	end(x);
}

/* Files that include one another, below wildcards of every depth. */
static void many_includes(void **state)
{
	static const char conf[] =
		"include */*/*/*/*/*/*/* /etc/d*/c* /etc/d*/c* /etc/d*/c*\n/opt/a\n";
	struct world *x = with_conf(conf);
	char name[64];
	size_t i, k;

	(void)state;
	for (i = 0; i < 30; i++) {
		for (k = 0; k < 30; k++) {
			snprintf(name, sizeof(name), "/etc/d%zu/c%zu", i, k);
			add_text(x, name, conf);
		}
		snprintf(name, sizeof(name), "/etc/d%zu/up", i);
		add_link(x, name, "/etc");
	}
	add_lib(x, "/lib/liba.so", "");
	add_lib(x, "/opt/a/liba.so", "");
	quickly(x);
	end(x);
}

/* The same long walk along links for each of many names. */
static void many_links(void **state)
{
	struct world *x = new_world();
	struct crx_exec *e;
	enum { STEPS = 500 };
	char name[64], target[5 * STEPS + 64];
	size_t i;

	(void)state;
	for (i = 0; i < STEPS; i++)
		memcpy(target + 5 * i, "../x/", 5);
	e = add_prog(x, "/bin/app", "");
	add_lib(x, "/lib/ld.so", "");
	add_dir(x, "/x");
	for (i = 0; i < 4096; i++) {
		snprintf(name, sizeof(name), "/lib/lib%zu.so", i);
		snprintf(target + 5 * STEPS, 64, "../lib/lib%zu.so", i + 1);
		add_link(x, name, target);
		snprintf(name, sizeof(name), "lib%zu.so", i);
		add_needed(e, name);
	}
	quickly(x);
	assert_non_null(strstr(x->kept.text, "/bin/app: only a part of what it loads was found"));
	end(x);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_closure),
		cmocka_unit_test(links),
		cmocka_unit_test(breadth_first),
		cmocka_unit_test(soname),
		cmocka_unit_test(programs),
		cmocka_unit_test(missing),
		cmocka_unit_test(many_missing),
		cmocka_unit_test(other_kinds),
		cmocka_unit_test(foreign_interpreter),
		cmocka_unit_test(unreadable),
		cmocka_unit_test(many_names_and_dirs),
		cmocka_unit_test(many_includes),
		cmocka_unit_test(many_links),
	};

	return cmocka_run_group_tests_name("needed", tests, NULL, NULL);
}
