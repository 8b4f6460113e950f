/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A log that keeps all messages as text, one line each, for tests to compare.
 * It allocates nothing, and cuts off what exceeds KEPT_MAX bytes. Include after
 * cmocka.h.
 */
#ifndef CRX_TESTS_KEPT_LOG_H
#define CRX_TESTS_KEPT_LOG_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"

enum { KEPT_MAX = 128 * 1024, KEPT_NONE = -1 };

struct kept_log {
	struct crx_log log; /* to pass on; counts the warnings */
	size_t n, errors;   /* messages, and those that are errors */
	int plain;          /* the level whose lines do not name it; KEPT_NONE: none */
	bool paths;
	size_t len;
	char text[KEPT_MAX];
};

static inline void kept_emit(void *ctx, enum crx_level level, const char *path, const char *text)
{
	static const char *const name[] = {
		[CRX_LEVEL_NOTE] = "note: ",
		[CRX_LEVEL_WARNING] = "warning: ",
		[CRX_LEVEL_ERROR] = "error: ",
	};
	struct kept_log *k = ctx;
	size_t room = sizeof(k->text) - k->len;
	int n = snprintf(k->text + k->len, room, "%s%s%s%s\n",
			 (int)level == k->plain ? "" : name[level], k->paths && path ? path : "",
			 k->paths ? ": " : "", text);

	k->len += (size_t)n < room ? (size_t)n : room - 1;
	k->n++;
	k->errors += level == CRX_LEVEL_ERROR;
}

/* Forgets all messages and counts. */
static inline void kept_clear(struct kept_log *k)
{
	k->log.warnings = 0;
	k->n = k->errors = k->len = 0;
	k->text[0] = '\0';
}

/* Lines are "warning: TEXT". */
static inline void kept_begin(struct kept_log *k)
{
	k->log = (struct crx_log){ kept_emit, k, 0 };
	k->plain = KEPT_NONE;
	k->paths = false;
	kept_clear(k);
}

/* Lines are "PATH: TEXT" at the plain level, and "warning: PATH: TEXT" at others. */
static inline void kept_begin_paths(struct kept_log *k, int plain)
{
	kept_begin(k);
	k->plain = plain;
	k->paths = true;
}

/* Some line holds that text. */
static inline void kept_has(const struct kept_log *k, const char *text)
{
	if (!strstr(k->text, text))
		fail_msg("'%s' is not in: %s", text, k->text);
}

#endif
