/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "wishes/rules/rule_parse.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/number.h"

/* What means something else with a backslash before it, to lib/base/glob.h. */
#define GLOB_SPECIAL "*?[]\\-!^"

/* The byte that the two hexadecimal digits at s stand for, or -1. */
static int hex_byte(const char *s, const char *end)
{
	uint64_t v;

	if (end - s < 2 || !crx_number_parse(s, s + 2, CRX_NUMBER_HEX, UINT8_MAX, &v))
		return -1;
	return (int)v;
}

/* The byte that the escape at *s stands for, or -1; *s is then behind it. A
 * wildcard that is to be taken as it is has *special set. */
static int escape(struct crx_rule_parser *p, const char **s, const char *end, bool *special)
{
	static const char plain[] = "\"#ntr", stands_for[] = "\"#\n\t\r";
	const char *at = *s, *found;
	char c = at + 1 < end ? at[1] : '\0';
	int byte = c == 'x' ? hex_byte(at + 2, end) : -1;

	*s = at + 1 + (c != '\0');
	*special = false;
	if (byte >= 0) {
		*s = at + 4;
		*special = byte && strchr(GLOB_SPECIAL, byte);
		if (byte)
			return byte;
		crx_rule_bad(p, at, "no name holds a NUL byte");
		return -1;
	}
	found = c ? strchr(plain, c) : NULL;
	if (found)
		return stands_for[found - plain];
	*special = c && strchr(GLOB_SPECIAL, c);
	if (*special)
		return c;
	crx_rule_bad(p, at,
		     "expected behind a backslash: a wildcard that is to lose its meaning, one of "
		     "\\ \" # n t r, or x and two hexadecimal digits");
	return -1;
}

/* The range, quotation marks and escapes taken out but for those of wildcards,
 * as a string; NULL where it is wrong. The caller's to free. */
static char *unescape(struct crx_rule_parser *p, struct crx_rule_range r)
{
	char *out = crx_alloc((size_t)(r.end - r.begin) + 1, 1), *o = out;
	const char *s;
	bool special;
	int c;

	if (!out) {
		crx_rule_nomem(p);
		return NULL;
	}
	r = crx_rule_unquoted(r);
	for (s = r.begin; s < r.end;) {
		if (*s != '\\') {
			*o++ = *s++;
			continue;
		}
		c = escape(p, &s, r.end, &special);
		if (c < 0) {
			free(out);
			return NULL;
		}
		if (special) /* takes no more room than the escape did */
			*o++ = '\\';
		*o++ = (char)c;
	}
	*o = '\0';
	return out;
}

/* Without '/' in front and at the end, and one where there are several. No
 * '/' is ever behind a backslash. */
static void squeeze(char *path)
{
	char *o = path, *s;

	for (s = path; *s; s++)
		if (*s != '/' || (o > path && o[-1] != '/'))
			*o++ = *s;
	if (o > path && o[-1] == '/')
		o--;
	*o = '\0';
}

/* Does the '[' at s begin a set, as crx_glob_match() sees it? */
static bool is_set(const char *s)
{
	bool first = true;

	for (s += 1 + (s[1] == '!' || s[1] == '^'); *s && (first || *s != ']'); s++) {
		if (*s == '\\' && s[1])
			s++;
		first = false;
	}
	return *s == ']';
}

static bool has_wildcard(const char *pattern)
{
	const char *s;

	for (s = pattern; *s; s++) {
		if (*s == '*' || *s == '?' || (*s == '[' && is_set(s)))
			return true;
		if (*s == '\\' && s[1])
			s++;
	}
	return false;
}

static char *without_backslashes(const char *pattern)
{
	char *out = crx_alloc(strlen(pattern) + 1, 1), *o = out;

	if (!out)
		return NULL;
	for (; *pattern; pattern++) {
		if (*pattern == '\\' && pattern[1])
			pattern++;
		*o++ = *pattern;
	}
	*o = '\0';
	return out;
}

char *crx_rule_literal(const struct crx_rule *r)
{
	return without_backslashes(r->pattern);
}

/* "." and ".." are in no path of an image. */
static bool has_dots(const char *path)
{
	size_t len;

	for (;; path += len + 1) {
		len = strcspn(path, "/");
		if ((len == 1 || len == 2) && !strncmp(path, "..", len))
			return true;
		if (!path[len])
			return false;
	}
}

void crx_rule_set_pattern(struct crx_rule_parser *p, struct crx_rule_range word)
{
	char *s = unescape(p, word);
	struct crx_rule *r = &p->rule;
	const char *slash;
	size_t len;

	if (!s)
		return;
	r->pattern = s;
	len = strlen(s);
	if (!len) {
		crx_rule_bad(p, word.begin,
			     "the pattern is empty: leave it out, or write /, for all files");
		return;
	}
	slash = strchr(s, '/');
	r->dir = s[len - 1] == '/';
	r->anchored = slash && slash[strspn(slash, "/")];
	squeeze(s);
	if (has_dots(s)) {
		crx_rule_bad(p, word.begin,
			     "no file has '.' or '..' in its path: expected the path from the root "
			     "of the image, as in /usr/bin/*");
		return;
	}
	if (!*s || (!strcmp(s, "**") && !r->dir)) {
		free(s);
		r->pattern = NULL;
		r->anchored = r->dir = false;
		return;
	}
	r->literal = !has_wildcard(s);
}

void crx_rule_set_needed_by(struct crx_rule_parser *p, struct crx_rule_range value)
{
	size_t cap = p->rule.nneeded_by;
	char *s = unescape(p, value), *path;
	bool rooted, dir;

	if (!s)
		return;
	rooted = *s == '/';
	dir = rooted && s[strlen(s) - 1] == '/';
	squeeze(s + rooted);
	if (!rooted || dir || has_wildcard(s) || has_dots(s + 1)) {
		crx_rule_bad(p, value.begin,
			     "expected the path of one program from the root of the image, without "
			     "wildcards, as in needed-by=/usr/bin/app");
		free(s);
		return;
	}
	path = without_backslashes(s);
	free(s);
	if (!path || !crx_grow(&p->rule.needed_by, &cap, p->rule.nneeded_by + 1, sizeof(char *))) {
		free(path);
		crx_rule_nomem(p);
		return;
	}
	p->rule.needed_by[p->rule.nneeded_by++] = path;
}
