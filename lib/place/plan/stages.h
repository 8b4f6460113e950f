/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The steps of planning, in their order. Internal to plan.
 */
#ifndef CRX_PLAN_STAGES_H
#define CRX_PLAN_STAGES_H

#include "place/plan/plan.h"

/* 1. Which files share a table. */
int crx_plan_tables(struct crx_plan *p, const struct crx_wishes *w, struct crx_err *err)
	CRX_MUST_CHECK;

/* 2. What each block is on its own: HOLE, RUN, or STREAM or STORED as its slot
 * says. */
void crx_plan_kinds(struct crx_plan *p, const struct crx_wishes *w, const struct crx_packed *k,
		    bool holes);

/*
 * 3. Which distinct blocks are stored once for all: share[b] for the
 * representative block b (zeroed by the caller). Only those that save bytes after what the direct
 * pointers cost that sharing needs.
 */
int crx_plan_share(const struct crx_plan *p, const struct crx_packed *k, uint8_t *share,
		   struct crx_err *err) CRX_MUST_CHECK;

/* 4. Records and runs, in the order of the image; BEHIND for what does not
 * shrink and follows a run. */
int crx_plan_records(struct crx_plan *p, const struct crx_packed *k, const uint8_t *share,
		     struct crx_err *err) CRX_MUST_CHECK;

/* 5. Which records need a direct pointer: those that some table does not come
 * to from the piece right in front. What is STORED and needs one is WRAPPED. */
int crx_plan_pointers(struct crx_plan *p, struct crx_err *err) CRX_MUST_CHECK;

/* The next block of the table's file after i that takes bytes; nblks if none. */
uint32_t crx_plan_next(const struct crx_plan *p, const struct crx_file_fact *file, uint32_t i);

/* The slot that holds block b's stream. */
const struct crx_slot *crx_plan_slot(const struct crx_plan *p, const struct crx_packed *k,
				     uint32_t b);

/* Can block b not be the target of a direct pointer? (Does not shrink, and
 * would be too long as stored deflate: only at 64K.) */
bool crx_plan_plain_only(const struct crx_plan *p, const struct crx_packed *k, uint32_t b);

/* Does what follows block i of the file have to lie right behind it? Such a
 * block cannot point at another's record. */
bool crx_plan_tied(const struct crx_plan *p, const struct crx_packed *k,
		   const struct crx_file_fact *file, uint32_t i);

#endif
