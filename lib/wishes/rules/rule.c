/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "wishes/rules/rule.h"

#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "base/mem.h"
#include "wishes/rules/rule_parse.h"

const char *crx_action_text(enum crx_action a)
{
	static const char *const name[] = { "compress", "store", "xip" };

	return name[a];
}

static void clear(struct crx_rule *r)
{
	size_t i;

	for (i = 0; i < r->nneeded_by; i++)
		free(r->needed_by[i]);
	free(r->needed_by);
	free(r->index);
	free(r->pattern);
	free(r->text);
	memset(r, 0, sizeof(*r));
}

void crx_rules_free(struct crx_rules *r)
{
	size_t i;

	for (i = 0; i < r->nrules; i++)
		clear(&r->rule[i]);
	free(r->rule);
	for (i = 0; i < r->nnames; i++)
		free(r->name[i]);
	free(r->name);
	memset(r, 0, sizeof(*r));
}

static const char *add_name(struct crx_rules *r, const char *name)
{
	size_t cap = r->nnames;
	char *copy = crx_strdup(name);

	if (!copy || !crx_grow(&r->name, &cap, r->nnames + 1, sizeof(*r->name))) {
		free(copy);
		return NULL;
	}
	return r->name[r->nnames++] = copy;
}

/* A line without its line feed, in p->line. False: no use to read on. */
static bool take_line(struct crx_rule_parser *p)
{
	size_t len = (size_t)(p->line.end - p->line.begin);
	const char *odd;

	if (len && p->line.end[-1] == '\r') {
		p->line.end--;
		len--;
	}
	odd = memchr(p->line.begin, 0, len);
	if (odd) {
		crx_rule_bad(p, odd, "holds a NUL byte: a policy is a text file");
		return false;
	}
	odd = memchr(p->line.begin, '\r', len);
	if (len > CRX_RULE_LINE_MAX)
		crx_rule_bad(p, p->line.begin + CRX_RULE_LINE_MAX,
			     "the line is too long: expected at most %d bytes", CRX_RULE_LINE_MAX);
	else if (odd)
		crx_rule_bad(p, odd,
			     "a carriage return inside the line: expected lines that end with a "
			     "line feed; in a name it is written \\r");
	else
		crx_rule_parse_line(p);
	clear(&p->rule);
	return !p->ret;
}

int crx_rules_parse(struct crx_rules *r, const char *name, const char *text, size_t len,
		    struct crx_log *log, struct crx_err *err)
{
	struct crx_rule_parser p = { .rules = r, .faults = crx_faults_of(log), .err = err };
	const char *at = text, *end = text + len, *stop;

	if (len > CRX_RULE_FILE_MAX)
		return crx_err_set(err, CRX_EBIG, 0, name, "is larger than %d bytes",
				   CRX_RULE_FILE_MAX);
	p.at.file = add_name(r, name);
	if (!p.at.file)
		return crx_err_nomem(err, "reading a policy");
	if (len >= 3 &&
	    !memcmp(text, "\xef\xbb\xbf", 3)) /* some editors put it in front of UTF-8 */
		at += 3;
	while (at < end) {
		stop = memchr(at, '\n', (size_t)(end - at));
		p.line = (struct crx_rule_range){ at, stop ? stop : end };
		p.at.line++;
		if (!take_line(&p))
			break;
		at = stop ? stop + 1 : end;
	}
	return p.ret ? p.ret : crx_faults_verdict(&p.faults, name, err);
}

int crx_rules_read(struct crx_rules *r, const char *path, struct crx_log *log, struct crx_err *err)
{
	size_t len;
	char *text;
	int ret = crx_io_read_file(path, CRX_RULE_FILE_MAX, &text, &len, err);

	if (ret < 0)
		return ret;
	ret = crx_rules_parse(r, path, text, len, log, err);
	free(text);
	return ret;
}
