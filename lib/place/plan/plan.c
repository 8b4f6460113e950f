/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "place/plan/stages.h"

#include <stdlib.h>

static uint64_t run_pages(const struct crx_plan *p, const struct crx_run *r)
{
	const struct crx_file_fact *file = &p->facts->file[p->table[r->table].file];
	uint32_t i, end = r->first_blk + r->nblks + r->nafter;
	uint64_t n = r->nblks;

	for (i = r->first_blk + r->nblks; i < end; i++)
		n += p->block[file->first_blk + i].kind != CRX_KIND_HOLE;
	return n;
}

static int count_bytes(struct crx_plan *p, struct crx_err *err)
{
	uint8_t *seen = crx_zalloc(p->nrecords, 1);
	const struct crx_file_fact *file;
	const struct crx_record *r;
	struct crx_table *t;
	uint32_t i, b;

	if (!seen)
		return crx_err_nomem(err, "planning");
	for (t = p->table; t < p->table + p->ntables; t++) {
		file = &p->facts->file[t->file];
		t->bytes = (uint64_t)file->nblks * CRX_BLKPTR_LEN;
		for (b = file->first_blk; b < file->first_blk + file->nblks; b++) {
			i = p->block[b].record;
			if (i == CRX_NO_RECORD || seen[i])
				continue;
			seen[i] = 1;
			r = &p->record[i];
			t->bytes += r->len + (r->direct ? CRX_DIRECT_HDR_LEN : 0);
		}
		for (i = t->first_run; i < t->first_run + t->nruns; i++)
			t->bytes += run_pages(p, &p->run[i]) * p->facts->page_size;
	}
	free(seen);
	return 0;
}

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
	if (o->old) {
		ret = crx_plan_keep(out, k, o, err);
		if (!ret)
			ret = crx_plan_kept_records(out, k, o->old, err);
		if (ret < 0)
			goto out;
	}
	if (o->dedupe && o->ext) {
		ret = crx_plan_share(out, k, share, err);
		if (ret < 0)
			goto out;
	}
	ret = crx_plan_records(out, k, share, err);
	if (!ret)
		ret = crx_plan_pointers(out, err);
	if (!ret && o->old)
		ret = crx_plan_find_places(out, o->old, err);
	if (!ret)
		ret = count_bytes(out, err);
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
