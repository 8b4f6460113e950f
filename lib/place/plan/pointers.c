/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "place/plan/stages.h"

#include "format/rules.h"

/*
 * For cramfs_read_folio(), a block with a plain pointer begins where the block before it ends, and
 * the first one directly after the table. Holes end where they begin, so they change nothing.
 */
static void mark_direct(struct crx_plan *p, const struct crx_table *t)
{
	const struct crx_file_fact *file = &p->facts->file[t->file];
	bool at_table = true;                 /* a plain block would begin after the table ... */
	uint32_t after = CRX_NO_RECORD, i, r; /* ... or else after this record */
	bool follows;

	for (i = 0; i < file->nblks; i++) {
		const struct crx_plan_block *b = &p->block[file->first_blk + i];

		if (b->kind == CRX_KIND_HOLE)
			continue;
		r = b->record;
		if (r != CRX_NO_RECORD && r >= p->nkept_records) {
			if (at_table)
				follows = r == t->first_record;
			else
				follows = after != CRX_NO_RECORD && r == after + 1 &&
					  !p->record[r].first_of_table;
			if (!follows)
				p->record[r].direct = true;
		}
		at_table = false;
		after = r;
	}
}

static int wrap_record(struct crx_plan *p, struct crx_record *r, struct crx_err *err)
{
	size_t len = r->kind == CRX_KIND_STORED ? crx_comp_stored_len(r->len) : r->len;

	if (!crx_format_may_be_direct_compressed(len))
		return crx_err_set(err, CRX_EINTERNAL, 0,
				   p->facts->file[p->facts->blk[r->blk].file].node->name,
				   "a block of %zu bytes cannot have a direct pointer", len);
	if (r->kind == CRX_KIND_STORED)
		r->kind = CRX_KIND_WRAPPED;
	r->len = (uint32_t)len;
	return 0;
}

int crx_plan_pointers(struct crx_plan *p, struct crx_err *err)
{
	const struct crx_file_fact *file;
	size_t t, i;
	int ret = 0;

	for (t = 0; t < p->ntables; t++)
		if (!p->table[t].kept)
			mark_direct(p, &p->table[t]);
	for (i = p->nkept_records; i < p->nrecords && !ret; i++)
		if (p->record[i].direct)
			ret = wrap_record(p, &p->record[i], err);
	/* a block has the kind of its record */
	for (t = 0; t < p->ntables && !ret; t++) {
		file = &p->facts->file[p->table[t].file];
		for (i = file->first_blk; i < (size_t)file->first_blk + file->nblks; i++)
			if (p->block[i].record != CRX_NO_RECORD)
				p->block[i].kind = p->record[p->block[i].record].kind;
	}
	return ret;
}
