/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "xipstat.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "text.h"

void text_write_lines(void)
{
	struct stat out, err;

	setvbuf(stderr, NULL, _IOLBF, BUFSIZ);
	if (!fstat(STDOUT_FILENO, &out) && !fstat(STDERR_FILENO, &err) &&
	    out.st_dev == err.st_dev && out.st_ino == err.st_ino)
		setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
}

/* Decodes the character at s, which has len bytes. Returns its length, or 0 if it is not UTF-8. */
static size_t decode_utf8(const char *s, size_t len, uint32_t *c)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned char first = (unsigned char)*s;
	size_t n, i;

	if (first < 0x80) {
		*c = first;
		return 1;
	}
	n = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
	if (first < 0xc2 || first > 0xf4 || n > len)
		return 0;
	*c = first & (0x7fu >> n);
	for (i = 1; i < n; i++) {
		if (((unsigned char)s[i] & 0xc0) != 0x80)
			return 0;
		*c = *c << 6 | ((unsigned char)s[i] & 0x3f);
	}
	if (*c < least[n] || *c > 0x10ffff || (*c >= 0xd800 && *c < 0xe000))
		return 0;
	return n;
}

static bool is_control(uint32_t c)
{
	/* also characters that change the direction of text */
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0x202a && c <= 0x202e) ||
	       (c >= 0x2066 && c <= 0x2069);
}

void text_put(FILE *out, const char *s)
{
	size_t len = strlen(s), i, n, k;
	uint32_t c = 0;

	for (i = 0; i < len; i += n) {
		n = decode_utf8(s + i, len - i, &c);
		if (n && !is_control(c)) {
			fwrite(s + i, 1, n, out);
			continue;
		}
		n = n ? n : 1;
		for (k = 0; k < n; k++)
			fprintf(out, "\\x%02x", (unsigned char)s[i + k]);
	}
}

void text_put_json(FILE *out, const char *s)
{
	size_t len = strlen(s), i, n;
	uint32_t c = 0;

	putc('"', out);
	for (i = 0; i < len; i += n) {
		n = decode_utf8(s + i, len - i, &c);
		if (!n) {
			fprintf(out, "\\udc%02x", (unsigned char)s[i]);
			n = 1;
		} else if (c == '"' || c == '\\') {
			fprintf(out, "\\%c", (char)c);
		} else if (is_control(c)) {
			fprintf(out, "\\u%04x", (unsigned)c);
		} else {
			fwrite(s + i, 1, n, out);
		}
	}
	putc('"', out);
}

void text_put_csv(FILE *out, const char *s)
{
	if (!strpbrk(s, ",\"\r\n")) {
		fputs(s, out);
		return;
	}
	putc('"', out);
	for (; *s; s++) {
		if (*s == '"')
			putc('"', out);
		putc(*s, out);
	}
	putc('"', out);
}

__attribute__((format(printf, 2, 0))) static void say(const char *kind, const char *format,
						      va_list args)
{
	char line[8192];

	vsnprintf(line, sizeof(line), format, args);
	fputs(PROGRAM ": ", stderr);
	fputs(kind, stderr);
	text_put(stderr, line);
	putc('\n', stderr);
}

void say_error(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say("", format, args);
	va_end(args);
}

void say_warning(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say("warning: ", format, args);
	va_end(args);
}
