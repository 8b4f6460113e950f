/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Yocto's manifest of an image, and its pkgdata (openembedded-core: meta/lib/oe/utils.py,
 * format_pkg_list(); meta/lib/oe/packagedata.py, emit_pkgdata()).
 */
#include "config.h"
#include "packages/parts.h"

#include <stdlib.h>

#include "base/number.h"
#include "base/place.h"

static struct span next_word(struct span *line)
{
	struct span word = { line->at, 0 };

	while (word.len < line->len && word.at[word.len] != ' ')
		word.len++;
	line->at += word.len;
	line->len -= word.len;
	while (line->len && *line->at == ' ') {
		line->at++;
		line->len--;
	}
	return word;
}

int crx_packages_read_manifest(struct crx_packages *p, const struct crx_package_text *t,
			       struct crx_err *err)
{
	struct crx_place place = { .file = t->file };
	struct span line, name, version;
	size_t at = 0;
	uint32_t index;
	int ret = 0;

	while (!ret && crx_packages_line(t, &at, &line)) {
		place.line++;
		if (!line.len)
			continue;
		name = next_word(&line);
		next_word(&line); /* the architecture */
		version = next_word(&line);
		/* it becomes the name of a file */
		if (!name.len || *name.at == '.' || memchr(name.at, '/', name.len) ||
		    memchr(name.at, '\0', name.len))
			return crx_place_err(err, CRX_EFORMAT, 0, &place,
					     "expected PACKAGE ARCHITECTURE VERSION on each line");
		ret = crx_packages_add(p, name, false, &index, err);
		if (!ret && version.len)
			ret = crx_packages_set_version(p, index, version, err);
	}
	return crx_packages_at(ret, &place, err);
}

/* JSON, escaped once more: Python's unicode_escape makes each backslash two. */
struct json {
	const char *at, *end;
	char *buf; /* as long as the text */
	size_t len;
};

/* The next byte, or -1. */
static int next_byte(struct json *j)
{
	if (j->at == j->end)
		return -1;
	if (*j->at == '\\' && j->at + 1 < j->end && j->at[1] == '\\')
		j->at++;
	return (uint8_t)*j->at++;
}

/* Four hexadecimal digits, or -1. */
static long next_unit(struct json *j)
{
	long n = 0;
	int i, c;

	for (i = 0; i < 4; i++) {
		c = next_byte(j);
		if (c < 0 || crx_number_digit((char)c) > 15)
			return -1;
		n = n << 4 | (long)crx_number_digit((char)c);
	}
	return n;
}

static void put_utf8(struct json *j, uint32_t c)
{
	if (c >= 0xdc80 && c <= 0xdcff) { /* a byte that is not UTF-8, as Python has it */
		j->buf[j->len++] = (char)(c - 0xdc00);
	} else if (c < 0x80) {
		j->buf[j->len++] = (char)c;
	} else if (c < 0x800) {
		j->buf[j->len++] = (char)(0xc0 | c >> 6);
		j->buf[j->len++] = (char)(0x80 | (c & 0x3f));
	} else if (c < 0x10000) {
		j->buf[j->len++] = (char)(0xe0 | c >> 12);
		j->buf[j->len++] = (char)(0x80 | (c >> 6 & 0x3f));
		j->buf[j->len++] = (char)(0x80 | (c & 0x3f));
	} else {
		j->buf[j->len++] = (char)(0xf0 | c >> 18);
		j->buf[j->len++] = (char)(0x80 | (c >> 12 & 0x3f));
		j->buf[j->len++] = (char)(0x80 | (c >> 6 & 0x3f));
		j->buf[j->len++] = (char)(0x80 | (c & 0x3f));
	}
}

/* After \u */
static bool read_unit(struct json *j)
{
	long high = next_unit(j), low;

	if (high < 0xd800 || high > 0xdbff) {
		if (high >= 0)
			put_utf8(j, (uint32_t)high);
		return high >= 0;
	}
	if (next_byte(j) != '\\')
		return false;
	if (next_byte(j) != 'u')
		return false;
	low = next_unit(j);
	if (low < 0xdc00 || low > 0xdfff)
		return false;
	put_utf8(j, 0x10000 + (uint32_t)((high - 0xd800) << 10) + (uint32_t)(low - 0xdc00));
	return true;
}

/* After the opening quotation mark, to buf. */
static bool read_string(struct json *j)
{
	static const char escape[] = "bfnrt", means[] = "\b\f\n\r\t";
	const char *found;
	int c;

	for (j->len = 0; (c = next_byte(j)) >= 0 && c != '"';) {
		if (c != '\\') {
			j->buf[j->len++] = (char)(uint8_t)c;
			continue;
		}
		c = next_byte(j);
		if (c == 'u') {
			if (!read_unit(j))
				return false;
			continue;
		}
		if (c <= 0)
			return false;
		found = strchr(escape, c);
		if (found)
			j->buf[j->len++] = means[found - escape];
		else
			j->buf[j->len++] = (char)(uint8_t)c;
	}
	return c == '"';
}

/* An object of paths and sizes: {"/bin/x": 123, ...}. Its strings are the paths. */
static int read_object(struct crx_packages *p, uint32_t package, struct json *j, const char *file,
		       struct crx_err *err)
{
	int ret = 0, c;

	while (!ret && (c = next_byte(j)) >= 0) {
		if (c != '"')
			continue;
		if (!read_string(j))
			return crx_err_set(err, CRX_EFORMAT, 0, file,
					   "FILES_INFO is not complete JSON");
		ret = crx_packages_add_path(p, package, (struct span){ 0 },
					    (struct span){ j->buf, j->len }, err);
	}
	return ret;
}

int crx_packages_read_pkgdata(struct crx_packages *p, size_t package,
			      const struct crx_package_text *t, struct crx_err *err)
{
	static const char name[] = "FILES_INFO"; /* FILES_INFO:PKG, or FILES_INFO_PKG before 3.4 */
	struct json j = { .buf = crx_alloc(t->len, 1) };
	const char *brace;
	struct span line;
	size_t at = 0;
	int ret = 0;

	if (!j.buf)
		return crx_err_nomem(err, "reading the list of packages");
	while (!ret && crx_packages_line(t, &at, &line)) {
		if (line.len <= sizeof(name) || memcmp(line.at, name, sizeof(name) - 1) != 0)
			continue;
		brace = memchr(line.at, '{', line.len);
		if (!brace)
			continue;
		j.at = brace;
		j.end = line.at + line.len;
		ret = read_object(p, (uint32_t)package, &j, t->file, err);
	}
	free(j.buf);
	return ret;
}
