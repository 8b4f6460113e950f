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

/* The line at r->at, joined with the next ones if it ends in a backslash; NULL at the end. */
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

static bool parse_number(const char *s, enum crx_number_base base, uint32_t max, uint32_t *out)
{
	uint64_t v;

	if (!crx_number_parse(s, NULL, base, max, &v))
		return false;
	*out = (uint32_t)v;
	return true;
}

static bool parse_type(const char *s, uint32_t *out)
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

/* FORMAT,MAJOR,MINOR, in which FORMAT does not matter, or a dev_t. */
static bool parse_device(char *s, struct crx_mtree_attrs *a)
{
	char *comma = strchr(s, ','), *second;
	uint64_t v;

	a->has_device = true;
	if (comma) {
		second = strchr(comma + 1, ',');
		if (!second)
			return false;
		*second++ = '\0';
		return parse_number(comma + 1, CRX_NUMBER_AS_IN_C, UINT32_MAX, &a->dev_major) &&
		       parse_number(second, CRX_NUMBER_AS_IN_C, UINT32_MAX, &a->dev_minor);
	}
	if (!crx_number_parse(s, NULL, CRX_NUMBER_AS_IN_C, UINT64_MAX, &v))
		return false;
	a->dev_major = major((dev_t)v);
	a->dev_minor = minor((dev_t)v);
	return true;
}

/* False if the value is malformed. Unknown keywords are ignored. */
static bool parse_keyword(char *key, struct crx_mtree_attrs *a)
{
	char *value = strchr(key, '=');

	if (!value) {
		a->optional |= !strcmp(key, "optional");
		return true;
	}
	*value++ = '\0';
	if (!strcmp(key, "type"))
		return parse_type(value, &a->type);
	if (!strcmp(key, "mode"))
		return (a->has_mode = parse_number(value, CRX_NUMBER_OCTAL, 07777, &a->mode));
	if (!strcmp(key, "uid"))
		return (a->user.has_id =
				parse_number(value, CRX_NUMBER_DECIMAL, UINT32_MAX, &a->user.id));
	if (!strcmp(key, "gid"))
		return (a->group.has_id =
				parse_number(value, CRX_NUMBER_DECIMAL, UINT32_MAX, &a->group.id));
	if (!strcmp(key, "uname"))
		a->user.name = value;
	if (!strcmp(key, "gname"))
		a->group.name = value;
	if (!strcmp(key, "device"))
		return parse_device(value, a);
	if (!strcmp(key, "link"))
		return crx_mtree_unescape(a->link = value);
	if (!strcmp(key, "contents") || !strcmp(key, "content"))
		return crx_mtree_unescape(a->contents = value);
	return true;
}

/* A number takes precedence over a name in the same line. */
static void merge_owner(struct crx_mtree_owner *o, const struct crx_mtree_owner *line)
{
	if (line->has_id || (line->name && !strcmp(line->name, "root")))
		*o = (struct crx_mtree_owner){ true, line->has_id ? line->id : 0, NULL };
	else if (line->name)
		*o = (struct crx_mtree_owner){ .name = line->name };
}

/* Changes a by what one line says. */
static void merge_attrs(struct crx_mtree_attrs *a, const struct crx_mtree_attrs *line)
{
	merge_owner(&a->user, &line->user);
	merge_owner(&a->group, &line->group);
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

static int parse_keywords(const struct crx_place *place, char *rest, struct crx_mtree_attrs *a,
			  struct crx_err *err)
{
	struct crx_mtree_attrs line = { 0 };
	char *word;

	while ((word = next_word(&rest)))
		if (!parse_keyword(word, &line))
			return bad(place, "cannot read the value of", word, err);
	merge_attrs(a, &line);
	return 0;
}

static void unset_keywords(char *rest, struct crx_mtree_attrs *a)
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
			a->user = (struct crx_mtree_owner){ 0 };
		else if (!strcmp(word, "gid") || !strcmp(word, "gname"))
			a->group = (struct crx_mtree_owner){ 0 };
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
			unset_keywords(rest, &r->set);
			continue;
		}
		if (!strcmp(word, "/set")) {
			ret = parse_keywords(place, rest, &r->set, err);
			if (ret < 0)
				return ret;
			continue;
		}
		if (*word == '/')
			return bad(place, "unknown command", word, err);
		if (!crx_mtree_unescape(word))
			return bad(place, "cannot read the name", word, err);
		*name = word;
		*out = r->set;
		ret = parse_keywords(place, rest, out, err);
		return ret < 0 ? ret : 1;
	}
	return 0;
}
