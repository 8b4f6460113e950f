/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the pipeline hands from stage to stage. Internal to build.
 */
#ifndef CRX_BUILD_STAGES_H
#define CRX_BUILD_STAGES_H

#include <pthread.h>

#include "build/build.h"
#include "input/edit/devtable.h"
#include "input/edit/owners.h"
#include "input/source/source.h"
#include "old/old.h"
#include "place/budget/budget.h"
#include "place/layout/layout.h"
#include "read/walk.h"
#include "tree/limits.h"
#include "write/output.h"
#include "write/write.h"

/* The image that this one is built like. */
struct crx_build_old {
	struct crx_image img;
	struct crx_listing list;
	uint32_t page_sizes; /* candidates, see crx_check_page_size() */
	struct crx_old values;
};

struct crx_builder {
	const struct crx_build_opts *o;
	const struct crx_build_hooks *h;
	pthread_mutex_t lock; /* of the progress hook */

	/* what the options imply (crx_build_prepare) */
	unsigned workers;
	bool ext, holes;
	uint64_t insert_len;
	struct crx_comp_spec comp;
	struct crx_rules rules;
	struct crx_profile profile;

	/* the tree, and what made it */
	struct crx_source *source; /* the source, then each overlay */
	struct crx_strings exclude;
	size_t *exclude_hits; /* for each pattern */
	struct crx_devtable devtable;
	struct crx_owner owner;
	struct crx_id_map *map[CRX_USERS_KINDS];
	struct crx_chmod *chmod;
	struct crx_users users;
	struct crx_tree tree;
	struct crx_offences offences;

	struct crx_build_old old;
	uint8_t *in_place_before; /* for each of facts.blk, with an old image and a budget */

	/* what each stage gives to the next */
	struct crx_facts facts;
	struct crx_wishes wishes;
	struct crx_heat heat;
	struct crx_packed packed;
	struct crx_budget budget;
	struct crx_plan plan;
	struct crx_layout layout;
	struct crx_output output;
	struct crx_result *result; /* the caller's */
};

/* May anything be in place? */
static inline bool crx_build_may_map(const struct crx_builder *b)
{
	return b->o->xip || b->rules.nrules;
}

/* Are pages chosen by what they save and cost? */
static inline bool crx_build_weighs_pages(const struct crx_builder *b)
{
	return b->o->flash_budget || b->o->ram_goal || b->o->want_curve;
}

/* Must the cost of each page that may be in place be known? */
static inline bool crx_build_needs_costs(const struct crx_builder *b)
{
	return crx_build_weighs_pages(b) || b->o->want_costs;
}

/* prepare.c: checks options, and reads policies, profiles and tables, before any other work. */
int crx_build_prepare(struct crx_builder *b, struct crx_err *err) CRX_MUST_CHECK;

/*
 * source.c: prepare_source parses options and device tables; read_source fills the tree, applies
 * all that changes it, and finds what of it does not fit into cramfs (offences). check_image
 * refuses an image inside a source, and one that would replace an archive.
 */
int crx_build_prepare_source(struct crx_builder *b, struct crx_err *err) CRX_MUST_CHECK;
int crx_build_read_source(struct crx_builder *b, struct crx_err *err) CRX_MUST_CHECK;
void crx_build_free_source(struct crx_builder *b);
int crx_build_check_image(const struct crx_builder *b, struct crx_err *err) CRX_MUST_CHECK;

/* like.c: opens the old image; finds what of the tree is in it; and lets pages that are in place
 * there stay so, unless pages are weighed. */
int crx_build_open_old(struct crx_builder *b, struct crx_err *err) CRX_MUST_CHECK;
int crx_build_match_old(struct crx_builder *b, struct crx_err *err) CRX_MUST_CHECK;
int crx_build_keep_pages(struct crx_builder *b, struct crx_err *err) CRX_MUST_CHECK;
void crx_build_free_old(struct crx_builder *b);

/* choice.c: trim the wishes to what profiles found in use, before pack. */
int crx_build_apply_profile(struct crx_builder *b, struct crx_err *err) CRX_MUST_CHECK;

/* choice.c: trim them to a budget, between pack and plan. Nothing to do without one. */
int crx_build_choose_pages(struct crx_builder *b, struct crx_err *err) CRX_MUST_CHECK;

/* choice.c: crx_budget_choose() for this image; trims the wishes. */
int crx_build_weigh(struct crx_builder *b, const struct crx_budget_opts *o, struct crx_budget *out,
		    struct crx_err *err) CRX_MUST_CHECK;

/* pack.c: compress. Pages in place only if their costs are needed; pack_candidates compresses them
 * afterwards, for crx_build_weigh(), unless that is done. */
int crx_build_pack(struct crx_builder *b, struct crx_err *err) CRX_MUST_CHECK;
int crx_build_pack_candidates(struct crx_builder *b, struct crx_err *err) CRX_MUST_CHECK;

/*
 * place.c: plan and layout of the image with these wishes. Files whose data would begin where no
 * inode can point are added to far; CRX_ELIMIT for what is too large as a whole. layout is filled
 * all the same.
 */
int crx_build_place(const struct crx_builder *b, const struct crx_wishes *w, struct crx_plan *plan,
		    struct crx_layout *layout, struct crx_offences *far, struct crx_err *err)
	CRX_MUST_CHECK;

/* checks.c: open the output, or with dry_run only check it. */
int crx_build_open_output(struct crx_builder *b, struct crx_err *err) CRX_MUST_CHECK;

/* checks.c: each offence goes to the log; then one error for all. */
int crx_build_report_offences(struct crx_builder *b, struct crx_err *err) CRX_MUST_CHECK;

/* checks.c: the same for what cannot be read, after the scan. */
int crx_build_report_unreadable(struct crx_builder *b, struct crx_err *err) CRX_MUST_CHECK;

/* size.c: --max-size, --pad-to, the device. The wishes change if the image is too large. */
int crx_build_check_size(struct crx_builder *b, struct crx_err *err) CRX_MUST_CHECK;

/* checks.c: warnings, where they are errors; --ram-goal. */
int crx_build_check_warnings(struct crx_builder *b, struct crx_err *err) CRX_MUST_CHECK;
int crx_build_check_ram(struct crx_builder *b, struct crx_err *err) CRX_MUST_CHECK;

#endif
