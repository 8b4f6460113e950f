/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "wishes/rules/rule_parse.h"

#include <string.h>

void crx_rule_error(struct crx_rule_parser *p, const char *at, const char *fmt, ...)
{
	struct crx_place place = p->at;
	va_list ap;

	p->bad = true;
	place.column = (unsigned)(at - p->line.begin) + 1;
	va_start(ap, fmt);
	crx_place_vadd(&p->faults.error, &place, fmt, ap);
	va_end(ap);
}

void crx_rule_nomem(struct crx_rule_parser *p)
{
	p->bad = true;
	p->ret = crx_err_nomem(p->err, "reading a policy");
}

const char *crx_rule_shown(struct crx_rule_range r, char buf[CRX_EXCERPT_MAX])
{
	return crx_place_excerpt(r.begin, (size_t)(r.end - r.begin), buf);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* The quotation mark that closes the one at s, or NULL. */
static const char *closing_mark(const char *s, const char *end)
{
	for (s++; s < end && *s != '"'; s++)
		if (*s == '\\' && s + 1 < end)
			s++;
	return s < end ? s : NULL;
}

/* Quotation marks may begin a word, or follow the "=" of "key=". */
static bool quotes_may_open(const char *word, const char *s)
{
	size_t len = (size_t)(s - word);

	return !len || (s[-1] == '=' && !memchr(word, '=', len - 1) && !memchr(word, '/', len));
}

/* The end of the byte, of the escape, or of the text in quotation marks that begins at s; NULL
 * after an error, which has been reported. */
static const char *skip_unit(struct crx_rule_parser *p, const char *word, const char *s)
{
	const char *end = p->line.end, *close;

	if (*s == '\\' && s + 1 < end && !is_blank(s[1]))
		return s + 2;
	if (*s == '\\') {
		crx_rule_error(p, s,
			       "a backslash with nothing after it (put a name with blanks in "
			       "quotation marks; write a backslash in a name as \\\\)");
		return NULL;
	}
	if (*s != '"')
		return s + 1;
	if (!quotes_may_open(word, s)) {
		crx_rule_error(p, s,
			       "a quotation mark inside a word: expected them around a whole "
			       "pattern, or around all that follows '=' (in a name, write \\\")");
		return NULL;
	}
	close = closing_mark(s, end);
	if (!close) {
		crx_rule_error(p, s,
			       "this quotation mark is never closed: expected another one on the "
			       "same line");
		return NULL;
	}
	if (close + 1 < end && !is_blank(close[1])) {
		crx_rule_error(p, close + 1,
			       "expected white space after the closing quotation mark");
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
		s = skip_unit(p, word->begin, s);
	if (!s)
		return false;
	*at = word->end = s;
	return true;
}

struct crx_rule_range crx_rule_unquoted(struct crx_rule_range r)
{
	/* the lexer accepts no word that has only one of the two */
	if (r.begin < r.end && *r.begin == '"') {
		r.begin++;
		r.end--;
	}
	return r;
}

bool crx_rule_equals(struct crx_rule_range r, const char *text)
{
	size_t len = (size_t)(r.end - r.begin);

	return strlen(text) == len && !memcmp(r.begin, text, len);
}
