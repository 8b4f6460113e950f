/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * json-c replaces lone surrogates, and so would change paths; and a build without it can compare,
 * too.
 */
#include "config.h"

#include "gate/tokens.h"

#include "base/mem.h"
#include "base/number.h"

enum { DEPTH_MOST = 32, CHAR_MOST = 4 /* bytes of UTF-8 */ };

int crx_gate_tokens_wrong(const struct crx_gate_tokens *t, const char *what)
{
	size_t line = 1;
	const char *s;

	for (s = t->begin; s < t->at; s++)
		line += *s == '\n';
	return crx_err_set(t->err, CRX_EFORMAT, 0, t->name, "line %zu: %s", line, what);
}

/* The next character that is not a blank, or a NUL at the end. */
static char peek(struct crx_gate_tokens *t)
{
	while (t->at < t->end &&
	       (*t->at == ' ' || *t->at == '\n' || *t->at == '\t' || *t->at == '\r'))
		t->at++;
	if (t->at == t->end)
		return '\0';
	return *t->at;
}

/* c is not NUL. */
static bool take(struct crx_gate_tokens *t, char c)
{
	if (peek(t) != c)
		return false;
	t->at++;
	return true;
}

int crx_gate_tokens_open(struct crx_gate_tokens *t, char bracket)
{
	if (!take(t, bracket))
		return crx_gate_tokens_wrong(t, bracket == '{' ? "an object is missing here"
							       : "a list is missing here");
	t->first = true;
	return 0;
}

int crx_gate_tokens_element(struct crx_gate_tokens *t)
{
	bool first = t->first;

	t->first = false;
	if (take(t, ']'))
		return 0;
	if (!first && !take(t, ','))
		return crx_gate_tokens_wrong(t, "a comma or ] is missing here");
	return 1;
}

int crx_gate_tokens_member(struct crx_gate_tokens *t)
{
	bool first = t->first;
	int ret;

	t->first = false;
	if (take(t, '}'))
		return 0;
	if (!first && !take(t, ','))
		return crx_gate_tokens_wrong(t, "a comma or } is missing here");
	ret = crx_gate_tokens_string(t);
	if (ret)
		return ret;
	return take(t, ':') ? 1 : crx_gate_tokens_wrong(t, "a colon is missing here");
}

static size_t put_utf8(uint32_t c, char out[CHAR_MOST])
{
	size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4, i;

	if (n == 1) {
		out[0] = (char)c;
		return 1;
	}
	for (i = n - 1; i; i--, c >>= 6)
		out[i] = (char)(0x80 | (c & 0x3f));
	out[0] = (char)((0xf0 << (4 - n)) | c);
	return n;
}

/* The four digits after \u. */
static bool read_hex(struct crx_gate_tokens *t, uint32_t *out)
{
	int i;

	*out = 0;
	for (i = 0; i < 4; i++) {
		unsigned d = t->at < t->end ? crx_number_digit(*t->at) : 16;

		if (d > 15)
			return false;
		*out = *out << 4 | d;
		t->at++;
	}
	return true;
}

/* After \u. Returns how many bytes it stands for; 0: none. */
static size_t read_code(struct crx_gate_tokens *t, char out[CHAR_MOST])
{
	uint32_t c, low;

	if (!read_hex(t, &c) || !c)
		return 0;
	if (c >= 0xdc80 && c <= 0xdcff) {
		out[0] = (char)(c & 0xff);
		return 1;
	}
	if (c >= 0xd800 && c < 0xdc00) {
		if (t->end - t->at < 2 || t->at[0] != '\\' || t->at[1] != 'u')
			return 0;
		t->at += 2;
		if (!read_hex(t, &low) || low < 0xdc00 || low > 0xdfff)
			return 0;
		c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
	} else if (c >= 0xdc00 && c <= 0xdfff) {
		return 0;
	}
	return put_utf8(c, out);
}

/* After a backslash. */
static size_t read_escape(struct crx_gate_tokens *t, char out[CHAR_MOST])
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	size_t i;

	if (t->at == t->end)
		return 0;
	if (*t->at++ == 'u')
		return read_code(t, out);
	for (i = 0; from[i]; i++) {
		if (from[i] != t->at[-1])
			continue;
		out[0] = to[i];
		return 1;
	}
	return 0;
}

int crx_gate_tokens_string(struct crx_gate_tokens *t)
{
	char c[CHAR_MOST];
	size_t n = 0, len;

	if (!take(t, '"'))
		return crx_gate_tokens_wrong(t, "a string is missing here");
	for (;;) {
		if (!crx_grow(&t->text, &t->cap, n + CHAR_MOST + 1, 1))
			return crx_err_nomem(t->err, "reading JSON");
		if (t->at == t->end || (unsigned char)*t->at < 0x20)
			return crx_gate_tokens_wrong(t, "a string does not end");
		c[0] = *t->at++;
		len = 1;
		if (c[0] == '"')
			break;
		if (c[0] == '\\')
			len = read_escape(t, c);
		if (!len)
			return crx_gate_tokens_wrong(t, "invalid characters after \\");
		memcpy(t->text + n, c, len);
		n += len;
	}
	t->text[n] = '\0';
	return 0;
}

int crx_gate_tokens_number(struct crx_gate_tokens *t, uint64_t *out)
{
	struct crx_number n;

	peek(t);
	n = crx_number_read(t->at, t->end, CRX_NUMBER_DECIMAL, UINT64_MAX);
	if (n.end == t->at)
		return crx_gate_tokens_wrong(t, "a number is missing here");
	if (n.over || (n.end < t->end && (*n.end == '.' || *n.end == 'e' || *n.end == 'E')))
		return crx_gate_tokens_wrong(t, "the number is not a whole number of 64 bits");
	t->at = n.end;
	*out = n.value;
	return 0;
}

static bool is_of_word(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-' || c == '+' ||
	       c == '.' || c == 'E';
}

/* A number, true, false or null. What it is does not matter. */
static int skip_word(struct crx_gate_tokens *t)
{
	const char *from = t->at;

	while (t->at < t->end && is_of_word(*t->at))
		t->at++;
	return t->at > from ? 0 : crx_gate_tokens_wrong(t, "a value is missing here");
}

/* Objects and arrays that are open, by their first character. */
struct open {
	char bracket[DEPTH_MOST];
	size_t depth;
};

/* One value, or the beginning of one. */
static int skip_one(struct crx_gate_tokens *t, struct open *o)
{
	char c = peek(t);

	if (c == '"')
		return crx_gate_tokens_string(t);
	if (c != '{' && c != '[')
		return skip_word(t);
	if (o->depth == DEPTH_MOST)
		return crx_gate_tokens_wrong(t, "objects and lists are nested too deeply");
	o->bracket[o->depth++] = c;
	return crx_gate_tokens_open(t, c);
}

int crx_gate_tokens_skip(struct crx_gate_tokens *t)
{
	struct open o = { .depth = 0 };
	int ret = skip_one(t, &o);

	while (!ret && o.depth) {
		ret = o.bracket[o.depth - 1] == '{' ? crx_gate_tokens_member(t)
						    : crx_gate_tokens_element(t);
		if (ret > 0)
			ret = skip_one(t, &o);
		else if (!ret)
			o.depth--;
	}
	t->first = false;
	return ret;
}

bool crx_gate_tokens_is_null(struct crx_gate_tokens *t)
{
	if (peek(t) != 'n' || t->end - t->at < 4 || memcmp(t->at, "null", 4) != 0)
		return false;
	t->at += 4;
	return true;
}

int crx_gate_tokens_end(struct crx_gate_tokens *t)
{
	peek(t);
	return t->at == t->end ? 0 : crx_gate_tokens_wrong(t, "something follows the object");
}
