/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "input/edit/devtable.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "input/edit/devtable_line.h"

/* White space for scanf(3) in the C locale, except the line feed. */
static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Splits the line into p->word, up to a comment or one word too many. */
static void split(struct crx_devtable_line *p)
{
	const char *s = p->begin;
	struct crx_devtable_word *w;

	p->nwords = 0;
	for (;;) {
		while (s < p->end && is_blank(*s))
			s++;
		if (s == p->end || *s == '#' || p->nwords == CRX_DEVTABLE_WORDS)
			break;
		w = &p->word[p->nwords++];
		w->begin = s;
		while (s < p->end && !is_blank(*s))
			s++;
		w->len = (size_t)(s - w->begin);
	}
	while (s > p->begin && is_blank(s[-1]))
		s--;
	p->words_end = s;
}

/* False if reading on makes no sense. */
static bool parse_line(struct crx_devtable_line *p)
{
	size_t len = (size_t)(p->end - p->begin);
	const char *nul = memchr(p->begin, 0, len);

	if (nul) {
		crx_devtable_bad(p, nul, "NUL byte: a device table is a text file");
		return false;
	}
	if (len > CRX_DEVTABLE_LINE_MAX) {
		crx_devtable_bad(p, p->begin + CRX_DEVTABLE_LINE_MAX,
				 "the line is too long: expected at most %d bytes",
				 CRX_DEVTABLE_LINE_MAX);
		return true;
	}
	split(p);
	if (p->nwords && *p->word[0].begin == '|')
		crx_devtable_parse_xattr(p);
	else if (p->nwords)
		crx_devtable_parse_entry(p);
	return !p->ret;
}

int crx_devtable_parse(struct crx_devtable *dt, const char *name, const char *text, size_t len,
		       struct crx_log *log, struct crx_err *err)
{
	struct crx_devtable_line p = {
		.dt = dt, .faults = crx_faults_of(log), .err = err, .first = dt->nentries
	};
	const char *at = text, *end = text + len, *stop;

	if (len > CRX_DEVTABLE_FILE_MAX)
		return crx_err_set(err, CRX_EBIG, 0, name,
				   "is larger than %d bytes, which is too large for a device table",
				   CRX_DEVTABLE_FILE_MAX);
	p.at.file = crx_devtable_copy_text(&p, name, strlen(name));
	while (at < end && !p.ret) {
		stop = memchr(at, '\n', (size_t)(end - at));
		p.begin = at;
		p.end = stop ? stop : end;
		p.at.line++;
		if (!parse_line(&p))
			break;
		at = stop ? stop + 1 : end;
	}
	if (p.ret)
		return p.ret;
	return crx_faults_verdict(&p.faults, name, err);
}

int crx_devtable_read(struct crx_devtable *dt, const char *path, struct crx_log *log,
		      struct crx_err *err)
{
	size_t len;
	char *text;
	int ret = crx_io_read_file(path, CRX_DEVTABLE_FILE_MAX, &text, &len, err);

	if (ret < 0)
		return ret;
	ret = crx_devtable_parse(dt, path, text, len, log, err);
	free(text);
	return ret;
}

void crx_devtable_free(struct crx_devtable *dt)
{
	free(dt->entry);
	free(dt->xattr);
	crx_arena_free(&dt->text);
	*dt = (struct crx_devtable){ .style = dt->style };
}

bool crx_devtable_has_names(const struct crx_devtable *dt)
{
	size_t i;

	for (i = 0; i < dt->nentries; i++)
		if (dt->entry[i].name[CRX_USERS_USER] || dt->entry[i].name[CRX_USERS_GROUP])
			return true;
	return false;
}

bool crx_devtable_id(const struct crx_devtable_entry *e, enum crx_users_kind kind,
		     const struct crx_users *u, uint32_t *id)
{
	*id = e->id[kind];
	return !e->name[kind] || crx_users_find(u, kind, e->name[kind], id);
}

static void report_ids(const struct crx_devtable_entry *e, const struct crx_users *u,
		       struct crx_faults *f)
{
	static const uint32_t max[] = { CRX_UID_MAX, CRX_GID_MAX };
	uint32_t id;
	int kind;

	for (kind = 0; kind < CRX_USERS_KINDS; kind++)
		if (crx_devtable_id(e, (enum crx_users_kind)kind, u, &id) &&
		    id != CRX_DEVTABLE_KEEP && id > max[kind])
			crx_fault(f, &e->at,
				  "this line asks for %s %" PRIu32
				  ", and is applied after -q and --map-%cid: change it here",
				  crx_users_word((enum crx_users_kind)kind), id,
				  *crx_users_word((enum crx_users_kind)kind));
}

void crx_devtable_report_limits(const struct crx_devtable *dt, const struct crx_users *u,
				struct crx_log *log)
{
	struct crx_faults f = crx_faults_of(log);
	const struct crx_devtable_entry *e;
	uint32_t minor;
	size_t i;

	for (i = 0; i < dt->nentries; i++) {
		e = &dt->entry[i];
		report_ids(e, u, &f);
		minor = e->minor + (e->count ? e->count - 1 : 0) * e->inc;
		if ((e->type == 'c' || e->type == 'b') &&
		    (e->major > CRX_DEV_MAX || minor > CRX_DEV_MAX))
			crx_fault(&f, &e->at,
				  "this line creates device %" PRIu32 ",%" PRIu32
				  ", and is applied after --exclude: change it here",
				  e->major, minor);
	}
}
