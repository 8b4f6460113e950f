/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The image of one scene as the old image of another. Blocks are found as a
 * kernel finds them, by the words of their tables.
 */
#ifndef CRX_TESTS_LIKE_SCENE_H
#define CRX_TESTS_LIKE_SCENE_H

#include "plan_oracle.h"
#include "read/walk.h"

struct old_scene {
	const struct scene *s;
	uint8_t *image; /* only the lengths before direct streams are there */
	struct crx_old old;
};

struct found {
	struct crx_old_block b;
	uint32_t ref;
};

static inline int found_by_off(const void *a, const void *b)
{
	const struct found *x = a, *y = b;

	return x->b.off != y->b.off ? crx_compare(x->b.off, y->b.off)
				    : crx_compare(x->b.stored_len, y->b.stored_len);
}

static inline int table_by_off(const void *a, const void *b)
{
	const struct crx_old_table *x = a, *y = b;

	return crx_compare(x->off, y->off);
}

/* The next block of a table, which is b in the facts; end: where the one before it ends. False: a
 * hole. */
static inline bool old_block(const struct old_scene *o, uint32_t b, uint32_t word, uint64_t *end,
			     struct crx_old_block *out)
{
	uint64_t low = word & 0x3fffffff, start = *end, own = o->s->facts.blk[b].hash.hi;
	bool raw = word & 0x80000000, direct = word & 0x40000000;
	uint32_t header = 0;

	if (direct) {
		start = 4 * low;
		header = raw ? 0 : 2;
		*end = raw ? start + o->s->page
			   : start + 2 + o->image[start] + 256 * (uint64_t)o->image[start + 1];
		start += header;
	} else {
		*end = low;
	}
	*out = (struct crx_old_block){
		.hash = o->s->facts.blk[b].hash,
		.data = o->image + start,
		.off = (uint32_t)start - header,
		.stored_len = (uint32_t)(direct && raw ? own : *end - start),
		.len = (uint32_t)own,
		.kind = !raw     ? CRX_OLD_STREAM
			: direct ? CRX_OLD_PAGE
				 : CRX_OLD_RAW,
		.direct = direct,
		.readable = true,
	};
	return out->stored_len != 0;
}

static inline void old_table(struct old_scene *o, uint32_t t, struct found *found, size_t *n)
{
	const struct scene *s = o->s;
	const struct crx_file_fact *file = &s->facts.file[s->plan.table[t].file];
	struct crx_old_table *out = &o->old.table[o->old.ntables++];
	struct crx_hash hash[64];
	uint32_t word[64], i;
	uint64_t end;

	assert_true(file->nblks <= 64);
	crx_layout_pointers(&s->plan, &s->layout, t, word);
	*out = (struct crx_old_table){
		.off = (uint32_t)s->layout.table_off[t],
		.size = (uint32_t)file->node->size,
		.first_ref = (uint32_t)o->old.nrefs,
		.nblks = file->nblks,
		.usable = true,
	};
	end = out->off + 4 * file->nblks;
	for (i = 0; i < file->nblks; i++) {
		hash[i] = s->facts.blk[file->first_blk + i].hash;
		o->old.ref[o->old.nrefs] = CRX_OLD_HOLE;
		if (old_block(o, file->first_blk + i, word[i], &end, &found[*n].b))
			found[(*n)++].ref = (uint32_t)o->old.nrefs;
		o->old.nrefs++;
	}
	out->key = crx_scan_hash(hash, file->nblks * sizeof(*hash));
}

/* What is in the image of s, which must stay as it is. */
static inline void old_scene_of(struct old_scene *o, const struct scene *s)
{
	size_t n = 0, i, max = s->facts.nblks + 1;
	struct found *found = calloc(max, sizeof(*found));
	struct crx_old *old = &o->old;

	*o = (struct old_scene){ .s = s, .image = calloc(s->layout.image_size, 1) };
	*old = (struct crx_old){ .data = o->image, .size = s->layout.image_size };
	old->page_size = s->page;
	old->ref = calloc(max, sizeof(*old->ref));
	old->block = calloc(max, sizeof(*old->block));
	old->table = calloc(s->plan.ntables + 1, sizeof(*old->table));
	assert_true(found && o->image && old->ref && old->block && old->table);
	for (i = 0; i < s->plan.nrecords; i++)
		if (s->plan.record[i].direct) {
			o->image[s->layout.record_off[i]] = (uint8_t)s->plan.record[i].len;
			o->image[s->layout.record_off[i] + 1] =
				(uint8_t)(s->plan.record[i].len >> 8);
		}
	for (i = 0; i < s->plan.ntables; i++)
		old_table(o, (uint32_t)i, found, &n);
	qsort(found, n, sizeof(*found), found_by_off);
	qsort(old->table, old->ntables, sizeof(*old->table), table_by_off);
	for (i = 0; i < n; i++) {
		if (!i || found_by_off(&found[i], &found[i - 1]))
			old->block[old->nblocks++] = found[i].b;
		old->ref[found[i].ref] = (uint32_t)old->nblocks - 1;
	}
	free(found);
}

static inline uint32_t old_table_at(const struct crx_old *old, uint64_t off)
{
	uint32_t i;

	for (i = 0; i < old->ntables && old->table[i].off != off; i++)
		;
	assert_true(i < old->ntables);
	return i;
}

/* What the tree of s, which has been prepared, has of it. */
static inline void old_scene_match(struct old_scene *o, const struct scene *s)
{
	const struct crx_listing none = { 0 };
	struct crx_err err = CRX_ERR_INIT;
	const struct crx_node *n;
	char path[256];
	size_t i;

	assert_int_equal(crx_old_match(&o->old, &none, &s->tree, &s->facts, &err), 0);
	for (i = 0; i < s->tree.nnodes; i++) {
		struct crx_old_entry *e = &o->old.node[i];

		n = crx_tree_find_entry(&o->s->tree,
					crx_tree_path(s->tree.node[i], path, sizeof(path)));
		if (!n)
			continue;
		*e = (struct crx_old_entry){ CRX_OLD_NONE, 0, 0, n->mode, n->uid, n->gid, true };
		if (S_ISDIR(n->mode) && n->nchildren) {
			e->dir_off = (uint32_t)o->s->layout.dir_off[n->index];
			e->dir_len = (uint32_t)crx_tree_dir_len(n);
		} else if (n->file != CRX_NO_FILE) {
			e->table =
				old_table_at(&o->old,
					     o->s->layout.table_off[o->s->plan.table_of[n->file]]);
		}
	}
}

/* As pack would: the first stream that the old image has of the same contents. */
static inline void old_scene_streams(const struct old_scene *o, struct scene *s)
{
	const struct crx_old_block *x;
	size_t b, i, n, first, cap;
	struct crx_slot *slot;
	uint32_t len;

	for (b = 0; b < s->facts.nblks; b++) {
		len = (uint32_t)s->facts.blk[b].hash.hi;
		cap = s->ext ? len - 1 : crx_comp_bound(s->page);
		slot = &s->packed.slot[b];
		n = crx_old_find_block(&o->old, s->facts.blk[b].hash, len, &first);
		for (i = n; slot->state && i--;) {
			x = &o->old.block[o->old.by_hash.at[first + i].i];
			if (x->kind == CRX_OLD_STREAM && x->stored_len <= cap)
				*slot = (struct crx_slot){ x->data, x->stored_len,
							   CRX_SLOT_STREAM };
		}
	}
}

static inline void old_scene_free(struct old_scene *o)
{
	crx_old_free(&o->old);
	free(o->image);
}

#endif
