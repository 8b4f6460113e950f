/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What policy makes of the trees of facts_world.h. Include after cmocka.h.
 */
#ifndef CRX_TESTS_POLICY_WORLD_H
#define CRX_TESTS_POLICY_WORLD_H

#include "facts_world.h"
#include "wishes/policy/match.h"
#include "wishes/rules/rule.h"

/* As a policy file called "p" has them; all from line 1 on. */
static inline void add_rules(struct world *x, const char *text)
{
	assert_int_equal(crx_rules_parse(&x->rules, "p", text, strlen(text), &x->kept.log, &x->err),
			 0);
}

static inline void decide_for(struct world *x, bool xip, enum crx_order order, uint32_t page_size)
{
	struct crx_policy_opts o = {
		.xip = xip, .no_mmu = x->no_mmu, .order = order, .rules = &x->rules
	};

	make_facts(x, page_size);
	assert_int_equal(crx_policy(&x->t, &x->f, &o, &x->kept.log, &x->w, &x->err), 0);
	assert_int_equal(x->w.nfiles, x->t.nfiles);
}

/* With -X. */
static inline void decide(struct world *x)
{
	decide_for(x, true, CRX_ORDER_LITTLE, P);
}

/* By rules alone. */
static inline void decide_by(struct world *x, const char *rules)
{
	add_rules(x, rules);
	decide_for(x, false, CRX_ORDER_LITTLE, P);
}

static inline const struct crx_file_wish *wish(struct world *x, const char *path)
{
	struct crx_node *n = crx_tree_find(&x->t, path);

	assert_non_null(n);
	assert_true(n->file != CRX_NO_FILE);
	return &x->w.file[n->file];
}

/* "0-3 5-7" or "", then the reason to skip the file, if there is one: "!debug". */
static inline void wish_is(struct world *x, const char *path, const char *want)
{
	static const char *const skip[CRX_SKIP_KINDS] = {
		[CRX_SKIP_DEBUG] = "debug",         [CRX_SKIP_MACHINE] = "machine",
		[CRX_SKIP_UNALIGNED] = "unaligned", [CRX_SKIP_DAMAGED] = "damaged",
		[CRX_SKIP_FLAT_RAM] = "flat-ram",   [CRX_SKIP_NOT_FDPIC] = "not-fdpic",
		[CRX_SKIP_PART] = "part",           [CRX_SKIP_RULE] = "rule",
	};
	const struct crx_file_wish *w = wish(x, path);
	char got[200] = "";
	size_t i, used = 0;

	for (i = 0; i < w->nranges; i++)
		used += (size_t)snprintf(got + used, sizeof(got) - used, "%s%u-%u", i ? " " : "",
					 w->range[i].first_pg,
					 w->range[i].first_pg + w->range[i].npg - 1);
	if (w->skip)
		snprintf(got + used, sizeof(got) - used, "!%s", skip[w->skip]);
	if (strcmp(got, want))
		fail_msg("%s: '%s', not '%s'", path, got, want);
}

/* "0:4/4" is segment 0, at page 0, all of its 4 pages; "2@5:1/3um" the first
 * of 3 from page 5, a unit, and a must; "f" for the whole file. */
static inline void cands_are(struct world *x, const char *path, const char *want)
{
	const struct crx_file_wish *w = wish(x, path);
	char got[300] = "", seg[16], at[16];
	size_t i, used = 0;

	for (i = 0; i < w->ncands; i++) {
		const struct crx_candidate *c = &x->w.cand[w->first_cand + i];

		assert_ptr_equal(&x->w.file[c->file], w);
		assert_int_equal(c->chosen_pg, c->max_pg);
		snprintf(seg, sizeof(seg), "%u", c->seg);
		snprintf(at, sizeof(at), "@%u", c->first_pg);
		used += (size_t)snprintf(got + used, sizeof(got) - used, "%s%s%s:%u/%u%s%s",
					 i ? " " : "", c->seg == CRX_WHOLE_FILE ? "f" : seg,
					 c->first_pg ? at : "", c->max_pg, c->map_pg,
					 c->unit ? "u" : "", c->must ? "m" : "");
	}
	if (strcmp(got, want))
		fail_msg("%s: '%s', not '%s'", path, got, want);
}

static inline void action_is(struct world *x, const char *path, enum crx_action want, uint32_t rule)
{
	const struct crx_file_wish *w = wish(x, path);

	if (w->action != want || w->rule != rule)
		fail_msg("%s: %s by rule %u, not %s by %u", path, crx_action_text(w->action),
			 w->rule, crx_action_text(want), rule);
}

static inline void one_warning(struct world *x, const char *text)
{
	kept_has(&x->kept, text);
	if (x->kept.log.warnings != 1)
		fail_msg("%lu warnings: %s", x->kept.log.warnings, x->kept.text);
}

static inline void no_warning(struct world *x)
{
	if (x->kept.log.warnings)
		fail_msg("warnings: %s", x->kept.text);
}

/* By file, then by segment; each name has its own. */
/* --- the rule of each file --- */

static inline void match(struct world *x, struct crx_policy_verdict *v)
{
	make_facts(x, P);
	v->rule_of = calloc(x->f.nfiles + 1, sizeof(*v->rule_of));
	v->hits = calloc(x->rules.nrules + 1, sizeof(*v->hits));
	assert_non_null(v->rule_of);
	assert_non_null(v->hits);
	memset(v->rule_of, 0x55, x->f.nfiles * sizeof(*v->rule_of));
	memset(v->hits, 0x55, x->rules.nrules * sizeof(*v->hits));
	assert_int_equal(crx_policy_match(&x->t, &x->f, &x->rules, &x->kept.log, v, &x->err), 0);
}

static inline void verdict_free(struct crx_policy_verdict *v)
{
	free(v->rule_of);
	free(v->hits);
}

#define DEBUGGED "!debug"
#define FOREIGN "!machine"
#define UNALIGNED "!unaligned"
#define DAMAGED "!damaged"
#define FLAT_RAM "!flat-ram"
#define NOT_FDPIC "!not-fdpic"
#define PART "!part"
#define RULED "!rule"

#endif
