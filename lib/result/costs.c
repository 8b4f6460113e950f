/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "result/parts.h"

#include <stdlib.h>

/*
 * An equal block that stays compressed for others saves nothing by being in place here. Of several
 * equal blocks in place, the first one saves the compressed bytes for all.
 */
int crx_result_costs(const struct crx_result_stages *s, uint64_t *cost, struct crx_err *err)
{
	const struct crx_facts *f = s->facts;
	const struct crx_plan *p = s->plan;
	uint8_t *claimed = crx_zalloc(f->nblks, 1);
	uint32_t blk, same, end;
	size_t i;

	if (!claimed)
		return crx_err_nomem(err, "summing up");
	for (i = 0; i < p->nrecords; i++)
		claimed[f->blk[p->record[i].blk].same] = 1;
	for (i = 0; i < p->nruns; i++) {
		const struct crx_run *run = &p->run[i];

		blk = f->file[p->table[run->table].file].first_blk + run->first_blk;
		for (end = blk + run->nblks; blk < end; blk++) {
			const struct crx_slot *slot = &s->packed->slot[f->blk[blk].same];

			same = f->blk[blk].same;
			cost[run->table] += f->page_size;
			if (!claimed[same] && !f->blk[blk].zero && slot->len <= f->page_size)
				cost[run->table] -= slot->len;
			claimed[same] = 1;
		}
	}
	free(claimed);
	return 0;
}
