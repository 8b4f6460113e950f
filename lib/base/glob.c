/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "base/glob.h"

#include <stddef.h>
#include <string.h>

/* Is c in the [set] at p? The answer is in *hit. Returns the end of the set, or NULL if it is not
 * closed. */
static const char *match_set(const char *p, unsigned char c, bool *hit)
{
	bool negated = p[1] == '!' || p[1] == '^';
	const char *s = p + 1 + negated;
	bool found = false, first = true;
	unsigned char lo, hi;

	for (; *s && (first || *s != ']'); first = false) {
		if (*s == '\\' && s[1])
			s++;
		lo = (unsigned char)*s++;
		hi = lo;
		if (s[0] == '-' && s[1] && s[1] != ']') {
			s++;
			if (*s == '\\' && s[1])
				s++;
			hi = (unsigned char)*s++;
		}
		found |= lo <= c && c <= hi;
	}
	if (*s != ']')
		return NULL;
	*hit = found != negated && c != '/';
	return s + 1;
}

/* Matches c with the element at p, which is not a star. Returns the rest of the pattern, or NULL.
 */
static const char *match_one(const char *p, char c)
{
	const char *end;
	bool hit;

	switch (*p) {
	case '?':
		return c == '/' ? NULL : p + 1;
	case '[':
		end = match_set(p, (unsigned char)c, &hit);
		if (end)
			return hit ? end : NULL;
		break;
	case '\\':
		if (p[1])
			p++;
		break;
	default:
		break;
	}
	return *p == c ? p + 1 : NULL;
}

/* Is p, in the pattern that begins at begin, a whole component "**"? */
static bool is_double_star(const char *begin, const char *p)
{
	return p[0] == '*' && p[1] == '*' && (p == begin || p[-1] == '/') && (!p[2] || p[2] == '/');
}

/*
 * Backtracks to the last '*', or else to the last '**': if the rest of the pattern does not match,
 * that star takes one more byte, or one more directory. It never backtracks to an earlier star of
 * the same kind, and a '*' never takes a '/'. This bounds the time.
 */
bool crx_glob_match(const char *pattern, const char *path)
{
	const char *p = pattern, *s = path, *next;
	const char *star_p = NULL, *star_s = NULL;
	const char *deep_p = NULL, *deep_s = NULL;

	for (;;) {
		if (is_double_star(pattern, p)) {
			if (!p[2]) /* all below, but not the directory itself */
				return *s != '\0';
			deep_p = p + 3;
			deep_s = s;
			star_p = NULL;
			p = deep_p;
			continue;
		}
		if (*p == '*') {
			while (*p == '*')
				p++;
			star_p = p;
			star_s = s;
			continue;
		}
		if (!*s && !*p)
			return true;
		next = *s && *p ? match_one(p, *s) : NULL;
		if (next) {
			p = next;
			s++;
		} else if (star_p && *star_s && *star_s != '/') {
			s = ++star_s;
			p = star_p;
		} else if (deep_p && (deep_s = strchr(deep_s, '/'))) {
			/* one more whole directory below the '**' */
			s = ++deep_s;
			p = deep_p;
			star_p = NULL;
		} else {
			return false;
		}
	}
}
