/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The language of --fail-if.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "cli/number.h"
#include "cli/similar.h"
#include "cli/text.h"
#include "gate/gate.h"

/* Hundredths of a percent: 10,000 %. With CRX_GATE_MAX, products fit into 64 bits. */
enum { PERCENT_MAX = 10000, HUNDREDTHS = 100 };

static const char *const MEASURE[CRX_GATE_MEASURES] = {
	[CRX_GATE_SIZE] = "size",
	[CRX_GATE_PAGES] = "pages",
	[CRX_GATE_RAM_SAVED] = "ram-saved",
	[CRX_GATE_FILE] = "file",
	[CRX_GATE_FILE_PAGES] = "file-pages",
};

/* One condition, [at, end) of the expression. */
struct parse {
	const char *what;
	const char *begin, *at, *end;
	struct crx_err *err;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

static void skip_blanks(struct parse *p)
{
	while (p->at < p->end && is_blank(*p->at))
		p->at++;
}

/* The condition in quotation marks. */
static const char *quoted(const struct parse *p, char buf[CRX_CLI_QUOTE_MAX])
{
	char part[CRX_CLI_QUOTE_MAX];
	size_t len = (size_t)(p->end - p->begin);

	if (len >= sizeof(part))
		len = sizeof(part) - 1;
	memcpy(part, p->begin, len);
	part[len] = '\0';
	return crx_cli_quote(part, buf, CRX_CLI_QUOTE_MAX);
}

static int wrong(const struct parse *p, const char *text)
{
	char buf[CRX_CLI_QUOTE_MAX];

	return crx_err_set(p->err, CRX_EARG, 0, NULL, "%s: in %s, %s", p->what, quoted(p, buf),
			   text);
}

static bool is_word(char c)
{
	return c == '-' || c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static int parse_measure(struct parse *p, struct crx_gate_condition *c)
{
	struct crx_cli_similar similar = { .typed = p->at };
	char buf[CRX_CLI_QUOTE_MAX];
	int m;

	while (p->at < p->end && is_word(*p->at))
		p->at++;
	similar.len = (size_t)(p->at - similar.typed);
	for (m = 0; m < CRX_GATE_MEASURES; m++) {
		if (strlen(MEASURE[m]) == similar.len &&
		    !memcmp(MEASURE[m], similar.typed, similar.len)) {
			c->measure = (enum crx_gate_measure)m;
			return 0;
		}
		crx_cli_similar_offer(&similar, MEASURE[m]);
	}
	if (similar.best)
		return crx_err_set(p->err, CRX_EARG, 0, NULL,
				   "%s: unknown measure in %s (did you mean %s?)", p->what,
				   quoted(p, buf), similar.best);
	return crx_err_set(p->err, CRX_EARG, 0, NULL,
			   "%s: unknown measure in %s (expected size, pages, ram-saved, file or "
			   "file-pages)",
			   p->what, quoted(p, buf));
}

static int parse_operator(struct parse *p, struct crx_gate_condition *c)
{
	skip_blanks(p);
	if (p->at == p->end)
		return wrong(p, "> or < and a limit are missing (put the whole expression in "
				"quotation marks, because the shell redirects > and <)");
	if (*p->at != '>' && *p->at != '<')
		return wrong(p, "> or < is missing after what is measured");
	c->above = *p->at++ == '>';
	if (p->at < p->end && *p->at == '=')
		return wrong(p, "= has no meaning (use > or <)");
	skip_blanks(p);
	return 0;
}

/* After the digits before a percent sign or a point. */
static int parse_percent(struct parse *p, int64_t whole, bool over, struct crx_gate_condition *c)
{
	int64_t unit = HUNDREDTHS;

	c->kind = CRX_GATE_PERCENT;
	c->limit = whole * HUNDREDTHS;
	if (*p->at == '.') {
		while (++p->at < p->end && *p->at >= '0' && *p->at <= '9') {
			unit /= 10;
			if (!unit)
				return wrong(p, "a percentage has more than two decimal places");
			c->limit += unit * (*p->at - '0');
		}
		if (unit == HUNDREDTHS || p->at == p->end || *p->at != '%')
			return wrong(p, "only a percentage has decimal places, such as +1.5%");
	}
	p->at++;
	return over ? wrong(p, "the percentage is larger than 10000") : 0;
}

static bool is_pages(enum crx_gate_measure m)
{
	return m == CRX_GATE_PAGES || m == CRX_GATE_FILE_PAGES;
}

/* A number of pages, a size or a percentage, without its sign. */
static int parse_amount(struct parse *p, struct crx_gate_condition *c)
{
	const char *from = p->at;
	struct crx_number n =
		crx_number_read(from, p->end, CRX_NUMBER_DECIMAL, (uint64_t)PERCENT_MAX);

	if (n.end > from && n.end < p->end && (*n.end == '%' || *n.end == '.')) {
		p->at = n.end;
		return parse_percent(p, (int64_t)n.value, n.over, c);
	}
	n = is_pages(c->measure) ? crx_number_read(from, p->end, CRX_NUMBER_DECIMAL, CRX_GATE_MAX)
				 : crx_number_read_size(from, p->end, CRX_GATE_MAX);
	if (n.end == from)
		return wrong(p, is_pages(c->measure) ? "a number of pages is missing, such as -10"
						     : "a size is missing, such as +64K");
	if (n.over)
		return wrong(p, "the limit is too large");
	p->at = n.end;
	c->limit = (int64_t)n.value;
	return 0;
}

static int parse_limit(struct parse *p, struct crx_gate_condition *c)
{
	char sign = '\0';
	int ret;

	if (p->at < p->end && (*p->at == '+' || *p->at == '-'))
		sign = *p->at++;
	skip_blanks(p);
	c->kind = sign ? CRX_GATE_CHANGE : CRX_GATE_VALUE;
	ret = parse_amount(p, c);
	if (ret)
		return ret;
	if (c->kind == CRX_GATE_PERCENT && !sign)
		return wrong(p, "the percentage needs a sign: it is of the old value, as in +2%");
	if (sign == '-')
		c->limit = -c->limit;
	skip_blanks(p);
	if (p->at == p->end)
		return 0;
	return wrong(p, is_pages(c->measure)
				? "something follows the number of pages (expected a comma)"
				: "something follows the limit (expected K, M, G, % or a comma)");
}

static int copy_text(const struct parse *p, struct crx_gate_condition *c)
{
	const char *s;
	size_t n = 0;

	for (s = p->begin; s < p->end; s++) {
		if (is_blank(*s))
			continue;
		if (n + 1 == sizeof(c->text))
			return wrong(p, "there are too many characters");
		c->text[n++] = *s;
	}
	c->text[n] = '\0';
	return 0;
}

static int parse_condition(struct parse *p, struct crx_gate_condition *c)
{
	int ret;

	*c = (struct crx_gate_condition){ .limit = 0 };
	skip_blanks(p);
	p->begin = p->at;
	while (p->end > p->begin && is_blank(p->end[-1]))
		p->end--;
	if (p->at == p->end)
		return crx_err_set(p->err, CRX_EARG, 0, NULL,
				   "%s: a condition is empty (expected one such as size>+64K)",
				   p->what);
	ret = parse_measure(p, c);
	if (!ret)
		ret = parse_operator(p, c);
	if (!ret)
		ret = parse_limit(p, c);
	return ret ? ret : copy_text(p, c);
}

int crx_gate_parse(struct crx_gate_conditions *c, const char *text, const char *what,
		   struct crx_err *err)
{
	struct parse p;
	const char *end;
	int ret;

	for (;; text = end + 1) {
		end = text + strcspn(text, ",");
		p = (struct parse){ what, text, text, end, err };
		if (!crx_grow(&c->at, &c->cap, c->n + 1, sizeof(*c->at)))
			return crx_err_nomem(err, "reading the conditions");
		ret = parse_condition(&p, &c->at[c->n]);
		if (ret)
			return ret;
		c->n++;
		if (!*end)
			return 0;
	}
}

void crx_gate_conditions_free(struct crx_gate_conditions *c)
{
	free(c->at);
	*c = (struct crx_gate_conditions){ 0 };
}
