/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * /proc/buddyinfo: frag_show_print() in mm/vmstat.c.
 */
#include "config.h"
#include "proof/memory/buddy.h"

#include <string.h>

/* Larger numbers of blocks are not believed, and pages of all zones can be added up. */
enum { COUNT_BITS = 32, ZONE_PAGES_BITS = 40 };

/* One line, from at up to end. */
struct line {
	const char *at, *end;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static bool next_word(struct line *l, struct line *word)
{
	while (l->at < l->end && is_blank(*l->at))
		l->at++;
	word->at = l->at;
	while (l->at < l->end && !is_blank(*l->at))
		l->at++;
	word->end = l->at;
	return word->at < word->end;
}

static bool is_word(const struct line *word, const char *text)
{
	size_t len = strlen(text);

	return (size_t)(word->end - word->at) == len && !memcmp(word->at, text, len);
}

static bool read_count(const struct line *word, uint64_t *out)
{
	const char *p;

	*out = 0;
	for (p = word->at; p < word->end; p++) {
		if (*p < '0' || *p > '9' || *out >> COUNT_BITS)
			return false;
		*out = *out * 10 + (uint64_t)(*p - '0');
	}
	return !(*out >> COUNT_BITS);
}

/* The kernel does not put ordinary allocations into these. */
static bool is_other_zone(const struct line *zone)
{
	return is_word(zone, "Movable") || is_word(zone, "HighMem") || is_word(zone, "Device");
}

static bool parse_line(struct line l, struct crx_buddy *out)
{
	struct line word, zone;
	unsigned i = 0;
	uint64_t n;
	bool counts;

	if (!next_word(&l, &word) || !is_word(&word, "Node") || !next_word(&l, &word) ||
	    !next_word(&l, &word) || !is_word(&word, "zone") || !next_word(&l, &zone))
		return false;
	counts = !is_other_zone(&zone);
	while (next_word(&l, &word)) {
		if (i == CRX_BUDDY_ORDERS || !read_count(&word, &n) || n >> (ZONE_PAGES_BITS - i))
			return false;
		out->n[i++] += counts ? n : 0;
	}
	if (i > out->norders)
		out->norders = i;
	return i > 0;
}

int crx_buddy_parse(const char *text, size_t len, const char *name, struct crx_buddy *out,
		    struct crx_err *err)
{
	const char *end = text + len;
	size_t number = 0;

	*out = (struct crx_buddy){ 0 };
	while (text < end) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		struct line l = { text, newline ? newline : end }, word, rest = l;

		number++;
		text = l.end < end ? l.end + 1 : end;
		if (!next_word(&rest, &word))
			continue;
		if (!parse_line(l, out))
			return crx_err_set(err, CRX_EFORMAT, 0, name,
					   "line %zu is not one of /proc/buddyinfo (expected: Node "
					   "0, zone NAME COUNT...)",
					   number);
	}
	if (!out->norders)
		return crx_err_set(err, CRX_EFORMAT, 0, name,
				   "is empty (expected: a copy of /proc/buddyinfo)");
	return 0;
}
