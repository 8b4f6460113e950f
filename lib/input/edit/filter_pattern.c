/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Patterns as users write them, and as crx_filter_match() wants them.
 */
#include "config.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/glob.h"
#include "base/io.h"
#include "base/place.h"
#include "input/edit/filter.h"

/* Is there a '{' with a ',' and a '}' after it, none of them after a backslash? */
static bool has_alternatives(const char *s)
{
	static const char next[] = "{,}";
	size_t found = 0;

	for (; *s && next[found]; s++) {
		if (*s == '\\' && s[1])
			s++;
		else if (*s == next[found])
			found++;
	}
	return !next[found];
}

static int check(const char *pattern, const char *origin, struct crx_err *err)
{
	size_t len = strlen(pattern);

	if (!len)
		return crx_err_set(err, CRX_EARG, 0, origin, "the pattern is empty");
	if (len > CRX_GLOB_MAX)
		return crx_err_set(err, CRX_EARG, 0, origin,
				   "a pattern has %zu bytes, but at most %d are supported", len,
				   CRX_GLOB_MAX);
	if (*pattern == '!')
		return crx_err_set(err, CRX_EARG, 0, origin,
				   "pattern '%s' begins with '!', but a pattern cannot keep what "
				   "others exclude (narrow those; \\! matches a '!')",
				   pattern);
	if (has_alternatives(pattern))
		return crx_err_set(err, CRX_EARG, 0, origin,
				   "pattern '%s' has alternatives in braces (write a pattern for "
				   "each; \\{ matches a '{')",
				   pattern);
	return 0;
}

/* Copies pattern to out, which is as long, without "." and empty components. */
static void normalise(const char *pattern, char *out)
{
	const char *s = pattern, *end;
	char *o = out;
	bool last = false;

	if (*s == '/' || !strcmp(s, ".") || !strncmp(s, "./", 2))
		*o++ = '/';
	while (*s) {
		end = s + strcspn(s, "/");
		last = end == s || (end - s == 1 && *s == '.');
		if (!last) {
			if (o > out && o[-1] != '/')
				*o++ = '/';
			memcpy(o, s, (size_t)(end - s));
			o += end - s;
		}
		if (*end && !end[1])
			last = true;
		s = *end ? end + 1 : end;
	}
	if (last && o > out && o[-1] != '/')
		*o++ = '/';
	*o = '\0';
}

int crx_filter_add(struct crx_strings *list, const char *pattern, const char *origin,
		   struct crx_err *err)
{
	char text[CRX_GLOB_MAX + 1];
	int ret = check(pattern, origin, err);

	if (ret < 0)
		return ret;
	normalise(pattern, text);
	return crx_strings_add(list, text, err);
}

static void strip_trailing_space(char *line)
{
	size_t len = strlen(line);

	while (len && strchr(" \t\r", line[len - 1]))
		line[--len] = '\0';
}

int crx_filter_read_patterns(const char *path, struct crx_strings *list, struct crx_err *err)
{
	enum { MAX = 1 << 20 };
	const struct crx_io_rest in = { .fd = 0, .path = "standard input" };
	bool standard = !strcmp(path, "-");
	struct crx_place at = { standard ? in.path : path, 1, 0 };
	char *text, *line, *end, place[CRX_PLACE_MAX];
	size_t len;
	int ret = standard ? crx_io_read_rest(&in, MAX, &text, &len, err)
			   : crx_io_read_file(path, MAX, &text, &len, err);

	if (ret < 0)
		return ret;
	if (memchr(text, 0, len))
		ret = crx_err_set(err, CRX_EFORMAT, 0, at.file,
				  "is not a list of patterns: it contains a NUL byte");
	for (line = text; line && !ret; line = end ? end + 1 : NULL, at.line++) {
		end = strchr(line, '\n');
		if (end)
			*end = '\0';
		strip_trailing_space(line);
		if (*line && *line != '#')
			ret = crx_filter_add(list, line, crx_place_text(&at, place, sizeof(place)),
					     err);
	}
	free(text);
	return ret;
}

/* The part of pattern below dir, from its '/' on; NULL if it does not begin with dir. */
static const char *below(const char *pattern, const char *dir)
{
	size_t len;

	dir += strspn(dir, "/");
	len = strlen(dir);
	while (len && dir[len - 1] == '/')
		len--;
	pattern += *pattern == '/';
	return len && !strncmp(pattern, dir, len) && pattern[len] == '/' && pattern[len + 1]
		       ? pattern + len
		       : NULL;
}

/* Does the directory have an entry of the pattern's first component? */
static bool is_in(const char *dir, const char *pattern)
{
	char path[2 * CRX_GLOB_MAX + 2];
	struct stat st;

	pattern += *pattern == '/';
	snprintf(path, sizeof(path), "%.*s/%.*s", CRX_GLOB_MAX, dir, (int)strcspn(pattern, "/"),
		 pattern);
	return !lstat(path, &st);
}

void crx_filter_strip_source(struct crx_strings *list, const char *source)
{
	char typed[CRX_GLOB_MAX + 1] = "", full[PATH_MAX];
	const char *part;
	struct stat st;
	size_t i;

	if (!realpath(source, full) || stat(full, &st) < 0 || !S_ISDIR(st.st_mode))
		return;
	if (strlen(source) <= CRX_GLOB_MAX)
		normalise(source, typed);
	for (i = 0; i < list->n; i++) {
		part = below(list->at[i], typed);
		if (!part)
			part = below(list->at[i], full);
		if (!part)
			part = below(list->at[i], strrchr(full, '/'));
		if (part && !is_in(full, list->at[i]))
			memmove(list->at[i], part, strlen(part) + 1);
	}
}
