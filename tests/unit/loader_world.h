/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What ld.so loads, on the trees of facts_world.h: programs and libraries that need
 * others. Include after cmocka.h.
 */
#ifndef CRX_TESTS_LOADER_WORLD_H
#define CRX_TESTS_LOADER_WORLD_H

#include <elf.h>
#include <stdio.h>

#include "wishes/loader/needed.h"
#include "facts_world.h"

static inline char *copy(const char *s)
{
	char *p = s ? strdup(s) : NULL;

	assert_true(!s || p);
	return p;
}

static inline void add_needed(struct crx_exec *e, const char *name)
{
	e->needed = realloc(e->needed, (e->nneeded + 1) * sizeof(*e->needed));
	assert_non_null(e->needed);
	e->needed[e->nneeded++] = copy(name);
}

/* A shared object that needs the names, with blanks between. */
static inline struct crx_exec *add_lib(struct world *x, const char *path, const char *needs)
{
	struct crx_exec *e = add_file(x, path, strlen("never read"));
	char name[256];
	size_t n;

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

static inline struct crx_exec *add_lib_runpath(struct world *x, const char *path, const char *needs,
					       const char *runpath)
{
	struct crx_exec *e = add_lib(x, path, needs);

	e->runpath = copy(runpath);
	return e;
}

static inline struct crx_exec *add_lib_rpath(struct world *x, const char *path, const char *needs,
					     const char *rpath)
{
	struct crx_exec *e = add_lib(x, path, needs);

	e->rpath = copy(rpath);
	return e;
}

/* A program of glibc, or with another interpreter. */
static inline struct crx_exec *add_prog_interp(struct world *x, const char *path, const char *needs,
					       const char *interp)
{
	struct crx_exec *e = add_lib(x, path, needs);

	e->program = true;
	e->interp = copy(interp);
	return e;
}

static inline struct crx_exec *add_prog(struct world *x, const char *path, const char *needs)
{
	return add_prog_interp(x, path, needs, "/lib/ld.so");
}

static inline int find_needed(struct world *x, const char *path, struct crx_err *err)
{
	uint8_t *member = calloc(x->f.nfiles + 1, 1);
	size_t i, used = 0;
	char buf[1024];
	int ret;

	assert_non_null(member);
	kept_clear(&x->kept);
	x->needed[0] = '\0';
	ret = crx_loader_needed(&x->t, &x->f, path, &x->kept.log, member, err);
	for (i = 0; i < x->f.nfiles; i++) {
		assert_true(member[i] <= 1);
		if (member[i])
			used += (size_t)snprintf(x->needed + used, sizeof(x->needed) - used, "%s%s",
						 used ? " " : "",
						 crx_tree_path(x->f.file[i].node, buf,
							       sizeof(buf)));
	}
	assert_int_equal(member[x->f.nfiles], 0);
	free(member);
	return ret;
}

#define NEEDS(name) \
	": needs " name ", which is not in the tree where the dynamic linker looks for it\n"

static inline void needs_are(struct world *x, const char *path, const char *members,
			     const char *said)
{
	struct crx_err err = CRX_ERR_INIT;

	if (!x->f.file)
		make_facts(x, P);
	assert_int_equal(find_needed(x, path, &err), 0);
	assert_int_equal(err.code, 0);
	assert_string_equal(x->needed, members);
	assert_string_equal(x->kept.text, said);
}

/* One case: what was added, one closure, and no warning. */
static inline void app_needs(struct world *x, const char *members)
{
	needs_are(x, "/bin/app", members, "");
	end(x);
}

static inline struct world *with_conf(const char *conf)
{
	struct world *x = new_world();

	add_prog(x, "/bin/app", "liba.so");
	add_lib(x, "/lib/ld.so", "");
	if (conf)
		add_text(x, "/etc/ld.so.conf", conf);
	return x;
}

#endif
