/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lib/base/glob: a table, a slow matcher that works differently, and
 * patterns that take exponential time if every star is tried again.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/glob.h"
#include "guard.h"

struct glob_case {
	const char *pattern, *path;
	bool want;
};

static const struct glob_case LITERAL[] = {
	{ "a", "a", true },       { "a", "b", false },
	{ "a", "ab", false },     { "ab", "a", false },
	{ "", "", true },         { "", "a", false },
	{ "a", "", false },       { "a/b", "a/b", true },
	{ "a/b", "a/bc", false }, { "\xff\x80", "\xff\x80", true },
	{ "\\*", "*", true },     { "\\*", "a", false },
	{ "\\?", "?", true },     { "\\[a]", "[a]", true },
	{ "\\a", "a", true },     { "\\\\", "\\", true },
	{ "a\\", "a\\", true }, /* nothing after it: itself */
	{ "a\\", "a", false },    { "\\**", "*abc", true },
	{ "\\**", "abc", false }, { "a\\/b", "a/b", true },
};

static const struct glob_case STAR[] = {
	{ "*", "a", true },           { "*", "", true },          { "*", "abc", true },
	{ "*", "a/b", false },        { "*", ".hidden", true }, /* no special names */
	{ "*.o", "x.o", true },       { "*.o", ".o", true },      { "*.o", "x.os", false },
	{ "*.o", "x.o.o", true },     { "*.o", "d/x.o", false },  { "a*", "a", true },
	{ "a*b*c", "abc", true },     { "a*b*c", "aXbYc", true }, { "a*b*c", "abcbc", true },
	{ "a*b*c", "acb", false },    { "*a*", "bab", true },     { "*a", "aab", false },
	{ "*ab", "aab", true },       { "*aab", "aaaab", true },  { "a/*", "a/b", true },
	{ "a/*", "a", false },        { "a/*", "a/b/c", false },  { "*/b", "a/b", true },
	{ "*/b", "b", false },        { "*/*", "a/b", true },     { "*/*", "a", false },
	{ "*/x*/c", "a/xy/c", true }, { "a*/b", "a/x/b", false }, { "?", "a", true },
	{ "?", "", false },           { "?", "/", false },        { "a?b", "a/b", false },
	{ "??", "\xc3\xa4", true }, /* bytes, not characters */
	{ "?", "\xc3\xa4", false },   { "*?", "a", true },        { "*?", "", false },
	{ "?*", "abc", true },        { "*\\*", "ab*", true },    { "*\\*", "ab", false },
};

static const struct glob_case SET[] = {
	{ "[abc]", "b", true },
	{ "[abc]", "d", false },
	{ "[a-c]", "b", true },
	{ "[a-c]", "c", true },
	{ "[a-c]", "d", false },
	{ "[a-c]", "-", false },
	{ "[c-a]", "b", false }, /* an empty range */
	{ "[!a]", "b", true },
	{ "[!a]", "a", false },
	{ "[^a]", "b", true },
	{ "[^a]", "a", false },
	{ "[a^]", "^", true },
	{ "[a!]", "!", true },
	{ "[]]", "]", true },
	{ "[]a]", "a", true },
	{ "[]a]", "b", false },
	{ "[!]]", "a", true },
	{ "[!]]", "]", false },
	{ "[-a]", "-", true },
	{ "[a-]", "-", true },
	{ "[a-]", "b", false },
	{ "[\\]]", "]", true },
	{ "[\\]]", "\\", false },
	{ "[a\\-z]", "-", true },
	{ "[a\\-z]", "m", false },
	{ "[a-\\c]", "b", true },
	{ "[\x80-\xff]", "\x90", true }, /* as unsigned bytes */
	{ "[\x01-\x7f]", "\x90", false },
	{ "[a-c][x-z]", "by", true },
	{ "[!a]", "/", false },
	{ "[/]", "/", false },
	{ "a[!x]b", "a/b", false },
	{ "[*]", "*", true },
	{ "[*]", "a", false },
	{ "[?]", "a", false },
	{ "[", "[", true }, /* never closed: itself */
	{ "[a", "[a", true },
	{ "[a", "a", false },
	{ "[]", "[]", true },
	{ "[!", "[!", true },
	{ "[!]", "[!]", true },
	{ "[a-", "[a-", true },
	{ "[a\\", "[a\\", true },
	{ "*[", "a[", true },
	{ "*[ab]*", "xxbxx", true },
	{ "*[ab]*", "xxcxx", false },
};

static const struct glob_case DEEP[] = {
	{ "**", "", false },
	{ "**", "a", true },
	{ "**", "a/b/c", true },
	{ "**/a", "a", true },
	{ "**/a", "x/a", true },
	{ "**/a", "x/y/a", true },
	{ "**/a", "xa", false },
	{ "**/a", "x/ya", false },
	{ "**/a", "a/x", false },
	{ "a/**", "a", false }, /* what is below, not itself */
	{ "a/**", "a/b", true },
	{ "a/**", "a/b/c", true },
	{ "a/**", "ab/c", false },
	{ "a/**/b", "a/b", true },
	{ "a/**/b", "a/x/b", true },
	{ "a/**/b", "a/x/y/b", true },
	{ "a/**/b", "ab", false },
	{ "a/**/b", "a/xb", false },
	{ "a/**/b", "a/x/b/c", false },
	{ "**/a/**", "a", false },
	{ "**/a/**", "a/b", true },
	{ "**/a/**", "x/a/y", true },
	{ "**/a/**", "x/b/y", false },
	{ "**/**/a", "a", true },
	{ "**/**/a", "x/a", true },
	{ "**/**", "a", true },
	{ "**/*", "a", true },
	{ "**/*", "a/b", true },
	{ "*/**", "a", false },
	{ "*/**", "a/b/c", true },
	{ "**/*.o", "x.o", true },
	{ "**/*.o", "d/e/x.o", true },
	{ "**/*.o", "x.o/y", false },
	{ "**/a/b", "a/a/b", true }, /* the first 'a' is the wrong one */
	{ "**/a/**/b", "a/x/a/y/b", true },
	{ "**/a*/b", "ax/c/ay/b", true },
	{ "**/a/*/c/**/d", "a/b/x/a/b/c/d", true },
	{ "x/**/y/**/z", "x/y/z", true },
	{ "x/**/y/**/z", "x/z/y", false },
	{ "a**", "abc", true }, /* no component of its own: a star */
	{ "a**", "a/c", false },
	{ "**a", "xxa", true },
	{ "**a", "x/a", false },
	{ "a/**b", "a/xb", true },
	{ "a/**b", "a/x/b", false },
	{ "***", "abc", true },
	{ "***", "a/b", false },
	{ "***/a", "x/a", true },
	{ "***/a", "x/y/a", false },
	{ "\\**/a", "*x/a", true },
	{ "\\**/a", "x/y/a", false },
};

static void try_table(const struct glob_case *c, size_t n)
{
	struct guard gp = guard_new(64), gs = guard_new(64);
	const char *pattern, *path;
	size_t i;

	for (i = 0; i < n; i++) {
		/* one byte beyond either end is a SIGSEGV */
		pattern = (const char *)guard_copy(&gp, c[i].pattern, strlen(c[i].pattern) + 1);
		path = (const char *)guard_copy(&gs, c[i].path, strlen(c[i].path) + 1);
		if (crx_glob_match(pattern, path) != c[i].want)
			fail_msg("'%s' against '%s': want %d", pattern, path, c[i].want);
	}
	guard_free(&gp);
	guard_free(&gs);
}

#define TRY(table) try_table(table, sizeof(table) / sizeof(table[0]))

static void literals_and_escapes(void **state)
{
	(void)state;
	TRY(LITERAL);
}

static void stars_and_question_marks(void **state)
{
	(void)state;
	TRY(STAR);
}

static void sets(void **state)
{
	(void)state;
	TRY(SET);
}

static void double_stars(void **state)
{
	(void)state;
	TRY(DEEP);
}

/* --- a second opinion: by trying everything --- */

static bool slow(const char *begin, const char *p, const char *s)
{
	if ((p == begin || p[-1] == '/') && p[0] == '*' && p[1] == '*' && (!p[2] || p[2] == '/')) {
		if (!p[2])
			return *s != '\0';
		for (;;) {
			if (slow(begin, p + 3, s))
				return true;
			s = strchr(s, '/');
			if (!s)
				return false;
			s++;
		}
	}
	if (*p == '*') {
		/* a run of stars is one */
		while (p[1] == '*')
			p++;
		for (;; s++) {
			if (slow(begin, p + 1, s))
				return true;
			if (!*s || *s == '/')
				return false;
		}
	}
	if (!*p)
		return !*s;
	if (*p == '?')
		return *s && *s != '/' && slow(begin, p + 1, s + 1);
	if (*p == '[' && (p[1] == 'a' || p[1] == 'b') && p[2] == ']')
		return *s == p[1] && slow(begin, p + 3, s + 1);
	return *s == *p && slow(begin, p + 1, s + 1);
}

static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 16;
}

static void random_path(uint32_t *seed, char *out, size_t max)
{
	size_t n = 1 + next_random(seed) % max, i;

	for (i = 0; i < n; i++) {
		out[i] = "ab/a"[next_random(seed) % 4];
		/* neither ends with a '/', nor two of them in a row */
		if (out[i] == '/' && (!i || out[i - 1] == '/' || i + 1 == n))
			out[i] = 'b';
	}
	out[n] = '\0';
}

static void random_pattern(uint32_t *seed, char *out, size_t max)
{
	static const char *const piece[] = { "a",   "b",    "*",   "*",   "?",   "/",
					     "**/", "/**/", "[a]", "[b]", "/**", "*a" };
	size_t n = 1 + next_random(seed) % max, i;

	out[0] = '\0';
	for (i = 0; i < n; i++)
		strcat(out, piece[next_random(seed) % (sizeof(piece) / sizeof(piece[0]))]);
}

static void like_trying_everything(void **state)
{
	char pattern[64], path[32];
	uint32_t seed = 1;
	unsigned long hits = 0;
	int i;

	(void)state;
	for (i = 0; i < 400000; i++) {
		random_pattern(&seed, pattern, 9);
		random_path(&seed, path, 14);
		if (crx_glob_match(pattern, path) != slow(pattern, pattern, path))
			fail_msg("'%s' against '%s': not %d", pattern, path,
				 crx_glob_match(pattern, path));
		hits += crx_glob_match(pattern, path);
	}
	/* a test in which nothing ever matches says little */
	assert_true(hits > 10000);
}

/* --- patterns that explode --- */

static char *repeat(const char *piece, size_t n, const char *end)
{
	size_t len = strlen(piece), i;
	char *s = malloc(n * len + strlen(end) + 1);

	assert_non_null(s);
	for (i = 0; i < n; i++)
		memcpy(s + i * len, piece, len);
	strcpy(s + n * len, end);
	return s;
}

static void explode(const char *piece, size_t n, const char *end, const char *path_piece, size_t m,
		    const char *path_end, bool want)
{
	char *pattern = repeat(piece, n, end), *path = repeat(path_piece, m, path_end);

	assert_int_equal(crx_glob_match(pattern, path), want);
	free(pattern);
	free(path);
}

/* Each of these would take longer than the universe where stars are tried in
 * all combinations; the limit is one of processor time, far above what the
 * product of the lengths needs. */
static void bounded_time(void **state)
{
	struct rlimit was, limit;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_CPU, &was), 0);
	limit = was;
	limit.rlim_cur = was.rlim_max == RLIM_INFINITY || was.rlim_max > 300 ? 300 : was.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_CPU, &limit), 0);
	explode("*a", 60, "*b", "a", 255, "", false);
	explode("*a", 60, "*b", "a", 255, "b", true);
	explode("*a", 2000, "*b", "a", 4000, "", false);
	explode("**/*a*/", 60, "b", "aa/", 1000, "c", false);
	explode("**/", 1000, "b", "a/", 1000, "c", false);
	explode("**/a/", 300, "b", "a/", 1000, "c", false);
	explode("**/a/", 300, "b", "a/", 1000, "b", true);
	explode("*?[a]", 500, "b", "aaa", 1300, "", false);
	explode("*/", 1000, "b", "a/", 1000, "c", false);
	explode("*", 4000, "b", "a", 255, "", false);
	explode("[", 4000, "", "[", 4000, "", true);
	explode("?", 4000, "", "a", 4000, "", true);
	assert_int_equal(setrlimit(RLIMIT_CPU, &was), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(literals_and_escapes),
		cmocka_unit_test(stars_and_question_marks),
		cmocka_unit_test(sets),
		cmocka_unit_test(double_stars),
		cmocka_unit_test(like_trying_everything),
		cmocka_unit_test(bounded_time),
	};

	return cmocka_run_group_tests_name("glob", tests, NULL, NULL);
}
