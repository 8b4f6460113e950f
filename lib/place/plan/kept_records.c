/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The blocks and records of the tables that are kept, as the old image has them.
 */
#include "config.h"
#include "place/plan/stages.h"

#include <stdlib.h>

struct kept {
	struct crx_plan *p;
	const struct crx_packed *k;
	const struct crx_old *old;
	uint8_t *needed;     /* for each block of the old image: it has a record */
	uint32_t *record_of; /* and which */
};

/* Sets the kinds of a kept table's blocks, and marks those that need a record. */
static void set_kinds(struct kept *s, uint32_t table)
{
	const struct crx_old_table *t = &s->old->table[s->p->table[table].old_table];
	const struct crx_file_fact *file = &s->p->facts->file[s->p->table[table].file];
	bool after_run = false;
	uint32_t i;

	for (i = 0; i < t->nblks; i++) {
		const struct crx_old_block *x = crx_old_block_of(s->old, t, i);
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
			s->needed[x - s->old->block] = 1;
			after_run = false;
		}
	}
}

/* In the order of the old image, so that records that follow each other there do so here. */
static int add_records(struct kept *s, struct crx_err *err)
{
	struct crx_plan *p = s->p;
	size_t i, n = 0;

	for (i = 0; i < s->old->nblocks; i++)
		n += s->needed[i];
	p->record = crx_zalloc(n, sizeof(*p->record));
	if (!p->record)
		return crx_err_nomem(err, "planning");
	for (i = 0; i < s->old->nblocks; i++) {
		const struct crx_old_block *x = &s->old->block[i];

		if (!s->needed[i])
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

static void use_records(struct kept *s, uint32_t table)
{
	const struct crx_old_table *t = &s->old->table[s->p->table[table].old_table];
	struct crx_table *nt = &s->p->table[table];
	uint32_t i, r, first = s->p->facts->file[nt->file].first_blk;
	uint64_t end = t->off + (uint64_t)t->nblks * CRX_BLKPTR_LEN;

	for (i = 0; i < t->nblks; i++) {
		const struct crx_old_block *x = crx_old_block_of(s->old, t, i);
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
		end = crx_old_end(s->old, x);
	}
}

static int fill(struct kept *s, struct crx_err *err)
{
	uint32_t t;
	int ret;

	for (t = 0; t < s->p->ntables; t++)
		if (s->p->table[t].kept)
			set_kinds(s, t);
	ret = add_records(s, err);
	for (t = 0; t < s->p->ntables && !ret; t++)
		if (s->p->table[t].kept)
			use_records(s, t);
	return ret;
}

int crx_plan_kept_records(struct crx_plan *p, const struct crx_packed *k, const struct crx_old *old,
			  struct crx_err *err)
{
	struct kept s = { .p = p, .k = k, .old = old };
	int ret;

	s.needed = crx_zalloc(old->nblocks, 1);
	s.record_of = crx_alloc(old->nblocks, sizeof(*s.record_of));
	ret = s.needed && s.record_of ? fill(&s, err) : crx_err_nomem(err, "planning");
	free(s.needed);
	free(s.record_of);
	return ret;
}
