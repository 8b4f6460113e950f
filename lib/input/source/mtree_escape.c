/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The escapes of vis(3) in names.
 */
#include "config.h"
#include "input/source/mtree_line.h"

#include <string.h>

#include "base/number.h"

static bool is_octal(char c)
{
	return crx_number_digit(c) < 8;
}

/* "^A", "^[", "^?": a control character. Returns the length, 0 if malformed. */
static size_t read_control(const char *s, char *out)
{
	*out = s[1] == '?' ? 0x7f : (char)(s[1] & 0x1f);
	return s[1] ? 2 : 0;
}

/* "M-x", "M^A": a character with the highest bit set. */
static size_t read_meta(const char *s, char *out)
{
	size_t len = 0;

	if (s[1] == '^')
		len = read_control(s + 1, out);
	else if (s[1] == '-' && s[2])
		*out = s[len = 2];
	if (!len)
		return 0;
	*out = (char)(*out | 0x80);
	return len + 1;
}

/* The escape at s, which follows a backslash. Returns its length, 0 if malformed. */
static size_t read_escape(const char *s, char *out)
{
	static const char from[] = "abfnrtvs0", to[] = "\a\b\f\n\r\t\v \0";
	const char *p;

	if (*s == '^')
		return read_control(s, out);
	if (*s == 'M')
		return read_meta(s, out);
	if (is_octal(s[0]) && is_octal(s[1]) && is_octal(s[2])) {
		*out = (char)((s[0] - '0') << 6 | (s[1] - '0') << 3 | (s[2] - '0'));
		return 3;
	}
	if (!*s)
		return 0;
	p = strchr(from, *s);
	*out = p ? to[p - from] : *s;
	return p || strchr("\\# \"'-$*?[", *s) ? 1 : 0;
}

bool crx_mtree_unescape(char *s)
{
	const char *from;
	char *to = s, c;
	size_t n;

	for (from = s; *from; from += n) {
		n = *from == '\\' ? read_escape(from + 1, &c) + 1 : 1;
		if (*from == '\\' && (n == 1 || !c))
			return false;
	}
	for (from = s; *from; from += n) {
		c = *from;
		n = c == '\\' ? read_escape(from + 1, &c) + 1 : 1;
		*to++ = c;
	}
	*to = '\0';
	return true;
}
