/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the pipeline hands from stage to stage. Internal to build.
 */
#ifndef CRX_BUILD_STAGES_H
#define CRX_BUILD_STAGES_H

#include <pthread.h>

#include "place/budget/budget.h"
#include "build/build.h"
#include "place/layout/layout.h"
#include "input/edit/devtable.h"
#include "input/edit/owners.h"
#include "input/source/source.h"
#include "tree/limits.h"
#include "write/output.h"
#include "write/write.h"

struct crx_builder {
	const struct crx_build_opts *o;
	const struct crx_build_hooks *h;
	pthread_mutex_t lock; /* of the progress hook */
	unsigned workers;
	bool ext, holes; /* as the options imply them */
	uint64_t insert_len;
	struct crx_comp_spec comp;
	uint32_t crc;
	struct crx_rules rules;
	struct crx_profile profile;

	struct crx_source *source; /* the source, then each overlay */
	struct crx_devtable devtable;
	struct crx_owner owner;
	struct crx_id_map *map[CRX_USERS_KINDS];
	struct crx_chmod *chmod;
	struct crx_users users;
	struct crx_tree tree;
	struct crx_offences offences;
	struct crx_facts facts;
	struct crx_wishes wishes;
	struct crx_heat heat;
	struct crx_budget budget;
	struct crx_packed packed;
	struct crx_plan plan;
	struct crx_layout layout;
	struct crx_output output;
};

/* Is the choice of pages weighed, so that every page's cost must be known? */
static inline bool crx_builder_weighs(const struct crx_builder *b)
{
	return b->o->flash_budget || b->o->ram_goal || b->o->want_curve;
}

/* Is anything to be in place? */
static inline bool crx_builder_in_place(const struct crx_builder *b)
{
	return b->o->xip || b->rules.nrules;
}

/* The tree, with all that changes it, and what of it cramfs cannot hold
 * (source.c). prepare_source parses options and tables, before any work. */
int crx_builder_prepare_source(struct crx_builder *b, struct crx_err *err) CRX_MUST_CHECK;
int crx_builder_read_source(struct crx_builder *b, struct crx_err *err) CRX_MUST_CHECK;
void crx_builder_free_source(struct crx_builder *b);

/* Does the image lie in a source, or is it an archive that somebody may want? */
int crx_builder_check_image(const struct crx_builder *b, struct crx_err *err) CRX_MUST_CHECK;

/* Options that make no sense, policies and profiles, before any work. */
int crx_builder_prepare(struct crx_builder *b, struct crx_err *err) CRX_MUST_CHECK;
int crx_builder_open_output(struct crx_builder *b, struct crx_err *err) CRX_MUST_CHECK;

/* Each entry that does not fit goes to the log; then one error for all. */
int crx_builder_report_offences(struct crx_builder *b, struct crx_err *err) CRX_MUST_CHECK;
int crx_builder_check_warnings(struct crx_builder *b, struct crx_err *err) CRX_MUST_CHECK;

/* --max-size, --pad-to, the device. */
int crx_builder_check_size(struct crx_builder *b, struct crx_err *err) CRX_MUST_CHECK;

/* --ram-goal: is it met by what was chosen? */
int crx_builder_check_ram(const struct crx_builder *b, const struct crx_result *r,
			  struct crx_err *err) CRX_MUST_CHECK;

/* Plan and layout with these wishes. Offences (files too far behind) are added to far. */
int crx_builder_lay(const struct crx_builder *b, const struct crx_wishes *w, struct crx_plan *plan,
		    struct crx_layout *layout, struct crx_offences *far, struct crx_err *err)
	CRX_MUST_CHECK;

/* Which of the candidates are in place: the profile, the budget. Between pack
 * and plan; without a budget there is nothing to do. */
int crx_builder_trim(struct crx_builder *b, struct crx_err *err) CRX_MUST_CHECK;
int crx_builder_choose(struct crx_builder *b, struct crx_err *err) CRX_MUST_CHECK;

#endif
