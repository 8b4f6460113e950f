/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which files share a block pointer table. Only one file of each table is read back; for the others
 * it suffices that their facts are the same.
 */
#include "config.h"
#include "proof/verify/state.h"

#include <stdlib.h>

struct use {
	uint32_t table_off;
	uint32_t file;
};

static int by_table(const void *a, const void *b)
{
	const struct use *x = a, *y = b;
	int c = crx_compare(x->table_off, y->table_off);

	return c ? c : crx_compare(x->file, y->file);
}

static int by_value(const void *a, const void *b)
{
	return crx_compare(*(const uint32_t *)a, *(const uint32_t *)b);
}

/* Do the files a and b have the same contents, by their hashes? */
static bool same_facts(const struct crx_facts *f, uint32_t a, uint32_t b)
{
	const struct crx_file_fact *x = &f->file[a], *y = &f->file[b];
	uint32_t i;

	if (x->node->size != y->node->size || x->nblks != y->nblks)
		return false;
	for (i = 0; i < x->nblks; i++)
		if (!crx_hash_equal(f->blk[x->first_blk + i].hash, f->blk[y->first_blk + i].hash))
			return false;
	return true;
}

/* first: the first file whose table is at the same offset. */
static int check_use(const struct crx_verify *v, uint32_t first, const struct use *u,
		     struct crx_err *err)
{
	const struct crx_plan *p = v->p;
	uint32_t table = p->table_of[u->file];

	if (table >= p->ntables || p->table[table].file != first)
		return crx_verify_fault(v, crx_verify_node(v, u->file), u->table_off, err,
					"its table is not the planned one");
	if (u->file != first && !same_facts(v->f, first, u->file)) {
		char other[CRX_ERR_PATH_MAX];

		crx_tree_path(crx_verify_node(v, first), other, sizeof(other));
		return crx_verify_fault(v, crx_verify_node(v, u->file), u->table_off, err,
					"shares a table with %.150s, whose contents differ", other);
	}
	return 0;
}

/* u is sorted by table. */
static int check_uses(struct crx_verify *v, const struct use *u, size_t n, struct crx_err *err)
{
	size_t i;
	int ret;

	v->ntables = 0;
	for (i = 0; i < n; i++) {
		if (!i || u[i].table_off != u[i - 1].table_off)
			v->table[v->ntables++] = u[i].file;
		ret = check_use(v, v->table[v->ntables - 1], &u[i], err);
		if (ret < 0)
			return ret;
	}
	if (v->ntables != v->p->ntables)
		return crx_verify_fault(v, NULL, 0, err, "%zu tables, not %zu", v->ntables,
					v->p->ntables);
	return 0;
}

int crx_verify_tables(struct crx_verify *v, struct crx_err *err)
{
	struct use *u = crx_alloc(v->f->nfiles, sizeof(*u));
	size_t i;
	int ret;

	if (!u)
		return crx_err_nomem(err, "verifying tables");
	for (i = 0; i < v->f->nfiles; i++)
		u[i] = (struct use){ crx_verify_file(v, i)->inode.off, (uint32_t)i };
	qsort(u, v->f->nfiles, sizeof(*u), by_table);
	ret = check_uses(v, u, v->f->nfiles, err);
	free(u);
	if (ret < 0)
		return ret;
	/* in the order of files, so that the first wrong one is reported */
	qsort(v->table, v->ntables, sizeof(*v->table), by_value);
	v->blocks[0] = 0;
	for (i = 0; i < v->ntables; i++)
		v->blocks[i + 1] = v->blocks[i] + v->f->file[v->table[i]].nblks;
	return 0;
}
