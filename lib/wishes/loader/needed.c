/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All files that ld.so loads for a program. The search is breadth first, like that of ld.so: the
 * first object that needs a name decides where it is searched for.
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
	size_t loader;            /* the object that needed it first */
	struct crx_ldso_dirs own; /* its DT_RUNPATH, or else its DT_RPATH */
};

struct closure {
	struct crx_ldso l;
	struct crx_err *err;
	uint8_t *member;
	struct object *obj; /* in the order of loading; the program is the first */
	size_t nobjs, cap;
	struct crx_arena kept; /* copies of names that are not stored in a file's facts */
	struct crx_offenders missing;
};

static char *keep_string(struct closure *c, const char *s)
{
	char *copy = crx_arena_strndup(&c->kept, s, strlen(s));

	if (!copy)
		crx_err_nomem(c->err, "looking for libraries");
	return copy;
}

/* Add the object, unless it is loaded already, and find the directories that it names. */
static int add_object(struct closure *c, const struct crx_ldso_hit *hit, size_t loader)
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
	/* musl knows a library only by the name that it was needed by */
	if (!ret && !c->l.musl && x->soname) {
		ret = crx_ldso_name_entry(&c->l, x->soname, &e, c->err);
		if (!ret)
			e->loaded = true;
	}
	return ret;
}

/* In the directories that the object and its loaders name, then in the common ones. */
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

/* These names mean musl's libc.so, which is the linker: it does not load them. */
static bool is_part_of_musl(const char *name)
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

/* Load what object number `from` needs by this name; by: the path to blame if it is missing, or
 * NULL for the path of the object. */
static int load_needed(struct closure *c, size_t from, const char *name, const char *by)
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
		name = keep_string(c, buf);
		if (!name)
			return CRX_ENOMEM;
	}
	if (!*name || (c->l.musl && is_part_of_musl(name)))
		return 0;
	ret = crx_ldso_name_entry(&c->l, name, &e, c->err);
	if (ret || e->loaded)
		return ret;
	found = strchr(name, '/') ? crx_ldso_open(&c->l, name, &hit) : search(c, from, name, &hit);
	/* another object may find it, because it searches in other directories */
	if (!found && !e->reported && c->l.steps)
		warn_missing(c, by ? by : crx_tree_path(c->obj[from].hit.node, path, sizeof(path)),
			     name);
	e->reported |= !found;
	e->loaded = found;
	return found ? add_object(c, &hit, from) : 0;
}

static int load_interpreter(struct closure *c, const char *path)
{
	const char *interp = c->l.prog->interp;
	struct crx_ldso_hit hit;

	if (!interp)
		return 0;
	if (!crx_ldso_open(&c->l, interp, &hit)) {
		crx_log_warn(c->l.log, path,
			     "its interpreter %s is not in the tree, or is for another machine",
			     interp);
		return 0;
	}
	return add_object(c, &hit, NO_LOADER);
}

/* /etc/ld.so.preload: names separated by blanks or colons; '#' begins a comment. */
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
		p = keep_string(c, p);
		ret = p ? load_needed(c, 0, p, PRELOAD) : CRX_ENOMEM;
	}
	free(text);
	return ret;
}

static int load_all(struct closure *c, const struct crx_ldso_hit *prog, const char *path)
{
	size_t i, k;
	/* first, because the program's own list may contain $LIB */
	int ret = crx_ldso_find_dirs(&c->l, c->err);

	if (!ret)
		ret = add_object(c, prog, NO_LOADER);
	if (!ret)
		ret = load_interpreter(c, path);
	if (!ret)
		ret = load_preloads(c);
	for (i = 0; i < c->nobjs && !ret; i++)
		for (k = 0; k < c->obj[i].exec->nneeded && !ret; k++)
			ret = load_needed(c, i, c->obj[i].exec->needed[k], NULL);
	return ret;
}

static bool is_musl(const struct crx_exec *x)
{
	const char *slash = x->interp ? strrchr(x->interp, '/') : NULL;

	return slash && !strncmp(slash + 1, "ld-musl-", 8);
}

static int load_closure(struct closure *c, const struct crx_ldso_hit *prog, const char *path)
{
	size_t i;
	int ret = load_all(c, prog, path);

	if (!ret)
		crx_offenders_end(&c->missing, path, "that it needs");
	if (!ret && !c->l.steps)
		crx_log_warn(c->l.log, path,
			     "only a part of what it loads was found, because there are too many "
			     "places to search (name its libraries in rules of their own)");
	for (i = 0; i < c->nobjs; i++)
		free(c->obj[i].own.dir);
	free(c->obj);
	crx_ldso_free(&c->l);
	crx_arena_free(&c->kept);
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
			     "is not in the tree, so it needs no files (name a program by its path "
			     "from the root)");
		return 0;
	}
	if (n->file != CRX_NO_FILE) {
		hit.file = f->file[n->file].link;
		hit.origin = n->parent;
		x = &f->file[hit.file].exec;
		c.l.prog = x;
		c.l.musl = is_musl(x);
		if (crx_exec_is_object(x) && (x->interp || x->nneeded))
			return load_closure(&c, &hit, path);
		if (crx_exec_is_object(x) || x->program) {
			member[hit.file] = 1;
			return 0;
		}
	}
	crx_log_warn(log, path,
		     "is not a program, so the files it needs are unknown (name the program itself "
		     "or, for a script, its interpreter)");
	return 0;
}
