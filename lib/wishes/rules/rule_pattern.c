/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "wishes/rules/rule_parse.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/number.h"

/* Bytes that have a meaning in the patterns of lib/base/glob.h, unless a backslash precedes them.
 */
#define GLOB_SPECIAL "*?[]\\-!^"

/* The byte that the two hexadecimal digits at s stand for, or -1. */
static int hex_byte(const char *s, const char *end)
{
	uint64_t v;

	if (end - s < 2 || !crx_number_parse(s, s + 2, CRX_NUMBER_HEX, UINT8_MAX, &v))
		return -1;
	return (int)v;
}

/* The byte that the escape at *s stands for, or -1 after an error. Moves *s past the escape. Sets
 * *special if the byte needs a backslash in a pattern to be taken literally. */
static int parse_escape(struct crx_rule_parser *p, const char **s, const char *end, bool *special)
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
		crx_rule_error(p, at, "a name cannot contain a NUL byte");
		return -1;
	}
	found = c ? strchr(plain, c) : NULL;
	if (found)
		return stands_for[found - plain];
	*special = c && strchr(GLOB_SPECIAL, c);
	if (*special)
		return c;
	crx_rule_error(p, at,
		       "expected after a backslash: a wildcard to be taken literally, one of \\ \" "
		       "# n t r, or x and two hexadecimal digits");
	return -1;
}

/* The range as a string, without quotation marks and without escapes, except those of wildcards.
 * NULL after an error. The caller frees it. */
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
		c = parse_escape(p, &s, r.end, &special);
		if (c < 0) {
			free(out);
			return NULL;
		}
		if (special) /* out has room: the escape was at least as long */
			*o++ = '\\';
		*o++ = (char)c;
	}
	*o = '\0';
	return out;
}

/* Remove leading, trailing and repeated slashes. No slash follows a backslash in a pattern. */
static void normalise_slashes(char *path)
{
	char *o = path, *s;

	for (s = path; *s; s++)
		if (*s != '/' || (o > path && o[-1] != '/'))
			*o++ = *s;
	if (o > path && o[-1] == '/')
		o--;
	*o = '\0';
}

/* Does the '[' at s begin a set, by the rules of crx_glob_match()? */
static bool begins_set(const char *s)
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
		if (*s == '*' || *s == '?' || (*s == '[' && begins_set(s)))
			return true;
		if (*s == '\\' && s[1])
			s++;
	}
	return false;
}

char *crx_rule_literal(const char *pattern)
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

static bool has_dot_component(const char *path)
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
		crx_rule_error(p, word.begin,
			       "the pattern is empty (for all files, omit it or write /)");
		return;
	}
	slash = strchr(s, '/');
	r->dir = s[len - 1] == '/';
	r->anchored = slash && slash[strspn(slash, "/")];
	normalise_slashes(s);
	if (has_dot_component(s)) {
		crx_rule_error(p, word.begin,
			       "no path in an image contains '.' or '..': expected the path from "
			       "the root of the image, as in /usr/bin/*");
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
	char *s = unescape(p, value), *path;
	bool rooted, dir;

	if (!s)
		return;
	rooted = *s == '/';
	dir = rooted && s[strlen(s) - 1] == '/';
	normalise_slashes(s + rooted);
	if (!rooted || dir || has_wildcard(s) || has_dot_component(s + 1)) {
		crx_rule_error(p, value.begin,
			       "expected the path of one program from the root of the image, "
			       "without wildcards, as in needed-by=/usr/bin/app");
		free(s);
		return;
	}
	path = crx_rule_literal(s);
	free(s);
	if (!path || crx_strings_add(&p->rule.needed_by, path, p->err) < 0)
		crx_rule_nomem(p);
	free(path);
}
