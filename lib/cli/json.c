/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "cli/json.h"

#include <inttypes.h>
#include <string.h>

#include "cli/text.h"

/* Characters with a meaning in HTML, or in JavaScript before ES2019. */
static bool is_markup(uint32_t c)
{
	return c == '<' || c == '>' || c == '&' || c == 0x2028 || c == 0x2029;
}

static void put_string(const struct crx_cli_json *j, const char *s)
{
	FILE *out = j->out;
	size_t len = strlen(s), i, n;
	uint32_t c = 0;

	fputc('"', out);
	for (i = 0; i < len; i += n) {
		n = crx_cli_utf8(s + i, len - i, &c);
		if (!n) {
			fprintf(out, "\\udc%02x", (unsigned char)s[i]);
			n = 1;
		} else if (c == '"' || c == '\\') {
			fprintf(out, "\\%c", (char)c);
		} else if (c < 0x20 || (c >= 0x7f && c < 0xa0) || (j->in_html && is_markup(c))) {
			fprintf(out, "\\u%04x", (unsigned)c);
		} else {
			fwrite(s + i, 1, n, out);
		}
	}
	fputc('"', out);
}

static void new_line(struct crx_cli_json *j)
{
	unsigned i;

	fputc('\n', j->out);
	for (i = 0; i < j->depth; i++)
		fputc('\t', j->out);
}

/* Writes the comma, the new line and the key before a value. */
static void begin_value(struct crx_cli_json *j, const char *key)
{
	if (j->depth) {
		if (j->level[j->depth - 1].filled)
			fputc(',', j->out);
		if (!j->level[j->depth - 1].flat)
			new_line(j);
		else if (j->level[j->depth - 1].filled)
			fputc(' ', j->out);
		j->level[j->depth - 1].filled = true;
	}
	if (key) {
		put_string(j, key);
		fputs(": ", j->out);
	}
}

void crx_cli_json_open(struct crx_cli_json *j, const char *key, char bracket, bool flat)
{
	if (j->depth >= CRX_CLI_JSON_DEPTH)
		return;
	begin_value(j, key);
	fputc(bracket, j->out);
	j->level[j->depth].close = bracket == '{' ? '}' : ']';
	j->level[j->depth].filled = false;
	j->level[j->depth].flat = flat || (j->depth && j->level[j->depth - 1].flat);
	j->depth++;
}

void crx_cli_json_close(struct crx_cli_json *j)
{
	if (!j->depth)
		return;
	j->depth--;
	if (j->level[j->depth].filled && !j->level[j->depth].flat)
		new_line(j);
	fputc(j->level[j->depth].close, j->out);
	if (!j->depth)
		fputc('\n', j->out);
}

void crx_cli_json_string(struct crx_cli_json *j, const char *key, const char *value)
{
	begin_value(j, key);
	if (value)
		put_string(j, value);
	else
		fputs("null", j->out);
}

void crx_cli_json_uint(struct crx_cli_json *j, const char *key, uint64_t value)
{
	begin_value(j, key);
	fprintf(j->out, "%" PRIu64, value);
}

void crx_cli_json_known(struct crx_cli_json *j, const char *key, bool known, uint64_t value)
{
	if (known)
		crx_cli_json_uint(j, key, value);
	else
		crx_cli_json_string(j, key, NULL);
}

void crx_cli_json_bool(struct crx_cli_json *j, const char *key, bool value)
{
	begin_value(j, key);
	fputs(value ? "true" : "false", j->out);
}
