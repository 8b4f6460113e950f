/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "wishes/policy/policy.h"

#include <stdlib.h>

#include "wishes/policy/machines.h"
#include "wishes/policy/candidates.h"
#include "wishes/policy/match.h"
#include "wishes/policy/tally.h"

static const char DOING[] = "choosing what goes in place";

struct policy {
	const struct crx_facts *f;
	const struct crx_policy_opts *o;
	struct crx_log *log;
	struct crx_wishes *w;
	const struct crx_rules *rules; /* NULL if there are none */
	struct crx_tally *tally;       /* one for each rule */
};

static bool is_for_root(const struct crx_wishes *w, const struct crx_exec_abi *abi)
{
	size_t i;

	for (i = 0; i < w->nabis; i++)
		if (crx_exec_abi_equal(&w->abi[i], abi))
			return true;
	return false;
}

/* The reason to skip a file that the kernel has this reason not to map. */
static enum crx_skip skip_for(enum crx_exec_why why)
{
	switch (why) {
	case CRX_EXEC_WHY_DAMAGED:
		return CRX_SKIP_DAMAGED;
	case CRX_EXEC_WHY_DEBUG:
		return CRX_SKIP_DEBUG;
	case CRX_EXEC_WHY_UNALIGNED:
		return CRX_SKIP_UNALIGNED;
	case CRX_EXEC_WHY_FLAT_MMU:
	case CRX_EXEC_WHY_FLAT_RAM:
		return CRX_SKIP_FLAT_RAM;
	case CRX_EXEC_WHY_NOT_FDPIC:
	case CRX_EXEC_WHY_NOT_PIC:
	case CRX_EXEC_WHY_CONSTDISP:
		return CRX_SKIP_NOT_FDPIC;
	case CRX_EXEC_WHY_FORMAT:
	case CRX_EXEC_WHY_NONE:
	case CRX_EXEC_WHYS:
		break;
	}
	return CRX_SKIP_NONE;
}

/* The reason to skip an executable, whatever the rules say. */
static enum crx_skip skip_always(const struct policy *p, size_t i)
{
	const struct crx_facts *f = p->f;
	struct crx_exec_load load = crx_policy_load(f, i, p->o->no_mmu);

	if (load.why == CRX_EXEC_WHY_DAMAGED)
		return CRX_SKIP_DAMAGED;
	if (crx_policy_is_debug(f, i))
		return CRX_SKIP_DEBUG;
	/* a format without a machine may be for any */
	if (load.x->abi.elf_class && !is_for_root(p->w, &load.x->abi))
		return CRX_SKIP_MACHINE;
	return skip_for(load.why);
}

/* The reason to skip an executable that skip_always() does not skip: the rules, if it would be in
 * place by -X alone. */
static int skip_by_rules(const struct policy *p, size_t i, enum crx_skip *skip, struct crx_err *err)
{
	struct crx_policy_search by_default = { .f = p->f, .no_mmu = p->o->no_mmu };
	struct crx_mappings m;
	int ret = crx_policy_candidates(&by_default, i, &m, err);

	if (!ret)
		*skip = m.n ? CRX_SKIP_RULE : m.partial ? CRX_SKIP_PART : CRX_SKIP_NONE;
	return ret;
}

static int decide_file(struct policy *p, size_t i, struct crx_err *err)
{
	const struct crx_facts *f = p->f;
	struct crx_file_wish *wish = &p->w->file[i];
	const struct crx_rule *rule =
		wish->rule == CRX_NO_RULE ? NULL : &p->rules->rule[wish->rule];
	bool xip = rule ? rule->action == CRX_ACTION_XIP : p->o->xip;
	bool whole = xip && rule && rule->whole;
	/* what is known of the contents is kept under the first name of a file */
	const struct crx_exec *x = &f->file[f->file[i].link].exec;
	bool executable = crx_exec_is_executable(x);
	struct crx_policy_search search = { f, rule, p->o->no_mmu, p->w };
	struct crx_mappings m = { 0 };
	char path[CRX_ERR_PATH_MAX];
	int ret = 0;

	wish->first_cand = p->w->ncands;
	if (executable && !whole)
		wish->skip = skip_always(p, i);
	if (whole || (xip && executable && !wish->skip))
		ret = crx_policy_candidates(&search, i, &m, err);
	wish->ncands = m.n;
	if (m.n)
		wish->action = CRX_ACTION_XIP;
	else if (rule && rule->action == CRX_ACTION_STORE)
		wish->action = CRX_ACTION_STORE;
	if (!m.n && m.partial)
		wish->skip = CRX_SKIP_PART;
	if (!ret && !m.n && !wish->skip && executable)
		ret = skip_by_rules(p, i, &wish->skip, err);
	if (f->file[i].link == i && wish->skip)
		p->w->skipped[wish->skip]++;
	if (f->file[i].link == i && wish->skip == CRX_SKIP_DAMAGED && xip)
		crx_log_warn(p->log, crx_tree_path(f->file[i].node, path, sizeof(path)),
			     "damaged ELF file, treated as data: %s", x->why);
	if (rule && xip)
		crx_tally_add(&p->tally[wish->rule], f, i, &m, wish->skip);
	return ret;
}

static void warn_byte_order(const struct crx_wishes *w, enum crx_order order, struct crx_log *log)
{
	char name[32];
	size_t i;

	for (i = 0; i < w->nabis; i++) {
		if (w->abi[i].big == (order == CRX_ORDER_BIG))
			continue;
		crx_log_warn(log, NULL,
			     "the programs (%s) are %s-endian, but the image is %s-endian: their "
			     "kernel will not mount it (use -N %s)",
			     crx_exec_abi_name(&w->abi[i], name, sizeof(name)),
			     w->abi[i].big ? "big" : "little",
			     order == CRX_ORDER_BIG ? "big" : "little",
			     w->abi[i].big ? "big" : "little");
	}
}

/* Find the rule that decides about each file. */
static int apply_rules(struct policy *p, const struct crx_tree *t, struct crx_err *err)
{
	struct crx_policy_verdict v = { 0 };
	size_t i;
	int ret;

	if (!p->rules)
		return 0;
	v.rule_of = crx_alloc(p->f->nfiles, sizeof(*v.rule_of));
	v.hits = p->w->hits = crx_zalloc(p->rules->nrules, sizeof(*p->w->hits));
	p->tally = crx_zalloc(p->rules->nrules, sizeof(*p->tally));
	if (v.rule_of && v.hits && p->tally)
		ret = crx_policy_match(t, p->f, p->rules, p->log, &v, err);
	else
		ret = crx_err_nomem(err, DOING);
	for (i = 0; i < p->f->nfiles && !ret; i++)
		p->w->file[i].rule = v.rule_of[i];
	free(v.rule_of);
	return ret;
}

int crx_policy(const struct crx_tree *t, const struct crx_facts *f, const struct crx_policy_opts *o,
	       struct crx_log *log, struct crx_wishes *out, struct crx_err *err)
{
	struct policy p = { .f = f, .o = o, .log = log, .w = out };
	size_t i;
	int ret;

	if (o->rules && o->rules->nrules)
		p.rules = o->rules;
	*out = (struct crx_wishes){ .nfiles = f->nfiles };
	out->file = crx_zalloc(f->nfiles, sizeof(*out->file));
	if (!out->file)
		return crx_err_nomem(err, DOING);
	for (i = 0; i < f->nfiles; i++)
		out->file[i].rule = CRX_NO_RULE;
	if (!o->xip && !p.rules)
		return 0;
	ret = crx_policy_find_machines(t, f, out, err);
	if (!ret)
		ret = apply_rules(&p, t, err);
	for (i = 0; i < f->nfiles && !ret; i++)
		ret = decide_file(&p, i, err);
	if (!ret)
		ret = crx_wishes_update_ranges(out, err);
	for (i = 0; p.rules && i < p.rules->nrules && !ret; i++)
		crx_tally_warn(&p.tally[i], f, &p.rules->rule[i], log);
	if (!ret)
		warn_byte_order(out, o->order, log);
	free(p.tally);
	return ret;
}
