/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "place/plan/stages.h"

#include "format/rules.h"

const struct crx_slot *crx_plan_slot(const struct crx_plan *p, const struct crx_packed *k,
				     uint32_t b)
{
	return &k->slot[p->facts->blk[b].same];
}

bool crx_plan_is_plain_only(const struct crx_plan *p, const struct crx_packed *k, uint32_t b)
{
	const struct crx_slot *s = crx_plan_slot(p, k, b);

	return s->state == CRX_SLOT_RAW &&
	       !crx_format_may_be_direct_compressed(crx_comp_stored_len(s->len));
}

uint32_t crx_plan_next_block(const struct crx_plan *p, const struct crx_file_fact *file, uint32_t i)
{
	for (i++; i < file->nblks; i++)
		if (p->block[file->first_blk + i].kind != CRX_KIND_HOLE)
			break;
	return i;
}

bool crx_plan_next_must_follow(const struct crx_plan *p, const struct crx_packed *k,
			       const struct crx_file_fact *file, uint32_t i)
{
	uint32_t next = crx_plan_next_block(p, file, i);

	return next < file->nblks && p->block[file->first_blk + next].kind != CRX_KIND_RUN &&
	       crx_plan_is_plain_only(p, k, file->first_blk + next);
}

static void set_table_kinds(struct crx_plan *p, const struct crx_wishes *w,
			    const struct crx_packed *k, const struct crx_table *t, bool holes)
{
	const struct crx_facts *f = p->facts;
	const struct crx_file_fact *file = &f->file[t->file];
	uint32_t i, b;
	uint8_t kind;

	for (i = 0; i < file->nblks; i++) {
		b = file->first_blk + i;
		if (crx_pack_in_run(f, w, t->file, i))
			kind = CRX_KIND_RUN;
		else if (holes && f->blk[b].zero)
			kind = CRX_KIND_HOLE;
		else if (t->store)
			kind = CRX_KIND_STORED;
		else
			kind = crx_plan_slot(p, k, b)->state == CRX_SLOT_RAW ? CRX_KIND_STORED
									     : CRX_KIND_STREAM;
		p->block[b] = (struct crx_plan_block){ .kind = kind, .record = CRX_NO_RECORD };
	}
}

void crx_plan_kinds(struct crx_plan *p, const struct crx_wishes *w, const struct crx_packed *k,
		    bool holes)
{
	size_t t;

	for (t = 0; t < p->ntables; t++)
		set_table_kinds(p, w, k, &p->table[t], holes);
}
