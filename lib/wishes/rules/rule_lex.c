/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "wishes/rules/rule_parse.h"

#include <string.h>

void crx_rule_bad(struct crx_rule_parser *p, const char *at, const char *fmt, ...)
{
	struct crx_place place = p->at;
	va_list ap;

	p->bad = true;
	place.column = (unsigned)(at - p->line.begin) + 1;
	va_start(ap, fmt);
	crx_vfault(&p->faults, &place, fmt, ap);
	va_end(ap);
}

void crx_rule_nomem(struct crx_rule_parser *p)
{
	p->bad = true;
	p->ret = crx_err_nomem(p->err, "reading a policy");
}

const char *crx_rule_shown(struct crx_rule_range r, char buf[CRX_SHOWN_MAX])
{
	return crx_shown(r.begin, (size_t)(r.end - r.begin), buf);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* The closing mark of the one at s, or NULL. */
static const char *closing_mark(const char *s, const char *end)
{
	for (s++; s < end && *s != '"'; s++)
		if (*s == '\\' && s + 1 < end)
			s++;
	return s < end ? s : NULL;
}

/* May quotation marks open at s: around a whole pattern, or the value of "key="? */
static bool may_open(const char *word, const char *s)
{
	size_t len = (size_t)(s - word);

	return !len || (s[-1] == '=' && !memchr(word, '=', len - 1) && !memchr(word, '/', len));
}

/* One byte of a word, an escaped one, or all between quotation marks; NULL
 * where those are wrong. */
static const char *step(struct crx_rule_parser *p, const char *word, const char *s)
{
	const char *end = p->line.end, *close;

	if (*s == '\\' && s + 1 < end && !is_blank(s[1]))
		return s + 2;
	if (*s == '\\') {
		crx_rule_bad(p, s,
			     "a backslash with nothing behind it: a name with blanks is put in "
			     "quotation marks, and a backslash in a name is written \\\\");
		return NULL;
	}
	if (*s != '"')
		return s + 1;
	if (!may_open(word, s)) {
		crx_rule_bad(p, s,
			     "a quotation mark inside a word: expected them around the whole of a "
			     "pattern or of what follows '='; as a part of a name it is written "
			     "\\\"");
		return NULL;
	}
	close = closing_mark(s, end);
	if (!close) {
		crx_rule_bad(p, s,
			     "this quotation mark is never closed: expected another one in the "
			     "same line");
		return NULL;
	}
	if (close + 1 < end && !is_blank(close[1])) {
		crx_rule_bad(p, close + 1,
			     "expected white space behind the closing quotation mark");
		return NULL;
	}
	return close + 1;
}

bool crx_rule_next_word(struct crx_rule_parser *p, const char **at, struct crx_rule_range *word)
{
	const char *s = *at, *end = p->line.end;

	while (s < end && is_blank(*s))
		s++;
	if (s == end || *s == '#')
		return false;
	word->begin = s;
	while (s && s < end && !is_blank(*s))
		s = step(p, word->begin, s);
	if (!s)
		return false;
	*at = word->end = s;
	return true;
}

struct crx_rule_range crx_rule_unquoted(struct crx_rule_range r)
{
	/* the lexer has seen to it that a mark in front has its fellow at the end */
	if (r.begin < r.end && *r.begin == '"') {
		r.begin++;
		r.end--;
	}
	return r;
}

bool crx_rule_is(struct crx_rule_range r, const char *text)
{
	size_t len = (size_t)(r.end - r.begin);

	return strlen(text) == len && !memcmp(r.begin, text, len);
}

enum { NAME_MAX_LEN = 16 };

/* Bytes to be put in, taken out, replaced, or swapped with their neighbour. */
static unsigned distance(struct crx_rule_range r, const char *name)
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
	unsigned d, least = len > 4 ? 3 : 2; /* fewer changes than this */
	const char *found = NULL;

	if (len < 2 || len > NAME_MAX_LEN)
		return NULL;
	for (i = 0; i < n; i++) {
		d = strlen(name[i]) <= NAME_MAX_LEN ? distance(r, name[i]) : least;
		if (d < least) {
			least = d;
			found = name[i];
		}
	}
	return found;
}
