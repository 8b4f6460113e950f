/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The two forms of a profile. Internal to profile.
 */
#ifndef CRX_PROFILE_PARSE_H
#define CRX_PROFILE_PARSE_H

#include "wishes/profile/profile.h"

/* A text as lines. */
struct crx_profile_lines {
	const char *name;     /* for messages */
	const char *at, *end; /* what is not read yet */
	size_t number;        /* of the line at `at`, from 1 */
};

struct crx_profile_range {
	const char *begin, *end;
};

/* The line at l->at, without its end; l goes on behind it. There must be one. */
struct crx_profile_range crx_profile_line(struct crx_profile_lines *l);

/* Nothing but blanks? */
bool crx_profile_blank(struct crx_profile_range line);

/* CRX_EFORMAT at line `number`. */
int crx_profile_bad(const struct crx_profile_lines *l, size_t number, struct crx_err *err,
		    const char *fmt, ...) CRX_PRINTF(4, 5);

/* What a line says; a path of len 0 or with a NUL in it is not valid. */
struct crx_profile_use {
	struct crx_profile_range path;
	uint64_t off, count;
};

/* Add an entry, unless count is 0. The path is copied; one that is not valid is
 * an error at line `number`. */
int crx_profile_add(struct crx_profile *p, const struct crx_profile_lines *l, size_t number,
		    const struct crx_profile_use *use, struct crx_err *err) CRX_MUST_CHECK;

int crx_profile_csv(struct crx_profile *p, struct crx_profile_lines *l, struct crx_err *err)
	CRX_MUST_CHECK;
int crx_profile_jsonl(struct crx_profile *p, struct crx_profile_lines *l, struct crx_err *err)
	CRX_MUST_CHECK;

#endif
