/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What ld.so loads for a program, on trees and facts made by hand: each rule
 * of the search by a case that the neighbouring rules would decide otherwise.
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
#include "kept_log.h"
#include "wishes/loader/ldso.h"
#include "wishes/loader/needed.h"
#include "tree_make.h"

static const struct crx_exec_abi ARM = { 32, 0, EM_ARM }, ARM64 = { 64, 0, EM_AARCH64 },
				 MIPS = { 32, 1, EM_MIPS };

/* --- a world --- */

enum { FILES = 300 };

struct world {
	struct crx_tree t;
	struct crx_facts f;
	struct kept_log kept; /* the warnings, with their paths */
	char members[20000];  /* paths with blanks between, in the order of the tree */
	struct {
		struct crx_node *n;
		struct crx_exec exec;
	} file[FILES];
	size_t nfiles;
	struct crx_exec_abi abi; /* of what is added next */
};

static struct world *new_world(void)
{
	struct world *x = calloc(1, sizeof(*x));

	assert_non_null(x);
	tree_make_init(&x->t);
	kept_begin_paths(&x->kept, CRX_LEVEL_WARNING);
	x->abi = ARM;
	return x;
}

/* The directory that path names, made where it is missing; the rest of path. */
static struct crx_node *dir_of(struct world *x, const char *path, const char **name)
{
	struct crx_node *d = x->t.root, *next;
	char part[256];
	size_t i, n;

	for (path += *path == '/'; strchr(path, '/'); path += n + 1) {
		n = strcspn(path, "/");
		snprintf(part, sizeof(part), "%.*s", (int)n, path);
		next = NULL;
		for (i = 0; i < d->nchildren; i++)
			if (!strcmp(d->child[i]->name, part))
				next = d->child[i];
		d = next ? next : tree_make_dir(d, part);
	}
	*name = path;
	return d;
}

static void mkdirs(struct world *x, const char *path)
{
	const char *name;
	struct crx_node *d = dir_of(x, path, &name);

	tree_make_dir(d, name);
}

static void symlink_at(struct world *x, const char *path, const char *target)
{
	const char *name;
	struct crx_node *d = dir_of(x, path, &name);

	tree_make_link(d, name, target);
}

static struct crx_node *text(struct world *x, const char *path, const char *data)
{
	const char *name;
	struct crx_node *d = dir_of(x, path, &name);

	return tree_make_file(d, name, data, strlen(data));
}

static char *copy(const char *s)
{
	char *p = s ? strdup(s) : NULL;

	assert_true(!s || p);
	return p;
}

static void add_needed(struct crx_exec *e, const char *name)
{
	e->needed = realloc(e->needed, (e->nneeded + 1) * sizeof(*e->needed));
	assert_non_null(e->needed);
	e->needed[e->nneeded++] = copy(name);
}

/* A shared object that needs the names, with blanks between. */
static struct crx_exec *lib(struct world *x, const char *path, const char *needs)
{
	struct crx_exec *e = &x->file[x->nfiles].exec;
	char name[256];
	size_t n;

	assert_true(x->nfiles < FILES);
	x->file[x->nfiles++].n = text(x, path, "never read");
	e->kind = CRX_EXEC_ELF;
	e->type = ET_DYN;
	e->abi = x->abi;
	for (; *needs; needs += n + (needs[n] == ' ')) {
		n = strcspn(needs, " ");
		snprintf(name, sizeof(name), "%.*s", (int)n, needs);
		add_needed(e, name);
	}
	return e;
}

static struct crx_exec *lib_runpath(struct world *x, const char *path, const char *needs,
				    const char *runpath)
{
	struct crx_exec *e = lib(x, path, needs);

	e->runpath = copy(runpath);
	return e;
}

static struct crx_exec *lib_rpath(struct world *x, const char *path, const char *needs,
				  const char *rpath)
{
	struct crx_exec *e = lib(x, path, needs);

	e->rpath = copy(rpath);
	return e;
}

/* A program of glibc, or with another interpreter. */
static struct crx_exec *prog_of(struct world *x, const char *path, const char *needs,
				const char *interp)
{
	struct crx_exec *e = lib(x, path, needs);

	e->program = true;
	e->interp = copy(interp);
	return e;
}

static struct crx_exec *prog(struct world *x, const char *path, const char *needs)
{
	return prog_of(x, path, needs, "/lib/ld.so");
}

/* The facts are as scan would have them. */
static void finish(struct world *x)
{
	struct crx_err err = CRX_ERR_INIT;
	size_t i, k;

	tree_make_finish(&x->t);
	x->f.nfiles = x->t.nfiles;
	x->f.page_size = 4096;
	x->f.file = calloc(x->t.nfiles, sizeof(*x->f.file));
	assert_non_null(x->f.file);
	for (i = 0; i < x->t.nfiles; i++) {
		x->f.file[i].node = x->t.file[i];
		x->f.file[i].link = x->f.file[i].same = (uint32_t)i;
		for (k = 0; k < i && x->t.file[i]->link_ino; k++)
			if (x->t.file[k]->link_ino == x->t.file[i]->link_ino) {
				x->f.file[i].link = x->f.file[i].same = (uint32_t)k;
				break;
			}
		for (k = 0; k < x->nfiles; k++)
			if (x->file[k].n == x->t.file[i])
				x->f.file[i].exec = x->file[k].exec;
	}
	assert_int_equal(err.code, 0);
}

static int closure(struct world *x, const char *path, struct crx_err *err)
{
	uint8_t *member = calloc(x->f.nfiles + 1, 1);
	size_t i, used = 0;
	char buf[1024];
	int ret;

	assert_non_null(member);
	kept_clear(&x->kept);
	x->members[0] = '\0';
	ret = crx_loader_needed(&x->t, &x->f, path, &x->kept.log, member, err);
	for (i = 0; i < x->f.nfiles; i++) {
		assert_true(member[i] <= 1);
		if (member[i])
			used += (size_t)snprintf(x->members + used, sizeof(x->members) - used,
						 "%s%s", used ? " " : "",
						 crx_tree_path(x->f.file[i].node, buf,
							       sizeof(buf)));
	}
	assert_int_equal(member[x->f.nfiles], 0);
	free(member);
	return ret;
}

#define NEEDS(name) \
	": needs " name ", which is not in the tree where the dynamic linker looks for it\n"

static void expect(struct world *x, const char *path, const char *members, const char *said)
{
	struct crx_err err = CRX_ERR_INIT;

	if (!x->f.file)
		finish(x);
	assert_int_equal(closure(x, path, &err), 0);
	assert_int_equal(err.code, 0);
	assert_string_equal(x->members, members);
	assert_string_equal(x->kept.text, said);
}

static void free_world(struct world *x)
{
	crx_facts_free(&x->f);
	crx_tree_free(&x->t);
	free(x);
}

/* One case: what was added, one closure, and no warning. */
static void only(struct world *x, const char *members)
{
	expect(x, "/bin/app", members, "");
	free_world(x);
}

/* --- the walk --- */

static void whole_closure(void **state)
{
	struct world *x = new_world();

	(void)state;
	prog(x, "/bin/app", "liba.so libc.so.6 libc.so.6");
	prog(x, "/bin/other", "libd.so");
	lib(x, "/lib/ld.so", "");
	lib(x, "/lib/liba.so", "libb.so libc.so.6");
	lib(x, "/lib/libb.so", "liba.so libb.so libc.so.6");
	lib(x, "/lib/libc.so.6", "ld.so");
	lib(x, "/lib/libd.so", "");
	expect(x, "/bin/app", "/bin/app /lib/ld.so /lib/liba.so /lib/libb.so /lib/libc.so.6", "");
	expect(x, "/bin/other", "/bin/other /lib/ld.so /lib/libd.so", "");
	free_world(x);
}

/* A merged /usr, a link to the program, links to libraries, hard links. */
static void links(void **state)
{
	struct world *x = new_world();

	(void)state;
	symlink_at(x, "/bin", "usr/bin");
	symlink_at(x, "/lib", "/usr/lib");
	prog(x, "/usr/bin/app", "liba.so.1");
	symlink_at(x, "/usr/bin/alias", "../bin/app");
	lib(x, "/usr/lib/ld-2.so", "");
	symlink_at(x, "/usr/lib/ld.so", "ld-2.so");
	lib(x, "/usr/lib/liba.so.1.2", "libh.so")->soname = copy("liba.so.1");
	symlink_at(x, "/usr/lib/liba.so.1", "liba.so.1.2");
	lib(x, "/usr/lib/first.so", "");
	x->file[3].n->link_ino = x->file[3].n->link_dev = 7;
	{
		struct crx_node *n = text(x, "/usr/lib/libh.so", "never read");

		n->link_ino = n->link_dev = 7;
	}
	expect(x, "/bin/alias",
	       "/usr/bin/app /usr/lib/first.so /usr/lib/ld-2.so /usr/lib/liba.so.1.2", "");
	expect(x, "/bin/app",
	       "/usr/bin/app /usr/lib/first.so /usr/lib/ld-2.so /usr/lib/liba.so.1.2", "");
	free_world(x);
}

/* libb asks for libd before libx does, which depth first would ask earlier. */
static void breadth_first(void **state)
{
	struct world *x = new_world();

	(void)state;
	prog(x, "/bin/app", "liba.so libb.so");
	lib(x, "/lib/ld.so", "");
	lib(x, "/lib/liba.so", "libx.so");
	lib_runpath(x, "/lib/libb.so", "libd.so", "/b");
	lib_runpath(x, "/lib/libx.so", "libd.so", "/deep");
	lib(x, "/b/libd.so", "");
	lib(x, "/deep/libd.so", "");
	only(x, "/b/libd.so /bin/app /lib/ld.so /lib/liba.so /lib/libb.so /lib/libx.so");
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
		prog_of(x, "/bin/app", "/opt/x.so liba.so", interp[i]);
		lib(x, interp[i], "");
		lib(x, "/opt/x.so", "")->soname = copy("libx.so.1");
		lib(x, "/lib/liba.so", "libx.so.1");
		lib(x, "/lib/libx.so.1", "");
		only(x, i ? "/bin/app /lib/ld-musl-arm.so.1 /lib/liba.so /lib/libx.so.1 /opt/x.so"
			  : "/bin/app /lib/ld.so /lib/liba.so /opt/x.so");
	}
	/* the interpreter has one as well: this is not a second one */
	x = new_world();
	prog(x, "/bin/app", "libc.so");
	lib(x, "/lib/ld.so", "")->soname = copy("ld-linux.so.3");
	lib(x, "/lib/ld-linux.so.3", "");
	lib(x, "/lib/libc.so", "ld-linux.so.3");
	only(x, "/bin/app /lib/ld.so /lib/libc.so");
}

static void programs(void **state)
{
	static const char no_program[] = ": no program, so nothing says what it needs; name the "
					 "program itself (of a script, its interpreter)\n";
	struct world *x = new_world();
	struct crx_exec *e;
	char want[300];

	(void)state;
	lib(x, "/bin/static", "")->program = true;
	x->file[x->nfiles - 1].exec.rpath = copy("/x");
	e = lib(x, "/bin/flat", "");
	e->kind = CRX_EXEC_BFLT;
	e->program = true;
	lib(x, "/bin/damaged", "")->kind = CRX_EXEC_DAMAGED;
	lib(x, "/bin/module.o", "")->type = ET_REL;
	lib(x, "/bin/debug", "libp.so")->debug = true;
	text(x, "/bin/script", "#!/bin/sh\n");
	text(x, "/bin/empty", "");
	symlink_at(x, "/bin/gone", "nowhere");
	lib(x, "/plugin.so", "libp.so");
	lib(x, "/lib/libp.so", "");
	expect(x, "/bin/static", "/bin/static", "");
	expect(x, "/bin/flat", "/bin/flat", "");
	expect(x, "/plugin.so", "/plugin.so /lib/libp.so", "");
	snprintf(want, sizeof(want), "/bin/damaged%s", no_program);
	expect(x, "/bin/damaged", "", want);
	snprintf(want, sizeof(want), "/bin/module.o%s", no_program);
	expect(x, "/bin/module.o", "", want);
	snprintf(want, sizeof(want), "/bin/debug%s", no_program);
	expect(x, "/bin/debug", "", want);
	snprintf(want, sizeof(want), "/bin/script%s", no_program);
	expect(x, "/bin/script", "", want);
	snprintf(want, sizeof(want), "/bin/empty%s", no_program);
	expect(x, "/bin/empty", "", want);
	snprintf(want, sizeof(want), "/bin%s", no_program);
	expect(x, "/bin", "", want);
	expect(x, "/bin/gone", "",
	       "/bin/gone: not in the tree, so nothing is needed by it; name a program with its "
	       "path from the root\n");
	expect(x, "/none", "",
	       "/none: not in the tree, so nothing is needed by it; name a program with its path "
	       "from the root\n");
	free_world(x);
}

/* --- what is missing --- */

static void missing(void **state)
{
	struct world *x = new_world();

	(void)state;
	prog(x, "/bin/app", "libgone.so liba.so libgone.so");
	lib(x, "/lib/liba.so", "libgone.so libb.so libworse.so");
	lib_runpath(x, "/lib/libb.so", "libhidden.so libgone.so", "/b");
	lib_runpath(x, "/lib/libhidden.so", "", "");
	lib(x, "/b/libgone.so", "");
	/* found after all, where another one looks */
	expect(x, "/bin/app", "/b/libgone.so /bin/app /lib/liba.so /lib/libb.so /lib/libhidden.so",
	       "/bin/app: its interpreter /lib/ld.so is not in the tree, or is for another "
	       "processor\n"
	       "/bin/app" NEEDS("libgone.so") "/lib/liba.so" NEEDS("libworse.so"));
	free_world(x);
}

static void many_missing(void **state)
{
	struct world *x = new_world();
	struct crx_err err = CRX_ERR_INIT;
	struct crx_exec *e = prog(x, "/bin/app", "");
	char name[32];
	size_t i;

	(void)state;
	lib(x, "/lib/ld.so", "");
	add_needed(e, "all.so");
	for (i = 0; i < 4096; i++) {
		snprintf(name, sizeof(name), "lib%zu.so", i);
		add_needed(e, name);
	}
	/* what another one needs too is not said again */
	e = lib(x, "/lib/all.so", "");
	for (i = 0; i < 4096; i++)
		add_needed(e, x->file[0].exec.needed[i + 1]);
	finish(x);
	assert_int_equal(closure(x, "/bin/app", &err), 0);
	assert_int_equal(x->kept.log.warnings, 51);
	assert_non_null(strstr(x->kept.text, "needs lib49.so,"));
	assert_null(strstr(x->kept.text, "needs lib50.so,"));
	assert_non_null(strstr(x->kept.text, "/bin/app: and 4046 more that it needs"));
	free_world(x);
}

/* Passed over, and the search goes on. */
static void other_kinds(void **state)
{
	struct world *x = new_world();

	(void)state;
	lib_runpath(x, "/bin/app",
		    "libm.so lib64.so libtext.so libdbg.so libo.so libdir.so libempty.so "
		    "libloop.so",
		    "/x")
		->interp = copy("/lib/ld.so");
	x->abi = MIPS;
	lib(x, "/x/libm.so", "");
	x->abi = (struct crx_exec_abi){ 64, 0, EM_ARM };
	lib(x, "/x/lib64.so", "");
	x->abi = ARM;
	text(x, "/x/libtext.so", "/* GNU ld script */");
	lib(x, "/x/libdbg.so", "")->debug = true;
	lib(x, "/x/libo.so", "")->type = ET_REL;
	mkdirs(x, "/x/libdir.so");
	text(x, "/x/libempty.so", "");
	symlink_at(x, "/x/libloop.so", "libloop.so");
	lib(x, "/lib/ld.so", "");
	lib(x, "/lib/libm.so", "");
	lib(x, "/lib/lib64.so", "");
	lib(x, "/lib/libtext.so", "");
	lib(x, "/lib/libdbg.so", "");
	lib(x, "/lib/libo.so", "")->type = ET_EXEC;
	lib(x, "/lib/libdir.so", "");
	lib(x, "/lib/libempty.so", "");
	lib(x, "/lib/libloop.so", "");
	only(x, "/bin/app /lib/ld.so /lib/lib64.so /lib/libdbg.so /lib/libdir.so /lib/libempty.so "
		"/lib/libloop.so /lib/libm.so /lib/libo.so /lib/libtext.so");
}

static void foreign_interpreter(void **state)
{
	struct world *x = new_world();

	(void)state;
	prog(x, "/bin/app", "/lib/ld.so");
	x->abi = MIPS;
	lib(x, "/lib/ld.so", "");
	expect(x, "/bin/app", "/bin/app",
	       "/bin/app: its interpreter /lib/ld.so is not in the tree, or is for another "
	       "processor\n/bin/app" NEEDS("/lib/ld.so"));
	free_world(x);
}

/* --- DT_RPATH and DT_RUNPATH --- */

/* What the library liba.so, in /lib, loads as libd.so: "/a", "/p" or "/lib". */
static void case_of_paths(const char *p_rpath, const char *p_runpath, const char *a_rpath,
			  const char *a_runpath, const char *want)
{
	struct world *x = new_world();
	struct crx_exec *p = prog(x, "/bin/app", "liba.so"), *a;

	p->rpath = copy(p_rpath);
	p->runpath = copy(p_runpath);
	a = lib(x, "/lib/liba.so", "libd.so");
	a->rpath = copy(a_rpath);
	a->runpath = copy(a_runpath);
	lib(x, "/lib/ld.so", "");
	lib(x, "/a/libd.so", "");
	lib(x, "/p/libd.so", "");
	lib(x, "/lib/libd.so", "");
	lib(x, "/libd.so", "");
	finish(x);
	expect(x, "/bin/app",
	       !strcmp(want, "/lib") ? "/bin/app /lib/ld.so /lib/liba.so /lib/libd.so"
	       : !strcmp(want, "/a") ? "/a/libd.so /bin/app /lib/ld.so /lib/liba.so"
				     : "/bin/app /lib/ld.so /lib/liba.so /p/libd.so",
	       "");
	free_world(x);
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
	case_of_paths("/p", "/none", NULL, NULL, "/lib"); /* the program's DT_RPATH is none then */
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
	prog(x, "/bin/app", "liba.so libb.so");
	lib(x, "/lib/ld.so", "");
	lib_rpath(x, "/lib/liba.so", "libx.so", "/a");
	lib_rpath(x, "/lib/libb.so", "libx.so", "/b");
	lib(x, "/lib/libx.so", "libd.so libe.so");
	lib(x, "/a/libd.so", "");
	lib(x, "/b/libd.so", "");
	lib(x, "/b/libe.so", "");
	/* libb.so asks for it as well, by another name */
	add_needed(&x->file[3].exec, "liby.so");
	symlink_at(x, "/lib/liby.so", "libx.so");
	expect(x, "/bin/app",
	       "/a/libd.so /bin/app /lib/ld.so /lib/liba.so /lib/libb.so /lib/libx.so",
	       "/lib/libx.so" NEEDS("libe.so"));
	free_world(x);
}

/* --- variables --- */

static void origin(void **state)
{
	struct world *x = new_world();

	(void)state;
	/* of the program where it is, of a library where it was found */
	symlink_at(x, "/bin/app", "../opt/app/bin/app");
	prog(x, "/opt/app/bin/app", "liba.so $ORIGIN/plain.so")->rpath =
		copy("/none:$ORIGIN/../lib");
	symlink_at(x, "/opt/app/lib/liba.so", "/store/liba.so");
	lib_runpath(x, "/store/liba.so", "libb.so libc.so", "${ORIGIN}/b:$ORIGIN");
	lib(x, "/store/libc.so", "");
	lib(x, "/store/b/libb.so", "");
	lib(x, "/opt/app/lib/b/libb.so", "");
	lib(x, "/opt/app/lib/libc.so", "");
	symlink_at(x, "/opt/app/bin/plain.so", "/store/plain.so");
	lib_runpath(x, "/store/plain.so", "libe.so", "$ORIGIN");
	lib(x, "/store/libe.so", "");
	lib(x, "/opt/app/bin/libe.so", "");
	lib(x, "/lib/ld.so", "");
	only(x, "/lib/ld.so /store/liba.so /store/plain.so /opt/app/bin/app /opt/app/bin/libe.so "
		"/opt/app/lib/libc.so /opt/app/lib/b/libb.so");
}

/* A path that leads nowhere is passed over; the rest counts. */
static void odd_variables(void **state)
{
	struct world *x = new_world();

	(void)state;
	prog(x, "/bin/app", "liba.so libb.so $PLATFORM/libz.so")->rpath =
		copy("/opt/$PLATFORM:/$UNKNOWN:$:${ORIGIN:/${LIB.:/x$");
	lib(x, "/lib/ld.so", "");
	lib(x, "/$UNKNOWN/liba.so", "");
	lib(x, "/x$/libb.so", "");
	lib(x, "/opt/$PLATFORM/liba.so", "");
	lib(x, "/lib./libb.so", "");
	lib(x, "/${LIB./libb.so", "");
	expect(x, "/bin/app", "/$UNKNOWN/liba.so /${LIB./libb.so /bin/app /lib/ld.so",
	       "/bin/app" NEEDS("$PLATFORM/libz.so"));
	free_world(x);
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
				mkdirs(x, name);
		}
		snprintf(list + used, sizeof(list) - used, "/a");
		prog(x, "/bin/app", "liba.so")->runpath = copy(list);
		lib(x, "/lib/ld.so", "");
		lib(x, "/a/liba.so", "");
		if (k < 2)
			expect(x, "/bin/app", "/a/liba.so /bin/app /lib/ld.so", "");
		else
			expect(x, "/bin/app", "/bin/app /lib/ld.so", "/bin/app" NEEDS("liba.so"));
		free_world(x);
	}
	/* no path is that long */
	memset(list, 'x', sizeof(list));
	for (i = 0; i < 2000; i++)
		memcpy(list + CRX_LDSO_PATH_CAP * 2 + i * 8, i == 500 ? ":$ORIGIN" : "/$ORIGIN", 8);
	memcpy(list + sizeof(list) - 4, ":/a", 4);
	x = new_world();
	prog(x, "/bin/app", "liba.so")->runpath = copy(list);
	lib(x, "/lib/ld.so", "");
	lib(x, "/a/liba.so", "");
	only(x, "/a/liba.so /bin/app /lib/ld.so");
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
		prog(x, "/bin/app", "liba.so")->runpath = copy("/opt/${LIB}/x");
		lib(x, "/opt/lib/x/liba.so", "");
		lib(x, "/opt/lib64/x/liba.so", "");
		lib(x, "/opt/lib/arm-linux-gnueabihf/x/liba.so", "");
		lib(x, "/lib/ld.so", "");
		if (i != 3)
			mkdirs(x, "/usr/lib64");
		if (i < 2)
			mkdirs(x, "/usr/lib/aarch64-linux-gnu");
		if (i == 1)
			lib(x, "/usr/lib/arm-linux-gnueabihf/libc.so.6", "");
		only(x, i == 1   ? "/bin/app /lib/ld.so /opt/lib/arm-linux-gnueabihf/x/liba.so"
			: i == 2 ? "/bin/app /lib/ld.so /opt/lib64/x/liba.so"
				 : "/bin/app /lib/ld.so /opt/lib/x/liba.so");
	}
}

static void needed_paths(void **state)
{
	struct world *x = new_world();

	(void)state;
	/* never searched for, whatever the lists say */
	prog(x, "/bin/app", "/opt/liba.so ./b/libb.so libs/libc.so")->runpath = copy("/x");
	lib(x, "/lib/ld.so", "");
	lib(x, "/opt/liba.so", "");
	lib(x, "/x/libs/libc.so", "");
	lib(x, "/b/libb.so", "");
	expect(x, "/bin/app", "/b/libb.so /bin/app /lib/ld.so /opt/liba.so",
	       "/bin/app" NEEDS("libs/libc.so"));
	free_world(x);
}

/* --- the directories of the system --- */

/* liba.so is in all of dirs: the first that is searched wins. */
static void case_of_dirs(struct world *x, const char *dirs, const char *want)
{
	struct crx_err err = CRX_ERR_INIT;
	char path[256];
	size_t n;

	for (; *dirs; dirs += n + (dirs[n] == ' ')) {
		n = strcspn(dirs, " ");
		snprintf(path, sizeof(path), "%.*s/liba.so", (int)n, dirs);
		lib(x, path, "");
	}
	finish(x);
	assert_int_equal(closure(x, "/bin/app", &err), 0);
	snprintf(path, sizeof(path), " %s/liba.so ", want);
	strcat(x->members, " ");
	memmove(x->members + 1, x->members, strlen(x->members) + 1);
	x->members[0] = ' ';
	if (!strstr(x->members, path))
		fail_msg("not %s but%s\n%s", path, x->members, x->kept.text);
	assert_string_equal(x->kept.text, "");
	free_world(x);
}

static struct world *with_conf(const char *conf)
{
	struct world *x = new_world();

	prog(x, "/bin/app", "liba.so");
	lib(x, "/lib/ld.so", "");
	if (conf)
		text(x, "/etc/ld.so.conf", conf);
	return x;
}

static void conf_file(void **state)
{
	struct world *x;

	(void)state;
	case_of_dirs(with_conf(NULL), "/lib /opt/a", "/lib");
	case_of_dirs(with_conf(""), "/lib /opt/a", "/lib");
	case_of_dirs(with_conf("/opt/a\n/opt/b\n"), "/lib /opt/a /opt/b", "/opt/a");
	case_of_dirs(with_conf("/opt/b\n/opt/a"), "/lib /opt/a /opt/b", "/opt/b");
	case_of_dirs(with_conf("# /opt/a\n\n \t/opt/b# more\n"), "/lib /opt/a /opt/b", "/opt/b");
	case_of_dirs(with_conf("/opt/none\n/opt/a/ \r\n"), "/lib /opt/a /opt/b", "/opt/a");
	case_of_dirs(with_conf("hwcap 1 /opt/b\ninclude\n/opt/a"), "/opt/a /opt/b", "/opt/a");
	case_of_dirs(with_conf("/usr/lib\n"), "/lib /usr/lib", "/usr/lib");
	/* not before what objects say themselves */
	x = with_conf("/opt/a");
	x->file[0].exec.runpath = copy("/opt/b");
	case_of_dirs(x, "/lib /opt/a /opt/b", "/opt/b");
}

static void conf_includes(void **state)
{
	struct world *x;

	(void)state;
	/* in the order of the names, where the line stands */
	x = with_conf("include ld.so.conf.d/*.conf\n/opt/a\n");
	text(x, "/etc/ld.so.conf.d/2.conf", "/opt/c");
	text(x, "/etc/ld.so.conf.d/10.conf", "/opt/b");
	text(x, "/etc/ld.so.conf.d/0.conf.old", "/opt/d");
	text(x, "/etc/ld.so.conf.d/.0.conf", "/opt/d");
	mkdirs(x, "/etc/ld.so.conf.d/00.conf");
	case_of_dirs(x, "/lib /opt/a /opt/b /opt/c /opt/d", "/opt/b");

	x = with_conf("/opt/a\ninclude /etc/more.conf");
	text(x, "/etc/more.conf", "/opt/b");
	case_of_dirs(x, "/lib /opt/a /opt/b", "/opt/a");
	x = with_conf("include \t none.conf  /e*c/m[o]re.con?\t\n/opt/a");
	text(x, "/etc/more.conf", "/opt/b");
	case_of_dirs(x, "/lib /opt/a /opt/b", "/opt/b");

	/* relative to the file that includes, through a link */
	x = with_conf("include d/1.conf");
	symlink_at(x, "/etc/d", "/opt/conf");
	text(x, "/opt/conf/1.conf", "include 2.conf");
	text(x, "/opt/conf/2.conf", "/opt/a");
	text(x, "/etc/2.conf", "/opt/b");
	case_of_dirs(x, "/lib /opt/a /opt/b", "/opt/a");

	/* a name with a wildcard in it, quoted; hidden files by their name */
	x = with_conf("include \\*.conf .h*");
	text(x, "/etc/*.conf", "/opt/b");
	text(x, "/etc/1.conf", "/opt/a");
	case_of_dirs(x, "/lib /opt/a /opt/b", "/opt/b");
	x = with_conf("include \\1.conf");
	text(x, "/etc/1.conf", "/opt/a");
	case_of_dirs(x, "/lib /opt/a", "/opt/a");
	x = with_conf("include *.conf .h*");
	text(x, "/etc/.1.conf", "/opt/b");
	text(x, "/etc/.hidden", "/opt/a");
	case_of_dirs(x, "/lib /opt/a /opt/b", "/opt/a");
	x = with_conf("included.conf\n/opt/a");
	text(x, "/etc/d.conf", "/opt/b");
	case_of_dirs(x, "/lib /opt/a /opt/b", "/opt/a");

	/* in a circle; deeper than anybody has it */
	x = with_conf("include ld.so.conf *.conf\n/opt/a");
	case_of_dirs(x, "/lib /opt/a", "/opt/a");
	x = with_conf("include c/1\n");
	text(x, "/etc/c/1", "include 2");
	text(x, "/etc/c/2", "include 3");
	text(x, "/etc/c/3", "include 4");
	text(x, "/etc/c/4", "include 5");
	text(x, "/etc/c/5", "include 6");
	text(x, "/etc/c/6", "include 7");
	text(x, "/etc/c/7", "include 8\n/opt/b");
	text(x, "/etc/c/8", "/opt/a");
	case_of_dirs(x, "/lib /opt/a /opt/b", "/opt/b");
}

static void conf_odd(void **state)
{
	static char big[CRX_LDSO_CONF_LEN_MAX + 2];
	struct world *x = with_conf(NULL);
	size_t i;

	(void)state;
	/* as long as it may be, and one byte more */
	memset(big, '#', sizeof(big) - 2);
	memcpy(big + sizeof(big) - 9, "\n/opt/a", 7);
	text(x, "/etc/ld.so.conf", big);
	case_of_dirs(x, "/lib /opt/a", "/opt/a");
	big[sizeof(big) - 2] = '\n';
	x = with_conf(big);
	lib(x, "/opt/a/liba.so", "");
	lib(x, "/lib/liba.so", "");
	expect(x, "/bin/app", "/bin/app /lib/ld.so /lib/liba.so",
	       "/etc/ld.so.conf: larger than 65536 bytes, so not read for directories with "
	       "libraries\n");
	free_world(x);

	/* a directory; a link that leads nowhere; lines longer than a path */
	x = with_conf(NULL);
	mkdirs(x, "/etc/ld.so.conf");
	case_of_dirs(x, "/lib", "/lib");
	x = with_conf(NULL);
	symlink_at(x, "/etc/ld.so.conf", "gone");
	case_of_dirs(x, "/lib", "/lib");
	for (i = 0; i < 10000; i++)
		big[i] = i ? 'x' : '/';
	memcpy(big + 10000, "\ninclude ", 9);
	for (i = 10009; i < 20000; i++)
		big[i] = 'y';
	memcpy(big + 20000, "\n/opt/a", 8);
	case_of_dirs(with_conf(big), "/lib /opt/a", "/opt/a");
}

static void builtin_dirs(void **state)
{
	static const struct {
		const char *interp, *dirs, *want;
		bool is64;
	} cases[] = {
		{ "/lib/ld.so", "/lib /usr/lib /usr/lib/arm-linux-gnueabihf", "/lib", false },
		{ "/lib/ld.so", "/usr/lib /usr/lib/arm-linux-gnueabihf",
		  "/usr/lib/arm-linux-gnueabihf", false },
		{ "/lib/ld.so", "/usr/lib/x-linux-y /lib/x-linux-z", "/lib/x-linux-z", false },
		{ "/opt/tc/lib/ld.so", "/lib /usr/lib /opt/tc/lib", "/opt/tc/lib", false },
		{ "/opt/tc/lib/ld.so", "/usr/lib /usr/lib32 /usr/lib64", "/usr/lib32", false },
		{ "/opt/tc/lib/ld.so", "/usr/lib /usr/lib32 /usr/lib64", "/usr/lib64", true },
		{ "/opt/tc/lib/ld.so", "/usr/lib /lib", "/lib", false },
		{ "/opt/tc/lib/ld.so", "/usr/lib /lib64", "/lib64", true },
	};
	struct world *x;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		x = new_world();
		x->abi = cases[i].is64 ? ARM64 : ARM;
		prog_of(x, "/bin/app", "liba.so", cases[i].interp);
		lib(x, cases[i].interp, "");
		case_of_dirs(x, cases[i].dirs, cases[i].want);
	}
	/* the interpreter's, its links followed, and then that of its name */
	x = new_world();
	prog_of(x, "/bin/app", "liba.so libb.so", "/one/ld.so");
	symlink_at(x, "/one/ld.so", "../two/ld-2.so");
	lib(x, "/two/ld-2.so", "");
	lib(x, "/one/libb.so", "");
	case_of_dirs(x, "/one /two /lib", "/two");
}

/* --- musl --- */

#define MUSL "/lib/ld-musl-armhf.so.1"

static struct world *with_musl(const char *interp, const char *needs)
{
	struct world *x = new_world();

	prog_of(x, "/bin/app", needs, interp);
	lib(x, interp, "");
	return x;
}

static void musl_dirs(void **state)
{
	struct world *x;

	(void)state;
	case_of_dirs(with_musl(MUSL, "liba.so"), "/usr/lib /usr/local/lib /lib", "/lib");
	case_of_dirs(with_musl(MUSL, "liba.so"),
		     "/usr/lib /usr/local/lib /lib/arm-linux-musleabihf", "/usr/local/lib");
	case_of_dirs(with_musl(MUSL, "liba.so"), "/usr/lib", "/usr/lib");
	x = with_musl(MUSL, "liba.so");
	text(x, "/etc/ld.so.conf", "/opt/a");
	case_of_dirs(x, "/usr/lib /opt/a", "/usr/lib");
	x = with_musl(MUSL, "liba.so");
	text(x, "/etc/ld-musl-armhf.path", "/none:\n/opt/$ORIGIN\n/opt/b:/opt/a\n");
	case_of_dirs(x, "/lib /opt/a /opt/b /opt/$ORIGIN", "/opt/$ORIGIN");
	x = with_musl("/opt/musl/lib/ld-musl-armhf.so.1", "liba.so");
	text(x, "/etc/ld-musl-armhf.path", "/opt/b");
	text(x, "/opt/musl/etc/ld-musl-armhf.path", "/opt/a");
	case_of_dirs(x, "/lib /opt/a /opt/b", "/opt/a");
	/* there, but empty: no directories at all */
	x = with_musl(MUSL, "liba.so");
	text(x, "/etc/ld-musl-armhf.path", "");
	lib(x, "/lib/liba.so", "");
	expect(x, "/bin/app", "/bin/app " MUSL, "/bin/app" NEEDS("liba.so"));
	free_world(x);
}

/* libc.so and its parts are the interpreter, whatever else is there. */
static void musl_itself(void **state)
{
	struct world *x =
		with_musl(MUSL, "libc.musl-armhf.so.1 libm.so.6 libpthread.so.0 libdl.so.2 "
				"librt.so.1 libutil.so.1 libxnet.so libcrypt.so.1 libmm.so");

	(void)state;
	lib(x, "/lib/libm.so.6", "");
	lib(x, "/lib/libmm.so", "libc.so");
	lib(x, "/lib/libcrypt.so.1", "/lib/libc.so");
	symlink_at(x, "/lib/libc.so", "ld-musl-armhf.so.1");
	only(x, "/bin/app " MUSL " /lib/libcrypt.so.1 /lib/libmm.so");
}

/* DT_RUNPATH before DT_RPATH, and both of all loaders. */
static void musl_rpath(void **state)
{
	struct world *x = with_musl(MUSL, "liba.so");

	(void)state;
	x->file[0].exec.runpath = copy("/p");
	lib_runpath(x, "/lib/liba.so", "libd.so libe.so $ORIGIN/f.so", "${ORIGIN}/a")->rpath =
		copy("/p");
	lib(x, "/lib/a/libe.so", "");
	lib(x, "/p/libe.so", "");
	lib(x, "/p/libd.so", "");
	lib(x, "/lib/libd.so", "");
	lib(x, "/lib/f.so", "");
	expect(x, "/bin/app", "/bin/app " MUSL " /lib/liba.so /p/libd.so /lib/a/libe.so",
	       "/lib/liba.so" NEEDS("$ORIGIN/f.so"));
	free_world(x);

	/* a variable that it does not know, and all of the list is void */
	x = with_musl(MUSL, "liba.so");
	x->file[0].exec.rpath = copy("/p:$LIB");
	lib(x, "/p/liba.so", "");
	lib(x, "/lib/liba.so", "");
	only(x, "/bin/app " MUSL " /lib/liba.so");
}

/* --- /etc/ld.so.preload --- */

static void preload(void **state)
{
	static const char list[] = "# libn.so\n/opt/p.so libq.so:libr.so # libs.so\n\tlibgone.so\n";
	struct world *x = new_world();

	(void)state;
	prog(x, "/bin/app", "libd.so");
	lib(x, "/lib/ld.so", "");
	text(x, "/etc/ld.so.preload", list);
	lib(x, "/lib/libn.so", "");
	lib(x, "/lib/libs.so", "");
	lib(x, "/lib/libd.so", "");
	lib(x, "/lib/libq.so", "");
	lib(x, "/lib/libr.so", "");
	lib_runpath(x, "/opt/p.so", "libe.so", "$ORIGIN");
	lib(x, "/opt/libe.so", "");
	expect(x, "/bin/app",
	       "/bin/app /lib/ld.so /lib/libd.so /lib/libq.so /lib/libr.so /opt/libe.so /opt/p.so",
	       "/etc/ld.so.preload" NEEDS("libgone.so"));
	free_world(x);

	x = with_musl(MUSL, "");
	text(x, "/etc/ld.so.preload", list);
	only(x, "/bin/app " MUSL);
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
			text(x, path[i], "longer")->content = fake_content(&fake, 6);
			lib(x, "/opt/a/liba.so", "");
			lib(x, "/opt/liba.so", "");
			lib(x, "/lib/liba.so", "");
			finish(x);
			err = (struct crx_err)CRX_ERR_INIT;
			assert_int_equal(closure(x, "/bin/app", &err), k == 3 ? CRX_ECHANGED
								       : k    ? CRX_EIO
									      : 0);
			assert_int_equal(err.code, k == 3 ? CRX_ECHANGED : k ? CRX_EIO : 0);
			assert_int_equal(fake.opens, fake.closes);
			assert_int_equal(fake.out_of_bounds, 0);
			free_world(x);
		}
	}
}

/* --- hostile trees --- */

static void quickly(struct world *x)
{
	struct crx_err err = CRX_ERR_INIT;
	clock_t begin;

	finish(x);
	begin = clock();
	assert_int_equal(closure(x, "/bin/app", &err), 0);
	/* with sanitizers on a slow machine; without a bound it is many minutes */
	assert_true((clock() - begin) / CLOCKS_PER_SEC < 30);
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
			mkdirs(x, name);
	}
	list[DIRS * 7 - 1] = '\0';
	lib(x, "/lib/ld.so", "");
	for (i = 0; i < LIBS; i++) {
		snprintf(name, sizeof(name), i ? "/lib/lib%zu.so" : "/bin/app", i);
		e = lib_rpath(x, name, "", list);
		for (k = 0; k < NAMES - 1; k++) {
			snprintf(name, sizeof(name), "none%zu-%zu.so", i, k);
			add_needed(e, name);
		}
		snprintf(name, sizeof(name), "lib%zu.so", i + 1);
		add_needed(e, name);
	}
	free(list);
	quickly(x);
	assert_non_null(
		strstr(x->kept.text, "/bin/app: what it loads was not followed to the end"));
	/* each directory is a step, so that is soon */
	more = strstr(x->kept.text, " more that it needs");
	assert_non_null(more);
	while (more[-1] != ' ')
		more--;
	assert_true(strtoul(more, NULL, 10) < 4 * NAMES);
	assert_true(x->kept.log.warnings <= 52);
	free_world(x);
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
			text(x, name, conf);
		}
		snprintf(name, sizeof(name), "/etc/d%zu/up", i);
		symlink_at(x, name, "/etc");
	}
	lib(x, "/lib/liba.so", "");
	lib(x, "/opt/a/liba.so", "");
	quickly(x);
	free_world(x);
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
	e = prog(x, "/bin/app", "");
	lib(x, "/lib/ld.so", "");
	mkdirs(x, "/x");
	for (i = 0; i < 4096; i++) {
		snprintf(name, sizeof(name), "/lib/lib%zu.so", i);
		snprintf(target + 5 * STEPS, 64, "../lib/lib%zu.so", i + 1);
		symlink_at(x, name, target);
		snprintf(name, sizeof(name), "lib%zu.so", i);
		add_needed(e, name);
	}
	quickly(x);
	assert_non_null(
		strstr(x->kept.text, "/bin/app: what it loads was not followed to the end"));
	free_world(x);
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
		cmocka_unit_test(rpath_and_runpath),
		cmocka_unit_test(rpath_of_loader),
		cmocka_unit_test(origin),
		cmocka_unit_test(odd_variables),
		cmocka_unit_test(long_lists),
		cmocka_unit_test(lib_variable),
		cmocka_unit_test(needed_paths),
		cmocka_unit_test(conf_file),
		cmocka_unit_test(conf_includes),
		cmocka_unit_test(conf_odd),
		cmocka_unit_test(builtin_dirs),
		cmocka_unit_test(musl_dirs),
		cmocka_unit_test(musl_itself),
		cmocka_unit_test(musl_rpath),
		cmocka_unit_test(preload),
		cmocka_unit_test(unreadable),
		cmocka_unit_test(many_names_and_dirs),
		cmocka_unit_test(many_includes),
		cmocka_unit_test(many_links),
	};

	return cmocka_run_group_tests_name("needed", tests, NULL, NULL);
}
