/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "input/edit/chmod.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "base/number.h"
#include "base/place.h"

enum { SET_ID = S_ISUID | S_ISGID, ALL_X = S_IXUSR | S_IXGRP | S_IXOTH, ALL_BITS = 07777 };

struct parser {
	struct crx_chmod *c;
	const char *text, *at;
	struct crx_err *err;
};

static int bad(const struct parser *p, const char *expected)
{
	char shown[CRX_EXCERPT_MAX];

	return crx_err_set(p->err, CRX_EARG, 0, NULL,
			   "%s is not a rule for modes: expected %s at column %zu",
			   crx_place_excerpt(p->text, strlen(p->text), shown), expected,
			   (size_t)(p->at - p->text) + 1);
}

static int add(struct parser *p, const struct crx_chmod_step *s)
{
	struct crx_chmod *c = p->c;

	if (!crx_grow(&c->step, &c->cap, c->nsteps + 1, sizeof(*s)))
		return crx_err_nomem(p->err, "reading a rule for modes");
	c->step[c->nsteps++] = *s;
	return 0;
}

static bool is_octal(char c)
{
	return crx_number_digit(c) < 8;
}

/* The bits of u, g, o or a; 0 for any other character. */
static uint32_t who_of(char c)
{
	static const uint32_t who[UCHAR_MAX + 1] = {
		['u'] = S_ISUID | S_IRWXU,
		['g'] = S_ISGID | S_IRWXG,
		['o'] = S_ISVTX | S_IRWXO,
		['a'] = ALL_BITS,
	};

	return who[(unsigned char)c];
}

static uint32_t bits_of(char c)
{
	static const uint32_t bits[UCHAR_MAX + 1] = {
		['r'] = S_IRUSR | S_IRGRP | S_IROTH,
		['w'] = S_IWUSR | S_IWGRP | S_IWOTH,
		['x'] = ALL_X,
		['s'] = SET_ID,
		['t'] = S_ISVTX,
	};

	return bits[(unsigned char)c];
}

static int read_octal(struct parser *p, uint32_t *bits)
{
	struct crx_number n = crx_number_read(p->at, NULL, CRX_NUMBER_OCTAL, ALL_BITS);

	*bits = (uint32_t)n.value;
	p->at = n.over ? n.over : n.end;
	return n.over ? bad(p, "an octal number up to 7777") : 0;
}

static int parse_octal(struct parser *p)
{
	struct crx_chmod_step s = { .op = '=', .who = ALL_BITS };
	const char *begin = p->at;
	int ret = read_octal(p, &s.bits);

	if (ret < 0)
		return ret;
	if (*p->at)
		return bad(p, "octal digits only");
	if (p->at - begin < 5)
		s.dirs_keep = SET_ID & ~s.bits;
	return add(p, &s);
}

/* An octal number after [-+=]. It mentions all bits, so directories keep none. */
static int parse_octal_step(struct parser *p, struct crx_chmod_step *s)
{
	int ret = read_octal(p, &s->bits);

	if (ret < 0)
		return ret;
	if (*p->at && *p->at != ',')
		return bad(p, "octal digits, or ',' before the next rule,");
	return add(p, s);
}

/* [-+=] and what follows; who is 0 if neither u, g, o nor a was given. */
static int parse_step(struct parser *p, uint32_t who)
{
	struct crx_chmod_step s = { .op = *p->at++, .who = who ? who : ALL_BITS };

	if (!who && is_octal(*p->at))
		return parse_octal_step(p, &s);
	if (who_of(*p->at) && *p->at != 'a') {
		s.copy = who_of(*p->at++) & 0777;
	} else {
		for (; bits_of(*p->at) || *p->at == 'X'; p->at++) {
			s.bits |= bits_of(*p->at);
			s.x_if |= *p->at == 'X';
		}
	}
	s.dirs_keep = SET_ID & ~s.bits;
	return add(p, &s);
}

static int parse_clause(struct parser *p)
{
	uint32_t who = 0;
	int ret;

	while (who_of(*p->at))
		who |= who_of(*p->at++);
	if (!*p->at || !strchr("+-=", *p->at))
		return bad(p, who ? "+, - or =" : "u, g, o, a, +, -, = or octal digits");
	do {
		ret = parse_step(p, who);
		if (ret < 0)
			return ret;
	} while (*p->at && strchr("+-=", *p->at));
	if (*p->at && *p->at != ',')
		return bad(p, "one of rwxXst (or one of u, g, o alone), or ',' before the next "
			      "rule,");
	return 0;
}

int crx_chmod_parse(const char *text, struct crx_chmod *c, struct crx_err *err)
{
	struct parser p = { c, text, text, err };
	int ret;

	*c = (struct crx_chmod){ 0 };
	if ((*text == 'd' || *text == 'f') && text[1] == ':') {
		c->which = *text == 'd' ? CRX_CHMOD_DIRS : CRX_CHMOD_FILES;
		p.at += 2;
	}
	if (is_octal(*p.at))
		return parse_octal(&p);
	for (;;) {
		ret = parse_clause(&p);
		if (ret < 0 || !*p.at)
			return ret;
		p.at++;
	}
}

void crx_chmod_free(struct crx_chmod *c)
{
	free(c->step);
	*c = (struct crx_chmod){ 0 };
}

/* The bits to set or clear in this mode, which the steps before have changed. */
static uint32_t step_bits(const struct crx_chmod_step *s, uint32_t mode, bool dir)
{
	uint32_t v = s->bits, from;

	if (s->copy) {
		from = mode & s->copy;
		v = (from & bits_of('r') ? bits_of('r') : 0) |
		    (from & bits_of('w') ? bits_of('w') : 0) | (from & ALL_X ? ALL_X : 0);
	}
	if (s->x_if && (dir || mode & ALL_X))
		v |= ALL_X;
	return v & s->who;
}

uint32_t crx_chmod_mode(const struct crx_chmod *c, uint32_t mode)
{
	bool dir = S_ISDIR(mode);
	uint32_t keep, v;
	size_t i;

	if (S_ISLNK(mode) || (c->which == CRX_CHMOD_DIRS && !dir) ||
	    (c->which == CRX_CHMOD_FILES && !S_ISREG(mode)))
		return mode;
	for (i = 0; i < c->nsteps; i++) {
		const struct crx_chmod_step *s = &c->step[i];

		keep = (uint32_t)S_IFMT | (dir ? s->dirs_keep : 0);
		v = step_bits(s, mode, dir) & ~keep;
		if (s->op == '+')
			mode |= v;
		else if (s->op == '-')
			mode &= ~v;
		else
			mode = (mode & (~s->who | keep)) | v;
	}
	return mode;
}
