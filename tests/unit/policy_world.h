/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Trees and facts made by hand, for what policy makes of them. No file is
 * read. Include after cmocka.h.
 */
#ifndef CRX_TESTS_POLICY_WORLD_H
#define CRX_TESTS_POLICY_WORLD_H

#include <elf.h>
#include <stdio.h>

#include "wishes/policy/policy.h"
#include "scan/equal.h"
#include "kept_log.h"
#include "tree_make.h"

enum { P = 4096, R = PF_R, RX = PF_R | PF_X, RW = PF_R | PF_W };

static const struct crx_exec_abi ARM = { 32, 0, EM_ARM }, ARMEB = { 32, 1, EM_ARM },
				 ARM64 = { 64, 0, EM_AARCH64 }, X86 = { 64, 0, EM_X86_64 },
				 MIPS = { 32, 1, EM_MIPS };

struct world {
	struct crx_tree t;
	struct crx_facts f;
	struct crx_wishes w;
	struct crx_err err;
	struct kept_log kept; /* the warnings, with their paths */
	struct crx_rules rules;
	bool no_mmu;
	struct {
		struct crx_node *n;
		struct crx_exec exec;
	} file[64];
	size_t nfiles;
};

static inline struct world *new_world(void)
{
	struct world *x = calloc(1, sizeof(*x));

	assert_non_null(x);
	tree_make_init(&x->t);
	kept_begin_paths(&x->kept, CRX_LEVEL_WARNING);
	return x;
}

/* The directory at path ("usr/lib"), made where it is missing. */
static inline struct crx_node *dir_at(struct world *x, const char *path, size_t len)
{
	struct crx_node *d = x->t.root, *next;
	size_t i, n;
	char name[64];

	while (len) {
		n = strcspn(path, "/");
		n = n < len ? n : len;
		snprintf(name, sizeof(name), "%.*s", (int)n, path);
		next = NULL;
		for (i = 0; i < d->nchildren; i++)
			if (!strcmp(d->child[i]->name, name))
				next = d->child[i];
		d = next ? next : tree_make_dir(d, name);
		path += n + 1;
		len -= n < len ? n + 1 : n;
	}
	return d;
}

static inline struct crx_exec *add_file(struct world *x, const char *path, uint64_t size)
{
	const char *slash = strrchr(path, '/');
	struct crx_node *d = dir_at(x, path, slash ? (size_t)(slash - path) : 0);

	x->file[x->nfiles].n =
		tree_make_file(d, slash ? slash + 1 : path, "never read", (size_t)size);
	return &x->file[x->nfiles++].exec;
}

/* An ELF file of 10 pages with code in the first 4. */
static inline struct crx_exec *add_elf(struct world *x, const char *path, struct crx_exec_abi abi,
				       uint16_t type)
{
	struct crx_exec *e = add_file(x, path, 10 * P);

	e->kind = CRX_EXEC_ELF;
	e->abi = abi;
	e->type = type;
	e->seg = calloc(1, sizeof(*e->seg));
	assert_non_null(e->seg);
	e->seg[0] = (struct crx_exec_segment){ .flags = RX, .filesz = 4 * P, .memsz = 4 * P };
	e->nseg = 1;
	return e;
}

static inline struct crx_exec *add_program(struct world *x, const char *path,
					   struct crx_exec_abi abi, const char *interp)
{
	struct crx_exec *e = add_elf(x, path, abi, ET_DYN);

	e->program = true;
	x->file[x->nfiles - 1].n->mode = S_IFREG | 0755;
	if (interp) {
		e->interp = strdup(interp);
		assert_non_null(e->interp);
	}
	return e;
}

static inline void add_segment(struct crx_exec *e, uint32_t flags, uint64_t off, uint64_t filesz)
{
	e->seg = realloc(e->seg, (e->nseg + 1) * sizeof(*e->seg));
	assert_non_null(e->seg);
	e->seg[e->nseg] = (struct crx_exec_segment){
		.index = (uint32_t)e->nseg,
		.flags = flags,
		.off = off,
		.vaddr = 0x10000 + off,
		.filesz = filesz,
		.memsz = filesz,
	};
	e->nseg++;
}

/* A flat binary of size bytes, the first text_len of them text. */
static inline struct crx_exec *add_flat(struct world *x, const char *path, uint64_t size,
					uint64_t text_len)
{
	struct crx_exec *e = add_file(x, path, size);

	e->kind = CRX_EXEC_BFLT;
	e->program = true;
	e->seg = calloc(1, sizeof(*e->seg));
	assert_non_null(e->seg);
	e->seg[0] = (struct crx_exec_segment){ .flags = RX, .filesz = text_len, .memsz = text_len };
	e->nseg = 1;
	return e;
}

static inline struct crx_node *add_link(struct world *x, const char *path, const char *target)
{
	const char *slash = strrchr(path, '/');

	return tree_make_link(dir_at(x, path, slash ? (size_t)(slash - path) : 0),
			      slash ? slash + 1 : path, target);
}

/* path becomes another name of the file added last. */
static inline void add_name(struct world *x, const char *path)
{
	struct crx_node *n = x->file[x->nfiles - 1].n;
	const char *slash = strrchr(path, '/');
	struct crx_node *d = dir_at(x, path, slash ? (size_t)(slash - path) : 0);
	struct crx_node *other =
		tree_make_file(d, slash ? slash + 1 : path, "never read", (size_t)n->size);

	other->mode = n->mode;
	n->link_dev = other->link_dev = 1;
	n->link_ino = other->link_ino = x->nfiles;
}

/* As scan does: what is in a file stands with its first name. */
static inline void make_facts(struct world *x, uint32_t page_size)
{
	size_t i, j;

	tree_make_finish(&x->t);
	x->f = (struct crx_facts){
		.page_size = page_size,
		.nfiles = x->t.nfiles,
		.file = calloc(x->t.nfiles + 1, sizeof(*x->f.file)),
	};
	assert_non_null(x->f.file);
	for (i = 0; i < x->t.nfiles; i++) {
		struct crx_file_fact *file = &x->f.file[i];

		file->node = x->t.file[i];
		file->nblks = (uint32_t)((file->node->size + page_size - 1) / page_size);
		file->same = file->link = (uint32_t)i;
		for (j = 0; j < i && file->node->link_ino; j++)
			if (x->f.file[j].node->link_ino == file->node->link_ino) {
				file->same = file->link = (uint32_t)j;
				break;
			}
		for (j = 0; j < x->nfiles; j++)
			if (x->file[j].n == file->node ||
			    (file->node->link_ino &&
			     x->file[j].n->link_ino == file->node->link_ino && file->link == i))
				file->exec = x->file[j].exec;
		if (file->link != i)
			file->exec = (struct crx_exec){ 0 };
	}
	assert_int_equal(crx_scan_find_twins(&x->f, &x->err), 0);
}

/* As a policy file called "p" has them; all from line 1 on. */
static inline void add_rules(struct world *x, const char *text)
{
	assert_int_equal(crx_rules_parse(&x->rules, "p", text, strlen(text), &x->kept.log, &x->err),
			 0);
}

static inline void decide_for(struct world *x, bool xip, enum crx_order order, uint32_t page_size)
{
	struct crx_policy_opts o = {
		.xip = xip, .no_mmu = x->no_mmu, .order = order, .rules = &x->rules
	};

	make_facts(x, page_size);
	assert_int_equal(crx_policy(&x->t, &x->f, &o, &x->kept.log, &x->w, &x->err), 0);
	assert_int_equal(x->w.nfiles, x->t.nfiles);
}

/* With -X. */
static inline void decide(struct world *x)
{
	decide_for(x, true, CRX_ORDER_LITTLE, P);
}

/* By rules alone. */
static inline void decide_by(struct world *x, const char *rules)
{
	add_rules(x, rules);
	decide_for(x, false, CRX_ORDER_LITTLE, P);
}

static inline void end(struct world *x)
{
	size_t i;

	for (i = 0; i < x->nfiles; i++) {
		free(x->file[i].exec.interp);
		free(x->file[i].exec.seg);
	}
	free(x->f.file);
	crx_rules_free(&x->rules);
	crx_wishes_free(&x->w);
	crx_wishes_free(&x->w);
	crx_tree_free(&x->t);
	free(x);
}

static inline const struct crx_file_wish *wish(struct world *x, const char *path)
{
	struct crx_node *n = crx_tree_find(&x->t, path);

	assert_non_null(n);
	assert_true(n->file != CRX_NO_FILE);
	return &x->w.file[n->file];
}

/* "0-3 5-7" or "", then the reason to skip the file, if there is one: "!debug". */
static inline void wish_is(struct world *x, const char *path, const char *want)
{
	static const char *const skip[CRX_SKIP_KINDS] = {
		[CRX_SKIP_DEBUG] = "debug",         [CRX_SKIP_MACHINE] = "machine",
		[CRX_SKIP_UNALIGNED] = "unaligned", [CRX_SKIP_DAMAGED] = "damaged",
		[CRX_SKIP_FLAT_RAM] = "flat-ram",   [CRX_SKIP_NOT_FDPIC] = "not-fdpic",
		[CRX_SKIP_PART] = "part",           [CRX_SKIP_RULE] = "rule",
	};
	const struct crx_file_wish *w = wish(x, path);
	char got[200] = "";
	size_t i, used = 0;

	for (i = 0; i < w->nranges; i++)
		used += (size_t)snprintf(got + used, sizeof(got) - used, "%s%u-%u", i ? " " : "",
					 w->range[i].first_pg,
					 w->range[i].first_pg + w->range[i].npg - 1);
	if (w->skip)
		snprintf(got + used, sizeof(got) - used, "!%s", skip[w->skip]);
	if (strcmp(got, want))
		fail_msg("%s: '%s', not '%s'", path, got, want);
}

/* "0:4/4" is segment 0, at page 0, all of its 4 pages; "2@5:1/3um" the first
 * of 3 from page 5, a unit, and a must; "f" for the whole file. */
static inline void cands_are(struct world *x, const char *path, const char *want)
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

static inline void action_is(struct world *x, const char *path, enum crx_action want, uint32_t rule)
{
	const struct crx_file_wish *w = wish(x, path);

	if (w->action != want || w->rule != rule)
		fail_msg("%s: %s by rule %u, not %s by %u", path, crx_action_text(w->action),
			 w->rule, crx_action_text(want), rule);
}

static inline void one_warning(struct world *x, const char *text)
{
	kept_has(&x->kept, text);
	if (x->kept.log.warnings != 1)
		fail_msg("%lu warnings: %s", x->kept.log.warnings, x->kept.text);
}

static inline void no_warning(struct world *x)
{
	if (x->kept.log.warnings)
		fail_msg("warnings: %s", x->kept.text);
}

/* By file, then by segment; each name has its own. */
#define DEBUGGED "!debug"
#define FOREIGN "!machine"
#define UNALIGNED "!unaligned"
#define DAMAGED "!damaged"
#define FLAT_RAM "!flat-ram"
#define NOT_FDPIC "!not-fdpic"
#define PART "!part"
#define RULED "!rule"

#endif
