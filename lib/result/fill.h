/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From what the stages of a build decided to what is reported. Pure: reads the stages, and writes
 * the result only.
 */
#ifndef CRX_RESULT_FILL_H
#define CRX_RESULT_FILL_H

#include "place/budget/budget.h"
#include "place/layout/layout.h"
#include "result/result.h"

struct crx_result_stages {
	const struct crx_tree *tree;
	const struct crx_facts *facts;
	const struct crx_rules *rules;
	const struct crx_wishes *wishes;
	const struct crx_heat *heat;
	const struct crx_packed *packed;
	const struct crx_budget *budget; /* NULL: no pages were weighed */
	const struct crx_plan *plan;
	const struct crx_layout *layout;
	bool all_packed; /* every candidate page has a slot, so that costs are known */
	bool no_mmu;
	bool want_files;  /* fill result.file */
	bool want_blocks; /* and the blocks of each */
};

/*
 * Add to *r, which is zeroed or holds what only the caller knows: the CRC, the size of the file,
 * the back end, whether anything was written. Fails only for memory; r is the caller's to free in
 * any case.
 */
int crx_result_fill(const struct crx_result_stages *s, struct crx_result *r, struct crx_err *err)
	CRX_MUST_CHECK;

#endif
