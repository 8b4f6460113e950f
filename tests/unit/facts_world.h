/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Trees with executables, and the facts about them, made by hand: for the tests
 * of policy and of the loader. No file is read. Include after cmocka.h.
 */
#ifndef CRX_TESTS_FACTS_WORLD_H
#define CRX_TESTS_FACTS_WORLD_H

#include <elf.h>
#include <stdio.h>

#include "kept_log.h"
#include "scan/equal.h"
#include "tree_make.h"
#include "wishes/policy/policy.h"

enum { P = 4096, R = PF_R, RX = PF_R | PF_X, RW = PF_R | PF_W };

static const struct crx_exec_abi ARM = { 32, 0, EM_ARM }, ARMEB = { 32, 1, EM_ARM },
				 ARM64 = { 64, 0, EM_AARCH64 }, X86 = { 64, 0, EM_X86_64 },
				 MIPS = { 32, 1, EM_MIPS };

enum { WORLD_FILES = 300 };

struct world {
	struct crx_tree t;
	struct crx_facts f;   /* from make_facts() on */
	struct kept_log kept; /* the warnings, with their paths */
	struct crx_err err;
	struct {
		struct crx_node *n;
		struct crx_exec exec;
	} file[WORLD_FILES]; /* in the order in which they were added */
	size_t nfiles;
	/* policy_world.h */
	struct crx_rules rules;
	struct crx_wishes w;
	bool no_mmu;
	/* loader_world.h */
	struct crx_exec_abi abi; /* of programs and libraries added next */
	char needed[20000];      /* paths with blanks between, in the order of the tree */
};

static inline struct world *new_world(void)
{
	struct world *x = calloc(1, sizeof(*x));

	assert_non_null(x);
	tree_make_init(&x->t);
	kept_begin_paths(&x->kept, CRX_LEVEL_WARNING);
	x->abi = ARM;
	return x;
}

static inline void end(struct world *x)
{
	size_t i;

	for (i = 0; i < x->nfiles; i++)
		crx_exec_free(&x->file[i].exec);
	free(x->f.file);
	crx_rules_free(&x->rules);
	crx_wishes_free(&x->w);
	crx_wishes_free(&x->w);
	crx_tree_free(&x->t);
	free(x);
}

/* The directory that holds path, made where it is missing; the last name of path. */
static inline struct crx_node *dir_of(struct world *x, const char *path, const char **name)
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

static inline struct crx_node *add_dir(struct world *x, const char *path)
{
	const char *name;
	struct crx_node *d = dir_of(x, path, &name);

	return tree_make_dir(d, name);
}

static inline struct crx_node *add_link(struct world *x, const char *path, const char *target)
{
	const char *name;
	struct crx_node *d = dir_of(x, path, &name);

	return tree_make_link(d, name, target);
}

static inline struct crx_exec *add_file(struct world *x, const char *path, uint64_t size)
{
	const char *name;
	struct crx_node *d = dir_of(x, path, &name);

	assert_true(x->nfiles < WORLD_FILES);
	x->file[x->nfiles].n = tree_make_file(d, name, "never read", (size_t)size);
	return &x->file[x->nfiles++].exec;
}

/* A file that can be read. */
static inline struct crx_node *add_text(struct world *x, const char *path, const char *data)
{
	const char *name;
	struct crx_node *d = dir_of(x, path, &name);

	return tree_make_file(d, name, data, strlen(data));
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

/* path becomes another name of the file added last. */
static inline void add_name(struct world *x, const char *path)
{
	struct crx_node *n = x->file[x->nfiles - 1].n, *other, *d;
	const char *name;

	d = dir_of(x, path, &name);
	other = tree_make_file(d, name, "never read", (size_t)n->size);
	other->mode = n->mode;
	n->link_dev = other->link_dev = 1;
	n->link_ino = other->link_ino = x->nfiles;
}

/* As scan would: the facts of a file are at its first name. */
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
	assert_int_equal(crx_scan_find_inodes(&x->f, &x->err), 0);
}

#endif
