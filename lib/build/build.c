/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The pipeline: source, tree, scan, policy, pack, choice, plan, layout, write, verify,
 * rename. The only place that knows all stages.
 */
#include "config.h"
#include "build/build.h"

#include <pthread.h>
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

static void pack_step(void *ctx, uint64_t done, uint64_t total)
{
	struct crx_builder *b = ctx;

	pthread_mutex_lock(&b->lock);
	b->h->progress(b->h->progress_ctx, CRX_STAGE_PACK, done, total);
	pthread_mutex_unlock(&b->lock);
}

static int read_source(struct crx_builder *b, struct crx_err *err)
{
	stage(b, CRX_STAGE_READ);
	return crx_builder_read_source(b, err);
}

static int scan(struct crx_builder *b, struct crx_err *err)
{
	struct crx_scan_opts o = {
		.page_size = b->o->page_size,
		.workers = b->workers,
		.find_equal = b->o->dedupe,
		.executables = crx_builder_in_place(b),
	};

	stage(b, CRX_STAGE_SCAN);
	return crx_scan(&b->tree, &o, &b->facts, err);
}

static int decide(struct crx_builder *b, struct crx_err *err)
{
	struct crx_policy_opts o = {
		.xip = b->o->xip, .no_mmu = b->o->no_mmu, .order = b->o->order, .rules = &b->rules
	};
	int ret = crx_policy(&b->tree, &b->facts, &o, b->h->log, &b->wishes, err);

	return ret ? ret : crx_builder_trim(b, err);
}

/* Must the cost of every page that may be in place be known? */
static bool all_packed(const struct crx_builder *b)
{
	return crx_builder_weighs(b) || b->o->want_costs;
}

static int pack(struct crx_builder *b, struct crx_err *err)
{
	struct crx_pack_opts o = {
		.comp = b->comp,
		.workers = b->workers,
		.ext = b->ext,
		.holes = b->holes,
		.candidates = all_packed(b),
	};
	struct crx_progress progress = { pack_step, b };

	stage(b, CRX_STAGE_PACK);
	return crx_pack(&b->facts, &b->wishes, &o, b->h->progress ? &progress : NULL, &b->packed,
			err);
}

int crx_builder_lay(const struct crx_builder *b, const struct crx_wishes *w, struct crx_plan *plan,
		    struct crx_layout *layout, struct crx_offences *far, struct crx_err *err)
{
	struct crx_plan_opts o = { .ext = b->ext, .holes = b->holes, .dedupe = b->o->dedupe };
	struct crx_layout_opts lo = { .boot_pad = b->o->boot_pad, .insert_len = b->insert_len };
	int ret = crx_plan(&b->facts, w, &b->packed, &o, plan, err);

	return ret ? ret : crx_layout(&b->tree, plan, &lo, layout, far, err);
}

static int choose(struct crx_builder *b, struct crx_err *err)
{
	if (!crx_builder_weighs(b))
		return 0;
	stage(b, CRX_STAGE_CHOOSE);
	return crx_builder_choose(b, err);
}

static size_t backend_index(const struct crx_comp_backend *backend)
{
	const struct crx_comp_backend *const *all = crx_comp_backends();
	size_t i = 0;

	while (all[i] != backend)
		i++;
	return i;
}

static int report(const struct crx_builder *b, struct crx_result *r, struct crx_err *err)
{
	struct crx_result_stages s = {
		.tree = &b->tree,
		.facts = &b->facts,
		.rules = &b->rules,
		.wishes = &b->wishes,
		.heat = &b->heat,
		.packed = &b->packed,
		.budget = crx_builder_weighs(b) ? &b->budget : NULL,
		.plan = &b->plan,
		.layout = &b->layout,
		.all_packed = all_packed(b),
		.no_mmu = b->o->no_mmu,
		.want_files = b->o->want_files,
		.want_blocks = b->o->want_blocks,
	};
	int ret = crx_result_fill(&s, r, err);

	r->file_size = b->o->pad_to ? b->o->pad_to : r->image_size;
	r->backend = backend_index(b->comp.backend);
	r->level = (unsigned)b->comp.level;
	r->squashed = b->source[0].squashed;
	return ret ? ret : crx_builder_check_ram(b, r, err);
}

static int write_image(struct crx_builder *b, struct crx_err *err)
{
	struct crx_write_from from = { &b->tree, &b->packed, &b->plan, &b->layout };
	struct crx_write_opts o = {
		.path = b->o->image,
		.order = b->o->order,
		.edition = b->o->edition,
		.name = b->o->name,
		.ext = b->ext,
		.holes = b->holes,
		.workers = b->workers,
		.insert_path = b->o->insert_path,
	};

	stage(b, CRX_STAGE_WRITE);
	return crx_write(b->output.temp.fd, &from, &o, &b->crc, err);
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
	crx_packed_free(&b->packed); /* as large as the image: not wanted any more */
	return crx_verify(b->output.temp.fd, &b->tree, &b->facts, &b->plan, &o, err);
}

static int run(struct crx_builder *b, struct crx_result *result, struct crx_err *err)
{
	int ret;

	if ((ret = crx_builder_prepare(b, err)) < 0 ||
	    (ret = crx_builder_open_output(b, err)) < 0 || (ret = read_source(b, err)) < 0 ||
	    (ret = crx_builder_report_offences(b, err)) < 0 || (ret = scan(b, err)) < 0 ||
	    (ret = decide(b, err)) < 0 || (ret = crx_builder_check_warnings(b, err)) < 0 ||
	    (ret = pack(b, err)) < 0 || (ret = choose(b, err)) < 0 ||
	    (ret = crx_builder_lay(b, &b->wishes, &b->plan, &b->layout, &b->offences, err)) < 0 ||
	    (ret = crx_builder_report_offences(b, err)) < 0 ||
	    (ret = crx_builder_check_size(b, err)) < 0 || (ret = report(b, result, err)) < 0)
		return ret;
	if (b->o->dry_run)
		return 0;
	if ((ret = write_image(b, err)) < 0 || (ret = verify(b, err)) < 0 ||
	    (ret = crx_output_commit(&b->output, b->layout.image_size, err)) < 0)
		return ret;
	result->crc = b->crc;
	result->verified = b->o->verify;
	result->written = true;
	return 0;
}

int crx_build(const struct crx_build_opts *o, const struct crx_build_hooks *h,
	      struct crx_result *result, struct crx_err *err)
{
	static const struct crx_build_hooks none;
	struct crx_builder b = { .o = o,
				 .h = h ? h : &none,
				 .output = { .fd = -1, .temp = { .fd = -1 } } };
	int ret;

	memset(result, 0, sizeof(*result));
	ret = pthread_mutex_init(&b.lock, NULL);
	if (ret)
		return crx_err_set(err, CRX_EIO, ret, NULL, "cannot make a lock");
	ret = run(&b, result, err);
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
	crx_builder_free_source(&b);
	crx_profile_free(&b.profile);
	crx_rules_free(&b.rules);
	pthread_mutex_destroy(&b.lock);
	return ret;
}
