/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lines, and fields of the form "Name: value".
 */
#include "config.h"
#include "packages/parts.h"

bool crx_packages_line(const struct crx_package_text *t, size_t *at, struct span *out)
{
	const char *end;

	if (*at >= t->len)
		return false;
	out->at = t->text + *at;
	end = memchr(out->at, '\n', t->len - *at);
	out->len = end ? (size_t)(end - out->at) : t->len - *at;
	*at += out->len + (end != NULL);
	if (out->len && out->at[out->len - 1] == '\r')
		out->len--;
	return true;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

bool crx_packages_field(struct span line, const char *name, struct span *out)
{
	size_t len = strlen(name);

	if (line.len <= len || memcmp(line.at, name, len) != 0 || line.at[len] != ':')
		return false;
	*out = (struct span){ line.at + len + 1, line.len - len - 1 };
	while (out->len && is_blank(*out->at)) {
		out->at++;
		out->len--;
	}
	while (out->len && is_blank(out->at[out->len - 1]))
		out->len--;
	return true;
}
