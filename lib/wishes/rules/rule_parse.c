/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "wishes/rules/rule_parse.h"

#include <string.h>

#include "base/mem.h"

enum kind { SELECTOR, ACTION, ARGUMENT };
enum takes { NOTHING, A_VALUE, MAYBE_A_VALUE, A_BOUND };

/* In the order of enum crx_rule_key. */
static const struct {
	const char *name, *example; /* of what takes a value */
	enum kind kind;
	enum takes takes;
} KEY[] = {
	{ "elf", "elf=exec", SELECTOR, MAYBE_A_VALUE },
	{ "bflt", NULL, SELECTOR, NOTHING },
	{ "mode", "mode=+x", SELECTOR, A_VALUE },
	{ "size", "size>64K", SELECTOR, A_BOUND },
	{ "needed-by", "needed-by=/usr/bin/app", SELECTOR, A_VALUE },
	{ "xip", NULL, ACTION, NOTHING },
	{ "compress", NULL, ACTION, NOTHING },
	{ "store", NULL, ACTION, NOTHING },
	{ "segments", "segments=r-x", ARGUMENT, A_VALUE },
	{ "pages", "pages=..96", ARGUMENT, A_VALUE },
	{ "file", NULL, ARGUMENT, NOTHING },
	{ "must", NULL, ARGUMENT, NOTHING },
};

/* Where the name of a key would end, and an operator may begin. */
static const char *operator_of(struct crx_rule_range w)
{
	const char *s = w.begin;

	while (s < w.end && *s != '=' && *s != '<' && *s != '>')
		s++;
	return s;
}

/* The key that the word begins with, or CRX_RULE_KEYS. */
static size_t key_of(struct crx_rule_range w)
{
	struct crx_rule_range name = { w.begin, operator_of(w) };
	size_t i;

	for (i = 0; i < CRX_RULE_KEYS && !crx_rule_is(name, KEY[i].name); i++)
		;
	return i;
}

/* The key from first to last that was probably meant, or NULL. */
static const char *nearest_key(struct crx_rule_range w, size_t first, size_t last)
{
	struct crx_rule_range name = { w.begin, operator_of(w) };
	const char *names[CRX_RULE_KEYS];
	size_t i;

	for (i = first; i <= last; i++)
		names[i - first] = KEY[i].name;
	return crx_rule_nearest(name, names, last - first + 1);
}

static bool has_any(struct crx_rule_range w, const char *set)
{
	const char *s;

	for (s = w.begin; s < w.end; s++)
		if (*s && strchr(set, *s))
			return true;
	return false;
}

static void unknown(struct crx_rule_parser *p, struct crx_rule_range w, bool first)
{
	char shown[CRX_SHOWN_MAX];
	/* distances take time, and a file may be full of errors */
	const char *near = p->faults.error.count < CRX_FAULTS_SHOWN
				   ? nearest_key(w, 0, CRX_RULE_KEYS - 1)
				   : NULL;

	crx_rule_shown(w, shown);
	if (!first && has_any(w, "#") && operator_of(w) == w.end)
		crx_rule_bad(p, w.begin,
			     "unknown word %s: expected white space in front of a comment", shown);
	else if (near)
		crx_rule_bad(p, w.begin, "unknown word %s; did you mean %s?", shown, near);
	else if (first)
		crx_rule_bad(p, w.begin,
			     "unknown word %s: expected a pattern (in quotation marks if it has =, "
			     "< or >), a selector or an action",
			     shown);
	else if (has_any(w, "/*?[\""))
		crx_rule_bad(p, w.begin,
			     "%s looks like a second pattern: expected one for each rule, in front "
			     "of it (in quotation marks if it has blanks)",
			     shown);
	else
		crx_rule_bad(p, w.begin,
			     "unknown word %s: expected elf, bflt, mode=, size>, size<, "
			     "needed-by=; xip, compress, store; segments=, pages=, file, must",
			     shown);
}

static bool is_given(const struct crx_rule_parser *p, size_t key)
{
	return p->seen[key].begin;
}

/* Two words that cannot stand in one rule; the second is told. */
static void exclude(struct crx_rule_parser *p, struct crx_rule_range w, size_t key, const char *why)
{
	char a[CRX_SHOWN_MAX], b[CRX_SHOWN_MAX];

	if (is_given(p, key))
		crx_rule_bad(p, w.begin, "%s does not go with %s: %s", crx_rule_shown(w, a),
			     crx_rule_shown(p->seen[key], b), why);
}

/* What is wrong with a word beside those that came before it. */
static void check_company(struct crx_rule_parser *p, size_t key, struct crx_rule_range w)
{
	static const char flat[] = "no file is both; expected one of them";
	static const char whole[] = "file means the whole of it; expected one of them";
	char a[CRX_SHOWN_MAX], b[CRX_SHOWN_MAX];
	size_t i;

	if (is_given(p, key) && key != CRX_RULE_KEY_NEEDED_BY && key != CRX_RULE_KEY_SIZE)
		crx_rule_bad(p, w.begin, "%s is in this rule already: expected it once%s",
			     KEY[key].name,
			     key == CRX_RULE_KEY_ELF || key == CRX_RULE_KEY_SEGMENTS
				     ? ", with ',' between several values"
				     : "");
	else if (KEY[key].kind == ACTION)
		for (i = CRX_RULE_KEY_XIP; i <= CRX_RULE_KEY_STORE; i++)
			if (is_given(p, i))
				crx_rule_bad(p, w.begin,
					     "%s is a second action: expected one, and there is %s "
					     "already",
					     crx_rule_shown(w, a), crx_rule_shown(p->seen[i], b));
	switch (key) {
	case CRX_RULE_KEY_ELF:
		exclude(p, w, CRX_RULE_KEY_BFLT, flat);
		break;
	case CRX_RULE_KEY_BFLT:
		exclude(p, w, CRX_RULE_KEY_ELF, flat);
		break;
	case CRX_RULE_KEY_SEGMENTS:
	case CRX_RULE_KEY_PAGES:
		exclude(p, w, CRX_RULE_KEY_FILE, whole);
		break;
	case CRX_RULE_KEY_FILE:
		exclude(p, w, CRX_RULE_KEY_SEGMENTS, whole);
		exclude(p, w, CRX_RULE_KEY_PAGES, whole);
		break;
	default:
		break;
	}
}

/* Has the word what it takes behind its name? */
static bool check_operator(struct crx_rule_parser *p, size_t key, struct crx_rule_range w,
			   const char *op)
{
	enum takes takes = KEY[key].takes;

	if (op == w.end) {
		if (takes == NOTHING || takes == MAYBE_A_VALUE)
			return true;
		crx_rule_bad(p, op, "expected %c and a value behind %s, as in %s",
			     takes == A_BOUND ? '>' : '=', KEY[key].name, KEY[key].example);
		return false;
	}
	if (takes == NOTHING) {
		crx_rule_bad(p, op, "%s takes no value: expected it alone", KEY[key].name);
		return false;
	}
	if (takes == A_BOUND)
		return true;
	if (*op != '=' || op + 1 == w.end) {
		crx_rule_bad(p, *op == '=' ? op + 1 : op, "expected %s behind %s, as in %s",
			     *op == '=' ? "a value" : "=", KEY[key].name, KEY[key].example);
		return false;
	}
	return true;
}

static void take_key(struct crx_rule_parser *p, size_t key, struct crx_rule_range w)
{
	const char *op = operator_of(w);
	struct crx_rule_range value = { op, w.end };
	struct crx_rule *r = &p->rule;

	check_company(p, key, w);
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
 * The first word: a pattern, unless it is a selector or an action. What could
 * be meant as a word of the language but is none of these is not taken for
 * the name of a file that nobody has.
 */
static void take_first(struct crx_rule_parser *p, struct crx_rule_range w)
{
	size_t key = key_of(w);
	bool valued = operator_of(w) < w.end;
	char shown[CRX_SHOWN_MAX];

	if (key < CRX_RULE_KEYS &&
	    (valued || KEY[key].takes == NOTHING || KEY[key].takes == MAYBE_A_VALUE)) {
		if (KEY[key].kind == ARGUMENT)
			crx_rule_bad(p, w.begin,
				     "%s cannot be the first word: expected a pattern, a selector "
				     "or an action before it (in quotation marks, it is the name "
				     "of a file)",
				     crx_rule_shown(w, shown));
		else
			take_key(p, key, w);
		return;
	}
	if (valued && *w.begin != '"' && !has_any(w, "/"))
		unknown(p, w, true);
	else
		crx_rule_set_pattern(p, w);
}

/* What can be said only when all words are known. */
static void check_rule(struct crx_rule_parser *p, struct crx_rule_range first, const char *end)
{
	char shown[CRX_SHOWN_MAX];
	const char *near;
	size_t i, action = CRX_RULE_KEY_XIP;

	while (action <= CRX_RULE_KEY_STORE && !is_given(p, action))
		action++;
	if (action > CRX_RULE_KEY_STORE) {
		if (p->bad) /* it may be among the words that were not understood */
			return;
		near = p->rule.pattern && p->faults.error.count < CRX_FAULTS_SHOWN
			       ? nearest_key(first, CRX_RULE_KEY_XIP, CRX_RULE_KEY_STORE)
			       : NULL;
		crx_rule_bad(p, end,
			     "the rule has no action: expected xip, compress or store%s%s%s",
			     near ? "; did you mean " : "", near ? near : "",
			     near ? " by its first word?" : "");
		return;
	}
	for (i = CRX_RULE_KEY_SEGMENTS; i < CRX_RULE_KEYS && action != CRX_RULE_KEY_XIP; i++)
		if (is_given(p, i))
			crx_rule_bad(p, p->seen[i].begin,
				     "%s belongs to xip, and the action is %s: leave it out",
				     KEY[i].name, crx_rule_shown(p->seen[action], shown));
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
		key = key_of(w);
		if (!first.begin)
			take_first(p, first = w);
		else if (key < CRX_RULE_KEYS)
			take_key(p, key, w);
		else
			unknown(p, w, false);
	}
	if (first.begin && !p->ret)
		check_rule(p, first, at);
	if (first.begin && !p->bad)
		add_rule(p, first.begin, at);
}
