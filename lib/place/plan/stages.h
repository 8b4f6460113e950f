/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The steps of planning, in their order. Private to plan.
 */
#ifndef CRX_PLAN_STAGES_H
#define CRX_PLAN_STAGES_H

#include "place/plan/plan.h"

/* 1. Which files share a table. */
int crx_plan_tables(struct crx_plan *p, const struct crx_wishes *w, struct crx_err *err)
	CRX_MUST_CHECK;

/* 2. The kind of each block without regard to others: HOLE, RUN, or STREAM or STORED according to
 * its slot. */
void crx_plan_kinds(struct crx_plan *p, const struct crx_wishes *w, const struct crx_packed *k,
		    bool holes);

/* 3. With an old image: which tables of it are kept. */
int crx_plan_keep(struct crx_plan *p, const struct crx_packed *k, const struct crx_plan_opts *o,
		  struct crx_err *err) CRX_MUST_CHECK;

/* 4. The kind of each of their blocks, and their records. */
int crx_plan_kept_records(struct crx_plan *p, const struct crx_packed *k, const struct crx_old *old,
			  struct crx_err *err) CRX_MUST_CHECK;

/*
 * 5. Which blocks are shared: share[b] for the first block b of those that are equal. The caller
 * has set share to zero. Only those that save more bytes than the direct pointers cost that sharing
 * needs. Kept tables stay as they are; others may use their records that have direct pointers.
 */
int crx_plan_share(const struct crx_plan *p, const struct crx_packed *k, uint8_t *share,
		   struct crx_err *err) CRX_MUST_CHECK;

/* 6. Records and runs, in the order of the image. Blocks that do not shrink and follow a run become
 * AFTER_RUN. */
int crx_plan_records(struct crx_plan *p, const struct crx_packed *k, const uint8_t *share,
		     struct crx_err *err) CRX_MUST_CHECK;

/* 7. Which records need a direct pointer: those that do not directly follow, for one of their
 * users, the block before it. Of these, STORED ones become WRAPPED. */
int crx_plan_pointers(struct crx_plan *p, struct crx_err *err) CRX_MUST_CHECK;

/* 8. With an old image: where it has the runs and tables that are not kept. */
int crx_plan_find_places(struct crx_plan *p, const struct crx_old *old, struct crx_err *err)
	CRX_MUST_CHECK;

/* The next block of the table's file after i that takes bytes; nblks if none. */
uint32_t crx_plan_next_block(const struct crx_plan *p, const struct crx_file_fact *file,
			     uint32_t i);

/* The slot of block b. */
const struct crx_slot *crx_plan_slot(const struct crx_plan *p, const struct crx_packed *k,
				     uint32_t b);

/* Is a direct pointer to block b impossible? It is if the block does not shrink and would be too
 * long as stored deflate, which happens only with pages of 64K. */
bool crx_plan_is_plain_only(const struct crx_plan *p, const struct crx_packed *k, uint32_t b);

/* Must the block after block i directly follow it in the image, because a direct pointer to it is
 * impossible? Then block i cannot use the record of another block. */
bool crx_plan_next_must_follow(const struct crx_plan *p, const struct crx_packed *k,
			       const struct crx_file_fact *file, uint32_t i);

#endif
