/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Target: a policy file. It is parsed, and applied to a small root.
 */
#include "config.h"

#include <string.h>

#include "fuzz.h"
#include "wishes/policy/policy.h"
#include "world.h"

static void check_rules(const struct crx_rules *r)
{
	size_t i, j;

	for (i = 0; i < r->nrules; i++) {
		const struct crx_rule *rule = &r->rule[i];

		FUZZ_CHECK(*rule->text && rule->at.line);
		FUZZ_CHECK(!rule->pattern || (*rule->pattern && *rule->pattern != '/'));
		FUZZ_CHECK(rule->size_min <= rule->size_max);
		FUZZ_CHECK(!rule->whole || rule->must);
		FUZZ_CHECK(rule->elf <= CRX_RULE_ELF_ANY);
		for (j = 0; j < rule->needed_by.n; j++)
			FUZZ_CHECK(*rule->needed_by.at[j]);
		if (rule->pattern && rule->literal) {
			char *name = crx_rule_literal(rule->pattern);

			FUZZ_CHECK(name);
			free(name);
		}
	}
}

static void check_wishes(const struct crx_wishes *w, const struct crx_rules *r)
{
	const struct crx_facts *f = world_facts();
	size_t i, j;

	for (i = 0; i < w->nfiles; i++) {
		const struct crx_file_wish *file = &w->file[i];
		uint32_t end = 0;

		FUZZ_CHECK(file->rule == CRX_NO_RULE || file->rule < r->nrules);
		for (j = 0; j < file->nranges; j++) {
			FUZZ_CHECK(file->range[j].npg && (!j || file->range[j].first_pg > end));
			end = file->range[j].first_pg + file->range[j].npg;
			FUZZ_CHECK(end <= f->file[i].nblks);
		}
	}
	for (i = 0; i < w->ncands; i++) {
		const struct crx_candidate *c = &w->cand[i];

		FUZZ_CHECK(c->max_pg && c->max_pg <= c->map_pg && c->chosen_pg == c->max_pg);
	}
}

static void apply(const struct crx_rules *r, bool xip, bool no_mmu)
{
	struct crx_policy_opts o = { .xip = xip, .no_mmu = no_mmu, .rules = r };
	struct crx_err err = CRX_ERR_INIT;
	struct crx_log log = fuzz_log(NULL);
	struct crx_wishes w;
	int ret = crx_policy(world_tree(), world_facts(), &o, &log, &w, &err);

	fuzz_check_err(ret, &err);
	FUZZ_CHECK(!ret);
	check_wishes(&w, r);
	crx_wishes_free(&w);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct crx_err err = CRX_ERR_INIT;
	struct crx_rules r = { 0 };
	size_t errors = 0;
	struct crx_log log = fuzz_log(&errors);
	int ret = crx_rules_parse(&r, "p", (const char *)data, len, &log, &err);

	fuzz_check_err(ret, &err);
	FUZZ_CHECK(!ret || ret == CRX_EFORMAT || ret == CRX_EBIG);
	FUZZ_CHECK(!errors == !ret);
	check_rules(&r);
	if (!ret) {
		apply(&r, false, false);
		apply(&r, true, true);
	}
	crx_rules_free(&r);
	return 0;
}
