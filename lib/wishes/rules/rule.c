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

static void free_rule(struct crx_rule *r)
{
	crx_strings_free(&r->needed_by);
	free(r->index);
	free(r->pattern);
	free(r->text);
	memset(r, 0, sizeof(*r));
}

void crx_rules_free(struct crx_rules *r)
{
	size_t i;

	for (i = 0; i < r->nrules; i++)
		free_rule(&r->rule[i]);
	free(r->rule);
	crx_strings_free(&r->name);
	memset(r, 0, sizeof(*r));
}

/* p->line is a line without its line feed. False if nothing after it is worth reading. */
static bool read_line(struct crx_rule_parser *p)
{
	size_t len = (size_t)(p->line.end - p->line.begin);
	const char *bad;

	if (len && p->line.end[-1] == '\r') {
		p->line.end--;
		len--;
	}
	bad = memchr(p->line.begin, 0, len);
	if (bad) {
		crx_rule_error(p, bad, "contains a NUL byte: a policy is a text file");
		return false;
	}
	bad = memchr(p->line.begin, '\r', len);
	if (len > CRX_RULE_LINE_MAX)
		crx_rule_error(p, p->line.begin + CRX_RULE_LINE_MAX,
			       "the line is too long: expected at most %d bytes",
			       CRX_RULE_LINE_MAX);
	else if (bad)
		crx_rule_error(p, bad,
			       "a carriage return inside the line: expected lines that end with a "
			       "line feed (in a name, write \\r)");
	else
		crx_rule_parse_line(p);
	free_rule(&p->rule);
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
	if (crx_strings_add(&r->name, name, err) < 0)
		return err->code;
	p.at.file = r->name.at[r->name.n - 1];
	/* some editors begin UTF-8 with a byte order mark */
	if (len >= 3 && !memcmp(text, "\xef\xbb\xbf", 3))
		at += 3;
	while (at < end) {
		stop = memchr(at, '\n', (size_t)(end - at));
		p.line = (struct crx_rule_range){ at, stop ? stop : end };
		p.at.line++;
		if (!read_line(&p))
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
