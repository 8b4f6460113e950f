/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "place/plan/stages.h"

#include <stdlib.h>

struct records {
	struct crx_plan *p;
	const struct crx_packed *k;
	const uint8_t *share;
	uint32_t *record_of; /* by the first of equal blocks: the shared record, or CRX_NO_RECORD */
	size_t record_cap, run_cap;
};

/* Add a record for block i of the file alone. */
static int add_record(struct records *r, const struct crx_table *t,
		      const struct crx_file_fact *file, uint32_t i, uint32_t *out,
		      struct crx_err *err)
{
	struct crx_plan *p = r->p;
	uint32_t b = file->first_blk + i;
	bool stream = p->block[b].kind == CRX_KIND_STREAM;

	if (!crx_grow(&p->record, &r->record_cap, p->nrecords + 1, sizeof(*p->record)))
		return crx_err_nomem(err, "planning");
	*out = (uint32_t)p->nrecords;
	p->record[p->nrecords++] = (struct crx_record){
		.blk = b,
		/* what the policy stores may have no slot, or one with a stream for other files */
		.len = t->store ? crx_scan_block_len(p->facts, file, i)
				: crx_plan_slot(p, r->k, b)->len,
		.kind = stream ? CRX_KIND_STREAM : CRX_KIND_STORED,
	};
	return 0;
}

static int add_block(struct records *r, const struct crx_table *t, const struct crx_file_fact *file,
		     uint32_t i, struct crx_err *err)
{
	struct crx_plan_block *b = &r->p->block[file->first_blk + i];
	uint32_t rep = r->p->facts->blk[file->first_blk + i].same;
	bool share = r->share[rep] && !t->store;
	int ret = 0;

	if (share && r->record_of[rep] != CRX_NO_RECORD &&
	    !crx_plan_next_must_follow(r->p, r->k, file, i)) {
		b->record = r->record_of[rep];
	} else {
		ret = add_record(r, t, file, i, &b->record, err);
		if (!ret && share && r->record_of[rep] == CRX_NO_RECORD)
			r->record_of[rep] = b->record;
	}
	if (!ret)
		r->p->record[b->record].users++;
	return ret;
}

/*
 * A whole block that does not shrink needs only its own bytes directly after a run: its plain
 * pointer continues where the run ends. A shorter block, at the end of the file, would waste the
 * rest of a page, so it is put there only if it can be nowhere else.
 */
static bool belongs_after_run(const struct records *r, const struct crx_file_fact *file, uint32_t i)
{
	const struct crx_facts *f = r->p->facts;
	uint32_t b = file->first_blk + i;

	if (r->p->block[b].kind != CRX_KIND_STORED || r->share[f->blk[b].same])
		return false;
	return crx_scan_block_len(f, file, i) == f->page_size ||
	       crx_plan_is_plain_only(r->p, r->k, b);
}

/* Add the run that begins at block *i, and move *i past it and the blocks directly after it. */
static int add_run(struct records *r, uint32_t table, const struct crx_file_fact *file, uint32_t *i,
		   struct crx_err *err)
{
	struct crx_plan *p = r->p;
	struct crx_run run = { .table = table, .first_blk = *i };
	uint32_t next;

	while (*i < file->nblks && p->block[file->first_blk + *i].kind == CRX_KIND_RUN)
		++*i;
	run.nblks = *i - run.first_blk;
	for (next = crx_plan_next_block(p, file, *i - 1);
	     next < file->nblks && belongs_after_run(r, file, next);
	     next = crx_plan_next_block(p, file, next)) {
		p->block[file->first_blk + next].kind = CRX_KIND_AFTER_RUN;
		*i = next + 1;
	}
	run.nafter = *i - run.first_blk - run.nblks;
	if (!crx_grow(&p->run, &r->run_cap, p->nruns + 1, sizeof(*p->run)))
		return crx_err_nomem(err, "planning");
	p->run[p->nruns++] = run;
	return 0;
}

/* A kept table has its records already, and the kinds of its blocks are known. */
static int add_kept_runs(struct records *r, uint32_t t, struct crx_err *err)
{
	struct crx_plan *p = r->p;
	const struct crx_file_fact *file = &p->facts->file[p->table[t].file];
	struct crx_run *run = NULL;
	uint32_t i;
	uint8_t kind;

	p->table[t].first_run = (uint32_t)p->nruns;
	for (i = 0; i < file->nblks; i++) {
		kind = p->block[file->first_blk + i].kind;
		if (kind == CRX_KIND_AFTER_RUN) {
			run->nafter = i + 1 - run->first_blk - run->nblks;
		} else if (kind != CRX_KIND_RUN) {
			continue;
		} else if (run && !run->nafter && run->first_blk + run->nblks == i) {
			run->nblks++;
		} else {
			if (!crx_grow(&p->run, &r->run_cap, p->nruns + 1, sizeof(*p->run)))
				return crx_err_nomem(err, "planning");
			run = &p->run[p->nruns++];
			*run = (struct crx_run){ .table = t, .first_blk = i, .nblks = 1 };
		}
	}
	p->table[t].nruns = (uint32_t)p->nruns - p->table[t].first_run;
	return 0;
}

static int add_table(struct records *r, uint32_t t, struct crx_err *err)
{
	struct crx_plan *p = r->p;
	struct crx_table *table = &p->table[t];
	const struct crx_file_fact *file = &p->facts->file[table->file];
	uint32_t i = 0;
	int ret = 0;

	table->first_record = (uint32_t)p->nrecords;
	table->first_run = (uint32_t)p->nruns;
	while (i < file->nblks && !ret) {
		switch (p->block[file->first_blk + i].kind) {
		case CRX_KIND_RUN:
			ret = add_run(r, t, file, &i, err);
			break;
		case CRX_KIND_HOLE:
			i++;
			break;
		default:
			ret = add_block(r, table, file, i++, err);
		}
	}
	table->nrecords = (uint32_t)p->nrecords - table->first_record;
	if (table->nrecords)
		p->record[table->first_record].first_of_table = true;
	table->nruns = (uint32_t)p->nruns - table->first_run;
	return ret;
}

int crx_plan_records(struct crx_plan *p, const struct crx_packed *k, const uint8_t *share,
		     struct crx_err *err)
{
	struct records r = { .p = p, .k = k, .share = share };
	size_t i;
	int ret = 0;

	r.record_of = crx_alloc(p->facts->nblks, sizeof(*r.record_of));
	if (!r.record_of)
		return crx_err_nomem(err, "planning");
	for (i = 0; i < p->facts->nblks; i++)
		r.record_of[i] = CRX_NO_RECORD;
	r.record_cap = p->nkept_records;
	for (i = 0; i < p->nkept_records; i++)
		if (p->record[i].direct && share[p->facts->blk[p->record[i].blk].same])
			r.record_of[p->facts->blk[p->record[i].blk].same] = (uint32_t)i;
	for (i = 0; i < p->ntables && !ret; i++)
		ret = p->table[i].kept ? add_kept_runs(&r, (uint32_t)i, err)
				       : add_table(&r, (uint32_t)i, err);
	free(r.record_of);
	return ret;
}
