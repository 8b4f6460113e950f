/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "place/layout/layout.h"

/*
 * A plain pointer says where its block ends, a direct one where it begins, divided by 4. In
 * crx_layout_pointers(), `end` is what cramfs_read_folio() would compute; a hole is a plain pointer
 * that ends where it begins.
 */
static uint32_t direct_pointer(uint64_t off, uint32_t flags)
{
	return (uint32_t)(off >> CRX_BLK_DIRECT_SHIFT) | CRX_BLK_DIRECT | flags;
}

void crx_layout_pointers(const struct crx_plan *p, const struct crx_layout *l, size_t table,
			 uint32_t *out)
{
	const struct crx_table *t = &p->table[table];
	const struct crx_file_fact *file = &p->facts->file[t->file];
	const struct crx_run *run = p->nruns ? &p->run[t->first_run] : NULL;
	uint32_t page = p->facts->page_size, i, next_run = t->first_run;
	uint64_t end = l->table_off[table] + (uint64_t)file->nblks * CRX_BLKPTR_LEN, at = 0;
	const struct crx_record *r;

	for (i = 0; i < file->nblks; i++) {
		const struct crx_plan_block *b = &p->block[file->first_blk + i];

		switch (b->kind) {
		case CRX_KIND_HOLE:
			out[i] = (uint32_t)end;
			break;
		case CRX_KIND_RUN:
			if (next_run < t->first_run + t->nruns && p->run[next_run].first_blk == i) {
				run = &p->run[next_run];
				at = l->run_off[next_run++];
			}
			out[i] = direct_pointer(at + (uint64_t)(i - run->first_blk) * page,
						CRX_BLK_UNCOMPRESSED);
			end = at + (uint64_t)(i - run->first_blk + 1) * page;
			break;
		case CRX_KIND_AFTER_RUN:
			end += crx_scan_block_len(p->facts, file, i);
			out[i] = (uint32_t)end | CRX_BLK_UNCOMPRESSED;
			break;
		default:
			r = &p->record[b->record];
			end = l->record_off[b->record] + (r->direct ? CRX_DIRECT_HDR_LEN : 0) +
			      r->len;
			if (r->direct)
				out[i] = direct_pointer(l->record_off[b->record], 0);
			else
				out[i] = (uint32_t)end |
					 (r->kind == CRX_KIND_STORED ? CRX_BLK_UNCOMPRESSED : 0);
		}
	}
}
