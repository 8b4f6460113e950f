/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "wishes/policy/match.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "exec/mapping.h"
#include "wishes/policy/machines.h"
#include "wishes/loader/needed.h"
#include "wishes/policy/unmatched.h"
#include "wishes/policy/pattern.h"

static const char DOING[] = "matching files with the policy";

/* What one program loads; found once, however many rules name the program. */
struct needed {
	const char *path;
	uint8_t *member;
};

struct match {
	const struct crx_tree *t;
	const struct crx_facts *f;
	const struct crx_rules *rules;
	struct crx_pattern *pattern; /* one for each rule */
	size_t **needs; /* for each rule: indexes into needed, one for each needed_by */
	struct needed *needed;
	size_t nneeded, needed_cap;
	/* for each file, by its first name (link): is it the interpreter of a program? */
	uint8_t *interp;
	uint32_t *next; /* for each file: the next one that will share its inode; 0: none */
	bool *seen;     /* for each rule: does it match an earlier name of the file? */
	size_t *hits;
};

static int find_needed(struct match *m, const char *path, struct crx_log *log, size_t *out,
		       struct crx_err *err)
{
	size_t i;

	for (i = 0; i < m->nneeded && strcmp(m->needed[i].path, path) != 0; i++)
		;
	*out = i;
	if (i < m->nneeded)
		return 0;
	if (!crx_grow(&m->needed, &m->needed_cap, i + 1, sizeof(*m->needed)))
		return crx_err_nomem(err, DOING);
	m->needed[i] = (struct needed){ path, crx_zalloc(m->f->nfiles, 1) };
	m->nneeded++;
	if (!m->needed[i].member)
		return crx_err_nomem(err, DOING);
	return crx_loader_needed(m->t, m->f, path, log, m->needed[i].member, err);
}

static int prepare_rule(struct match *m, size_t r, struct crx_log *log, struct crx_err *err)
{
	const struct crx_rule *rule = &m->rules->rule[r];
	int ret = crx_pattern_compile(m->t, rule, &m->pattern[r], err);
	size_t i;

	if (ret || !rule->needed_by.n)
		return ret;
	m->needs[r] = crx_alloc(rule->needed_by.n, sizeof(*m->needs[r]));
	if (!m->needs[r])
		return crx_err_nomem(err, DOING);
	for (i = 0; i < rule->needed_by.n && !ret; i++)
		ret = find_needed(m, rule->needed_by.at[i], log, &m->needs[r][i], err);
	return ret;
}

static int prepare(struct match *m, struct crx_log *log, struct crx_err *err)
{
	const struct crx_facts *f = m->f;
	size_t n = m->rules->nrules, i, interp;
	int ret = 0;

	m->pattern = crx_zalloc(n, sizeof(*m->pattern));
	m->needs = crx_zalloc(n, sizeof(*m->needs));
	m->seen = crx_zalloc(n, sizeof(*m->seen));
	m->interp = crx_zalloc(f->nfiles, 1);
	m->next = crx_zalloc(f->nfiles, sizeof(*m->next));
	if (!m->pattern || !m->needs || !m->seen || !m->interp || !m->next)
		return crx_err_nomem(err, DOING);
	for (i = f->nfiles; i-- > 0;) {
		if (f->file[i].inode != i) {
			m->next[i] = m->next[f->file[i].inode];
			m->next[f->file[i].inode] = (uint32_t)i;
		}
		interp = crx_policy_interpreter(m->t, f, &f->file[i].exec);
		if (interp != CRX_NO_FILE)
			m->interp[interp] = 1;
	}
	for (i = 0; i < n && !ret; i++)
		ret = prepare_rule(m, i, log, err);
	return ret;
}

static void free_match(struct match *m)
{
	size_t i;

	for (i = 0; m->pattern && i < m->rules->nrules; i++)
		crx_pattern_free(&m->pattern[i]);
	for (i = 0; m->needs && i < m->rules->nrules; i++)
		free(m->needs[i]);
	for (i = 0; i < m->nneeded; i++)
		free(m->needed[i].member);
	free(m->pattern);
	free(m->needs);
	free(m->needed);
	free(m->seen);
	free(m->interp);
	free(m->next);
}

/* What is known of the contents is kept under the first name of a file (link). */
static unsigned elf_kind(const struct match *m, size_t name)
{
	size_t file = m->f->file[name].link;
	const struct crx_exec *x = &m->f->file[file].exec;
	unsigned kind = 0;

	if (!crx_exec_is_elf(x))
		return 0;
	if (x->program)
		kind |= CRX_RULE_ELF_EXEC;
	if (m->interp[file])
		kind |= CRX_RULE_ELF_INTERP;
	return kind || !crx_exec_is_pic(x) ? kind : CRX_RULE_ELF_DYN;
}

/* Do all conditions of the rule hold, except its pattern? elf is elf_kind() of the file. */
static bool selected(const struct match *m, size_t r, size_t name, unsigned elf)
{
	const struct crx_rule *rule = &m->rules->rule[r];
	const struct crx_file_fact *fact = &m->f->file[name];
	size_t file = fact->link, i;

	if (fact->node->size < rule->size_min || fact->node->size > rule->size_max)
		return false;
	if (rule->exec_bit && (rule->exec_bit > 0) != ((fact->node->mode & 0111) != 0))
		return false;
	if ((rule->elf && !(rule->elf & elf)) ||
	    (rule->bflt && !crx_exec_is_bflt(&m->f->file[file].exec)))
		return false;
	for (i = 0; i < rule->needed_by.n; i++)
		if (!m->needed[m->needs[r][i]].member[file])
			return false;
	return true;
}

/* The last rule that matches one of the names of the file. Equal files that will be one inode count
 * as names of one file, because the same pages are in place for all. */
static int match_file(struct match *m, size_t file, uint32_t *rule, struct crx_err *err)
{
	size_t name = file, r, len;
	unsigned elf;
	char *path;

	*rule = CRX_NO_RULE;
	if (m->next[file])
		memset(m->seen, 0, m->rules->nrules * sizeof(*m->seen));
	do {
		path = crx_tree_path_dup(m->f->file[name].node);
		if (!path)
			return crx_err_nomem(err, DOING);
		len = strlen(path + 1);
		elf = elf_kind(m, name);
		for (r = 0; r < m->rules->nrules; r++) {
			if ((m->next[file] && m->seen[r]) || !selected(m, r, name, elf) ||
			    !crx_pattern_matches(&m->pattern[r], m->f->file[name].node, path + 1,
						 len))
				continue;
			m->seen[r] = true;
			m->hits[r]++;
			if (*rule == CRX_NO_RULE || *rule < r)
				*rule = (uint32_t)r;
		}
		free(path);
		name = m->next[name];
	} while (name);
	return 0;
}

int crx_policy_match(const struct crx_tree *t, const struct crx_facts *f,
		     const struct crx_rules *rules, struct crx_log *log,
		     const struct crx_policy_verdict *out, struct crx_err *err)
{
	struct match m = { .t = t, .f = f, .rules = rules, .hits = out->hits };
	uint32_t *rule_of = out->rule_of;
	int ret = prepare(&m, log, err);
	size_t i;

	for (i = 0; i < rules->nrules; i++)
		out->hits[i] = 0;
	for (i = 0; i < f->nfiles && !ret; i++) {
		if (f->file[i].inode != i)
			rule_of[i] = rule_of[f->file[i].inode];
		else if (S_ISREG(f->file[i].node->mode))
			ret = match_file(&m, i, &rule_of[i], err);
		else
			rule_of[i] = CRX_NO_RULE;
	}
	if (!ret)
		ret = crx_policy_warn_unmatched(t, rules, m.pattern, out->hits, log, err);
	free_match(&m);
	return ret;
}
