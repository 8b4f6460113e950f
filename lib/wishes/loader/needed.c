/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All that ld.so loads for a program: breadth first, as it goes itself, since
 * who asks for a name first decides where it is looked for.
 */
#include "config.h"
#include "wishes/loader/needed.h"

#include <stdlib.h>
#include <string.h>

#include "base/offenders.h"
#include "exec/mapping.h"
#include "wishes/loader/ldso.h"

#define NO_LOADER SIZE_MAX

enum { WARNINGS_MAX = 50, OBJECT_STEPS = 4 };

struct object {
	struct crx_ldso_hit hit;
	const struct crx_exec *exec;
	size_t loader;            /* that asked for it first */
	struct crx_ldso_dirs own; /* its DT_RUNPATH, or else its DT_RPATH */
};

struct closure {
	struct crx_ldso l;
	struct crx_err *err;
	uint8_t *member;
	struct object *obj; /* in the order of loading; the program is the first */
	size_t nobjs, cap;
	struct crx_arena kept; /* names that are no file's */
	struct crx_offenders missing;
};

static char *keep(struct closure *c, const char *s)
{
	char *copy = crx_arena_alloc(&c->kept, strlen(s) + 1);

	if (!copy)
		crx_err_nomem(c->err, "looking for libraries");
	else
		strcpy(copy, s);
	return copy;
}

/* The object is loaded, once. Where it looks for others is found out now. */
static int load(struct closure *c, const struct crx_ldso_hit *hit, size_t loader)
{
	const struct crx_exec *x = &c->l.f->file[hit->file].exec;
	const char *list = x->runpath ? x->runpath : x->rpath;
	struct crx_ldso_name *e;
	struct object *o;
	int ret = 0;

	if (c->nobjs && (c->member[hit->file] || !crx_ldso_spend(&c->l, OBJECT_STEPS)))
		return 0;
	if (!crx_grow(&c->obj, &c->cap, c->nobjs + 1, sizeof(*c->obj)))
		return crx_err_nomem(c->err, "looking for libraries");
	c->member[hit->file] = 1;
	o = &c->obj[c->nobjs++];
	*o = (struct object){ .hit = *hit, .exec = x, .loader = loader };
	if (list)
		ret = crx_ldso_add_list(&c->l, &o->own, list, ":", hit->origin, c->err);
	/* musl knows libraries by the names that they were asked for alone */
	if (!ret && !c->l.musl && x->soname) {
		ret = crx_ldso_name(&c->l, x->soname, &e, c->err);
		if (!ret)
			e->loaded = true;
	}
	return ret;
}

/* In the directories that the object and its loaders name, then in those that
 * serve all. */
static bool search(struct closure *c, size_t from, const char *name, struct crx_ldso_hit *hit)
{
	const struct object *o = &c->obj[from];
	bool inherits = c->l.musl || !o->exec->runpath;
	size_t i;

	for (i = from; inherits && i != NO_LOADER && crx_ldso_spend(&c->l, 1); i = c->obj[i].loader)
		if ((c->l.musl || !c->obj[i].exec->runpath) &&
		    crx_ldso_search(&c->l, &c->obj[i].own, name, hit))
			return true;
	if (!inherits && crx_ldso_search(&c->l, &o->own, name, hit))
		return true;
	return crx_ldso_search(&c->l, &c->l.sys, name, hit);
}

/* musl's libc.so is the linker, which does not load these a second time. */
static bool is_musl_itself(const char *name)
{
	static const char *const part[] = {
		"c.", "pthread.", "rt.", "m.", "dl.", "util.", "xnet."
	};
	size_t i;

	for (i = 0; !strncmp(name, "lib", 3) && i < sizeof(part) / sizeof(part[0]); i++)
		if (!strncmp(name + 3, part[i], strlen(part[i])))
			return true;
	return false;
}

static void warn_missing(struct closure *c, const char *by, const char *name)
{
	crx_offenders_add(&c->missing, by,
			  "needs %s, which is not in the tree where the dynamic linker looks for "
			  "it",
			  name);
}

/* Object number from needs name; or the file by asks for it, where not NULL. */
static int need(struct closure *c, size_t from, const char *name, const char *by)
{
	char buf[CRX_LDSO_PATH_CAP], path[CRX_ERR_PATH_MAX];
	struct crx_ldso_name *e;
	struct crx_ldso_hit hit;
	bool found;
	int ret;

	if (!crx_ldso_spend(&c->l, 1))
		return 0;
	if (!c->l.musl && strchr(name, '$') &&
	    crx_ldso_expand(&c->l, name, strlen(name), c->obj[from].hit.origin, buf, sizeof(buf))) {
		name = keep(c, buf);
		if (!name)
			return CRX_ENOMEM;
	}
	if (!*name || (c->l.musl && is_musl_itself(name)))
		return 0;
	ret = crx_ldso_name(&c->l, name, &e, c->err);
	if (ret || e->loaded)
		return ret;
	found = strchr(name, '/') ? crx_ldso_open(&c->l, name, &hit) : search(c, from, name, &hit);
	/* somebody else may look elsewhere, so what is missing is not settled */
	if (!found && !e->missed && c->l.steps)
		warn_missing(c, by ? by : crx_tree_path(c->obj[from].hit.node, path, sizeof(path)),
			     name);
	e->missed |= !found;
	e->loaded = found;
	return found ? load(c, &hit, from) : 0;
}

static int load_interpreter(struct closure *c, const char *path)
{
	const char *interp = c->l.prog->interp;
	struct crx_ldso_hit hit;

	if (!interp)
		return 0;
	if (!crx_ldso_open(&c->l, interp, &hit)) {
		crx_log_warn(c->l.log, path,
			     "its interpreter %s is not in the tree, or is for another processor",
			     interp);
		return 0;
	}
	return load(c, &hit, NO_LOADER);
}

/* /etc/ld.so.preload: names with blanks or colons between, '#' for comments. */
static int load_preloads(struct closure *c)
{
	static const char BLANK[] = " \t\n:", PRELOAD[] = "/etc/ld.so.preload";
	char *text, *p, *end;
	int ret;

	if (c->l.musl)
		return 0;
	ret = crx_ldso_read_text(&c->l, PRELOAD, &text, c->err);
	if (ret || !text)
		return ret;
	for (p = text; (p = strchr(p, '#'));)
		for (; *p && *p != '\n'; p++)
			*p = ' ';
	for (p = text; !ret; p = end) {
		p += strspn(p, BLANK);
		end = p + strcspn(p, BLANK);
		if (!*p)
			break;
		if (*end)
			*end++ = '\0';
		p = keep(c, p);
		ret = p ? need(c, 0, p, PRELOAD) : CRX_ENOMEM;
	}
	free(text);
	return ret;
}

static int load_all(struct closure *c, const struct crx_ldso_hit *prog, const char *path)
{
	size_t i, k;
	/* first, since the program's own list may have $LIB in it */
	int ret = crx_ldso_find_dirs(&c->l, c->err);

	if (!ret)
		ret = load(c, prog, NO_LOADER);
	if (!ret)
		ret = load_interpreter(c, path);
	if (!ret)
		ret = load_preloads(c);
	for (i = 0; i < c->nobjs && !ret; i++)
		for (k = 0; k < c->obj[i].exec->nneeded && !ret; k++)
			ret = need(c, i, c->obj[i].exec->needed[k], NULL);
	return ret;
}

static bool is_musl(const struct crx_exec *x)
{
	const char *slash = x->interp ? strrchr(x->interp, '/') : NULL;

	return slash && !strncmp(slash + 1, "ld-musl-", 8);
}

static int follow(struct closure *c, const struct crx_ldso_hit *prog, const char *path)
{
	size_t i;
	int ret = load_all(c, prog, path);

	if (!ret)
		crx_offenders_end(&c->missing, path, "that it needs");
	if (!ret && !c->l.steps)
		crx_log_warn(c->l.log, path,
			     "what it loads was not followed to the end, there are too many places "
			     "to look at; name its libraries themselves");
	for (i = 0; i < c->nobjs; i++)
		free(c->obj[i].own.dir);
	free(c->obj);
	crx_arena_free(&c->kept);
	crx_ldso_free(&c->l);
	return ret;
}

int crx_loader_needed(const struct crx_tree *t, const struct crx_facts *f, const char *path,
		      struct crx_log *log, uint8_t *member, struct crx_err *err)
{
	const struct crx_node *n = crx_tree_find(t, path);
	struct closure c = { .l = { .t = t, .f = f, .log = log, .steps = CRX_LDSO_STEPS },
			     .err = err,
			     .member = member,
			     .missing = { log, CRX_LEVEL_WARNING, WARNINGS_MAX, 0 } };
	struct crx_ldso_hit hit = { .node = n };
	const struct crx_exec *x;

	if (!n) {
		crx_log_warn(log, path,
			     "not in the tree, so nothing is needed by it; name a program with its "
			     "path from the root");
		return 0;
	}
	if (n->file != CRX_NO_FILE) {
		hit.file = f->file[n->file].link;
		hit.origin = n->parent;
		x = &f->file[hit.file].exec;
		c.l.prog = x;
		c.l.musl = is_musl(x);
		if (crx_exec_is_object(x) && (x->interp || x->nneeded))
			return follow(&c, &hit, path);
		if (crx_exec_is_object(x) || x->program) {
			member[hit.file] = 1;
			return 0;
		}
	}
	crx_log_warn(log, path,
		     "no program, so nothing says what it needs; name the program itself (of a "
		     "script, its interpreter)");
	return 0;
}
