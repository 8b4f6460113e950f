/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A line of a policy file on its way to a rule. Internal to the rule*.c files.
 *
 * Text is always a range [begin, end) of the line, never a string: a policy
 * file may hold any bytes. Whatever is wrong is told through crx_rule_bad, and
 * parsing goes on with the next word.
 */
#ifndef CRX_RULES_RULE_PARSE_H
#define CRX_RULES_RULE_PARSE_H

#include "wishes/rules/rule.h"

enum {
	CRX_RULE_FILE_MAX = 1 << 20, /* bytes */
	CRX_RULE_LINE_MAX = 4096     /* bytes; so no pattern is longer than CRX_GLOB_MAX */
};

/* The words of the language, in the order of the table in rule_parse.c. */
enum crx_rule_key {
	CRX_RULE_KEY_ELF,
	CRX_RULE_KEY_BFLT,
	CRX_RULE_KEY_MODE,
	CRX_RULE_KEY_SIZE,
	CRX_RULE_KEY_NEEDED_BY,
	CRX_RULE_KEY_XIP,
	CRX_RULE_KEY_COMPRESS,
	CRX_RULE_KEY_STORE,
	CRX_RULE_KEY_SEGMENTS,
	CRX_RULE_KEY_PAGES,
	CRX_RULE_KEY_FILE,
	CRX_RULE_KEY_MUST,
	CRX_RULE_KEYS
};

struct crx_rule_range {
	const char *begin, *end;
};

struct crx_rule_parser {
	struct crx_rules *rules;
	struct crx_faults faults;
	struct crx_err *err;
	int ret; /* CRX_ENOMEM, or 0 */

	/* The line. */
	struct crx_place at; /* file, owned by rules, and line */
	struct crx_rule_range line;
	bool bad; /* it has an error */
	struct crx_rule rule;
	struct crx_rule_range seen[CRX_RULE_KEYS]; /* the first word of each key, or NULLs */
	struct crx_rule_range size_lo, size_hi;    /* the words that gave the bounds, or NULLs */
};

/* What is wrong at this byte of the line, and what was expected. */
void crx_rule_bad(struct crx_rule_parser *p, const char *at, const char *fmt, ...) CRX_PRINTF(3, 4);

/* Memory is short; parsing ends. */
void crx_rule_nomem(struct crx_rule_parser *p);

/* The range in quotation marks for a message, cut with "..." where it is long. Returns buf. */
const char *crx_rule_shown(struct crx_rule_range r, char buf[CRX_SHOWN_MAX]);

/*
 * The next word at *at, quotation marks included; *at is then behind it. False
 * at the end of the line, at a comment, and where quotation marks are wrong.
 */
bool crx_rule_next_word(struct crx_rule_parser *p, const char **at, struct crx_rule_range *word);

/* The range without the quotation marks around it, where it has them. */
struct crx_rule_range crx_rule_unquoted(struct crx_rule_range r);

bool crx_rule_is(struct crx_rule_range r, const char *text);

/* The name of the n that r was probably meant to be, or NULL. */
const char *crx_rule_nearest(struct crx_rule_range r, const char *const *name, size_t n);

/* Fill p->rule from the pattern in front of a rule, and from what stands behind '='. */
void crx_rule_set_pattern(struct crx_rule_parser *p, struct crx_rule_range word);
void crx_rule_set_needed_by(struct crx_rule_parser *p, struct crx_rule_range value);
void crx_rule_set_elf(struct crx_rule_parser *p, struct crx_rule_range value);
void crx_rule_set_mode(struct crx_rule_parser *p, struct crx_rule_range value);
void crx_rule_set_segments(struct crx_rule_parser *p, struct crx_rule_range value);
void crx_rule_set_pages(struct crx_rule_parser *p, struct crx_rule_range value);
/* op is where the operator begins: "<", "<=", ">" or ">=". */
void crx_rule_set_size(struct crx_rule_parser *p, struct crx_rule_range word, const char *op);

/* The line in p->line, which is that of p->at: add its rule to p->rules, or report its errors.
 * What is left in p->rule is for the caller to free. */
void crx_rule_parse_line(struct crx_rule_parser *p);

#endif
