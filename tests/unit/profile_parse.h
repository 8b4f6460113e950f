/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Profiles, parsed. Include after cmocka.h.
 */
#ifndef CRX_TESTS_PROFILE_PARSE_H
#define CRX_TESTS_PROFILE_PARSE_H

#include <inttypes.h>
#include <stdio.h>

#include "guard.h"
#include "wishes/profile/profile.h"

/* "path@offset*count;" for each entry. */
static inline void dump(const struct crx_profile *p, char *buf, size_t cap)
{
	size_t i, n = 0;

	buf[0] = '\0';
	for (i = 0; i < p->nentries && n < cap; i++)
		n += (size_t)snprintf(buf + n, cap - n, "%s@%" PRIu64 "*%" PRIu64 ";",
				      p->entry[i].path, p->entry[i].off, p->entry[i].count);
}

/* The text ends where reading on is fatal, and is not written to. */
static inline int parse(struct crx_profile *p, const char *text, size_t len, struct crx_err *err)
{
	struct guard g = guard_new(len + 1);
	const char *copy = (const char *)guard_copy(&g, text, len);
	int ret;

	guard_readonly(&g, 1);
	ret = crx_profile_parse(p, "board.csv", copy, len, err);
	guard_free(&g);
	return ret;
}

static inline void text_len_is(const char *text, size_t len, const char *want)
{
	struct crx_profile p = { 0 };
	struct crx_err err = CRX_ERR_INIT;
	char got[1000];

	if (parse(&p, text, len, &err))
		fail_msg("'%s': %s: %s", text, err.path, err.text);
	dump(&p, got, sizeof(got));
	if (strcmp(got, want))
		fail_msg("'%s': %s, not %s", text, got, want);
	assert_int_equal(p.nfiles, 1);
	crx_profile_free(&p);
}

static inline void text_is(const char *text, const char *want)
{
	text_len_is(text, strlen(text), want);
}

#endif
