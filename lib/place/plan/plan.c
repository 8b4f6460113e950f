/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "place/plan/stages.h"

#include <stdlib.h>

int crx_plan(const struct crx_facts *f, const struct crx_wishes *w, const struct crx_packed *k,
	     const struct crx_plan_opts *o, struct crx_plan *out, struct crx_err *err)
{
	uint8_t *share = crx_zalloc(f->nblks, 1);
	int ret;

	*out = (struct crx_plan){ .facts = f };
	out->block = crx_zalloc(f->nblks, sizeof(*out->block));
	if (!share || !out->block) {
		ret = crx_err_nomem(err, "planning");
		goto out;
	}
	ret = crx_plan_tables(out, w, err);
	if (ret < 0)
		goto out;
	crx_plan_kinds(out, w, k, o->holes);
	if (o->dedupe && o->ext) {
		ret = crx_plan_share(out, k, share, err);
		if (ret < 0)
			goto out;
	}
	ret = crx_plan_records(out, k, share, err);
	if (!ret)
		ret = crx_plan_pointers(out, err);
out:
	free(share);
	return ret;
}

void crx_plan_free(struct crx_plan *p)
{
	free(p->block);
	free(p->table);
	free(p->table_of);
	free(p->record);
	free(p->run);
	*p = (struct crx_plan){ 0 };
}

uint32_t crx_plan_promised_pages(const struct crx_plan *p, size_t file, uint32_t first_pg,
				 uint32_t npg)
{
	const struct crx_file_fact *owner = &p->facts->file[crx_plan_owner(p, file)];
	uint32_t n = 0;

	while (n < npg && first_pg + n < owner->nblks &&
	       p->block[owner->first_blk + first_pg + n].kind == CRX_KIND_RUN)
		n++;
	return n;
}

static uint64_t run_pages(const struct crx_plan *p, const struct crx_run *r)
{
	const struct crx_file_fact *file = &p->facts->file[p->table[r->table].file];
	uint32_t i, end = r->first_blk + r->nblks + r->nafter;
	uint64_t n = r->nblks;

	for (i = r->first_blk + r->nblks; i < end; i++)
		n += p->block[file->first_blk + i].kind != CRX_KIND_HOLE;
	return n;
}

uint64_t crx_plan_table_bytes(const struct crx_plan *p, size_t table)
{
	const struct crx_table *t = &p->table[table];
	uint64_t n = (uint64_t)p->facts->file[t->file].nblks * CRX_BLKPTR_LEN;
	uint32_t i;

	for (i = 0; i < t->nrecords; i++) {
		const struct crx_record *rec = &p->record[t->first_record + i];

		n += rec->len + (rec->direct ? CRX_DIRECT_HDR_LEN : 0);
	}
	for (i = 0; i < t->nruns; i++)
		n += run_pages(p, &p->run[t->first_run + i]) * p->facts->page_size;
	return n;
}
