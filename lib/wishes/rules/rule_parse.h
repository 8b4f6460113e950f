/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From a line of a policy file to a rule. Internal to this room.
 *
 * Text is always a range [begin, end) of the line, never a string: a policy file may contain any
 * bytes. Errors are reported by crx_rule_error(); parsing then continues with the next word.
 */
#ifndef CRX_RULES_RULE_PARSE_H
#define CRX_RULES_RULE_PARSE_H

#include "wishes/rules/rule.h"

enum {
	CRX_RULE_FILE_MAX = 1 << 20, /* bytes */
	CRX_RULE_LINE_MAX = 4096     /* bytes; a pattern is then at most CRX_GLOB_MAX */
};

/* The words of the language. */
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

enum crx_rule_word_kind { CRX_RULE_SELECTOR, CRX_RULE_ACTION, CRX_RULE_ARGUMENT };

/* What follows the name of a word. */
enum crx_rule_takes {
	CRX_RULE_NO_VALUE,
	CRX_RULE_VALUE, /* "=VALUE" */
	CRX_RULE_OPTIONAL_VALUE,
	CRX_RULE_BOUND /* an operator of size, and a number */
};

struct crx_rule_word {
	const char *name, *example; /* example: NULL without a value */
	enum crx_rule_word_kind kind;
	enum crx_rule_takes takes;
};

/* By enum crx_rule_key. */
extern const struct crx_rule_word crx_rule_word[CRX_RULE_KEYS];

struct crx_rule_range {
	const char *begin, *end;
};

struct crx_rule_parser {
	struct crx_rules *rules;
	struct crx_faults faults;
	struct crx_err *err;
	int ret; /* 0, or CRX_ENOMEM: parsing ends */

	/* The current line. */
	struct crx_place at; /* the file (owned by rules) and the line */
	struct crx_rule_range line;
	bool bad; /* has an error */
	struct crx_rule rule;
	struct crx_rule_range seen[CRX_RULE_KEYS]; /* the first word with each key, or NULLs */
	struct crx_rule_range size_lo, size_hi;    /* the words that set the bounds, or NULLs */
};

/* Report an error at this byte of the line. */
void crx_rule_error(struct crx_rule_parser *p, const char *at, const char *fmt, ...)
	CRX_PRINTF(3, 4);

/* Out of memory: sets p->ret. */
void crx_rule_nomem(struct crx_rule_parser *p);

/* The range in quotation marks for a message; a long one ends in "...". Returns buf. */
const char *crx_rule_shown(struct crx_rule_range r, char buf[CRX_EXCERPT_MAX]);

/*
 * The next word from *at on, with its quotation marks; moves *at past it. False at the end of the
 * line, at a comment, and after an error in quotation marks or backslashes.
 */
bool crx_rule_next_word(struct crx_rule_parser *p, const char **at, struct crx_rule_range *word);

/* The range without the quotation marks around it, if it has any. */
struct crx_rule_range crx_rule_unquoted(struct crx_rule_range r);

bool crx_rule_equals(struct crx_rule_range r, const char *text);

/* Where the operator of the word begins, or its end. */
const char *crx_rule_operator(struct crx_rule_range w);

/* The key that the word begins with, or CRX_RULE_KEYS. */
size_t crx_rule_key(struct crx_rule_range w);

/* Does the word contain a byte of the set? */
bool crx_rule_has_any(struct crx_rule_range w, const char *set);

/* Report a word that is not one of the language; first: the first of its line. */
void crx_rule_report_unknown(struct crx_rule_parser *p, struct crx_rule_range w, bool first);

/* The one of n names that r was probably meant to be, or NULL. */
const char *crx_rule_nearest(struct crx_rule_range r, const char *const *name, size_t n);

/* The same for the keys from first to last. NULL also when so many errors were reported that no
 * more will be shown. */
const char *crx_rule_nearest_key(const struct crx_rule_parser *p, struct crx_rule_range w,
				 size_t first, size_t last);

/* Fill in p->rule from the pattern of a rule, or from the value of a word. */
void crx_rule_set_pattern(struct crx_rule_parser *p, struct crx_rule_range word);
void crx_rule_set_needed_by(struct crx_rule_parser *p, struct crx_rule_range value);
void crx_rule_set_elf(struct crx_rule_parser *p, struct crx_rule_range value);
void crx_rule_set_mode(struct crx_rule_parser *p, struct crx_rule_range value);
void crx_rule_set_segments(struct crx_rule_parser *p, struct crx_rule_range value);
void crx_rule_set_pages(struct crx_rule_parser *p, struct crx_rule_range value);
/* op: where the operator begins, which is "<", "<=", ">" or ">=" in a valid word. */
void crx_rule_set_size(struct crx_rule_parser *p, struct crx_rule_range word, const char *op);

/* Add the rule in p->line, whose number is p->at.line, to p->rules, or report its errors. What is
 * left in p->rule is the caller's to free. */
void crx_rule_parse_line(struct crx_rule_parser *p);

#endif
