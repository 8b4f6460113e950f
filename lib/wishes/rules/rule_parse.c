/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "wishes/rules/rule_parse.h"

#include <string.h>

#include "base/mem.h"

static bool is_given(const struct crx_rule_parser *p, size_t key)
{
	return p->seen[key].begin;
}

/* Report w if it cannot be in one rule with the word of this key, which came before it. */
static void check_conflict(struct crx_rule_parser *p, struct crx_rule_range w, size_t key,
			   const char *why)
{
	char a[CRX_EXCERPT_MAX], b[CRX_EXCERPT_MAX];

	if (is_given(p, key))
		crx_rule_error(p, w.begin, "%s cannot be combined with %s: %s",
			       crx_rule_shown(w, a), crx_rule_shown(p->seen[key], b), why);
}

#define WHOLE "file puts the whole file in place"

/* Can this word follow those that came before it in its rule? */
static void check_context(struct crx_rule_parser *p, size_t key, struct crx_rule_range w)
{
	static const struct {
		size_t key[2];
		const char *why;
	} conflict[] = {
		{ { CRX_RULE_KEY_ELF, CRX_RULE_KEY_BFLT }, "no file is both" },
		{ { CRX_RULE_KEY_SEGMENTS, CRX_RULE_KEY_FILE }, WHOLE },
		{ { CRX_RULE_KEY_PAGES, CRX_RULE_KEY_FILE }, WHOLE },
	};
	char a[CRX_EXCERPT_MAX], b[CRX_EXCERPT_MAX];
	size_t i;

	if (is_given(p, key) && key != CRX_RULE_KEY_NEEDED_BY && key != CRX_RULE_KEY_SIZE)
		crx_rule_error(p, w.begin, "%s is already in this rule: expected it once%s",
			       crx_rule_word[key].name,
			       key == CRX_RULE_KEY_ELF || key == CRX_RULE_KEY_SEGMENTS
				       ? ", with ',' between several values"
				       : "");
	else if (crx_rule_word[key].kind == CRX_RULE_ACTION)
		for (i = CRX_RULE_KEY_XIP; i <= CRX_RULE_KEY_STORE; i++)
			if (is_given(p, i))
				crx_rule_error(p, w.begin,
					       "%s is a second action, after %s: expected one",
					       crx_rule_shown(w, a), crx_rule_shown(p->seen[i], b));
	for (i = 0; i < sizeof(conflict) / sizeof(conflict[0]); i++) {
		if (key == conflict[i].key[0])
			check_conflict(p, w, conflict[i].key[1], conflict[i].why);
		if (key == conflict[i].key[1])
			check_conflict(p, w, conflict[i].key[0], conflict[i].why);
	}
}

/* Does the word have the operator and the value that it needs, and no others? */
static bool check_operator(struct crx_rule_parser *p, size_t key, struct crx_rule_range w,
			   const char *op)
{
	enum crx_rule_takes takes = crx_rule_word[key].takes;

	if (op == w.end) {
		if (takes == CRX_RULE_NO_VALUE || takes == CRX_RULE_OPTIONAL_VALUE)
			return true;
		crx_rule_error(p, op, "expected %c and a value after %s, as in %s",
			       takes == CRX_RULE_BOUND ? '>' : '=', crx_rule_word[key].name,
			       crx_rule_word[key].example);
		return false;
	}
	if (takes == CRX_RULE_NO_VALUE) {
		crx_rule_error(p, op, "%s takes no value", crx_rule_word[key].name);
		return false;
	}
	if (takes == CRX_RULE_BOUND)
		return true;
	if (*op != '=' || op + 1 == w.end) {
		crx_rule_error(p, *op == '=' ? op + 1 : op, "expected %s after %s, as in %s",
			       *op == '=' ? "a value" : "=", crx_rule_word[key].name,
			       crx_rule_word[key].example);
		return false;
	}
	return true;
}

static void parse_word(struct crx_rule_parser *p, size_t key, struct crx_rule_range w)
{
	const char *op = crx_rule_operator(w);
	struct crx_rule_range value = { op, w.end };
	struct crx_rule *r = &p->rule;

	check_context(p, key, w);
	if (!is_given(p, key))
		p->seen[key] = w;
	if (!check_operator(p, key, w, op))
		return;
	if (op < w.end)
		value.begin++;
	if (key != CRX_RULE_KEY_NEEDED_BY)
		value = crx_rule_unquoted(value);
	switch ((enum crx_rule_key)key) {
	case CRX_RULE_KEY_ELF:
		if (op == w.end)
			r->elf = CRX_RULE_ELF_ANY;
		else
			crx_rule_set_elf(p, value);
		break;
	case CRX_RULE_KEY_BFLT:
		r->bflt = true;
		break;
	case CRX_RULE_KEY_MODE:
		crx_rule_set_mode(p, value);
		break;
	case CRX_RULE_KEY_SIZE:
		crx_rule_set_size(p, w, op);
		break;
	case CRX_RULE_KEY_NEEDED_BY:
		crx_rule_set_needed_by(p, value);
		break;
	case CRX_RULE_KEY_XIP:
		r->action = CRX_ACTION_XIP;
		break;
	case CRX_RULE_KEY_COMPRESS:
		r->action = CRX_ACTION_COMPRESS;
		break;
	case CRX_RULE_KEY_STORE:
		r->action = CRX_ACTION_STORE;
		break;
	case CRX_RULE_KEY_SEGMENTS:
		crx_rule_set_segments(p, value);
		break;
	case CRX_RULE_KEY_PAGES:
		crx_rule_set_pages(p, value);
		break;
	case CRX_RULE_KEY_FILE:
		r->whole = r->must = true;
		break;
	case CRX_RULE_KEY_MUST:
		r->must = true;
		break;
	case CRX_RULE_KEYS:
		break;
	}
}

/*
 * The first word is a pattern, unless it is a selector or an action. A word that looks like a
 * mistyped selector is an error: it is unlikely to be the name of a file.
 */
static void parse_first_word(struct crx_rule_parser *p, struct crx_rule_range w)
{
	size_t key = crx_rule_key(w);
	bool valued = crx_rule_operator(w) < w.end;
	char shown[CRX_EXCERPT_MAX];

	if (key < CRX_RULE_KEYS && (valued || crx_rule_word[key].takes == CRX_RULE_NO_VALUE ||
				    crx_rule_word[key].takes == CRX_RULE_OPTIONAL_VALUE)) {
		if (crx_rule_word[key].kind == CRX_RULE_ARGUMENT)
			crx_rule_error(p, w.begin,
				       "%s cannot be the first word: expected a pattern, a "
				       "selector or an action before it (in quotation marks, it is "
				       "the name of a file)",
				       crx_rule_shown(w, shown));
		else
			parse_word(p, key, w);
		return;
	}
	if (valued && *w.begin != '"' && !crx_rule_has_any(w, "/"))
		crx_rule_report_unknown(p, w, true);
	else
		crx_rule_set_pattern(p, w);
}

/* The checks that need all words of the rule. */
static void check_rule(struct crx_rule_parser *p, struct crx_rule_range first, const char *end)
{
	char shown[CRX_EXCERPT_MAX];
	const char *near;
	size_t i, action = CRX_RULE_KEY_XIP;

	while (action <= CRX_RULE_KEY_STORE && !is_given(p, action))
		action++;
	if (action > CRX_RULE_KEY_STORE) {
		if (p->bad) /* the action may be one of the words reported before */
			return;
		near = p->rule.pattern ? crx_rule_nearest_key(p, first, CRX_RULE_KEY_XIP,
							      CRX_RULE_KEY_STORE)
				       : NULL;
		crx_rule_error(p, end,
			       "the rule has no action: expected xip, compress or store%s%s%s",
			       near ? "; is its first word meant to be " : "", near ? near : "",
			       near ? "?" : "");
		return;
	}
	for (i = CRX_RULE_KEY_SEGMENTS; i < CRX_RULE_KEYS && action != CRX_RULE_KEY_XIP; i++)
		if (is_given(p, i))
			crx_rule_error(p, p->seen[i].begin,
				       "%s is only for the action xip, not for %s",
				       crx_rule_word[i].name,
				       crx_rule_shown(p->seen[action], shown));
}

static void add_rule(struct crx_rule_parser *p, const char *begin, const char *end)
{
	struct crx_rules *rs = p->rules;

	p->rule.at = p->at;
	p->rule.text = crx_strndup(begin, (size_t)(end - begin));
	if (!p->rule.text || !crx_grow(&rs->rule, &rs->cap, rs->nrules + 1, sizeof(*rs->rule))) {
		crx_rule_nomem(p);
		return;
	}
	rs->rule[rs->nrules++] = p->rule;
	memset(&p->rule, 0, sizeof(p->rule));
}

void crx_rule_parse_line(struct crx_rule_parser *p)
{
	struct crx_rule_range first = { NULL, NULL }, w;
	const char *at = p->line.begin;
	size_t key;

	p->bad = false;
	p->rule = (struct crx_rule){
		.size_max = UINT64_MAX,
		.any_segment = true,
		.pages = CRX_RULE_ALL_PAGES,
	};
	memset(p->seen, 0, sizeof(p->seen));
	p->size_lo = p->size_hi = first;
	while (!p->ret && crx_rule_next_word(p, &at, &w)) {
		key = crx_rule_key(w);
		if (!first.begin)
			parse_first_word(p, first = w);
		else if (key < CRX_RULE_KEYS)
			parse_word(p, key, w);
		else
			crx_rule_report_unknown(p, w, false);
	}
	if (first.begin && !p->ret)
		check_rule(p, first, at);
	if (first.begin && !p->bad)
		add_rule(p, first.begin, at);
}
