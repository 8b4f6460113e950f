/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The pipeline: source, tree, scan, policy, pack, choice, plan, layout, write, verify, rename.
 * The only place that knows all stages.
 */
#include "config.h"
#include "build/build.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/pool.h"
#include "build/stages.h"
#include "proof/verify/verify.h"
#include "result/fill.h"

static void stage(struct crx_builder *b, enum crx_build_stage s)
{
	if (b->h->progress)
		b->h->progress(b->h->progress_ctx, s, 0, 0);
}

static int read_source(struct crx_builder *b, struct crx_err *err)
{
	stage(b, CRX_STAGE_READ);
	return crx_build_read_source(b, err);
}

static int scan(struct crx_builder *b, struct crx_err *err)
{
	struct crx_scan_opts o = {
		.page_size = b->o->page_size,
		.workers = b->workers,
		.find_equal = b->o->dedupe,
		.executables = crx_build_may_map(b),
	};

	stage(b, CRX_STAGE_SCAN);
	return crx_scan(&b->tree, &o, &b->facts, err);
}

static int decide(struct crx_builder *b, struct crx_err *err)
{
	struct crx_policy_opts o = {
		.xip = b->o->xip,
		.no_mmu = b->o->no_mmu,
		.order = b->o->order,
		.rules = &b->rules,
	};
	int ret = crx_policy(&b->tree, &b->facts, &o, b->h->log, &b->wishes, err);

	if (!ret)
		ret = crx_build_apply_profile(b, err);
	return ret ? ret : crx_build_keep_pages(b, err);
}

static int choose(struct crx_builder *b, struct crx_err *err)
{
	if (!crx_build_weighs_pages(b))
		return 0;
	stage(b, CRX_STAGE_CHOOSE);
	return crx_build_choose_pages(b, err);
}

static int place(struct crx_builder *b, struct crx_err *err)
{
	return crx_build_place(b, &b->wishes, &b->plan, &b->layout, &b->offences, err);
}

static size_t backend_index(const struct crx_comp_backend *backend)
{
	const struct crx_comp_backend *const *all = crx_comp_backends();
	size_t i = 0;

	while (all[i] != backend)
		i++;
	return i;
}

static int report(struct crx_builder *b, struct crx_err *err)
{
	struct crx_result *r = b->result;
	struct crx_result_stages s = {
		.tree = &b->tree,
		.facts = &b->facts,
		.rules = &b->rules,
		.wishes = &b->wishes,
		.heat = &b->heat,
		.packed = &b->packed,
		.budget = crx_build_weighs_pages(b) ? &b->budget : NULL,
		.plan = &b->plan,
		.layout = &b->layout,
		.all_packed = crx_build_needs_costs(b),
		.no_mmu = b->o->no_mmu,
		.want_files = b->o->want_files,
		.want_blocks = b->o->want_blocks,
	};

	r->file_size = b->o->pad_to ? b->o->pad_to : b->layout.image_size;
	r->backend = backend_index(b->comp.backend);
	r->level = (unsigned)b->comp.level;
	r->source_kind = b->source[0].kind;
	r->squashed = b->source[0].squashed;
	return crx_result_fill(&s, r, err);
}

static int announce(struct crx_builder *b, struct crx_err *err)
{
	return b->h->on_decided ? b->h->on_decided(b->h->on_decided_ctx, b->result, err) : 0;
}

static int write_image(struct crx_builder *b, struct crx_err *err)
{
	struct crx_write_from from = { &b->tree, &b->packed, &b->plan, &b->layout };
	struct crx_write_opts o = {
		.path = b->output.copies ? b->output.temp.path : b->o->image,
		.order = b->o->order,
		.edition = b->o->edition,
		.name = b->o->name,
		.ext = b->ext,
		.holes = b->holes,
		.workers = b->workers,
		.insert_path = b->o->insert_path,
		.old = b->o->update.like ? &b->old.values : NULL,
		.erase_len = b->o->update.erase_len,
		.wipe = b->o->update.wipe,
	};
	struct crx_update update = { 0 };
	int ret;

	stage(b, CRX_STAGE_WRITE);
	ret = crx_write(b->output.temp.fd, &from, &o, &b->result->crc, &update, err);
	b->result->update.blocks = update.blocks;
	b->result->update.changed_blocks = update.changed_blocks;
	b->result->update.changed_bytes = update.changed_bytes;
	return ret;
}

static int verify(struct crx_builder *b, struct crx_err *err)
{
	struct crx_verify_opts o = {
		.path = b->o->image,
		.workers = b->workers,
		.order = b->o->order,
		.name = b->o->name,
		.edition = b->o->edition,
		.no_mmu = b->o->no_mmu,
	};

	if (!b->o->verify)
		return 0;
	stage(b, CRX_STAGE_VERIFY);
	crx_packed_free(&b->packed); /* as large as the image, and not needed any more */
	return crx_verify(b->output.temp.fd, &b->tree, &b->facts, &b->plan, &o, err);
}

static int commit(struct crx_builder *b, struct crx_err *err)
{
	int ret = crx_output_commit(&b->output, b->layout.image_size, err);

	if (ret < 0)
		return ret;
	b->result->verified = b->o->verify;
	b->result->written = true;
	return 0;
}

typedef int build_step(struct crx_builder *b, struct crx_err *err);

/* All decisions are made before a byte is written. */
static build_step *const decisions[] = {
	crx_build_prepare,
	crx_build_open_output,
	read_source,
	crx_build_report_offences,
	scan,
	crx_build_report_unreadable,
	crx_build_match_old,
	decide,
	crx_build_check_warnings,
	crx_build_pack,
	choose,
	place,
	crx_build_report_offences,
	crx_build_check_size,
	report,
	crx_build_check_ram,
	announce,
};

static build_step *const output[] = {
	write_image,
	verify,
	commit,
};

static int run(struct crx_builder *b, struct crx_err *err)
{
	size_t i;
	int ret = 0;

	for (i = 0; i < sizeof(decisions) / sizeof(decisions[0]) && !ret; i++)
		ret = decisions[i](b, err);
	for (i = 0; i < sizeof(output) / sizeof(output[0]) && !ret && !b->o->dry_run; i++)
		ret = output[i](b, err);
	return ret;
}

int crx_build(const struct crx_build_opts *o, const struct crx_build_hooks *h,
	      struct crx_result *result, struct crx_err *err)
{
	static const struct crx_build_hooks none;
	struct crx_builder b = {
		.o = o,
		.h = h ? h : &none,
		.result = result,
		.output = { .fd = -1, .temp = { .fd = -1 } },
	};
	int ret;

	memset(result, 0, sizeof(*result));
	ret = pthread_mutex_init(&b.lock, NULL);
	if (ret)
		return crx_err_set(err, CRX_EIO, ret, NULL, "cannot make a lock");
	ret = run(&b, err);
	crx_output_abort(&b.output);
	crx_layout_free(&b.layout);
	crx_plan_free(&b.plan);
	crx_budget_free(&b.budget);
	crx_packed_free(&b.packed);
	crx_heat_free(&b.heat);
	crx_wishes_free(&b.wishes);
	crx_facts_free(&b.facts);
	crx_offences_free(&b.offences);
	crx_tree_free(&b.tree);
	crx_build_free_source(&b);
	crx_profile_free(&b.profile);
	crx_rules_free(&b.rules);
	crx_build_free_old(&b);
	free(b.in_place_before);
	pthread_mutex_destroy(&b.lock);
	return ret;
}
