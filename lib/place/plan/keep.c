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
	const struct crx_wishes *w;
	const struct crx_packed *k;
	const struct crx_plan_opts *o;
	const struct crx_old *old;
	uint8_t *taken;      /* for each table of the old image */
	uint8_t *page_taken; /* for each block: it is in place, and part of a kept table */
	uint32_t *record_of; /* for each block of the old image */
};

static const struct crx_old_block *old_block(const struct keep *s, const struct crx_old_table *t,
					     uint32_t i)
{
	uint32_t ref = s->old->ref[t->first_ref + i];

	return ref == CRX_OLD_HOLE ? NULL : &s->old->block[ref];
}

static uint64_t end_of(const struct keep *s, const struct crx_old_block *b)
{
	return (uint64_t)(b->data - s->old->data) + b->stored_len;
}

/* Would a record of this kind with this block's contents have the bytes of x? */
static bool same_stream(const struct keep *s, uint32_t b, const struct crx_old_block *x)
{
	const struct crx_slot *slot = crx_plan_slot(s->p, s->k, b);

	if (x->overlaps || (x->direct && (!s->o->ext || x->off % 4)))
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

	*run_end = end_of(s, x);
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
		return s->o->ext && run && continues_run(s, x, &st->run_end);
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
		if (!fits(s, table, i, old_block(s, old, i), &st))
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
			old = s->old->by_key[first + i];
			if (is_candidate(s, file, old, pass) && may_keep(s, t, &s->old->table[old]))
				take(s, t, old);
		}
	}
}

/* Sets the kinds of a kept table's blocks, and marks those that need a record. */
static void set_kinds(struct keep *s, uint32_t table, uint8_t *needed)
{
	const struct crx_old_table *t = &s->old->table[s->p->table[table].old_table];
	const struct crx_file_fact *file = &s->p->facts->file[s->p->table[table].file];
	bool after_run = false;
	uint32_t i;

	for (i = 0; i < t->nblks; i++) {
		const struct crx_old_block *x = old_block(s, t, i);
		struct crx_plan_block *b = &s->p->block[file->first_blk + i];

		if (!x) {
			b->kind = CRX_KIND_HOLE;
			continue;
		}
		if (x->kind == CRX_OLD_PAGE) {
			b->kind = CRX_KIND_RUN;
			after_run = true;
		} else if (x->kind == CRX_OLD_RAW && after_run) {
			b->kind = CRX_KIND_AFTER_RUN;
		} else {
			needed[x - s->old->block] = 1;
			after_run = false;
		}
	}
}

/* In the order of the old image, so that records that follow each other there do so here. */
static int add_records(struct keep *s, const uint8_t *needed, struct crx_err *err)
{
	struct crx_plan *p = s->p;
	size_t i, n = 0;

	for (i = 0; i < s->old->nblocks; i++)
		n += needed[i];
	p->record = crx_zalloc(n, sizeof(*p->record));
	if (!p->record)
		return crx_err_nomem(err, "planning");
	for (i = 0; i < s->old->nblocks; i++) {
		const struct crx_old_block *x = &s->old->block[i];

		if (!needed[i])
			continue;
		s->record_of[i] = (uint32_t)p->nrecords;
		p->record[p->nrecords++] = (struct crx_record){
			.len = x->stored_len,
			.kind = x->kind == CRX_OLD_RAW ? CRX_KIND_STORED : CRX_KIND_STREAM,
			.direct = x->direct,
			.old_off = x->off,
		};
	}
	p->nkept_records = p->nrecords;
	return 0;
}

static void use_records(struct keep *s, uint32_t table)
{
	const struct crx_old_table *t = &s->old->table[s->p->table[table].old_table];
	struct crx_table *nt = &s->p->table[table];
	uint32_t i, r, first = s->p->facts->file[nt->file].first_blk;
	uint64_t end = t->off + (uint64_t)t->nblks * CRX_BLKPTR_LEN;

	for (i = 0; i < t->nblks; i++) {
		const struct crx_old_block *x = old_block(s, t, i);
		struct crx_plan_block *b = &s->p->block[first + i];

		if (!x || b->kind == CRX_KIND_RUN || b->kind == CRX_KIND_AFTER_RUN) {
			end = x ? 0 : end;
			continue;
		}
		r = s->record_of[x - s->old->block];
		b->record = r;
		s->p->record[r].blk = first + i;
		s->p->record[r].users++;
		if (x->kind == CRX_OLD_STREAM &&
		    crx_plan_slot(s->p, s->k, first + i)->state == CRX_SLOT_RAW)
			s->p->record[r].kind = CRX_KIND_WRAPPED;
		b->kind = s->p->record[r].kind;
		if (x->direct || x->off != end) {
			end = 0;
			continue;
		}
		/* it is one of those directly after the table */
		if (!nt->nrecords) {
			nt->first_record = r;
			s->p->record[r].first_of_table = true;
		}
		nt->nrecords++;
		end = end_of(s, x);
	}
}

static int keep_all(struct keep *s, struct crx_err *err)
{
	uint8_t *needed = crx_zalloc(s->old->nblocks, 1);
	uint32_t t;
	int pass, ret = 0;

	if (!needed)
		return crx_err_nomem(err, "planning");
	for (pass = 0; pass < PASSES; pass++)
		keep_tables(s, (enum pass)pass);
	for (t = 0; t < s->p->ntables; t++)
		if (s->p->table[t].kept)
			set_kinds(s, t, needed);
	ret = add_records(s, needed, err);
	for (t = 0; t < s->p->ntables && !ret; t++)
		if (s->p->table[t].kept)
			use_records(s, t);
	free(needed);
	return ret;
}

int crx_plan_keep(struct crx_plan *p, const struct crx_wishes *w, const struct crx_packed *k,
		  const struct crx_plan_opts *o, struct crx_err *err)
{
	struct keep s = { .p = p, .w = w, .k = k, .o = o, .old = o->old };
	int ret = 0;

	s.taken = crx_zalloc(s.old->ntables, 1);
	s.page_taken = crx_zalloc(s.old->nblocks, 1);
	s.record_of = crx_alloc(s.old->nblocks, sizeof(*s.record_of));
	if (s.taken && s.page_taken && s.record_of)
		ret = keep_all(&s, err);
	else
		ret = crx_err_nomem(err, "planning");
	free(s.taken);
	free(s.page_taken);
	free(s.record_of);
	return ret;
}
