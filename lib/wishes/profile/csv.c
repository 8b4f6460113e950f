/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lines of path,offset,count: as mkfs.axfs reads them, which has no quotation marks, and as in
 * RFC 4180.
 */
#include "config.h"
#include "wishes/profile/parse.h"

#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/place.h"

static const char HEADING[] = "path,offset,count";

struct csv {
	struct crx_profile *p;
	struct crx_profile_lines *l;
	bool begun; /* a line has been read that is neither empty nor a comment */
	char *buf;  /* a path without its quotation marks */
	size_t cap;
	struct crx_err *err;
};

static int parse_number(const struct csv *c, size_t line, const char *what,
			struct crx_profile_range s, enum crx_number_base base, uint64_t *out)
{
	struct crx_number n = crx_number_read(s.begin, s.end, base, UINT64_MAX);
	char shown[CRX_EXCERPT_MAX];

	if (s.begin == s.end)
		return crx_profile_error(c->l, line, c->err,
					 "the %s is empty: expected path,offset,count", what);
	crx_place_excerpt(s.begin, (size_t)(s.end - s.begin), shown);
	if (!n.whole)
		return crx_profile_error(c->l, line, c->err,
					 "the %s %s is not a number: expected path,offset,count "
					 "with a whole number, decimal%s",
					 what, shown,
					 base == CRX_NUMBER_PREFIXED ? " or 0x hexadecimal" : "");
	if (n.over)
		return crx_profile_error(c->l, line, c->err,
					 "the %s %s is out of range: expected less than 2^64", what,
					 shown);
	*out = n.value;
	return 0;
}

/* The last comma of s, or NULL. */
static const char *last_comma(struct crx_profile_range s)
{
	while (s.end > s.begin)
		if (*--s.end == ',')
			return s.end;
	return NULL;
}

/* Read the path whose opening quotation mark is at l->at into c->buf, and move l->at past the
 * closing one. */
static int unquote(struct csv *c, size_t line, struct crx_profile_range *path)
{
	struct crx_profile_lines *l = c->l;
	const char *at = l->at + 1, *mark;
	size_t len = 0, n;

	for (;;) {
		mark = memchr(at, '"', (size_t)(l->end - at));
		if (!mark)
			return crx_profile_error(l, line, c->err,
						 "the quotation mark before the path is never "
						 "closed");
		n = (size_t)(mark - at);
		if (!crx_grow(&c->buf, &c->cap, len + n + 1, 1))
			return crx_err_nomem(c->err, "reading a profile");
		memcpy(c->buf + len, at, n);
		len += n;
		for (; at < mark; at++)
			l->number += *at == '\n';
		at = mark + 1;
		if (at == l->end || *at != '"')
			break;
		c->buf[len++] = *at++;
	}
	l->at = at;
	*path = (struct crx_profile_range){ c->buf, c->buf + len };
	return 0;
}

/* rest: a whole line, or what follows the quoted path. */
static int parse_entry(struct csv *c, size_t line, const struct crx_profile_range *quoted,
		       struct crx_profile_range rest)
{
	struct crx_profile_range off, count;
	struct crx_profile_use use;
	const char *second = last_comma(rest),
		   *first = second ? last_comma((struct crx_profile_range){ rest.begin, second })
				   : NULL;
	int ret;

	if (quoted && (!first || first != rest.begin))
		return crx_profile_error(c->l, line, c->err,
					 "expected ,offset,count directly after the quoted path");
	if (!first)
		return crx_profile_error(c->l, line, c->err,
					 "expected path,offset,count (or, in a file of JSON lines, "
					 "an object on each line)");
	use.path = quoted ? *quoted : (struct crx_profile_range){ rest.begin, first };
	off = (struct crx_profile_range){ first + 1, second };
	count = (struct crx_profile_range){ second + 1, rest.end };
	ret = parse_number(c, line, "offset", off, CRX_NUMBER_PREFIXED, &use.off);
	if (!ret)
		ret = parse_number(c, line, "count", count, CRX_NUMBER_DECIMAL, &use.count);
	return ret ? ret : crx_profile_add(c->p, c->l, line, &use, c->err);
}

static bool is_heading(const struct csv *c, struct crx_profile_range line)
{
	size_t len = sizeof(HEADING) - 1;

	return !c->begun && (size_t)(line.end - line.begin) == len &&
	       !memcmp(line.begin, HEADING, len);
}

static int parse_record(struct csv *c)
{
	size_t line_number = c->l->number;
	struct crx_profile_range path, line;
	bool heading;
	int ret;

	if (*c->l->at == '"') {
		c->begun = true;
		ret = unquote(c, line_number, &path);
		return ret ? ret : parse_entry(c, line_number, &path, crx_profile_next_line(c->l));
	}
	line = crx_profile_next_line(c->l);
	if (crx_profile_is_blank(line) || *line.begin == '#')
		return 0;
	heading = is_heading(c, line);
	c->begun = true;
	return heading ? 0 : parse_entry(c, line_number, NULL, line);
}

int crx_profile_csv(struct crx_profile *p, struct crx_profile_lines *l, struct crx_err *err)
{
	struct csv c = { .p = p, .l = l, .err = err };
	int ret = 0;

	while (l->at < l->end && !ret)
		ret = parse_record(&c);
	free(c.buf);
	return ret;
}
