/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The parts of crx_result_fill(). Internal to result.
 */
#ifndef CRX_RESULT_PARTS_H
#define CRX_RESULT_PARTS_H

#include "result/fill.h"

/*
 * cost[t], zeroed, for each table of the plan: flash bytes that its pages in place take more than
 * compressed. Needs all_packed.
 */
int crx_result_costs(const struct crx_result_stages *s, uint64_t *cost, struct crx_err *err)
	CRX_MUST_CHECK;

/* Pages in place and what they cost, skipped executables, machines, the budget. */
int crx_result_fill_choice(const struct crx_result_stages *s, const uint64_t *cost,
			   struct crx_result *r, struct crx_err *err) CRX_MUST_CHECK;

int crx_result_fill_rules(const struct crx_result_stages *s, const uint64_t *cost,
			  struct crx_result *r, struct crx_err *err) CRX_MUST_CHECK;

int crx_result_fill_files(const struct crx_result_stages *s, const uint64_t *cost,
			  struct crx_result *r, struct crx_err *err) CRX_MUST_CHECK;

#endif
