/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The two formats of profiles. Private to profile.
 */
#ifndef CRX_PROFILE_PARSE_H
#define CRX_PROFILE_PARSE_H

#include "wishes/profile/profile.h"

/* A text that is read line by line. */
struct crx_profile_lines {
	const char *name;     /* for messages */
	const char *at, *end; /* the rest of the text */
	size_t number;        /* of the line at `at`, from 1 */
};

struct crx_profile_range {
	const char *begin, *end;
};

/* The line at l->at, without its line end; moves l->at past it. The text must not be at its end. */
struct crx_profile_range crx_profile_next_line(struct crx_profile_lines *l);

/* Is the line empty, or only blanks? */
bool crx_profile_is_blank(struct crx_profile_range line);

/* Fill in err for line `number`, and return CRX_EFORMAT. */
int crx_profile_error(const struct crx_profile_lines *l, size_t number, struct crx_err *err,
		      const char *fmt, ...) CRX_PRINTF(4, 5);

/* The contents of a line. A path that is empty or contains a NUL is invalid. */
struct crx_profile_use {
	struct crx_profile_range path;
	uint64_t off, count;
};

/* Add an entry, unless count is 0. The path is copied. An invalid path is an error at line
 * `number`. */
int crx_profile_add(struct crx_profile *p, const struct crx_profile_lines *l, size_t number,
		    const struct crx_profile_use *use, struct crx_err *err) CRX_MUST_CHECK;

int crx_profile_csv(struct crx_profile *p, struct crx_profile_lines *l, struct crx_err *err)
	CRX_MUST_CHECK;
int crx_profile_jsonl(struct crx_profile *p, struct crx_profile_lines *l, struct crx_err *err)
	CRX_MUST_CHECK;

#endif
