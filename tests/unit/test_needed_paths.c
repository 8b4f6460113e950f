/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What ld.so loads for a program: DT_RPATH, DT_RUNPATH and the variables in them,
 * each rule by a case that the neighbouring rules would decide otherwise.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <elf.h>
#include <stdio.h>

#include "wishes/loader/ldso.h"
#include "facts_world.h"
#include "loader_world.h"

/* --- DT_RPATH and DT_RUNPATH --- */

/* What the library liba.so, in /lib, loads as libd.so: "/a", "/p" or "/lib". */
static void case_of_paths(const char *p_rpath, const char *p_runpath, const char *a_rpath,
			  const char *a_runpath, const char *want)
{
	struct world *x = new_world();
	struct crx_exec *p = add_prog(x, "/bin/app", "liba.so"), *a;

	p->rpath = copy(p_rpath);
	p->runpath = copy(p_runpath);
	a = add_lib(x, "/lib/liba.so", "libd.so");
	a->rpath = copy(a_rpath);
	a->runpath = copy(a_runpath);
	add_lib(x, "/lib/ld.so", "");
	add_lib(x, "/a/libd.so", "");
	add_lib(x, "/p/libd.so", "");
	add_lib(x, "/lib/libd.so", "");
	add_lib(x, "/libd.so", "");
	make_facts(x, P);
	needs_are(x, "/bin/app",
		  !strcmp(want, "/lib") ? "/bin/app /lib/ld.so /lib/liba.so /lib/libd.so"
		  : !strcmp(want, "/a") ? "/a/libd.so /bin/app /lib/ld.so /lib/liba.so"
					: "/bin/app /lib/ld.so /lib/liba.so /p/libd.so",
		  "");
	end(x);
}

static void rpath_and_runpath(void **state)
{
	(void)state;
	case_of_paths(NULL, NULL, NULL, NULL, "/lib");
	case_of_paths(NULL, NULL, "/a", NULL, "/a");
	case_of_paths(NULL, NULL, NULL, "/a", "/a");
	case_of_paths("/p", NULL, NULL, NULL, "/p");   /* inherited */
	case_of_paths(NULL, "/p", NULL, NULL, "/lib"); /* not inherited */
	case_of_paths("/p", NULL, "/a", NULL, "/a");   /* its own first */
	case_of_paths("/p", NULL, "/none", NULL, "/p");
	case_of_paths("/p", NULL, NULL, "/none", "/lib"); /* a DT_RUNPATH ends that */
	case_of_paths("/p", NULL, NULL, "/a", "/a");
	case_of_paths("/p", "/none", NULL, NULL,
		      "/lib"); /* the program's DT_RPATH is ignored then */
	case_of_paths(NULL, NULL, "/p", "/none", "/lib");
	case_of_paths(NULL, NULL, "/none:/a:/p", NULL, "/a");
	case_of_paths(NULL, NULL, NULL, ":/none::/p:/a:", "/p");
	case_of_paths(NULL, NULL, NULL, "a", "/a"); /* as for a program started in / */
	case_of_paths(NULL, NULL, "", "", "/lib");
}

/* An inherited DT_RPATH comes from the one that loaded the library first. */
static void rpath_of_loader(void **state)
{
	struct world *x = new_world();

	(void)state;
	add_prog(x, "/bin/app", "liba.so libb.so");
	add_lib(x, "/lib/ld.so", "");
	add_lib_rpath(x, "/lib/liba.so", "libx.so", "/a");
	add_lib_rpath(x, "/lib/libb.so", "libx.so", "/b");
	add_lib(x, "/lib/libx.so", "libd.so libe.so");
	add_lib(x, "/a/libd.so", "");
	add_lib(x, "/b/libd.so", "");
	add_lib(x, "/b/libe.so", "");
	/* libb.so asks for it as well, by another name */
	add_needed(&x->file[3].exec, "liby.so");
	add_link(x, "/lib/liby.so", "libx.so");
	needs_are(x, "/bin/app",
		  "/a/libd.so /bin/app /lib/ld.so /lib/liba.so /lib/libb.so /lib/libx.so",
		  "/lib/libx.so" NEEDS("libe.so"));
	end(x);
}

/* --- variables --- */

static void origin(void **state)
{
	struct world *x = new_world();

	(void)state;
	/* of the program where it is, of a library where it was found */
	add_link(x, "/bin/app", "../opt/app/bin/app");
	add_prog(x, "/opt/app/bin/app", "liba.so $ORIGIN/plain.so")->rpath =
		copy("/none:$ORIGIN/../lib");
	add_link(x, "/opt/app/lib/liba.so", "/store/liba.so");
	add_lib_runpath(x, "/store/liba.so", "libb.so libc.so", "${ORIGIN}/b:$ORIGIN");
	add_lib(x, "/store/libc.so", "");
	add_lib(x, "/store/b/libb.so", "");
	add_lib(x, "/opt/app/lib/b/libb.so", "");
	add_lib(x, "/opt/app/lib/libc.so", "");
	add_link(x, "/opt/app/bin/plain.so", "/store/plain.so");
	add_lib_runpath(x, "/store/plain.so", "libe.so", "$ORIGIN");
	add_lib(x, "/store/libe.so", "");
	add_lib(x, "/opt/app/bin/libe.so", "");
	add_lib(x, "/lib/ld.so", "");
	app_needs(x,
		  "/lib/ld.so /store/liba.so /store/plain.so /opt/app/bin/app /opt/app/bin/libe.so "
		  "/opt/app/lib/libc.so /opt/app/lib/b/libb.so");
}

/* A path that leads nowhere is ignored; the rest counts. */
static void odd_variables(void **state)
{
	struct world *x = new_world();

	(void)state;
	add_prog(x, "/bin/app", "liba.so libb.so $PLATFORM/libz.so")->rpath =
		copy("/opt/$PLATFORM:/$UNKNOWN:$:${ORIGIN:/${LIB.:/x$");
	add_lib(x, "/lib/ld.so", "");
	add_lib(x, "/$UNKNOWN/liba.so", "");
	add_lib(x, "/x$/libb.so", "");
	add_lib(x, "/opt/$PLATFORM/liba.so", "");
	add_lib(x, "/lib./libb.so", "");
	add_lib(x, "/${LIB./libb.so", "");
	needs_are(x, "/bin/app", "/$UNKNOWN/liba.so /${LIB./libb.so /bin/app /lib/ld.so",
		  "/bin/app" NEEDS("$PLATFORM/libz.so"));
	end(x);
}

/* Directories named more than once count once, and a list ends somewhere. */
static void long_lists(void **state)
{
	static const size_t distinct[] = { 1, CRX_LDSO_DIRS_MAX - 1, CRX_LDSO_DIRS_MAX };
	static char list[CRX_LDSO_PATH_CAP * 8];
	struct world *x;
	size_t i, k, used;
	char name[32];

	(void)state;
	for (k = 0; k < 3; k++) {
		x = new_world();
		for (i = used = 0; i < 2 * CRX_LDSO_DIRS_MAX; i++) {
			snprintf(name, sizeof(name), "/d/%zu", i % distinct[k]);
			used += (size_t)snprintf(list + used, sizeof(list) - used, "%s:", name);
			if (i < distinct[k])
				add_dir(x, name);
		}
		snprintf(list + used, sizeof(list) - used, "/a");
		add_prog(x, "/bin/app", "liba.so")->runpath = copy(list);
		add_lib(x, "/lib/ld.so", "");
		add_lib(x, "/a/liba.so", "");
		if (k < 2)
			needs_are(x, "/bin/app", "/a/liba.so /bin/app /lib/ld.so", "");
		else
			needs_are(x, "/bin/app", "/bin/app /lib/ld.so",
				  "/bin/app" NEEDS("liba.so"));
		end(x);
	}
	/* no path is that long */
	memset(list, 'x', sizeof(list));
	for (i = 0; i < 2000; i++)
		memcpy(list + CRX_LDSO_PATH_CAP * 2 + i * 8, i == 500 ? ":$ORIGIN" : "/$ORIGIN", 8);
	memcpy(list + sizeof(list) - 4, ":/a", 4);
	x = new_world();
	add_prog(x, "/bin/app", "liba.so")->runpath = copy(list);
	add_lib(x, "/lib/ld.so", "");
	add_lib(x, "/a/liba.so", "");
	app_needs(x, "/a/liba.so /bin/app /lib/ld.so");
}

/* $LIB is what the C library is in. */
static void lib_variable(void **state)
{
	struct world *x;
	int i;

	(void)state;
	for (i = 0; i < 4; i++) {
		x = new_world();
		x->abi = i == 2 || i == 3 ? ARM64 : ARM;
		add_prog(x, "/bin/app", "liba.so")->runpath = copy("/opt/${LIB}/x");
		add_lib(x, "/opt/lib/x/liba.so", "");
		add_lib(x, "/opt/lib64/x/liba.so", "");
		add_lib(x, "/opt/lib/arm-linux-gnueabihf/x/liba.so", "");
		add_lib(x, "/lib/ld.so", "");
		if (i != 3)
			add_dir(x, "/usr/lib64");
		if (i < 2)
			add_dir(x, "/usr/lib/aarch64-linux-gnu");
		if (i == 1)
			add_lib(x, "/usr/lib/arm-linux-gnueabihf/libc.so.6", "");
		app_needs(x, i == 1   ? "/bin/app /lib/ld.so /opt/lib/arm-linux-gnueabihf/x/liba.so"
			     : i == 2 ? "/bin/app /lib/ld.so /opt/lib64/x/liba.so"
				      : "/bin/app /lib/ld.so /opt/lib/x/liba.so");
	}
}

static void needed_paths(void **state)
{
	struct world *x = new_world();

	(void)state;
	/* never searched for, whatever the lists say */
	add_prog(x, "/bin/app", "/opt/liba.so ./b/libb.so libs/libc.so")->runpath = copy("/x");
	add_lib(x, "/lib/ld.so", "");
	add_lib(x, "/opt/liba.so", "");
	add_lib(x, "/x/libs/libc.so", "");
	add_lib(x, "/b/libb.so", "");
	needs_are(x, "/bin/app", "/b/libb.so /bin/app /lib/ld.so /opt/liba.so",
		  "/bin/app" NEEDS("libs/libc.so"));
	end(x);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rpath_and_runpath),
		cmocka_unit_test(rpath_of_loader),
		cmocka_unit_test(origin),
		cmocka_unit_test(odd_variables),
		cmocka_unit_test(long_lists),
		cmocka_unit_test(lib_variable),
		cmocka_unit_test(needed_paths),
	};

	return cmocka_run_group_tests_name("needed_paths", tests, NULL, NULL);
}
