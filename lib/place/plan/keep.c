/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which tables of the old image are kept. A table is kept as a whole: the same blocks are holes,
 * in place, stored or compressed, and each stream has the bytes that would be written.
 */
#include "config.h"
#include "place/plan/stages.h"

#include <stdlib.h>
#include <string.h>

/* A stored block that could be compressed now stays as it is, unless the blocks of its table
 * would shrink by more than 1/16. */
enum { STORED_LOSS = 16 };

struct keep {
	struct crx_plan *p;
	const struct crx_packed *k;
	const struct crx_plan_opts *o;
	const struct crx_old *old;
	uint8_t *taken;      /* for each table of the old image */
	uint8_t *page_taken; /* for each block: it is in place, and part of a kept table */
};

/* Would a record of this kind with this block's contents have the bytes of x? */
static bool same_stream(const struct keep *s, uint32_t b, const struct crx_old_block *x)
{
	const struct crx_slot *slot = crx_plan_slot(s->p, s->k, b);

	if (x->overlaps || (x->direct && !s->o->ext))
		return false;
	if (slot->state == CRX_SLOT_RAW) /* as stored deflate, for a direct pointer */
		return x->direct && x->stored_len == crx_comp_stored_len(x->len);
	return slot->state == CRX_SLOT_STREAM && slot->len == x->stored_len &&
	       (slot->data == x->data || !memcmp(slot->data, x->data, slot->len));
}

/* Is page x where a run that began at *run would have it? Begins a run if *run is 0. */
static bool continues_run(const struct keep *s, const struct crx_old_block *x, uint64_t *run_end)
{
	bool fits = !*run_end || x->off == *run_end;

	*run_end = crx_old_end(s->old, x);
	return fits && x->off % s->p->facts->page_size == 0 && !x->overlaps &&
	       !s->page_taken[x - s->old->block];
}

struct state {
	uint64_t run_end;      /* in a run of pages: where it ends; else 0 */
	bool after_run;        /* the last block is in a run, or directly after one */
	uint64_t stored, lost; /* bytes of stored blocks; those that compressing would save */
};

/* Can block i of file, which is b in the facts, stay as it is? */
static bool fits(const struct keep *s, uint32_t table, uint32_t i, const struct crx_old_block *x,
		 struct state *st)
{
	const struct crx_table *t = &s->p->table[table];
	uint32_t b = s->p->facts->file[t->file].first_blk + i;
	bool run = s->p->block[b].kind == CRX_KIND_RUN;
	const struct crx_slot *slot;

	if (!x) {
		st->run_end = 0;
		return s->o->holes && !run;
	}
	if (x->kind == CRX_OLD_PAGE) {
		st->after_run = true;
		return run && continues_run(s, x, &st->run_end);
	}
	st->run_end = 0;
	if (run)
		return false;
	if (x->kind == CRX_OLD_STREAM) {
		/* a plain pointer after a run would need what no plan has */
		if (t->store || (st->after_run && !x->direct))
			return false;
		st->after_run = false;
		return same_stream(s, b, x);
	}
	slot = crx_plan_slot(s->p, s->k, b);
	if (!t->store) {
		st->stored += x->stored_len;
		if (slot->state == CRX_SLOT_STREAM)
			st->lost += x->stored_len - slot->len;
	}
	return s->o->ext && !x->overlaps && (t->store || slot->state != CRX_SLOT_NONE);
}

static bool may_keep(const struct keep *s, uint32_t table, const struct crx_old_table *old)
{
	uint32_t i, nblks = s->p->facts->file[s->p->table[table].file].nblks;
	struct state st = { 0 };

	for (i = 0; i < nblks; i++)
		if (!fits(s, table, i, crx_old_block_of(s->old, old, i), &st))
			return false;
	return st.lost <= st.stored / STORED_LOSS;
}

static void take(struct keep *s, uint32_t table, uint32_t old)
{
	const struct crx_old_table *t = &s->old->table[old];
	uint32_t i, ref;

	s->taken[old] = 1;
	s->p->table[table].kept = true;
	s->p->table[table].old_table = old;
	s->p->table[table].old_off = t->off;
	for (i = 0; i < t->nblks; i++) {
		ref = s->old->ref[t->first_ref + i];
		if (ref != CRX_OLD_HOLE && s->old->block[ref].kind == CRX_OLD_PAGE)
			s->page_taken[ref] = 1;
	}
}

enum pass {
	SAME_ENTRY, /* the file's entry, with the same attributes, has the table */
	SAME_PATH,
	ANY,
	PASSES
};

static bool is_candidate(const struct keep *s, size_t file, uint32_t old, enum pass pass)
{
	const struct crx_node *n = s->p->facts->file[file].node;
	const struct crx_old_entry *e = &s->old->node[n->index];

	if (s->taken[old])
		return false;
	if (pass != ANY && e->table != old)
		return false;
	return pass != SAME_ENTRY || (e->mode == n->mode && e->uid == n->uid && e->gid == n->gid);
}

/* A file whose attributes changed must not take the table from one that still has it. */
static void keep_tables(struct keep *s, enum pass pass)
{
	size_t file, first, n, i;
	uint32_t t, old;

	for (file = 0; file < s->p->facts->nfiles; file++) {
		t = s->p->table_of[file];
		if (s->p->table[t].kept)
			continue;
		n = crx_old_find_table(s->old, s->p->facts, file, &first);
		for (i = 0; i < n && !s->p->table[t].kept; i++) {
			old = s->old->by_key.at[first + i].i;
			if (is_candidate(s, file, old, pass) && may_keep(s, t, &s->old->table[old]))
				take(s, t, old);
		}
	}
}

int crx_plan_keep(struct crx_plan *p, const struct crx_packed *k, const struct crx_plan_opts *o,
		  struct crx_err *err)
{
	struct keep s = { .p = p, .k = k, .o = o, .old = o->old };
	bool ok;
	int pass;

	s.taken = crx_zalloc(s.old->ntables, 1);
	s.page_taken = crx_zalloc(s.old->nblocks, 1);
	ok = s.taken && s.page_taken;
	for (pass = 0; ok && pass < PASSES; pass++)
		keep_tables(&s, (enum pass)pass);
	free(s.taken);
	free(s.page_taken);
	return ok ? 0 : crx_err_nomem(err, "planning");
}
