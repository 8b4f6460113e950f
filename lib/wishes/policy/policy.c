/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "wishes/policy/policy.h"

#include <stdlib.h>

#include "wishes/policy/abi.h"
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

const char *crx_skip_text(enum crx_skip s)
{
	switch (s) {
	case CRX_SKIP_DEBUG:
		return "separate debug file";
	case CRX_SKIP_MACHINE:
		return "for another processor";
	case CRX_SKIP_UNALIGNED:
		return "cannot be loaded at this page size";
	case CRX_SKIP_DAMAGED:
		return "damaged ELF headers";
	case CRX_SKIP_FLAT_RAM:
		return "flat binary that is loaded to RAM";
	case CRX_SKIP_NOT_FDPIC:
		return "copied to RAM without an MMU";
	case CRX_SKIP_PART:
		return "cannot be in place as a whole";
	case CRX_SKIP_RULE:
		return "left out by the rules";
	default:
		return "";
	}
}

static bool for_machine(const struct crx_wishes *w, const struct crx_exec_abi *abi)
{
	size_t i;

	for (i = 0; i < w->nabis; i++)
		if (crx_exec_abi_equal(&w->abi[i], abi))
			return true;
	return false;
}

/* One segment that cannot be mapped makes the whole file unloadable. */
static bool loadable(const struct crx_exec *x, uint32_t page_size)
{
	uint32_t first, n;
	size_t i;

	for (i = 0; i < x->nseg; i++)
		if (!crx_exec_pages(&x->seg[i], page_size, &first, &n))
			return false;
	return true;
}

/* What speaks against an executable, whoever wants it in place. */
static enum crx_skip judge(const struct policy *p, const struct crx_file_fact *file)
{
	const struct crx_exec *x = &file->exec;

	if (x->kind == CRX_EXEC_DAMAGED)
		return CRX_SKIP_DAMAGED;
	if (crx_policy_is_debug(file))
		return CRX_SKIP_DEBUG;
	/* a flat binary does not tell its processor */
	if (x->kind == CRX_EXEC_BFLT)
		return x->constdisp ? CRX_SKIP_FLAT_RAM : CRX_SKIP_NONE;
	if (!for_machine(p->w, &x->abi))
		return CRX_SKIP_MACHINE;
	if (!loadable(x, p->f->page_size))
		return CRX_SKIP_UNALIGNED;
	/* load_elf_fdpic_binary(): what is_constdisp() holds for goes to RAM */
	if (p->o->no_mmu && (!x->fdpic || x->constdisp))
		return CRX_SKIP_NOT_FDPIC;
	return CRX_SKIP_NONE;
}

/* An executable of which nothing was wished for, or nothing could be had:
 * would it be in place if -X had its way? */
static int blame(const struct policy *p, size_t i, enum crx_skip *skip, struct crx_err *err)
{
	struct crx_mappings m;
	int ret = crx_policy_candidates(p->f, i, NULL, p->o->no_mmu, NULL, &m, err);

	if (!ret)
		*skip = m.n ? CRX_SKIP_RULE : m.part ? CRX_SKIP_PART : CRX_SKIP_NONE;
	return ret;
}

static int decide(struct policy *p, size_t i, struct crx_err *err)
{
	const struct crx_facts *f = p->f;
	struct crx_file_wish *wish = &p->w->file[i];
	const struct crx_rule *rule = wish->rule == CRX_NO_RULE ? NULL : &p->rules->rule[wish->rule];
	bool xip = rule ? rule->action == CRX_ACTION_XIP : p->o->xip;
	bool whole = xip && rule && rule->whole;
	struct crx_file_fact file = f->file[f->file[i].link];
	bool executable = crx_policy_is_executable(&file.exec);
	struct crx_mappings m = { 0 };
	char path[CRX_ERR_PATH_MAX];
	int ret = 0;

	/* the path is this name's, what was found inside is the first name's */
	file.node = f->file[i].node;
	wish->first_cand = p->w->ncands;
	if (executable && !whole)
		wish->skip = judge(p, &file);
	if (whole || (xip && executable && !wish->skip))
		ret = crx_policy_candidates(f, i, rule, p->o->no_mmu, p->w, &m, err);
	wish->ncands = m.n;
	if (m.n)
		wish->action = CRX_ACTION_XIP;
	else if (rule && rule->action == CRX_ACTION_STORE)
		wish->action = CRX_ACTION_STORE;
	if (!m.n && m.part)
		wish->skip = CRX_SKIP_PART;
	if (!ret && !m.n && !wish->skip && executable)
		ret = blame(p, i, &wish->skip, err);
	if (f->file[i].link == i && wish->skip)
		p->w->skipped[wish->skip]++;
	if (f->file[i].link == i && wish->skip == CRX_SKIP_DAMAGED && xip)
		crx_log_warn(p->log, crx_tree_path(file.node, path, sizeof(path)), "damaged ELF file, kept as data: %s", file.exec.why);
	if (rule && xip)
		crx_tally_file(&p->tally[wish->rule], f, i, &m, wish->skip);
	return ret;
}

static void warn_of_order(const struct crx_wishes *w, enum crx_order order, struct crx_log *log)
{
	char name[32];
	size_t i;

	for (i = 0; i < w->nabis; i++) {
		if (w->abi[i].big == (order == CRX_ORDER_BIG))
			continue;
		crx_log_warn(log, NULL, "the programs (%s) are %s-endian, the image is %s-endian: their kernel will not mount it (-N %s)",
			     crx_exec_abi_name(&w->abi[i], name, sizeof(name)), w->abi[i].big ? "big" : "little",
			     order == CRX_ORDER_BIG ? "big" : "little", w->abi[i].big ? "big" : "little");
	}
}

/* Which rule decides about each file. */
static int apply_rules(struct policy *p, const struct crx_tree *t, struct crx_err *err)
{
	uint32_t *rule_of;
	size_t i;
	int ret;

	if (!p->rules)
		return 0;
	rule_of = crx_alloc(p->f->nfiles, sizeof(*rule_of));
	p->w->hits = crx_zalloc(p->rules->nrules, sizeof(*p->w->hits));
	p->tally = crx_zalloc(p->rules->nrules, sizeof(*p->tally));
	if (rule_of && p->w->hits && p->tally)
		ret = crx_policy_match(t, p->f, p->rules, p->log, rule_of, p->w->hits, err);
	else
		ret = crx_err_nomem(err, DOING);
	for (i = 0; i < p->f->nfiles && !ret; i++)
		p->w->file[i].rule = rule_of[i];
	free(rule_of);
	return ret;
}

int crx_policy(const struct crx_tree *t, const struct crx_facts *f, const struct crx_policy_opts *o, struct crx_log *log, struct crx_wishes *out, struct crx_err *err)
{
	struct policy p = { .f = f, .o = o, .log = log, .w = out, .rules = o->rules && o->rules->nrules ? o->rules : NULL };
	size_t i;
	int ret;

	*out = (struct crx_wishes){ .nfiles = f->nfiles };
	out->file = crx_zalloc(f->nfiles, sizeof(*out->file));
	if (!out->file)
		return crx_err_nomem(err, DOING);
	for (i = 0; i < f->nfiles; i++)
		out->file[i].rule = CRX_NO_RULE;
	if (!o->xip && !p.rules)
		return 0;
	ret = crx_policy_find_abis(t, f, out, err);
	if (!ret)
		ret = apply_rules(&p, t, err);
	for (i = 0; i < f->nfiles && !ret; i++)
		ret = decide(&p, i, err);
	if (!ret)
		ret = crx_wishes_settle(out, err);
	for (i = 0; p.rules && i < p.rules->nrules && !ret; i++)
		crx_tally_tell(&p.tally[i], f, &p.rules->rule[i], log);
	if (!ret)
		warn_of_order(out, o->order, log);
	free(p.tally);
	return ret;
}
