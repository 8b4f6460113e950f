/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "wishes/rules/rule_parse.h"

#include <string.h>

#include "base/mem.h"
#include "base/number.h"

/* Take the next of the values, which commas separate, from *list. False after the last one (then
 * list->begin is NULL), and after reporting an empty one. */
static bool next_item(struct crx_rule_parser *p, struct crx_rule_range *list, const char *expected,
		      struct crx_rule_range *item)
{
	const char *comma;

	if (!list->begin)
		return false;
	comma = memchr(list->begin, ',', (size_t)(list->end - list->begin));
	*item = (struct crx_rule_range){ list->begin, comma ? comma : list->end };
	list->begin = comma ? comma + 1 : NULL;
	if (item->begin < item->end)
		return true;
	crx_rule_error(p, item->begin, "expected %s here (a list has no white space)", expected);
	return false;
}

void crx_rule_set_elf(struct crx_rule_parser *p, struct crx_rule_range value)
{
	static const char *const name[] = { "exec", "dyn", "interp" };
	static const unsigned mask[] = { CRX_RULE_ELF_EXEC, CRX_RULE_ELF_DYN, CRX_RULE_ELF_INTERP };
	char shown[CRX_EXCERPT_MAX];
	struct crx_rule_range item;
	const char *near;
	size_t i;

	while (next_item(p, &value, "exec, dyn or interp", &item)) {
		for (i = 0; i < 3 && !crx_rule_equals(item, name[i]); i++)
			;
		if (i < 3) {
			p->rule.elf |= mask[i];
			continue;
		}
		near = crx_rule_nearest(item, name, 3);
		crx_rule_error(p, item.begin,
			       "%s is not a kind of ELF file: expected exec (a program), dyn (a "
			       "shared library) or interp (a program's interpreter), with ',' "
			       "between several%s%s%s",
			       crx_rule_shown(item, shown), near ? "; did you mean " : "",
			       near ? near : "", near ? "?" : "");
	}
}

void crx_rule_set_mode(struct crx_rule_parser *p, struct crx_rule_range value)
{
	if (crx_rule_equals(value, "+x"))
		p->rule.exec_bit = 1;
	else if (crx_rule_equals(value, "-x"))
		p->rule.exec_bit = -1;
	else
		crx_rule_error(p, value.begin,
			       "expected +x (somebody may execute it) or -x (nobody may)");
}

void crx_rule_set_size(struct crx_rule_parser *p, struct crx_rule_range word, const char *op)
{
	bool above = *op == '>', inclusive = op + 1 < word.end && op[1] == '=';
	struct crx_rule_range *given = above ? &p->size_lo : &p->size_hi;
	char a[CRX_EXCERPT_MAX], b[CRX_EXCERPT_MAX];
	struct crx_rule_range number = { op + 1 + inclusive, word.end };
	struct crx_number n;
	uint64_t v;

	number = crx_rule_unquoted(number);
	n = crx_number_read_size(number.begin, number.end, UINT64_MAX);
	v = n.value;
	if (*op == '=' || !n.whole) {
		crx_rule_error(p, *op == '=' ? op : number.begin,
			       "expected a bound such as size>64K, size>=64K, size<1M or size<=1M: "
			       "bytes, or K, M, G for units of 1024");
		return;
	}
	if (given->begin) {
		crx_rule_error(p, word.begin,
			       "this rule already has such a bound, %s: expected one of each kind",
			       crx_rule_shown(*given, a));
		return;
	}
	*given = word;
	if (!inclusive && v == (above ? UINT64_MAX : 0)) {
		crx_rule_error(p, word.begin, "no file is %s",
			       above ? "larger than that" : "smaller than 0 bytes");
		return;
	}
	if (above)
		p->rule.size_min = inclusive ? v : v + 1;
	else
		p->rule.size_max = inclusive ? v : v - 1;
	if (p->rule.size_min > p->rule.size_max)
		crx_rule_error(p, word.begin, "no size satisfies both %s and %s",
			       crx_rule_shown(p->size_lo, a), crx_rule_shown(p->size_hi, b));
}

static void add_index(struct crx_rule_parser *p, struct crx_rule_range item)
{
	struct crx_rule *r = &p->rule;
	size_t cap = r->nindexes, i;
	uint64_t v;

	if (!crx_number_parse(item.begin + 1, item.end, CRX_NUMBER_DECIMAL, UINT16_MAX - 1, &v)) {
		crx_rule_error(p, item.begin,
			       "expected the index of a program header, #0 to #65534, in the order "
			       "of readelf -l");
		return;
	}
	for (i = 0; i < r->nindexes; i++)
		if (r->index[i] == v)
			return;
	if (!crx_grow(&r->index, &cap, r->nindexes + 1, sizeof(*r->index)))
		crx_rule_nomem(p);
	else
		r->index[r->nindexes++] = (uint32_t)v;
}

static void add_perms(struct crx_rule_parser *p, struct crx_rule_range item)
{
	static const char letters[] = "rwx";
	char shown[CRX_EXCERPT_MAX];
	bool ok = item.end - item.begin == 3;
	unsigned flags = 0, i;

	for (i = 0; i < 3 && ok; i++) {
		flags = flags << 1 | (item.begin[i] == letters[i]);
		ok = item.begin[i] == letters[i] || item.begin[i] == '-';
	}
	if (!ok)
		crx_rule_error(p, item.begin,
			       "%s is not a kind of segment: expected permissions, as in r-x, r-- "
			       "or --x, or a program header, as in #1",
			       crx_rule_shown(item, shown));
	else if (flags & 2)
		crx_rule_error(p, item.begin,
			       "writable segments are never in place, because the program could "
			       "not write to them: expected r-x, r-- or --x");
	else
		p->rule.perms |= (uint8_t)(1u << flags);
}

void crx_rule_set_segments(struct crx_rule_parser *p, struct crx_rule_range value)
{
	struct crx_rule_range item;

	p->rule.any_segment = false;
	while (!p->ret &&
	       next_item(p, &value, "permissions as in r-x, or a program header as in #1,",
			 &item)) {
		if (*item.begin == '#')
			add_index(p, item);
		else
			add_perms(p, item);
	}
}

void crx_rule_set_pages(struct crx_rule_parser *p, struct crx_rule_range value)
{
	bool form = value.end - value.begin > 2 && !memcmp(value.begin, "..", 2);
	const char *digits = form ? value.begin + 2 : value.end;
	struct crx_number n =
		crx_number_read(digits, value.end, CRX_NUMBER_DECIMAL, CRX_RULE_ALL_PAGES - 1);

	if (!n.whole)
		crx_rule_error(p, value.begin,
			       "expected ..N, as in pages=..96 for the first 96 pages of each "
			       "segment: only the beginning of a segment can be in place, not its "
			       "middle or its end");
	else if (n.over || !n.value)
		crx_rule_error(p, digits, "expected a number of pages from 1 to %u%s",
			       CRX_RULE_ALL_PAGES - 1,
			       n.over ? "" : " (for no pages, use the action compress)");
	else
		p->rule.pages = (uint32_t)n.value;
}
