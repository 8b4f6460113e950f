/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The words of the policy language, and what was meant by a word that is not one of them.
 */
#include "config.h"
#include "wishes/rules/rule_parse.h"

#include <string.h>

const struct crx_rule_word crx_rule_word[CRX_RULE_KEYS] = {
	{ "elf", "elf=exec", CRX_RULE_SELECTOR, CRX_RULE_OPTIONAL_VALUE },
	{ "bflt", NULL, CRX_RULE_SELECTOR, CRX_RULE_NO_VALUE },
	{ "mode", "mode=+x", CRX_RULE_SELECTOR, CRX_RULE_VALUE },
	{ "size", "size>64K", CRX_RULE_SELECTOR, CRX_RULE_BOUND },
	{ "needed-by", "needed-by=/usr/bin/app", CRX_RULE_SELECTOR, CRX_RULE_VALUE },
	{ "xip", NULL, CRX_RULE_ACTION, CRX_RULE_NO_VALUE },
	{ "compress", NULL, CRX_RULE_ACTION, CRX_RULE_NO_VALUE },
	{ "store", NULL, CRX_RULE_ACTION, CRX_RULE_NO_VALUE },
	{ "segments", "segments=r-x", CRX_RULE_ARGUMENT, CRX_RULE_VALUE },
	{ "pages", "pages=..96", CRX_RULE_ARGUMENT, CRX_RULE_VALUE },
	{ "file", NULL, CRX_RULE_ARGUMENT, CRX_RULE_NO_VALUE },
	{ "must", NULL, CRX_RULE_ARGUMENT, CRX_RULE_NO_VALUE },
};

enum { NAME_MAX_LEN = 16 };

/* How many bytes of r to insert, remove, replace, or swap with the next one, to get name. */
static unsigned edit_distance(struct crx_rule_range r, const char *name)
{
	unsigned row[3][NAME_MAX_LEN + 1] = { { 0 } }, *above, *here, *far;
	size_t n = (size_t)(r.end - r.begin), m = strlen(name), i, j;
	const char *s = r.begin;

	for (j = 0; j <= m; j++)
		row[0][j] = (unsigned)j;
	for (i = 1; i <= n; i++) {
		here = row[i % 3];
		above = row[(i + 2) % 3];
		far = row[(i + 1) % 3];
		here[0] = (unsigned)i;
		for (j = 1; j <= m; j++) {
			here[j] = above[j - 1] + (s[i - 1] != name[j - 1]);
			if (above[j] + 1 < here[j])
				here[j] = above[j] + 1;
			if (here[j - 1] + 1 < here[j])
				here[j] = here[j - 1] + 1;
			if (i > 1 && j > 1 && s[i - 1] == name[j - 2] && s[i - 2] == name[j - 1] &&
			    far[j - 2] + 1 < here[j])
				here[j] = far[j - 2] + 1;
		}
	}
	return row[n % 3][m];
}

const char *crx_rule_nearest(struct crx_rule_range r, const char *const *name, size_t n)
{
	size_t len = (size_t)(r.end - r.begin), i;
	unsigned d, least = len > 4 ? 3 : 2; /* fewer changes than this are needed */
	const char *found = NULL;

	if (len < 2 || len > NAME_MAX_LEN)
		return NULL;
	for (i = 0; i < n; i++) {
		d = strlen(name[i]) <= NAME_MAX_LEN ? edit_distance(r, name[i]) : least;
		if (d < least) {
			least = d;
			found = name[i];
		}
	}
	return found;
}

const char *crx_rule_operator(struct crx_rule_range w)
{
	const char *s = w.begin;

	while (s < w.end && *s != '=' && *s != '<' && *s != '>')
		s++;
	return s;
}

size_t crx_rule_key(struct crx_rule_range w)
{
	struct crx_rule_range name = { w.begin, crx_rule_operator(w) };
	size_t i;

	for (i = 0; i < CRX_RULE_KEYS && !crx_rule_equals(name, crx_rule_word[i].name); i++)
		;
	return i;
}

const char *crx_rule_nearest_key(const struct crx_rule_parser *p, struct crx_rule_range w,
				 size_t first, size_t last)
{
	struct crx_rule_range name = { w.begin, crx_rule_operator(w) };
	const char *names[CRX_RULE_KEYS];
	size_t i;

	/* an edit distance takes time, and a file may be full of errors */
	if (p->faults.error.count >= CRX_FAULTS_SHOWN)
		return NULL;
	for (i = first; i <= last; i++)
		names[i - first] = crx_rule_word[i].name;
	return crx_rule_nearest(name, names, last - first + 1);
}

bool crx_rule_has_any(struct crx_rule_range w, const char *set)
{
	const char *s;

	for (s = w.begin; s < w.end; s++)
		if (*s && strchr(set, *s))
			return true;
	return false;
}

void crx_rule_report_unknown(struct crx_rule_parser *p, struct crx_rule_range w, bool first)
{
	char shown[CRX_EXCERPT_MAX];
	const char *near = crx_rule_nearest_key(p, w, 0, CRX_RULE_KEYS - 1);

	crx_rule_shown(w, shown);
	if (!first && crx_rule_has_any(w, "#") && crx_rule_operator(w) == w.end)
		crx_rule_error(p, w.begin, "unknown word %s: expected white space before a comment",
			       shown);
	else if (near)
		crx_rule_error(p, w.begin, "unknown word %s; did you mean %s?", shown, near);
	else if (first)
		crx_rule_error(p, w.begin,
			       "unknown word %s: expected a pattern (in quotation marks if it has "
			       "=, < or >), a selector or an action",
			       shown);
	else if (crx_rule_has_any(w, "/*?[\""))
		crx_rule_error(p, w.begin,
			       "%s looks like a second pattern: expected one pattern, as the first "
			       "word (in quotation marks if it has blanks)",
			       shown);
	else
		crx_rule_error(p, w.begin,
			       "unknown word %s: expected elf, bflt, mode=, size>, size<, "
			       "needed-by=; xip, compress, store; segments=, pages=, file, must",
			       shown);
}
