/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "input/source/mtree_line.h"

#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "base/number.h"

static int bad(const struct crx_place *at, const char *what, const char *word, struct crx_err *err)
{
	return crx_place_err(err, CRX_EFORMAT, 0, at, "%s: %.200s", what, word);
}

/* --- words --- */

static bool is_octal(char c)
{
	return crx_number_digit(c) < 8;
}

/* ^A, ^[, ^?: what a terminal calls so; 0 where nothing follows */
static size_t control(const char *s, char *out)
{
	*out = s[1] == '?' ? 0x7f : (char)(s[1] & 0x1f);
	return s[1] ? 2 : 0;
}

/* M-x, M^A: the same with the highest bit */
static size_t meta(const char *s, char *out)
{
	size_t len = s[1] == '^' ? control(s + 1, out) : s[1] == '-' && s[2] ? (*out = s[2], 2) : 0;

	*out = (char)(*out | 0x80);
	return len ? len + 1 : 0;
}

/* One escape of vis(3) at s, behind its backslash; its length, 0 if it is none. */
static size_t escape(const char *s, char *out)
{
	static const char from[] = "abfnrtvs0", to[] = "\a\b\f\n\r\t\v \0";
	const char *p;

	if (*s == '^')
		return control(s, out);
	if (*s == 'M')
		return meta(s, out);
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

/* In place; false, and s as it was, where an escape is none, or is a NUL. */
static bool unescape(char *s)
{
	const char *from;
	char *to = s, c;
	size_t n;

	for (from = s; *from; from += n) {
		n = *from == '\\' ? escape(from + 1, &c) + 1 : 1;
		if (*from == '\\' && (n == 1 || !c))
			return false;
	}
	for (from = s; *from; from += n) {
		c = *from;
		n = c == '\\' ? escape(from + 1, &c) + 1 : 1;
		*to++ = c;
	}
	*to = '\0';
	return true;
}

/* The line at r->at, those that a backslash continues joined; NULL at the end. */
static char *next_line(struct crx_mtree_reader *r, struct crx_place *place)
{
	char *begin = r->at, *end;

	*place = r->next;
	if (!*begin)
		return NULL;
	for (end = begin;; end++) {
		end = strchr(end, '\n');
		r->next.line++;
		if (!end) {
			r->at = begin + strlen(begin);
			return begin;
		}
		if (end == begin || end[-1] != '\\')
			break;
		end[-1] = end[0] = ' ';
	}
	*end = '\0';
	r->at = end + 1;
	return begin;
}

/* The next word of *line, or NULL. */
static char *next_word(char **line)
{
	char *word = *line + strspn(*line, " \t\r");

	*line = word + strcspn(word, " \t\r");
	if (**line)
		*(*line)++ = '\0';
	return *word ? word : NULL;
}

/* --- values --- */

static bool number(const char *s, enum crx_number_base base, uint32_t max, uint32_t *out)
{
	uint64_t v;

	if (!crx_number_parse(s, NULL, base, max, &v))
		return false;
	*out = (uint32_t)v;
	return true;
}

static bool type_of(const char *s, uint32_t *out)
{
	static const struct {
		const char *name;
		uint32_t type;
	} types[] = {
		{ "file", S_IFREG },    { "dir", S_IFDIR },   { "link", S_IFLNK },
		{ "char", S_IFCHR },    { "block", S_IFBLK }, { "fifo", S_IFIFO },
		{ "socket", S_IFSOCK },
	};
	size_t i;

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (!strcmp(s, types[i].name)) {
			*out = types[i].type;
			return true;
		}
	return false;
}

/* FORMAT,MAJOR,MINOR where FORMAT does not matter then, or a dev_t. */
static bool device(char *s, struct crx_mtree_attrs *a)
{
	char *comma = strchr(s, ','), *second;
	uint64_t v;

	a->has_device = true;
	if (comma) {
		second = strchr(comma + 1, ',');
		if (!second)
			return false;
		*second++ = '\0';
		return number(comma + 1, CRX_NUMBER_AS_IN_C, UINT32_MAX, &a->dev_major) &&
		       number(second, CRX_NUMBER_AS_IN_C, UINT32_MAX, &a->dev_minor);
	}
	if (!crx_number_parse(s, NULL, CRX_NUMBER_AS_IN_C, UINT64_MAX, &v))
		return false;
	a->dev_major = major((dev_t)v);
	a->dev_minor = minor((dev_t)v);
	return true;
}

/* False if the value makes no sense. Keywords that are not known say nothing
 * of the image. */
static bool keyword(char *key, struct crx_mtree_attrs *a)
{
	char *value = strchr(key, '=');

	if (!value) {
		a->optional |= !strcmp(key, "optional");
		return true;
	}
	*value++ = '\0';
	if (!strcmp(key, "type"))
		return type_of(value, &a->type);
	if (!strcmp(key, "mode"))
		return (a->has_mode = number(value, CRX_NUMBER_OCTAL, 07777, &a->mode));
	if (!strcmp(key, "uid"))
		return (a->has_uid = number(value, CRX_NUMBER_DECIMAL, UINT32_MAX, &a->uid));
	if (!strcmp(key, "gid"))
		return (a->has_gid = number(value, CRX_NUMBER_DECIMAL, UINT32_MAX, &a->gid));
	if (!strcmp(key, "uname"))
		a->user = value;
	if (!strcmp(key, "gname"))
		a->group = value;
	if (!strcmp(key, "device"))
		return device(value, a);
	if (!strcmp(key, "link"))
		return unescape(a->link = value);
	if (!strcmp(key, "contents") || !strcmp(key, "content"))
		return unescape(a->contents = value);
	return true;
}

static void lay_owner(const char *name, bool *has, uint32_t *id, const char **unknown, bool told,
		      uint32_t what)
{
	if (!told && !name)
		return;
	*has = told || !strcmp(name, "root");
	*id = told ? what : 0;
	*unknown = *has ? NULL : name;
}

/* What one line says, over what held before it. */
static void lay_attrs(struct crx_mtree_attrs *a, const struct crx_mtree_attrs *line)
{
	lay_owner(line->user, &a->has_uid, &a->uid, &a->user, line->has_uid, line->uid);
	lay_owner(line->group, &a->has_gid, &a->gid, &a->group, line->has_gid, line->gid);
	if (line->type)
		a->type = line->type;
	if (line->has_mode) {
		a->has_mode = true;
		a->mode = line->mode;
	}
	if (line->has_device) {
		a->has_device = true;
		a->dev_major = line->dev_major;
		a->dev_minor = line->dev_minor;
	}
	if (line->link)
		a->link = line->link;
	if (line->contents)
		a->contents = line->contents;
	a->optional |= line->optional;
}

static int keywords(const struct crx_place *place, char *rest, struct crx_mtree_attrs *a,
		    struct crx_err *err)
{
	struct crx_mtree_attrs told = { 0 };
	char *word;

	while ((word = next_word(&rest)))
		if (!keyword(word, &told))
			return bad(place, "cannot read the value of", word, err);
	lay_attrs(a, &told);
	return 0;
}

static void unset(char *rest, struct crx_mtree_attrs *a)
{
	char *word;

	while ((word = next_word(&rest))) {
		if (!strcmp(word, "all"))
			*a = (struct crx_mtree_attrs){ 0 };
		else if (!strcmp(word, "type"))
			a->type = 0;
		else if (!strcmp(word, "mode"))
			a->has_mode = false;
		else if (!strcmp(word, "uid") || !strcmp(word, "uname"))
			a->has_uid = (a->user = NULL, false);
		else if (!strcmp(word, "gid") || !strcmp(word, "gname"))
			a->has_gid = (a->group = NULL, false);
		else if (!strcmp(word, "optional"))
			a->optional = false;
	}
}

int crx_mtree_next(struct crx_mtree_reader *r, struct crx_place *place, char **name,
		   struct crx_mtree_attrs *out, struct crx_err *err)
{
	char *rest, *word;
	int ret;

	while ((rest = next_line(r, place))) {
		word = next_word(&rest);
		if (!word || *word == '#')
			continue;
		if (!strcmp(word, "/unset")) {
			unset(rest, &r->set);
			continue;
		}
		if (!strcmp(word, "/set")) {
			ret = keywords(place, rest, &r->set, err);
			if (ret < 0)
				return ret;
			continue;
		}
		if (*word == '/')
			return bad(place, "unknown command", word, err);
		if (!unescape(word))
			return bad(place, "cannot read the name", word, err);
		*name = word;
		*out = r->set;
		ret = keywords(place, rest, out, err);
		return ret < 0 ? ret : 1;
	}
	return 0;
}
