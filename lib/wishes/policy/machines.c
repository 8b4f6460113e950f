/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "wishes/policy/machines.h"

#include <stdlib.h>
#include <string.h>

#include "exec/mapping.h"

bool crx_policy_is_debug(const struct crx_facts *f, size_t file)
{
	const struct crx_node *n, *first = NULL, *second = NULL, *third = NULL;

	if (f->file[f->file[file].link].exec.debug)
		return true;
	/* the top three directories of its path */
	for (n = f->file[file].node->parent; n && n->parent; n = n->parent) {
		third = second;
		second = first;
		first = n;
	}
	return third && !strcmp(first->name, "usr") && !strcmp(second->name, "lib") &&
	       !strcmp(third->name, "debug");
}

/* The files for one machine. */
struct machine {
	struct crx_exec_abi abi;
	uint64_t files, bytes;
};

static int abi_cmp(const struct crx_exec_abi *a, const struct crx_exec_abi *b)
{
	int c = crx_compare(a->machine, b->machine);

	if (!c)
		c = crx_compare(a->elf_class, b->elf_class);
	return c ? c : crx_compare(a->big, b->big);
}

/* Which files show the machines of the root, from the best evidence to the weakest. */
enum evidence { COMPLETE, RUNNABLE, PROGRAM, OBJECT, EVIDENCES };

size_t crx_policy_interpreter(const struct crx_tree *t, const struct crx_facts *f,
			      const struct crx_exec *x)
{
	const struct crx_node *n = x->interp ? crx_tree_find(t, x->interp) : NULL;

	return n && n->file != CRX_NO_FILE ? f->file[n->file].link : CRX_NO_FILE;
}

static bool has_interpreter(const struct crx_tree *t, const struct crx_facts *f,
			    const struct crx_exec *x)
{
	size_t i = crx_policy_interpreter(t, f, x);

	return i != CRX_NO_FILE && crx_exec_abi_equal(&f->file[i].exec.abi, &x->abi);
}

static bool is_evidence(const struct crx_tree *t, const struct crx_facts *f, size_t file,
			enum evidence level)
{
	const struct crx_exec *x = &f->file[file].exec;

	if (!crx_exec_is_object(x) || crx_policy_is_debug(f, file))
		return false;
	switch (level) {
	case COMPLETE:
		return x->program && has_interpreter(t, f, x);
	case RUNNABLE:
		return x->program && f->file[file].node->mode & 0111;
	case PROGRAM:
		return x->program;
	default:
		return true;
	}
}

static int count_file(struct machine **found, size_t *n, size_t *cap,
		      const struct crx_file_fact *file, struct crx_err *err)
{
	size_t i;

	for (i = 0; i < *n && !crx_exec_abi_equal(&(*found)[i].abi, &file->exec.abi); i++)
		;
	if (i == *n) {
		if (!crx_grow(found, cap, *n + 1, sizeof(**found)))
			return crx_err_nomem(err, "finding the machines of the programs");
		(*found)[(*n)++] = (struct machine){ .abi = file->exec.abi };
	}
	(*found)[i].files++;
	(*found)[i].bytes += file->node->size;
	return 0;
}

static int by_abi(const void *a, const void *b)
{
	const struct machine *x = a, *y = b;

	return abi_cmp(&x->abi, &y->abi);
}

static int by_weight(const void *a, const void *b)
{
	const struct machine *x = a, *y = b;
	int c = crx_compare(y->files, x->files); /* most files first, then most bytes */

	if (!c)
		c = crx_compare(y->bytes, x->bytes);
	return c ? c : abi_cmp(&x->abi, &y->abi);
}

/* All machines of complete programs, otherwise the one with the most files. */
static int choose(struct machine *found, size_t n, enum evidence level, struct crx_wishes *w,
		  struct crx_err *err)
{
	size_t i;

	qsort(found, n, sizeof(*found), level == COMPLETE ? by_abi : by_weight);
	w->nabis = level == COMPLETE ? n : 1;
	w->abi = crx_alloc(w->nabis, sizeof(*w->abi));
	if (!w->abi)
		return crx_err_nomem(err, "finding the machines of the programs");
	for (i = 0; i < w->nabis; i++)
		w->abi[i] = found[i].abi;
	return 0;
}

int crx_policy_find_machines(const struct crx_tree *t, const struct crx_facts *f,
			     struct crx_wishes *w, struct crx_err *err)
{
	struct machine *found = NULL;
	size_t n = 0, cap = 0, i;
	int level, ret = 0;

	for (level = COMPLETE; level < EVIDENCES && !n && !ret; level++) {
		for (i = 0; i < f->nfiles && !ret; i++)
			if (f->file[i].link == i && is_evidence(t, f, i, (enum evidence)level))
				ret = count_file(&found, &n, &cap, &f->file[i], err);
		if (!ret && n)
			ret = choose(found, n, (enum evidence)level, w, err);
	}
	free(found);
	return ret;
}
