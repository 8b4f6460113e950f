/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "old/parts.h"

/* --- contents --- */

static int compare_hashes(struct crx_hash a, struct crx_hash b)
{
	int c = crx_compare(a.hi, b.hi);

	return c ? c : crx_compare(a.lo, b.lo);
}

static int by_hash(const void *a, const void *b)
{
	const struct crx_old_indexed *x = a, *y = b;
	int c = compare_hashes(x->hash, y->hash);

	return c ? c : crx_compare(x->i, y->i);
}

static void add(struct crx_old_index *x, struct crx_hash hash, size_t i)
{
	x->at[x->n++] = (struct crx_old_indexed){ hash, (uint32_t)i };
}

static int make_indexes(struct crx_old *old, struct crx_err *err)
{
	size_t i;

	old->by_hash.at = crx_alloc(old->nblocks, sizeof(*old->by_hash.at));
	old->by_key.at = crx_alloc(old->ntables, sizeof(*old->by_key.at));
	if (!old->by_hash.at || !old->by_key.at)
		return crx_err_nomem(err, "reading the old image");
	for (i = 0; i < old->nblocks; i++)
		if (old->block[i].readable)
			add(&old->by_hash, old->block[i].hash, i);
	for (i = 0; i < old->ntables; i++)
		if (old->table[i].usable)
			add(&old->by_key, old->table[i].key, i);
	if (old->by_hash.n)
		qsort(old->by_hash.at, old->by_hash.n, sizeof(*old->by_hash.at), by_hash);
	if (old->by_key.n)
		qsort(old->by_key.at, old->by_key.n, sizeof(*old->by_key.at), by_hash);
	return 0;
}

/* The first that has this hash, or a higher one. */
static size_t find_hash(const struct crx_old_index *x, struct crx_hash hash)
{
	size_t lo = 0, hi = x->n, middle;

	while (lo < hi) {
		middle = lo + (hi - lo) / 2;
		if (compare_hashes(x->at[middle].hash, hash) < 0)
			lo = middle + 1;
		else
			hi = middle;
	}
	return lo;
}

size_t crx_old_find_block(const struct crx_old *old, struct crx_hash hash, uint32_t len,
			  size_t *first)
{
	const struct crx_old_index *x = &old->by_hash;
	size_t i = *first = find_hash(x, hash);

	while (i < x->n && crx_hash_equal(x->at[i].hash, hash) && old->block[x->at[i].i].len == len)
		i++;
	return i - *first;
}

size_t crx_old_find_table(const struct crx_old *old, const struct crx_facts *f, size_t file,
			  size_t *first)
{
	const struct crx_old_index *x = &old->by_key;
	size_t i = *first = find_hash(x, old->key[file]);

	while (i < x->n && crx_hash_equal(x->at[i].hash, old->key[file]) &&
	       old->table[x->at[i].i].nblks == f->file[file].nblks &&
	       old->table[x->at[i].i].size == f->file[file].node->size)
		i++;
	return i - *first;
}

static int hash_files(struct crx_old *old, const struct crx_facts *f, struct crx_err *err)
{
	struct crx_hash *hash = crx_alloc(f->nblks, sizeof(*hash));
	size_t i, first;
	uint32_t b;

	old->key = crx_alloc(f->nfiles, sizeof(*old->key));
	if (!hash || !old->key) {
		free(hash);
		return crx_err_nomem(err, "comparing with the old image");
	}
	for (b = 0; b < f->nblks; b++)
		hash[b] = f->blk[b].hash;
	for (i = 0; i < f->nfiles; i++)
		old->key[i] = crx_scan_hash(&hash[f->file[i].first_blk],
					    f->file[i].nblks * sizeof(*hash));
	free(hash);
	for (b = 0; b < f->nblks; b++) {
		const struct crx_file_fact *file = &f->file[f->blk[b].file];

		if (f->blk[b].same != b || f->blk[b].zero)
			continue;
		old->distinct++;
		old->found += crx_old_find_block(old, f->blk[b].hash,
						 crx_scan_block_len(f, file, b - file->first_blk),
						 &first) != 0;
	}
	return 0;
}

/* --- paths --- */

/* Files of different sizes may have tables at the same place. */
static uint32_t table_at(const struct crx_old *old, uint32_t off, uint32_t size)
{
	size_t lo = 0, hi = old->ntables, middle;
	const struct crx_old_table *t;

	while (lo < hi) {
		middle = lo + (hi - lo) / 2;
		t = &old->table[middle];
		if (t->off < off || (t->off == off && t->size < size))
			lo = middle + 1;
		else
			hi = middle;
	}
	if (lo == old->ntables || old->table[lo].off != off || old->table[lo].size != size)
		return CRX_OLD_NONE;
	return (uint32_t)lo;
}

static struct crx_old_entry describe(const struct crx_old *old, const struct crx_entry *e)
{
	const struct crx_inode *in = &e->de.inode;
	struct crx_old_entry out = {
		.table = CRX_OLD_NONE,
		.mode = in->mode,
		.uid = in->uid,
		.gid = in->gid,
		.exists = true,
	};

	if (S_ISDIR(in->mode)) {
		out.dir_off = in->size ? in->off : 0;
		out.dir_len = in->size;
	} else if ((S_ISREG(in->mode) || S_ISLNK(in->mode)) && crx_entry_size(e)) {
		out.table = table_at(old, in->off, in->size);
	}
	return out;
}

/* Parents come first. An entry of a directory that occurs twice has the place of the first. */
static int match_paths(struct crx_old *old, const struct crx_listing *l, const struct crx_tree *t,
		       struct crx_err *err)
{
	struct crx_node **node = crx_zalloc(l->n, sizeof(*node)), *n;
	size_t i;

	old->node = crx_zalloc(t->nnodes, sizeof(*old->node));
	if (!node || !old->node) {
		free(node);
		return crx_err_nomem(err, "comparing with the old image");
	}
	for (i = 0; i < t->nnodes; i++)
		old->node[i].table = CRX_OLD_NONE;
	for (i = 0; i < l->n; i++) {
		const struct crx_entry *e = &l->entry[i];

		n = t->root;
		if (e->parent) {
			n = node[e->parent->index];
			n = n ? crx_tree_find_child(n, e->de.name, e->de.name_len) : NULL;
		}
		if (!n || old->node[n->index].exists)
			continue;
		old->node[n->index] = describe(old, e);
		if (S_ISDIR(n->mode) && S_ISDIR(e->de.inode.mode))
			node[i] = n;
	}
	free(node);
	return 0;
}

int crx_old_match(struct crx_old *old, const struct crx_listing *l, const struct crx_tree *t,
		  const struct crx_facts *f, struct crx_err *err)
{
	int ret = make_indexes(old, err);

	if (!ret)
		ret = hash_files(old, f, err);
	return ret ? ret : match_paths(old, l, t, err);
}
