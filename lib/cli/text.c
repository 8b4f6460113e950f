/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "cli/text.h"

#include <stdbool.h>
#include <string.h>

enum { ESCAPED_MAX = 12 }; /* "\\u202e" and a NUL */

size_t crx_cli_utf8(const char *s, size_t len, uint32_t *c)
{
	const unsigned char *b = (const unsigned char *)s;
	static const uint32_t least[5] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t n, i;
	uint32_t v;

	if (!len)
		return 0;
	if (b[0] < 0x80) {
		*c = b[0];
		return 1;
	}
	if (b[0] >= 0xc2 && b[0] <= 0xdf)
		n = 2;
	else if ((b[0] & 0xf0) == 0xe0)
		n = 3;
	else if (b[0] >= 0xf0 && b[0] <= 0xf4)
		n = 4;
	else
		return 0;
	if (n > len)
		return 0;
	v = b[0] & (0x7fu >> n);
	for (i = 1; i < n; i++) {
		if ((b[i] & 0xc0) != 0x80)
			return 0;
		v = v << 6 | (b[i] & 0x3f);
	}
	if (v < least[n] || v > 0x10ffff || (v >= 0xd800 && v <= 0xdfff))
		return 0;
	*c = v;
	return n;
}

/* Characters that control a terminal, or make a line look like another. */
static bool is_harmful(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x61c || (c >= 0x200e && c <= 0x200f) ||
	       (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

/* Writes the character at s, escaped if necessary, to out. Returns its length in s. */
static size_t escape_one(const char *s, size_t len, bool backslash, char out[ESCAPED_MAX])
{
	uint32_t c = 0;
	size_t n = crx_cli_utf8(s, len, &c);

	if (!n) {
		snprintf(out, ESCAPED_MAX, "\\x%02x", (unsigned char)s[0]);
		return 1;
	}
	if (c == '\n' || c == '\t' || (c == '\\' && backslash)) {
		snprintf(out, ESCAPED_MAX, "\\%c", c == '\n' ? 'n' : c == '\t' ? 't' : '\\');
	} else if (is_harmful(c)) {
		snprintf(out, ESCAPED_MAX, c < 0x80 ? "\\x%02x" : "\\u%04x", (unsigned)c);
	} else {
		memcpy(out, s, n);
		out[n] = '\0';
	}
	return n;
}

void crx_cli_put_path(FILE *out, const char *path)
{
	char shown[ESCAPED_MAX];
	size_t len = strlen(path), i;

	for (i = 0; i < len;) {
		i += escape_one(path + i, len - i, true, shown);
		fputs(shown, out);
	}
}

void crx_cli_put_text(FILE *out, const char *text, const char *indent)
{
	char shown[ESCAPED_MAX];
	size_t len = strlen(text), i;

	for (i = 0; i < len;) {
		if (text[i] == '\n') {
			fputc('\n', out);
			fputs(indent, out);
			i++;
			continue;
		}
		i += escape_one(text + i, len - i, false, shown);
		fputs(shown, out);
	}
}

const char *crx_cli_quote(const char *s, char *buf, size_t cap)
{
	/* keep: how much of buf may stay if the rest does not fit */
	size_t len = strlen(s), i, n, used = 1, keep = 1;
	const char *end = "'";
	char shown[ESCAPED_MAX];

	buf[0] = '\'';
	for (i = 0; i < len; used += n) {
		i += escape_one(s + i, len - i, true, shown);
		n = strlen(shown);
		if (used + n + sizeof("'") > cap) {
			used = keep;
			end = "...'";
			break;
		}
		memcpy(buf + used, shown, n);
		if (used + n + sizeof("...'") <= cap)
			keep = used + n;
	}
	strcpy(buf + used, end);
	return buf;
}
